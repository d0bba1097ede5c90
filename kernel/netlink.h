/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MIPSOCK_NETLINK_H
#define _MIPSOCK_NETLINK_H

int mip_netlink_init(void);
void mip_netlink_exit(void);

#endif /* _MIPSOCK_NETLINK_H */
