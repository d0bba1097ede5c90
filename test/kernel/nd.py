# SPDX-License-Identifier: GPL-2.0-or-later
"""Defence of home addresses on the home link, and duplicate address detection for them."""
import ipaddress
import struct

from testlib import *  # noqa: F403  pylint: disable=wildcard-import,unused-wildcard-import

ha = Mipsock("ha")
HOME_IF = ifindex("ha", "eth0")
HA_MAC, H = lladdr("ha", "eth0"), "2001:db8:1::77"
BC = {"hoa": HOA, "local": HA_HOME, "coa": COA, "lifetime": DAY, "flags": F_HOME, "ifindex": HOME_IF}
LL = "fe80::100"
ALL_NODES = "ff02::1"


def solicited_node(target):
    t = addr(target)
    return f"ff02::1:ff{t[13]:02x}:{t[14] << 8 | t[15]:x}"


def ns(target, source=H, mac=None, destination=None, hops=255, check=None, code=0, options=None):
    """A Neighbor Solicitation; from :: as a probe."""
    if options is None:
        options = b"" if source == "::" else b"\1\1" + (mac or b"\2\0\0\0\0\1")
    return icmpv6(source, destination or solicited_node(target), 135, code,
                  b"\0\0\0\0" + addr(target) + options, hops, check)


def na(target, source=H, destination=ALL_NODES, flags=0x20, mac=b"\2\0\0\0\0\1"):
    return icmpv6(source, destination, 136, 0, bytes([flags]) + b"\0\0\0" + addr(target) + b"\2\1" + mac)


def is_na(target):
    return lambda p: p[6] == 58 and p[40] == 136 and p[48:64] == addr(target)


def is_probe(target):
    return lambda p: p[6] == 58 and p[40] == 135 and p[48:64] == addr(target) and \
        p[8:24] == addr("::")


def setup():
    ha.request("nodetype_info", nodetype=HOME, nodetype_mask=HOME)


def answered(link, packet, target=HOA):
    """The advertisement that comes for this solicitation, checked for all that is always so."""
    link.drain()
    link.send(packet)
    got, mac = link.receive(is_na(target))
    assert got, "no Neighbor Advertisement"
    assert mac == HA_MAC and got[66:72] == HA_MAC and got[64:66] == b"\2\1", "not with our address"
    assert got[7] == 255
    head = got[40:42] + b"\0\0" + got[44:]
    source, destination = (str(ipaddress.IPv6Address(got[i:i + 16])) for i in (8, 24))
    assert struct.unpack_from("!H", got, 42)[0] == checksum(source, destination, 58, head)
    return got[44], destination, source


def unanswered(link, *packets):
    """None of these is answered; one that must be is sent behind them."""
    link.drain()
    for p in packets:
        link.send(p)
    link.send(ns("2001:db8:1::1", mac=link.mac))
    got, _ = link.receive(lambda p: p[6] == 58 and p[40] == 136)
    assert got and got[48:64] == addr("2001:db8:1::1"), \
        f"an answer for {got and got[48:64].hex()}"


@test
def solicitation():
    link = Link("h")
    ha.request("bc_add", **BC)
    with Counters(ha) as c:
        flags, destination, source = answered(link, ns(HOA, mac=link.mac))
        assert flags == 0x60, f"S and O, not R: {flags:#x}"
        assert destination == H
        assert source == HA_HOME, f"from {source}"
        assert c["nd_answered"] == 1
    # a host that really asks: the kernel of h accepts the answer
    with udp(("h", H), ("cn", CN)) as (h, _):
        h.send(b"x", HOA)
    eventually(lambda: HA_MAC.hex(":") in ip_out("h", f"-6 neigh show {HOA}"), "h learns ha's address")


@test
def router_flag():
    """RFC 3963 section 6.2: R = 1 for a mobile router."""
    ha.request("bc_add", **{**BC, "flags": F_HOME | F_ROUTER})
    flags, _, _ = answered(Link("h"), ns(HOA))
    assert flags == 0xe0, f"{flags:#x}"


@test
def probe():
    """DAD by someone else, or by the returning node to learn our address: to all nodes, S = 0."""
    ha.request("bc_add", **BC)
    flags, destination, _ = answered(Link("h"), ns(HOA, "::"))
    assert (flags, destination) == (0x20, ALL_NODES), f"{flags:#x} to {destination}"


@test
def link_local():
    """Flag L: the link-local address is defended too, and only then, and only on its link."""
    link = Link("h")
    ha.request("bc_add", **BC)
    unanswered(link, ns(LL), ns(LL, "::"))
    ha.request("bc_add", **{**BC, "flags": F_HOME | F_LL})
    flags, _, _ = answered(link, ns(LL, mac=link.mac), LL)
    assert flags == 0x60
    answered(link, ns(LL, "::"), LL)
    other = Link("cn")
    other.send(ns(LL, CN))
    unanswered(link)
    ha.request("bc_add", **BC)
    unanswered(link, ns(LL))


@test
def not_defended():
    """No home registration on that link, another link, an ended or removed one: silence."""
    link = Link("h")
    unanswered(link, ns(HOA))
    ha.request("bc_add", **{k: v for k, v in BC.items() if k != "ifindex"})
    unanswered(link, ns(HOA))
    ha.request("bc_add", **{k: v for k, v in BC.items() if k != "ifindex"} | {"flags": 0})
    unanswered(link, ns(HOA))
    ha.request("bc_add", **{**BC, "ifindex": ifindex("ha", "eth1")})
    unanswered(link, ns(HOA))
    ha.request("bc_add", **BC)
    answered(link, ns(HOA))
    ha.request("bc_remove", hoa=HOA)
    unanswered(link, ns(HOA))
    ha.request("bc_add", **{**BC, "lifetime": 30})
    eventually(lambda: not ha.dump("bc_get"), "the binding ends")
    unanswered(link, ns(HOA))
    # a prefix of a router is not an address on the link
    ha.request("bc_add", **{**BC, "mnps": ["2001:db8:1::300/128"], "flags": F_HOME | F_ROUTER})
    unanswered(link, ns("2001:db8:1::300"))


@test
def invalid_solicitations():
    """RFC 4861 section 7.1.1."""
    ha.request("bc_add", **BC)
    link = Link("h")
    good = ns(HOA)
    bad = [ns(HOA, hops=254), ns(HOA, check=1), ns(HOA, code=1),
           ns(HOA, options=b"\1\0" + link.mac),            # option of length 0
           ns(HOA, options=b"\1\2" + link.mac),            # option beyond the end
           ns(HOA, options=b"\1"),                         # half an option
           ns(HOA, "::", options=b"\1\1" + link.mac),      # a probe with a link-layer address
           ns(HOA, "::", destination=HA_HOME),             # a probe to a unicast address
           ns(HOA, "::", destination=ALL_NODES),
           ns(HOA, "ff02::1"),
           icmpv6(H, solicited_node(HOA), 135, 0, b"\0\0\0\0" + addr(HOA)[:8]),
           ns("ff02::1:ff00:100")]
    with Counters(ha) as c:
        # with mac= as ff02::1:ffXX needs another group for the unicast ones
        link.drain()
        for p in bad:
            link.send(p, mac=HA_MAC if p[24] != 0xff else None)
        # cut off: the header says more than there is
        link.send(good[:60])
        unanswered(link)
        assert c["nd_answered"] == 0
        assert c["nd_invalid"] >= 10, f"{c['nd_invalid']} counted as invalid"
    answered(link, good)


@test
def all_multicast():
    """The home link takes all multicast while, and only while, a binding is defended there."""
    def allmulti():
        return "allmulti 1" in ip_out("ha", "-d link show eth0")
    assert not allmulti()
    ha.request("bc_add", **BC)
    assert allmulti(), "set before the request is answered"
    ha.request("bc_add", **{**BC, "hoa": "2001:db8:1::200"})
    ha.request("bc_remove", hoa=HOA)
    assert allmulti()
    ha.request("bc_add", **BC)
    ha.request("bc_flush")
    eventually(lambda: not allmulti(), "given back")
    ha.request("bc_add", **{**BC, "lifetime": 2000})
    assert allmulti()
    eventually(lambda: not allmulti(), "given back after expiry")


@test
def link_deleted():
    """The home link goes while bindings are defended on it."""
    ip("ha", "link add d0 type dummy", "link set d0 up")
    index = ifindex("ha", "d0")
    try:
        ha.request("bc_add", **{**BC, "ifindex": index})
        raise AssertionError("a dummy has no neighbour discovery")
    except Refused as e:
        assert "neighbour discovery" in e.text
    ip("ha", "link del d0", "link add v0 type veth peer name v1", "link set v0 up", "link set v1 up")
    index = ifindex("ha", "v0")
    ha.request("bc_add", **{**BC, "ifindex": index})
    ip("ha", "link set v0 netns h")
    assert "allmulti 0" in ip_out("h", "-d link show v0"), "moved away with our flag"
    ip("h", "link del v0")
    ha.request("bc_flush")
    refused(19, "does not exist", ha, "bc_add", **{**BC, "ifindex": index})


def dad(target, result, **more):
    ha.request("dad", dad_cmd=C.MIPSOCK_DAD_START, hoa=target, ifindex=HOME_IF, **more)
    e = ha.event(msg="dad")
    assert e, "no result"
    assert e["dad_result"] == result, e
    assert (e["dad_cmd"], e["hoa"], e["ifindex"], e["portid"]) == \
        (C.MIPSOCK_DAD_RESULT, target, HOME_IF, 0), e


@test
def dad_unique():
    link = Link("h")
    target = "2001:db8:1::400"
    with Counters(ha) as c:
        dad(target, C.MIPSOCK_DAD_UNIQUE, flags=F_LL)
        assert c["dad_started"] == 1 and c["dad_duplicate"] == 0
    packet, _ = link.receive(is_probe(target))
    assert packet and packet[24:40] == addr(solicited_node(target)) and packet[7] == 255
    assert len(packet) == 64, "a probe carries no option"
    head = packet[40:42] + b"\0\0" + packet[44:]
    assert struct.unpack_from("!H", packet, 42)[0] == checksum("::", solicited_node(target), 58, head)
    ha.request("dad", dad_cmd=C.MIPSOCK_DAD_START, hoa=target, ifindex=HOME_IF, flags=F_LL)
    packet, _ = link.receive(is_probe("fe80::400"))
    assert packet, "no probe for the link-local address"
    ha.request("dad", dad_cmd=C.MIPSOCK_DAD_STOP, hoa=target, ifindex=HOME_IF)
    refused(2, "no detection", ha, "dad", dad_cmd=C.MIPSOCK_DAD_STOP, hoa=target, ifindex=HOME_IF)


@test
def dad_real_owner():
    """Another node has the address."""
    dad(H, C.MIPSOCK_DAD_DUPLICATE)


@test
def dad_own_address():
    for own in (HA_HOME, HA_CORE):
        dad(own, C.MIPSOCK_DAD_DUPLICATE)


@test
def dad_contention():
    """An advertisement or another's probe ends it, ordinary solicitations and our own echo do not."""
    link = Link("h")
    target = "2001:db8:1::500"
    for packet, source in ((na(target), None), (ns(target, "::"), None), (na("fe80::500"), None)):
        ha.request("dad", dad_cmd=C.MIPSOCK_DAD_START, hoa=target, ifindex=HOME_IF, flags=F_LL)
        refused(114, "under way", ha, "dad", dad_cmd=C.MIPSOCK_DAD_START, hoa=target, ifindex=HOME_IF)
        link.send(packet, source=source)
        e = ha.event(msg="dad")
        assert e and e["dad_result"] == C.MIPSOCK_DAD_DUPLICATE, e
    ha.request("dad", dad_cmd=C.MIPSOCK_DAD_START, hoa=target, ifindex=HOME_IF)
    link.send(ns(target))
    link.send(ns(target, "::"), source=HA_MAC)
    link.send(na("2001:db8:1::501"))
    link.send(na("fe80::500"))  # not asked for
    Link("cn").send(na(target, CN))  # another link
    e = ha.event(msg="dad")
    assert e and e["dad_result"] == C.MIPSOCK_DAD_UNIQUE, e


@test
def dad_limits():
    """At most 1024 at once; all are forgotten when the function is disabled."""
    sysctl("ha", "ipv6/neigh/eth0/retrans_time_ms", 60000)
    started = 0
    try:
        for i in range(1100):
            ha.request("dad", dad_cmd=C.MIPSOCK_DAD_START, hoa=f"2001:db8:1::{i + 0x1000:x}",
                       ifindex=HOME_IF)
            started += 1
    except Refused as e:
        assert e.errno == 16 and "too many" in e.text, e
    sysctl("ha", "ipv6/neigh/eth0/retrans_time_ms", 1000)
    assert started == 1024, f"{started} at once"
    ha.request("nodetype_info", nodetype=0, nodetype_mask=HOME)
    for i in range(started):
        e = ha.event(msg="dad")
        assert e and e["dad_result"] == C.MIPSOCK_DAD_FAILED, f"{e} after {i} results"
    refused(95, "home agent function", ha, "dad", dad_cmd=C.MIPSOCK_DAD_START, hoa=HOA, ifindex=HOME_IF)
    setup()


@test
def dad_without_carrier():
    """The only other node pulled its cable out: nobody else has the address."""
    ip("wire", "link set ha.eth0 down")
    try:
        eventually(lambda: "NO-CARRIER" in ip_out("ha", "link show eth0"), "no carrier")
        dad("2001:db8:1::800", C.MIPSOCK_DAD_UNIQUE, flags=F_LL)
    finally:
        ip("wire", "link set ha.eth0 up")
        eventually(lambda: "NO-CARRIER" not in ip_out("ha", "link show eth0"), "carrier is back")


@test
def dad_link_down():
    ip("ha", "link set eth0 down")
    try:
        dad("2001:db8:1::700", C.MIPSOCK_DAD_FAILED)
    except Refused as e:
        assert "IPv6" in e.text, e
    finally:
        ip("ha", "link set eth0 up", f"address replace {HA_HOME}/64 dev eth0 nodad")


if __name__ == "__main__":
    setup()
    main(before=lambda: clean(ha))
