# SPDX-License-Identifier: GPL-2.0-or-later
"""MIPSOCK from the outside, octet by octet, for tests of the kernel module.

The daemons' client is src/io/mipsock.c; this one can also say what no decent client would: wrong
lengths, unknown attributes, reserved fields. Constants are read from the header, so that a test
cannot agree with the kernel about a number that the header does not have.
"""
import contextlib
import ctypes
import ctypes.util
import ipaddress
import os
import re
import select
import socket
import struct
import time

HEADER = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../include/uapi/linux/mipsock.h")
NETLINK_GENERIC, NETLINK_ROUTE = 16, 0
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NETLINK_EXT_ACK, NETLINK_CAP_ACK = 270, 1, 11, 10
NETLINK_GET_STRICT_CHK = 12
NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_DUMP = 1, 2, 4, 0x300
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLA_F_NESTED = 0x8000
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_MCAST_GROUPS = 1, 2, 7


def read_header(path=HEADER):
    """All enumerators and numeric #defines of the contract, as {name: number}."""
    text = re.sub(r"/\*.*?\*/", "", open(path, encoding="ascii").read(), flags=re.S)
    numbers = {m[0]: int(m[1], 0) for m in
               re.findall(r"#define\s+(\w+)\s+(0x[0-9a-fA-F]+|\d+)\s*$", text, flags=re.M)}
    for body in re.findall(r"enum\s*\w*\s*\{(.*?)\}", text, flags=re.S):
        value = -1
        for item in filter(None, (i.strip() for i in body.split(","))):
            name, _, given = (p.strip() for p in item.partition("="))
            value = eval(given, {}, dict(numbers)) if given else value + 1  # pylint: disable=eval-used
            numbers[name] = value
    return numbers


C = type("C", (), read_header())
ATTR = {v: k for k, v in vars(C).items() if k.startswith("MIPA_") and not k.endswith("_MAX")}
MSG = {v: k for k, v in vars(C).items() if k.startswith("MIPM_") and not k.endswith("_MAX")}
ADDRS = {C.MIPA_HOA, C.MIPA_LOCAL, C.MIPA_PEER, C.MIPA_COA, C.MIPA_MNP_PREFIX}
U8 = {C.MIPA_HOA_PLEN, C.MIPA_STATE, C.MIPA_MNP_PLEN, C.MIPA_REASON, C.MIPA_MD_CMD,
      C.MIPA_BE_STATUS, C.MIPA_DAD_CMD, C.MIPA_DAD_RESULT}
U16 = {C.MIPA_BID, C.MIPA_SEQ}
U64 = {C.MIPA_TIMESTAMP, C.MIPA_STAT_VALUE}
STRINGS = {C.MIPA_STAT_NAME, C.MIPA_STAT_HELP}


class Refused(Exception):
    """The kernel's answer to a request it did not like."""

    def __init__(self, errno, text):
        super().__init__(f"{os.strerror(errno)} ({errno}): {text or 'no extack'}")
        self.errno, self.text = errno, text


def addr(text):
    """16 octets; IPv4 in the mapped form."""
    a = ipaddress.ip_address(text)
    return a.packed if a.version == 6 else b"\0" * 10 + b"\xff\xff" + a.packed


def addr_text(octets):
    a = ipaddress.IPv6Address(octets)
    return str(a.ipv4_mapped or a)


def nla(kind, payload):
    return struct.pack("=HH", 4 + len(payload), kind) + payload + b"\0" * (-len(payload) % 4)


def parse_nlas(data):
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        if length < 4 or at + length > len(data):
            raise ValueError("broken attribute")
        yield kind & 0x3fff, data[at + 4:at + length]
        at += (length + 3) & ~3


def encode(name, value):
    """One attribute from its name without MIPA_ in lower case; octets go as they are."""
    kind = getattr(C, "MIPA_" + name.upper())
    if kind == C.MIPA_MNPS and not isinstance(value, bytes):
        mnps = b""
        for prefix in value:
            p, _, plen = prefix.partition("/")
            plen = int(plen) + (96 if "." in p else 0)
            mnps += nla(C.MIPA_MNP | NLA_F_NESTED, nla(C.MIPA_MNP_PREFIX, addr(p)) +
                        nla(C.MIPA_MNP_PLEN, bytes([plen])))
        return nla(kind | NLA_F_NESTED, mnps)
    if isinstance(value, str):
        value = addr(value)
    elif not isinstance(value, bytes):
        value = struct.pack("=B" if kind in U8 else "=H" if kind in U16 else
                            "=Q" if kind in U64 else "=I", value)
    return nla(kind, value)


def decode(data):
    out = {}
    for kind, value in parse_nlas(data):
        name = ATTR[kind][5:].lower()
        if kind == C.MIPA_PAD:
            continue
        if kind == C.MIPA_MNPS:
            out[name] = []
            for _, mnp in parse_nlas(value):
                parts = dict(parse_nlas(mnp))
                prefix = addr_text(parts[C.MIPA_MNP_PREFIX])
                plen = parts[C.MIPA_MNP_PLEN][0] - (96 if "." in prefix else 0)
                out[name].append(f"{prefix}/{plen}")
        elif kind in ADDRS:
            out[name] = addr_text(value)
        elif kind in STRINGS:
            out[name] = value.rstrip(b"\0").decode()
        else:
            want = 1 if kind in U8 else 2 if kind in U16 else 8 if kind in U64 else 4
            if len(value) != want:
                raise ValueError(f"{ATTR[kind]} has {len(value)} octets")
            out[name] = int.from_bytes(value, "little")
    return out


_libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)


@contextlib.contextmanager
def in_netns(name):
    """What is opened inside belongs to the namespace (None: this one)."""
    if name is None:
        yield
        return
    here, there = os.open("/proc/thread-self/ns/net", 0), os.open("/run/netns/" + name, 0)
    try:
        if _libc.setns(there, 0x40000000):
            raise OSError(ctypes.get_errno(), "setns " + name)
        yield
    finally:
        _libc.setns(here, 0x40000000)
        os.close(here)
        os.close(there)


class Mipsock:
    """A MIPSOCK socket in a network namespace."""

    def __init__(self, netns=None, groups=(), buffer=4 << 20):
        with in_netns(netns):
            self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.sock.bind((0, 0))
        for option in (NETLINK_EXT_ACK, NETLINK_CAP_ACK):
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        if os.geteuid() == 0:
            self.sock.setsockopt(socket.SOL_SOCKET, 33, buffer)  # SO_RCVBUFFORCE
        self.portid = self.sock.getsockname()[0]
        self.seq = 0
        self.kept = []
        self.family, self.groups = 0, {}
        self._resolve()
        for group in groups:
            self.join(group)

    def close(self):
        self.sock.close()

    def join(self, group):
        self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, self.groups[group])

    def _resolve(self):
        self.send_raw(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_REQUEST | NLM_F_ACK,
                      nla(CTRL_ATTR_FAMILY_NAME, b"MIPSOCK\0"))
        for _, payload in self._answers():
            for kind, value in parse_nlas(payload[4:]):
                if kind == CTRL_ATTR_FAMILY_ID:
                    self.family = struct.unpack("=H", value)[0]
                elif kind == CTRL_ATTR_MCAST_GROUPS:
                    for _, group in parse_nlas(value):
                        parts = dict(parse_nlas(group))
                        self.groups[parts[1].rstrip(b"\0").decode()] = \
                            struct.unpack("=I", parts[2])[0]

    def send_raw(self, kind, cmd, flags, attrs, reserved=0):
        self.seq += 1
        body = struct.pack("=BBH", cmd, 1, reserved) + attrs
        self.sock.send(struct.pack("=IHHII", 16 + len(body), kind, flags, self.seq, 0) + body)

    def _receive(self, timeout):
        """One datagram's messages as (type, seq, portid, flags, payload); [] when none came."""
        if not select.select([self.sock], [], [], timeout)[0]:
            return []
        data, at, out = self.sock.recv(1 << 20), 0, []
        while at + 16 <= len(data):
            length, kind, flags, seq, portid = struct.unpack_from("=IHHII", data, at)
            out.append((kind, seq, portid, flags, data[at + 16:at + length]))
            at += (length + 3) & ~3
        return out

    @staticmethod
    def _raise(flags, payload):
        errno = -struct.unpack_from("=i", payload)[0]
        if not errno:
            return
        text = None
        if flags & NLM_F_ACK_TLVS:
            at = 20 if flags & NLM_F_CAPPED else 4 + struct.unpack_from("=I", payload, 4)[0]
            text = dict(parse_nlas(payload[at:])).get(1)
        raise Refused(errno, text and text.rstrip(b"\0").decode())

    def _answers(self):
        out = []
        while True:
            messages = self._receive(10)
            if not messages:
                raise TimeoutError("no answer from the kernel")
            for kind, seq, portid, flags, payload in messages:
                if seq != self.seq or not seq:
                    self.kept.append((kind, seq, portid, flags, payload))
                elif kind == NLMSG_ERROR:
                    self._raise(flags, payload)
                    return out
                elif kind == NLMSG_DONE:
                    self._raise(flags, payload)
                    return out
                else:
                    out.append((payload[0] if payload else None, payload))

    def request(self, cmd, dump=False, raw=b"", reserved=0, **attrs):
        """Sends MIPM_<cmd>; returns [(message name, attributes)]; raises Refused."""
        data = b"".join(encode(k, v) for k, v in attrs.items()) + raw
        self.send_raw(self.family, getattr(C, "MIPM_" + cmd.upper()) if isinstance(cmd, str) else cmd,
                      NLM_F_REQUEST | NLM_F_ACK | (NLM_F_DUMP if dump else 0), data, reserved)
        return [(MSG[c][5:].lower(), decode(p[4:])) for c, p in self._answers()]

    def dump(self, cmd):
        return [attrs for _, attrs in self.request(cmd, dump=True)]

    def event(self, timeout=5.0, **want):
        """The next event whose attributes include @want: {"msg":, "portid":, ...}; None in time."""
        end = time.monotonic() + timeout
        while True:
            while self.kept:
                kind, seq, portid, _, payload = self.kept.pop(0)
                if kind != self.family or seq:
                    continue
                event = decode(payload[4:])
                event.update(msg=MSG[payload[0]][5:].lower(), portid=portid)
                if all(event.get(k) == v for k, v in want.items()):
                    return event
            left = end - time.monotonic()
            more = self._receive(max(left, 0))
            if left < 0 and not more:
                return None
            self.kept += more

    def stats(self):
        return {s["stat_name"].replace("-", "_"): s["stat_value"] for s in self.dump("stats_get")}


def add_mip_device(name, netns=None, bid=None, mtu=None):
    """`ip link add NAME type mip bid BID`, as iproute2 does not know the kind."""
    with in_netns(netns):
        s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
    info = nla(1, b"mip\0")
    if bid is not None:
        info += nla(2 | NLA_F_NESTED, nla(C.IFLA_MIP_BID, struct.pack("=H", bid)))
    body = struct.pack("=BBHiII", 0, 0, 0, 0, 0, 0) + nla(3, name.encode() + b"\0")
    if mtu:
        body += nla(4, struct.pack("=I", mtu))
    body += nla(18 | NLA_F_NESTED, info)
    s.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    s.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
    s.send(struct.pack("=IHHII", 16 + len(body), 16, 0x605, 1, 0) + body)
    answer = s.recv(65536)
    flags = struct.unpack_from("=H", answer, 6)[0]
    s.close()
    Mipsock._raise(flags, answer[16:])  # pylint: disable=protected-access
