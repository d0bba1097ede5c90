// SPDX-License-Identifier: GPL-2.0-only
/*
 * The binding cache (RFC 6275 section 9.1): what a home agent or correspondent
 * holds about mobile nodes. The rules of the protocol are the daemon's; here is
 * checked what the forwarding path must be able to rely on.
 */
#include <linux/if_arp.h>
#include <net/addrconf.h>

#include "bcache.h"
#include "homelink.h"
#include "message.h"
#include "mipsock.h"

static bool mip_bc_same(const struct mip_binding *a, const struct mip_binding *b)
{
	return a->bid == b->bid;
}

static int mip_bc_fill(struct sk_buff *skb, const struct mip_binding *b)
{
	if (nla_put_in6_addr(skb, MIPA_HOA, mip_binding_addr(b)) ||
	    nla_put_in6_addr(skb, MIPA_LOCAL, &b->local) ||
	    nla_put_in6_addr(skb, MIPA_COA, &b->remote))
		return -EMSGSIZE;
	return 0;
}

static void mip_bc_gone(struct mip_net *mn, const struct mip_binding *b)
{
	if (b->ifindex)
		mip_homelink_put(mn, b->ifindex);
}

const struct mip_table_ops mip_bc_ops = {
	.add = MIPM_BC_ADD,
	.remove = MIPM_BC_REMOVE,
	.group = MIP_GROUP_BC,
	.per_set = MIP_BINDINGS_PER_HOA,
	.same = mip_bc_same,
	.fill = mip_bc_fill,
	.gone = mip_bc_gone,
};

static int mip_bc_check(struct mip_net *mn, const struct mip_request *req,
			struct netlink_ext_ack *extack)
{
	if (!mip_addr_is_unicast(&req->hoa)) {
		NL_SET_ERR_MSG(extack, "the home address is not a global unicast address");
		return -EINVAL;
	}
	if (!mip_addr_is_unicast6(&req->local)) {
		NL_SET_ERR_MSG(extack,
			       "the own address (LOCAL) is not a global unicast IPv6 address");
		return -EINVAL;
	}
	if (!mip_addr_is_unicast6(&req->coa)) {
		NL_SET_ERR_MSG(extack, "the care-of address is not a global unicast IPv6 address");
		return -EINVAL;
	}
	if (ipv6_addr_equal(&req->coa, &req->hoa)) {
		NL_SET_ERR_MSG(
			extack,
			"care-of address equals home address: that is a de-registration, remove the binding");
		return -EINVAL;
	}
	if (ipv6_addr_equal(&req->hoa, &req->local)) {
		NL_SET_ERR_MSG(extack,
			       "the home address is this node's own address of the binding");
		return -EINVAL;
	}
	if (ipv6_chk_addr(mn->net, &req->coa, NULL, 0)) {
		NL_SET_ERR_MSG(extack, "the care-of address is an address of this node");
		return -EINVAL;
	}
	if (!req->lifetime_msec) {
		NL_SET_ERR_MSG(extack, "lifetime 0: remove the binding instead");
		return -EINVAL;
	}
	if ((req->flags & MIPSOCK_F_LINK_LOCAL) && !(req->flags & MIPSOCK_F_HOME)) {
		NL_SET_ERR_MSG(extack, "flag L has a meaning only together with H");
		return -EINVAL;
	}
	if (req->ifindex && !(req->flags & MIPSOCK_F_HOME)) {
		NL_SET_ERR_MSG(extack, "a home link (IFINDEX) goes only with flag H");
		return -EINVAL;
	}
	if (req->ifindex && ipv6_addr_v4mapped(&req->hoa)) {
		NL_SET_ERR_MSG(extack, "an IPv4 home address cannot be defended on a home link");
		return -EINVAL;
	}
	return mip_request_check_mnps(req, extack);
}

/**
 * mip_bc_put - adds or replaces an entry
 * @mn: the namespace
 * @req: the entry
 * @extack: why not
 *
 * Context: process.
 * Return: 0; -EINVAL for a request that makes no sense, -ENODEV when the home
 * link is not there, -EEXIST, -ENOSPC, -ENOMEM as mip_table_put().
 */
int mip_bc_put(struct mip_net *mn, const struct mip_request *req, struct netlink_ext_ack *extack)
{
	struct mip_put put = { .key = req->hoa };
	struct mip_binding *b;
	int ret;

	ret = mip_bc_check(mn, req, extack);
	if (ret)
		return ret;
	b = mip_binding_alloc();
	if (!b)
		return -ENOMEM;
	mip_request_to_put(req, b, &put);
	b->local = req->local;
	b->remote = req->coa;
	if (req->ifindex) {
		ret = mip_homelink_get(mn, req->ifindex, extack);
		if (ret)
			goto err_free;
		if (req->flags & MIPSOCK_F_LINK_LOCAL) {
			mip_link_local_key(&put.prefixes[put.n_prefixes].key.addr, &req->hoa,
					   req->ifindex);
			put.prefixes[put.n_prefixes].key.plen = 128;
			put.prefixes[put.n_prefixes++].kind = MIP_NODE_LINK_LOCAL;
		}
	}
	ret = mip_table_put(&mn->bc, &put, extack);
	if (ret < 0)
		goto err_link;
	mip_count(mn, ret == MIPSOCK_REASON_NEW ? MIP_STAT_BC_ADDED : MIP_STAT_BC_REPLACED);
	return 0;

err_link:
	if (req->ifindex)
		mip_homelink_put(mn, req->ifindex);
err_free:
	mip_binding_free(b);
	return ret;
}

static bool mip_bc_match(const struct mip_binding *b, const void *arg)
{
	const u16 *bid = arg;

	return !bid || b->bid == *bid;
}

/**
 * mip_bc_remove - removes entries of a home address
 * @mn: the namespace
 * @hoa: the home address
 * @bid: binding identifier, or NULL for all
 * @portid: netlink port of who asks
 *
 * Return: 0, or -ENOENT when there was none.
 */
int mip_bc_remove(struct mip_net *mn, const struct in6_addr *hoa, const u16 *bid, u32 portid)
{
	int i, n = mip_table_remove(&mn->bc, hoa, mip_bc_match, bid, MIPSOCK_REASON_REMOVED,
				    portid);

	for (i = 0; i < n; i++)
		mip_count(mn, MIP_STAT_BC_REMOVED);
	return n ? 0 : -ENOENT;
}

/**
 * mip_bc_find_defended - finds the binding for which an address is defended
 * @mn: the namespace
 * @target: a home address, or a link-local address
 * @ifindex: the link
 *
 * RFC 6275 section 10.4.1: only for a home registration that has not ended, and
 * for the link-local address only with flag L.
 *
 * Context: RCU read side.
 * Return: the binding or NULL.
 */
struct mip_binding *mip_bc_find_defended(struct mip_net *mn, const struct in6_addr *target,
					 u32 ifindex)
{
	u16 need = MIPSOCK_F_HOME;
	struct mip_binding *b;
	struct mip_set *set;

	if (ipv6_addr_type(target) & IPV6_ADDR_LINKLOCAL) {
		set = mip_table_find_link_local(&mn->bc, target, ifindex);
		need |= MIPSOCK_F_LINK_LOCAL;
	} else {
		set = mip_table_find(&mn->bc, target);
	}
	for (b = set ? rcu_dereference(set->first) : NULL; b; b = rcu_dereference(b->next)) {
		if (b->ifindex == ifindex && (READ_ONCE(b->flags) & need) == need &&
		    mip_binding_alive(b))
			return b;
	}
	return NULL;
}

#ifdef MIP_WITH_BENCH
#include "bench.h"

/**
 * mip_bench_bc_set - what MIPM_BC_ADD does once its attributes are read
 * @net: the namespace
 * @hoa: home address
 * @local: own address
 * @coa: care-of address
 * @flags: MIPSOCK_F_*
 * @lifetime_msec: lifetime
 *
 * Context: process.
 * Return: as mip_bc_put().
 */
int mip_bench_bc_set(struct net *net, const struct in6_addr *hoa, const struct in6_addr *local,
		     const struct in6_addr *coa, u16 flags, u32 lifetime_msec)
{
	struct mip_request req = {
		.hoa = *hoa,
		.local = *local,
		.coa = *coa,
		.flags = flags,
		.lifetime_msec = lifetime_msec,
	};

	return mip_bc_put(mip_net(net), &req, NULL);
}
EXPORT_SYMBOL_NS_GPL(mip_bench_bc_set, MIPSOCK_BENCH);
#endif
