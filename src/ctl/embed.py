#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints a text file as the C string NAME: embed.py FILE NAME"""
import json
import sys

path, name = sys.argv[1:]
print(f"static const char {name}[] =")
with open(path, encoding="ascii") as f:
    lines = [line for line in f if "SPDX-License-Identifier" not in line]
print("\n".join("\t" + json.dumps(line) for line in lines) + ";")
