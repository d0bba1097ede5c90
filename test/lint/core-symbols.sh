#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# core-symbols.sh LIBMIPCORE.A: the protocol core is pure. Whatever it takes from
# outside must be on the list below: memory, strings, text in memory, and
# nettle's hashes. No socket, no clock, no random numbers, no file, no stdio.
set -eu -o pipefail
archive=${1:?usage: core-symbols.sh LIBMIPCORE.A}

allowed='
memchr memcmp memcpy memmem memmove memset explicit_bzero
strchr strcmp strlen strncmp strnlen strspn strcspn strrchr strstr
malloc calloc realloc reallocarray free
abort qsort bsearch
snprintf vsnprintf inet_ntop
in6addr_any in6addr_loopback
htonl htons ntohl ntohs
nettle_hmac_sha1_set_key nettle_hmac_sha1_update nettle_hmac_sha1_digest
nettle_sha1_init nettle_sha1_update nettle_sha1_digest
nettle_memeql_sec
'
# What compilers and their options put in by themselves: stack protector,
# _FORTIFY_SOURCE, assert(), sanitizers, coverage.
by_compiler='^(_GLOBAL_OFFSET_TABLE_|_DYNAMIC|__stack_chk_fail|__assert_fail|__(asan|ubsan|msan|tsan|sanitizer)_.*|__start___sancov.*|__stop___sancov.*|__gcov_.*|__llvm_.*|__(memcpy|memmove|memset|explicit_bzero|snprintf|vsnprintf)_chk)$'

symbols=$(nm -A "$archive")
[ -n "$symbols" ] || { echo "$archive: no symbols"; exit 1; }
defined=$(awk '$(NF-1) ~ /^[A-TV-Z]$/ { print $NF }' <<<"$symbols" | sort -u)
used=$(awk '$(NF-1) == "U" { print $NF }' <<<"$symbols" | sort -u)
foreign=$(comm -13 <(sort -u <<<"$defined"$'\n'"$(tr -s ' ' '\n' <<<"$allowed" | sort -u)") - <<<"$used" |
	grep -vE "$by_compiler" || true)
if [ -n "$foreign" ]; then
	echo "libmipcore.a uses what the protocol core must not use (src/core is sans-IO):"
	for s in $foreign; do
		echo "  $s in $(awk -v s="$s" '$NF == s && $(NF-1) == "U" { print $1 }' <<<"$symbols" |
			cut -d: -f2 | sort -u | tr '\n' ' ')"
	done
	exit 1
fi
echo "$(wc -w <<<"$defined") symbols defined, $(wc -w <<<"$used") used, none foreign"
