# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# Nodes, links and movement. See lab.sh for the list.
#
# A node is a sleeping process that holds a network, mount and host name namespace (lab-node). All
# links are bridges on one more node, "wire"; each interface of a node is a veth whose far end
# NODE.IF is a port of such a bridge. Taking the far end down and up again under another bridge is
# what pulling a cable is: the node sees its carrier go and come, and nothing else.
#
# Processes are dear in User Mode Linux (some 30 ms each). So while a topology is set up, the ip(8)
# requests of each node are collected and done by one process when they are needed (lab_flush).

declare -A lab_node_number=() lab_links=() lab_port=() lab_batch=()
lab_links_order=()
lab_collecting=0

node_add() { # NODE KIND [NODE KIND]...
	lab-node create "$@"
	while (($#)); do
		lab_node_number[$1]=$((${#lab_node_number[@]} + 1))
		shift 2
	done
}

on() { # NODE COMMAND...
	[[ ${lab_node_number[$1]-} ]] || fail "there is no node $1"
	case $2 in
	ip | tc) "$2" -n "$1" "${@:3}" ;; # one process less than entering the node
	*) lab-node enter "$@" ;;
	esac
}

# An ip(8) request on a node: now, or with the node's others while a topology is set up.
lab_ip() { # NODE ARGS...
	if ((lab_collecting)); then
		lab_batch[$1]+="${*:2}"$'\n'
	else
		ip -6 -n "$@"
	fi
}

lab_flush() {
	local node
	# first the wire: it makes the nodes' interfaces
	for node in wire "${!lab_batch[@]}"; do
		[[ ${lab_batch[$node]-} ]] || continue
		ip -6 -n "$node" -batch - <<<"${lab_batch[$node]}"
		unset "lab_batch[$node]"
	done
}

link_add() { # LINK...
	local link
	[[ ${lab_node_number[wire]-} ]] || node_add wire wire
	for link in "$@"; do
		# no snooping and no learning phase: multicast and the first packet pass at once
		lab_ip wire link add "$link" type bridge forward_delay 0 stp_state 0 mcast_snooping 0
		lab_ip wire link set "$link" up
		lab_links[$link]=1
		lab_links_order+=("$link")
	done
}

lab_next_index=1000

attach() { # NODE IF LINK
	local node=$1 dev=$2 link=$3 mac
	[[ ${lab_links[$link]-} ]] || fail "attach $node: there is no link $link"
	lab_next_index=$((lab_next_index + 1))
	printf -v mac '02:00:00:00:%02x:%02x' "${lab_node_number[$node]}" $((lab_next_index % 256))
	# The far end gets an index that no node uses: with equal indices on both ends the kernel takes
	# the interface for an ordinary one and may report a lost carrier up to a second late.
	lab_ip wire link add name "$node.$dev" index "$lab_next_index" type veth peer name "$dev" netns "$node"
	lab_ip wire link set "$node.$dev" master "$link" up
	lab_ip "$node" link set "$dev" address "$mac"
	lab_ip "$node" link set "$dev" up
	lab_port[$node.$dev]=$link
}

addr() { # NODE IF ADDRESS/LEN...
	local node=$1 dev=$2 a
	shift 2
	for a in "$@"; do
		lab_ip "$node" address add "$a" dev "$dev" nodad
	done
}

route() { # NODE ARGS...
	local node=$1
	shift
	lab_ip "$node" route add "$@"
}

lab_plug() { # out|in|move NODE IF [LINK]: prints the times
	[[ ${lab_port[$2.$3]+there} ]] || fail "$1: $2 has no interface $3"
	[[ ! ${4-} || ${lab_links[$4]-} ]] || fail "$1 $2: there is no link $4"
	lab-plug "$@"
}

unplug() { # NODE [IF]
	MOVE_DOWN_USEC=$(lab_plug out "$1" "${2:-eth0}")
	lab_port[$1.${2:-eth0}]=
}

plug() { # NODE LINK [IF]
	MOVE_UP_USEC=$(lab_plug in "$1" "${3:-eth0}" "$2")
	lab_port[$1.${3:-eth0}]=$2
}

move() { # NODE LINK [IF]
	local times
	times=$(lab_plug move "$1" "${3:-eth0}" "$2")
	read -r -d '' MOVE_DOWN_USEC MOVE_UP_USEC <<<"$times" || true
	lab_port[$1.${3:-eth0}]=$2
}

impair() { # NODE IF NETEM... ("impair NODE IF none" ends it)
	local node=$1 dev=$2
	shift 2
	if [[ $1 == none ]]; then
		tc -n wire qdisc del dev "$node.$dev" root
		tc -n "$node" qdisc del dev "$dev" root
	else
		tc -n wire qdisc replace dev "$node.$dev" root netem "$@"
		tc -n "$node" qdisc replace dev "$dev" root netem "$@"
	fi
}

# Intervals are those that RFC 6275 section 7.5 allows a router that serves mobile nodes.
radvd_start() { # NODE IF PREFIX/64 [home]
	local node=$1 dev=$2 prefix=$3 home=${4-} conf=/run/lab/nodes/$1/radvd-$2.conf
	{
		printf 'interface %s {\n' "$dev"
		printf '\t%s;\n' 'AdvSendAdvert on' 'MinRtrAdvInterval 0.03' 'MaxRtrAdvInterval 0.07' \
			'MinDelayBetweenRAs 0.03' 'AdvDefaultLifetime 60' 'AdvIntervalOpt on' 'AdvSourceLLAddress on'
		[[ ! $home ]] || printf '\t%s;\n' 'AdvHomeAgentFlag on' 'AdvHomeAgentInfo on' \
			'HomeAgentLifetime 1800' 'HomeAgentPreference 10'
		printf '\tprefix %s {\n' "$prefix"
		printf '\t\t%s;\n' 'AdvOnLink on' 'AdvAutonomous on' ${home:+'AdvRouterAddr on'}
		printf '\t};\n};\n'
	} >"$conf"
	lab_flush
	start "$node" "radvd-$node-$dev" radvd -n -C "$conf" -p "/run/lab/nodes/$node/radvd-$dev.pid" -m stderr
}
