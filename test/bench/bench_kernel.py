# SPDX-License-Identifier: GPL-2.0-or-later
"""Datapath and binding cache of the module: forwarding and decapsulation
against ip6tnl, adding and changing bindings, memory.

Two network namespaces have the same shape, and packets of the generator pass
one or the other; only the tunnel differs, and neither sees the other's:

    in0 (dummy) --> routing --> mip0 or ip6tnl --> routing --> out0 (dummy)
"""

import os
import time

from benchlib import (BenchError, fields, interleave, median, namespaces, ratio, read, run, say,
                      spread, sysctl, write)

GEN = "/proc/mipbench_gen"
BC = "/proc/mipbench_bc"
NODETYPE_HA = 0x02
PACKET = 128
BATCH = 100

HA = "2001:db8:2::2"
GATEWAY = "2001:db8:2::1"
HOA_NET = "2001:db8:100::/64"
STATIC_END = "2001:db8:d00::1"


def node(ns):
    """Ingress, egress, the home agent's address and a route to everywhere."""
    with ns:
        sysctl("net.ipv6.conf.all.forwarding", 1)
        sysctl("net.ipv6.conf.default.accept_dad", 0)
        run("ip", "link", "set", "lo", "up")
        for dev in ("in0", "out0"):
            run("ip", "link", "add", dev, "type", "dummy")
            run("ip", "link", "set", dev, "addrgenmode", "none")
            run("ip", "link", "set", dev, "up")
        run("ip", "addr", "add", f"{HA}/64", "dev", "out0", "nodad")
        run("ip", "-6", "route", "add", "default", "via", GATEWAY, "dev", "out0")


def tunnel_up(dev):
    run("ip", "link", "set", dev, "mtu", 1460, "up")


def mip_node(ns, tools):
    node(ns)
    with ns:
        run(f"{tools}/bench-netlink", "nodetype", NODETYPE_HA)
        run("ip", "link", "add", "mip0", "type", "mip")
        tunnel_up("mip0")
        run("ip", "-6", "route", "add", HOA_NET, "via", "fe80::1", "dev", "mip0")


def static_node(ns):
    """The same packets through one ip6tnl: without an encapsulation limit option, as mip has
    none, and of a mode in which it keeps the route in its cache: the fastest that it can be."""
    node(ns)
    with ns:
        run("ip", "link", "add", "tnl0", "type", "ip6tnl", "mode", "ip6ip6", "local", HA,
            "remote", STATIC_END, "encaplimit", "none", "hoplimit", 64)
        tunnel_up("tnl0")
        run("ip", "-6", "route", "add", HOA_NET, "via", "fe80::1", "dev", "tnl0")
        run("ip", "link", "add", "tnl1", "type", "ip6tnl", "external")
        tunnel_up("tnl1")


def generate(ns, kind, check, count, seed, bindings, gen=0):
    """One run of the generator; every packet must have come out (none of kind forged)."""
    with ns:
        write(GEN, f"{kind} {check} in0 out0 {count} {seed} {bindings} {gen} {PACKET}")
    got = fields(read(GEN))
    if got["sent"] != count:
        raise BenchError(f"{kind}: {got['sent']} of {count} packets made")
    if kind in ("forward", "decap") and got["out"] < count:
        raise BenchError(f"{kind}: {got['out']} of {count} packets came out in {ns.name}")
    if kind == "forged" and got["out"] > 2:
        raise BenchError(f"{got['out']} of {count} forged packets came out in {ns.name}")
    if check != "-" and (got["bad"] or got["good"] != count):
        raise BenchError(f"{kind}: {got['good']} of {count} packets right, {got['bad']} wrong "
                         f"in {ns.name}")
    return got["ns"] / count


def bindings_tool(ns, tools, op, first, count, gen=0, seed=0):
    """Microseconds for each change, over netlink."""
    with ns:
        got = fields(run(f"{tools}/bench-netlink", op, first, count, gen, seed, BATCH))
    return got["usec"] / got["count"]


def flush(ns, tools):
    with ns:
        run(f"{tools}/bench-netlink", "flush")


def measure_path(key, kind, mip, ref, bindings, scale):
    """Forwarding or decapsulation with so many bindings in place."""
    check = {"forward": ("binding", "static"), "decap": ("plain", "plain")}[kind]
    for ns, how in ((mip, check[0]), (ref, check[1])):
        generate(ns, kind, how, scale["check"], 99, bindings)
    if kind == "decap":
        generate(mip, "forged", "-", scale["check"], 98, bindings)
    rounds, count = scale["rounds"], scale["packets"]
    variants = {
        "mip": lambda r: generate(mip, kind, "-", count, 1000 + r, bindings),
        "ref": lambda r: generate(ref, kind, "-", count, 1000 + r, bindings),
        "none": lambda r: generate(ref, "none", "-", count, 1000 + r, bindings),
    }
    got = interleave(rounds, variants)
    figure = ratio(got["mip"], got["ref"])
    ns_mip, ns_ref, ns_gen = median(got["mip"]), median(got["ref"]), median(got["none"])
    ratios = [m / r for m, r in zip(got["mip"], got["ref"])]
    say(f"{key}: {figure:.2f} (mip {ns_mip:.0f} ns, ip6tnl {ns_ref:.0f} ns a packet, of which "
        f"{ns_gen:.0f} ns are the generator's; {rounds} rounds, quartiles +-{spread(ratios):.0%})")
    return {"value": round(figure, 3),
            "baseline": f"ip6tnl {ns_ref:.0f} ns, mip {ns_mip:.0f} ns a packet"}


def measure_paths(keys, tools, quick):
    """forward_* and decap_*"""
    sizes = {"1k": 256, "131k": 4096} if quick else {"1k": 1024, "131k": 131072}
    scales = {
        "1k": {"rounds": 4, "packets": 2000, "check": 1000} if quick else
              {"rounds": 100, "packets": 20000, "check": 20000},
        "131k": {"rounds": 4, "packets": 4096, "check": 4096} if quick else
                {"rounds": 41, "packets": 131072, "check": 131072},
    }
    out = {}
    with namespaces("mip", "ref") as (mip, ref):
        mip_node(mip, tools)
        static_node(ref)
        have = 0
        for label, bindings in sizes.items():
            wanted = [k for k in (f"forward_{label}", f"decap_{label}") if k in keys]
            if not wanted:
                continue
            bindings_tool(mip, tools, "add", have, bindings - have)
            have = bindings
            for key in wanted:
                say(f"{key}: {bindings} bindings")
                try:
                    out[key] = measure_path(key, key.split("_")[0], mip, ref, bindings,
                                            scales[label])
                except BenchError as e:
                    say(f"{key}: {e}")
        flush(mip, tools)
    return out


def measure_netlink(tools, quick):
    """bc_add_netlink_us and bc_update_netlink_us, with a plain route for comparison."""
    count, rounds = (4096, 2) if quick else (131072, 5)
    add, update, route = [], [], []
    with namespaces("mip") as (mip,):
        mip_node(mip, tools)
        for r in range(rounds):
            add.append(bindings_tool(mip, tools, "add", 0, count, 0, 2 * r + 1))
            update.append(bindings_tool(mip, tools, "add", 0, count, 1, 2 * r + 2))
            flush(mip, tools)
            route.append(bindings_tool(mip, tools, "route-add", 0, count // 8, 0, r + 1))
            bindings_tool(mip, tools, "route-del", 0, count // 8, 0, r + 1)
    base = f"a plain /128 route the same way {median(route):.2f} us"
    say(f"netlink: add {median(add):.2f} us, update {median(update):.2f} us ({base}; {count} "
        f"bindings, {rounds} rounds, add {min(add):.2f}..{max(add):.2f})")
    return {"bc_add_netlink_us": {"value": round(median(add), 2), "baseline": base},
            "bc_update_netlink_us": {"value": round(median(update), 2), "baseline": base}}


def measure_inside(tools, quick):
    """bc_add_kernel_us and bc_update_kernel_us, by the module's own functions."""
    if not os.path.exists(BC):
        raise BenchError("mipsock.ko was built without MIPSOCK_BENCH=1")
    count, rounds = (4096, 2) if quick else (131072, 9)
    add, update = [], []
    with namespaces("mip") as (mip,):
        mip_node(mip, tools)
        for r in range(rounds):
            with mip:
                write(BC, f"set 0 {count} 0 {2 * r + 1}")
                add.append(fields(read(BC))["ns"] / count / 1000)
                write(BC, f"set 0 {count} 1 {2 * r + 2}")
                update.append(fields(read(BC))["ns"] / count / 1000)
            flush(mip, tools)
    say(f"inside the kernel: add {median(add):.2f} us, update {median(update):.2f} us "
        f"({count} bindings, {rounds} rounds, add {min(add):.2f}..{max(add):.2f}, "
        f"update {min(update):.2f}..{max(update):.2f})")
    return {"bc_add_kernel_us": {"value": round(median(add), 2), "baseline": ""},
            "bc_update_kernel_us": {"value": round(median(update), 2), "baseline": ""}}


def memory():
    """(free, slab and vmalloc) in octets, after the caches have been dropped."""
    run("sync")
    time.sleep(1) # what waits for RCU or for the hash table's worker comes to rest
    write("/proc/sys/vm/drop_caches", "3")
    info = {line.split(":")[0]: int(line.split()[1]) * 1024
            for line in read("/proc/meminfo").splitlines()}
    return info["MemFree"], info["Slab"] + info["VmallocUsed"]


def measure_bytes(tools, quick):
    """bc_bytes: by how much so many bindings made slab and vmalloc memory grow, hash table and
    waste at the ends of slabs included. Free memory shows less, as pages return late."""
    count, rounds = (16384, 1) if quick else (131072, 3)
    by_free, by_slab = [], []
    with namespaces("mip") as (mip,):
        mip_node(mip, tools)
        bindings_tool(mip, tools, "add", 0, 1024) # the code of both directions is in memory now
        flush(mip, tools)
        # What a flush gives back may stay with the slab allocator: all rounds count from here.
        free0, slab0 = memory()
        for _ in range(rounds):
            bindings_tool(mip, tools, "add", 0, count)
            free1, slab1 = memory()
            flush(mip, tools)
            by_free.append((free0 - free1) / count)
            by_slab.append((slab1 - slab0) / count)
    say(f"bc_bytes: {median(by_slab):.0f} of slab and vmalloc, {median(by_free):.0f} less free "
        f"({count} bindings, {rounds} rounds)")
    return {"bc_bytes": {"value": round(median(by_slab)),
                         "baseline": f"free memory fell by {median(by_free):.0f}"}}
