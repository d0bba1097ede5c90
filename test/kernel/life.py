# SPDX-License-Identifier: GPL-2.0-or-later
"""Coming and going: devices, namespaces and the module itself removed while packets flow."""
import subprocess
import threading

from testlib import *  # noqa: F403  pylint: disable=wildcard-import,unused-wildcard-import

BC = {"hoa": HOA, "local": HA_CORE, "coa": COA, "lifetime": DAY, "flags": F_HOME}
BUL = {"hoa": HOA, "peer": HA_CORE, "coa": COA, "lifetime": DAY, "flags": F_HOME}


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Traffic:
    """Packets through the tunnel both ways, forged ones, and solicitations, as fast as it goes."""

    def __enter__(self):
        self.stop, self.sent = False, 0
        self.sockets = [Udp("cn", CN, 5000), Raw("bad"), Raw("mn"), Link("h")]
        self.thread = threading.Thread(target=self.loop)
        self.thread.start()
        eventually(lambda: self.sent > 20, "traffic flows")
        return self

    def loop(self):
        c, bad, m, link = self.sockets
        forged = ipv6(BAD, HA_CORE, 41, udp_packet(HOA, CN, b"forged"))
        true = ipv6(COA, HA_CORE, 41, udp_packet(HOA, CN, b"true"))
        probe = icmpv6("::", "ff02::1:ff00:100", 135, 0, b"\0\0\0\0" + addr(HOA))
        while not self.stop:
            for send in (lambda: c.send(b"x", HOA), lambda: bad.send(forged), lambda: m.send(true),
                         lambda: link.send(probe)):
                try:
                    send()
                except OSError:
                    pass
            self.sent += 1
            time.sleep(0)

    def __exit__(self, *_):
        self.stop = True
        self.thread.join()
        self.sockets[0].close()


def setup_ha(node="ha"):
    m = Mipsock(node)
    m.request("nodetype_info", nodetype=HOME, nodetype_mask=HOME)
    m.request("bc_add", **BC, ifindex=ifindex(node, "eth0"))
    add_mip_device("mip0", node)
    ip(node, "link set mip0 addrgenmode none", "link set mip0 up",
       f"route replace {HOA}/128 via fe80::1 dev mip0")
    return m


def setup_mn():
    m = Mipsock("mn")
    m.request("nodetype_info", nodetype=MOBILE, nodetype_mask=MOBILE)
    m.request("bul_add", **BUL)
    add_mip_device("mip0", "mn")
    ip("mn", "link set mip0 addrgenmode none", "link set mip0 up", f"address add {HOA}/128 dev mip0 nodad")
    ip6("mn", "route replace default via fe80::1 dev mip0 table 100")
    if HOA not in ip_out("mn", "-6 rule"):
        ip6("mn", f"rule add from {HOA} table 100")
    return m


def works():
    with udp(("cn", CN, 6000), ("mn", HOA, 6000)) as (c, m):
        c.send(b"works", HOA, 6000)
        m.expect(b"works", CN)
        m.send(b"and back", CN, 6000)
        c.expect(b"and back", HOA)


@test
def devices_under_traffic():
    setup_ha()
    setup_mn()
    with Traffic() as t:
        for _ in range(15):
            ip("ha", "link del mip0")
            add_mip_device("mip0", "ha")
            ip("ha", "link set mip0 addrgenmode none", "link set mip0 up",
               f"route replace {HOA}/128 via fe80::1 dev mip0")
            at = t.sent
            eventually(lambda: t.sent > at + 3, "traffic flows")  # pylint: disable=cell-var-from-loop
    works()


@test
def bindings_under_traffic():
    """Replaced, removed, expired and added while every packet looks them up."""
    ha = Mipsock("ha")
    with Traffic():
        for i in range(300):
            ha.request("bc_add", **{**BC, "coa": (COA, COA2, BAD)[i % 3], "bid": i % 4, "lifetime": 1 + i % 40},
                       ifindex=ifindex("ha", "eth0"), mnps=[f"2001:db8:{0x700 + i % 5:x}::/48"])
            if i % 10 == 9:
                ha.request("bc_flush")
    eventually(lambda: not ha.dump("bc_get"), "all end")
    ha.request("bc_add", **BC)
    works()


@test
def device_in_another_namespace():
    """The overlay moves, the outer packets stay where the device was made (as with ip6tnl)."""
    ip("ha", "link del mip0")
    add_mip_device("mip0", "ha")
    run("ip", "netns", "add", "overlay")
    ip("ha", "link set mip0 netns overlay", "link add up0 type veth peer name up1 netns overlay",
       "link set up0 up", "address add 2001:db8:ee::1/64 dev up0 nodad",
       f"route replace {HOA}/128 via 2001:db8:ee::2", f"route replace 2001:db8:ee::2 dev up0")
    ip("overlay", "link set mip0 addrgenmode none", "link set mip0 up", "link set up1 up",
       "address add 2001:db8:ee::2/64 dev up1 nodad", f"route add {HOA}/128 via fe80::1 dev mip0")
    ip6("overlay", "route add default via 2001:db8:ee::1")
    sysctl("overlay", "ipv6/conf/all/forwarding", 1)
    works()
    # the home of the outer packets stays, the overlay goes: so does the device
    with Traffic():
        run("ip", "netns", "del", "overlay")
        eventually(lambda: add_again("ha"), "the device has gone with its namespace")
    ip("ha", f"route replace {HOA}/128 via fe80::1 dev mip0")
    works()


def add_again(node):
    try:
        add_mip_device("mip0", node)
    except Refused:
        return False
    ip(node, "link set mip0 addrgenmode none", "link set mip0 up")
    return True


@test
def underlay_goes():
    """The namespace of the bindings goes while its device lives elsewhere."""
    run("ip", "netns", "add", "under")
    run("ip", "netns", "add", "over")
    m = Mipsock("under")
    m.request("nodetype_info", nodetype=0xf, nodetype_mask=0xf)
    m.request("bc_add", **BC)
    m.request("bul_add", **{**BUL, "hoa": "2001:db8:1::200"})
    add_mip_device("mip0", "under")
    add_mip_device("mip1", "under", 1)
    ip("under", "link set mip0 netns over")
    ip("over", "link set mip0 up")
    m.close()
    run("ip", "netns", "del", "under")
    eventually(lambda: "mip0" not in ip_out("over", "link"), "the device goes with its underlay")
    run("ip", "netns", "del", "over")


@test
def namespaces_with_everything():
    """Many namespaces with bindings, devices, hooks, states and running timers, deleted at once."""
    for _ in range(3):
        names = [f"n{i}" for i in range(8)]
        for n in names:
            run("ip", "netns", "add", n)
            m = Mipsock(n)
            m.request("nodetype_info", nodetype=0xf, nodetype_mask=0xf)
            ip(n, "link set lo up", "link add v0 type veth peer name v1", "link set v0 up", "link set v1 up")
            for i in range(20):
                m.request("bc_add", **{**BC, "hoa": f"2001:db8:1::{i + 1:x}", "lifetime": 1 + 20 * i},
                          ifindex=ifindex(n, "v0"), mnps=[f"2001:db8:{i + 0x100:x}::/48"])
                m.request("bul_add", **{**BUL, "hoa": f"2001:db8:1::{i + 1:x}", "lifetime": 1 + 20 * i})
                m.request("bul_add", **{**BUL, "hoa": f"2001:db8:1::{i + 1:x}", "peer": CN, "flags": 0})
                m.request("dad", dad_cmd=1, hoa=f"2001:db8:1::f:{i:x}", ifindex=ifindex(n, "v0"), flags=F_LL)
            add_mip_device("mip0", n)
            add_mip_device("mip9", n, 9)
            m.close()
        for n in names:
            run("ip", "netns", "del", n)


@test
def module_under_traffic():
    """rmmod and insmod again and again, devices up and packets flowing."""
    for i in range(6):
        with Traffic() as t:
            at = t.sent
            run("rmmod", "mipsock")
            eventually(lambda: t.sent > at + 5, "traffic goes on")  # pylint: disable=cell-var-from-loop
            run("modprobe", "mipsock")
        for node in ("ha", "mn"):
            assert "mip0" not in ip_out(node, "link")
            assert not ip_out(node, "xfrm state") and not ip_out(node, "xfrm policy")
        assert "allmulti 0" in ip_out("ha", "-d link show eth0")
        setup_ha()
        setup_mn()
        if i % 3 == 0:
            works()


@test
def load_and_unload():
    run("rmmod", "mipsock")
    for _ in range(10):
        run("modprobe", "mipsock")
        run("rmmod", "mipsock")
    run("modprobe", "mipsock")


if __name__ == "__main__":
    main()
