// SPDX-License-Identifier: GPL-2.0-only
/*
 * The binding update list (RFC 6275 section 11.1): what a mobile node or router
 * has registered where. Two tables: home registrations, keyed by home address,
 * since they steer what the node sends; and those with correspondents, keyed by
 * the correspondent, since there are many of them for one home address.
 */
#include <linux/slab.h>

#include "bul.h"
#include "message.h"
#include "mipsock.h"

static const struct mip_bul_entry *mip_bul_entry(const struct mip_binding *b)
{
	return container_of(b, struct mip_bul_entry, b);
}

static bool mip_bul_same(const struct mip_binding *a, const struct mip_binding *b)
{
	return a->bid == b->bid && ipv6_addr_equal(&a->remote, &b->remote) &&
	       ipv6_addr_equal(&mip_bul_entry(a)->hoa, &mip_bul_entry(b)->hoa);
}

static int mip_bul_fill(struct sk_buff *skb, const struct mip_binding *b)
{
	const struct mip_bul_entry *e = mip_bul_entry(b);

	if (nla_put_in6_addr(skb, MIPA_HOA, &e->hoa) ||
	    nla_put_in6_addr(skb, MIPA_PEER, &b->remote) ||
	    nla_put_in6_addr(skb, MIPA_COA, &b->local) || nla_put_u8(skb, MIPA_STATE, e->state) ||
	    (e->hoa_plen && nla_put_u8(skb, MIPA_HOA_PLEN, e->hoa_plen)))
		return -EMSGSIZE;
	return 0;
}

const struct mip_table_ops mip_bul_home_ops = {
	.add = MIPM_BUL_ADD,
	.remove = MIPM_BUL_DELETE,
	.group = MIP_GROUP_BUL,
	.per_set = MIP_BINDINGS_PER_HOA,
	.same = mip_bul_same,
	.fill = mip_bul_fill,
};

const struct mip_table_ops mip_bul_cn_ops = {
	.add = MIPM_BUL_ADD,
	.remove = MIPM_BUL_DELETE,
	.group = MIP_GROUP_BUL,
	.per_set = MIP_BINDINGS_PER_PEER,
	.same = mip_bul_same,
	.fill = mip_bul_fill,
};

static bool mip_bul_match(const struct mip_binding *b, const void *arg)
{
	const struct mip_bul_key *key = arg;

	return b->bid == key->bid && ipv6_addr_equal(&b->remote, &key->peer) &&
	       ipv6_addr_equal(&mip_bul_entry(b)->hoa, &key->hoa);
}

static struct mip_binding *mip_bul_find_in(struct mip_table *t, const struct in6_addr *addr,
					   const struct mip_bul_key *key)
{
	struct mip_set *set = mip_table_find(t, addr);
	struct mip_binding *b;

	for (b = set ? rcu_dereference_protected(set->first, lockdep_is_held(&t->lock)) : NULL; b;
	     b = rcu_dereference_protected(b->next, lockdep_is_held(&t->lock))) {
		if (mip_bul_match(b, key))
			return b;
	}
	return NULL;
}

static bool mip_bul_has(struct mip_table *t, const struct in6_addr *addr,
			const struct mip_bul_key *key)
{
	bool has;

	spin_lock_bh(&t->lock);
	has = mip_bul_find_in(t, addr, key);
	spin_unlock_bh(&t->lock);
	return has;
}

static int mip_bul_reply_from(struct mip_table *t, const struct in6_addr *addr,
			      const struct mip_bul_key *key, struct genl_info *info)
{
	struct mip_binding *b;
	int err;

	spin_lock_bh(&t->lock);
	b = mip_bul_find_in(t, addr, key);
	err = b ? mip_message_reply(t, b, info) : -ENOENT;
	spin_unlock_bh(&t->lock);
	return err;
}

/**
 * mip_bul_reply - answers a request with one entry
 * @mn: the namespace
 * @key: which
 * @info: the request
 *
 * Return: 0; -ENOENT when there is none; as mip_message_reply().
 */
int mip_bul_reply(struct mip_net *mn, const struct mip_bul_key *key, struct genl_info *info)
{
	int err = mip_bul_reply_from(&mn->bul_home, &key->hoa, key, info);

	if (err == -ENOENT)
		err = mip_bul_reply_from(&mn->bul_cn, &key->peer, key, info);
	return err;
}

static int mip_bul_check(struct mip_net *mn, const struct mip_request *req,
			 struct netlink_ext_ack *extack)
{
	const struct mip_bul_key key = { .hoa = req->hoa, .peer = req->peer, .bid = req->bid };
	bool home = req->flags & MIPSOCK_F_HOME;

	if (!mip_addr_is_unicast(&req->hoa)) {
		NL_SET_ERR_MSG(extack, "the home address is not a global unicast address");
		return -EINVAL;
	}
	if (!mip_addr_is_unicast6(&req->peer)) {
		NL_SET_ERR_MSG(extack, "the peer is not a global unicast IPv6 address");
		return -EINVAL;
	}
	if (!mip_addr_is_unicast6(&req->coa)) {
		NL_SET_ERR_MSG(extack, "the care-of address is not a global unicast IPv6 address");
		return -EINVAL;
	}
	if (ipv6_addr_equal(&req->peer, &req->coa) || ipv6_addr_equal(&req->peer, &req->hoa)) {
		NL_SET_ERR_MSG(extack, "the peer cannot be the mobile node itself");
		return -EINVAL;
	}
	if (!req->lifetime_msec) {
		NL_SET_ERR_MSG(extack, "lifetime 0: delete the entry instead");
		return -EINVAL;
	}
	if (req->n_mnps && !home) {
		NL_SET_ERR_MSG(extack, "mobile network prefixes go only with flag H");
		return -EINVAL;
	}
	if (home ? mip_bul_has(&mn->bul_cn, &key.peer, &key) :
		   mip_bul_has(&mn->bul_home, &key.hoa, &key)) {
		NL_SET_ERR_MSG(extack,
			       "the entry stands with the other value of flag H: delete it first");
		return -EEXIST;
	}
	return mip_request_check_mnps(req, extack);
}

/**
 * mip_bul_put - adds or replaces an entry
 * @mn: the namespace
 * @req: the entry
 * @extack: why not
 *
 * Context: process; mn->config held.
 * Return: 0; -EINVAL for a request that makes no sense; -EEXIST, -ENOSPC,
 * -ENOMEM as mip_table_put().
 */
int mip_bul_put(struct mip_net *mn, const struct mip_request *req, struct netlink_ext_ack *extack)
{
	bool home = req->flags & MIPSOCK_F_HOME;
	struct mip_put put = { .key = home ? req->hoa : req->peer };
	struct mip_bul_entry *e;
	int ret;

	ret = mip_bul_check(mn, req, extack);
	if (ret)
		return ret;
	e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);
	if (!e)
		return -ENOMEM;
	e->b.flags = MIP_B_BUL;
	mip_request_to_put(req, &e->b, &put);
	e->b.local = req->coa;
	e->b.remote = req->peer;
	e->hoa = req->hoa;
	e->state = req->state;
	e->hoa_plen = req->hoa_plen;
	if (ipv6_addr_equal(&req->coa, &req->hoa) || req->state == MIPSOCK_BUL_STATE_FAILED)
		e->b.flags |= MIP_B_IDLE;
	ret = mip_table_put(home ? &mn->bul_home : &mn->bul_cn, &put, extack);
	if (ret < 0) {
		mip_binding_free(&e->b);
		return ret;
	}
	mip_count(mn, ret == MIPSOCK_REASON_NEW ? MIP_STAT_BUL_ADDED : MIP_STAT_BUL_REPLACED);
	return 0;
}

/**
 * mip_bul_remove - removes an entry
 * @mn: the namespace
 * @key: which
 * @portid: netlink port of who asks
 *
 * Return: 0, or -ENOENT when there was none.
 */
int mip_bul_remove(struct mip_net *mn, const struct mip_bul_key *key, u32 portid)
{
	if (!mip_table_remove(&mn->bul_home, &key->hoa, mip_bul_match, key, MIPSOCK_REASON_REMOVED,
			      portid) &&
	    !mip_table_remove(&mn->bul_cn, &key->peer, mip_bul_match, key, MIPSOCK_REASON_REMOVED,
			      portid))
		return -ENOENT;
	mip_count(mn, MIP_STAT_BUL_REMOVED);
	return 0;
}
