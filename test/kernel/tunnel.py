# SPDX-License-Identifier: GPL-2.0-or-later
"""The tunnel between home agent and mobile node: both ways, both families, and what must not pass."""
import errno
import struct

from testlib import *  # noqa: F403  pylint: disable=wildcard-import,unused-wildcard-import

ha, mn = Mipsock("ha"), Mipsock("mn")
BC = {"hoa": HOA, "local": HA_CORE, "coa": COA, "lifetime": DAY, "flags": F_HOME}
BUL = {"hoa": HOA, "peer": HA_CORE, "coa": COA, "lifetime": DAY, "flags": F_HOME}


def bind(coa=COA, **more):
    ha.request("bc_add", **{**BC, "coa": coa, **more})
    mn.request("bul_add", **{**BUL, "coa": coa, **more})


def setup():
    ha.request("nodetype_info", nodetype=HOME, nodetype_mask=HOME)
    mn.request("nodetype_info", nodetype=MOBILE, nodetype_mask=MOBILE)
    for node, bids in (("ha", (0, 2)), ("mn", (0, 2))):
        for bid in bids:
            add_mip_device(f"mip{bid}", node, bid)
            ip(node, f"link set mip{bid} addrgenmode none", f"link set mip{bid} up")
    ip("ha", f"route add {HOA}/128 via fe80::1 dev mip0", "route add 2001:db8:77::/48 via fe80::1 dev mip0",
       f"route add {HOA4}/32 via inet6 fe80::1 dev mip0 onlink", "address add 10.12.0.1/24 dev eth1")
    sysctl("ha", "ipv4/ip_forward", 1)
    ip("cn", "address add 10.12.0.2/24 dev eth0", "route add 10.1.0.0/16 via 10.12.0.1")
    ip("mn", f"address add {HOA}/128 dev mip0 nodad", f"address add {HOA4}/32 dev mip0",
       "address add 2001:db8:77::1/128 dev mip0 nodad", "address add 2001:db8:77:1::1/128 dev mip0 nodad",
       "route add 10.12.0.0/16 via inet6 fe80::1 dev mip0 onlink")
    ip6("mn", f"rule add from {HOA} table 100", "rule add from 2001:db8:77::/48 table 100",
        "route add default via fe80::1 dev mip0 table 100")


def before():
    clean(ha, mn)
    if "1500" not in ip_out("r", "link show eth1"):
        forget_pmtu()


@test
def ipv6_both_ways():
    bind()
    with udp(("cn", CN), ("mn", HOA)) as (c, m), Counters(ha) as h, Counters(mn) as o:
        roundtrip(c, m, CN, HOA)
        roundtrip(c, m, CN, HOA, 1300)
        assert (h["tx_home_agent"], h["rx_home_agent"]) == (2, 2)
        assert (o["tx_mobile"], o["rx_mobile"]) == (2, 2)


@test
def ipv4_both_ways():
    bind()
    bind(hoa=HOA4)
    with udp(("cn", CN4), ("mn", HOA4)) as (c, m):
        roundtrip(c, m, CN4, HOA4)
        roundtrip(c, m, CN4, HOA4, 1300)


@test
def handover():
    bind()
    with udp(("cn", CN), ("mn", HOA)) as (c, m):
        roundtrip(c, m, CN, HOA)
        bind(COA2)
        link = Link("r", "eth1")
        roundtrip(c, m, CN, HOA)
        packet, _ = link.receive(lambda p: p[6] == 41)
        assert packet[8:24] == addr(COA2), "the mobile node sends from its new care-of address"


@test
def outer_header():
    """ECN copied, hop limit 64, flow label there, outer source the address of the binding."""
    bind()
    link = Link("mn")
    with udp(("cn", CN), ("mn", HOA)) as (c, m):
        c.sock.setsockopt(socket.IPPROTO_IPV6, 67, 0x02)  # IPV6_TCLASS: ECT(0)
        c.send(b"x", HOA)
        m.expect(b"x")
    packet, _ = link.receive(lambda p: p[6] == 41 and p[24:40] == addr(COA))
    word, _, _, hops = struct.unpack_from("!IHBB", packet)
    # one hop (r) on the way
    assert hops == 63, f"hop limit {hops}"
    assert word >> 20 & 3 == 2, "ECN is not copied"
    assert word & 0xfffff, "no flow label"
    assert packet[8:24] == addr(HA_CORE)


@test
def no_binding():
    bind()
    with udp(("cn", CN), ("mn", HOA)) as (c, m), Counters(ha) as h:
        c.sock.connect((HOA, 7))
        roundtrip(c, m, CN, HOA)
        ha.request("bc_remove", hoa=HOA)
        c.sock.send(b"lost")
        assert c.error() == errno.EHOSTUNREACH
        assert h["tx_no_binding"] == 1


@test
def forged_source():
    """An attacker uses a bound home address: dropped, no answer; the node itself passes."""
    bind()
    bind(hoa=HOA4)
    raw, link = Raw("bad"), Link("bad")
    with udp(("cn", CN), ("cn", CN4), ("mn", HOA)) as (c, c4, m), Counters(ha) as h:
        raw.send(ipv6(BAD, HA_CORE, 41, udp_packet(HOA, CN, b"forged")))
        raw.send(ipv6(BAD, HA_CORE, 4, udp_packet(HOA4, CN4, b"forged")))
        # not the address of the binding, though from the right care-of address
        Raw("mn").send(ipv6(COA, HA_HOME, 41, udp_packet(HOA, CN, b"forged")))
        raw.send(ipv6(BAD, HA_CORE, 41, udp_packet(HOA, CN, b"forged too")))
        eventually(lambda: h["rx_forged_coa"] == 4, "four forged packets counted")
        m.send(b"true", CN)
        c.expect(b"true", HOA)
        assert c4.receive(0) is None
        # the control: an unknown inner source is nobody's, and gets its answer
        raw.send(ipv6(BAD, HA_CORE, 41, udp_packet("2001:db8:1::dead", CN, b"unknown")))
        packet, _ = link.receive(lambda p: p[6] == 58 and p[40] == 1)
        assert packet, "no ICMPv6 error for a tunnel that nobody has"
        assert packet[88 + 8 + 15] == 0xad, "the first error is about the unknown source"
    # and with the binding moved to the attacker the same packet passes
    ha.request("bc_add", **{**BC, "coa": BAD})
    with udp(("cn", CN)) as (c,):
        raw.send(ipv6(BAD, HA_CORE, 41, udp_packet(HOA, CN, b"bound")))
        c.expect(b"bound", HOA)


@test
def forged_home_agent():
    """Only the home agent may tunnel to the mobile node."""
    bind()
    raw = Raw("bad")
    with udp(("cn", CN), ("mn", HOA)) as (c, m), Counters(mn) as o:
        raw.send(ipv6(BAD, COA, 41, udp_packet(CN, HOA, b"forged")))
        eventually(lambda: o["rx_forged_ha"] == 1, "forged packet counted")
        c.send(b"true", HOA)
        m.expect(b"true", CN)


@test
def old_care_of_address():
    """What the home agent sent before it knew of the move still arrives."""
    bind()
    mn.request("bul_add", **{**BUL, "coa": COA2})
    with udp(("cn", CN), ("mn", HOA)) as (c, m):
        c.send(b"under way", HOA)
        m.expect(b"under way", CN)


@test
def mobile_networks():
    """The longest prefix wins, and it belongs to a router's home address."""
    other = "2001:db8:1::200"
    bind(mnps=["2001:db8:77::/48"], flags=F_HOME | F_ROUTER)
    with udp(("cn", CN), ("mn", "2001:db8:77::1"), ("mn", "2001:db8:77:1::1")) as (c, a, b):
        roundtrip(c, a, CN, "2001:db8:77::1")
        roundtrip(c, b, CN, "2001:db8:77:1::1")
        # a longer prefix of a router that is not there takes its part away
        ha.request("bc_add", **{**BC, "hoa": other, "coa": BAD, "mnps": ["2001:db8:77:1::/64"],
                                "flags": F_HOME | F_ROUTER})
        link = Link("bad")
        c.send(b"to the other", "2001:db8:77:1::1")
        packet, _ = link.receive(lambda p: p[6] == 41)
        assert packet and packet[40 + 24:40 + 40] == addr("2001:db8:77:1::1")
        # bad has no such tunnel and says so; that comes through to the correspondent
        assert c.error() == errno.EHOSTUNREACH
        roundtrip(c, a, CN, "2001:db8:77::1")
        # what comes from there must come by the other's care-of address
        with Counters(ha) as h:
            b.send(b"wrong way", CN)
            eventually(lambda: h["rx_forged_coa"] == 1, "the prefix is the other's")
        ha.request("bc_remove", hoa=other)
        roundtrip(c, b, CN, "2001:db8:77:1::1")
        # a refresh without the prefix withdraws it
        ha.request("bc_add", **BC)
        c.sock.connect(("2001:db8:77::1", 7))
        c.sock.send(b"nowhere")
        assert c.error() == errno.EHOSTUNREACH


@test
def two_care_of_addresses():
    """A device sends by the binding of its BID; packets may come from any of the set."""
    bind(bid=1)
    bind(COA2, bid=2)
    link = Link("mn")
    with udp(("cn", CN), ("mn", HOA)) as (c, m):
        roundtrip(c, m, CN, HOA)
        packet, _ = link.receive(lambda p: p[6] == 41)
        assert packet[24:40] == addr(COA), "the primary device takes the lowest BID"
        ip6("ha", f"route replace {HOA}/128 via fe80::1 dev mip2")
        ip6("mn", "route replace default via fe80::1 dev mip2 table 100")
        try:
            link.drain()
            roundtrip(c, m, CN, HOA)
            packet, _ = link.receive(lambda p: p[6] == 41)
            assert packet[24:40] == addr(COA2), "mip2 takes BID 2"
            ha.request("bc_remove", hoa=HOA, bid=2)
            c.sock.connect((HOA, 7))
            c.sock.send(b"lost")
            assert c.error() == errno.EHOSTUNREACH
        finally:
            ip6("ha", f"route replace {HOA}/128 via fe80::1 dev mip0")
            ip6("mn", "route replace default via fe80::1 dev mip0 table 100")


@test
def at_home():
    """An entry with the care-of address equal to the home address steers nothing."""
    mn.request("bul_add", **{**BUL, "coa": HOA, "lifetime": 0})
    with udp(("mn", HOA)) as (m,), Counters(mn) as o:
        m.sock.connect((CN, 7))
        m.sock.send(b"nowhere")
        assert m.error() == errno.EHOSTUNREACH
        assert o["tx_no_binding"] == 1
    assert mn.dump("bul_get")[0]["lifetime"] == 0xffffffff


@test
def link_scope():
    """Nothing link-local goes into the tunnel (RFC 6275 section 10.4.2)."""
    bind()
    with udp(("mn", "::")) as (m,), Counters(mn) as o:
        index = ifindex("mn", "mip0")
        ip("mn", "address add fe80::5/64 dev mip0 nodad")
        m.sock.sendto(b"x", ("ff02::1", 7, 0, index))
        eventually(lambda: o["tx_link_scope"] >= 1, "multicast of link-local scope dropped")
        m.sock.sendto(b"x", ("fe80::99", 7, 0, index))
        eventually(lambda: o["tx_link_scope"] >= 2, "link-local packet dropped")
        ip("mn", "address del fe80::5/64 dev mip0")
        assert o["tx_mobile"] == 0


@test
def hint():
    """Tunnelled traffic raises RR_HINT: a few for each source, none once there is an entry."""
    bind()
    watch = Mipsock("mn", groups=("hint",))
    with udp(("cn", CN), ("mn", HOA)) as (c, m), Counters(mn) as o:
        for _ in range(20):
            roundtrip(c, m, CN, HOA)
        e = watch.event()
        assert (e["msg"], e["hoa"], e["peer"], e["portid"]) == ("rr_hint", HOA, CN, 0), e
        assert 1 <= o["hint_sent"] <= 4 + LIMIT and o["hint_limited"] >= 10, "limited for a source"
        mn.request("bul_add", **{**BUL, "peer": CN, "flags": 0})
        with Counters(mn) as quiet:
            roundtrip(c, m, CN, HOA)
            assert quiet["hint_sent"] == quiet["hint_limited"] == 0


def relay(c, destination, **binding):
    """The care-of address does not exist: r says so, and ha tells who sent the packet inside."""
    bind("2001:db8:a::404", **binding)
    with Counters(ha) as h:
        c.sock.connect((destination, 7))
        c.sock.send(b"into the void")
        # r finds out by neighbour discovery, which takes its three seconds
        assert c.error() == errno.EHOSTUNREACH
        assert h["icmp_relayed"] == 1, "relayed once"


@test
def error_relay_ipv6():
    with udp(("cn", CN)) as (c,):
        relay(c, HOA)


@test
def error_relay_ipv4():
    with udp(("cn", CN4)) as (c,):
        relay(c, HOA4, hoa=HOA4)


@test
def forged_error():
    """An error that quotes a packet that no binding would have made changes nothing."""
    bind()
    raw = Raw("r")
    inner = udp_packet(CN, HOA, b"x" * 1300)
    with udp(("cn", CN), ("mn", HOA)) as (c, m), Counters(ha) as h:
        for outer in (ipv6(HA_CORE, COA2, 41, inner), ipv6(HA_HOME, COA, 41, inner),
                      ipv6(HA_CORE, COA, 41, udp_packet(CN, "2001:db8:1::dead", b"x" * 1300))):
            raw.send(icmpv6("2001:db8:ff::2", HA_CORE, 2, 0, struct.pack("!I", 1300) + outer[:1000]))
            raw.send(icmpv6("2001:db8:ff::2", HA_CORE, 1, 3, b"\0\0\0\0" + outer[:1000]))
        # cut off within the inner header
        raw.send(icmpv6("2001:db8:ff::2", HA_CORE, 1, 3, b"\0\0\0\0" + ipv6(HA_CORE, COA, 41, inner)[:60]))
        roundtrip(c, m, CN, HOA, 1300)
        assert h["icmp_pmtu"] == 0 and h["icmp_relayed"] == 0 and h["icmp_ignored"] >= 2


def narrow(mtu):
    """The far link takes no more than that, from either side."""
    for node, device in (("r", "eth1"), ("mn", "eth0")):
        ip(node, f"link set {device} mtu {mtu}")


def forget_pmtu():
    narrow(1500)
    ip6("cn", "route flush cache")
    ip6("ha", "route flush cache")
    ip("cn", "route flush cache")
    ip("ha", "route flush cache")


def path_mtu(a, b, address_b, size, want):
    """Sends until the path MTU is known all the way; the last one must arrive whole."""
    a.sock.connect((address_b, 7))
    too_big = 0
    for _ in range(8):
        try:
            a.sock.send(b"p" * size)
        except OSError as e:
            assert e.errno == errno.EMSGSIZE, e
            too_big += 1
            break
        if a.error() == errno.EMSGSIZE:
            too_big += 1
            break
    assert too_big, "nobody said that the packet is too big"
    level, option = (socket.IPPROTO_IP, 14) if "." in address_b else (socket.IPPROTO_IPV6, 24)
    assert a.sock.getsockopt(level, option) == want, \
        f"path MTU {a.sock.getsockopt(level, option)}, wanted {want}"
    data = b"fits" + b"." * (want - 4 - (28 if "." in address_b else 48))
    a.sock.send(data)
    b.expect(data)


@test
def packet_too_big_device_mtu():
    """Larger than the device: the sender hears of 1460."""
    bind()
    bind(hoa=HOA4)
    with udp(("cn", CN), ("mn", HOA)) as (c, m):
        path_mtu(c, m, HOA, 1440, 1460)
    with udp(("cn", CN4), ("mn", HOA4)) as (c, m):
        path_mtu(c, m, HOA4, 1440, 1460)
    forget_pmtu()


@test
def packet_too_big_in_tunnel():
    """A narrow link behind: its Packet Too Big becomes one for the sender, 40 less."""
    bind()
    bind(hoa=HOA4)
    narrow(1400)
    with Counters(ha) as h:
        with udp(("cn", CN), ("mn", HOA)) as (c, m):
            path_mtu(c, m, HOA, 1380, 1360)
        assert h["icmp_pmtu"] >= 1
        with udp(("cn", CN4), ("mn", HOA4)) as (c, m):
            path_mtu(c, m, HOA4, 1380, 1360)
        # and the other way: the mobile node's own link is the narrow one
        with udp(("cn", CN), ("mn", HOA)) as (c, m):
            path_mtu(m, c, CN, 1380, 1360)
    forget_pmtu()


@test
def outer_path_of_1280():
    """Inner packets of up to 1280 octets pass; the tunnel packet is fragmented (RFC 2473 7.1)."""
    bind()
    narrow(1280)
    with udp(("cn", CN), ("mn", HOA)) as (c, m):
        data = b"q" * (1280 - 48)
        eventually(lambda: c.send(data, HOA) or m.receive(0.2), "a packet of 1280 octets arrives")
        roundtrip(c, m, CN, HOA, 1280 - 48 - 2 - 2)
    forget_pmtu()


@test
def gso():
    """TCP both ways, large segments handed to the device."""
    bind()
    with in_netns("mn"):
        listener = socket.create_server((HOA, 9), family=socket.AF_INET6)
    with in_netns("cn"):
        c = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    c.bind((CN, 0))
    c.settimeout(LIMIT)
    c.connect((HOA, 9))
    m, _ = listener.accept()
    m.settimeout(LIMIT)
    data = bytes(range(256)) * 1024
    for a, b in ((c, m), (m, c)):
        got = b""
        a.setblocking(False)
        sent = 0
        while len(got) < len(data):
            if sent < len(data):
                try:
                    sent += a.send(data[sent:])
                except BlockingIOError:
                    pass
            if select.select([b], [], [], LIMIT if sent == len(data) else 0)[0]:
                got += b.recv(1 << 20)
            elif sent == len(data):
                break
        a.settimeout(LIMIT)
        assert got == data, f"{len(got)} of {len(data)} octets"
    for s in (c, m, listener):
        s.close()


@test
def nested():
    """A care-of address that is itself reached through the device ends in a drop, not in a loop."""
    bind()
    ha.request("bc_add", **{**BC, "hoa": "2001:db8:1::200", "coa": "2001:db8:77::9"})
    ha.request("bc_add", **{**BC, "mnps": ["2001:db8:77::/48"]})
    ip6("ha", "route add 2001:db8:1::200/128 via fe80::1 dev mip0")
    with udp(("cn", CN), ("mn", HOA)) as (c, m), Counters(ha) as h:
        c.send(b"inward", "2001:db8:1::200")
        eventually(lambda: h["tx_error"] == 1, "dropped and counted")
        roundtrip(c, m, CN, HOA)


@test
def expired():
    """After the lifetime nothing passes, whether or not the timer was there yet."""
    with udp(("cn", CN), ("mn", HOA)) as (c, m):
        bind()
        roundtrip(c, m, CN, HOA)
        ha.request("bc_add", **{**BC, "lifetime": 50})
        c.sock.connect((HOA, 7))
        eventually(lambda: not ha.dump("bc_get"), "the binding ends")
        c.sock.send(b"late")
        assert c.error() == errno.EHOSTUNREACH


if __name__ == "__main__":
    setup()
    main(before=before)
