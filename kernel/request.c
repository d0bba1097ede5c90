// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks that both tables make of a request, and its form for the table.
 */
#include <net/ipv6.h>

#include "mipsock.h"
#include "request.h"

/**
 * mip_addr_is_unicast6 - whether an address can be an end of a tunnel
 * @addr: the address
 */
bool mip_addr_is_unicast6(const struct in6_addr *addr)
{
	int type = ipv6_addr_type(addr);

	return (type & IPV6_ADDR_UNICAST) && !(type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL |
						       IPV6_ADDR_MAPPED | IPV6_ADDR_COMPATv4));
}

/**
 * mip_addr_is_unicast - whether an address can be a home address
 * @addr: IPv6, or IPv4-mapped
 */
bool mip_addr_is_unicast(const struct in6_addr *addr)
{
	__be32 v4 = addr->s6_addr32[3];

	if (!ipv6_addr_v4mapped(addr))
		return mip_addr_is_unicast6(addr);
	return !ipv4_is_zeronet(v4) && !ipv4_is_loopback(v4) && !ipv4_is_multicast(v4) &&
	       !ipv4_is_lbcast(v4);
}

static bool mip_key_covers(const struct mip_key *key, const struct in6_addr *addr)
{
	return ipv6_prefix_equal(&key->addr, addr, key->plen);
}

/**
 * mip_request_check_mnps - checks the mobile network prefixes of a request
 * @req: the request
 * @extack: why not
 *
 * Return: 0 or -EINVAL.
 */
int mip_request_check_mnps(const struct mip_request *req, struct netlink_ext_ack *extack)
{
	unsigned int i, j;

	for (i = 0; i < req->n_mnps; i++) {
		const struct mip_key *mnp = &req->mnps[i];
		struct in6_addr prefix;

		if (ipv6_addr_v4mapped(&mnp->addr) && mnp->plen < 96) {
			NL_SET_ERR_MSG(extack,
				       "the length of an IPv4 prefix counts from 96 to 128");
			return -EINVAL;
		}
		ipv6_addr_prefix(&prefix, &mnp->addr, mnp->plen);
		if (!ipv6_addr_equal(&prefix, &mnp->addr)) {
			NL_SET_ERR_MSG(extack,
				       "a mobile network prefix has bits beyond its length");
			return -EINVAL;
		}
		if (!mip_addr_is_unicast6(&mnp->addr) && !ipv6_addr_v4mapped(&mnp->addr)) {
			NL_SET_ERR_MSG(
				extack,
				"a mobile network prefix must be of global unicast addresses");
			return -EINVAL;
		}
		if (mip_key_covers(mnp, &req->coa) && !ipv6_addr_equal(&req->coa, &req->hoa)) {
			NL_SET_ERR_MSG(
				extack,
				"the care-of address lies in the router's own mobile network");
			return -EINVAL;
		}
		for (j = 0; j < i; j++) {
			if (ipv6_addr_equal(&mnp->addr, &req->mnps[j].addr) &&
			    mnp->plen == req->mnps[j].plen) {
				NL_SET_ERR_MSG(extack, "a mobile network prefix is given twice");
				return -EINVAL;
			}
		}
	}
	return 0;
}

/* Jiffies at which a lifetime that begins now ends. */
static unsigned long mip_expires(u32 lifetime_msec)
{
	if (lifetime_msec == MIP_LIFETIME_INFINITE)
		return jiffies + MAX_JIFFY_OFFSET / 2;
	return jiffies + max(msecs_to_jiffies(lifetime_msec), 1UL);
}

/**
 * mip_request_to_put - fills in what is the same for both tables
 * @req: the request, checked
 * @b: new binding
 * @put: what to give to mip_table_put(), but for the key and the ends of the tunnel
 */
void mip_request_to_put(const struct mip_request *req, struct mip_binding *b, struct mip_put *put)
{
	unsigned int i;

	b->expires = mip_expires(req->lifetime_msec);
	b->ifindex = req->ifindex;
	b->bid = req->bid;
	b->flags |= req->flags;
	b->seq = req->seq;
	b->timestamp = req->timestamp;
	b->lifetime_msec = req->lifetime_msec;

	put->binding = b;
	put->portid = req->portid;
	for (i = 0; i < req->n_mnps; i++) {
		put->prefixes[i].key = req->mnps[i];
		put->prefixes[i].kind = MIP_NODE_MNP;
	}
	put->n_prefixes = req->n_mnps;
}
