// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neighbour discovery messages (RFC 4861), read and written. They are sent
 * straight to the link: the answer's address there is known from the question,
 * and the source of a probe (::) has no route.
 */
#include <linux/icmpv6.h>
#include <linux/netfilter_ipv6.h>
#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ndisc.h>

#include "nd.h"

#define MIP_ND_OPTION_OCTETS 8 /* a link-layer address option on Ethernet */

/* Walks the options; false when one has length 0 or runs over the end (section 4.6). */
static bool mip_nd_options(const u8 *opt, unsigned int len, const u8 **slla)
{
	*slla = NULL;
	while (len) {
		unsigned int octets = len < 2 ? 0 : opt[1] * 8U;

		if (!octets || octets > len)
			return false;
		if (opt[0] == ND_OPT_SOURCE_LL_ADDR && octets == MIP_ND_OPTION_OCTETS && !*slla)
			*slla = opt + 2;
		opt += octets;
		len -= octets;
	}
	return true;
}

/* Section 7.1.1. */
static bool mip_ns_valid(const struct ipv6hdr *ip6, const struct in6_addr *target, const u8 *slla)
{
	struct in6_addr solicited_node;

	if (!ipv6_addr_any(&ip6->saddr))
		return !ipv6_addr_is_multicast(&ip6->saddr);
	addrconf_addr_solict_mult(target, &solicited_node);
	return !slla && ipv6_addr_equal(&ip6->daddr, &solicited_node);
}

/* Section 7.1.2. */
static bool mip_na_valid(const struct ipv6hdr *ip6, const struct nd_msg *msg)
{
	return !(ipv6_addr_is_multicast(&ip6->daddr) && msg->icmph.icmp6_solicited) &&
	       !ipv6_addr_is_multicast(&ip6->saddr) && !ipv6_addr_any(&ip6->saddr);
}

/**
 * mip_nd_parse - reads a Neighbor Solicitation or Advertisement
 * @skb: a received packet at its IPv6 header, at NF_INET_PRE_ROUTING, from an
 *	Ethernet device
 * @nd: filled in when it is valid
 *
 * Messages behind extension headers are not looked at.
 */
enum mip_nd_verdict mip_nd_parse(struct sk_buff *skb, struct mip_nd *nd)
{
	const unsigned int at = sizeof(struct ipv6hdr);
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	unsigned int len = ntohs(ip6->payload_len);
	const struct icmp6hdr *icmp;
	const struct nd_msg *msg;
	const u8 *slla;

	if (ip6->nexthdr != IPPROTO_ICMPV6 || !pskb_may_pull(skb, at + sizeof(*icmp)))
		return MIP_ND_OTHER;
	icmp = (const struct icmp6hdr *)(skb_network_header(skb) + at);
	if (icmp->icmp6_type != NDISC_NEIGHBOUR_SOLICITATION &&
	    icmp->icmp6_type != NDISC_NEIGHBOUR_ADVERTISEMENT)
		return MIP_ND_OTHER;

	if (len < sizeof(*msg) || !pskb_may_pull(skb, at + len))
		return MIP_ND_INVALID;
	ip6 = ipv6_hdr(skb);
	msg = (const struct nd_msg *)(skb_network_header(skb) + at);
	if (ip6->hop_limit != 255 || msg->icmph.icmp6_code ||
	    ipv6_addr_is_multicast(&msg->target) ||
	    nf_ip6_checksum(skb, NF_INET_PRE_ROUTING, at, IPPROTO_ICMPV6) ||
	    !mip_nd_options(msg->opt, len - sizeof(*msg), &slla))
		return MIP_ND_INVALID;
	nd->type = msg->icmph.icmp6_type;
	if (nd->type == NDISC_NEIGHBOUR_SOLICITATION ? !mip_ns_valid(ip6, &msg->target, slla) :
						       !mip_na_valid(ip6, msg))
		return MIP_ND_INVALID;

	nd->source = ip6->saddr;
	nd->target = msg->target;
	/* Without an Ethernet header it is what this node sent, looped back. */
	nd->from_us = true;
	eth_zero_addr(nd->lladdr);
	if (skb_mac_header_was_set(skb) && skb_mac_header_len(skb) >= ETH_HLEN) {
		ether_addr_copy(nd->lladdr, eth_hdr(skb)->h_source);
		nd->from_us = ether_addr_equal(nd->lladdr, skb->dev->dev_addr);
	}
	if (slla)
		ether_addr_copy(nd->lladdr, slla);
	return MIP_ND_VALID;
}

/* A message with its IPv6 header, less checksum; @opt_type 0 for no option. */
static struct sk_buff *mip_nd_new(struct net_device *dev, const struct in6_addr *saddr,
				  const struct in6_addr *daddr, u8 type,
				  const struct in6_addr *target, u8 opt_type)
{
	unsigned int len = sizeof(struct nd_msg) + (opt_type ? MIP_ND_OPTION_OCTETS : 0);
	struct sk_buff *skb;
	struct ipv6hdr *ip6;
	struct nd_msg *msg;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + sizeof(*ip6) + len + dev->needed_tailroom,
			GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb->protocol = htons(ETH_P_IPV6);
	skb->priority = TC_PRIO_CONTROL;
	skb->dev = dev;

	skb_reset_network_header(skb);
	ip6 = skb_put_zero(skb, sizeof(*ip6));
	ip6_flow_hdr(ip6, 0, 0);
	ip6->payload_len = htons(len);
	ip6->nexthdr = IPPROTO_ICMPV6;
	ip6->hop_limit = 255;
	ip6->saddr = *saddr;
	ip6->daddr = *daddr;

	skb_set_transport_header(skb, sizeof(*ip6));
	msg = skb_put_zero(skb, len);
	msg->icmph.icmp6_type = type;
	msg->target = *target;
	if (opt_type) {
		msg->opt[0] = opt_type;
		msg->opt[1] = 1;
		ether_addr_copy(msg->opt + 2, dev->dev_addr);
	}
	return skb;
}

/* Puts the checksum in and sends to an address on the link; consumes @skb. */
static int mip_nd_xmit(struct sk_buff *skb, const u8 *lladdr)
{
	struct nd_msg *msg = (struct nd_msg *)skb_transport_header(skb);
	struct ipv6hdr *ip6 = ipv6_hdr(skb);
	unsigned int len = ntohs(ip6->payload_len);
	int err;

	msg->icmph.icmp6_cksum = csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len, IPPROTO_ICMPV6,
						 csum_partial(msg, len, 0));
	if (dev_hard_header(skb, skb->dev, ETH_P_IPV6, lladdr, NULL, skb->len) < 0) {
		kfree_skb(skb);
		return -EINVAL;
	}
	err = dev_queue_xmit(skb);
	return net_xmit_eval(err) ? -ENOBUFS : 0;
}

/**
 * mip_nd_send_na - answers a solicitation for an address that is not ours
 * @dev: the link
 * @ns: the solicitation
 * @router: the mobile node is a router (RFC 3963 section 6.2)
 *
 * RFC 4861 section 7.2.4 and RFC 6275 section 10.4.1: with our link-layer
 * address; to all nodes and not marked as solicited when a probe asked. The O
 * flag is set, as the home agent takes the address over from the mobile node.
 *
 * Context: softirq.
 * Return: 0 or -errno.
 */
int mip_nd_send_na(struct net_device *dev, const struct mip_nd *ns, bool router)
{
	bool probe = ipv6_addr_any(&ns->source);
	const struct in6_addr *daddr = probe ? &in6addr_linklocal_allnodes : &ns->source;
	u8 lladdr[ETH_ALEN];
	struct in6_addr saddr;
	struct sk_buff *skb;
	struct nd_msg *msg;
	int err;

	err = ipv6_dev_get_saddr(dev_net(dev), dev, daddr, 0, &saddr);
	if (err)
		return err;
	skb = mip_nd_new(dev, &saddr, daddr, NDISC_NEIGHBOUR_ADVERTISEMENT, &ns->target,
			 ND_OPT_TARGET_LL_ADDR);
	if (!skb)
		return -ENOMEM;
	msg = (struct nd_msg *)skb_transport_header(skb);
	msg->icmph.icmp6_router = router;
	msg->icmph.icmp6_solicited = !probe;
	msg->icmph.icmp6_override = 1;
	if (probe)
		ipv6_eth_mc_map(daddr, lladdr);
	else
		ether_addr_copy(lladdr, ns->lladdr);
	return mip_nd_xmit(skb, lladdr);
}

/**
 * mip_nd_send_probe - sends a Neighbor Solicitation for DAD
 * @dev: the link
 * @target: the address
 *
 * RFC 4862 section 5.4.2: from ::, to the solicited-node address, no option.
 *
 * Context: softirq.
 * Return: 0 or -errno.
 */
int mip_nd_send_probe(struct net_device *dev, const struct in6_addr *target)
{
	u8 lladdr[ETH_ALEN];
	struct in6_addr daddr;
	struct sk_buff *skb;

	addrconf_addr_solict_mult(target, &daddr);
	skb = mip_nd_new(dev, &in6addr_any, &daddr, NDISC_NEIGHBOUR_SOLICITATION, target, 0);
	if (!skb)
		return -ENOMEM;
	ipv6_eth_mc_map(&daddr, lladdr);
	return mip_nd_xmit(skb, lladdr);
}
