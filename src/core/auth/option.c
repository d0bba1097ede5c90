// SPDX-License-Identifier: GPL-2.0-or-later
/* The mobility message authentication option, RFC 4285 section 5. */
#include <nettle/memops.h>
#include <string.h>

#include "mac.h"

#include <mip/auth.h>
#include <mip/keys.h>

#define AUTH_FIXED 5 /* subtype and SPI */

typedef void auth_mac_func(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
			   const struct in6_addr *hoa, const uint8_t *buf, size_t covered,
			   uint8_t ret_digest[SHA1_DIGEST_SIZE]);

static void feed_sha1(void *ctx, size_t len, const uint8_t *data)
{
	sha1_update(ctx, len, data);
}

/* HMAC_SHA1(key, SHA1(coa | hoa | message)), RFC 4285 section 5.2. */
static void mac_aaa(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
		    const struct in6_addr *hoa, const uint8_t *buf, size_t covered,
		    uint8_t ret_digest[SHA1_DIGEST_SIZE])
{
	uint8_t hash[SHA1_DIGEST_SIZE];
	struct hmac_sha1_ctx hmac;
	struct sha1_ctx sha;

	sha1_init(&sha);
	mip_mac_feed(&sha, feed_sha1, coa, hoa, buf, covered);
	sha1_digest(&sha, sizeof(hash), hash);
	hmac_sha1_set_key(&hmac, key_len, key);
	hmac_sha1_update(&hmac, sizeof(hash), hash);
	hmac_sha1_digest(&hmac, SHA1_DIGEST_SIZE, ret_digest);
	mip_wipe(&hmac, sizeof(hmac));
}

/* An option with mac_len octets at offset? Its length octet stands before subtype and SPI. */
static int find_mac(const uint8_t *buf, size_t len, size_t offset, size_t mac_len)
{
	if (offset == 0)
		return MIP_ERR_AUTH_ABSENT;
	if (offset < 8 + 2 + AUTH_FIXED || offset > len || len - offset < mac_len ||
	    buf[offset - AUTH_FIXED - 1] != AUTH_FIXED + mac_len)
		return MIP_ERR_AUTH_FAIL;
	return MIP_OK;
}

static int check_key(size_t key_len)
{
	return key_len < MIP_KEY_MIN || key_len > MIP_KEY_MAX ? MIP_ERR_AUTH_KEY : MIP_OK;
}

static int sign(auth_mac_func *mac, size_t mac_len, const uint8_t *key, size_t key_len,
		const struct in6_addr *coa, const struct in6_addr *hoa, uint8_t *buf, size_t len,
		size_t offset)
{
	uint8_t digest[SHA1_DIGEST_SIZE];
	int err = check_key(key_len);

	if (err)
		return err;
	if (find_mac(buf, len, offset, mac_len))
		return MIP_ERR_AUTH_ABSENT;
	mac(key, key_len, coa, hoa, buf, offset, digest);
	memcpy(buf + offset, digest, mac_len);
	mip_wipe(digest, sizeof(digest));
	return MIP_OK;
}

static int verify(auth_mac_func *mac, size_t mac_len, const uint8_t *key, size_t key_len,
		  const struct in6_addr *coa, const struct in6_addr *hoa, const uint8_t *buf,
		  size_t len, size_t offset, const struct mip_mh_info *info)
{
	uint8_t digest[SHA1_DIGEST_SIZE];
	int err = check_key(key_len);

	if (err)
		return err;
	err = find_mac(buf, len, offset, mac_len);
	if (err)
		return err;
	err = mip_auth_check_order(info);
	if (err)
		return err;
	mac(key, key_len, coa, hoa, buf, offset, digest);
	err = memeql_sec(buf + offset, digest, mac_len) ? MIP_OK : MIP_ERR_AUTH_FAIL;
	mip_wipe(digest, sizeof(digest));
	return err;
}

int mip_auth_mn_ha_sign(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
			const struct in6_addr *hoa, uint8_t *buf, size_t len,
			const struct mip_mh_info *info)
{
	return sign(mip_mac_hmac, MIP_MAC_OCTETS, key, key_len, coa, hoa, buf, len,
		    info->mn_ha_offset);
}

int mip_auth_mn_ha_verify(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
			  const struct in6_addr *hoa, const uint8_t *buf, size_t len,
			  const struct mip_mh_info *info)
{
	return verify(mip_mac_hmac, MIP_MAC_OCTETS, key, key_len, coa, hoa, buf, len,
		      info->mn_ha_offset, info);
}

int mip_auth_mn_aaa_sign(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
			 const struct in6_addr *hoa, uint8_t *buf, size_t len,
			 const struct mip_mh_info *info)
{
	return sign(mac_aaa, SHA1_DIGEST_SIZE, key, key_len, coa, hoa, buf, len,
		    info->mn_aaa_offset);
}

int mip_auth_mn_aaa_verify(const uint8_t *key, size_t key_len, const struct in6_addr *coa,
			   const struct in6_addr *hoa, const uint8_t *buf, size_t len,
			   const struct mip_mh_info *info)
{
	return verify(mac_aaa, SHA1_DIGEST_SIZE, key, key_len, coa, hoa, buf, len,
		      info->mn_aaa_offset, info);
}

int mip_auth_check_order(const struct mip_mh_info *info)
{
	return info->quirks & (MIP_QUIRK_NAI_AFTER_AUTH | MIP_QUIRK_AAA_BEFORE_HA |
			       MIP_QUIRK_AUTH_NOT_LAST) ?
		       MIP_ERR_AUTH_ORDER :
		       MIP_OK;
}
