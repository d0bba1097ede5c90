/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What RFC 4285 and RFC 6275 section 6.2.7 have in common; internal to src/core/auth. */
#ifndef MIP_CORE_AUTH_MAC_H
#define MIP_CORE_AUTH_MAC_H

#include <nettle/hmac.h>
#include <nettle/sha1.h>

#include <mip/wire.h>

/*
 * Feeds addr1 | addr2 | the first covered octets of the message, with the
 * Checksum field as zero. update is nettle's; covered is at least 8.
 */
void mip_mac_feed(void *ctx, nettle_hash_update_func *update, const struct in6_addr *addr1,
		  const struct in6_addr *addr2, const uint8_t *buf, size_t covered);

/* HMAC_SHA1(key, addr1 | addr2 | message). */
void mip_mac_hmac(const uint8_t *key, size_t key_len, const struct in6_addr *addr1,
		  const struct in6_addr *addr2, const uint8_t *buf, size_t covered,
		  uint8_t ret_digest[SHA1_DIGEST_SIZE]);

#endif /* MIP_CORE_AUTH_MAC_H */
