# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# Shared by scripts/lab and its parts: messages, the cache directory, locks, progress of long steps.
#
# Needs $top (the source tree). Everything that is expensive lives in $cache by version and
# configuration hash, so that a clean clone finds it; it may be deleted at any time.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/shisa

# Messages go to standard error: standard output belongs to the result (a path, a command's output).
say() { printf 'lab: %s\n' "$*" >&2; }
die() {
	printf 'lab: %s\n' "$*" >&2
	exit 1
}

need_programs() { # PROGRAM...
	local p
	for p in "$@"; do
		command -v "$p" >/dev/null || die "$p is missing: run scripts/setup"
	done
}

# Takes the lock NAME until this process ends or unlock is called; says so if it has to wait.
declare -A lock_fds=()
lock() { # NAME
	local fd
	mkdir -p "$cache"
	exec {fd}>"$cache/.lock-$1"
	if ! flock -n "$fd"; then
		say "another run holds $1; waiting for it"
		flock "$fd"
	fi
	lock_fds[$1]=$fd
}
unlock() { # NAME
	local fd=${lock_fds[$1]-}
	[[ $fd ]] || return 0
	exec {fd}>&-
	unset "lock_fds[$1]"
}

# Begins the cache entry KEY under its lock: sets tmp, the folder to fill, and log. Status 1 if there
# is nothing to do because READY says that another run has made it meanwhile.
cache_begin() { # KEY READY...
	lock "$1"
	if "${@:2}"; then
		unlock "$1"
		return 1
	fi
	tmp=$cache/.new-$1
	log=$cache/$1.log
	if ! { rm -rf "$tmp" && mkdir -p "$tmp" && : >"$log"; }; then
		die "cannot write to $cache"
	fi
}

# Puts the filled folder in its place, all at once.
cache_finish() { # KEY
	rm -rf "${cache:?}/$1"
	mv "$tmp" "$cache/$1"
	unlock "$1"
}

# Runs a command with its output in LOG, with a line now and then: what, how far, how long still.
# MATCH is an extended regular expression for the lines of the log that count, TOTAL how many of
# them there will be (about); the log's end is shown when the command fails.
with_progress() { # WHAT LOG MATCH TOTAL COMMAND...
	local what=$1 log=$2 match=$3 total=$4 start=$SECONDS next=$((SECONDS + 10)) n spent pid status=0
	shift 4
	"$@" >>"$log" 2>&1 </dev/null &
	pid=$!
	# an interrupted run must not leave the step behind
	trap 'kill "$pid" 2>/dev/null' EXIT
	trap 'exit 130' INT TERM
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.5
		((SECONDS >= next)) || continue
		next=$((SECONDS + 15))
		spent=$((SECONDS - start))
		n=$(grep -cE "$match" "$log") || n=0
		if ((total > 0 && n > total / 20)); then
			say "$what: $((n < total ? n * 100 / total : 99)) % after $spent s," \
				"about $((n < total ? spent * (total - n) / n : 5)) s to go"
		else
			say "$what: $spent s so far"
		fi
	done
	wait "$pid" || status=$?
	trap - EXIT INT TERM
	if ((status)); then
		tail -n 25 "$log" >&2
		say "$what failed; the whole log: $log"
		return 1
	fi
}
