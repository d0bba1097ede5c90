#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check-decoders.py tshark|scapy GOLDEN_PCAP

Has GOLDEN_PCAP write the golden messages into a capture, lets an independent
decoder read it, and compares every field that the decoder knows with what was
encoded. Exits 77 (skipped) when the decoder is not installed.
"""
import ipaddress
import json
import os
import shutil
import subprocess
import sys
import tempfile

BU_FLAGS = [(0x8000, "bu.a_flag"), (0x4000, "bu.h_flag"), (0x2000, "bu.l_flag"),
            (0x1000, "bu.k_flag"), (0x0800, "bu.m_flag"), (0x0400, "nemo.bu.r_flag"),
            (0x0200, "bu.p_flag"), (0x0100, "bu.f_flag"), (0x0040, "bu.b_flag")]
BA_FLAGS = [(0x80, "ba.k_flag"), (0x40, "nemo.ba.r_flag"), (0x20, "ba.p_flag")]

# Our field: tshark's, by message type where it has one name for each.
TSHARK = {
    "type": "mip6.mhtype",
    "nonce": {3: "mip6.hot.nindex", 4: "mip6.cot.nindex"},
    "cookie": {1: "mip6.hoti.cookie", 2: "mip6.coti.cookie", 3: "mip6.hot.cookie",
               4: "mip6.cot.cookie"},
    "token": "mip6.hot.token",
    "seq": {5: "mip6.bu.seqnr", 6: "mip6.ba.seqnr"},
    "lifetime": {5: "mip6.bu.lifetime", 6: "mip6.ba.lifetime"},
    "status": {6: "mip6.ba.status", 7: "mip6.be.status"},
    "hoa": "mip6.be.haddr",
    "refresh_advice": "mip6.bra.interval",
    "altcoa": "mip6.acoa.acoa",
    "home_nonce": "mip6.ni.hni",
    "coa_nonce": "mip6.ni.cni",
    "bad": "mip6.bad.auth",
    "lla": "mip6.lla",
    "nai": "mip6.mnid.identifier",
    "spi": "mip6.auth.mobility_spi",
    "mn_ha": "mip6.auth.auth_data",
    "ipv4_hoa": "mip6.ipv4ha.ha",
    "ipv4_coa": "mip6.ipv4coa.addr",
    "ipv4_ack_status": "mip6.ipv4aa.sts",
    "nat_refresh": "mip6.natd.refresh_t",
    "bid": "mip6.bi.bid",
    "bid_coa": "mip6.bi.coa_ipv6",
    "icmp6": "icmpv6.type",
    "id": "icmpv6.mip6.identifier",
    "ha1": "icmpv6.mip6.home_agent_address",
    "prefix": "icmpv6.opt.prefix",
    "plen": "icmpv6.opt.prefix.length",
    "valid": "icmpv6.opt.prefix.valid_lifetime",
    "preferred": "icmpv6.opt.prefix.preferred_lifetime",
}
HEX = {"cookie", "token", "bad", "lla", "mn_ha"}

compared = 0
wrong = 0


def check(name, key, want, got):
    global compared, wrong
    compared += 1
    if want != got:
        wrong += 1
        print(f"{name}: {key}: encoded {want!r}, decoded {got!r}")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def same_form(key, text):
    """A value as tshark prints it, in the form of our JSON."""
    if key in HEX:
        return text.lower().replace("0x", "").replace(":", "")
    if key == "nai" or "." in text or ("::" in text):
        return text
    return int(text, 0)


def by_tshark(capture, messages):
    if not shutil.which("tshark"):
        skip("tshark is not installed")
    fields = {"mip6.csum", "icmpv6.checksum.status", "mip6.nemo.mnp.mnp", "mip6.nemo.mnp.pfl",
              "_ws.malformed", "mip6.mobility_opt"}
    for names in TSHARK.values():
        fields.update(names.values() if isinstance(names, dict) else [names])
    fields.update("mip6." + f for _, f in BU_FLAGS + BA_FLAGS)
    cmd = ["tshark", "-n", "-r", capture, "-T", "json"]
    for f in sorted(fields):
        cmd += ["-e", f]
    out = subprocess.run(cmd, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    packets = [p["_source"]["layers"] for p in json.loads(out.stdout)]
    check("capture", "packets", len(messages), len(packets))
    for want, layers in zip(messages, packets):
        name = want["name"]
        check(name, "malformed", [], layers.get("_ws.malformed", []))
        for key, value in want.items():
            if key not in TSHARK:
                continue
            field = TSHARK[key]
            if isinstance(field, dict):
                field = field[want["type"]]
            values = layers.get(field)
            got = same_form(key, values[0]) if values else None
            if key == "mn_ha" and len(got or "") == 20:
                value = value[:20]  # Wireshark 4.0 leaves out the last two octets
            check(name, key, value, got)
        for mask, field in {5: BU_FLAGS, 6: BA_FLAGS}.get(want.get("type"), []):
            check(name, field, bool(want["flags"] & mask),
                  layers["mip6." + field][0] in ("1", "True", "true"))
        if "mnp" in want:
            check(name, "mnp", want["mnp"], [f"{a}/{p}" for a, p in zip(
                layers["mip6.nemo.mnp.mnp"], layers["mip6.nemo.mnp.pfl"])])
        if "raw" in want:
            check(name, "raw", True, str(want["raw"]) in layers["mip6.mobility_opt"])
        if "icmp6" in want:
            check(name, "checksum", ["1"], layers["icmpv6.checksum.status"])
        if "ha2" in want:
            check(name, "ha2", want["ha2"], layers["icmpv6.mip6.home_agent_address"][1])


def scapy_fields(packet, want, six):
    """Our field names and the values that scapy decoded, for one message."""
    got = {}
    mh = packet.payload
    if "icmp6" in want:
        got["icmp6"] = mh.type
        got["id"] = mh.id
        if mh.type == 145:
            got["ha1"], got["ha2"] = mh.addresses
        if mh.type == 147:
            pio = mh.payload
            got.update(prefix=pio.prefix, plen=pio.prefixlen, valid=pio.validlifetime,
                       preferred=pio.preferredlifetime)
        return got, mh.cksum
    got["type"] = mh.mhtype
    if mh.mhtype in (1, 2, 3, 4):
        got["cookie"] = mh.cookie.hex()
    if mh.mhtype in (3, 4):
        got["token"] = mh.token.hex()
        got["nonce"] = mh.index
    if mh.mhtype in (5, 6):
        got["seq"] = mh.seq
        got["lifetime"] = mh.mhtime
    if mh.mhtype in (6, 7):
        got["status"] = mh.status
    if mh.mhtype == 7:
        got["hoa"] = mh.ha
    for o in mh.options:
        if isinstance(o, six.MIP6OptBRAdvice):
            got["refresh_advice"] = o.rinter
        elif isinstance(o, six.MIP6OptAltCoA):
            got["altcoa"] = o.acoa
        elif isinstance(o, six.MIP6OptNonceIndices):
            got["home_nonce"], got["coa_nonce"] = o.hni, o.coni
        elif isinstance(o, six.MIP6OptBindingAuthData):
            got["bad"] = f"{o.authenticator:024x}"
        elif isinstance(o, six.MIP6OptMobNetPrefix):
            got.setdefault("mnp", []).append(f"{o.prefix}/{o.plen}")
        elif isinstance(o, six.MIP6OptMNID):
            got["nai"] = o.id.decode()
        elif isinstance(o, six.MIP6OptMsgAuth):
            got["spi"], got["mn_ha"] = o.mspi, o.authdata.hex()
        elif isinstance(o, six.MIP6OptReplayProtection):
            got["timestamp"] = o.timestamp
    return got, mh.cksum


def scapy_flags(mh):
    """scapy has the upper 7 bits of a Binding Update and the upper 3 of an Acknowledgement."""
    return int(mh.flags) << (9 if mh.mhtype == 5 else 5)


# What scapy cannot read: it shows these as unknown options, or not at all.
NOT_SCAPY = {"name", "flags", "ipv4_hoa", "ipv4_coa", "ipv4_ack_status", "nat_refresh", "bid",
             "bid_coa", "raw", "lla"}


def by_scapy(capture, messages):
    try:
        from scapy.layers import inet6 as six
    except ImportError:
        skip("scapy is not installed for " + sys.executable)
    from scapy.utils import RawPcapReader
    packets = [six.IPv6(data) for data, _ in RawPcapReader(capture)]
    check("capture", "packets", len(messages), len(packets))
    for want, packet in zip(messages, packets):
        name = want["name"]
        got, checksum = scapy_fields(packet, want, six)
        for key, value in want.items():
            if key not in NOT_SCAPY:
                check(name, key, value, got.get(key))
        if want.get("type") in (5, 6):
            mask = 0xfe00 if want["type"] == 5 else 0xe0
            check(name, "flags", want["flags"] & mask, scapy_flags(packet.payload))
        octets = bytearray(bytes(packet.payload.original))
        at = 2 if "icmp6" in want else 4
        octets[at:at + 2] = b"\0\0"
        check(name, "checksum", six.in6_chksum(packet.nh, packet, bytes(octets)), checksum)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("tshark", "scapy"):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as directory:
        capture = os.path.join(directory, "golden.pcap")
        out = subprocess.run([sys.argv[2], capture], check=True, stdout=subprocess.PIPE)
        messages = [json.loads(line) for line in out.stdout.splitlines()]
        for m in messages:
            for key in ("altcoa", "hoa", "bid_coa", "prefix"):
                if key in m:
                    m[key] = str(ipaddress.ip_address(m[key]))
        (by_tshark if sys.argv[1] == "tshark" else by_scapy)(capture, messages)
    print(f"{len(messages)} messages, {compared} comparisons, {wrong} wrong")
    sys.exit(1 if wrong or compared < 100 else 0)


if __name__ == "__main__":
    main()
