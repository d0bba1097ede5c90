# SPDX-License-Identifier: GPL-2.0-or-later
"""Many MIPSOCK events in a node's namespace: flood.py NODE bc|bul|md COUNT, or one request:
flood.py NODE add HOA COA; flood.py NODE nodetype +|-."""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../kernel"))
from mipsock import C, Mipsock, encode  # noqa: E402 pylint: disable=wrong-import-position

NLM_F_REQUEST = 1
BATCH = 400


def message(family, cmd, **attrs):
    """A request without acknowledgement, so that many go in one datagram."""
    body = struct.pack("=BBH", cmd, 1, 0) + b"".join(encode(k, v) for k, v in attrs.items())
    return struct.pack("=IHHII", 16 + len(body), family, NLM_F_REQUEST, 1, 0) + body


def flood(sock, topic, count):
    hoa, coa, here = "2001:db8:1::f100", "2001:db8:b::f100", "2001:db8:1::1"
    if topic == "bc":
        pair = message(sock.family, C.MIPM_BC_ADD, hoa=hoa, local=here, coa=coa, lifetime=60000,
                       flags=C.MIPSOCK_F_HOME)
        pair += message(sock.family, C.MIPM_BC_REMOVE, hoa=hoa)
    else:
        pair = 2 * message(sock.family, C.MIPM_MD_INFO, md_cmd=C.MIPSOCK_MD_REREG, hoa=hoa, coa=coa,
                           ifindex=1)
    for _ in range(0, count, 2 * BATCH):
        sock.sock.send(pair * BATCH)


def main():
    node, what, *rest = sys.argv[1:]
    sock = Mipsock(node)
    if what == "add":
        sock.request("bc_add", hoa=rest[0], local="2001:db8:1::1", coa=rest[1], lifetime=60000,
                     flags=C.MIPSOCK_F_HOME | C.MIPSOCK_F_ACK, seq=7)
    elif what == "nodetype":
        sock.request("nodetype_info", nodetype=C.MIPSOCK_NODETYPE_HA if rest[0] == "+" else 0,
                     nodetype_mask=C.MIPSOCK_NODETYPE_HA)
    else:
        flood(sock, what, int(rest[0]))


main()
