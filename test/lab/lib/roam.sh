# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# The network of the topologies roam and roam-virtual; the pictures are on top of those.

roam_router() { # NODE LINK PREFIX CORE-ID: a router between LINK (eth0) and the core (eth1)
	attach "$1" eth0 "$2"
	attach "$1" eth1 core
	addr "$1" eth0 "$3::1/64"
	addr "$1" eth1 "2001:db8:ff::$4/64"
}

roam_network() { # home|virtual
	local r
	node_add wire wire ha router ar-a router ar-b router cr router cn host bad host mn mobile
	link_add foreign-a foreign-b corr core
	if [[ $1 == home ]]; then
		link_add home
		roam_router ha home 2001:db8:1 1
	else
		attach ha eth1 core
		addr ha eth1 2001:db8:ff::1/64
		addr ha lo "$HA_ADDRESS/128"
	fi
	roam_router ar-a foreign-a 2001:db8:a a
	roam_router ar-b foreign-b 2001:db8:b b
	roam_router cr corr 2001:db8:c c
	for r in ha:1:1 ar-a:a:a ar-b:b:b cr:c:c; do
		IFS=: read -r roam_node roam_net roam_id <<<"$r"
		for other in ha ar-a ar-b cr; do
			[[ $other == "$roam_node" ]] ||
				route "$other" "2001:db8:$roam_net::/64" via "2001:db8:ff::$roam_id" dev eth1
		done
	done

	attach cn eth0 corr
	addr cn eth0 "$CN_ADDRESS/64"
	route cn default via 2001:db8:c::1 dev eth0

	attach bad eth0 foreign-a
	addr bad eth0 2001:db8:a::bad/64

	[[ $1 != home ]] || radvd_start ha eth0 2001:db8:1::/64 home
	radvd_start ar-a eth0 2001:db8:a::/64
	radvd_start ar-b eth0 2001:db8:b::/64

	if [[ $1 == home ]]; then
		attach mn eth0 home
	else
		attach mn eth0 foreign-a
	fi
}
