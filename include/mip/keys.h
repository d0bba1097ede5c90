/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mobility security associations (RFC 4285 section 5.1): which key a mobile
 * node and its home agent share, and for which home addresses it speaks.
 *
 * A home agent holds a table of them, struct mip_keys, filled from the key
 * file. A key that is tied to one home address (hoa_plen 128) is found by
 * (SPI, home address); one that is tied to a prefix is found by (SPI, NAI),
 * and so needs a NAI. Both cost the same however many keys there are.
 *
 * The key is a secret: it stays in memory that is wiped before it is freed,
 * and never appears in texts.
 */
#ifndef MIP_KEYS_H
#define MIP_KEYS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mip/limits.h>
#include <mip/wire.h> /* MIP_SPI_MIN */

/* Replay protection of a security association (RFC 4285 sections 5.1 and 6). */
enum mip_replay {
	MIP_REPLAY_DEFAULT, /* what the role is configured to */
	MIP_REPLAY_TIMESTAMP, /* the replay protection option is required */
	MIP_REPLAY_SEQUENCE, /* the sequence number of the Binding Update suffices */
};

/* One security association. Host byte order; nai need not end in NUL. */
struct mip_key {
	uint32_t spi; /* MIP_SPI_MIN and above */
	enum mip_replay replay;
	struct in6_addr hoa; /* home address, or prefix of home addresses */
	uint8_t hoa_plen; /* 1..128 */
	uint8_t key_len; /* MIP_KEY_MIN..MIP_KEY_MAX octets */
	uint8_t nai_len; /* 0..MIP_NAI_MAX octets; 0: none */
	uint8_t key[MIP_KEY_MAX];
	const char *nai;
	uint32_t line; /* for whoever filled the table: where this key was read */
};

enum mip_keys_error {
	MIP_KEYS_OK = 0,
	MIP_KEYS_DUPLICATE = -1, /* another key answers to the same SPI and addresses */
	MIP_KEYS_BAD_SPI = -2, /* reserved */
	MIP_KEYS_BAD_LENGTH = -3, /* of the key */
	MIP_KEYS_BAD_NAI = -4, /* too long, or missing with a prefix */
	MIP_KEYS_BAD_HOA = -5, /* not unicast routable, or prefix length out of range */
	MIP_KEYS_NO_MEMORY = -6,
};

const char *mip_keys_strerror(int err);

struct mip_keys;

/* NULL: out of memory. */
struct mip_keys *mip_keys_new(void);

/* Wipes every key. Takes NULL; returns NULL. */
struct mip_keys *mip_keys_free(struct mip_keys *keys);

/*
 * Copies the key in (the NAI too). With a prefix the bits behind it are
 * cleared. Returns MIP_KEYS_OK or an error as above; on MIP_KEYS_DUPLICATE
 * *ret_other, if wanted, is the one that stands there already.
 */
int mip_keys_add(struct mip_keys *keys, const struct mip_key *key,
		 const struct mip_key **ret_other);

/*
 * The key for a message with this SPI, home address and NAI (nai_len 0: the
 * message had none). A key that has a NAI is found only with it (RFC 4285
 * section 4: the mobile node MUST identify itself so). NULL: none. The
 * answer belongs to keys.
 */
const struct mip_key *mip_keys_find(const struct mip_keys *keys, uint32_t spi,
				    const struct in6_addr *hoa, const char *nai, size_t nai_len);

/* Is there any key that covers this home address? */
bool mip_keys_cover(const struct mip_keys *keys, const struct in6_addr *hoa);

/* How many. Takes NULL. */
size_t mip_keys_count(const struct mip_keys *keys);

/* Overwrites memory in a way that the compiler does not remove. */
void mip_wipe(void *p, size_t len);

#endif /* MIP_KEYS_H */
