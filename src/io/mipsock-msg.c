// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * MIPSOCK messages to and from structures (include/uapi/linux/mipsock.h). What
 * the kernel says is checked like what a stranger says: lengths by the policy,
 * numbers where they index or size something.
 */
#include "mipsock-msg.h"

#include <errno.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include <mip/time.h>

static const struct nla_policy policy[MIPA_MAX + 1] = {
	[MIPA_NODETYPE] = { .type = NLA_U32 },
	[MIPA_NODETYPE_MASK] = { .type = NLA_U32 },
	[MIPA_HOA] = { .minlen = 16, .maxlen = 16 },
	[MIPA_HOA_PLEN] = { .type = NLA_U8 },
	[MIPA_LOCAL] = { .minlen = 16, .maxlen = 16 },
	[MIPA_PEER] = { .minlen = 16, .maxlen = 16 },
	[MIPA_COA] = { .minlen = 16, .maxlen = 16 },
	[MIPA_BID] = { .type = NLA_U16 },
	[MIPA_FLAGS] = { .type = NLA_U32 },
	[MIPA_SEQ] = { .type = NLA_U16 },
	[MIPA_LIFETIME] = { .type = NLA_U32 },
	[MIPA_LIFETIME_INITIAL] = { .type = NLA_U32 },
	[MIPA_STATE] = { .type = NLA_U8 },
	[MIPA_IFINDEX] = { .type = NLA_U32 },
	[MIPA_TIMESTAMP] = { .type = NLA_U64 },
	[MIPA_MNPS] = { .type = NLA_NESTED },
	[MIPA_REASON] = { .type = NLA_U8 },
	[MIPA_MD_CMD] = { .type = NLA_U8 },
	[MIPA_BE_STATUS] = { .type = NLA_U8 },
	[MIPA_DAD_CMD] = { .type = NLA_U8 },
	[MIPA_DAD_RESULT] = { .type = NLA_U8 },
	[MIPA_STAT_ID] = { .type = NLA_U32 },
	[MIPA_STAT_NAME] = { .type = NLA_NUL_STRING, .maxlen = 64 },
	[MIPA_STAT_HELP] = { .type = NLA_NUL_STRING, .maxlen = 512 },
	[MIPA_STAT_VALUE] = { .type = NLA_U64 },
};

static const struct nla_policy mnp_policy[MIPA_MAX + 1] = {
	[MIPA_MNP_PREFIX] = { .minlen = 16, .maxlen = 16 },
	[MIPA_MNP_PLEN] = { .type = NLA_U8 },
};

uint32_t mipsock_msec(uint64_t usec)
{
	uint64_t msec = usec / MIP_USEC_PER_MSEC + (usec % MIP_USEC_PER_MSEC != 0);

	return msec > UINT32_MAX ? UINT32_MAX : (uint32_t)msec;
}

uint64_t mipsock_usec(uint32_t msec)
{
	return msec * MIP_USEC_PER_MSEC;
}

/* libnl says only that it failed; there is one reason. */
static int full(int nl_result)
{
	return nl_result < 0 ? -EMSGSIZE : 0;
}

int mipsock_put_addr(struct nl_msg *msg, int attr, const struct in6_addr *addr)
{
	return full(nla_put(msg, attr, sizeof(*addr), addr));
}

static int put_mnps(struct nl_msg *msg, const struct mip_prefix *mnp, unsigned int n)
{
	struct nlattr *mnps, *one;

	if (n == 0)
		return 0;
	if (n > MIP_MNP_MAX)
		return -EMSGSIZE;
	mnps = nla_nest_start(msg, MIPA_MNPS | NLA_F_NESTED);
	if (!mnps)
		return -EMSGSIZE;
	for (unsigned int i = 0; i < n; i++) {
		one = nla_nest_start(msg, MIPA_MNP | NLA_F_NESTED);
		if (!one || mipsock_put_addr(msg, MIPA_MNP_PREFIX, &mnp[i].addr) < 0 ||
		    nla_put_u8(msg, MIPA_MNP_PLEN, mnp[i].plen) < 0)
			return -EMSGSIZE;
		nla_nest_end(msg, one);
	}
	nla_nest_end(msg, mnps);
	return 0;
}

int mipsock_put_bce(struct nl_msg *msg, const struct mip_bce *bce)
{
	int r = 0;

	r |= mipsock_put_addr(msg, MIPA_HOA, &bce->hoa);
	r |= mipsock_put_addr(msg, MIPA_LOCAL, &bce->local);
	r |= mipsock_put_addr(msg, MIPA_COA, &bce->coa);
	r |= nla_put_u32(msg, MIPA_LIFETIME, mipsock_msec(bce->lifetime_usec));
	if (bce->bid)
		r |= nla_put_u16(msg, MIPA_BID, bce->bid);
	r |= nla_put_u32(msg, MIPA_FLAGS, bce->flags);
	r |= nla_put_u16(msg, MIPA_SEQ, bce->seq);
	if (bce->home_ifindex)
		r |= nla_put_u32(msg, MIPA_IFINDEX, bce->home_ifindex);
	if (bce->timestamp)
		r |= nla_put_u64(msg, MIPA_TIMESTAMP, bce->timestamp);
	r |= put_mnps(msg, bce->mnp, bce->n_mnp);
	return full(r);
}

int mipsock_put_bule(struct nl_msg *msg, const struct mip_bule *bule)
{
	int r = 0;

	r |= mipsock_put_addr(msg, MIPA_HOA, &bule->hoa);
	r |= mipsock_put_addr(msg, MIPA_PEER, &bule->peer);
	r |= mipsock_put_addr(msg, MIPA_COA, &bule->coa);
	r |= nla_put_u32(msg, MIPA_LIFETIME, mipsock_msec(bule->lifetime_usec));
	if (bule->bid)
		r |= nla_put_u16(msg, MIPA_BID, bule->bid);
	r |= nla_put_u32(msg, MIPA_FLAGS, bule->flags);
	r |= nla_put_u16(msg, MIPA_SEQ, bule->seq);
	if (bule->ifindex)
		r |= nla_put_u32(msg, MIPA_IFINDEX, bule->ifindex);
	r |= nla_put_u8(msg, MIPA_STATE, (uint8_t)bule->state);
	if (bule->hoa_plen)
		r |= nla_put_u8(msg, MIPA_HOA_PLEN, bule->hoa_plen);
	if (bule->timestamp)
		r |= nla_put_u64(msg, MIPA_TIMESTAMP, bule->timestamp);
	r |= put_mnps(msg, bule->mnp, bule->n_mnp);
	return full(r);
}

int mipsock_put_md(struct nl_msg *msg, const struct mipsock_md *md)
{
	int r = 0;

	r |= nla_put_u8(msg, MIPA_MD_CMD, (uint8_t)md->cmd);
	if (md->has_hoa)
		r |= mipsock_put_addr(msg, MIPA_HOA, &md->hoa);
	if (md->hoa_plen)
		r |= nla_put_u8(msg, MIPA_HOA_PLEN, md->hoa_plen);
	if (!IN6_IS_ADDR_UNSPECIFIED(&md->coa))
		r |= mipsock_put_addr(msg, MIPA_COA, &md->coa);
	if (md->bid)
		r |= nla_put_u16(msg, MIPA_BID, md->bid);
	if (md->ifindex)
		r |= nla_put_u32(msg, MIPA_IFINDEX, md->ifindex);
	return full(r);
}

int mipsock_put_hint(struct nl_msg *msg, const struct mipsock_hint *hint)
{
	int r = mipsock_put_addr(msg, MIPA_HOA, &hint->hoa);

	if (hint->type == MIPM_HOME_HINT) {
		if (hint->ifindex)
			r |= nla_put_u32(msg, MIPA_IFINDEX, hint->ifindex);
		return full(r);
	}
	r |= mipsock_put_addr(msg, MIPA_PEER, &hint->peer);
	if (hint->type == MIPM_BE_HINT) {
		r |= mipsock_put_addr(msg, MIPA_LOCAL, &hint->local);
		r |= nla_put_u8(msg, MIPA_BE_STATUS, hint->be_status);
	}
	return full(r);
}

int mipsock_parse(struct nlmsghdr *nlh, struct nlattr **ret_tb)
{
	if (!genlmsg_valid_hdr(nlh, 0))
		return -EBADMSG;
	return genlmsg_parse(nlh, 0, ret_tb, MIPA_MAX, policy) < 0 ? -EBADMSG : 0;
}

static struct in6_addr get_addr(const struct nlattr *attr)
{
	struct in6_addr addr = IN6ADDR_ANY_INIT;

	if (attr)
		memcpy(&addr, nla_data(attr), sizeof(addr));
	return addr;
}

static uint8_t get_u8(const struct nlattr *attr)
{
	return attr ? nla_get_u8(attr) : 0;
}

static uint16_t get_u16(const struct nlattr *attr)
{
	return attr ? nla_get_u16(attr) : 0;
}

static uint32_t get_u32(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static uint64_t get_u64(const struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

static int read_mnps(struct nlattr *mnps, struct mip_prefix *mnp, unsigned int *ret_n)
{
	struct nlattr *tb[MIPA_MAX + 1];
	struct nlattr *one;
	unsigned int n = 0;
	int rem;

	*ret_n = 0;
	if (!mnps)
		return 0;
	nla_for_each_nested(one, mnps, rem) {
		if (nla_type(one) != MIPA_MNP)
			continue;
		if (n == MIP_MNP_MAX || nla_parse_nested(tb, MIPA_MAX, one, mnp_policy) < 0 ||
		    !tb[MIPA_MNP_PREFIX] || !tb[MIPA_MNP_PLEN])
			return -EBADMSG;
		mnp[n].addr = get_addr(tb[MIPA_MNP_PREFIX]);
		mnp[n].plen = get_u8(tb[MIPA_MNP_PLEN]);
		if (mnp[n].plen > 128)
			return -EBADMSG;
		n++;
	}
	*ret_n = n;
	return 0;
}

static enum mipsock_reason get_reason(const struct nlattr *attr)
{
	uint8_t reason = get_u8(attr);

	return reason > MIPSOCK_REASON_MAX ? MIPSOCK_REASON_UNSPEC : (enum mipsock_reason)reason;
}

int mipsock_read_bc(struct nlattr **tb, struct mipsock_bc *ret)
{
	struct mipsock_bc bc;

	if (!tb[MIPA_HOA])
		return -EBADMSG;
	memset(&bc, 0, sizeof(bc));
	bc.bce.hoa = get_addr(tb[MIPA_HOA]);
	bc.bce.local = get_addr(tb[MIPA_LOCAL]);
	bc.bce.coa = get_addr(tb[MIPA_COA]);
	bc.bce.bid = get_u16(tb[MIPA_BID]);
	bc.bce.flags = (uint16_t)get_u32(tb[MIPA_FLAGS]);
	bc.bce.seq = get_u16(tb[MIPA_SEQ]);
	bc.bce.home_ifindex = get_u32(tb[MIPA_IFINDEX]);
	bc.bce.lifetime_usec = mipsock_usec(get_u32(tb[MIPA_LIFETIME]));
	bc.bce.timestamp = get_u64(tb[MIPA_TIMESTAMP]);
	bc.lifetime_initial_usec = mipsock_usec(get_u32(tb[MIPA_LIFETIME_INITIAL]));
	bc.reason = get_reason(tb[MIPA_REASON]);
	if (read_mnps(tb[MIPA_MNPS], bc.bce.mnp, &bc.bce.n_mnp) < 0)
		return -EBADMSG;
	*ret = bc;
	return 0;
}

int mipsock_read_bul(struct nlattr **tb, struct mipsock_bul *ret)
{
	struct mipsock_bul bul;
	uint8_t state = get_u8(tb[MIPA_STATE]);

	if (!tb[MIPA_HOA] || !tb[MIPA_PEER] || state > MIPSOCK_BUL_STATE_MAX)
		return -EBADMSG;
	memset(&bul, 0, sizeof(bul));
	bul.bule.hoa = get_addr(tb[MIPA_HOA]);
	bul.bule.hoa_plen = get_u8(tb[MIPA_HOA_PLEN]);
	bul.bule.peer = get_addr(tb[MIPA_PEER]);
	bul.bule.coa = get_addr(tb[MIPA_COA]);
	bul.bule.bid = get_u16(tb[MIPA_BID]);
	bul.bule.flags = (uint16_t)get_u32(tb[MIPA_FLAGS]);
	bul.bule.seq = get_u16(tb[MIPA_SEQ]);
	bul.bule.ifindex = get_u32(tb[MIPA_IFINDEX]);
	bul.bule.state = (enum mip_bul_state)state;
	bul.bule.lifetime_usec = mipsock_usec(get_u32(tb[MIPA_LIFETIME]));
	bul.bule.timestamp = get_u64(tb[MIPA_TIMESTAMP]);
	bul.lifetime_initial_usec = mipsock_usec(get_u32(tb[MIPA_LIFETIME_INITIAL]));
	bul.reason = get_reason(tb[MIPA_REASON]);
	if (bul.bule.hoa_plen > 128 || read_mnps(tb[MIPA_MNPS], bul.bule.mnp, &bul.bule.n_mnp) < 0)
		return -EBADMSG;
	*ret = bul;
	return 0;
}

int mipsock_read_md(struct nlattr **tb, struct mipsock_md *ret)
{
	struct mipsock_md md;
	uint8_t cmd = get_u8(tb[MIPA_MD_CMD]);

	if (cmd == MIPSOCK_MD_UNSPEC || cmd > MIPSOCK_MD_MAX)
		return -EBADMSG;
	memset(&md, 0, sizeof(md));
	md.cmd = (enum mipsock_md_cmd)cmd;
	md.has_hoa = tb[MIPA_HOA];
	md.hoa = get_addr(tb[MIPA_HOA]);
	md.hoa_plen = get_u8(tb[MIPA_HOA_PLEN]);
	md.coa = get_addr(tb[MIPA_COA]);
	md.bid = get_u16(tb[MIPA_BID]);
	md.ifindex = get_u32(tb[MIPA_IFINDEX]);
	if (md.hoa_plen > 128)
		return -EBADMSG;
	*ret = md;
	return 0;
}

int mipsock_read_hint(struct nlattr **tb, enum mipsock_msg type, struct mipsock_hint *ret)
{
	if (!tb[MIPA_HOA])
		return -EBADMSG;
	*ret = (struct mipsock_hint){
		.type = type,
		.hoa = get_addr(tb[MIPA_HOA]),
		.peer = get_addr(tb[MIPA_PEER]),
		.local = get_addr(tb[MIPA_LOCAL]),
		.ifindex = get_u32(tb[MIPA_IFINDEX]),
		.be_status = get_u8(tb[MIPA_BE_STATUS]),
	};
	return 0;
}

int mipsock_read_dad(struct nlattr **tb, struct mipsock_dad *ret)
{
	uint8_t result = get_u8(tb[MIPA_DAD_RESULT]);

	if (!tb[MIPA_HOA] || get_u8(tb[MIPA_DAD_CMD]) != MIPSOCK_DAD_RESULT ||
	    result == MIPSOCK_DAD_RESULT_UNSPEC || result > MIPSOCK_DAD_RESULT_MAX)
		return -EBADMSG;
	*ret = (struct mipsock_dad){
		.hoa = get_addr(tb[MIPA_HOA]),
		.ifindex = get_u32(tb[MIPA_IFINDEX]),
		.result = (enum mipsock_dad_result)result,
	};
	return 0;
}

int mipsock_read_stat(struct nlattr **tb, struct mipsock_stat *ret)
{
	if (!tb[MIPA_STAT_ID] || !tb[MIPA_STAT_NAME] || !tb[MIPA_STAT_VALUE])
		return -EBADMSG;
	*ret = (struct mipsock_stat){
		.id = get_u32(tb[MIPA_STAT_ID]),
		.name = nla_get_string(tb[MIPA_STAT_NAME]),
		.help = tb[MIPA_STAT_HELP] ? nla_get_string(tb[MIPA_STAT_HELP]) : "",
		.value = get_u64(tb[MIPA_STAT_VALUE]),
	};
	return 0;
}

int mipsock_read_event(struct nlmsghdr *nlh, struct mipsock_event *ret)
{
	struct nlattr *tb[MIPA_MAX + 1];
	struct mipsock_event ev;
	int r;

	r = mipsock_parse(nlh, tb);
	if (r < 0)
		return r;
	memset(&ev, 0, sizeof(ev));
	switch (genlmsg_hdr(nlh)->cmd) {
	case MIPM_BC_ADD:
	case MIPM_BC_REMOVE:
		r = mipsock_read_bc(tb, &ev.bc);
		break;
	case MIPM_BUL_ADD:
	case MIPM_BUL_DELETE:
		r = mipsock_read_bul(tb, &ev.bul);
		break;
	case MIPM_MD_INFO:
		r = mipsock_read_md(tb, &ev.md);
		break;
	case MIPM_HOME_HINT:
	case MIPM_RR_HINT:
	case MIPM_BE_HINT:
		r = mipsock_read_hint(tb, (enum mipsock_msg)genlmsg_hdr(nlh)->cmd, &ev.hint);
		break;
	case MIPM_DAD:
		r = mipsock_read_dad(tb, &ev.dad);
		break;
	default: /* the kernel's number, not our enum: it may be newer than we are */
		return -EBADMSG;
	}
	if (r < 0)
		return r;
	ev.type = (enum mipsock_msg)genlmsg_hdr(nlh)->cmd;
	*ret = ev;
	return 0;
}
