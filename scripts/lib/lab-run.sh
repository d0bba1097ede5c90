# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# `scripts/lab run`: scenarios in as few boots as possible.
#
# The guest runs them one after the other and reports by control lines. If it dies, hangs, or asks
# for a fresh kernel after a dirty log, what remains is run in a new guest.

all_scenarios() {
	local f
	for f in "$top"/test/lab/*/run; do
		[[ ! -e $f ]] || basename "$(dirname "$f")"
	done
}

cmd_list() {
	local s
	all_scenarios | while read -r s; do
		printf '%-28s %s\n' "$s" "$(sed -n 's/^# *about: *//p' "$top/test/lab/$s/run" | head -n 1)"
	done
}

passed=0 failed=0 skipped=0

result() { # ok|FAIL|SKIP NAME TEXT
	case $1 in
	ok) printf 'ok %s (%s)\n' "$2" "$3" && passed=$((passed + 1)) ;;
	SKIP) printf 'SKIP %s: %s\n' "$2" "$3" && skipped=$((skipped + 1)) ;;
	FAIL)
		printf 'FAIL %s: %s\n' "$2" "$3"
		failed=$((failed + 1))
		kept=1
		printf '     kept: %s\n' "$out/$2"
		printf '     rerun: scripts/lab run --engine %s%s%s %s\n' "$engine" "$( ((debug)) && echo ' --debug')" \
			"$( ((with_module)) || echo ' --no-module')$([[ ! $build || $build == "$top/build" ]] || echo " --build $build")" "$2"
		;;
	esac
}

# Takes one guest through its control lines. Sets remaining to the scenarios that it did not reach.
run_boot() {
	local current='' limit=$boot_limit status name text
	guest_boot "$engine" "$debug" run
	while :; do
		status=0
		guest_line "$limit" || status=$?
		if ((status)); then
			text="the guest died: $(guest_last_words)"
			((status != 2)) || text="the guest hung (silent for $limit s): $(guest_last_words)"
			guest_end
			if [[ $current ]]; then
				mkdir -p "$out/$current"
				cp "$out/console.log" "$out/$current/console.log"
				result FAIL "$current" "$text"
				boots_in_vain=0
			else
				boots_in_vain=$((boots_in_vain + 1))
				boot_fault=$text
			fi
			return
		fi
		name=${reply#* }
		text=${name#* }
		name=${name%% *}
		case $reply in
		begin\ *)
			current=$name
			remaining=("${remaining[@]:1}")
			# the guest has its own limit; this one is for a guest that does not keep it
			limit=$((text + text / 2 + 90))
			printf -- '-- %s (%s)\n' "$name" "$engine"
			;;
		step\ *) printf '   %s\n' "$text" ;;
		ok\ *) result ok "$name" "$text" ;;
		fail\ *) result FAIL "$name" "$text" ;;
		skip\ *) result SKIP "$name" "$text" ;;
		fault\ *) say "${reply#fault }" ;;
		end | fresh)
			boots_in_vain=0
			guest_end
			[[ $reply == end ]] || say "the kernel log was dirty: going on in a fresh guest"
			return
			;;
		esac
		case $reply in
		ok\ * | fail\ * | skip\ *) current='' limit=60 ;;
		esac
	done
}

cmd_run() {
	local name remaining=() boots_in_vain=0 boot_fault='' boot_limit=90 kept=0
	((${#scenarios[@]})) || die "run: which scenarios? (names, or all; scripts/lab run --list)"
	for name in "${scenarios[@]}"; do
		name=${name%/}
		name=${name##*/}
		if [[ $name == all ]]; then
			mapfile -t -O "${#remaining[@]}" remaining < <(all_scenarios)
		elif [[ -e $top/test/lab/$name/run ]]; then
			remaining+=("$name")
		else
			die "no scenario named '$name' (scripts/lab run --list)"
		fi
	done
	((${#remaining[@]})) || die "there are no scenarios in test/lab"
	[[ $engine != qemu ]] || boot_limit=180
	((!debug)) || boot_limit=300
	ready
	while ((${#remaining[@]})); do
		scenarios=("${remaining[@]}")
		run_boot
		if ((boots_in_vain == 2)); then
			for name in "${remaining[@]}"; do
				mkdir -p "$out/$name"
				cp "$out/console.log" "$out/$name/" 2>/dev/null || true
				result FAIL "$name" "no guest came up: $boot_fault"
			done
			break
		fi
	done
	printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
	((!own_out || kept)) || rm -rf "$out"
	((!failed))
}
