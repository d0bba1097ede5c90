// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys of return routability: RFC 6275 sections 5.2.5 and 6.2.7. */
#include <nettle/memops.h>
#include <string.h>

#include "mac.h"

#include <mip/auth.h>
#include <mip/keys.h>

void mip_rr_token(const uint8_t kcn[MIP_KCN_OCTETS], const struct in6_addr *addr,
		  const uint8_t *nonce, size_t nonce_len, bool home,
		  uint8_t ret_token[MIP_TOKEN_OCTETS])
{
	const uint8_t which = home ? 0 : 1;
	struct hmac_sha1_ctx ctx;

	hmac_sha1_set_key(&ctx, MIP_KCN_OCTETS, kcn);
	hmac_sha1_update(&ctx, 16, addr->s6_addr);
	hmac_sha1_update(&ctx, nonce_len, nonce);
	hmac_sha1_update(&ctx, 1, &which);
	hmac_sha1_digest(&ctx, MIP_TOKEN_OCTETS, ret_token);
	mip_wipe(&ctx, sizeof(ctx));
}

void mip_rr_kbm(const uint8_t home_token[MIP_TOKEN_OCTETS],
		const uint8_t coa_token[MIP_TOKEN_OCTETS], uint8_t ret_kbm[MIP_KBM_OCTETS])
{
	struct sha1_ctx ctx;

	sha1_init(&ctx);
	sha1_update(&ctx, MIP_TOKEN_OCTETS, home_token);
	if (coa_token)
		sha1_update(&ctx, MIP_TOKEN_OCTETS, coa_token);
	sha1_digest(&ctx, MIP_KBM_OCTETS, ret_kbm);
	mip_wipe(&ctx, sizeof(ctx));
}

/* The option's length octet stands right before the authenticator. */
static bool has_authenticator(const uint8_t *buf, size_t len, size_t offset)
{
	return offset >= 8 + 2 && offset <= len && len - offset >= MIP_BAD_OCTETS &&
	       buf[offset - 1] == MIP_BAD_OCTETS;
}

int mip_rr_sign(const uint8_t kbm[MIP_KBM_OCTETS], const struct in6_addr *coa,
		const struct in6_addr *cn, uint8_t *buf, size_t len, const struct mip_mh_info *info)
{
	uint8_t digest[SHA1_DIGEST_SIZE];

	if (!has_authenticator(buf, len, info->bad_offset))
		return MIP_ERR_AUTH_ABSENT;
	mip_mac_hmac(kbm, MIP_KBM_OCTETS, coa, cn, buf, info->bad_offset, digest);
	memcpy(buf + info->bad_offset, digest, MIP_BAD_OCTETS);
	mip_wipe(digest, sizeof(digest));
	return MIP_OK;
}

int mip_rr_verify(const uint8_t kbm[MIP_KBM_OCTETS], const struct in6_addr *coa,
		  const struct in6_addr *cn, const uint8_t *buf, size_t len,
		  const struct mip_mh_info *info)
{
	uint8_t digest[SHA1_DIGEST_SIZE];
	int err;

	if (!has_authenticator(buf, len, info->bad_offset))
		return MIP_ERR_AUTH_ABSENT;
	mip_mac_hmac(kbm, MIP_KBM_OCTETS, coa, cn, buf, info->bad_offset, digest);
	err = memeql_sec(buf + info->bad_offset, digest, MIP_BAD_OCTETS) ? MIP_OK :
									   MIP_ERR_AUTH_FAIL;
	mip_wipe(digest, sizeof(digest));
	return err;
}
