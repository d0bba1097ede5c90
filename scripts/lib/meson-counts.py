#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints 'passed failed skipped' of a meson testlog.json; exit 1 when no test ran."""
import json
import sys

passed = failed = skipped = 0
try:
    with open(sys.argv[1], encoding="utf-8") as log:
        for line in log:
            result = json.loads(line)["result"]
            if result in ("OK", "EXPECTEDFAIL"):
                passed += 1
            elif result == "SKIP":
                skipped += 1
            else:
                failed += 1
except OSError as err:
    sys.exit(f"meson-counts: {err}")
if passed + failed + skipped == 0:
    sys.exit("meson-counts: the log names no test")
print(passed, failed, skipped)
