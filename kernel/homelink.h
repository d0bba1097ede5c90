/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Home links: the interfaces on which home addresses are defended.
 */
#ifndef _MIPSOCK_HOMELINK_H
#define _MIPSOCK_HOMELINK_H

#include <linux/types.h>

struct mip_net;
struct net_device;
struct netlink_ext_ack;

int mip_homelink_get(struct mip_net *mn, u32 ifindex, struct netlink_ext_ack *extack);
void mip_homelink_put(struct mip_net *mn, u32 ifindex);
void mip_homelink_work(struct work_struct *work);
void mip_homelink_device_gone(struct mip_net *mn, struct net_device *dev);
void mip_homelink_exit(struct mip_net *mn);

#endif /* _MIPSOCK_HOMELINK_H */
