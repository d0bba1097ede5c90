// SPDX-License-Identifier: GPL-2.0-only
/*
 * Defence of home addresses on the home link (RFC 6275 section 10.4.1), from
 * the binding cache: no list of proxy entries beside it that could differ.
 *
 * The hook stands at PRE_ROUTING, before the stack asks whether the multicast
 * group was joined. What it reads also ends duplicate address detections.
 */
#include <linux/if_arp.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <net/ndisc.h>

#include "bcache.h"
#include "dad.h"
#include "mipsock.h"
#include "nd.h"
#include "ndproxy.h"

static unsigned int mip_nd_solicited(struct mip_net *mn, struct sk_buff *skb,
				     const struct mip_nd *ns)
{
	struct mip_binding *b;
	bool router = false;

	rcu_read_lock();
	b = mip_bc_find_defended(mn, &ns->target, skb->dev->ifindex);
	if (b)
		router = READ_ONCE(b->flags) & MIPSOCK_F_ROUTER;
	rcu_read_unlock();
	if (!b)
		return NF_ACCEPT;
	mip_count(mn,
		  mip_nd_send_na(skb->dev, ns, router) ? MIP_STAT_ND_ERROR : MIP_STAT_ND_ANSWERED);
	consume_skb(skb);
	return NF_STOLEN;
}

static unsigned int mip_nd_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct mip_net *mn;
	struct mip_nd nd;

	if (ipv6_hdr(skb)->nexthdr != IPPROTO_ICMPV6 || skb->dev->type != ARPHRD_ETHER)
		return NF_ACCEPT;
	mn = mip_net(state->net);
	switch (mip_nd_parse(skb, &nd)) {
	case MIP_ND_OTHER:
		return NF_ACCEPT;
	case MIP_ND_INVALID:
		/* The stack drops it too; here it is only kept from being answered. */
		mip_count(mn, MIP_STAT_ND_INVALID);
		return NF_ACCEPT;
	case MIP_ND_VALID:
		break;
	}
	if (nd.from_us)
		return NF_ACCEPT;
	mip_dad_seen(mn, &nd, skb->dev->ifindex);
	if (nd.type == NDISC_NEIGHBOUR_SOLICITATION)
		return mip_nd_solicited(mn, skb, &nd);
	return NF_ACCEPT;
}

/* Before connection tracking, which calls some solicitations invalid. */
static const struct nf_hook_ops mip_nd_ops = {
	.hook = mip_nd_hook,
	.pf = NFPROTO_IPV6,
	.hooknum = NF_INET_PRE_ROUTING,
	.priority = NF_IP6_PRI_CONNTRACK_DEFRAG - 1,
};

/**
 * mip_nd_enable - starts or stops the defence
 * @mn: the namespace; its configuration is locked
 * @enable: start
 *
 * Return: 0 or what netfilter says.
 */
int mip_nd_enable(struct mip_net *mn, bool enable)
{
	int err = 0;

	if (enable == mn->nd_hooked)
		return 0;
	if (enable) {
		err = nf_register_net_hook(mn->net, &mip_nd_ops);
	} else {
		nf_unregister_net_hook(mn->net, &mip_nd_ops);
		mip_dad_cancel_all(mn);
	}
	if (!err)
		mn->nd_hooked = enable;
	return err;
}
