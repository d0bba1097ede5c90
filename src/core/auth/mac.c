// SPDX-License-Identifier: GPL-2.0-or-later
#include <mip/keys.h>

#include "mac.h"

#define CHECKSUM_OFFSET 4
#define CHECKSUM_END	6

void mip_mac_feed(void *ctx, nettle_hash_update_func *update, const struct in6_addr *addr1,
		  const struct in6_addr *addr2, const uint8_t *buf, size_t covered)
{
	static const uint8_t no_checksum[CHECKSUM_END - CHECKSUM_OFFSET];

	update(ctx, 16, addr1->s6_addr);
	update(ctx, 16, addr2->s6_addr);
	update(ctx, CHECKSUM_OFFSET, buf);
	update(ctx, sizeof(no_checksum), no_checksum);
	update(ctx, covered - CHECKSUM_END, buf + CHECKSUM_END);
}

static void feed_hmac(void *ctx, size_t len, const uint8_t *data)
{
	hmac_sha1_update(ctx, len, data);
}

void mip_mac_hmac(const uint8_t *key, size_t key_len, const struct in6_addr *addr1,
		  const struct in6_addr *addr2, const uint8_t *buf, size_t covered,
		  uint8_t ret_digest[SHA1_DIGEST_SIZE])
{
	struct hmac_sha1_ctx ctx;

	hmac_sha1_set_key(&ctx, key_len, key);
	mip_mac_feed(&ctx, feed_hmac, addr1, addr2, buf, covered);
	hmac_sha1_digest(&ctx, SHA1_DIGEST_SIZE, ret_digest);
	mip_wipe(&ctx, sizeof(ctx));
}
