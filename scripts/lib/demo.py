#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shows the demo as it happens, from the lines of scripts/lib/demo-guest, and sums it up.

With --json the summary is one object on standard output, all else on standard error:
  {"engine", "kernel", "interval_ms", "sent", "lost", "moves": [{"from", "to", "gap_ms", "lost",
   "ra_ms", "coa", "bu_ms", "ba_ms"}], "tcp": {...}, "plot"}
Times "..._ms" of a move count from the moment when the node's carrier comes up on the new link;
gap_ms is the longest silence around the move, seen by the correspondent.
"""
import argparse
from datetime import datetime
import heapq
import json
import os
import sys

import plot

LINKS = {"home": "the home link", "foreign-a": "foreign link A", "foreign-b": "foreign link B"}


class Show:
    """Prints the run line by line and remembers what belongs to which move."""

    def __init__(self, out, colour):
        self.out, self.colour = out, colour
        self.begin = self.plugged = None
        self.moves = []
        self.move = None
        self.engine = self.kernel = ""
        self.failed = None
        self.finished = False

    def line(self, t, text, style=""):
        since = f"{t - self.begin:7.3f} s" if self.begin is not None and t else " " * 9
        after = f"+{(t - self.plugged) * 1000:4.0f} ms" if self.plugged and t else " " * 8
        if self.colour and style:
            text = f"\x1b[{style}m{text}\x1b[0m"
        print(f"  {since}  {after}  {text}", file=self.out, flush=True)

    def note(self, key, t):
        """The first time of something in this move; true if it was the first."""
        if self.move is None or self.plugged is None or self.move.get(key) is not None:
            return False
        self.move[key] = round((t - self.plugged) * 1000, 1)
        return True

    def demo(self, t, word, args):
        if word == "topology":
            hoa, agent, cn, self.kernel, self.engine = args
            self.begin = t
            self.line(t, f"home address {hoa}, home agent {agent}, correspondent {cn}")
            self.line(t, f"Linux {self.kernel} ({self.engine})")
        elif word == "ready":
            self.line(t, f"{' and '.join(args)} running")
        elif word == "at":
            self.line(t, "the mobile node is at home and answers at its home address", "32")
        elif word == "traffic":
            self.line(t, "a packet every 5 ms and a TCP transfer, correspondent to home address")
        elif word == "move":
            self.plugged = None
            self.move = {"from": args[0], "to": args[1]}
            self.moves.append(self.move)
            self.line(t, f"cable out of {LINKS[args[0]]}, into {LINKS[args[1]]}", "1")
        elif word == "failed":
            self.failed = " ".join(args)
        elif word == "done":
            self.finished = True

    def carrier(self, t):
        """The mobile node's own kernel says that the cable is in: from here on a move's times count."""
        if self.move is not None and self.plugged is None:
            self.plugged = t
            self.line(t, "carrier")

    def router_advertisement(self, t):
        if self.plugged and t >= self.plugged and self.note("ra_ms", t):
            self.line(t, f"router advertisement of {LINKS[self.move['to']]}")

    def event(self, node, t, event):
        """One object of mipctl monitor."""
        word = event.get("event", "")
        coa, seq = event.get("coa"), event.get("seq")
        if node == "mn" and word == "MN_MOVED":
            if self.move is not None:
                self.move.setdefault("coa", coa)
            self.line(t, f"care-of address {coa}")
        elif node == "mn" and word == "MN_BU_SENT":
            self.note("bu_ms", t)
            self.line(t, f"Binding Update sent, sequence {seq}"
                      + (f", care-of address {coa}" if coa else ""))
        elif node == "ha" and word.startswith("HOME_REG_"):
            what = word[len("HOME_REG_"):].lower().replace("_", " ")
            self.line(t, f"home agent: binding {what}" + (f", care-of address {coa}" if coa else ""))
        elif node == "mn" and word == "MN_REGISTERED":
            self.note("ba_ms", t)
            life = event.get("lifetime")
            self.line(t, "Binding Acknowledgement: accepted"
                      + (f", for {life:g} s" if life else ""), "32")
        elif node == "mn" and word == "MN_AT_HOME":
            self.note("ba_ms", t)
            self.line(t, "Binding Acknowledgement: de-registered, at home", "32")
        elif node == "mn" and word in ("MN_REFUSED", "MN_TIMEOUT", "MN_RESYNC", "MN_HOA_LOST"):
            self.line(t, f"{word} {json.dumps(event)}", "31")

    def feed(self, text):
        """Takes a line apart: when it was, and what to call for it; None for what does not matter."""
        word, _, rest = text.partition(" ")
        if not rest:
            return None  # the end of a program that was stopped
        if word == "demo":
            fields = rest.split(" ")
            return float(fields[0]), lambda t: self.demo(t, fields[1], fields[2:])
        if word == "ra":
            return float(rest.split(" ")[0]), self.router_advertisement
        if word == "link" and ",LOWER_UP" in rest:
            when = datetime.fromisoformat(rest[1:rest.index("]")] + "+00:00")
            return when.timestamp(), self.carrier
        if word in ("mn", "ha"):
            event = json.loads(rest)
            when = datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
            return when.timestamp(), lambda t: self.event(word, t, event)
        return None


def in_order(lines, feed, wait=0.4):
    """Calls what feed() returns for the lines in the order of their times.

    The lines come from several programs, so some are late. Each is held back until something
    that is `wait` seconds younger was read.
    """
    held, newest = [], 0.0
    for number, text in enumerate(lines):
        try:
            item = feed(text.rstrip("\n"))
        except (ValueError, IndexError, KeyError) as err:
            print(f"scripts/demo: not understood ({err}): {text.rstrip()}", file=sys.stderr)
            continue
        if item is None:
            continue
        heapq.heappush(held, (item[0], number, item[1]))
        newest = max(newest, item[0])
        while held and held[0][0] <= newest - wait:
            when, _, call = heapq.heappop(held)
            call(when)
    while held:
        when, _, call = heapq.heappop(held)
        call(when)


def read_packets(path):
    """(seq, sent, received or None) in seconds since 1970, from the log of lab-probe."""
    offset = interval = 0
    sent_all = None
    arrivals = {}
    with open(path, encoding="ascii") as log:
        for line in log:
            fields = line.split()
            if line.startswith("# lab-probe"):
                interval, offset = int(fields[3]), int(fields[5])
            elif line.startswith("# sent"):
                sent_all = int(fields[2])
            elif len(fields) == 3:
                seq, sent, arrived = map(int, fields)
                arrivals.setdefault(seq, (sent + offset, arrived + offset))
    if not arrivals:
        return []
    packets, last = [], None
    count = sent_all if sent_all is not None else max(arrivals) + 1
    first_seq = min(arrivals)
    base = arrivals[first_seq][0] - first_seq * interval
    for seq in range(count):
        if seq in arrivals:
            sent, arrived = arrivals[seq]
            packets.append((seq, sent / 1e6, arrived / 1e6))
            last = sent
        else:
            last = base if last is None else last + interval
            packets.append((seq, last / 1e6, None))
    return packets


def summary(show, out_dir):
    with open(os.path.join(out_dir, "probe.json"), encoding="utf-8") as file:
        probe = json.load(file)
    for move, window in zip(show.moves, probe["windows"]):
        move["gap_ms"] = round(window["gap_ms"], 1)
        move["lost"] = window["lost"]
        move["window"] = window
        for key in ("ra_ms", "coa", "bu_ms", "ba_ms"):
            move.setdefault(key, None)
    tcp = None
    try:
        with open(os.path.join(out_dir, "tcp.json"), encoding="utf-8") as file:
            tcp = json.load(file)
    except (OSError, ValueError):
        pass
    return {"engine": show.engine, "kernel": show.kernel, "interval_ms": probe["interval_ms"],
            "sent": probe["sent"], "lost": probe["lost"], "moves": show.moves, "tcp": tcp}


def draw(show, result, out_dir, path):
    packets = read_packets(os.path.join(out_dir, "probe.log"))
    zero = packets[0][1]
    moves = []
    for move in show.moves:
        window = move.pop("window")
        moves.append({"at": window["start_usec"] / 1e6 - zero,
                      "from": LINKS[move["from"]], "to": LINKS[move["to"]],
                      "gap_ms": move["gap_ms"], "lost": move["lost"],
                      "gap_start": window["gap_from_usec"] / 1e6 - zero,
                      "gap_end": window["gap_until_usec"] / 1e6 - zero})
    packets = [(n, s - zero, None if r is None else r - zero) for n, s, r in packets]
    with open(path, "w", encoding="utf-8") as file:
        file.write(plot.svg(packets, moves, f"A mobile node roams: packets to its home address, "
                            f"one every {result['interval_ms']:g} ms"))
    result["plot"] = path


def table(result, out):
    def cell(value, unit=" ms"):
        return "-" if value is None else f"{value:.0f}{unit}"
    print("\n  move                              gap  lost   first RA        BU        BA", file=out)
    for move in result["moves"]:
        name = f"{LINKS[move['from']][4:] if move['from'] == 'home' else LINKS[move['from']]} to " \
               f"{LINKS[move['to']][4:] if move['to'] == 'home' else LINKS[move['to']]}"
        print(f"  {name:<30} {cell(move['gap_ms']):>6} {move['lost']:>5} {cell(move['ra_ms']):>10}"
              f" {cell(move['bu_ms']):>9} {cell(move['ba_ms']):>9}", file=out)
    print(f"\n  {result['sent']} packets, {result['lost']} lost.  First RA, BU, BA: after the "
          "carrier came up.", file=out)
    if result["tcp"]:
        tcp = result["tcp"]
        print(f"  TCP: {tcp['sent'] / 1e6:.1f} MB there and {tcp['received'] / 1e6:.1f} MB back, "
              f"every octet checked: {'all well' if tcp['ok'] else 'NOT WELL'}.", file=out)
    print(f"  Picture: {os.path.relpath(result['plot'])}", file=out)


def main():
    parser = argparse.ArgumentParser(description="shows the demo (see scripts/demo)")
    parser.add_argument("--logs", required=True)
    parser.add_argument("--plot", required=True)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    out = sys.stderr if args.json else sys.stdout
    show = Show(out, out.isatty() and not os.environ.get("NO_COLOR"))
    print("\n       time     after    what happens\n                carrier", file=out)
    in_order(sys.stdin, show.feed)
    if show.failed or not show.finished:
        print(f"\nscripts/demo: the run failed: {show.failed or 'the guest ended early'}; "
              f"logs are in {args.logs}", file=sys.stderr)
        return 1
    result = summary(show, args.logs)
    draw(show, result, args.logs, args.plot)
    table(result, out)
    if args.json:
        print(json.dumps(result))
    if any(move["gap_ms"] == 0 for move in result["moves"]) or not (result["tcp"] or {}).get("ok"):
        print("\nscripts/demo: the transfer did not survive; logs are in " + args.logs, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
