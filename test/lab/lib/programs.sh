# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# Programs in the background, captures, event monitors, measured traffic. See lab.sh for the list.

declare -A lab_pids=() lab_monitor_fd=()

# Starts a program with its two outputs each in a file.
lab_start() { # NODE NAME STDOUT STDERR COMMAND...
	local node=$1 name=$2 out=$3 err=$4
	shift 4
	[[ ${lab_node_number[$node]-} ]] || fail "start $name: there is no node $node"
	[[ ! ${lab_pids[$name]-} ]] || fail "start: a program named $name is running already"
	# lab-node becomes the program, so the process id is the program's
	if [[ $out == "$err" ]]; then
		lab-node enter "$node" "$@" >>"$out" 2>&1 </dev/null 7>&- &
	else
		lab-node enter "$node" "$@" >>"$out" 2>>"$err" </dev/null 7>&- &
	fi
	lab_pids[$name]=$!
}

start() { # NODE NAME COMMAND...
	lab_start "$1" "$2" "$LAB_OUT/$1-$2.log" "$LAB_OUT/$1-$2.log" "${@:3}"
}

start_ready() { # NODE NAME COMMAND...
	local node=$1 name=$2 said='' limit=$((15 * LAB_SLOW)) fd fifo=/run/lab/ready-$2
	shift 2
	require_program lab-notify
	rm -f "$fifo"
	mkfifo "$fifo"
	exec {fd}<>"$fifo"
	start "$node" "$name" lab-notify --report "$fifo" --timeout "$limit" -- "$@"
	IFS= read -r -t $((limit + 5)) -u "$fd" said || true
	exec {fd}<&-
	[[ $said == ready* ]] || fail "$name on $node did not get ready: ${said:-no answer}; $(tail -n 1 "$LAB_OUT/$node-$name.log")"
}

pid_of() { # NAME
	[[ ${lab_pids[$1]-} ]] || fail "no program named $1 was started"
	echo "${lab_pids[$1]}"
}

# Signal 0 also reaches a program that has ended and was not waited for yet.
lab_runs() { # PID
	local stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	[[ ${stat##*) } != [ZX]* ]]
}

alive() { # NAME
	[[ ${lab_pids[$1]-} ]] && lab_runs "${lab_pids[$1]}"
}

stop() { # NAME [SIGNAL]
	local pid status=0 n
	pid=$(pid_of "$1")
	kill -s "${2:-TERM}" "$pid" 2>/dev/null || true
	for ((n = 0; n < 500 * LAB_SLOW; n++)); do
		lab_runs "$pid" || break
		lab_pause 0.02
	done
	if lab_runs "$pid"; then
		kill -KILL "$pid"
		fail "$1 does not end on SIG${2:-TERM}"
	fi
	wait "$pid" || status=$?
	unset "lab_pids[$1]"
	((status <= 128)) || status=0 # ended by our signal
	return "$status"
}

lab_stop_all() {
	local name
	for name in "${!lab_pids[@]}"; do
		kill "${lab_pids[$name]}" 2>/dev/null
	done
	for name in "${!lab_pids[@]}"; do
		timeout 3 tail --pid="${lab_pids[$name]}" -s 0.05 -f /dev/null 2>/dev/null
	done
	lab_pids=()
}

capture() { # LINK...
	local link
	# A slot of the kernel's ring is as large as the longest packet kept: with 256 kB there are eight
	# slots, and a burst of TCP costs just the message that a scenario looks for.
	for link in "$@"; do
		# to its standard output: it would change the owner of a file, which only root can outside
		lab_start wire "capture-$link" "$LAB_OUT/$link.pcap" "$LAB_OUT/wire-capture-$link.log" \
			tcpdump -i "$link" -U --immediate-mode -s 2048 -B 8192 -Z root -w -
	done
	for link in "$@"; do
		wait_until 30 "tcpdump listens on $link" grep -q 'listening on' "$LAB_OUT/wire-capture-$link.log"
	done
}

capture_all() { ((!${#lab_links_order[@]})) || capture "${lab_links_order[@]}"; }

# True once a process has a netlink socket that is a member of a multicast group.
lab_netlink_member() { # PID
	local portid groups _
	while read -r _ _ portid groups _; do
		# the first line is a heading; a second socket's port has the process id in its lower bits
		[[ $portid =~ ^[0-9]+$ ]] && ((portid % (1 << 22) == $1 && 16#$groups)) && return
	done <"/proc/$1/net/netlink"
	return 1
}

monitor() { # NAME NODE COMMAND...
	local name=$1 node=$2 fd
	shift 2
	: >"/run/lab/monitor/$name"
	lab_start "$node" "$name" "/run/lab/monitor/$name" "$LAB_OUT/$node-$name.log" "$@"
	exec {fd}<"/run/lab/monitor/$name"
	lab_monitor_fd[$name]=$fd
	# what happens from now on must not be missed; other programs say themselves when they listen
	[[ $1 != ip ]] || wait_until 30 "the monitor $name listens" lab_netlink_member "${lab_pids[$name]}"
}

monitor_skip() { # NAME
	local line
	while IFS= read -r -u "${lab_monitor_fd[$1]}" line; do :; done
}

monitor_wait() { # NAME LIMIT REGEX
	local name=$1 limit=$(($2 * LAB_SLOW)) begin=$SECONDS part='' line
	while :; do
		if IFS= read -r -u "${lab_monitor_fd[$name]}" line; then
			MONITOR_LINE=$part$line
			part=
			[[ ! $MONITOR_LINE =~ $3 ]] || return 0
			continue
		fi
		part+=$line # the beginning of a line that is still being written
		alive "$name" || fail "the monitor $name has ended"
		((SECONDS - begin <= limit)) || fail "$name said nothing like '$3' within $limit s"
		lab_pause 0.01
	done
}

probe_start() { # NAME FROM TO ADDRESS MS
	require_program lab-probe
	start "$3" "$1-echo" lab-probe echo --port 7077
	wait_until 30 "lab-probe listens on $3" grep -q listening "$LAB_OUT/$3-$1-echo.log"
	start "$2" "$1" lab-probe ping --to "$4" --port 7077 --interval "$5" --log "$LAB_OUT/$1.log"
}

probe_stop() { # NAME
	stop "$1" INT
	stop "$1-echo" INT
	lab-probe report --log "$LAB_OUT/$1.log" --json >"$LAB_OUT/$1.json"
}
