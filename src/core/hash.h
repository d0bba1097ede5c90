/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SipHash-1-3 (Aumasson and Bernstein) for hash tables: with a secret seed
 * nobody outside can aim entries at one bucket.
 */
#ifndef MIP_CORE_HASH_H
#define MIP_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t mip_hash_rotl(uint64_t x, unsigned int n)
{
	return x << n | x >> (64 - n);
}

static inline void mip_hash_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = mip_hash_rotl(v[1], 13) ^ v[0];
	v[0] = mip_hash_rotl(v[0], 32);
	v[2] += v[3];
	v[3] = mip_hash_rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = mip_hash_rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = mip_hash_rotl(v[1], 17) ^ v[2];
	v[2] = mip_hash_rotl(v[2], 32);
}

/* Words in host byte order: the value never leaves the process. */
static inline uint64_t mip_hash_octets(const uint8_t seed[16], const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t k0, k1, m;
	uint64_t v[4];

	memcpy(&k0, seed, 8);
	memcpy(&k1, seed + 8, 8);
	v[0] = k0 ^ UINT64_C(0x736f6d6570736575);
	v[1] = k1 ^ UINT64_C(0x646f72616e646f6d);
	v[2] = k0 ^ UINT64_C(0x6c7967656e657261);
	v[3] = k1 ^ UINT64_C(0x7465646279746573);
	for (size_t left = len; left >= 8; left -= 8, p += 8) {
		memcpy(&m, p, 8);
		v[3] ^= m;
		mip_hash_round(v);
		v[0] ^= m;
	}
	m = (uint64_t)len << 56;
	for (size_t i = 0; i < (len & 7); i++)
		m |= (uint64_t)p[i] << (8 * i);
	v[3] ^= m;
	mip_hash_round(v);
	v[0] ^= m;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		mip_hash_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif /* MIP_CORE_HASH_H */
