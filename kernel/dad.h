/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Duplicate address detection for home addresses, on behalf of the home agent.
 */
#ifndef _MIPSOCK_DAD_H
#define _MIPSOCK_DAD_H

#include <linux/in6.h>
#include <linux/types.h>

struct mip_nd;
struct mip_net;
struct netlink_ext_ack;

/**
 * struct mip_dad_request - MIPM_DAD
 * @addr: home address
 * @ifindex: home link
 * @portid: netlink port that gets the result
 * @link_local: probe for the link-local address with the same identifier too
 */
struct mip_dad_request {
	struct in6_addr addr;
	u32 ifindex;
	u32 portid;
	bool link_local;
};

int mip_dad_init(struct mip_net *mn);
void mip_dad_exit(struct mip_net *mn);
int mip_dad_start(struct mip_net *mn, const struct mip_dad_request *req,
		  struct netlink_ext_ack *extack);
int mip_dad_stop(struct mip_net *mn, const struct mip_dad_request *req,
		 struct netlink_ext_ack *extack);
void mip_dad_cancel_all(struct mip_net *mn);
void mip_dad_seen(struct mip_net *mn, const struct mip_nd *nd, u32 ifindex);

#endif /* _MIPSOCK_DAD_H */
