/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to user space: what is common to replies, dumps and events.
 */
#ifndef _MIPSOCK_MESSAGE_H
#define _MIPSOCK_MESSAGE_H

#include <net/genetlink.h>

#include "table.h"

enum mip_group {
	MIP_GROUP_BC,
	MIP_GROUP_BUL,
	MIP_GROUP_MD,
	MIP_GROUP_HINT,
};

extern struct genl_family mip_family;

int mip_message_binding(struct sk_buff *skb, const struct mip_table *t, const struct mip_binding *b,
			u32 portid, u32 seq, int nlflags, u8 cmd, enum mipsock_reason reason);
void mip_message_event(const struct mip_table *t, const struct mip_binding *b, u8 cmd,
		       enum mipsock_reason reason, u32 portid);
int mip_message_reply(const struct mip_table *t, const struct mip_binding *b,
		      struct genl_info *info);
int mip_message_mnps(struct sk_buff *skb, const struct mip_binding *b);
void mip_message_send(struct mip_net *mn, struct sk_buff *skb, enum mip_group group, gfp_t gfp);
u32 mip_message_lifetime(const struct mip_binding *b);

#endif /* _MIPSOCK_MESSAGE_H */
