#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# had, mnd and babymdd from outside: options, exit codes and error texts, as far as they go without
# the kernel module and without privileges.
#   daemons.sh HAD MND BABYMDD
set -u

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0

# check TEXT STATUS REGEX COMMAND...: its exit status, and a line of its output
check() {
	text=$1 want=$2 regex=$3
	shift 3
	timeout 20 "$@" >"$dir/output" 2>&1
	got=$?
	if [ "$got" -ne "$want" ] || ! grep -Eq -- "$regex" "$dir/output"; then
		echo "FAILED: $text: status $got (wanted $want), output (wanted $regex):"
		cat "$dir/output"
		failed=1
	fi
}

umask 077
echo "mn1@example.com 2001:db8:1::100 256 hex:303132333435363738393a3b3c3d3e3f" >"$dir/keys"
printf '[home-link]\nvirtual = yes\nprefix = 2001:db8:1::/64\naddress = 2001:db8:1::1\n[security]\nkeys = %s\n' "$dir/keys" >"$dir/had.conf"
printf '[home]\nhome-address = 2001:db8:1::100/64\nhome-agent = 2001:db8:1::1\n[security]\nkeys = %s\n' "$dir/keys" >"$dir/mnd.conf"
: >"$dir/babymdd.conf"

for program in "$@"; do
	name=$(basename "$program")
	check "$name --version" 0 "^$name [0-9]" "$program" --version
	check "$name --help" 0 '^Usage: ' "$program" --help
	for option in config run-dir debug version help; do
		check "$name --help tells of --$option" 0 "^ +--$option" "$program" --help
	done
	check "$name with an unknown option" 2 "Try '$name --help'" "$program" --frobnicate
	check "$name with an argument too many" 2 "unexpected argument 'x'" "$program" x
	check "$name without the option's value" 2 "Try '$name --help'" "$program" --config

	printf '[nonsense]\nx = y\n' >"$dir/bad.conf"
	check "$name with an unknown section" 1 "$dir/bad.conf:1: " \
		"$program" --config "$dir/bad.conf" --run-dir "$dir/run"
	if [ ! -d /sys/module/mipsock ]; then
		check "$name without the module" 3 'MODULE_ABSENT.*modprobe mipsock' \
			"$program" --config "$dir/$name.conf" --run-dir "$dir/run"
	fi
done

chmod 644 "$dir/keys"
check "had with a key file that all can read" 1 "$dir/keys: .*chmod" \
	"$1" --config "$dir/had.conf" --run-dir "$dir/run"
rm "$dir/keys"
check "mnd without key file" 1 "$dir/keys: " "$2" --config "$dir/mnd.conf" --run-dir "$dir/run"
check "had without configuration" 1 "$dir/none.conf: " "$1" --config "$dir/none.conf" --run-dir "$dir/run"

[ -d /sys/module/mipsock ] && echo "the module is loaded: its absence was not tried"
exit $failed
