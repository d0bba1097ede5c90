# SPDX-License-Identifier: GPL-2.0-or-later
"""The handover gap: moves between two foreign links with a packet every 5 ms."""

import os
import shutil
import subprocess

from benchlib import BenchError, median, say

ALLOWED_MS = 10  # beyond the wait for the advertisement and one round trip


def scenario(moves, build):
    """Runs test/bench/gap with the lab's functions; returns its folder of results."""
    top, out = os.environ["LAB_TOP"], os.path.join(os.environ["LAB_OUT"], "gap")
    shutil.rmtree(out, ignore_errors=True) # programs append to their logs
    os.makedirs(out)
    env = {**os.environ, "LAB_OUT": out, "LAB_SCENARIO": "gap", "LAB_BUILD": build,
           "BENCH_MOVES": str(moves)}
    with open(f"{out}/scenario.log", "wb") as log:
        done = subprocess.run(
            ["timeout", "-k", "3", str(120 + 10 * moves), "unshare", "--mount", "--net", "--uts",
             "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc",
             f"{os.environ['LAB_LIB']}/scenario", f"{top}/test/bench/gap"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
    if done.returncode:
        reason = f"exit status {done.returncode}, see {out}/scenario.log"
        if os.path.exists(f"{out}/reason"):
            with open(f"{out}/reason", encoding="utf-8") as f:
                reason = f.read().strip()
        raise BenchError(f"the moves did not come to an end: {reason}")
    return out


def read_probe(path):
    """[(sequence number, sent, arrived)] in milliseconds, in the order of arrival."""
    answers = []
    with open(path, encoding="ascii") as f:
        for line in f:
            if not line.startswith("#"):
                seq, sent, arrived = line.split()
                answers.append((int(seq), int(sent) / 1000, int(arrived) / 1000))
    return answers


def read_attach(path):
    """One dict a move: {word: time in milliseconds}, those that have a carrier again."""
    moves = []
    with open(path, encoding="ascii") as f:
        for line in f:
            when, word = line.split()
            if word == "up":
                moves.append({})
            if moves and word not in ("down", "watching"):
                moves[-1].setdefault(word, int(when) / 1000)
    return moves


def take_apart(move, answers):
    """Adds to a move: gap from the carrier to the first answer, silence, wait for the RA."""
    # Read late on a busy machine, while packets carry the kernel's time stamp.
    move["up"] = min(move.values())
    before = [a for a in answers if a[2] < move["up"]]
    after = [a for a in answers if a[2] >= move["up"]]
    if not before or not after or "ra" not in move:
        raise BenchError("a move without packets on both sides of it, or without advertisement")
    move["gap"] = after[0][2] - move["up"]
    move["silence"] = after[0][2] - before[-1][2]
    move["wait"] = move["ra"] - move["up"]
    return move


def phase(moves, first, second):
    """Median of the time from one event to another, as text."""
    times = [m[second] - m[first] for m in moves if first in m and second in m]
    return f"{median(times):.1f}" if times else "?"


def measure(options):
    """gap_ms_median, gap_ms_max, ra_wait_ms_median"""
    count = 3 if options.quick else 20
    say(f"gap: {count} moves, a few seconds each")
    out = scenario(count, options.build)
    answers = read_probe(f"{out}/probe.log")
    moves = [take_apart(m, answers) for m in read_attach(f"{out}/mn-attach.log")]
    if len(moves) != count:
        raise BenchError(f"{len(moves)} moves were seen, {count} were made")
    # Far from the moves: the round trip that each handover has to make once.
    rtt = median([a[2] - a[1] for a in answers])
    gaps, waits = [m["gap"] for m in moves], [m["wait"] for m in moves]
    worst = max(moves, key=lambda m: m["gap"])
    over = [m["gap"] - m["wait"] - rtt for m in moves]
    say("gap: from carrier to " + ", ".join(
        f"{name} {phase(moves, 'up', word)}"
        for name, word in (("solicitation", "rs"), ("advertisement", "ra"), ("address", "addr"),
                           ("BU", "bu"), ("BA", "ba"), ("first packet", "data-in"))) +
        " ms (medians)")
    say(f"gap: beyond advertisement and round trip ({rtt:.1f} ms) median {median(over):.1f}, "
        f"longest {max(over):.1f} ms; silence with the cable out included: median "
        f"{median([m['silence'] for m in moves]):.0f} ms")
    return {
        "gap_ms_median": {"value": round(median(gaps), 1),
                          "goal": round(median(waits) + rtt + ALLOWED_MS, 1),
                          "baseline": f"goal: advertisement {median(waits):.1f} + round trip "
                                      f"{rtt:.1f} + {ALLOWED_MS} ms"},
        "gap_ms_max": {"value": round(worst["gap"], 1),
                       "goal": round(worst["wait"] + rtt + ALLOWED_MS, 1),
                       "baseline": f"goal: that move's advertisement {worst['wait']:.1f} + "
                                   f"{rtt:.1f} + {ALLOWED_MS} ms"},
        "ra_wait_ms_median": {"value": round(median(waits), 1), "baseline": ""},
    }
