# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# Boots a guest and talks with it.
#
# The guest's first program (test/lab/lib/guest-init) reads the job file, does it, and powers off.
# Four streams come back, each by a FIFO in $rundir: the kernel's console, the command's standard
# output and standard error, and the control lines (see guest-init for their words). A guest that
# says nothing for longer than it announced is taken for hung and killed.

rundir='' guest_pid='' relay_pids=()

guest_memory() { # DEBUG: megabytes that the guest may have
	local free want=$(($1 ? 3072 : 2048))
	free=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
	if ((free < want + 512)); then
		want=$(($1 ? 1536 : 1024))
		((free > want)) || say "only $free MB of memory are free; the guest would like $want"
	fi
	echo "$want"
}

# The guest's processes on this machine: User Mode Linux runs one for each process of the guest, not
# all of them below its first. All carry the job file's path, which is this run's alone.
guest_processes() {
	local f
	grep -lsaF -- "lab.job=$rundir/job" /proc/[0-9]*/cmdline | while read -r f; do
		f=${f%/cmdline}
		echo "${f#/proc/}"
	done
}

guest_kill() {
	local all
	[[ $guest_pid ]] || return 0
	mapfile -t all < <(guest_processes)
	kill -KILL "$guest_pid" "${all[@]}" 2>/dev/null || true
	guest_pid=''
}

guest_cleanup() {
	guest_kill
	((!${#relay_pids[@]})) || kill "${relay_pids[@]}" 2>/dev/null || true
	relay_pids=()
	[[ ! $rundir ]] || rm -rf "$rundir"
	rundir=
}

# Writes the job file: bash assignments, quoted.
guest_job() { # FILE ENGINE DEBUG MODE
	local -n devices=${2}_devices
	local slow=${LAB_SLOW:-1}
	[[ $2 != qemu || $(qemu_accelerator) == kvm* ]] || slow=$((slow * 4))
	((!$3)) || slow=$((slow * 4))
	{
		printf 'LAB_ENGINE=%q LAB_DEBUG=%q LAB_MODE=%q LAB_SLOW=%q\n' "$2" "$3" "$4" "$slow"
		printf 'LAB_TOP=%q LAB_BUILD=%q LAB_OUT=%q LAB_CWD=%q\n' "$top" "$build" "$out" "$PWD"
		printf 'LAB_MODULES=%q LAB_MODULE=%q LAB_TOOLS=%q\n' "$module_dir" "$with_module" "$tools_dir"
		printf 'lab_tty=%q lab_stdout=%q lab_stderr=%q lab_ctl=%q\n' "${devices[@]}"
		printf 'lab_term=%q lab_size=%q lab_timeout=%q lab_topology=%q\n' "${TERM:-linux}" \
			"$(stty size 2>/dev/null </dev/tty || echo 24 80)" "$timeout" "$topology"
		printf 'lab_scenarios=('
		((!${#scenarios[@]})) || printf '%q ' "${scenarios[@]}"
		printf ')\nlab_command=('
		((!${#command[@]})) || printf '%q ' "${command[@]}"
		printf ')\n'
	} >"$1"
}

# Starts the guest; the control lines can be read from fd $ctl_fd afterwards.
guest_boot() { # ENGINE DEBUG MODE
	local f
	rundir=$(mktemp -d "${TMPDIR:-/tmp}/shisa-guest.XXXXXX")
	for f in console stdout stderr ctl; do mkfifo "$rundir/$f"; done
	guest_job "$rundir/job" "$1" "$2" "$3"
	cat "$rundir/console" >"$out/console.log" &
	relay_pids=($!)
	cat "$rundir/stdout" &
	relay_pids+=($!)
	cat "$rundir/stderr" >&2 &
	relay_pids+=($!)
	if [[ $3 == shell ]]; then
		return
	fi
	(
		trap - EXIT INT TERM
		"${1}_exec" "$2" "$rundir/job" "$3"
	) &
	guest_pid=$!
	disown "$guest_pid" # a guest that aborts is reported by us, not by the shell
	exec {ctl_fd}<"$rundir/ctl"
}

# Reads one control line into $reply. Status 1: the guest has ended; 2: it was silent for LIMIT seconds.
guest_line() { # LIMIT
	local status=0
	IFS= read -r -t "$1" -u "$ctl_fd" reply || status=$?
	reply=${reply%$'\r'}
	((status)) || return 0
	((status > 128)) && return 2
	return 1
}

# After the last control line: lets the guest power off and its output arrive.
guest_end() {
	local n
	for ((n = 0; n < 100; n++)); do
		kill -0 "$guest_pid" 2>/dev/null || break
		sleep 0.1
	done
	guest_kill
	exec {ctl_fd}<&-
	wait "${relay_pids[@]}" 2>/dev/null || true
	relay_pids=()
	[[ ! -s $rundir/boot ]] || cat "$rundir/boot" >>"$out/console.log"
	rm -rf "$rundir"
	rundir=
}

# Why a guest is gone, from its console: the panic or the last thing it said.
guest_last_words() {
	local words
	words=$(tr -d '\0\r' <"$out/console.log" | grep -aE 'Kernel panic|BUG:|Oops|Unable to|Segfault' | tail -n 1) || true
	[[ $words ]] || words=$(tr -d '\0\r' <"$out/console.log" | grep -a . | tail -n 1) || true
	[[ $words ]] || words=$(tail -n 1 "$rundir/boot" 2>/dev/null) || true
	echo "${words:-nothing on its console}"
}
