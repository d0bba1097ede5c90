# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # LAB_* are the lab's
# The network of the kernel module's scenarios: nothing moves and nothing advertises, bindings are
# set by the tests themselves.
#
#  home 2001:db8:1::/64     corr 2001:db8:c::/64    core 2001:db8:ff::/64     far 2001:db8:a::/64
#  --+----------+----       --+----------+---       --+----------+---        --+-------+--------+--
#    |          |             |          |            |          |             |       |        |
#  h ::77    ha eth0 ::1   ha eth1 ::1  cn ::2     ha eth2 ::1  r eth0 ::2  r eth1 ::1 mn ::5   bad ::bad
#            10.1.0.1                   10.12.0.2                              ::6 (second care-of address)
#
# ha is the home agent, r a router that knows nothing, h a plain host of the home link, cn the
# correspondent, bad an attacker. IPv4 is only inside tunnels: 10.12/16 is corr, 10.1/16 home.
node_add wire wire cn host h host mn host bad host ha router r router
link_add home corr core far
attach h eth0 home
attach ha eth0 home
attach ha eth1 corr
attach cn eth0 corr
attach ha eth2 core
attach r eth0 core
attach r eth1 far
attach mn eth0 far
attach bad eth0 far
addr h eth0 2001:db8:1::77/64
addr ha eth0 2001:db8:1::1/64
addr ha eth1 2001:db8:c::1/64
addr cn eth0 2001:db8:c::2/64
addr ha eth2 2001:db8:ff::1/64
addr r eth0 2001:db8:ff::2/64
addr r eth1 2001:db8:a::1/64
addr mn eth0 2001:db8:a::5/64 2001:db8:a::6/64
addr bad eth0 2001:db8:a::bad/64
route h default via 2001:db8:1::1
route cn default via 2001:db8:c::1
route ha 2001:db8:a::/64 via 2001:db8:ff::2
route r default via 2001:db8:ff::1
route mn default via 2001:db8:a::1
route bad default via 2001:db8:a::1
