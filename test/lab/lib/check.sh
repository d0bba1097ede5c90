# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# Judgement: steps, failures, waiting, assertions. See lab.sh for the list.

# A sleep without a process: reading from a FIFO that never says anything.
lab_pause() { # SECONDS
	local nothing
	if [[ ! ${lab_never-} ]]; then
		[[ -p /run/lab/never ]] || mkfifo /run/lab/never 2>/dev/null || true
		exec {lab_never}<>/run/lab/never
	fi
	read -r -t "$1" -u "$lab_never" nothing || true
}

step() { # TEXT
	local now=${EPOCHREALTIME/./}
	: "${lab_begin:=$now}"
	now=$(((now - lab_begin) / 1000))
	printf '%s\n' "$*" >>"$LAB_OUT/steps"
	printf '== %d.%03d %s\n' $((now / 1000)) $((now % 1000)) "$*"
	if [[ -e /proc/self/fd/7 ]]; then
		printf 'step %s %s\n' "$LAB_SCENARIO" "$*" >&7
	fi
}

fail() { # TEXT
	printf '%s\n' "$*" >"$LAB_OUT/reason"
	printf 'FAILED: %s\n' "$*" >&2
	exit 1
}

skip() { # TEXT
	printf '%s\n' "$*" >"$LAB_OUT/reason"
	exit 77
}

lab_on_error() { # STATUS COMMAND PLACE
	# a subshell's failure is the caller's to judge
	((BASHPID == $$)) || return 0
	[[ -e $LAB_OUT/reason ]] || printf '%s: status %s from: %s\n' "$3" "$1" "$2" >"$LAB_OUT/reason"
}

# The state of every node, for whoever looks into a failure.
lab_state() {
	local node
	for node in "${!lab_node_number[@]}"; do
		[[ $node != wire ]] || continue
		printf '######## %s\n' "$node"
		on "$node" bash -c 'ip -s link; ip address; ip -6 route show table all; ip -6 rule; ip -6 neigh; ip -s xfrm state; ip xfrm policy; ss -6aneup; nstat -asz 2>/dev/null | grep -v " 0 "'
	done
}

lab_finish() {
	local status=$?
	trap - ERR EXIT
	set +eE
	if ((status && status != 77)); then
		lab_state >"$LAB_OUT/state.txt" 2>&1
	fi
	lab_stop_all
	exit "$status"
}

wait_until() { # LIMIT TEXT COMMAND...
	local limit=$(($1 * LAB_SLOW)) text=$2 begin=$SECONDS
	shift 2
	until "$@" >/dev/null 2>&1; do
		((SECONDS - begin <= limit)) || fail "not within $limit s: $text"
		lab_pause 0.02
	done
}

assert() { # TEXT COMMAND...
	local text=$1
	shift
	"$@" || fail "$text"
}

assert_not() { # TEXT COMMAND...
	local text=$1
	shift
	! "$@" || fail "$text"
}

assert_eq() { # TEXT WANT GOT
	[[ $2 == "$3" ]] || fail "$1: wanted '$2', got '$3'"
}

assert_match() { # TEXT REGEX STRING
	[[ $3 =~ $2 ]] || fail "$1: '$3' does not match '$2'"
}

reaches() { # NODE ADDRESS [COUNT]
	on "$1" ping -6 -n -q -i 0.2 -c "${3:-1}" -W $((2 * LAB_SLOW)) "$2" >/dev/null
}

# ADDRESS in full, or PREFIX* for any address that begins so (e.g. '2001:db8:a:*').
has_addr() { # NODE IF ADDRESS|PREFIX* [optimistic]
	local line
	while read -r line; do
		# shellcheck disable=SC2053 # a pattern on purpose
		[[ ${line#*inet6 } == $3/* ]] || continue
		[[ $line != *dadfailed* ]] || continue
		[[ $line != *tentative* || ${4-} == optimistic && $line == *optimistic* ]] || continue
		return 0
	done < <(on "$1" ip -6 -o address show dev "$2")
	return 1
}

require_program() { # NAME...
	local p
	for p in "$@"; do
		[[ -x /lab/tools/$p ]] || skip "the program $p was not built (--build DIR)"
	done
}

require_module() {
	[[ -d /sys/module/mipsock ]] || skip "the module mipsock is not loaded"
}

kernel_log_expect() { # REGEX REASON
	printf '# %s\n%s\n' "$2" "$1" >>"$LAB_OUT/expected-kernel-log"
}
