// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMPv6 errors about tunnel packets that we sent (RFC 2473 section 8).
 *
 * Anyone can send an error that quotes whatever he likes, so it counts only if
 * the quoted packet is one that a binding would have made: then a Packet Too
 * Big becomes the path MTU of the route (the next packet that is too large gets
 * its own answer), and an unreachable care-of address or home agent is told to
 * who sent the packet inside.
 *
 * Handlers get the quoted outer header at skb->data, and the inner one @offset
 * octets behind.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/icmp.h>
#include <net/ip6_route.h>
#include <net/ndisc.h>
#include <net/route.h>

#include "device.h"
#include "icmp.h"
#include "mipsock.h"

static bool mip_icmp_set_matches(const struct mip_set *set, const struct ipv6hdr *outer, u16 *bid)
{
	struct mip_binding *b;

	for (b = set ? rcu_dereference(set->first) : NULL; b; b = rcu_dereference(b->next)) {
		if (ipv6_addr_equal(&b->local, &outer->saddr) &&
		    ipv6_addr_equal(&b->remote, &outer->daddr)) {
			*bid = b->bid;
			return true;
		}
	}
	return false;
}

/* Whether a binding would have tunnelled this packet so. */
static bool mip_icmp_is_ours(struct mip_net *mn, const struct ipv6hdr *outer,
			     const struct in6_addr *saddr, const struct in6_addr *daddr, u16 *bid)
{
	return mip_icmp_set_matches(mip_table_find_longest(&mn->bc, daddr), outer, bid) ||
	       mip_icmp_set_matches(mip_table_find_longest(&mn->bul_home, saddr), outer, bid);
}

/* Section 8.2: these say that the packet inside did not arrive. */
static bool mip_icmp_is_relayed(u8 type, u8 code)
{
	return type == ICMPV6_DEST_UNREACH ||
	       (type == ICMPV6_TIME_EXCEED && code == ICMPV6_EXC_HOPLIMIT);
}

/* The packet inside, alone, as if it had come to be sent by the device. */
static struct sk_buff *mip_icmp_inner(struct sk_buff *skb, int offset, struct net_device *dev)
{
	struct sk_buff *inner = skb_clone(skb, GFP_ATOMIC);

	if (!inner)
		return NULL;
	skb_dst_drop(inner);
	skb_pull(inner, offset);
	skb_reset_network_header(inner);
	inner->dev = dev;
	return inner;
}

static void mip_icmp_relay6(struct sk_buff *skb, int offset, struct net_device *dev)
{
	struct sk_buff *inner = mip_icmp_inner(skb, offset, dev);

	if (!inner)
		return;
	inner->protocol = htons(ETH_P_IPV6);
	memset(IP6CB(inner), 0, sizeof(*IP6CB(inner)));
	icmpv6_send(inner, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
	kfree_skb(inner);
}

/* icmp_send() wants a route: the one that took the packet into the tunnel. */
static void mip_icmp_relay4(struct sk_buff *skb, int offset, struct net_device *dev)
{
	struct sk_buff *inner = mip_icmp_inner(skb, offset, dev);
	struct flowi4 fl4 = {};
	struct rtable *rt;

	if (!inner)
		return;
	inner->protocol = htons(ETH_P_IP);
	memset(IPCB(inner), 0, sizeof(*IPCB(inner)));
	fl4.daddr = ip_hdr(inner)->daddr;
	rt = ip_route_output_key(dev_net(dev), &fl4);
	if (!IS_ERR(rt)) {
		skb_dst_set(inner, &rt->dst);
		icmp_send(inner, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	}
	kfree_skb(inner);
}

static int mip_icmp_err(struct sk_buff *skb, u8 type, u8 code, int offset, __be32 info, bool v6)
{
	unsigned int need = offset + (v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr));
	struct net *net = dev_net(skb->dev);
	struct mip_net *mn = mip_net(net);
	struct in6_addr saddr, daddr;
	struct net_device *dev;
	int ret = -ENOENT;
	u16 bid;

	if (!READ_ONCE(mn->bc.n_bindings) && !READ_ONCE(mn->bul_home.n_bindings))
		return -ENOENT;
	if (offset < (int)sizeof(struct ipv6hdr) || !pskb_may_pull(skb, need))
		return -ENOENT;
	if (v6) {
		const struct ipv6hdr *inner = (const struct ipv6hdr *)(skb->data + offset);

		if (inner->version != 6)
			return -ENOENT;
		saddr = inner->saddr;
		daddr = inner->daddr;
	} else {
		const struct iphdr *inner = (const struct iphdr *)(skb->data + offset);

		if (inner->version != 4 || inner->ihl < 5 ||
		    !pskb_may_pull(skb, offset + inner->ihl * 4))
			return -ENOENT;
		inner = (const struct iphdr *)(skb->data + offset);
		ipv6_addr_set_v4mapped(inner->saddr, &saddr);
		ipv6_addr_set_v4mapped(inner->daddr, &daddr);
	}

	rcu_read_lock();
	if (!mip_icmp_is_ours(mn, (const struct ipv6hdr *)skb->data, &saddr, &daddr, &bid)) {
		mip_count(mn, MIP_STAT_ICMP_IGNORED);
		goto out;
	}
	ret = 0;
	if (type == ICMPV6_PKT_TOOBIG) {
		mip_count(mn, MIP_STAT_ICMP_PMTU);
		ip6_update_pmtu(skb, net, info, 0, 0, sock_net_uid(net, NULL));
	} else if (type == NDISC_REDIRECT) {
		ip6_redirect(skb, net, skb->dev->ifindex, 0, sock_net_uid(net, NULL));
	} else if (mip_icmp_is_relayed(type, code)) {
		dev = mip_device_for(mn, bid);
		if (dev) {
			mip_count(mn, MIP_STAT_ICMP_RELAYED);
			if (v6)
				mip_icmp_relay6(skb, offset, dev);
			else
				mip_icmp_relay4(skb, offset, dev);
		}
	}
out:
	rcu_read_unlock();
	return ret;
}

/**
 * mip_icmp_err6 - handles an error about an IPv6 packet in a tunnel
 * @skb: the error, at the quoted packet
 * @opt: not used
 * @type: ICMPv6 type
 * @code: ICMPv6 code
 * @offset: where the inner header is
 * @info: MTU, in network byte order
 *
 * Return: 0, or -ENOENT when the quoted packet is no binding's.
 */
int mip_icmp_err6(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type, u8 code, int offset,
		  __be32 info)
{
	return mip_icmp_err(skb, type, code, offset, info, true);
}

/**
 * mip_icmp_err4 - handles an error about an IPv4 packet in a tunnel
 * @skb: the error, at the quoted packet
 * @opt: not used
 * @type: ICMPv6 type
 * @code: ICMPv6 code
 * @offset: where the inner header is
 * @info: MTU, in network byte order
 *
 * Return: 0, or -ENOENT when the quoted packet is no binding's.
 */
int mip_icmp_err4(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type, u8 code, int offset,
		  __be32 info)
{
	return mip_icmp_err(skb, type, code, offset, info, false);
}
