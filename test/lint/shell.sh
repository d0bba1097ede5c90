#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every shell script of the tree passes shellcheck. Exit 77: skipped.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v shellcheck >/dev/null || { echo 'SKIP: shellcheck is not installed'; exit 77; }
mapfile -t scripts < <(git ls-files 2>/dev/null | while read -r f; do
	[ -f "$f" ] && head -n 1 "$f" | grep -qE '^#!/bin/(ba)?sh' && echo "$f"
done)
[ ${#scripts[@]} -gt 0 ] || { echo 'SKIP: not a git checkout, so nobody knows which files are the tree'\''s'; exit 77; }
shellcheck -x -P SCRIPTDIR "${scripts[@]}" && echo "${#scripts[@]} scripts"
