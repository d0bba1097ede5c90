// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hints from the forwarding path. Whoever sends packets can cause them, so they
 * are limited: a few for each source, and a ceiling for all. A hint that is not
 * sent is no loss, the next packet asks again.
 */
#include <linux/jhash.h>
#include <net/genetlink.h>

#include "hints.h"
#include "message.h"
#include "mipsock.h"

#define MIP_HINT_TOTAL_BURST 100 /* and refilled at so many in a second */
#define MIP_HINT_SOURCE_BURST 3
#define MIP_HINT_SOURCE_INTERVAL (2 * HZ)

/**
 * mip_hint_init - sets the limits up
 * @limit: zeroed
 */
void mip_hint_init(struct mip_hint_limit *limit)
{
	int i;

	spin_lock_init(&limit->lock);
	limit->total = MIP_HINT_TOTAL_BURST;
	limit->total_at = jiffies;
	for (i = 0; i < MIP_HINT_BUCKETS; i++) {
		limit->source[i].tokens = MIP_HINT_SOURCE_BURST;
		limit->source[i].at = jiffies;
	}
}

/* Adds what has grown since @at, at one token an interval, and takes one if there is one. */
static bool mip_take_token(u32 *tokens, unsigned long *at, u32 burst, unsigned long interval)
{
	unsigned long n = (jiffies - *at) / interval;

	if (n) {
		*tokens = min_t(unsigned long, *tokens + n, burst);
		*at += n * interval;
	}
	if (!*tokens)
		return false;
	--*tokens;
	return true;
}

static bool mip_hint_allow(struct mip_net *mn, const struct in6_addr *source)
{
	struct mip_hint_limit *limit = &mn->hints;
	u32 bucket = jhash2((__force const u32 *)source->s6_addr32, 4, net_hash_mix(mn->net)) %
		     MIP_HINT_BUCKETS;
	unsigned long each = max(HZ / MIP_HINT_TOTAL_BURST, 1);
	bool allow;

	spin_lock_bh(&limit->lock);
	allow = mip_take_token(&limit->source[bucket].tokens, &limit->source[bucket].at,
			       MIP_HINT_SOURCE_BURST, MIP_HINT_SOURCE_INTERVAL) &&
		mip_take_token(&limit->total, &limit->total_at, MIP_HINT_TOTAL_BURST, each);
	spin_unlock_bh(&limit->lock);
	mip_count(mn, allow ? MIP_STAT_HINT_SENT : MIP_STAT_HINT_LIMITED);
	return allow;
}

/**
 * mip_hint_rr - tells that traffic came through the tunnel that could go direct
 * @mn: the namespace
 * @hoa: home address it came for
 * @peer: who sent it
 *
 * RFC 6275 section 11.7.2: reception of a tunnelled packet is the sign that the
 * correspondent has no binding. Nothing is said about traffic for a mobile
 * network, nor about a correspondent with which there is an entry already.
 *
 * Context: softirq, RCU read side.
 */
void mip_hint_rr(struct mip_net *mn, const struct in6_addr *hoa, const struct in6_addr *peer)
{
	struct sk_buff *skb;
	void *head;

	if (!genl_has_listeners(&mip_family, mn->net, MIP_GROUP_HINT))
		return;
	if (ipv6_addr_v4mapped(hoa) || !mip_table_find(&mn->bul_home, hoa) ||
	    mip_table_find(&mn->bul_cn, peer) || !mip_hint_allow(mn, peer))
		return;
	skb = genlmsg_new(2 * nla_total_size(sizeof(*hoa)), GFP_ATOMIC);
	head = skb ? genlmsg_put(skb, 0, 0, &mip_family, 0, MIPM_RR_HINT) : NULL;
	if (!head || nla_put_in6_addr(skb, MIPA_HOA, hoa) ||
	    nla_put_in6_addr(skb, MIPA_PEER, peer)) {
		kfree_skb(skb);
		return;
	}
	genlmsg_end(skb, head);
	mip_message_send(mn, skb, MIP_GROUP_HINT, GFP_ATOMIC);
}
