# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# Functions for scenarios, topologies, demo and bench; sourced in the guest (. "$LAB_LIB/lab.sh").
# A scenario is a folder test/lab/NAME with
#   run        sourced by bash under `set -eEuo pipefail`; the line "# about: ..." is shown by --list
#   topology   one word (a file in test/lab/topologies) or a script of its own
#   engines    optional: the engines on which it can run;  timeout: seconds, default 120
#   no-capture optional, empty: do not capture all links
# It passes when run ends with status 0 and the kernel log is clean.
#
# Environment: LAB_OUT (folder that is kept), LAB_TOP (source tree), LAB_BUILD, LAB_ENGINE,
# LAB_SLOW (factor for time limits on a slow engine), LAB_SCENARIO. Built programs are in PATH.
#
# Nodes and links (nodes.sh)
#   topology NAME                    set up test/lab/topologies/NAME
#   node_add NODE host|router|mobile a node: network and mount namespace of its own, host name, own
#                                    /run/shisa, /etc/shisa and /var/lib/shisa; becomes a command
#   on NODE COMMAND...               run something on a node; `NODE COMMAND...` is the same
#   link_add LINK                    a link (a bridge on the node "wire") that takes several nodes
#   attach NODE IF LINK              an interface of NODE, plugged into LINK, up
#   addr NODE IF ADDRESS/LEN...      addresses, usable at once (no duplicate address detection)
#   route NODE ARGS...               ip -6 route add ARGS
#   unplug NODE [IF]                 cable out: carrier goes down, returns when NODE's kernel said so;
#                                    sets MOVE_DOWN_USEC (real time)
#   plug NODE LINK [IF]              cable in at LINK: carrier comes up; sets MOVE_UP_USEC
#   move NODE LINK [IF]              both, with some milliseconds between them; sets both times
#   impair NODE IF NETEM...          netem in both directions, e.g. impair mn eth0 loss 5% delay 10ms
#   radvd_start NODE IF PREFIX [home] advertise every 30 to 70 ms; home: with the home agent bits
#
# Programs and traffic (programs.sh)
#   start NODE NAME COMMAND...       in the background, output in $LAB_OUT/NODE-NAME.log; NAME is unique
#   start_ready NODE NAME COMMAND... the same, returns when it said READY=1 (sd_notify)
#   stop NAME [SIGNAL]               end it (default TERM) and wait; status is the program's
#   alive NAME, pid_of NAME          is it running; its process id
#   capture LINK..., capture_all     tcpdump into $LAB_OUT/LINK.pcap; stopped at the end
#   monitor NAME NODE COMMAND...     a program that prints a line per event (ip monitor, mipctl monitor)
#   monitor_wait NAME LIMIT REGEX    the next line that matches; sets MONITOR_LINE
#   monitor_skip NAME                ignore what was said so far
#   probe_start NAME FROM TO ADDRESS MS  UDP packets FROM -> ADDRESS on TO every MS, answered (lab-probe)
#   probe_stop NAME                  ends it; report in $LAB_OUT/NAME.json
#
# Judgement (check.sh)
#   step TEXT                        what comes now: shown live, and named if the scenario hangs
#   fail TEXT, skip TEXT             end here
#   wait_until LIMIT TEXT COMMAND... until COMMAND succeeds (tried every 20 ms); fails after LIMIT seconds
#   assert TEXT COMMAND...           COMMAND must succeed;  assert_not TEXT COMMAND...
#   assert_eq TEXT WANT GOT, assert_match TEXT REGEX STRING
#   reaches NODE ADDRESS [COUNT]     ping: true if an answer comes
#   has_addr NODE IF ADDRESS|PREFIX* [FLAGS] true if it is there and not tentative (FLAGS: "optimistic" may)
#   require_program NAME...          skip if it was not built;  require_module: skip without mipsock
#   kernel_log_expect REGEX REASON   this scenario causes such a line in the kernel log on purpose

: "${LAB_LIB:?}" "${LAB_OUT:?}" "${LAB_TOP:?}"
: "${LAB_SCENARIO:=exec}" "${LAB_SLOW:=1}" "${LAB_ENGINE:=unknown}" "${LAB_BUILD:=}"
export LAB_SCENARIO LAB_SLOW

mkdir -p /run/lab/nodes /run/lab/bin /run/lab/monitor /run/netns
case :$PATH: in
*:/run/lab/bin:*) ;;
*) export PATH=/run/lab/bin:$PATH ;;
esac

# shellcheck source=check.sh
. "$LAB_LIB/check.sh"
# shellcheck source=nodes.sh
. "$LAB_LIB/nodes.sh"
# shellcheck source=programs.sh
. "$LAB_LIB/programs.sh"

topology() { # NAME
	[[ -e $LAB_TOP/test/lab/topologies/$1 ]] || fail "no topology named $1"
	lab_topology "$LAB_TOP/test/lab/topologies/$1"
}

lab_topology() { # FILE
	lab_collecting=1
	# shellcheck source=/dev/null
	. "$1"
	lab_collecting=0
	lab_flush
}
