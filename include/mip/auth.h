/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Message authentication: the mobility message authentication option
 * (RFC 4285) and the keys of return routability (RFC 6275 section 5.2).
 *
 * Pure functions over octets. MACs are compared in constant time. Keys are the
 * caller's: nothing is kept, and the working copies are wiped before return.
 * All of them take the Checksum field of the message as zero, whatever stands
 * there: sign before setting the checksum, verify before or after.
 */
#ifndef MIP_AUTH_H
#define MIP_AUTH_H

#include <mip/wire.h>

#define MIP_KCN_OCTETS 20
#define MIP_KBM_OCTETS 20

/*
 * MN-HA (subtype 1, AUTH-01): the first 96 bits of HMAC_SHA1(key, coa | hoa |
 * message up to and including the SPI). hoa is the mobile node's home address
 * and coa its care-of address, in the Binding Update and in its
 * Acknowledgement alike: the address of the Alternate Care-of Address option
 * where there is one, else the address on the wire; at home both are the same.
 * key_len is MIP_KEY_MIN to MIP_KEY_MAX octets, else MIP_ERR_AUTH_KEY.
 *
 * sign fills in the MAC of an encoded message in place: msg.opts.mn_ha had
 * .len = MIP_MAC_OCTETS; info is the encoder's. MIP_ERR_AUTH_ABSENT when the
 * message has no such option.
 *
 * verify: info is the decoder's. MIP_OK only if the option is there, stands
 * where RFC 4285 section 5 wants it, has 12 octets and is right. Else
 * MIP_ERR_AUTH_ABSENT, MIP_ERR_AUTH_ORDER, MIP_ERR_AUTH_FAIL.
 */
int mip_auth_mn_ha_sign(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
			const struct in6_addr *hoa, uint8_t *buf, size_t len,
			const struct mip_mh_info *info);
int mip_auth_mn_ha_verify(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
			  const struct in6_addr *hoa, const uint8_t *buf, size_t len,
			  const struct mip_mh_info *info);

/*
 * MN-AAA (subtype 2, AUTH-02) with HMAC_SHA1_SPI: HMAC_SHA1(key, SHA1(coa |
 * hoa | message up to and including the SPI)), 20 octets. Only in a Binding
 * Update. To sign both, sign MN-HA first.
 */
int mip_auth_mn_aaa_sign(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
			 const struct in6_addr *hoa, uint8_t *buf, size_t len,
			 const struct mip_mh_info *info);
int mip_auth_mn_aaa_verify(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
			   const struct in6_addr *hoa, const uint8_t *buf, size_t len,
			   const struct mip_mh_info *info);

/*
 * The order of RFC 4285 section 5 by itself: MIP_OK, or MIP_ERR_AUTH_ORDER.
 * The verify functions test it too. That an MN-NAI is there at all is the
 * role's business (AUTH-03: MIP_HAS_NAI).
 */
int mip_auth_check_order(const struct mip_mh_info *info);

/* ---- Return routability (RR-02 to RR-08) -------------------------------- */

/* First 64 bits of HMAC_SHA1(Kcn, address | nonce | 0) with home, of ... | 1 without. */
void mip_rr_token(const uint8_t kcn[MIP_KCN_OCTETS], const struct in6_addr *addr,
		  const uint8_t *nonce, size_t nonce_len, bool home,
		  uint8_t ret_token[MIP_TOKEN_OCTETS]);

/* SHA1(home token | care-of token); coa_token NULL for a de-registration: SHA1(home token). */
void mip_rr_kbm(const uint8_t home_token[MIP_TOKEN_OCTETS],
		const uint8_t coa_token[MIP_TOKEN_OCTETS], uint8_t ret_kbm[MIP_KBM_OCTETS]);

/*
 * Binding Authorization Data: the first 96 bits of HMAC_SHA1(Kbm, coa | cn |
 * message up to and including the option's length). cn is the correspondent's
 * address in Update and Acknowledgement alike. Returns MIP_OK,
 * MIP_ERR_AUTH_ABSENT (no option, or its length is not 12) and, from verify,
 * MIP_ERR_AUTH_FAIL.
 */
int mip_rr_sign(const uint8_t kbm[MIP_KBM_OCTETS], const struct in6_addr *coa,
		const struct in6_addr *cn, uint8_t *buf, size_t len,
		const struct mip_mh_info *info);
int mip_rr_verify(const uint8_t kbm[MIP_KBM_OCTETS], const struct in6_addr *coa,
		  const struct in6_addr *cn, const uint8_t *buf, size_t len,
		  const struct mip_mh_info *info);

/* ---- Timestamps (RFC 4285 section 6, RFC 1305) -------------------------- */

/* Microseconds since 1970 to NTP's 32.32 format; eras (2036) wrap, as NTP's do. */
uint64_t mip_ntp_from_usec(uint64_t unix_usec);

/* a - b in microseconds, for times less than 68 years apart; an era may end between them. */
int64_t mip_ntp_diff_usec(uint64_t a, uint64_t b);

/* Is a later than b, in the same arithmetic? */
static inline bool mip_ntp_newer(uint64_t a, uint64_t b)
{
	return a != b && a - b < UINT64_C(1) << 63;
}

#endif /* MIP_AUTH_H */
