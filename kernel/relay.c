// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages between daemons: checked against the policy like all others, and
 * passed on to a group. The kernel takes no part in them.
 */
#include "mipsock.h"
#include "relay.h"

/**
 * mip_relay - passes a message on to who listens
 * @mn: the namespace
 * @info: the message
 * @group: whom to
 * @cmd: MIPM_*
 *
 * Only attributes that the policy knows come through, each once.
 *
 * Return: 0, also when nobody listens; -ENOMEM.
 */
int mip_relay(struct mip_net *mn, struct genl_info *info, enum mip_group group, u8 cmd)
{
	struct sk_buff *skb = genlmsg_new(genlmsg_len(info->genlhdr), GFP_KERNEL);
	void *head = skb ? genlmsg_put(skb, info->snd_portid, 0, &mip_family, 0, cmd) : NULL;
	int i;

	if (!head)
		goto nomem;
	for (i = MIPA_UNSPEC + 1; i <= MIPA_MAX; i++) {
		const struct nlattr *attr = info->attrs[i];

		if (attr && nla_put(skb, i, nla_len(attr), nla_data(attr)))
			goto nomem;
	}
	genlmsg_end(skb, head);
	mip_message_send(mn, skb, group, GFP_KERNEL);
	return 0;

nomem:
	kfree_skb(skb);
	return -ENOMEM;
}
