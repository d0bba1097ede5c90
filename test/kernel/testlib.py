# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel module's scenarios share: the nodes, packets, and a runner.

A test is a function marked @test; it begins with empty tables. Absence is never shown by waiting:
a test that expects no packet sends one more that must arrive, and looks what came before it.
"""
import contextlib
import os
import select
import socket
import struct
import subprocess
import sys
import time
import traceback

from mipsock import C, Mipsock, Refused, add_mip_device, addr, in_netns  # noqa: F401

SLOW = float(os.environ.get("LAB_SLOW", "1"))
LIMIT = 5.0 * SLOW
HOME, MOBILE = C.MIPSOCK_NODETYPE_HA | C.MIPSOCK_NODETYPE_CN, C.MIPSOCK_NODETYPE_MN
F_HOME, F_LL, F_ROUTER = C.MIPSOCK_F_HOME, C.MIPSOCK_F_LINK_LOCAL, C.MIPSOCK_F_ROUTER

HOA, HOA4 = "2001:db8:1::100", "10.1.0.100"
HA_HOME, HA_CORE, CN, CN4 = "2001:db8:1::1", "2001:db8:ff::1", "2001:db8:c::2", "10.12.0.2"
COA, COA2, BAD = "2001:db8:a::5", "2001:db8:a::6", "2001:db8:a::bad"
DAY = 86400000

_tests = []


def test(function):
    _tests.append(function)
    return function


def ip(node, *lines, family=()):
    """ip(8) requests on a node, in one process."""
    subprocess.run(["ip", *family, "-n", node, "-batch", "-"], input="\n".join(lines) + "\n",
                   text=True, check=True, stdout=subprocess.DEVNULL)


def ip6(node, *lines):
    ip(node, *lines, family=("-6",))


def ip_out(node, request):
    return subprocess.run(["ip", "-n", node] + request.split(), text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def sysctl(node, name, value):
    """Writes below /proc/sys/net of a node."""
    # what it shows is the namespace of who opens it
    with in_netns(node), open(f"/proc/sys/net/{name}", "w", encoding="ascii") as f:
        f.write(str(value))


def ifindex(node, device):
    with in_netns(node):
        return socket.if_nametoindex(device)


def lladdr(node, device):
    with in_netns(node), open_ioctl() as s:
        import fcntl
        answer = fcntl.ioctl(s.fileno(), 0x8927, struct.pack("256s", device.encode()))
        return answer[18:24]


def open_ioctl():
    return socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)


def eventually(condition, text, limit=LIMIT):
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {limit} s: {text}")
        time.sleep(0.01)


def refused(errno, text, mipsock, cmd, **attrs):
    """The request must be refused with this errno (or one of these) and a sentence with @text."""
    try:
        mipsock.request(cmd, **attrs)
    except Refused as e:
        assert e.errno in (errno if isinstance(errno, tuple) else (errno,)), f"{cmd} {attrs}: {e}, wanted {errno}"
        assert text in (e.text or ""), f"{cmd} {attrs}: '{e.text}' does not say '{text}'"
        return
    raise AssertionError(f"{cmd} {attrs} was accepted, wanted: {text}")


class Counters:
    """with Counters(mipsock) as c: ...; c["rx_forged_coa"] is what was added inside."""

    def __init__(self, mipsock):
        self.mipsock = mipsock

    def __enter__(self):
        self.before = self.mipsock.stats()
        return self

    def __exit__(self, *_):
        pass

    def __getitem__(self, name):
        return self.mipsock.stats()[name] - self.before[name]


class Udp:
    """A UDP socket of a node."""

    def __init__(self, node, address, port=7):
        self.family = socket.AF_INET if "." in address else socket.AF_INET6
        with in_netns(node):
            self.sock = socket.socket(self.family, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        v4 = self.family == socket.AF_INET
        level = socket.IPPROTO_IP if v4 else socket.IPPROTO_IPV6
        self.sock.setsockopt(level, 10 if v4 else 23, 2)  # IP_MTU_DISCOVER, IPV6_MTU_DISCOVER: DO
        self.sock.setsockopt(level, 11 if v4 else 25, 1)  # IP_RECVERR, IPV6_RECVERR
        self.sock.bind((address, port))

    def send(self, data, address, port=7):
        self.sock.sendto(data, (address, port))

    def receive(self, limit=LIMIT):
        """(data, sender), or None."""
        if not select.select([self.sock], [], [], limit)[0]:
            return None
        data, sender = self.sock.recvfrom(65536)
        return data, sender[0]

    def expect(self, data, sender=None):
        """The next datagram must be this one."""
        got = self.receive()
        assert got, f"nothing came, wanted {data[:20]!r}"
        assert got[0] == data, f"{got[0][:20]!r} came from {got[1]}, wanted {data[:20]!r}"
        assert sender in (None, got[1]), f"it came from {got[1]}, wanted {sender}"

    def error(self):
        """The socket's pending error (from ICMP), waiting for it; 0 when none came."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            errno = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if errno:
                return errno
            time.sleep(0.01)
        return 0

    def close(self):
        self.sock.close()


@contextlib.contextmanager
def udp(*args):
    """Several Udp((node, address[, port])), closed at the end."""
    sockets = []
    try:
        for a in args:
            sockets.append(Udp(*a))
        yield sockets
    finally:
        for s in sockets:
            s.close()


def roundtrip(a, b, address_a, address_b, size=20):
    """A datagram there and one back."""
    a.send(b"to" + b"." * size, address_b)
    b.expect(b"to" + b"." * size, address_a)
    b.send(b"back" + b"." * size, address_a)
    a.expect(b"back" + b"." * size, address_b)


def checksum(source, destination, proto, data):
    total = sum(struct.unpack("!16H", addr(source) + addr(destination))) + len(data) + proto
    data += b"\0" * (len(data) % 2)
    total += sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff or 0xffff


def ipv6(source, destination, proto, payload, hops=64):
    return struct.pack("!IHBB", 6 << 28, len(payload), proto, hops) + addr(source) + \
        addr(destination) + payload


def ipv4(source, destination, proto, payload, flags=0):
    def header(check):
        return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, flags, 64, proto, check) + \
            addr(source)[12:] + addr(destination)[12:]
    total = sum(struct.unpack("!10H", header(0)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return header(~total & 0xffff) + payload


def udp_packet(source, destination, payload, port=7):
    data = struct.pack("!HHHH", port, port, 8 + len(payload), 0) + payload
    if "." in source:
        return ipv4(source, destination, 17, data)
    check = checksum(source, destination, 17, data)
    return ipv6(source, destination, 17, data[:6] + struct.pack("!H", check) + data[8:])


def icmpv6(source, destination, kind, code, body, hops=255, check=None):
    data = struct.pack("!BBH", kind, code, 0) + body
    if check is None:
        check = checksum(source, destination, 58, data)
    return ipv6(source, destination, 58, data[:2] + struct.pack("!H", check) + data[4:], hops)


class Raw:
    """Whole IPv6 packets from a node, by its routes (any source address)."""

    def __init__(self, node):
        with in_netns(node):
            self.sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)

    def send(self, packet):
        destination = socket.inet_ntop(socket.AF_INET6, packet[24:40])
        self.sock.sendto(packet, (destination, 0))


class Link:
    """Ethernet frames of a node's interface."""

    def __init__(self, node, device="eth0"):
        with in_netns(node):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
            self.sock.bind((device, 0x86dd))
        self.mac = lladdr(node, device)

    def send(self, packet, mac=None, source=None):
        """To the Ethernet address that a multicast destination has, or to @mac."""
        if mac is None:
            mac = b"\x33\x33" + packet[36:40]
        self.sock.send(mac + (source or self.mac) + b"\x86\xdd" + packet)

    def receive(self, match, limit=LIMIT):
        """The next received frame's IPv6 packet for which match(packet) holds, and its source."""
        end = time.monotonic() + limit
        while True:
            left = end - time.monotonic()
            if left < 0 or not select.select([self.sock], [], [], left)[0]:
                return None, None
            frame, where = self.sock.recvfrom(65536)
            if where[2] != 4 and match(frame[14:]):  # 4: outgoing
                return frame[14:], frame[6:12]

    def drain(self):
        while select.select([self.sock], [], [], 0)[0]:
            self.sock.recv(65536)


def clean(*sockets):
    for m in sockets:
        m.request("bc_flush")
        m.request("bul_flush")


def main(before=None):
    """Runs the tests of this program, all or those named as arguments."""
    wanted = sys.argv[1:]
    unknown = set(wanted) - {t.__name__ for t in _tests}
    if unknown:
        sys.exit(f"no such test: {' '.join(unknown)}")
    failed = []
    for t in _tests:
        if wanted and t.__name__ not in wanted:
            continue
        try:
            if before:
                before()
            begin = time.monotonic()
            t()
            print(f"   ok {t.__name__} ({time.monotonic() - begin:.2f} s)", flush=True)
        except Exception:  # pylint: disable=broad-except
            traceback.print_exc()
            print(f"   FAIL {t.__name__}", flush=True)
            failed.append(t.__name__)
    if failed:
        out = os.environ.get("LAB_OUT")
        if out:
            with open(os.path.join(out, "reason"), "w", encoding="ascii") as f:
                f.write("failed: " + " ".join(failed) + "\n")
        sys.exit(1)
