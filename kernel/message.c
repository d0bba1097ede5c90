// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages to user space. Events are made and sent under the table's lock, so
 * that listeners hear of changes in the order in which they were made.
 */
#include "message.h"
#include "mipsock.h"
#include "request.h"

#define MIP_MNP_OCTETS \
	(nla_total_size(0) + nla_total_size(sizeof(struct in6_addr)) + nla_total_size(sizeof(u8)))

/**
 * mip_message_lifetime - what is left of a binding's lifetime
 * @b: the binding
 *
 * Return: milliseconds; MIP_LIFETIME_INFINITE when it has no end.
 */
u32 mip_message_lifetime(const struct mip_binding *b)
{
	unsigned long now = jiffies;

	if (b->lifetime_msec == MIP_LIFETIME_INFINITE)
		return MIP_LIFETIME_INFINITE;
	return time_before(now, b->expires) ? jiffies_to_msecs(b->expires - now) : 0;
}

/**
 * mip_message_mnps - puts the mobile network prefixes of a binding into a message
 * @skb: the message
 * @b: the binding; its table is locked
 *
 * Return: 0 or -EMSGSIZE.
 */
int mip_message_mnps(struct sk_buff *skb, const struct mip_binding *b)
{
	const struct mip_prefix_list *list = mip_binding_prefixes(b);
	struct nlattr *nest = NULL, *mnp;
	unsigned int i;

	for (i = 0; list && i < list->n; i++) {
		const struct mip_node *node = &list->prefix[i]->node;

		if (node->kind != MIP_NODE_MNP)
			continue;
		if (!nest)
			nest = nla_nest_start(skb, MIPA_MNPS);
		mnp = nest ? nla_nest_start(skb, MIPA_MNP) : NULL;
		if (!mnp || nla_put_in6_addr(skb, MIPA_MNP_PREFIX, &node->key.addr) ||
		    nla_put_u8(skb, MIPA_MNP_PLEN, node->key.plen))
			return -EMSGSIZE;
		nla_nest_end(skb, mnp);
	}
	if (nest)
		nla_nest_end(skb, nest);
	return 0;
}

/**
 * mip_message_binding - puts one whole message about a binding into a buffer
 * @skb: the buffer
 * @t: the binding's table, locked
 * @b: the binding
 * @portid: netlink port of who asked, 0 when nobody did
 * @seq: sequence number of the request
 * @nlflags: NLM_F_*
 * @cmd: MIPM_*
 * @reason: why, for events; MIPSOCK_REASON_UNSPEC in replies
 *
 * Return: 0 or -EMSGSIZE.
 */
int mip_message_binding(struct sk_buff *skb, const struct mip_table *t, const struct mip_binding *b,
			u32 portid, u32 seq, int nlflags, u8 cmd, enum mipsock_reason reason)
{
	void *head = genlmsg_put(skb, portid, seq, &mip_family, nlflags, cmd);

	if (!head)
		return -EMSGSIZE;
	if (t->ops->fill(skb, b) || nla_put_u16(skb, MIPA_BID, b->bid) ||
	    nla_put_u32(skb, MIPA_FLAGS, b->flags & MIP_B_UAPI_FLAGS) ||
	    nla_put_u16(skb, MIPA_SEQ, b->seq) ||
	    nla_put_u32(skb, MIPA_LIFETIME, mip_message_lifetime(b)) ||
	    nla_put_u32(skb, MIPA_LIFETIME_INITIAL, b->lifetime_msec) ||
	    (b->ifindex && nla_put_u32(skb, MIPA_IFINDEX, b->ifindex)) ||
	    nla_put_u64_64bit(skb, MIPA_TIMESTAMP, b->timestamp, MIPA_PAD) ||
	    mip_message_mnps(skb, b) ||
	    (reason != MIPSOCK_REASON_UNSPEC && nla_put_u8(skb, MIPA_REASON, reason))) {
		genlmsg_cancel(skb, head);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	return 0;
}

static struct sk_buff *mip_message_new(const struct mip_binding *b, gfp_t gfp)
{
	const struct mip_prefix_list *list = mip_binding_prefixes(b);
	size_t octets = 4 * nla_total_size(sizeof(struct in6_addr)) +
			10 * nla_total_size_64bit(sizeof(u64)) +
			(list ? nla_total_size(list->n * MIP_MNP_OCTETS) : 0);

	return genlmsg_new(octets, gfp);
}

/**
 * mip_message_send - multicasts a message
 * @mn: the namespace
 * @skb: the message, consumed; NULL when there was no memory for it
 * @group: whom to
 * @gfp: may it sleep
 *
 * Listeners that a message could not reach get ENOBUFS and dump again.
 */
void mip_message_send(struct mip_net *mn, struct sk_buff *skb, enum mip_group group, gfp_t gfp)
{
	if (skb) {
		genlmsg_multicast_netns(&mip_family, mn->net, skb, 0, group, gfp);
		return;
	}
	mip_count(mn, MIP_STAT_EVENT_LOST);
	genl_set_err(&mip_family, mn->net, 0, group, -ENOBUFS);
}

/**
 * mip_message_event - tells listeners what happened to a binding
 * @t: its table, locked
 * @b: the binding
 * @cmd: MIPM_*
 * @reason: what happened
 * @portid: netlink port of who asked for it, 0 when the kernel did it by itself
 */
void mip_message_event(const struct mip_table *t, const struct mip_binding *b, u8 cmd,
		       enum mipsock_reason reason, u32 portid)
{
	struct mip_net *mn = t->mn;
	struct sk_buff *skb;

	if (!genl_has_listeners(&mip_family, mn->net, t->ops->group))
		return;
	skb = mip_message_new(b, GFP_ATOMIC);
	if (skb && mip_message_binding(skb, t, b, portid, 0, 0, cmd, reason)) {
		WARN_ON_ONCE(1); /* mip_message_new() is too small */
		kfree_skb(skb);
		skb = NULL;
	}
	mip_message_send(mn, skb, t->ops->group, GFP_ATOMIC);
}

/**
 * mip_message_reply - answers a request with one binding
 * @t: its table, locked
 * @b: the binding
 * @info: the request
 *
 * Return: 0, -ENOMEM, or what genlmsg_reply() says.
 */
int mip_message_reply(const struct mip_table *t, const struct mip_binding *b,
		      struct genl_info *info)
{
	struct sk_buff *skb = mip_message_new(b, GFP_ATOMIC);

	if (!skb)
		return -ENOMEM;
	if (mip_message_binding(skb, t, b, info->snd_portid, info->snd_seq, 0, t->ops->add,
				MIPSOCK_REASON_UNSPEC)) {
		WARN_ON_ONCE(1);
		kfree_skb(skb);
		return -EMSGSIZE;
	}
	return genlmsg_reply(skb, info);
}
