#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The benchmark inside the guest, started by scripts/bench: measures the keys
named on its command line in one boot. One JSON object a line on standard
output, {"key": {"value": number or null, "baseline": text}}; progress and the
reason of every null on standard error."""

import argparse
import json
import os
import sys
import traceback

import bench_bu
import bench_gap
import bench_kernel
from benchlib import BenchError, run, say

# In the order in which they run: memory first, while the caches are fresh.
PARTS = [
    (("bc_bytes",), lambda o: bench_kernel.measure_bytes(o.tools, o.quick)),
    (("bc_add_kernel_us", "bc_update_kernel_us"),
     lambda o: bench_kernel.measure_inside(o.tools, o.quick)),
    (("bc_add_netlink_us", "bc_update_netlink_us"),
     lambda o: bench_kernel.measure_netlink(o.tools, o.quick)),
    (("forward_1k", "decap_1k", "forward_131k", "decap_131k"),
     lambda o: bench_kernel.measure_paths(o.keys, o.tools, o.quick)),
    (("bu_new_per_s_1k", "bu_new_per_s_10k", "bu_refresh_per_s_10k"),
     lambda o: bench_bu.measure(o.keys, o)),
    (("gap_ms_median", "gap_ms_max", "ra_wait_ms_median"), bench_gap.measure),
]


def part(keys, measure, options):
    """One part; whatever goes wrong in it leaves null, and the others go on."""
    got = {}
    reason = "not measured"
    try:
        got = measure(options)
    except BenchError as e:
        reason = str(e)
    except Exception:  # pylint: disable=broad-except
        reason = traceback.format_exc()
    for key in keys:
        if key not in options.keys:
            continue
        if key not in got:
            say(f"{key}: no figure: {reason}")
        print(json.dumps({key: got.get(key, {"value": None, "baseline": ""})}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True, help="folder of the benchmark's programs")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("keys", nargs="+")
    options = parser.parse_args()
    options.build = os.path.dirname(os.path.dirname(options.tools))

    print(json.dumps({"meta": {"kernel": os.uname().release}}), flush=True)
    os.makedirs("/run/netns", exist_ok=True)
    for module in ("mipbench_gen", "mipbench_bc"):
        try:
            run("modprobe", module)
        except BenchError as e:
            say(str(e))
    for keys, measure in PARTS:
        if set(keys) & set(options.keys):
            part(keys, measure, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
