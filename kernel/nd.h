/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Neighbour discovery messages, read and written.
 */
#ifndef _MIPSOCK_ND_H
#define _MIPSOCK_ND_H

#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

/**
 * struct mip_nd - a valid Neighbor Solicitation or Advertisement
 * @type: NDISC_NEIGHBOUR_SOLICITATION or NDISC_NEIGHBOUR_ADVERTISEMENT
 * @source: of the IPv6 header; :: in a DAD probe
 * @target: target address
 * @lladdr: where an answer goes on the link: the Source Link-Layer Address
 *	option, or the sender's address on the link
 * @from_us: our own message, come back
 */
struct mip_nd {
	u8 type;
	struct in6_addr source;
	struct in6_addr target;
	u8 lladdr[ETH_ALEN];
	bool from_us;
};

/* What mip_nd_parse() found. */
enum mip_nd_verdict {
	MIP_ND_OTHER, /* no solicitation or advertisement */
	MIP_ND_VALID,
	MIP_ND_INVALID,
};

enum mip_nd_verdict mip_nd_parse(struct sk_buff *skb, struct mip_nd *nd);
int mip_nd_send_na(struct net_device *dev, const struct mip_nd *ns, bool router);
int mip_nd_send_probe(struct net_device *dev, const struct in6_addr *target);

#endif /* _MIPSOCK_ND_H */
