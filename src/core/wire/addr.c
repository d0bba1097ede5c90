// SPDX-License-Identifier: GPL-2.0-or-later
/* What the codec and the roles ask of addresses, and the extension headers that carry one. */
#include "octets.h"

#include <mip/wire.h>

#define DSTOPT_PAD1 0
#define DSTOPT_PADN 1
#define DSTOPT_HAO  0xc9 /* 201, RFC 6275 section 6.3 */

bool mip_addr_is_unicast_routable(const struct in6_addr *addr)
{
	return !IN6_IS_ADDR_UNSPECIFIED(addr) && !IN6_IS_ADDR_LOOPBACK(addr) &&
	       !IN6_IS_ADDR_MULTICAST(addr) && !IN6_IS_ADDR_LINKLOCAL(addr) &&
	       !IN6_IS_ADDR_V4MAPPED(addr);
}

bool mip_addr_in_prefix(const struct in6_addr *addr, const struct mip_prefix *prefix)
{
	size_t octets = prefix->plen / 8;
	uint8_t mask = (uint8_t) ~(0xff >> prefix->plen % 8);

	if (prefix->plen > 128 || memcmp(addr, &prefix->addr, octets) != 0)
		return false;
	return !mask || !((addr->s6_addr[octets] ^ prefix->addr.s6_addr[octets]) & mask);
}

/* RFC 2526 section 2: 64-bit interface identifiers keep the universal/local bit at 0. */
int mip_home_agents_anycast(const struct mip_prefix *prefix, struct in6_addr *ret_addr)
{
	struct in6_addr addr;

	if (prefix->plen > 121)
		return MIP_ERR_INVAL;
	memset(&addr, 0xff, sizeof(addr));
	for (size_t i = 0; i < prefix->plen; i++) {
		uint8_t bit = (uint8_t)(0x80 >> i % 8);

		if (!(prefix->addr.s6_addr[i / 8] & bit))
			addr.s6_addr[i / 8] &= (uint8_t)~bit;
	}
	if (prefix->plen == 64)
		addr.s6_addr[8] = 0xfd;
	addr.s6_addr[15] = (addr.s6_addr[15] & 0x80) | 0x7e;
	*ret_addr = addr;
	return MIP_OK;
}

/* The PadN brings the option to 8n + 6. */
void mip_hao_encode(const struct in6_addr *hoa, uint8_t next_header,
		    uint8_t ret_buf[MIP_HAO_HDR_OCTETS])
{
	static const uint8_t head[] = { 0, 2, DSTOPT_PADN, 2, 0, 0, DSTOPT_HAO, 16 };

	memcpy(ret_buf, head, sizeof(head));
	ret_buf[0] = next_header;
	memcpy(ret_buf + sizeof(head), hoa, 16);
}

int mip_hao_decode(const uint8_t *buf, size_t len, struct in6_addr *ret_hoa)
{
	struct in6_addr hoa;
	bool found = false;
	size_t end, pos;

	if (len < 8)
		return MIP_ERR_TRUNCATED;
	end = (buf[1] + 1u) * 8;
	if (end > len)
		return MIP_ERR_TRUNCATED;
	for (pos = 2; pos < end;) {
		if (buf[pos] == DSTOPT_PAD1) {
			pos++;
			continue;
		}
		if (end - pos < 2 || buf[pos + 1] > end - pos - 2)
			return MIP_ERR_OPT_TRUNCATED;
		if (buf[pos] == DSTOPT_HAO) {
			if (buf[pos + 1] != 16)
				return MIP_ERR_OPT_LEN;
			if (found)
				return MIP_ERR_OPT_DUPLICATE;
			memcpy(&hoa, buf + pos + 2, 16);
			found = true;
		}
		pos += 2u + buf[pos + 1];
	}
	if (!found)
		return MIP_ERR_ABSENT;
	if (!mip_addr_is_unicast_routable(&hoa))
		return MIP_ERR_ADDRESS;
	*ret_hoa = hoa;
	return MIP_OK;
}

void mip_rh2_encode(const struct in6_addr *hoa, uint8_t next_header,
		    uint8_t ret_buf[MIP_RH2_OCTETS])
{
	static const uint8_t head[] = { 0, 2, 2, 1, 0, 0, 0, 0 };

	memcpy(ret_buf, head, sizeof(head));
	ret_buf[0] = next_header;
	memcpy(ret_buf + sizeof(head), hoa, 16);
}

int mip_rh2_decode(const uint8_t *buf, size_t len, struct in6_addr *ret_hoa)
{
	struct in6_addr hoa;

	if (len < 8)
		return MIP_ERR_TRUNCATED;
	if (buf[1] != 2 || buf[2] != 2 || buf[3] > 1)
		return MIP_ERR_RH_TYPE;
	if (len < MIP_RH2_OCTETS)
		return MIP_ERR_TRUNCATED;
	memcpy(&hoa, buf + 8, 16);
	if (!mip_addr_is_unicast_routable(&hoa))
		return MIP_ERR_ADDRESS;
	*ret_hoa = hoa;
	return MIP_OK;
}
