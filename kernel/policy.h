/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What attributes each message may carry, and of what form. An attribute that
 * is not in a message's table is refused. mipsock.yaml says the same; a test
 * (test/lint/uapi.py) reads this file, the yaml and the header and compares.
 */
#ifndef _MIPSOCK_POLICY_H
#define _MIPSOCK_POLICY_H

#include <net/netlink.h>

#include <linux/mipsock.h>

#include "mipsock.h"

#define MIP_POLICY_ADDR NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr))
#define MIP_POLICY_PLEN NLA_POLICY_RANGE(NLA_U8, 1, 128)
#define MIP_POLICY_FLAGS NLA_POLICY_MASK(NLA_U32, MIP_B_UAPI_FLAGS)
#define MIP_POLICY_TYPES NLA_POLICY_MASK(NLA_U32, MIP_NODETYPE_ALL)

static const struct nla_policy mip_policy_mnp[] = {
	[MIPA_MNP_PREFIX] = MIP_POLICY_ADDR,
	[MIPA_MNP_PLEN] = MIP_POLICY_PLEN,
};

static const struct nla_policy mip_policy_mnps[] = {
	[MIPA_MNP] = NLA_POLICY_NESTED(mip_policy_mnp),
};

static const struct nla_policy mip_policy_none[MIPA_MAX + 1] = {
	[MIPA_UNSPEC] = { .type = NLA_UNSPEC },
};

static const struct nla_policy mip_policy_nodetype_info[MIPA_MAX + 1] = {
	[MIPA_NODETYPE] = MIP_POLICY_TYPES,
	[MIPA_NODETYPE_MASK] = MIP_POLICY_TYPES,
};

static const struct nla_policy mip_policy_bc_add[MIPA_MAX + 1] = {
	[MIPA_HOA] = MIP_POLICY_ADDR,		[MIPA_LOCAL] = MIP_POLICY_ADDR,
	[MIPA_COA] = MIP_POLICY_ADDR,		[MIPA_BID] = { .type = NLA_U16 },
	[MIPA_FLAGS] = MIP_POLICY_FLAGS,	[MIPA_SEQ] = { .type = NLA_U16 },
	[MIPA_LIFETIME] = { .type = NLA_U32 },	[MIPA_IFINDEX] = { .type = NLA_U32 },
	[MIPA_TIMESTAMP] = { .type = NLA_U64 }, [MIPA_MNPS] = NLA_POLICY_NESTED(mip_policy_mnps),
};

static const struct nla_policy mip_policy_bc_key[MIPA_MAX + 1] = {
	[MIPA_HOA] = MIP_POLICY_ADDR,
	[MIPA_BID] = { .type = NLA_U16 },
};

static const struct nla_policy mip_policy_flush[MIPA_MAX + 1] = {
	[MIPA_FLAGS] = MIP_POLICY_FLAGS,
};

static const struct nla_policy mip_policy_bul_add[MIPA_MAX + 1] = {
	[MIPA_HOA] = MIP_POLICY_ADDR,
	[MIPA_HOA_PLEN] = MIP_POLICY_PLEN,
	[MIPA_PEER] = MIP_POLICY_ADDR,
	[MIPA_COA] = MIP_POLICY_ADDR,
	[MIPA_BID] = { .type = NLA_U16 },
	[MIPA_FLAGS] = MIP_POLICY_FLAGS,
	[MIPA_SEQ] = { .type = NLA_U16 },
	[MIPA_LIFETIME] = { .type = NLA_U32 },
	[MIPA_STATE] = NLA_POLICY_MAX(NLA_U8, MIPSOCK_BUL_STATE_MAX),
	[MIPA_IFINDEX] = { .type = NLA_U32 },
	[MIPA_TIMESTAMP] = { .type = NLA_U64 },
	[MIPA_MNPS] = NLA_POLICY_NESTED(mip_policy_mnps),
};

static const struct nla_policy mip_policy_bul_key[MIPA_MAX + 1] = {
	[MIPA_HOA] = MIP_POLICY_ADDR,
	[MIPA_PEER] = MIP_POLICY_ADDR,
	[MIPA_BID] = { .type = NLA_U16 },
};

static const struct nla_policy mip_policy_md_info[MIPA_MAX + 1] = {
	[MIPA_MD_CMD] = NLA_POLICY_RANGE(NLA_U8, 1, MIPSOCK_MD_MAX),
	[MIPA_HOA] = MIP_POLICY_ADDR,
	[MIPA_HOA_PLEN] = MIP_POLICY_PLEN,
	[MIPA_COA] = MIP_POLICY_ADDR,
	[MIPA_BID] = { .type = NLA_U16 },
	[MIPA_IFINDEX] = { .type = NLA_U32 },
};

static const struct nla_policy mip_policy_home_hint[MIPA_MAX + 1] = {
	[MIPA_HOA] = MIP_POLICY_ADDR,
	[MIPA_IFINDEX] = { .type = NLA_U32 },
};

static const struct nla_policy mip_policy_rr_hint[MIPA_MAX + 1] = {
	[MIPA_HOA] = MIP_POLICY_ADDR,
	[MIPA_PEER] = MIP_POLICY_ADDR,
};

static const struct nla_policy mip_policy_be_hint[MIPA_MAX + 1] = {
	[MIPA_HOA] = MIP_POLICY_ADDR,
	[MIPA_LOCAL] = MIP_POLICY_ADDR,
	[MIPA_PEER] = MIP_POLICY_ADDR,
	[MIPA_BE_STATUS] = NLA_POLICY_MIN(NLA_U8, 1),
};

static const struct nla_policy mip_policy_dad[MIPA_MAX + 1] = {
	[MIPA_HOA] = MIP_POLICY_ADDR,
	[MIPA_FLAGS] = NLA_POLICY_MASK(NLA_U32, MIPSOCK_F_LINK_LOCAL),
	[MIPA_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MIPA_DAD_CMD] = NLA_POLICY_RANGE(NLA_U8, MIPSOCK_DAD_START, MIPSOCK_DAD_STOP),
};

#endif /* _MIPSOCK_POLICY_H */
