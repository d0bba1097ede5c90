# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # variables of the topology and of the library
# What the scenarios with had, mnd and babymdd have in common.
# shellcheck source=../lib/shisa.sh
. "$LAB_LIB/shisa.sh"

# The lines that a daemon has logged since the last mark.
declare -A log_mark=()
log_file() { echo "$LAB_OUT/${1%%-*}-$1.log"; } # NAME, as in ha-had
log_skip() { log_mark[$1]=$(wc -l <"$(log_file "$1")"); } # NAME
log_has() { tail -n "+$((${log_mark[$1]:-0} + 1))" "$(log_file "$1")" | grep -Eq "$2"; } # NAME REGEX
log_wait() { wait_until "$2" "$1 logs $3" log_has "$1" "$3"; } # NAME LIMIT REGEX

# Moves, and waits for the registration; PREFIX as in 2001:db8:a:
roam_to() { # LINK PREFIX
	log_skip mn-mnd
	move mn "$1"
	log_wait mn-mnd 10 "MN_REGISTERED .*coa=$2"
	wait_until 5 "cn reaches mn on $1" reaches cn "$MN_HOA"
}

roam_home() {
	log_skip mn-mnd
	move mn home
	log_wait mn-mnd 10 MN_AT_HOME
	wait_until 5 "cn reaches mn at home" reaches cn "$MN_HOA"
}

# Packets of a capture whose outer header matches.
count_outer() { tcpdump -n -r "$LAB_OUT/$1.pcap" "$2" 2>/dev/null | wc -l; } # LINK PCAP-FILTER
saw_outer() { (($(count_outer "$1" "$2") > 0)); }

# Packets of a host from the home address outside the tunnel, after its first one in the tunnel.
count_outside_tunnel() { # LINK MAC
	tcpdump -n -tt -r "$LAB_OUT/$1.pcap" "ether src $2 and (ip6[6] == 41 or ip6 src host $MN_HOA)" 2>/dev/null |
		awk -v hoa="$MN_HOA" '/^[^:]* IP6 [^ ]* > [^ ]*: IP6 / { tunnel = 1; next }
			tunnel && index($0, "IP6 " hoa) { n++ } END { print n + 0 }'
}

# One pass of tshark: a line per Mobility Header message, advertisement or malformed packet, as in
# "type=5 na= opt=0xc9 rh= src=... dst=... eth=... info=..." in $LAB_OUT/LINK.fields.
decode() { # LINK
	# only what it is about, since tshark takes its time
	tcpdump -n -r "$LAB_OUT/$1.pcap" -w "/tmp/$1.pcap" \
		'ip6[6] == 135 or ip6[6] == 60 or ip6[6] == 43 or (icmp6 and ip6[40] == 136)' 2>/dev/null
	tshark -n -r "/tmp/$1.pcap" -T fields \
		-e mip6.mhtype -e icmpv6.nd.na.target_address -e ipv6.opt.type -e ipv6.routing.type \
		-e ipv6.src -e ipv6.dst -e eth.src -e _ws.col.Info 2>/dev/null |
		awk -F'\t' '{ printf "type=%s na=%s opt=%s rh=%s src=%s dst=%s eth=%s info=%s\n", $1, $2, $3, $4, $5, $6, $7, $8 }' \
			>"$LAB_OUT/$1.fields"
}
saw() { grep -Eq "$2" "$LAB_OUT/$1.fields"; } # LINK REGEX

# A probe that ran while a daemon was killed and started again: the link lost nothing, so nobody may.
probe_lost_nothing() { # NAME
	local missing
	probe_stop "$1"
	# what was still under way when the probe ended is nobody's loss
	missing=$(awk '!/^#/ { n++; if ($1 > last) last = $1 } END { print n ? last + 1 - n : "all" }' "$LAB_OUT/$1.log")
	assert_eq "packets lost by $1" 0 "$missing"
}

# What went over the foreign links, in the captures at the end.
check_captures() { # LINK...
	local link mac
	mac=$(on mn cat /sys/class/net/eth0/address)
	for link in "$@"; do
		step "capture of $link: tunnel, HAO in the BU, RH2 in the BA, nothing of the home address outside"
		assert "tunnel to the home agent on $link" saw_outer "$link" "ip6 dst host $HA_ADDRESS and ip6[6] == 41"
		assert "tunnel from the home agent on $link" saw_outer "$link" "ip6 src host $HA_ADDRESS and ip6[6] == 41"
		# Between the advertisement that brings the new default route and the binding there are
		# milliseconds in which the node does not know yet that it has left home.
		assert_eq "packets from the home address outside the tunnel on $link, once it is used" 0 \
			"$(count_outside_tunnel "$link" "$mac")"
		assert_eq "packets to the home address outside the tunnel on $link" 0 \
			"$(count_outer "$link" "ether dst $mac and ip6 dst host $MN_HOA")"
		decode "$link"
		assert "BU with Home Address option on $link" saw "$link" "^type=5 .*opt=[^ ]*(201|0xc9).* dst=$HA_ADDRESS"
		assert "BA behind a type 2 routing header on $link" saw "$link" '^type=6 .*rh=2'
		assert_not "BU without Home Address option on $link" saw "$link" '^type=5 na= opt= '
		assert_not "messages that tshark finds malformed on $link" saw "$link" '[Mm]alformed'
	done
}
