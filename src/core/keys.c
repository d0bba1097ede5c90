// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of mobility security associations.
 *
 * Two indexes over the same entries:
 *  - by place, the home address or prefix of home addresses that keys are
 *    tied to. Keys of one home address hang on its place and are told apart
 *    by SPI: one or two, seldom more.
 *  - by (SPI, NAI), for keys that are tied to a prefix; many of those may
 *    share one place.
 * Which prefix lengths are in use is kept in a bitmap, so that the question
 * "does any key cover this address" costs one look-up per length in use.
 */
#include <stdlib.h>
#include <string.h>

#include <mip/keys.h>
#include <mip/wire.h>

#include "hash.h"

struct entry {
	struct mip_key key;
	struct entry *next; /* all keys of the place */
	struct entry *next_nai; /* chain of by_nai */
	char nai[];
};

struct place {
	struct mip_prefix prefix;
	struct entry *entries;
	struct place *next;
};

struct mip_keys {
	size_t n_keys;
	size_t n_places;
	size_t n_buckets; /* of each index; a power of two */
	struct place **by_place;
	struct entry **by_nai;
	uint64_t plens[3]; /* bit n: a place with prefix length n */
};

#define BUCKETS_MIN 64

/* The content is the admin's own, so that nobody can aim at a bucket: no secret seed. */
static const uint8_t no_seed[16];

void mip_wipe(void *p, size_t len)
{
	volatile uint8_t *octets = p;

	while (len--)
		*octets++ = 0;
}

const char *mip_keys_strerror(int err)
{
	switch ((enum mip_keys_error)err) {
	case MIP_KEYS_OK:
		return "no error";
	case MIP_KEYS_DUPLICATE:
		return "another key has the same SPI for the same home address or identifier";
	case MIP_KEYS_BAD_SPI:
		return "SPIs 0 to 255 are reserved";
	case MIP_KEYS_BAD_LENGTH:
		return "key is too short or too long";
	case MIP_KEYS_BAD_NAI:
		return "identifier is too long, or missing in a key for a prefix";
	case MIP_KEYS_BAD_HOA:
		return "home address is not unicast routable, or wrong prefix length";
	case MIP_KEYS_NO_MEMORY:
		return "out of memory";
	}
	return "unknown error";
}

static void mask_prefix(struct in6_addr *addr, unsigned int plen)
{
	for (unsigned int i = 0; i < 16; i++) {
		unsigned int bits = plen >= 8 * (i + 1) ? 8 : plen > 8 * i ? plen - 8 * i : 0;

		addr->s6_addr[i] &= (uint8_t)(0xff00u >> bits);
	}
}

static size_t place_bucket(const struct mip_keys *keys, const struct mip_prefix *prefix)
{
	uint8_t data[17];

	memcpy(data, &prefix->addr, 16);
	data[16] = prefix->plen;
	return (size_t)mip_hash_octets(no_seed, data, sizeof(data)) & (keys->n_buckets - 1);
}

static size_t nai_bucket(const struct mip_keys *keys, uint32_t spi, const char *nai, size_t nai_len)
{
	uint64_t h = mip_hash_octets(no_seed, nai, nai_len);

	return (size_t)(h ^ spi) & (keys->n_buckets - 1);
}

static struct place *find_place(const struct mip_keys *keys, const struct mip_prefix *prefix)
{
	struct place *p = keys->by_place[place_bucket(keys, prefix)];

	while (p && (p->prefix.plen != prefix->plen ||
		     memcmp(&p->prefix.addr, &prefix->addr, sizeof(prefix->addr)) != 0))
		p = p->next;
	return p;
}

struct mip_keys *mip_keys_new(void)
{
	struct mip_keys *keys = calloc(1, sizeof(*keys));

	if (!keys)
		return NULL;
	keys->n_buckets = BUCKETS_MIN;
	keys->by_place = calloc(keys->n_buckets, sizeof(struct place *));
	keys->by_nai = calloc(keys->n_buckets, sizeof(struct entry *));
	if (!keys->by_place || !keys->by_nai)
		return mip_keys_free(keys);
	return keys;
}

struct mip_keys *mip_keys_free(struct mip_keys *keys)
{
	if (!keys)
		return NULL;
	for (size_t i = 0; keys->by_place && i < keys->n_buckets; i++) {
		struct place *p = keys->by_place[i];

		while (p) {
			struct place *next_place = p->next;
			struct entry *e = p->entries;

			while (e) {
				struct entry *next = e->next;

				mip_wipe(&e->key, sizeof(e->key));
				free(e);
				e = next;
			}
			free(p);
			p = next_place;
		}
	}
	free(keys->by_place);
	free(keys->by_nai);
	free(keys);
	return NULL;
}

/* Doubles both indexes. Failure is no harm: chains get longer. */
static void grow(struct mip_keys *keys)
{
	struct place **old_place = keys->by_place;
	struct entry **old_nai = keys->by_nai;
	size_t old_n = keys->n_buckets;
	struct place **by_place = calloc(2 * old_n, sizeof(struct place *));
	struct entry **by_nai = calloc(2 * old_n, sizeof(struct entry *));

	if (!by_place || !by_nai) {
		free(by_place);
		free(by_nai);
		return;
	}
	keys->n_buckets = 2 * old_n;
	keys->by_place = by_place;
	keys->by_nai = by_nai;
	for (size_t i = 0; i < old_n; i++) {
		while (old_place[i]) {
			struct place *p = old_place[i];
			size_t b = place_bucket(keys, &p->prefix);

			old_place[i] = p->next;
			p->next = by_place[b];
			by_place[b] = p;
		}
		while (old_nai[i]) {
			struct entry *e = old_nai[i];
			size_t b = nai_bucket(keys, e->key.spi, e->nai, e->key.nai_len);

			old_nai[i] = e->next_nai;
			e->next_nai = by_nai[b];
			by_nai[b] = e;
		}
	}
	free(old_place);
	free(old_nai);
}

static bool same_nai(const struct mip_key *key, const char *nai, size_t nai_len)
{
	return key->nai_len == nai_len && memcmp(key->nai, nai, nai_len) == 0;
}

static bool overlap(const struct mip_prefix *a, const struct mip_prefix *b)
{
	return a->plen <= b->plen ? mip_addr_in_prefix(&b->addr, a) :
				    mip_addr_in_prefix(&a->addr, b);
}

static const struct entry *find_duplicate(const struct mip_keys *keys, const struct mip_key *key,
					  const struct mip_prefix *prefix)
{
	if (prefix->plen == 128) {
		const struct place *p = find_place(keys, prefix);
		const struct entry *e = p ? p->entries : NULL;

		while (e && e->key.spi != key->spi)
			e = e->next;
		return e;
	}

	for (const struct entry *e =
		     keys->by_nai[nai_bucket(keys, key->spi, key->nai, key->nai_len)];
	     e; e = e->next_nai) {
		struct mip_prefix other = { e->key.hoa, e->key.hoa_plen };

		if (e->key.spi == key->spi && same_nai(&e->key, key->nai, key->nai_len) &&
		    overlap(&other, prefix))
			return e;
	}
	return NULL;
}

int mip_keys_add(struct mip_keys *keys, const struct mip_key *key, const struct mip_key **ret_other)
{
	struct mip_prefix prefix = { key->hoa, key->hoa_plen };
	const struct entry *other;
	struct place *p;
	struct entry *e;

	if (key->spi < MIP_SPI_MIN)
		return MIP_KEYS_BAD_SPI;
	if (key->key_len < MIP_KEY_MIN || key->key_len > MIP_KEY_MAX)
		return MIP_KEYS_BAD_LENGTH;
	if (prefix.plen < 1 || prefix.plen > 128 || !mip_addr_is_unicast_routable(&prefix.addr))
		return MIP_KEYS_BAD_HOA;
	if (key->nai_len > MIP_NAI_MAX || (key->nai_len == 0 && prefix.plen != 128))
		return MIP_KEYS_BAD_NAI;

	mask_prefix(&prefix.addr, prefix.plen);
	other = find_duplicate(keys, key, &prefix);
	if (other) {
		if (ret_other)
			*ret_other = &other->key;
		return MIP_KEYS_DUPLICATE;
	}

	if (keys->n_keys >= keys->n_buckets)
		grow(keys);

	e = calloc(1, sizeof(*e) + key->nai_len);
	if (!e)
		return MIP_KEYS_NO_MEMORY;
	p = find_place(keys, &prefix);
	if (!p) {
		size_t b = place_bucket(keys, &prefix);

		p = calloc(1, sizeof(*p));
		if (!p) {
			free(e);
			return MIP_KEYS_NO_MEMORY;
		}
		p->prefix = prefix;
		p->next = keys->by_place[b];
		keys->by_place[b] = p;
		keys->n_places++;
		keys->plens[prefix.plen / 64] |= UINT64_C(1) << prefix.plen % 64;
	}

	e->key = *key;
	e->key.hoa = prefix.addr;
	e->key.nai = e->nai;
	mip_wipe(e->key.key + key->key_len, sizeof(e->key.key) - key->key_len);
	if (key->nai_len)
		memcpy(e->nai, key->nai, key->nai_len);
	e->next = p->entries;
	p->entries = e;
	if (prefix.plen < 128) {
		size_t b = nai_bucket(keys, e->key.spi, e->nai, e->key.nai_len);

		e->next_nai = keys->by_nai[b];
		keys->by_nai[b] = e;
	}
	keys->n_keys++;
	return MIP_KEYS_OK;
}

const struct mip_key *mip_keys_find(const struct mip_keys *keys, uint32_t spi,
				    const struct in6_addr *hoa, const char *nai, size_t nai_len)
{
	const struct mip_prefix exact = { *hoa, 128 };
	const struct place *p = find_place(keys, &exact);

	for (const struct entry *e = p ? p->entries : NULL; e; e = e->next) {
		if (e->key.spi == spi && (e->key.nai_len == 0 || same_nai(&e->key, nai, nai_len)))
			return &e->key;
	}
	if (nai_len == 0)
		return NULL;
	for (const struct entry *e = keys->by_nai[nai_bucket(keys, spi, nai, nai_len)]; e;
	     e = e->next_nai) {
		struct mip_prefix prefix = { e->key.hoa, e->key.hoa_plen };

		if (e->key.spi == spi && same_nai(&e->key, nai, nai_len) &&
		    mip_addr_in_prefix(hoa, &prefix))
			return &e->key;
	}
	return NULL;
}

bool mip_keys_cover(const struct mip_keys *keys, const struct in6_addr *hoa)
{
	for (uint8_t plen = 1; plen <= 128; plen++) {
		struct mip_prefix prefix = { *hoa, plen };

		if (!(keys->plens[plen / 64] >> plen % 64 & 1))
			continue;
		mask_prefix(&prefix.addr, plen);
		if (find_place(keys, &prefix))
			return true;
	}
	return false;
}

size_t mip_keys_count(const struct mip_keys *keys)
{
	return keys ? keys->n_keys : 0;
}
