/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the XFRM layer has to know so that signalling with a Home Address option
 * or a type 2 routing header reaches the daemons.
 */
#ifndef _MIPSOCK_RO_H
#define _MIPSOCK_RO_H

#include <linux/types.h>

struct mip_net;
struct netlink_ext_ack;
struct sk_buff;

int mip_ro_init(struct mip_net *mn);
void mip_ro_exit(struct mip_net *mn);
int mip_ro_set(struct mip_net *mn, u32 nodetype, struct netlink_ext_ack *extack);
bool mip_ro_policy_check(struct mip_net *mn, struct sk_buff *skb);

#endif /* _MIPSOCK_RO_H */
