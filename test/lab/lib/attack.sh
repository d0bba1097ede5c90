# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# For scenarios with bad input and faults, on top of shisa.sh; the attacker is the node bad on foreign-a.
#
#   attack [LINE...]      runs the script of standard input, or the LINEs, by lab-attack on bad against
#                         ha, with the keys mn, probe and other (see attack_prelude)
#   attack_from NODE IF SOURCE TARGET   the same from elsewhere; script from standard input
#   attack_keys           the lines of the home agent's key file that belong to it
#   attack_ha [LINE...]   had with these keys (shisa_ha has only the mobile node's)
#   counters NODE SOURCE  reads all counters of SOURCE (kernel, had, mnd, babymdd) into COUNT[name]
#   counter_reaches NODE SOURCE NAME VALUE   true when it is VALUE or more, for wait_until
#   bindings NODE         the binding cache as one JSON object
#   bound NODE HOA [COA]  is there a binding in the kernel
#   rss_kb NAME           resident memory of a program that was started
#   log_of NODE PROGRAM   its log file
#   says NODE PROGRAM REGEX [COUNT]   its log has (COUNT or more) such lines
#   refuses NODE STATUS REGEX COMMAND...   COMMAND has to end with STATUS and say REGEX on stderr

# shellcheck source=shisa.sh
. "$LAB_LIB/shisa.sh"

BAD_ADDRESS=2001:db8:a::bad
PROBE_KEY="probe@example.com 2001:db8:1::fe 257 hex:000102030405060708090a0b0c0d0e0f"
# its home address lies outside of the home prefix
OTHER_KEY="other@example.com 2001:db8:9::9 258 hex:101112131415161718191a1b1c1d1e1f"
declare -A COUNT=()

attack_sa() { # NAME KEYLINE
	local nai hoa spi key
	read -r nai hoa spi key <<<"$2"
	printf 'sa %s hoa=%s nai=%s spi=%s key=%s\n' "$1" "$hoa" "$nai" "$spi" "${key#hex:}"
}

attack_prelude() { # IF SOURCE TARGET
	printf 'set dev=%s source=%s target=%s limit=%s\n' "$1" "$2" "$3" $((5 * LAB_SLOW))
	attack_sa mn "$MN_KEY"
	attack_sa probe "$PROBE_KEY"
	attack_sa other "$OTHER_KEY"
}

attack_from() { # NODE IF SOURCE TARGET
	require_program lab-attack
	{
		attack_prelude "$2" "$3" "$4"
		cat
	} >"/run/lab/attack-$1"
	on "$1" lab-attack <"/run/lab/attack-$1" 2>"$LAB_OUT/attack.err" ||
		fail "$(tail -n 1 "$LAB_OUT/attack.err")"
}

attack() { # [LINE...]
	if (($#)); then
		attack_from bad eth0 "$BAD_ADDRESS" "$HA_ADDRESS" < <(printf '%s\n' "$@")
	else
		attack_from bad eth0 "$BAD_ADDRESS" "$HA_ADDRESS"
	fi
}

attack_keys() { printf '%s\n' "$MN_KEY" "$PROBE_KEY" "$OTHER_KEY"; }

attack_ha() { # LINE...
	local link=("home-link.prefix = $HOME_PREFIX" "home-link.address = $HA_ADDRESS")
	if [[ $HOME_LINK ]]; then
		link+=("home-link.interface = eth0")
	else
		link+=("home-link.virtual = yes")
	fi
	shisa_keys ha "$(attack_keys)"
	shisa_config ha had "${link[@]}" "$@"
	shisa_start ha had
}

counters() { # NODE SOURCE
	local name value line
	COUNT=()
	while read -r line; do
		[[ $line =~ \"name\":\ *\"([^\"]+)\" ]] || continue
		name=${BASH_REMATCH[1]//_/-}
		[[ $line =~ \"value\":\ *([0-9]+) ]] || continue
		COUNT[$name]=${BASH_REMATCH[1]}
	done < <(on "$1" mipctl --json stats "$2" all | tr '{' '\n')
	((${#COUNT[@]})) || fail "no counters of $2 on $1"
}

counter_reaches() { # NODE SOURCE NAME VALUE
	counters "$1" "$2"
	((${COUNT[$3]?no counter named $3} >= $4))
}

bindings() { on "$1" mipctl --json bc list; }

bound() { # NODE HOA [COA]
	local list
	list=$(bindings "$1")
	list=${list// /}
	[[ $list =~ \"hoa\":\"$2\",\"coa\":\"${3-}[^\"]*\" ]]
}

rss_kb() { # NAME
	local key value rest
	while read -r key value rest; do
		[[ $key != VmRSS: ]] || echo "$value"
	done <"/proc/$(pid_of "$1")/status"
}

log_of() { echo "$LAB_OUT/$1-$1-$2.log"; }

says() { # NODE PROGRAM REGEX [COUNT]
	(($(grep -cE "$3" "$(log_of "$1" "$2")") >= ${4:-1}))
}

refuses() { # NODE STATUS REGEX COMMAND...
	local node=$1 want=$2 regex=$3 status=0 text
	shift 3
	text=$(on "$node" timeout $((10 * LAB_SLOW)) "$@" 2>&1 >/dev/null) || status=$?
	printf '# %s\n%s\n' "$*" "$text" >>"$LAB_OUT/refusals.txt"
	((status == want)) || fail "$*: exit status $status, wanted $want: $text"
	[[ $text =~ $regex ]] || fail "$*: says nothing like '$regex': $text"
}

# The care-of address and the sequence number that the home agent has for the mobile node.
binding_field() { # FIELD: coa, seq ...
	local list
	list=$(bindings ha)
	list=${list// /}
	[[ $list =~ \{[^{}]*\"hoa\":\"$MN_HOA\"[^{}]*\} ]] || fail "no binding of $MN_HOA: $list"
	[[ ${BASH_REMATCH[0]} =~ \"$1\":\"?([^\",}]*) ]] || fail "the binding has no $1: $list"
	echo "${BASH_REMATCH[1]}"
}

snmp6() { # NODE NAME
	local name value
	while read -r name value; do
		[[ $name != "$2" ]] || echo "$value"
	done < <(on "$1" cat /proc/net/snmp6)
}
