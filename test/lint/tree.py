#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the tree to its own rules: layout of the root, licences, size of files, white space."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
AT_ROOT = {"kernel", "src", "include", "systemd", "scripts", "test", "meson.build",
           "meson_options.txt", "README.md", "LICENSE"}
LINES_MAX = 700
CODE = re.compile(r"\.(c|h|py|sh)$")
# Not ours to reformat: inputs of fuzzers and tests, byte for byte.
DATA = re.compile(r"(^|/)(corpus|corpora|golden|data)/|\.(pcap|bin|svg|png)$")


def tracked():
    try:
        out = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True)
        names = [n for n in out.stdout.decode().split("\0") if n]
    except (OSError, subprocess.CalledProcessError):
        names = []
    if not names:
        print("SKIP: not a git checkout, so nobody knows which files are the tree's")
        sys.exit(77)
    return [n for n in names if os.path.isfile(os.path.join(ROOT, n))]


def licence(name):
    if name.startswith("kernel/"):
        return "GPL-2.0-only"
    if name.startswith("include/uapi/"):
        return "(GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause"
    return "GPL-2.0-or-later"


def check(name):
    with open(os.path.join(ROOT, name), "rb") as file:
        raw = file.read()
    if DATA.search(name) or b"\0" in raw or not raw:
        return
    text = raw.decode("utf-8")
    lines = text.split("\n")
    head = "\n".join(lines[:4])
    is_code = bool(CODE.search(name)) or head.startswith("#!") or name.endswith("meson.build")
    if is_code:
        match = re.search(r"SPDX-License-Identifier: (.*?)(?: \*/)?$", head, re.M)
        if not match:
            yield f"{name}:1: no SPDX-License-Identifier in the first lines"
        elif match.group(1) != licence(name):
            yield f"{name}: licence is {match.group(1)}, in this folder it is {licence(name)}"
    if CODE.search(name) and len(lines) - 1 > LINES_MAX:
        yield f"{name}: {len(lines) - 1} lines; a file of more than {LINES_MAX} is more than one thing"
    if not text.endswith("\n"):
        yield f"{name}: no newline at the end"
    for number, line in enumerate(lines, 1):
        if line != line.rstrip() and not name.endswith(".md"):
            yield f"{name}:{number}: white space at the end"
        if is_code and re.search(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", line):
            yield f"{name}:{number}: left open"


def main():
    names = tracked()
    problems = [f"/{n}: not of the agreed layout" for n in sorted({n.split("/")[0] for n in names})
                if n not in AT_ROOT and not n.startswith(".")]
    for name in names:
        problems.extend(check(name))
    for problem in problems:
        print(problem)
    print(f"{len(names)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
