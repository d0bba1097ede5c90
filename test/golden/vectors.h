/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The golden messages: each as structure and as octets, with the addresses of
 * its packet. Two independent encoders agree on the octets (the golden tests
 * feed them to two independent decoders as well).
 */
#ifndef MIP_TEST_VECTORS_H
#define MIP_TEST_VECTORS_H

#include <mip/wire.h>

enum vector_mac {
	VECTOR_MAC_NONE,
	VECTOR_MAC_RR, /* Binding Authorization Data, Kbm of a registration */
	VECTOR_MAC_RR_DEREG, /* Kbm of a de-registration */
	VECTOR_MAC_MN_HA, /* RFC 4285 */
};

struct vector {
	const char *name;
	const char *hex;
	const char *text; /* mip_mh_format() */
	const struct in6_addr *src, *dst; /* of the checksum */
	enum vector_mac mac;
	const struct in6_addr *mac_coa; /* care-of address that goes into the MAC */
	struct mip_msg msg;
};

extern const struct vector vectors[];
extern const size_t n_vectors;

extern const struct in6_addr vector_hoa, vector_coa, vector_cn, vector_ha;
extern const uint8_t vector_kcn[20], vector_home_nonce[8], vector_coa_nonce[8];
extern const uint8_t vector_mn_ha_key[16];

/* Octets of hex, at most size; returns their number. */
size_t vector_octets(const char *hex, uint8_t *buf, size_t size);

#endif /* MIP_TEST_VECTORS_H */
