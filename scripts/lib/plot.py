#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws packet arrival against time, with the moves of the node marked, as SVG.

Above: the whole run; a band per link, a dot per packet (sequence number over
time), lost packets in red. Below: one panel a move, zoomed to the moment, with
the gap measured out.
"""
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT = 1000, 70, 20
TOP_HEIGHT, PANEL_HEIGHT, PANEL_GAP = 260, 78, 34
LINK_COLOURS = ["#e8f1e4", "#e4ecf7", "#f7efe0", "#f1e4f1"]
INK, GRID, OK, LOST, MARK = "#222", "#ccc", "#1f5fa8", "#c8281e", "#444"


def _text(x, y, text, size=12, anchor="start", colour=INK, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{colour}" font-weight="{weight}">{escape(text)}</text>')


def _line(x1, y1, x2, y2, colour=GRID, width=1.0, dash=""):
    dash = f' stroke-dasharray="{dash}"' if dash else ""
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"{dash}/>')


def _rect(x, y, w, h, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0):.1f}" height="{h:.1f}" fill="{colour}"/>'


def _step(span):
    """A round distance between grid lines: about ten of them."""
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300):
        if span / step <= 12:
            return step
    return span / 10


def svg(packets, moves, title):
    """packets: (seq, sent, received or None), seconds; moves: dicts with at, from, to, gap_ms,
    gap_start, gap_end (seconds), lost. Times are seconds since the run began."""
    end = max([p[1] for p in packets] + [m["at"] for m in moves] + [1.0])
    height = 70 + TOP_HEIGHT + 50 + len(moves) * (PANEL_HEIGHT + PANEL_GAP) + 20
    plot = WIDTH - LEFT - RIGHT
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
           f'width="{WIDTH}" height="{height}" font-family="DejaVu Sans, Helvetica, sans-serif">',
           _rect(0, 0, WIDTH, height, "#fff"), _text(LEFT, 28, title, 17, weight="bold")]

    # The whole run.
    top = 56

    def x_of(t):
        return LEFT + plot * t / end

    last_seq = max([p[0] for p in packets] + [1])

    def y_of(seq):
        return top + TOP_HEIGHT * (1 - seq / last_seq)

    links = [m["from"] for m in moves[:1]] + [m["to"] for m in moves]
    edges = [0.0] + [m["at"] for m in moves] + [end]
    names = list(dict.fromkeys(links))
    for link, start, stop in zip(links, edges, edges[1:]):
        colour = LINK_COLOURS[names.index(link) % len(LINK_COLOURS)]
        out.append(_rect(x_of(start), top, x_of(stop) - x_of(start), TOP_HEIGHT, colour))
        out.append(_text((x_of(start) + x_of(stop)) / 2, top + 16, link, 12, "middle", MARK))
    step = _step(end)
    for i in range(int(end / step) + 1):
        out.append(_line(x_of(i * step), top, x_of(i * step), top + TOP_HEIGHT))
        out.append(_text(x_of(i * step), top + TOP_HEIGHT + 16, f"{i * step:g} s", 11, "middle"))
    for move in moves:
        out.append(_line(x_of(move["at"]), top, x_of(move["at"]), top + TOP_HEIGHT, MARK, 1, "4 3"))
    for seq, sent, received in packets:
        if received is not None:
            out.append(f'<circle cx="{x_of(received):.1f}" cy="{y_of(seq):.1f}" r="1.1" fill="{OK}"/>')
    for seq, sent, received in packets:
        if received is None:
            out.append(f'<circle cx="{x_of(sent):.1f}" cy="{y_of(seq):.1f}" r="2.2" fill="{LOST}"/>')
    out.append(f'<g transform="translate(18 {top + TOP_HEIGHT / 2}) rotate(-90)">'
               + _text(0, 0, "packet number", 11, "middle") + "</g>")

    # One panel a move: 100 ms before to twice the gap, at least 200 ms, after.
    y = top + TOP_HEIGHT + 66
    for number, move in enumerate(moves, 1):
        before = 0.1
        after = max(0.2, 2 * (move["gap_end"] - move["at"])) if move.get("gap_end") else 0.2
        start, span = move["at"] - before, before + after

        def zoom(t, start=start, span=span):
            return LEFT + plot * (t - start) / span

        gap = "no answer" if move["gap_ms"] is None else f'{move["gap_ms"]:.0f} ms'
        out.append(_text(LEFT, y - 8, f'{number}. {move["from"]} to {move["to"]}: gap {gap}, '
                         f'{move["lost"]} lost', 12, weight="bold"))
        out.append(_rect(LEFT, y, plot, PANEL_HEIGHT - 18, "#f6f6f6"))
        grid = _step(span)
        first = -int(before / grid)
        for i in range(first, int(after / grid) + 1):
            x = zoom(move["at"] + i * grid)
            out.append(_line(x, y, x, y + PANEL_HEIGHT - 18))
            out.append(_text(x, y + PANEL_HEIGHT - 4, f"{i * grid * 1000:g} ms", 10, "middle"))
        if move.get("gap_end") is not None and move.get("gap_start") is not None:
            x1, x2 = max(zoom(move["gap_start"]), LEFT), zoom(move["gap_end"])
            out.append(_rect(x1, y, x2 - x1, PANEL_HEIGHT - 18, "#fbe3e1"))
        out.append(_line(zoom(move["at"]), y, zoom(move["at"]), y + PANEL_HEIGHT - 18, MARK, 1.5, "4 3"))
        for seq, sent, received in packets:
            if received is not None and start <= received <= start + span:
                out.append(_line(zoom(received), y + 8, zoom(received), y + 34, OK, 1.6))
            elif received is None and start <= sent <= start + span:
                out.append(_line(zoom(sent), y + 40, zoom(sent), y + 54, LOST, 1.6))
        y += PANEL_HEIGHT + PANEL_GAP
    out.append(_text(LEFT, height - 10, "blue: a packet arrives.  red: a packet was sent and never "
                     "arrived.  dashed: the cable is moved.", 11, colour=MARK))
    out.append("</svg>")
    return "\n".join(out) + "\n"
