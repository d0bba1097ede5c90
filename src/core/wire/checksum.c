// SPDX-License-Identifier: GPL-2.0-or-later
/* The Mobility Header's checksum, RFC 6275 section 6.1.1 and RFC 8200 section 8.1. */
#include "octets.h"

#include <mip/wire.h>

/* The 16-bit words of p; an odd last octet counts as the upper half of a word. */
static uint32_t sum_words(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (; len >= 2; p += 2, len -= 2)
		sum += get16(p);
	return len ? sum + ((uint32_t)p[0] << 8) : sum;
}

/* len is at most 2048, so that 32 bits hold the sum. */
uint16_t mip_mh_checksum(const struct in6_addr *src, const struct in6_addr *dst, const uint8_t *buf,
			 size_t len)
{
	uint32_t sum = sum_words(src->s6_addr, 16) + sum_words(dst->s6_addr, 16);

	if (len > MIP_MH_OCTETS_MAX)
		len = MIP_MH_OCTETS_MAX;
	sum += (uint32_t)len + MIP_IPPROTO_MH + sum_words(buf, len);
	if (len >= 6)
		sum -= get16(buf + 4);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

void mip_mh_set_checksum(const struct in6_addr *src, const struct in6_addr *dst, uint8_t *buf,
			 size_t len)
{
	put16(buf + 4, mip_mh_checksum(src, dst, buf, len));
}

/* 0 and 0xffff are the same number in one's complement, and some senders write the other one. */
bool mip_mh_checksum_ok(const struct in6_addr *src, const struct in6_addr *dst, const uint8_t *buf,
			size_t len)
{
	uint16_t want, got;
	size_t octets;

	if (len < 8)
		return false;
	octets = (buf[1] + 1u) * 8;
	if (octets > len)
		return false;
	want = mip_mh_checksum(src, dst, buf, octets);
	got = get16(buf + 4);
	return got == want || (want == 0 && got == 0xffff) || (want == 0xffff && got == 0);
}
