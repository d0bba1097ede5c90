// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MIPSOCK family (linux/mipsock.h): from messages to calls.
 *
 * pre_doit finds the namespace's state, takes its configuration lock and
 * refuses what the enabled node types do not allow, so that handlers do only
 * their own work. Messages of different namespaces run in parallel.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "bcache.h"
#include "bul.h"
#include "dad.h"
#include "homelink.h"
#include "message.h"
#include "mipsock.h"
#include "netlink.h"
#include "nodetype.h"
#include "policy.h"
#include "relay.h"

/* genl_ops.internal_flags: the node types of which one must be enabled, and this. */
#define MIP_OP_CONFIG 0x80 /* changes state: take the configuration lock */

static const char *const mip_missing[MIPA_MAX + 1] = {
	[MIPA_NODETYPE] = "MIPA_NODETYPE is missing",
	[MIPA_NODETYPE_MASK] = "MIPA_NODETYPE_MASK is missing",
	[MIPA_HOA] = "MIPA_HOA is missing",
	[MIPA_LOCAL] = "MIPA_LOCAL is missing",
	[MIPA_PEER] = "MIPA_PEER is missing",
	[MIPA_COA] = "MIPA_COA is missing",
	[MIPA_LIFETIME] = "MIPA_LIFETIME is missing",
	[MIPA_IFINDEX] = "MIPA_IFINDEX is missing",
	[MIPA_MD_CMD] = "MIPA_MD_CMD is missing",
	[MIPA_BE_STATUS] = "MIPA_BE_STATUS is missing",
	[MIPA_DAD_CMD] = "MIPA_DAD_CMD is missing",
};

/* @attrs ends with MIPA_UNSPEC. */
static int mip_need_attrs(struct genl_info *info, const u8 *attrs)
{
	for (; *attrs != MIPA_UNSPEC; attrs++) {
		if (info->attrs[*attrs])
			continue;
		if (info->extack)
			info->extack->_msg = mip_missing[*attrs];
		return -EINVAL;
	}
	return 0;
}

#define mip_need(info, ...) mip_need_attrs(info, (const u8[]){ __VA_ARGS__, MIPA_UNSPEC })

static struct mip_net *mip_info_net(struct genl_info *info)
{
	return info->user_ptr[0];
}

static int mip_pre_doit(const struct mip_genl_op *op, struct sk_buff *skb, struct genl_info *info)
{
	struct mip_net *mn = mip_net(genl_info_net(info));
	u32 types = op->internal_flags & MIP_NODETYPE_ALL;

	info->user_ptr[0] = mn;
	if (op->internal_flags & MIP_OP_CONFIG)
		mutex_lock(&mn->config);
	if (!types || (mn->nodetype & types))
		return 0;
	if (types & MIP_NODETYPE_MOBILE)
		NL_SET_ERR_MSG(
			info->extack,
			"enable the mobile node or router function first (MIPM_NODETYPE_INFO)");
	else if (types & MIPSOCK_NODETYPE_CN)
		NL_SET_ERR_MSG(
			info->extack,
			"enable the home agent or correspondent function first (MIPM_NODETYPE_INFO)");
	else
		NL_SET_ERR_MSG(info->extack,
			       "enable the home agent function first (MIPM_NODETYPE_INFO)");
	if (op->internal_flags & MIP_OP_CONFIG)
		mutex_unlock(&mn->config);
	return -EOPNOTSUPP;
}

static void mip_post_doit(const struct mip_genl_op *op, struct sk_buff *skb, struct genl_info *info)
{
	if (op->internal_flags & MIP_OP_CONFIG)
		mutex_unlock(&mip_info_net(info)->config);
}

static void mip_get_addr(struct genl_info *info, int attr, struct in6_addr *addr)
{
	if (info->attrs[attr])
		*addr = nla_get_in6_addr(info->attrs[attr]);
}

static int mip_get_mnps(struct genl_info *info, struct mip_request *req)
{
	struct nlattr *tb[MIPA_MNP_PLEN + 1], *attr;
	int rem, err;

	if (!info->attrs[MIPA_MNPS])
		return 0;
	nla_for_each_nested(attr, info->attrs[MIPA_MNPS], rem) {
		struct mip_key *mnp = &req->mnps[req->n_mnps];

		if (req->n_mnps == MIP_PREFIXES_PER_BINDING) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "more than 16 mobile network prefixes");
			return -E2BIG;
		}
		err = nla_parse_nested(tb, MIPA_MNP_PLEN, attr, mip_policy_mnp, info->extack);
		if (err)
			return err;
		if (!tb[MIPA_MNP_PREFIX] || !tb[MIPA_MNP_PLEN]) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "MIPA_MNP needs MIPA_MNP_PREFIX and MIPA_MNP_PLEN");
			return -EINVAL;
		}
		mnp->addr = nla_get_in6_addr(tb[MIPA_MNP_PREFIX]);
		mnp->plen = nla_get_u8(tb[MIPA_MNP_PLEN]);
		req->n_mnps++;
	}
	return 0;
}

static int mip_get_request(struct genl_info *info, struct mip_request *req)
{
	struct nlattr **a = info->attrs;

	mip_get_addr(info, MIPA_HOA, &req->hoa);
	mip_get_addr(info, MIPA_LOCAL, &req->local);
	mip_get_addr(info, MIPA_PEER, &req->peer);
	mip_get_addr(info, MIPA_COA, &req->coa);
	req->lifetime_msec = nla_get_u32(a[MIPA_LIFETIME]);
	req->bid = a[MIPA_BID] ? nla_get_u16(a[MIPA_BID]) : 0;
	req->flags = a[MIPA_FLAGS] ? nla_get_u32(a[MIPA_FLAGS]) : 0;
	req->seq = a[MIPA_SEQ] ? nla_get_u16(a[MIPA_SEQ]) : 0;
	req->ifindex = a[MIPA_IFINDEX] ? nla_get_u32(a[MIPA_IFINDEX]) : 0;
	req->state = a[MIPA_STATE] ? nla_get_u8(a[MIPA_STATE]) : MIPSOCK_BUL_STATE_UNSPEC;
	req->hoa_plen = a[MIPA_HOA_PLEN] ? nla_get_u8(a[MIPA_HOA_PLEN]) : 0;
	req->timestamp = a[MIPA_TIMESTAMP] ? nla_get_u64(a[MIPA_TIMESTAMP]) : 0;
	req->portid = info->snd_portid;
	return mip_get_mnps(info, req);
}

static int mip_nl_bc_add(struct sk_buff *skb, struct genl_info *info)
{
	struct mip_net *mn = mip_info_net(info);
	struct mip_request req = {};
	u32 need;
	int err;

	err = mip_need(info, MIPA_HOA, MIPA_LOCAL, MIPA_COA, MIPA_LIFETIME);
	if (err)
		return err;
	err = mip_get_request(info, &req);
	if (err)
		return err;
	need = req.flags & MIPSOCK_F_HOME ? MIPSOCK_NODETYPE_HA : MIPSOCK_NODETYPE_CN;
	if (!(mn->nodetype & need)) {
		if (need == MIPSOCK_NODETYPE_HA)
			NL_SET_ERR_MSG(info->extack,
				       "a binding with flag H needs the home agent function");
		else
			NL_SET_ERR_MSG(info->extack,
				       "a binding without flag H needs the correspondent function");
		return -EOPNOTSUPP;
	}
	return mip_bc_put(mn, &req, info->extack);
}

static int mip_nl_bc_remove(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *bid_attr = info->attrs[MIPA_BID];
	u16 bid = bid_attr ? nla_get_u16(bid_attr) : 0;
	struct in6_addr hoa = {};
	int err = mip_need(info, MIPA_HOA);

	if (err)
		return err;
	mip_get_addr(info, MIPA_HOA, &hoa);
	err = mip_bc_remove(mip_info_net(info), &hoa, bid_attr ? &bid : NULL, info->snd_portid);
	if (err)
		NL_SET_ERR_MSG(info->extack, "no such binding");
	return err;
}

static u16 mip_get_flush_flags(struct genl_info *info)
{
	return info->attrs[MIPA_FLAGS] ? nla_get_u32(info->attrs[MIPA_FLAGS]) : 0;
}

static int mip_nl_bc_flush(struct sk_buff *skb, struct genl_info *info)
{
	mip_table_flush(&mip_info_net(info)->bc, mip_get_flush_flags(info), info->snd_portid);
	return 0;
}

static int mip_nl_bc_get(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *bid_attr = info->attrs[MIPA_BID];
	struct mip_table *t = &mip_info_net(info)->bc;
	struct mip_binding *b = NULL;
	struct in6_addr hoa = {};
	struct mip_set *set;
	int err = mip_need(info, MIPA_HOA);

	if (err)
		return err;
	mip_get_addr(info, MIPA_HOA, &hoa);
	spin_lock_bh(&t->lock);
	set = mip_table_find(t, &hoa);
	if (set)
		b = rcu_dereference_protected(set->first, lockdep_is_held(&t->lock));
	while (b && bid_attr && b->bid != nla_get_u16(bid_attr))
		b = rcu_dereference_protected(b->next, lockdep_is_held(&t->lock));
	err = b ? mip_message_reply(t, b, info) : -ENOENT;
	spin_unlock_bh(&t->lock);
	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack, "no such binding");
	return err;
}

static int mip_nl_bul_add(struct sk_buff *skb, struct genl_info *info)
{
	struct mip_request req = {};
	int err;

	err = mip_need(info, MIPA_HOA, MIPA_PEER, MIPA_COA, MIPA_LIFETIME);
	if (err)
		return err;
	err = mip_get_request(info, &req);
	if (err)
		return err;
	/* At home nothing is registered that could end. */
	if (!req.lifetime_msec && ipv6_addr_equal(&req.coa, &req.hoa))
		req.lifetime_msec = MIP_LIFETIME_INFINITE;
	return mip_bul_put(mip_info_net(info), &req, info->extack);
}

static int mip_get_bul_key(struct genl_info *info, struct mip_bul_key *key)
{
	int err = mip_need(info, MIPA_HOA, MIPA_PEER);

	mip_get_addr(info, MIPA_HOA, &key->hoa);
	mip_get_addr(info, MIPA_PEER, &key->peer);
	key->bid = info->attrs[MIPA_BID] ? nla_get_u16(info->attrs[MIPA_BID]) : 0;
	return err;
}

static int mip_nl_bul_delete(struct sk_buff *skb, struct genl_info *info)
{
	struct mip_bul_key key = {};
	int err;

	err = mip_get_bul_key(info, &key);
	if (err)
		return err;
	err = mip_bul_remove(mip_info_net(info), &key, info->snd_portid);
	if (err)
		NL_SET_ERR_MSG(info->extack, "no such entry");
	return err;
}

static int mip_nl_bul_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct mip_net *mn = mip_info_net(info);
	u16 flags = mip_get_flush_flags(info);

	mip_table_flush(&mn->bul_home, flags, info->snd_portid);
	mip_table_flush(&mn->bul_cn, flags, info->snd_portid);
	return 0;
}

static int mip_nl_bul_get(struct sk_buff *skb, struct genl_info *info)
{
	struct mip_bul_key key = {};
	int err;

	err = mip_get_bul_key(info, &key);
	if (err)
		return err;
	err = mip_bul_reply(mip_info_net(info), &key, info);
	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack, "no such entry");
	return err;
}

/* A dump goes through one table after another; cb->args[0] is struct mip_nl_dump. */
struct mip_nl_dump {
	struct mip_table_dump dump;
	unsigned int nth_table;
	unsigned int n_tables;
	struct mip_table *tables[2];
};

static int mip_nl_dump_start(struct netlink_callback *cb, struct mip_table *first,
			     struct mip_table *second)
{
	struct mip_nl_dump *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return -ENOMEM;
	d->tables[0] = first;
	d->tables[1] = second;
	d->n_tables = second ? 2 : 1;
	mip_table_dump_start(first, &d->dump);
	cb->args[0] = (long)d;
	return 0;
}

static int mip_nl_bc_dump_start(struct netlink_callback *cb)
{
	struct mip_net *mn = mip_net(sock_net(cb->skb->sk));

	return mip_nl_dump_start(cb, &mn->bc, NULL);
}

static int mip_nl_bul_dump_start(struct netlink_callback *cb)
{
	struct mip_net *mn = mip_net(sock_net(cb->skb->sk));

	return mip_nl_dump_start(cb, &mn->bul_home, &mn->bul_cn);
}

static int mip_nl_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mip_nl_dump *d = (struct mip_nl_dump *)cb->args[0];

	while (d->nth_table < d->n_tables) {
		int err = mip_table_dump(&d->dump, skb, cb);

		if (err)
			return skb->len ?: err;
		mip_table_dump_done(&d->dump);
		memset(&d->dump, 0, sizeof(d->dump));
		if (++d->nth_table < d->n_tables)
			mip_table_dump_start(d->tables[d->nth_table], &d->dump);
	}
	return skb->len;
}

static int mip_nl_dump_done(struct netlink_callback *cb)
{
	struct mip_nl_dump *d = (struct mip_nl_dump *)cb->args[0];

	if (d && d->nth_table < d->n_tables)
		mip_table_dump_done(&d->dump);
	kfree(d);
	return 0;
}

static int mip_nl_nodetype_info(struct sk_buff *skb, struct genl_info *info)
{
	u32 types, mask;
	int err;

	err = mip_need(info, MIPA_NODETYPE, MIPA_NODETYPE_MASK);
	if (err)
		return err;
	types = nla_get_u32(info->attrs[MIPA_NODETYPE]);
	mask = nla_get_u32(info->attrs[MIPA_NODETYPE_MASK]);
	return mip_nodetype_set(mip_info_net(info), types, mask, info->extack);
}

static int mip_nl_nodetype_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = genlmsg_new(nla_total_size(sizeof(u32)), GFP_KERNEL);
	void *head = reply ? genlmsg_put_reply(reply, info, &mip_family, 0, MIPM_NODETYPE_GET) :
			     NULL;

	if (!head || nla_put_u32(reply, MIPA_NODETYPE, READ_ONCE(mip_info_net(info)->nodetype))) {
		kfree_skb(reply);
		return -ENOMEM;
	}
	genlmsg_end(reply, head);
	return genlmsg_reply(reply, info);
}

static int mip_nl_md_info(struct sk_buff *skb, struct genl_info *info)
{
	int err = mip_need(info, MIPA_MD_CMD);

	if (err)
		return err;
	switch ((enum mipsock_md_cmd)nla_get_u8(info->attrs[MIPA_MD_CMD])) {
	case MIPSOCK_MD_REREG:
	case MIPSOCK_MD_DEREG_FOREIGN:
		err = mip_need(info, MIPA_COA);
		break;
	case MIPSOCK_MD_DEREG_HOME:
	case MIPSOCK_MD_SCAN:
		break;
	case MIPSOCK_MD_UNSPEC:
	case __MIPSOCK_MD_MAX:
		err = -EINVAL; /* not reached: the policy refuses it */
		break;
	}
	if (err)
		return err;
	return mip_relay(mip_info_net(info), info, MIP_GROUP_MD, MIPM_MD_INFO);
}

static int mip_nl_home_hint(struct sk_buff *skb, struct genl_info *info)
{
	int err = mip_need(info, MIPA_HOA);

	if (err)
		return err;
	return mip_relay(mip_info_net(info), info, MIP_GROUP_HINT, MIPM_HOME_HINT);
}

static int mip_nl_rr_hint(struct sk_buff *skb, struct genl_info *info)
{
	int err = mip_need(info, MIPA_HOA, MIPA_PEER);

	if (err)
		return err;
	return mip_relay(mip_info_net(info), info, MIP_GROUP_HINT, MIPM_RR_HINT);
}

static int mip_nl_be_hint(struct sk_buff *skb, struct genl_info *info)
{
	int err = mip_need(info, MIPA_HOA, MIPA_PEER, MIPA_LOCAL, MIPA_BE_STATUS);

	if (err)
		return err;
	return mip_relay(mip_info_net(info), info, MIP_GROUP_HINT, MIPM_BE_HINT);
}

static int mip_nl_dad(struct sk_buff *skb, struct genl_info *info)
{
	struct mip_net *mn = mip_info_net(info);
	struct mip_dad_request req = {};
	int err;

	err = mip_need(info, MIPA_DAD_CMD, MIPA_HOA, MIPA_IFINDEX);
	if (err)
		return err;
	mip_get_addr(info, MIPA_HOA, &req.addr);
	req.ifindex = nla_get_u32(info->attrs[MIPA_IFINDEX]);
	req.link_local = !!mip_get_flush_flags(info);
	req.portid = info->snd_portid;
	if (nla_get_u8(info->attrs[MIPA_DAD_CMD]) == MIPSOCK_DAD_STOP)
		return mip_dad_stop(mn, &req, info->extack);
	return mip_dad_start(mn, &req, info->extack);
}

static int mip_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mip_net *mn = mip_net(sock_net(skb->sk));
	unsigned int i;

	for (i = cb->args[0]; i < MIP_STAT_COUNT; i++) {
		void *head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					 &mip_family, NLM_F_MULTI, MIPM_STATS_GET);

		if (!head)
			break;
		if (nla_put_u32(skb, MIPA_STAT_ID, i) ||
		    nla_put_string(skb, MIPA_STAT_NAME, mip_stat_info[i].name) ||
		    nla_put_string(skb, MIPA_STAT_HELP, mip_stat_info[i].help) ||
		    nla_put_u64_64bit(skb, MIPA_STAT_VALUE, mip_stat_read(mn, i), MIPA_PAD)) {
			genlmsg_cancel(skb, head);
			break;
		}
		genlmsg_end(skb, head);
	}
	cb->args[0] = i;
	return skb->len;
}

#define MIP_OP(_cmd, _policy, _doit, _flags, _internal)                                            \
	{                                                                                          \
		.cmd = _cmd, .policy = _policy, .maxattr = ARRAY_SIZE(_policy) - 1, .doit = _doit, \
		.flags = _flags, .internal_flags = _internal,                                      \
	}
#define MIP_OP_DUMP(_cmd, _policy, _doit, _start)                                                  \
	{                                                                                          \
		.cmd = _cmd, .policy = _policy, .maxattr = ARRAY_SIZE(_policy) - 1, .doit = _doit, \
		.start = _start, .dumpit = mip_nl_dump, .done = mip_nl_dump_done,                  \
		.flags = GENL_UNS_ADMIN_PERM,                                                      \
	}

static const struct genl_ops mip_ops[] = {
	MIP_OP(MIPM_NODETYPE_INFO, mip_policy_nodetype_info, mip_nl_nodetype_info,
	       GENL_UNS_ADMIN_PERM, MIP_OP_CONFIG),
	MIP_OP(MIPM_NODETYPE_GET, mip_policy_none, mip_nl_nodetype_get, 0, 0),
	MIP_OP(MIPM_BC_ADD, mip_policy_bc_add, mip_nl_bc_add, GENL_UNS_ADMIN_PERM,
	       MIP_OP_CONFIG | MIP_NODETYPE_HOME_SIDE),
	MIP_OP(MIPM_BC_REMOVE, mip_policy_bc_key, mip_nl_bc_remove, GENL_UNS_ADMIN_PERM,
	       MIP_OP_CONFIG | MIP_NODETYPE_HOME_SIDE),
	MIP_OP(MIPM_BC_FLUSH, mip_policy_flush, mip_nl_bc_flush, GENL_UNS_ADMIN_PERM,
	       MIP_OP_CONFIG),
	MIP_OP_DUMP(MIPM_BC_GET, mip_policy_bc_key, mip_nl_bc_get, mip_nl_bc_dump_start),
	MIP_OP(MIPM_BUL_ADD, mip_policy_bul_add, mip_nl_bul_add, GENL_UNS_ADMIN_PERM,
	       MIP_OP_CONFIG | MIP_NODETYPE_MOBILE),
	MIP_OP(MIPM_BUL_DELETE, mip_policy_bul_key, mip_nl_bul_delete, GENL_UNS_ADMIN_PERM,
	       MIP_OP_CONFIG | MIP_NODETYPE_MOBILE),
	MIP_OP(MIPM_BUL_FLUSH, mip_policy_flush, mip_nl_bul_flush, GENL_UNS_ADMIN_PERM,
	       MIP_OP_CONFIG),
	MIP_OP_DUMP(MIPM_BUL_GET, mip_policy_bul_key, mip_nl_bul_get, mip_nl_bul_dump_start),
	MIP_OP(MIPM_MD_INFO, mip_policy_md_info, mip_nl_md_info, GENL_UNS_ADMIN_PERM, 0),
	MIP_OP(MIPM_HOME_HINT, mip_policy_home_hint, mip_nl_home_hint, GENL_UNS_ADMIN_PERM, 0),
	MIP_OP(MIPM_RR_HINT, mip_policy_rr_hint, mip_nl_rr_hint, GENL_UNS_ADMIN_PERM, 0),
	MIP_OP(MIPM_BE_HINT, mip_policy_be_hint, mip_nl_be_hint, GENL_UNS_ADMIN_PERM, 0),
	MIP_OP(MIPM_DAD, mip_policy_dad, mip_nl_dad, GENL_UNS_ADMIN_PERM,
	       MIP_OP_CONFIG | MIPSOCK_NODETYPE_HA),
	{
		.cmd = MIPM_STATS_GET,
		.policy = mip_policy_none,
		.maxattr = ARRAY_SIZE(mip_policy_none) - 1,
		.dumpit = mip_nl_stats_dump,
	},
};

static const struct genl_multicast_group mip_groups[] = {
	[MIP_GROUP_BC] = { .name = MIPSOCK_MCGRP_BC, MIP_MCAST_ADMIN },
	[MIP_GROUP_BUL] = { .name = MIPSOCK_MCGRP_BUL, MIP_MCAST_ADMIN },
	[MIP_GROUP_MD] = { .name = MIPSOCK_MCGRP_MD, MIP_MCAST_ADMIN },
	[MIP_GROUP_HINT] = { .name = MIPSOCK_MCGRP_HINT, MIP_MCAST_ADMIN },
};

struct genl_family mip_family __ro_after_init = { .name = MIPSOCK_GENL_NAME,
						  .version = MIPSOCK_GENL_VERSION,
						  .maxattr = MIPA_MAX,
						  .netnsok = true,
						  .parallel_ops = true,
						  .module = THIS_MODULE,
						  .ops = mip_ops,
						  .n_ops = ARRAY_SIZE(mip_ops),
						  .mcgrps = mip_groups,
						  .n_mcgrps = ARRAY_SIZE(mip_groups),
						  .pre_doit = mip_pre_doit,
						  .post_doit = mip_post_doit,
						  MIP_GENL_RESV_START_OP(MIPM_UNSPEC + 1) };

int mip_netlink_init(void)
{
	return genl_register_family(&mip_family);
}

void mip_netlink_exit(void)
{
	genl_unregister_family(&mip_family);
}

MODULE_ALIAS_GENL_FAMILY(MIPSOCK_GENL_NAME);
