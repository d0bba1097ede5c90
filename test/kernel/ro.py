# SPDX-License-Identifier: GPL-2.0-or-later
"""The XFRM states for signalling: Mobility Headers behind a Home Address option or a type 2 routing
header reach a raw socket with the addresses turned around; nothing else behind them does."""
import struct

from testlib import *  # noqa: F403  pylint: disable=wildcard-import,unused-wildcard-import

MH, ROUTING, DSTOPTS, UDP, ICMP6 = 135, 43, 60, 17, 58
ha, mn, cn = Mipsock("ha"), Mipsock("mn"), Mipsock("cn")


def hao(home, next_header):
    """A destination options header with PadN and the Home Address option (RFC 6275 section 6.3)."""
    return bytes([next_header, 2, 1, 2, 0, 0, 0xc9, 16]) + addr(home)


def rh2(home, next_header, left=1):
    """A type 2 routing header (RFC 6275 section 6.4)."""
    return bytes([next_header, 2, 2, left, 0, 0, 0, 0]) + addr(home)


def mh(kind, source, destination):
    """A Mobility Header of 16 octets (BU and BA have the same length) with its checksum."""
    data = bytes([59, 1, kind, 0]) + b"\0\0" + b"\0" * 10
    return data[:4] + struct.pack("!H", checksum(source, destination, MH, data)) + data[6:]


class MhSocket:
    """A raw socket for Mobility Headers that also tells what was in front of them."""

    def __init__(self, node):
        with in_netns(node):
            self.sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, MH)
        for option in (58, 56, 49):  # IPV6_RECVDSTOPTS, IPV6_RECVRTHDR, IPV6_RECVPKTINFO
            self.sock.setsockopt(socket.IPPROTO_IPV6, option, 1)

    def receive(self):
        if not select.select([self.sock], [], [], LIMIT)[0]:
            return None
        data, control, _, sender = self.sock.recvmsg(2000, 1000)
        extra = {kind: value for _, kind, value in control}
        return {"type": data[2], "source": sender[0], "destination": addr_of(extra[50][:16]),
                "dstopts": extra.get(59), "rthdr": extra.get(57)}


def addr_of(octets):
    return socket.inet_ntop(socket.AF_INET6, octets)


def node_type(m, types):
    m.request("nodetype_info", nodetype=types, nodetype_mask=0xf)


def before():
    clean(ha, mn, cn)
    for m in (ha, mn, cn):
        node_type(m, 0)


def is_clean(node):
    return not ip_out(node, "xfrm state") and not ip_out(node, "xfrm policy")


def bu(source=COA, home=HOA):
    return ipv6(source, HA_CORE, DSTOPTS, hao(home, MH) + mh(5, home, HA_CORE))


@test
def bu_with_hao():
    """The raw socket sees the home address as source and, in the option, the care-of address."""
    sock, raw = MhSocket("ha"), Raw("mn")
    for types in (C.MIPSOCK_NODETYPE_HA, C.MIPSOCK_NODETYPE_CN):
        node_type(ha, types)
        raw.send(bu())
        got = sock.receive()
        assert got and got["type"] == 5, got
        assert got["source"] == HOA and got["destination"] == HA_CORE, got
        assert got["dstopts"] and got["dstopts"][8:24] == addr(COA), "care-of address in the option"
    # and one without the option still comes
    raw.send(ipv6(COA, HA_CORE, MH, mh(5, COA, HA_CORE)))
    got = sock.receive()
    assert got and got["source"] == COA and got["dstopts"] is None, got


@test
def nothing_else_with_hao():
    """UDP and echo requests behind a Home Address option are dropped, without an answer."""
    node_type(ha, HOME)
    raw, sock = Raw("mn"), MhSocket("ha")
    u = Udp("ha", HA_CORE)
    payload = udp_packet(HOA, HA_CORE, b"forged")[40:]
    echo = b"\x80\0\0\0\0\1\0\1"
    echo = echo[:2] + struct.pack("!H", checksum(HOA, HA_CORE, ICMP6, echo)) + echo[4:]
    raw.send(ipv6(COA, HA_CORE, DSTOPTS, hao(HOA, UDP) + payload))
    raw.send(ipv6(COA, HA_CORE, DSTOPTS, hao(HOA, ICMP6) + echo))
    raw.send(bu())
    assert sock.receive(), "the Binding Update behind them arrives"
    assert u.receive(0) is None, "a UDP packet with a Home Address option was delivered"
    u.close()
    # the control: the same without the option is delivered
    u = Udp("ha", HA_CORE)
    raw.send(udp_packet(COA, HA_CORE, b"plain"))
    u.expect(b"plain", COA)
    u.close()


@test
def disabled():
    """Without the functions the option is not taken; with them switched off neither."""
    raw, sock = Raw("mn"), MhSocket("ha")
    plain = ipv6(COA, HA_CORE, MH, mh(0, COA, HA_CORE))
    for _ in range(2):
        raw.send(bu())
        raw.send(plain)
        got = sock.receive()
        assert got and got["type"] == 0, f"a Binding Update came: {got}"
        node_type(ha, HOME)
        raw.send(bu())
        assert sock.receive()["type"] == 5
        node_type(ha, 0)
    assert is_clean("ha")


@test
def ba_with_rh2():
    """Delivered to the home address, if that is one (IFA_F_HOMEADDRESS)."""
    node_type(mn, MOBILE)
    sock, raw = MhSocket("mn"), Raw("ha")
    ba = ipv6(HA_CORE, COA, ROUTING, rh2(HOA, MH) + mh(6, HA_CORE, HOA))
    plain = ipv6(HA_CORE, COA, MH, mh(0, HA_CORE, COA))
    # the address is not there, or there but no home address: dropped
    raw.send(ba)
    raw.send(plain)
    assert sock.receive()["type"] == 0
    ip("mn", f"address add {HOA}/128 dev lo nodad")
    raw.send(ba)
    raw.send(plain)
    assert sock.receive()["type"] == 0
    ip("mn", f"address del {HOA}/128 dev lo", f"address add {HOA}/128 dev lo nodad home")
    raw.send(ba)
    got = sock.receive()
    assert got and got["type"] == 6 and got["destination"] == HOA and got["source"] == HA_CORE, got
    assert got["rthdr"], "the routing header is told"
    u = Udp("mn", HOA)
    raw.send(ipv6(HA_CORE, COA, ROUTING, rh2(HOA, UDP) + udp_packet(HA_CORE, HOA, b"forged")[40:]))
    raw.send(ipv6(HA_CORE, COA, ROUTING, rh2(HOA, MH, 0) + mh(6, HA_CORE, HOA)))
    raw.send(ipv6(HA_CORE, COA, ROUTING, rh2("ff02::1", MH) + mh(6, HA_CORE, "ff02::1")))
    raw.send(plain)
    assert sock.receive()["type"] == 0, "only the plain one"
    assert u.receive(0) is None, "UDP behind a routing header was delivered"
    u.close()
    node_type(mn, 0)
    raw.send(ba)
    raw.send(plain)
    assert sock.receive()["type"] == 0
    ip("mn", f"address del {HOA}/128 dev lo")


@test
def both_headers():
    """From mobile node to mobile node: option and routing header in one message."""
    node_type(mn, 0xf)
    ip("mn", f"address add {HOA}/128 dev lo nodad home")
    sock, other = MhSocket("mn"), "2001:db8:1::200"
    Raw("ha").send(ipv6(HA_CORE, COA, ROUTING, rh2(HOA, DSTOPTS) + hao(other, MH) + mh(5, other, HOA)))
    got = sock.receive()
    assert got and got["source"] == other and got["destination"] == HOA, got
    ip("mn", f"address del {HOA}/128 dev lo")


@test
def states_and_policies():
    """One state a header, one policy; each only as long as a function needs it."""
    def count(node):
        return ip_out(node, "xfrm state").count("src "), ip_out(node, "xfrm policy").count("dir in")
    for types, states in ((C.MIPSOCK_NODETYPE_HA, 1), (HOME, 1), (0xf, 2), (MOBILE, 1), (0, 0)):
        node_type(ha, types)
        got = count("ha")
        # "sel src" is one more line with src for each state
        assert got == (2 * states, 1 if types else 0), f"types {types:#x}: {got}"
    assert "proto 135" in policy_of_ha() or "mobility-header" in policy_of_ha()
    node_type(ha, 0)


def policy_of_ha():
    node_type(ha, HOME)
    return ip_out("ha", "xfrm policy")


@test
def flushed_behind_our_back():
    """`ip xfrm state flush` by someone else: enabling again repairs it, disabling does not stumble."""
    node_type(ha, HOME)
    ip("ha", "xfrm state flush", "xfrm policy flush ptype sub")
    assert is_clean("ha")
    node_type(ha, HOME)
    Raw("mn").send(bu())
    sock = MhSocket("ha")
    Raw("mn").send(bu())
    assert sock.receive()["type"] == 5
    ip("ha", "xfrm state flush", "xfrm policy flush ptype sub")
    node_type(ha, 0)
    assert is_clean("ha")


@test
def taken_by_someone_else():
    """A wildcard state of another program is in the way: refused with a sentence, nothing left."""
    state = "xfrm state add src :: dst :: proto hao mode ro flag wildrecv coa ::"
    ip("cn", state)
    refused(17, "XFRM state", cn, "nodetype_info", nodetype=HOME, nodetype_mask=HOME)
    assert cn.request("nodetype_get")[0][1]["nodetype"] == 0
    assert not ip_out("cn", "xfrm policy")
    ip("cn", "xfrm state flush")
    node_type(cn, HOME)


if __name__ == "__main__":
    main(before=before)
