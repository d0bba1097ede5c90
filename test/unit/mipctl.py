#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""mipctl against daemons that this test plays: mipctl.py MIPCTL"""
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

MIPCTL = sys.argv.pop(1)
LIMIT = 20


class Daemon:
    """A control socket: answers by method, and keeps those who called Monitor."""

    def __init__(self, run_dir, name, answers):
        self.name, self.answers, self.watchers = name, answers, []
        self.watched = threading.Event()
        self.path = os.path.join(run_dir, f"{name}.sock")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            request = b""
            while not request.endswith(b"\0"):
                data = client.recv(65536)
                if not data:
                    break
                request += data
            if not request:
                continue
            method = json.loads(request[:-1])["method"].rpartition(".")[2]
            if method == "Monitor":
                self.watchers.append(client)
                self.emit({"event": "MONITOR"})
                self.watched.set()
            else:
                client.sendall(self.answers[method])
                client.close()

    def emit(self, event):
        message = {"parameters": {"event": dict(event, daemon=self.name, time="T")}, "continues": True}
        for w in self.watchers:
            w.sendall(json.dumps(message).encode() + b"\0")

    def stop(self):
        # shutdown() wakes accept(), close() alone does not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for w in self.watchers:
            w.close()
        if os.path.exists(self.path):
            os.unlink(self.path)


def reply(parameters):
    return json.dumps({"parameters": parameters}).encode() + b"\0"


MND_STATUS = {
    "name": "mnd", "version": "0.1.0", "pid": 12, "since": "2026-11-23T17:00:00.000Z", "uptime": 1.5,
    "config": "/etc/shisa/mnd.conf", "problems": ["the home agent is silent"], "unprotected": True,
    "home_addresses": [{
        "hoa": "2001:db8:1::100", "hoa_plen": 64, "home_agent": "2001:db8:1::1", "state": "registering",
        "place": "tunnel", "coa": "2001:db8:2::5", "interface": "eth1", "seq": 7, "lifetime": 600.0,
        "lifetime_left": 599.0, "status": 0, "status_text": "accepted", "last_handover_duration": 0.0123}],
}
HAD_COUNTERS = {"counters": [
    {"name": "bu-received", "help": "Binding Updates received", "value": 3},
    {"name": "auth-fail", "help": "Wrong authentication data", "value": 0}]}


class Mipctl(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.daemons = []

    def tearDown(self):
        for d in self.daemons:
            d.stop()
        self.dir.cleanup()

    def daemon(self, name, **answers):
        d = Daemon(self.dir.name, name, answers)
        self.daemons.append(d)
        return d

    def run_mipctl(self, *args, status=0):
        env = dict(os.environ, LC_ALL="C")
        r = subprocess.run([MIPCTL, "--run-dir", self.dir.name, *args], capture_output=True, text=True,
                           timeout=LIMIT, env=env)
        self.assertEqual(r.returncode, status, r.stderr)
        return r

    def test_status(self):
        self.daemon("mnd", GetStatus=reply(MND_STATUS))
        self.daemon("had", GetStatus=b'{"error":"org.varlink.service.PermissionDenied","parameters":{}}\0')
        r = subprocess.run([MIPCTL, "--run-dir", self.dir.name, "status"], capture_output=True, text=True,
                           timeout=LIMIT)
        lines = r.stdout.splitlines()
        self.assertIn("had unknown", lines)
        self.assertIn("babymdd not running", lines)
        self.assertIn("mnd running version 0.1.0 pid 12 since 2026-11-23T17:00:00.000Z", lines)
        self.assertIn("    config /etc/shisa/mnd.conf", lines)
        self.assertIn("    UNPROTECTED", lines)
        self.assertIn("    home-address 2001:db8:1::100 state registering place tunnel coa 2001:db8:2::5"
                      " interface eth1 home-agent 2001:db8:1::1 seq 7 lifetime 599.000s status 0 accepted"
                      " last-handover 0.012s", lines)
        self.assertIn("problem: mnd: the home agent is silent", lines)
        self.assertIn("problem: had answers only root and its own user; run this as root", lines)
        # Exit status and first line go by what the machine's kernel has.
        absent = lines[0] == "module absent"
        self.assertEqual(r.returncode, 3 if absent else r.returncode)
        j = json.loads(subprocess.run([MIPCTL, "--run-dir", self.dir.name, "status", "--json"],
                                      capture_output=True, timeout=LIMIT, check=False).stdout)
        self.assertEqual(j["schema"], 1)
        self.assertEqual(j["module"], "absent" if absent else "present")
        self.assertEqual(j["daemons"][1], dict(MND_STATUS, state="running"))

    def test_stats(self):
        self.daemon("had", GetCounters=reply(HAD_COUNTERS))
        r = self.run_mipctl("stats", "had")
        self.assertEqual(r.stdout, "had bu-received 3 # Binding Updates received\n"
                                   "(1 counters are zero; mipctl stats all shows them)\n")
        r = self.run_mipctl("stats", "had", "all")
        self.assertEqual(r.stdout, "had bu-received 3 # Binding Updates received\n"
                                   "had auth-fail 0 # Wrong authentication data\n")
        r = self.run_mipctl("stats", "had", "--json")
        self.assertEqual(json.loads(r.stdout)["counters"][1],
                         {"name": "auth-fail", "help": "Wrong authentication data", "value": 0, "source": "had"})
        r = self.run_mipctl("stats", "mnd", status=3)
        self.assertIn("mnd does not run", r.stderr)

    def test_hostile_answers(self):
        for answer in b"\0", b"x\0", b"[]\0", b"{}\0", b'{"parameters":1}\0', b'{"parameters":{}}', b"":
            d = self.daemon("had", GetCounters=answer)
            r = self.run_mipctl("stats", "had", status=1)
            self.assertIn("had does not answer", r.stderr)
            self.daemons.remove(d)
            d.stop()
        # Well formed, and yet not what was asked for.
        for counters in 1, [1, None, "x"], [{"name": 1, "value": "x"}], {"a": "b"}:
            d = self.daemon("had", GetCounters=reply({"counters": counters}))
            self.run_mipctl("stats", "had", "all")
            self.daemons.remove(d)
            d.stop()

    def test_monitor(self):
        mnd = self.daemon("mnd")
        p = subprocess.Popen([MIPCTL, "--run-dir", self.dir.name, "monitor", "daemon", "--json"],
                             stdout=subprocess.PIPE, text=True)

        def line():
            ready, _, _ = select.select([p.stdout], [], [], LIMIT)
            self.assertTrue(ready, "no event came")
            return json.loads(p.stdout.readline())

        try:
            self.assertTrue(mnd.watched.wait(LIMIT))
            mnd.emit({"event": "MN_MOVED", "hoa": "2001:db8:1::100"})
            self.assertEqual(line(), {"event": "MN_MOVED", "hoa": "2001:db8:1::100", "daemon": "mnd"})
            # One that starts later is noticed.
            had = self.daemon("had")
            self.assertTrue(had.watched.wait(LIMIT))
            had.emit({"event": "HOME_REG_NEW"})
            self.assertEqual(line(), {"event": "HOME_REG_NEW", "daemon": "had"})
            # One that goes is told, and again noticed when it comes back.
            self.daemons.remove(mnd)
            mnd.stop()
            self.assertEqual(line(), {"daemon": "mnd", "event": "GONE"})
            mnd = self.daemon("mnd")
            self.assertTrue(mnd.watched.wait(LIMIT))
            mnd.emit({"event": "MN_ADOPTED"})
            self.assertEqual(line()["event"], "MN_ADOPTED")
            # Nobody reads any more: it ends by itself.
            p.stdout.close()
            self.assertEqual(p.wait(LIMIT), 0)
        finally:
            p.kill()
            p.wait()
            p.stdout.close()

    def test_usage(self):
        for args in ([], ["nothing"], ["binding-cache"], ["binding-cache", "lst"], ["bc", "list", "hoa"],
                     ["bc", "list", "hoa", "x"], ["bc", "delete"], ["bc", "delete", "bid", "1"],
                     ["bc", "delete", "hoa", "2001:db8::1", "bid", "0"],
                     ["bc", "delete", "hoa", "2001:db8::1", "hoa", "2001:db8::1"], ["move", "rereg"],
                     ["move", "rereg", "coa", "fe80::1"], ["move", "scan", "hoa", "2001:db8::1"],
                     ["move", "dereg-home", "interface", "no-such-if"], ["monitor", "x"], ["stats", "x"],
                     ["key", "generate"], ["key", "generate", "nai", "a@@b", "hoa", "2001:db8::1"],
                     ["status", "now"], ["--color=blue", "status"], ["-n", "a/b", "status"], ["--nope"]):
            r = self.run_mipctl(*args, status=2)
            self.assertTrue(r.stderr, args)
            self.assertFalse(r.stdout, args)
        self.assertIn("did you mean binding-cache?", self.run_mipctl("binding-cach", "list", status=2).stderr)
        self.assertIn("no network namespace", self.run_mipctl("-n", "no-such-ns", "status", status=1).stderr)

    def test_key(self):
        args = "key", "generate", "nai", "mn1@example.com", "hoa", "2001:db8:1::/64", "spi", "256"
        first, second = self.run_mipctl(*args).stdout, self.run_mipctl(*args).stdout
        self.assertRegex(first, r"^mn1@example\.com 2001:db8:1::/64 256 hex:[0-9a-f]{40}\n$")
        self.assertNotEqual(first, second)
        spis = {self.run_mipctl(*args[:-2]).stdout.split()[2] for _ in range(3)}
        self.assertTrue(all(256 <= int(s) < 2**32 for s in spis))
        self.assertGreater(len(spis), 1)

    def test_full_output(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            r = subprocess.run([MIPCTL, "version"], stdout=full, stderr=subprocess.PIPE, text=True,
                               timeout=LIMIT, check=False)
        self.assertEqual(r.returncode, 1)
        self.assertIn("cannot write the output", r.stderr)


if __name__ == "__main__":
    unittest.main()
