# SPDX-License-Identifier: GPL-2.0-or-later
"""MIPSOCK's messages: what is refused and with which words, what is kept, what is told."""
import errno
import random
import struct
import subprocess

from mipsock import NLA_F_NESTED, nla
from testlib import *  # noqa: F403  pylint: disable=wildcard-import,unused-wildcard-import

ha, mn = Mipsock("ha"), Mipsock("mn")
BC = {"hoa": HOA, "local": HA_CORE, "coa": COA, "lifetime": DAY, "flags": F_HOME}
BUL = {"hoa": HOA, "peer": HA_CORE, "coa": COA, "lifetime": DAY, "flags": F_HOME}
INVALID, EOPNOTSUPP = errno.EINVAL, errno.EOPNOTSUPP
POLICY = (errno.EINVAL, errno.ERANGE)  # the netlink core says ERANGE for lengths and ranges


def enable():
    ha.request("nodetype_info", nodetype=HOME, nodetype_mask=HOME)
    mn.request("nodetype_info", nodetype=MOBILE, nodetype_mask=MOBILE)


def before():
    clean(ha, mn)
    enable()


def without(d, *keys):
    return {k: v for k, v in d.items() if k not in keys}


@test
def node_types():
    cn = Mipsock("cn")
    get = lambda m: m.request("nodetype_get")[0][1]["nodetype"]  # noqa: E731
    assert get(cn) == 0 and get(ha) == HOME
    refused(EOPNOTSUPP, "home agent or correspondent", cn, "bc_add", **BC)
    refused(EOPNOTSUPP, "home agent or correspondent", cn, "bc_remove", hoa=HOA)
    refused(EOPNOTSUPP, "mobile node or router", cn, "bul_add", **BUL)
    refused(EOPNOTSUPP, "mobile node or router", cn, "bul_delete", hoa=HOA, peer=HA_CORE)
    refused(EOPNOTSUPP, "home agent", cn, "dad", dad_cmd=1, hoa=HOA, ifindex=1)
    cn.request("nodetype_info", nodetype=C.MIPSOCK_NODETYPE_CN, nodetype_mask=0xf)
    refused(EOPNOTSUPP, "flag H needs", cn, "bc_add", **BC)
    cn.request("bc_add", **{**BC, "flags": 0})
    refused(errno.EBUSY, "flush", cn, "nodetype_info", nodetype=0, nodetype_mask=0xf)
    cn.request("nodetype_info", nodetype=C.MIPSOCK_NODETYPE_CN, nodetype_mask=C.MIPSOCK_NODETYPE_CN)
    cn.request("nodetype_info", nodetype=C.MIPSOCK_NODETYPE_HA, nodetype_mask=C.MIPSOCK_NODETYPE_HA)
    assert get(cn) == HOME, "only the bits under the mask change"
    cn.request("nodetype_info", nodetype=0, nodetype_mask=C.MIPSOCK_NODETYPE_HA)
    cn.request("bc_flush")
    cn.request("nodetype_info", nodetype=C.MIPSOCK_NODETYPE_HA, nodetype_mask=0xf)
    refused(EOPNOTSUPP, "without flag H", cn, "bc_add", **{**BC, "flags": 0})
    cn.request("nodetype_info", nodetype=0, nodetype_mask=0xf)
    mn.request("bul_add", **BUL)
    refused(errno.EBUSY, "flush", mn, "nodetype_info", nodetype=0, nodetype_mask=0xf)
    mn.request("nodetype_info", nodetype=C.MIPSOCK_NODETYPE_MR, nodetype_mask=0xf)
    for bad in ({}, {"nodetype": 1}, {"nodetype_mask": 1}, {"nodetype": 16, "nodetype_mask": 1},
                {"nodetype": 1, "nodetype_mask": 16}):
        refused(POLICY, "", mn, "nodetype_info", **bad)


@test
def bc_refusals():
    for need in ("hoa", "local", "coa", "lifetime"):
        refused(INVALID, f"MIPA_{need.upper()} is missing", ha, "bc_add", **without(BC, need))
    no_unicast = ("::", "::1", "fe80::1", "ff02::1", "ff0e::1", "::ffff:0:0", "::7")
    for a in no_unicast + ("127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1"):
        refused(INVALID, "home address", ha, "bc_add", **{**BC, "hoa": a})
    for a in no_unicast + ("10.0.0.1",):
        refused(INVALID, "own address", ha, "bc_add", **{**BC, "local": a})
        refused(INVALID, "care-of address", ha, "bc_add", **{**BC, "coa": a})
    refused(INVALID, "de-registration", ha, "bc_add", **{**BC, "coa": HOA})
    refused(INVALID, "own address", ha, "bc_add", **{**BC, "hoa": HA_CORE})
    refused(INVALID, "address of this node", ha, "bc_add", **{**BC, "coa": HA_HOME})
    refused(INVALID, "lifetime 0", ha, "bc_add", **{**BC, "lifetime": 0})
    refused(INVALID, "flag L", ha, "bc_add", **{**BC, "flags": F_LL})
    refused(INVALID, "flag H", ha, "bc_add", **{**BC, "flags": 0, "ifindex": ifindex("ha", "eth0")})
    refused(INVALID, "IPv4", ha, "bc_add", **{**BC, "hoa": HOA4, "ifindex": ifindex("ha", "eth0")})
    refused(errno.ENODEV, "does not exist", ha, "bc_add", **{**BC, "ifindex": 9999})
    refused(INVALID, "neighbour discovery", ha, "bc_add", **{**BC, "ifindex": 1})
    assert not ha.dump("bc_get"), "a refused request leaves nothing"


@test
def prefix_refusals():
    def mnps(*prefixes):
        return {**BC, "mnps": prefixes}
    refused(INVALID, "beyond its length", ha, "bc_add", **mnps("2001:db8:77::1/48"))
    refused(INVALID, "twice", ha, "bc_add", **mnps("2001:db8:77::/48", "2001:db8:77::/48"))
    refused(INVALID, "own mobile network", ha, "bc_add", **mnps("2001:db8:a::/48"))
    refused(INVALID, "global unicast", ha, "bc_add", **mnps("fe80::/64"))
    refused(INVALID, "global unicast", ha, "bc_add", **mnps("ff00::/8"))
    refused(POLICY, "", ha, "bc_add", **mnps("2001:db8::/0"))
    refused(INVALID, "96 to 128", ha, "bc_add", **mnps("::ffff:0:0/95"))
    refused(errno.E2BIG, "more than 16", ha, "bc_add", **mnps(*(f"2001:db8:{i:x}::/48" for i in range(256, 273))))
    ha.request("bc_add", **mnps(*(f"2001:db8:{i:x}::/48" for i in range(256, 272))))
    assert len(ha.dump("bc_get")[0]["mnps"]) == 16
    other = {**BC, "hoa": "2001:db8:1::200"}
    refused(errno.EEXIST, "another home address", ha, "bc_add", **{**other, "mnps": ["2001:db8:105::/48"]})
    refused(errno.EEXIST, "another", ha, "bc_add", **{**other, "mnps": [HOA + "/128"]})
    ha.request("bc_add", **{**other, "mnps": ["2001:db8:1::300/128"]})
    refused(errno.EEXIST, "mobile network prefix of another", ha, "bc_add", **{**BC, "hoa": "2001:db8:1::300"})
    # the failed ones left no trace: the prefixes before the conflicting one are free
    refused(errno.EEXIST, "another home address", ha, "bc_add",
            **{**other, "mnps": ["2001:db8:777::/48", "2001:db8:105::/48"]})
    ha.request("bc_add", **{**BC, "hoa": "2001:db8:1::400", "mnps": ["2001:db8:777::/48"]})
    # BIDs of one router may name the same prefix, which stays until the last one goes
    ha.request("bc_flush")
    for bid in (1, 2):
        ha.request("bc_add", **{**mnps("2001:db8:77::/48"), "bid": bid})
    ha.request("bc_remove", hoa=HOA, bid=1)
    refused(errno.EEXIST, "another home address", ha, "bc_add", **{**other, "mnps": ["2001:db8:77::/48"]})
    ha.request("bc_remove", hoa=HOA, bid=2)
    ha.request("bc_add", **{**other, "mnps": ["2001:db8:77::/48"]})


@test
def malformed():
    """What the policy refuses: lengths, unknown and misplaced attributes, reserved fields."""
    raw = nla
    for name, value in (("hoa", b"short"), ("hoa", addr(HOA) + b"\0"), ("bid", b"\0"), ("lifetime", b"\0\0"),
                        ("flags", struct.pack("=I", 0x1)), ("flags", struct.pack("=I", 0x14000)),
                        ("seq", b"\0\0\0\0"), ("timestamp", b"\0\0\0\0")):
        refused(POLICY, "", ha, "bc_add", **{**BC, name: value})
    refused(POLICY, "", ha, "bc_add", **BC, raw=raw(200, b"\0\0\0\0"))
    for misplaced in ("peer", "reason", "state", "stat_id"):
        refused(POLICY, "", ha, "bc_add", **BC, **{misplaced: HOA if misplaced == "peer" else 1})
    refused(POLICY, "", ha, "bc_add", **BC, raw=struct.pack("=HH", 40, C.MIPA_BID) + b"\0\0\0\0")
    refused(POLICY, "", ha, "bc_add", **BC, reserved=1)
    refused(POLICY, "", ha, "bul_add", **BC)
    refused(POLICY, "", mn, "bul_add", **{**BUL, "state": 7})
    refused(POLICY, "", mn, "bul_add", **{**BUL, "hoa_plen": 129})
    refused(POLICY, "", mn, "bul_add", **{**BUL, "hoa_plen": 0})
    prefix, plen = raw(C.MIPA_MNP_PREFIX, addr("2001:db8:77::")), raw(C.MIPA_MNP_PLEN, b"\x30")
    for nest in (raw(C.MIPA_MNP | NLA_F_NESTED, prefix), raw(C.MIPA_MNP | NLA_F_NESTED, plen),
                 raw(C.MIPA_MNP | NLA_F_NESTED, prefix + raw(C.MIPA_MNP_PLEN, b"\x81")),
                 raw(C.MIPA_MNP, prefix + plen), raw(C.MIPA_BID, b"\0\0"), b"\xff" * 8):
        refused(POLICY, "", ha, "bc_add", **BC, raw=raw(C.MIPA_MNPS | NLA_F_NESTED, nest))
    refused(POLICY, "", ha, "bc_add", **BC, raw=raw(C.MIPA_MNPS, b""))
    refused(EOPNOTSUPP, "", ha, 99)
    refused(EOPNOTSUPP, "", ha, 0)
    # a truncated header of the message
    ha.send_raw(ha.family, C.MIPM_BC_ADD, 5, b"\0\0")
    try:
        ha._answers()  # pylint: disable=protected-access
        raise AssertionError("half an attribute was accepted")
    except Refused as e:
        assert e.errno == INVALID
    assert not ha.dump("bc_get") and not mn.dump("bul_get")


@test
def bc_keeps_all():
    full = {**BC, "bid": 7, "seq": 65535, "timestamp": 0xfedcba9876543210, "ifindex": ifindex("ha", "eth0"),
            "flags": F_HOME | F_ROUTER | F_LL | C.MIPSOCK_F_ACK | C.MIPSOCK_F_KEY_MGMT,
            "mnps": ["2001:db8:77::/48", "10.99.0.0/16", "2001:db8:78::/64"]}
    ha.request("bc_add", **full)
    got = ha.dump("bc_get")
    assert len(got) == 1
    assert DAY - 60000 < got[0].pop("lifetime") <= DAY and got[0].pop("lifetime_initial") == DAY
    assert got[0] == without(full, "lifetime"), got[0]
    (msg, one), = ha.request("bc_get", hoa=HOA, bid=7)
    assert msg == "bc_add" and without(one, "lifetime", "lifetime_initial") == got[0]
    (_, one), = ha.request("bc_get", hoa=HOA)
    assert one["bid"] == 7, "without BID the first one"
    refused(errno.ENOENT, "no such binding", ha, "bc_get", hoa=HOA, bid=0)
    refused(errno.ENOENT, "no such binding", ha, "bc_remove", hoa=HOA, bid=0)
    refused(errno.ENOENT, "no such binding", ha, "bc_remove", hoa="2001:db8:1::999")
    refused(INVALID, "MIPA_HOA is missing", ha, "bc_get")
    refused(INVALID, "MIPA_HOA is missing", ha, "bc_remove")
    # replaced whole: what is not given is not kept
    ha.request("bc_add", **{**BC, "bid": 7})
    got, = ha.dump("bc_get")
    assert "mnps" not in got and got["seq"] == 0 and got["timestamp"] == 0 and "ifindex" not in got


@test
def events():
    watch = Mipsock("ha", groups=("bc",))
    elsewhere = Mipsock("mn", groups=("bc", "bul", "md", "hint"))
    steps = ((BC, C.MIPSOCK_REASON_NEW), ({**BC, "seq": 2}, C.MIPSOCK_REASON_REFRESHED),
             ({**BC, "coa": COA2}, C.MIPSOCK_REASON_HANDOVER), ({**BC, "bid": 3}, C.MIPSOCK_REASON_NEW))
    for request, reason in steps:
        ha.request("bc_add", **request)
        e = watch.event()
        assert (e["msg"], e["reason"], e["portid"]) == ("bc_add", reason, ha.portid), e
        assert (e["coa"], e.get("bid"), e["seq"]) == \
            (request["coa"], request.get("bid", 0), request.get("seq", 0)), e
    refused(INVALID, "lifetime 0", ha, "bc_add", **{**BC, "lifetime": 0})
    ha.request("bc_remove", hoa=HOA, bid=3)
    e = watch.event()
    assert (e["msg"], e["reason"], e["bid"], e["coa"]) == \
        ("bc_remove", C.MIPSOCK_REASON_REMOVED, 3, COA), f"nothing about the refused one before: {e}"
    ha.request("bc_add", **{**BC, "bid": 1, "coa": COA})
    ha.request("bc_remove", hoa=HOA)
    got = [watch.event() for _ in range(3)]
    assert [e["bid"] for e in got] == [1, 0, 1] and got[2]["msg"] == "bc_remove", got
    ha.request("bc_add", **{**BC, "lifetime": 40})
    assert watch.event()["msg"] == "bc_add"
    e = watch.event()
    assert (e["msg"], e["reason"], e["portid"], e["lifetime"]) == \
        ("bc_remove", C.MIPSOCK_REASON_EXPIRED, 0, 0), e
    ha.request("bc_add", **BC)
    ha.request("bc_add", **{**BC, "hoa": "2001:db8:1::200", "flags": F_HOME | F_ROUTER})
    ha.request("bc_flush", flags=F_ROUTER)
    e = watch.event(msg="bc_remove")
    assert (e["hoa"], e["reason"]) == ("2001:db8:1::200", C.MIPSOCK_REASON_FLUSHED)
    assert [b["hoa"] for b in ha.dump("bc_get")] == [HOA]
    mn.request("bul_add", **BUL)
    e = elsewhere.event()
    assert e["msg"] == "bul_add", f"an event of another namespace came: {e}"


@test
def expiry_on_time():
    """Not before, and not later than a few ticks, also for lifetimes the timer wheel is coarse at."""
    watch = Mipsock("ha", groups=("bc",))
    begin = time.monotonic()
    lifetimes = {300: "2001:db8:1::1:3", 900: "2001:db8:1::1:9", 2500: "2001:db8:1::1:25"}
    for ms, hoa in lifetimes.items():
        ha.request("bc_add", **{**BC, "hoa": hoa, "lifetime": ms})
    for ms, hoa in lifetimes.items():
        e = watch.event(timeout=LIMIT + ms / 1000, msg="bc_remove")
        late = time.monotonic() - begin - ms / 1000
        assert e and e["hoa"] == hoa, e
        assert -0.011 < late < 0.25 * SLOW, f"{ms} ms: {late * 1000:.0f} ms late"


@test
def refresh_prolongs():
    """The timer of the binding before must not take the new one away."""
    watch = Mipsock("ha", groups=("bc",))
    for _ in range(20):
        ha.request("bc_add", **{**BC, "lifetime": 100})
    ha.request("bc_add", **BC)
    ha.request("bc_add", **{**BC, "hoa": "2001:db8:1::200", "lifetime": 300})
    e = watch.event(msg="bc_remove")
    assert e["hoa"] == "2001:db8:1::200", e
    assert [b["hoa"] for b in ha.dump("bc_get")] == [HOA]


@test
def bul_entries():
    watch = Mipsock("mn", groups=("bul",))
    for need in ("hoa", "peer", "coa", "lifetime"):
        refused(INVALID, f"MIPA_{need.upper()} is missing", mn, "bul_add", **without(BUL, need))
    for name, text in (("hoa", "home address"), ("peer", "peer"), ("coa", "care-of address")):
        for a in ("::", "::1", "fe80::1", "ff02::1"):
            refused(INVALID, text, mn, "bul_add", **{**BUL, name: a})
    refused(INVALID, "itself", mn, "bul_add", **{**BUL, "peer": COA})
    refused(INVALID, "itself", mn, "bul_add", **{**BUL, "peer": HOA})
    refused(INVALID, "lifetime 0", mn, "bul_add", **{**BUL, "lifetime": 0})
    refused(INVALID, "flag H", mn, "bul_add", **{**BUL, "flags": 0, "mnps": ["2001:db8:77::/48"]})
    full = {**BUL, "bid": 2, "seq": 9, "timestamp": 77, "state": C.MIPSOCK_BUL_STATE_REGISTERED,
            "hoa_plen": 64, "ifindex": 12, "mnps": ["2001:db8:77::/48"]}
    mn.request("bul_add", **full)
    got, = mn.dump("bul_get")
    assert without(got, "lifetime", "lifetime_initial") == without(full, "lifetime"), got
    assert watch.event()["reason"] == C.MIPSOCK_REASON_NEW
    mn.request("bul_add", **{**BUL, "peer": CN, "flags": 0, "state": 1})
    mn.request("bul_add", **{**BUL, "hoa": "2001:db8:1::200", "peer": CN, "flags": 0})
    assert len(mn.dump("bul_get")) == 3
    refused(errno.EEXIST, "flag H", mn, "bul_add", **{**BUL, "peer": CN})
    refused(errno.EEXIST, "flag H", mn, "bul_add", **{**full, "flags": 0, "mnps": []} | {})
    (msg, one), = mn.request("bul_get", hoa=HOA, peer=CN)
    assert msg == "bul_add" and one["peer"] == CN and one["state"] == 1
    refused(errno.ENOENT, "no such entry", mn, "bul_get", hoa=HOA, peer=CN, bid=5)
    refused(errno.ENOENT, "no such entry", mn, "bul_delete", hoa=HOA, peer=COA2)
    mn.request("bul_delete", hoa=HOA, peer=CN)
    e = watch.event(msg="bul_delete")
    assert (e["peer"], e["reason"], e["portid"]) == (CN, C.MIPSOCK_REASON_REMOVED, mn.portid)
    mn.request("bul_flush", flags=F_HOME)
    assert watch.event(msg="bul_delete")["reason"] == C.MIPSOCK_REASON_FLUSHED
    assert [b["hoa"] for b in mn.dump("bul_get")] == ["2001:db8:1::200"]
    mn.request("bul_add", **{**BUL, "lifetime": 40})
    e = watch.event(msg="bul_delete")
    assert e["reason"] == C.MIPSOCK_REASON_EXPIRED and e["portid"] == 0
    # at home: no lifetime needed; the longest is without end
    mn.request("bul_add", **{**BUL, "coa": HOA, "lifetime": 0, "state": C.MIPSOCK_BUL_STATE_HOME})
    (_, one), = mn.request("bul_get", hoa=HOA, peer=HA_CORE)
    assert one["lifetime"] == one["lifetime_initial"] == 0xffffffff


@test
def limits():
    for bid in range(16):
        ha.request("bc_add", **{**BC, "bid": bid})
    refused(errno.ENOSPC, "as many bindings", ha, "bc_add", **{**BC, "bid": 16})
    ha.request("bc_add", **{**BC, "bid": 15, "coa": COA2})
    assert [b["bid"] for b in ha.dump("bc_get")] == list(range(16))
    for i in range(128):
        mn.request("bul_add", **{**BUL, "hoa": f"2001:db8:1::d:{i:x}", "peer": CN, "flags": 0})
    refused(errno.ENOSPC, "as many bindings", mn, "bul_add", **{**BUL, "peer": CN, "flags": 0})
    parameter = "/sys/module/mipsock/parameters/max_bindings"
    with open(parameter, "r+", encoding="ascii") as f:
        old = f.read()
        f.write("20\n")
    try:
        for i in range(4):
            ha.request("bc_add", **{**BC, "hoa": f"2001:db8:1::a:{i}"})
        with Counters(ha) as c:
            refused(errno.ENOSPC, "max_bindings", ha, "bc_add", **{**BC, "hoa": "2001:db8:1::a:9"})
            assert c["table_full"] == 1
        ha.request("bc_add", **BC)  # a refresh is no new one
    finally:
        with open(parameter, "w", encoding="ascii") as f:
            f.write(old)


@test
def random_changes():
    """Bindings with BIDs, prefixes and link-local addresses in all orders, against a model."""
    seed = int(os.environ.get("SEED", time.time_ns() % 1000000))
    print(f"   SEED={seed}")
    rng = random.Random(seed)
    link = ifindex("ha", "eth0")
    hoas = [f"2001:db8:1::e:{i}" for i in range(4)]
    prefixes = [f"2001:db8:{0x200 + i:x}::/48" for i in range(4)] + ["10.7.0.0/16"]
    model = {}
    for step in range(600):
        hoa, bid = rng.choice(hoas), rng.randrange(3)
        if rng.random() < 0.6:
            mnps = rng.sample(prefixes, rng.choice((0, 0, 1, 2, 3)))
            want = {**BC, "hoa": hoa, "bid": bid, "coa": rng.choice((COA, COA2, BAD)), "seq": step & 0xffff}
            if rng.random() < 0.5:
                want.update(ifindex=link, flags=F_HOME | rng.choice((0, F_LL)))
            taken = {p for (h, _), b in model.items() if h != hoa for p in b["mnps"]}
            if taken & set(mnps):
                refused(errno.EEXIST, "another home address", ha, "bc_add", **want, mnps=mnps)
                continue
            ha.request("bc_add", **want, mnps=mnps)
            model[hoa, bid] = {**want, "mnps": mnps}
        elif rng.random() < 0.5:
            gone = [k for k in model if k[0] == hoa]
            if gone:
                ha.request("bc_remove", hoa=hoa)
            else:
                refused(errno.ENOENT, "no such binding", ha, "bc_remove", hoa=hoa)
            for k in gone:
                del model[k]
        elif (hoa, bid) in model:
            ha.request("bc_remove", hoa=hoa, bid=bid)
            del model[hoa, bid]
        if step % 10 == 9:
            got = {(b["hoa"], b["bid"]): b for b in ha.dump("bc_get")}
            assert got.keys() == model.keys(), f"SEED={seed} step {step}: {got.keys()} {model.keys()}"
            for k, b in model.items():
                g = {**got[k], "mnps": got[k].get("mnps", [])}
                assert without(g, "lifetime", "lifetime_initial", "timestamp") == without(b, "lifetime"), \
                    f"SEED={seed} step {step}: {g} {b}"
    ha.request("bc_flush")
    # nothing of them is left: all prefixes are free
    ha.request("bc_add", **BC, mnps=prefixes)


@test
def many():
    """Dumps of many messages: each binding once, all of them, BIDs in order."""
    n = 3000
    for i in range(n):
        ha.request("bc_add", **{**BC, "hoa": f"2001:db8:1::b:{i:x}", "bid": i % 3,
                                "mnps": [f"2001:db8:{i + 0x1000:x}::/48"] if i % 7 == 0 else []})
    got = ha.dump("bc_get")
    assert len(got) == n, f"{len(got)} of {n}"
    assert len({b["hoa"] for b in got}) == n
    watch = Mipsock("ha", groups=("bc",))
    ha.request("bc_flush")
    assert not ha.dump("bc_get")
    gone = sum(1 for _ in range(n) if watch.event(msg="bc_remove"))
    assert gone == n, f"{gone} events for {n} bindings"


@test
def relay():
    sender = Mipsock("mn")
    watch = Mipsock("mn", groups=("md", "hint"))
    full = {"md_cmd": C.MIPSOCK_MD_REREG, "hoa": HOA, "coa": COA, "ifindex": 5, "bid": 2, "hoa_plen": 64}
    sender.request("md_info", **full)
    e = watch.event()
    assert without(e, "msg", "portid") == full and e["msg"] == "md_info" and e["portid"] == sender.portid
    refused(INVALID, "MIPA_MD_CMD is missing", sender, "md_info", coa=COA)
    for cmd in (C.MIPSOCK_MD_REREG, C.MIPSOCK_MD_DEREG_FOREIGN):
        refused(INVALID, "MIPA_COA is missing", sender, "md_info", md_cmd=cmd)
    for cmd in (0, 5):
        refused(POLICY, "", sender, "md_info", md_cmd=cmd, coa=COA)
    for cmd in (C.MIPSOCK_MD_DEREG_HOME, C.MIPSOCK_MD_SCAN):
        sender.request("md_info", md_cmd=cmd)
        assert watch.event()["md_cmd"] == cmd
    for msg, attrs in (("home_hint", {"hoa": HOA, "ifindex": 3}), ("rr_hint", {"hoa": HOA, "peer": CN}),
                       ("be_hint", {"hoa": "::", "peer": CN, "local": COA, "be_status": 1})):
        for need in without(attrs, "ifindex"):
            refused(INVALID, f"MIPA_{need.upper()} is missing", sender, msg, **without(attrs, need))
        refused(POLICY, "", sender, msg, **attrs, lifetime=5)
        sender.request(msg, **attrs)
        e = watch.event()
        assert e["msg"] == msg and without(e, "msg", "portid") == attrs, e
    refused(POLICY, "", sender, "be_hint", hoa=HOA, peer=CN, local=COA, be_status=0)


@test
def permissions():
    """Without CAP_NET_ADMIN: statistics and node type, no more; nor may one listen."""
    pid = os.fork()
    if pid:
        assert os.waitpid(pid, 0)[1] == 0, "see above"
        return
    status = 1
    try:
        os.setgid(65534)
        os.setuid(65534)
        user = Mipsock(None)
        assert user.stats() and user.request("nodetype_get")
        for cmd, attrs in (("nodetype_info", {"nodetype": 1, "nodetype_mask": 1}), ("bc_add", BC),
                           ("bc_remove", {"hoa": HOA}), ("bc_flush", {}), ("bc_get", {"hoa": HOA}),
                           ("bul_add", BUL), ("bul_delete", {"hoa": HOA, "peer": CN}), ("bul_flush", {}),
                           ("bul_get", {"hoa": HOA, "peer": CN}), ("md_info", {"md_cmd": 4}),
                           ("home_hint", {"hoa": HOA}), ("rr_hint", {"hoa": HOA, "peer": CN}),
                           ("be_hint", {"hoa": HOA, "peer": CN, "local": COA, "be_status": 1}),
                           ("dad", {"dad_cmd": 1, "hoa": HOA, "ifindex": 1})):
            refused(errno.EPERM, "", user, cmd, **attrs)
        for cmd in ("bc_get", "bul_get"):
            try:
                user.dump(cmd)
                raise AssertionError(f"{cmd} dumped")
            except Refused as e:
                assert e.errno == errno.EPERM
        for group in user.groups:
            try:
                user.join(group)
                raise AssertionError(f"joined {group}")
            except OSError as e:
                assert e.errno == errno.EPERM
        status = 0
    except BaseException:  # pylint: disable=broad-except
        import traceback
        traceback.print_exc()
    os._exit(status)  # pylint: disable=protected-access


@test
def overrun():
    """A listener that does not read gets ENOBUFS, the tables go on; a dump brings it back in line."""
    watch = Mipsock("ha", groups=("bc",), buffer=4096)
    for i in range(200):
        ha.request("bc_add", **{**BC, "hoa": f"2001:db8:1::c:{i:x}"})
    try:
        while watch.event(0):
            pass
        raise AssertionError("no ENOBUFS")
    except OSError as e:
        assert e.errno == errno.ENOBUFS
    assert len(ha.dump("bc_get")) == 200
    while True:
        try:
            watch.kept.clear()
            if not watch._receive(0):  # pylint: disable=protected-access
                break
        except OSError:
            pass
    ha.request("bc_remove", hoa="2001:db8:1::c:5")
    assert watch.event()["hoa"] == "2001:db8:1::c:5"


@test
def devices():
    ip("cn", *(f"link add x{i} type dummy" for i in range(2)))
    add_mip_device("mip0", "cn")
    for name, bid in (("mip1", 0), ("mip1", None)):
        try:
            add_mip_device(name, "cn", bid)
            raise AssertionError("two devices with one BID")
        except Refused as e:
            assert e.errno == errno.EEXIST and "BID" in e.text
    add_mip_device("mip1", "cn", 65535)
    for size in (1279, 65536):
        try:
            ip("cn", f"link set mip0 mtu {size}")
        except subprocess.CalledProcessError:
            continue
        raise AssertionError(f"mtu {size} was accepted")
    ip("cn", "link set mip0 mtu 1280", "link set mip0 name renamed0", "link set renamed0 up",
       "link del renamed0", "link del mip1")
    add_mip_device("mip0", "cn")
    ip("cn", "link del mip0", "link del x0", "link del x1")


if __name__ == "__main__":
    enable()
    main(before=before)
