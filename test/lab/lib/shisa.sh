# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# Our own programs on the nodes of the topologies roam and roam-virtual, for scenarios, demo and bench.
#
#   shisa_ha [LINE...]     had on ha, for the home link of the topology; LINEs are added to had.conf,
#                          each "section.key = value", e.g. "home-link.dad = no"
#   shisa_mn [LINE...]     mnd and babymdd on mn, with the address, agent and key that ha knows
#   shisa_config NODE PROGRAM LINE...   only writes /etc/shisa/PROGRAM.conf on NODE
#   shisa_keys NODE LINE...             only writes /etc/shisa/keys on NODE, for root alone
#   shisa_start NODE PROGRAM            starts it with that, ready when it returns; name NODE-PROGRAM

MN_KEY="mn1@example.com 2001:db8:1::100 256 hex:303132333435363738393a3b3c3d3e3f"
export MN_KEY

shisa_config() { # NODE PROGRAM LINE...
	local node=$1 program=$2 line section
	shift 2
	# lines of one section together, in the order in which the sections first come
	{
		for section in $(printf '%s\n' "$@" | sed 's/\..*//' | awk '!seen[$0]++'); do
			printf '[%s]\n' "$section"
			for line in "$@"; do
				[[ ${line%%.*} != "$section" ]] || printf '%s\n' "${line#*.}"
			done
		done
	} | on "$node" tee "/etc/shisa/$program.conf" >/dev/null
}

shisa_keys() { # NODE LINE...
	local node=$1
	shift
	on "$node" rm -f /etc/shisa/keys
	printf '%s\n' "$@" | on "$node" bash -c 'umask 077; cat >/etc/shisa/keys'
}

shisa_start() { # NODE PROGRAM
	require_module
	require_program "$2"
	start_ready "$1" "$1-$2" "$2" --config "/etc/shisa/$2.conf" --run-dir /run/shisa
}

shisa_ha() { # LINE...
	local link=("home-link.prefix = $HOME_PREFIX" "home-link.address = $HA_ADDRESS")
	if [[ $HOME_LINK ]]; then
		link+=("home-link.interface = eth0")
	else
		link+=("home-link.virtual = yes")
	fi
	shisa_keys ha "$MN_KEY"
	shisa_config ha had "security.keys = /etc/shisa/keys" "${link[@]}" "$@"
	shisa_start ha had
}

shisa_mn() { # LINE...
	shisa_keys mn "$MN_KEY"
	shisa_config mn mnd "security.keys = /etc/shisa/keys" "home.home-address = $MN_HOA/64" "home.home-agent = $HA_ADDRESS" "$@"
	on mn sh -c ': >/etc/shisa/babymdd.conf'
	shisa_start mn mnd
	shisa_start mn babymdd
}
