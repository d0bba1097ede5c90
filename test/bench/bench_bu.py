# SPDX-License-Identifier: GPL-2.0-or-later
"""Registrations through had: how many Binding Updates a second, and whether
that depends on how many bindings there are.

Two home agents, each with its own load generator behind a veth, one holding a
few bindings and one holding many; slices of load go to them in turn. One CPU
does it all: had, the kernel on both sides and the generator's system calls."""

import os
import shutil
import signal
import subprocess

from benchlib import (BenchError, fields, median, namespaces, read, run, say, sysctl, wait_until)

HA = "2001:db8:2::2"
GENERATOR = "2001:db8:2::1"
COA_NETS = "2001:db8:c00::/40"
WINDOW = 256

HAD_CONF = """# written by the benchmark
[home-link]
virtual = yes
prefix = 2001:db8:100::/64
address = {ha}
dad = no

[registration]
max-lifetime = 2h

[security]
keys = {keys}
"""


class HomeAgent:
    """had in a namespace of its own, the mobile nodes in another."""

    def __init__(self, name, ha, mns, options, nodes):
        self.name, self.ha, self.mns, self.tools = name, ha, mns, options.tools
        self.dir = f"/run/bench-{name}"
        self.have = 0
        self.seq = {}
        os.makedirs(self.dir, mode=0o755, exist_ok=True)
        self._links()
        keys = f"{self.dir}/keys"
        with open(os.open(keys, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as f:
            f.write(run(f"{self.tools}/bench-bu", "keys", nodes))
        with open(f"{self.dir}/had.conf", "w", encoding="ascii") as f:
            f.write(HAD_CONF.format(ha=HA, keys=keys))
        self.log = open(f"{self.dir}/had.log", "wb") # in memory: a log on the host's disk is slow
        with ha:
            self.had = subprocess.Popen(
                ["lab-notify", "--report", f"{self.dir}/ready", "--timeout", "60", "--",
                 f"{options.build}/src/had/had", "--config", f"{self.dir}/had.conf",
                 "--run-dir", self.dir],
                stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        wait_until(f"had {name} to be ready", self._ready, limit=60)

    def _ready(self):
        if self.had.poll() is not None:
            raise BenchError(f"had has ended with status {self.had.returncode}: {self.last_words()}")
        ready = f"{self.dir}/ready"
        return os.path.exists(ready) and read(ready).startswith("ready")

    def last_words(self):
        self.log.flush()
        return (read(self.log.name).strip().splitlines() or ["it said nothing"])[-1]

    def _links(self):
        a, b = f"ha-{self.name}", f"mn-{self.name}"
        run("ip", "link", "add", a, "netns", self.ha.name, "type", "veth", "peer", "name", b,
            "netns", self.mns.name)
        mac = {}
        for ns, dev, addr in ((self.ha, a, HA), (self.mns, b, GENERATOR)):
            with ns:
                run("ip", "link", "set", "lo", "up")
                run("ip", "addr", "add", f"{addr}/64", "dev", dev, "nodad")
                run("ip", "link", "set", dev, "up")
                mac[dev] = run("ip", "-br", "link", "show", dev).split()[2]
        # Fixed neighbours: address resolution is not what is measured.
        with self.ha:
            sysctl("net.ipv6.conf.all.forwarding", 1)
            run("ip", "neigh", "add", GENERATOR, "lladdr", mac[b], "dev", a, "nud", "permanent")
            run("ip", "-6", "route", "add", COA_NETS, "via", GENERATOR, "dev", a)
        with self.mns:
            run("ip", "neigh", "add", HA, "lladdr", mac[a], "dev", b, "nud", "permanent")
        self.dev = b

    def send(self, first, count, seed=0):
        """One BU from each of these nodes; returns how many a second."""
        seq = self.seq.get(first, 0) + 1
        self.seq[first] = seq
        with self.mns:
            got = fields(run(f"{self.tools}/bench-bu", "send", self.dev, first, count, seq,
                             WINDOW, seed))
        return got["count"] * 1e6 / got["usec"]

    def register(self, count):
        """As many new nodes; returns how many a second."""
        rate = self.send(self.have, count, seed=self.have + 1)
        self.have += count
        return rate

    def stop(self):
        self.had.send_signal(signal.SIGTERM)
        try:
            self.had.wait(10)
        except subprocess.TimeoutExpired:
            self.had.kill()
            self.had.wait()
        self.log.close()
        shutil.copy(self.log.name, f"{os.environ['LAB_OUT']}/had-{self.name}.log")


def stable(rates):
    return f"{min(rates):.0f}..{max(rates):.0f}"


def measure(keys, options):
    """bu_new_per_s_1k, bu_new_per_s_10k, bu_refresh_per_s_10k"""
    small, large = (128, 512) if options.quick else (1000, 10000)
    slices, step = (2, 64) if options.quick else (8, 250)
    want_large = any(k.endswith("_10k") for k in keys)
    new_small, new_large, again_small, again_large = [], [], [], []
    with namespaces("ha1", "mn1", "ha2", "mn2") as (ha1, mn1, ha2, mn2):
        agents = []
        try:
            agents.append(HomeAgent("few", ha1, mn1, options, small + slices * step))
            if want_large:
                agents.append(HomeAgent("many", ha2, mn2, options, large + slices * step))
            say(f"registering {small} and {large} mobile nodes")
            for agent, count in zip(agents, (small, large)):
                while agent.have < count:
                    agent.register(min(1000, count - agent.have))
            for r in range(slices):
                for agent, new, again, count in ((agents[0], new_small, again_small, small),
                                                 (agents[-1], new_large, again_large, large)):
                    if agent is agents[0] and new is new_large:
                        continue
                    new.append(agent.register(step))
                    again.append(agent.send(0, small, seed=r + 1))
        finally:
            for agent in agents:
                agent.stop()
    say(f"had: new {median(new_small):.0f}/s at {small} bindings ({stable(new_small)}), refresh "
        f"{median(again_small):.0f}/s ({stable(again_small)})")
    out = {"bu_new_per_s_1k": {
        "value": round(median(new_small)),
        "baseline": f"refresh {median(again_small):.0f}/s"}}
    if want_large:
        growth = median([a / b for a, b in zip(new_small, new_large)])
        growth_again = median([a / b for a, b in zip(again_small, again_large)])
        say(f"had: new {median(new_large):.0f}/s at {large} bindings ({stable(new_large)}), "
            f"refresh {median(again_large):.0f}/s ({stable(again_large)}); cost of a BU with many "
            f"bindings / with few: new {growth:.2f}, refresh {growth_again:.2f}")
        out["bu_new_per_s_10k"] = {"value": round(median(new_large)),
                                   "baseline": f"cost at {large} / at {small} bindings: "
                                               f"{growth:.2f}"}
        out["bu_refresh_per_s_10k"] = {"value": round(median(again_large)),
                                       "baseline": f"cost at {large} / at {small} bindings: "
                                                   f"{growth_again:.2f}"}
    return out
