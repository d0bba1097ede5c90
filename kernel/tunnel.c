// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reception of tunnelled packets: whose they are and whether they may come from
 * where they come; ip6_tnl_rcv() does the rest.
 *
 * At priority 0 of tunnel6.c, before ip6_tunnel: the packet comes after IPsec,
 * reassembly and destination options, outer header at the network header, inner
 * one at skb->data. -1 says that it is not ours and asks the next handler; a
 * forged one is dropped here without a word, or its sender would get an answer.
 */
#include <net/ip6_tunnel.h>

#include "device.h"
#include "icmp.h"
#include "mipsock.h"
#include "ro.h"
#include "tunnel.h"

/* What mip_rcv_check() says. */
enum mip_rcv_verdict {
	MIP_RCV_NOT_OURS,
	MIP_RCV_HOME_AGENT,
	MIP_RCV_MOBILE,
	MIP_RCV_FORGED_COA,
	MIP_RCV_FORGED_HA,
};

/*
 * RFC 6275 section 10.4.5: the outer source must be the care-of address that
 * is bound to the inner source; with several care-of addresses, one of them
 * (RFC 5648). The outer destination must be the address of the binding.
 */
static bool mip_rcv_home_agent(const struct mip_set *set, const struct ipv6hdr *outer, u16 *bid)
{
	struct mip_binding *b;

	for (b = rcu_dereference(set->first); b; b = rcu_dereference(b->next)) {
		if (ipv6_addr_equal(&b->remote, &outer->saddr) &&
		    ipv6_addr_equal(&b->local, &outer->daddr) && mip_binding_alive(b)) {
			*bid = b->bid;
			return true;
		}
	}
	return false;
}

/*
 * RFC 6275 section 11.3.1: from the home agent. To which care-of address does
 * not matter: packets under way to the one before still belong to the node.
 */
static bool mip_rcv_mobile(const struct mip_set *set, const struct ipv6hdr *outer, u16 *bid)
{
	struct mip_binding *b, *found = NULL;

	for (b = rcu_dereference(set->first); b; b = rcu_dereference(b->next)) {
		if (!ipv6_addr_equal(&b->remote, &outer->saddr) || !mip_binding_alive(b))
			continue;
		if (!found || ipv6_addr_equal(&b->local, &outer->daddr))
			found = b;
	}
	if (found)
		*bid = found->bid;
	return found;
}

static enum mip_rcv_verdict mip_rcv_check(struct mip_net *mn, const struct ipv6hdr *outer,
					  const struct in6_addr *saddr,
					  const struct in6_addr *daddr, u16 *bid)
{
	struct mip_set *set;

	if (READ_ONCE(mn->bc.n_bindings)) {
		set = mip_table_find_longest(&mn->bc, saddr);
		if (set)
			return mip_rcv_home_agent(set, outer, bid) ? MIP_RCV_HOME_AGENT :
								     MIP_RCV_FORGED_COA;
	}
	if (READ_ONCE(mn->bul_home.n_bindings)) {
		set = mip_table_find_longest(&mn->bul_home, daddr);
		if (set)
			return mip_rcv_mobile(set, outer, bid) ? MIP_RCV_MOBILE : MIP_RCV_FORGED_HA;
	}
	return MIP_RCV_NOT_OURS;
}

/* The packet is ours: gives it to a device, or drops it. */
static void mip_rcv_deliver(struct mip_net *mn, struct sk_buff *skb, u16 bid, __be16 proto)
{
	const struct tnl_ptk_info tpi = { .proto = proto };
	struct net_device *dev = mip_device_for(mn, bid);
	enum mip_stat drop;

	if (!dev)
		drop = MIP_STAT_RX_NO_DEVICE;
	else if (!mip_ro_policy_check(mn, skb))
		drop = MIP_STAT_RX_POLICY;
	else if (iptunnel_pull_header(skb, 0, proto, false))
		drop = MIP_STAT_RX_MALFORMED;
	else {
		ip6_tnl_rcv(netdev_priv(dev), skb, &tpi, NULL, false);
		return;
	}
	mip_count(mn, drop);
	kfree_skb(skb);
}

static int mip_rcv(struct sk_buff *skb, const struct in6_addr *saddr, const struct in6_addr *daddr,
		   __be16 proto)
{
	struct mip_net *mn = mip_net(dev_net(skb->dev));
	int ret = 0;
	u16 bid = 0;

	rcu_read_lock();
	switch (mip_rcv_check(mn, ipv6_hdr(skb), saddr, daddr, &bid)) {
	case MIP_RCV_NOT_OURS:
		ret = -1;
		break;
	case MIP_RCV_HOME_AGENT:
		mip_count(mn, MIP_STAT_RX_HOME_AGENT);
		mip_rcv_deliver(mn, skb, bid, proto);
		break;
	case MIP_RCV_MOBILE:
		mip_count(mn, MIP_STAT_RX_MOBILE);
		if (READ_ONCE(mn->nodetype) & MIPSOCK_NODETYPE_MN)
			mip_hint_rr(mn, daddr, saddr);
		mip_rcv_deliver(mn, skb, bid, proto);
		break;
	case MIP_RCV_FORGED_COA:
		mip_count(mn, MIP_STAT_RX_FORGED_COA);
		kfree_skb(skb);
		break;
	case MIP_RCV_FORGED_HA:
		mip_count(mn, MIP_STAT_RX_FORGED_HA);
		kfree_skb(skb);
		break;
	}
	rcu_read_unlock();
	return ret;
}

/* tunnel6.c has pulled the inner header. The addresses are copied: skb may be freed. */
static int mip_rcv6(struct sk_buff *skb)
{
	const struct ipv6hdr *inner = (const struct ipv6hdr *)skb->data;
	struct in6_addr saddr = inner->saddr, daddr = inner->daddr;

	return mip_rcv(skb, &saddr, &daddr, htons(ETH_P_IPV6));
}

static int mip_rcv4(struct sk_buff *skb)
{
	const struct iphdr *inner = (const struct iphdr *)skb->data;
	struct in6_addr saddr, daddr;

	ipv6_addr_set_v4mapped(inner->saddr, &saddr);
	ipv6_addr_set_v4mapped(inner->daddr, &daddr);
	return mip_rcv(skb, &saddr, &daddr, htons(ETH_P_IP));
}

/* tunnel6.c calls err_handler without looking whether it is there. */
static struct xfrm6_tunnel mip_tunnel6 __read_mostly = {
	.handler = mip_rcv6,
	.err_handler = mip_icmp_err6,
	.priority = 0,
};

static struct xfrm6_tunnel mip_tunnel4 __read_mostly = {
	.handler = mip_rcv4,
	.err_handler = mip_icmp_err4,
	.priority = 0,
};

int mip_tunnel_module_init(void)
{
	int err = xfrm6_tunnel_register(&mip_tunnel6, AF_INET6);

	if (err)
		return err;
	err = xfrm6_tunnel_register(&mip_tunnel4, AF_INET);
	if (err)
		xfrm6_tunnel_deregister(&mip_tunnel6, AF_INET6);
	return err;
}

void mip_tunnel_module_exit(void)
{
	xfrm6_tunnel_deregister(&mip_tunnel4, AF_INET);
	xfrm6_tunnel_deregister(&mip_tunnel6, AF_INET6);
}
