/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The binding cache (RFC 6275 section 9.1).
 */
#ifndef _MIPSOCK_BCACHE_H
#define _MIPSOCK_BCACHE_H

#include "request.h"

extern const struct mip_table_ops mip_bc_ops;

int mip_bc_put(struct mip_net *mn, const struct mip_request *req, struct netlink_ext_ack *extack);
int mip_bc_remove(struct mip_net *mn, const struct in6_addr *hoa, const u16 *bid, u32 portid);
struct mip_binding *mip_bc_find_defended(struct mip_net *mn, const struct in6_addr *target,
					 u32 ifindex);

#endif /* _MIPSOCK_BCACHE_H */
