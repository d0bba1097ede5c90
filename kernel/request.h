/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A request about one binding, taken from its attributes and checked for what
 * both tables ask.
 */
#ifndef _MIPSOCK_REQUEST_H
#define _MIPSOCK_REQUEST_H

#include "table.h"

#define MIP_LIFETIME_INFINITE 0xffffffffU

/**
 * struct mip_request - attributes of MIPM_BC_ADD and MIPM_BUL_ADD
 * @hoa: home address
 * @local: own address of a binding cache entry
 * @peer: other end of a binding update list entry
 * @coa: care-of address
 * @timestamp: kept for the daemon
 * @lifetime_msec: MIP_LIFETIME_INFINITE has no end
 * @ifindex: home link, or interface of the care-of address
 * @flags: MIPSOCK_F_*
 * @seq: sequence number
 * @bid: binding identifier
 * @state: enum mipsock_bul_state
 * @hoa_plen: length of the home prefix, 0 when not given
 * @n_mnps: how many mobile network prefixes
 * @mnps: these
 * @portid: netlink port of who asks
 */
struct mip_request {
	struct in6_addr hoa;
	struct in6_addr local;
	struct in6_addr peer;
	struct in6_addr coa;
	u64 timestamp;
	u32 lifetime_msec;
	u32 ifindex;
	u32 portid;
	u16 flags;
	u16 seq;
	u16 bid;
	u8 state;
	u8 hoa_plen;
	unsigned int n_mnps;
	struct mip_key mnps[MIP_PREFIXES_PER_BINDING];
};

bool mip_addr_is_unicast(const struct in6_addr *addr);
bool mip_addr_is_unicast6(const struct in6_addr *addr);
int mip_request_check_mnps(const struct mip_request *req, struct netlink_ext_ack *extack);
void mip_request_to_put(const struct mip_request *req, struct mip_binding *b, struct mip_put *put);

#endif /* _MIPSOCK_REQUEST_H */
