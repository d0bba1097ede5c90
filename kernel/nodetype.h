/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MIPSOCK_NODETYPE_H
#define _MIPSOCK_NODETYPE_H

#include <linux/types.h>

struct mip_net;
struct netlink_ext_ack;

int mip_nodetype_set(struct mip_net *mn, u32 types, u32 mask, struct netlink_ext_ack *extack);

#endif /* _MIPSOCK_NODETYPE_H */
