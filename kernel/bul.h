/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The binding update list (RFC 6275 section 11.1).
 */
#ifndef _MIPSOCK_BUL_H
#define _MIPSOCK_BUL_H

#include "request.h"

struct genl_info;

/**
 * struct mip_bul_entry - an entry
 * @b: its binding; local is the care-of address, remote the peer
 * @hoa: the home address
 * @state: enum mipsock_bul_state, kept for the daemon
 * @hoa_plen: length of the home prefix, kept for the daemon
 */
struct mip_bul_entry {
	struct mip_binding b;
	struct in6_addr hoa;
	u8 state;
	u8 hoa_plen;
};

/**
 * struct mip_bul_key - what names an entry
 * @hoa: home address
 * @peer: home agent or correspondent
 * @bid: binding identifier
 */
struct mip_bul_key {
	struct in6_addr hoa;
	struct in6_addr peer;
	u16 bid;
};

extern const struct mip_table_ops mip_bul_home_ops;
extern const struct mip_table_ops mip_bul_cn_ops;

int mip_bul_put(struct mip_net *mn, const struct mip_request *req, struct netlink_ext_ack *extack);
int mip_bul_remove(struct mip_net *mn, const struct mip_bul_key *key, u32 portid);
int mip_bul_reply(struct mip_net *mn, const struct mip_bul_key *key, struct genl_info *info);

#endif /* _MIPSOCK_BUL_H */
