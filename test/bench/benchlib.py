# SPDX-License-Identifier: GPL-2.0-or-later
"""What the parts of the benchmark share inside the guest: network namespaces,
commands, the modules' proc files, and statistics that survive a noisy host."""

import contextlib
import ctypes
import os
import statistics
import subprocess
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000


class BenchError(Exception):
    """A part could not be measured; its keys become null."""


def say(text):
    """Progress, for people, on standard error."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def run(*argv, check=True, quiet=False):
    """Runs a command and returns its standard output."""
    done = subprocess.run([str(a) for a in argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True)
    if check and done.returncode:
        raise BenchError(f"{' '.join(str(a) for a in argv)}: exit {done.returncode}: "
                         f"{done.stderr.strip() or done.stdout.strip()}")
    if done.stderr and not quiet and not done.returncode:
        sys.stderr.write(done.stderr)
    return done.stdout


def write(path, text):
    """Writes a file of /proc in one system call."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    except OSError as e:
        raise BenchError(f"{path}: {text.strip()}: {e.strerror}") from e
    finally:
        os.close(fd)


def read(path):
    with open(path, encoding="ascii") as f:
        return f.read()


class Netns:
    """A network namespace that can be entered: with ns: ..."""

    def __init__(self, name):
        self.name = name
        self.saved = []
        run("ip", "netns", "add", name)

    def __enter__(self):
        self.saved.append(os.open("/proc/self/ns/net", os.O_RDONLY))
        self._enter(f"/run/netns/{self.name}")
        return self

    def __exit__(self, *exc):
        fd = self.saved.pop()
        if LIBC.setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns back")
        os.close(fd)

    @staticmethod
    def _enter(path):
        fd = os.open(path, os.O_RDONLY)
        try:
            if LIBC.setns(fd, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"setns {path}")
        finally:
            os.close(fd)

    def delete(self):
        run("ip", "netns", "del", self.name)


@contextlib.contextmanager
def namespaces(*names):
    """Fresh namespaces by these names, gone afterwards."""
    made = []
    try:
        for name in names:
            made.append(Netns(name))
        yield made
    finally:
        for ns in made:
            ns.delete()


def sysctl(name, value):
    write("/proc/sys/" + name.replace(".", "/"), str(value))


def fields(text):
    """"a=1 b=2" -> {"a": 1, "b": 2}"""
    return {k: int(v) for k, v in (w.split("=") for w in text.split())}


def median(values):
    return statistics.median(values)


def spread(values):
    """Half the distance between the quartiles, as a share of the median."""
    if len(values) < 4:
        return 0.0
    q = statistics.quantiles(values, n=4)
    return (q[2] - q[0]) / 2 / median(values)


def interleave(rounds, variants):
    """Calls each variant once a round, in turning order, so that what drifts
    on the host hits all of them alike. variants: {name: function(round)}, each
    returning a number. Returns {name: [number of each round]}."""
    names = list(variants)
    values = {name: [] for name in names}
    for r in range(rounds):
        first = r % len(names)
        for name in names[first:] + names[:first]:
            values[name].append(variants[name](r))
    return values


def ratio(values, ref):
    """Median of the ratios of each round."""
    return median([v / w for v, w in zip(values, ref)])


def wait_until(what, cond, limit=10.0, step=0.02):
    """Waits for an event that cannot be subscribed to."""
    end = time.monotonic() + limit
    while not cond():
        if time.monotonic() > end:
            raise BenchError(f"waited {limit:.0f} s for {what}")
        time.sleep(step)
