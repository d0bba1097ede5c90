#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""mipsock.h, mipsock.yaml and the kernel's policy say the same.

Numbers of messages and attributes, values of the enumerations, groups; which attributes each request
takes and of what type; which need CAP_NET_ADMIN. Skips (77) without python3-yaml.
"""
import os
import re
import sys

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed")
    sys.exit(77)

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
sys.path.insert(0, os.path.join(TOP, "test/kernel"))
sys.dont_write_bytecode = True
from mipsock import read_header  # noqa: E402  pylint: disable=wrong-import-position

wrong = []


def same(what, a, b):
    if a != b:
        wrong.append(f"{what}: {a!r} and {b!r}")


def source(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)


def upper(prefix, name):
    return (prefix + name).replace("-", "_").upper()


def spec_numbers(spec):
    """{constant: number} as the header should have them."""
    numbers = {}
    for d in spec["definitions"]:
        for i, entry in enumerate(d["entries"]):
            name, value = (entry["name"], entry["value"]) if isinstance(entry, dict) else (entry, i)
            # the first of those that carry their set's name in theirs begins it
            numbers[upper(d.get("name-prefix", ""), name)] = 1 << value if d["type"] == "flags" else value
    for i, attr in enumerate(spec["attribute-sets"][0]["attributes"], 1):
        numbers[upper("mipa-", attr["name"])] = i
    for i, op in enumerate(spec["operations"]["list"], 1):
        numbers[upper("mipm-", op["name"])] = i
    return numbers


def policy_types(attr):
    """What the kernel's policy may say for an attribute of this type."""
    kind = attr["type"]
    if kind == "binary":
        return {"MIP_POLICY_ADDR"} if attr["checks"] == {"exact-len": 16} else set()
    if kind == "nest":
        return {"NLA_NESTED"}
    if attr.get("checks") == {"min": 1, "max": 128}:
        return {"MIP_POLICY_PLEN"}
    special = {"flags": {"MIP_POLICY_FLAGS", "NLA_U32"}, "nodetype": {"MIP_POLICY_TYPES"},
               "nodetype-mask": {"MIP_POLICY_TYPES"}}
    return special.get(attr["name"], {"NLA_" + kind.upper()})


def read_policies():
    """{table: {MIPA_*: type}} of kernel/policy.h."""
    tables = {}
    for name, body in re.findall(r"nla_policy (mip_policy_\w+)\[[^]]*\] = \{(.*?)\n\};",
                                 source("kernel/policy.h"), flags=re.S):
        tables[name] = {}
        for attr, text in re.findall(r"\[(MIPA_\w+)\] = (.*?),\s*(?=\[|$)", body + "\n", flags=re.S):
            kind = re.search(r"NLA_POLICY_(NESTED)|(MIP_POLICY_\w+)|(NLA_(?:U8|U16|U32|U64|UNSPEC))", text)
            tables[name][attr] = "NLA_NESTED" if kind[1] else kind[2] or kind[3]
        tables[name].pop("MIPA_UNSPEC", None)
    return tables


def read_ops():
    """{MIPM_*: (table, needs CAP_NET_ADMIN, can dump)} of kernel/netlink.c."""
    text = source("kernel/netlink.c")
    body = text[text.index("mip_ops[] = {"):]
    body = body[:body.index("\n};")]
    ops = {}
    for dump, args in re.findall(r"MIP_OP(_DUMP)?\((.*?)\)", body, flags=re.S):
        parts = [a.strip() for a in args.split(",")]
        ops[parts[0]] = (parts[1], bool(dump) or parts[3] == "GENL_UNS_ADMIN_PERM", bool(dump))
    for block in re.findall(r"\{\s*(\.cmd.*?)\}", body, flags=re.S):
        fields = dict(re.findall(r"\.(\w+) = (\w+)", block))
        ops[fields["cmd"]] = (fields["policy"], fields.get("flags") == "GENL_UNS_ADMIN_PERM",
                              "dumpit" in fields)
    return ops


def main():
    header = read_header(os.path.join(TOP, "include/uapi/linux/mipsock.h"))
    with open(os.path.join(TOP, "include/uapi/linux/mipsock.yaml"), encoding="utf-8") as f:
        spec = yaml.safe_load(f)

    aside = re.compile(r"(^__|_MAX$|^IFLA_|^MIPSOCK_GENL_VERSION$|^MIP[AM]_UNSPEC$|^_UAPI)")
    in_header = {k: v for k, v in header.items() if not aside.search(k)}
    in_spec = spec_numbers(spec)
    for name in sorted(in_header.keys() | in_spec.keys()):
        same(f"{name} in header and yaml", in_header.get(name), in_spec.get(name))
    same("version", header["MIPSOCK_GENL_VERSION"], spec["version"])
    text = source("include/uapi/linux/mipsock.h")
    same("groups", re.findall(r'#define MIPSOCK_MCGRP_\w+\s+"(\w+)"', text),
         [g["name"] for g in spec["mcast-groups"]["list"]])

    attrs = {a["name"]: a for a in spec["attribute-sets"][0]["attributes"]}
    policies, ops = read_policies(), read_ops()
    same("messages of the kernel and the yaml", sorted(ops),
         sorted(upper("mipm-", op["name"]) for op in spec["operations"]["list"]))
    for op in spec["operations"]["list"]:
        name = upper("mipm-", op["name"])
        table, admin, dump = ops.get(name, (None, None, None))
        if table is None:
            continue
        same(f"{name} needs CAP_NET_ADMIN", admin, "uns-admin-perm" in op.get("flags", []))
        same(f"{name} can dump", dump, "dump" in op)
        wanted = op.get("do", {}).get("request", {}).get("attributes", [])
        same(f"attributes of {name}", sorted(policies[table]), sorted(upper("mipa-", a) for a in wanted))
        for a in wanted:
            got = policies[table].get(upper("mipa-", a))
            if got not in policy_types(attrs[a]):
                wrong.append(f"{name} {a}: the policy has {got}, the yaml {attrs[a]['type']}")
    for table, names in (("mip_policy_mnps", ["mnp"]), ("mip_policy_mnp", ["mnp-prefix", "mnp-plen"])):
        same(table, sorted(policies[table]), sorted(upper("mipa-", n) for n in names))
        for n in names:
            if policies[table][upper("mipa-", n)] not in policy_types(attrs[n]):
                wrong.append(f"{table}: {n}")

    for line in wrong:
        print(line)
    print(f"{len(in_spec)} constants, {len(ops)} messages, {sum(map(len, policies.values()))} attributes "
          "of policies compared")
    return 1 if wrong or len(ops) != header["MIPM_MAX"] else 0


sys.exit(main())
