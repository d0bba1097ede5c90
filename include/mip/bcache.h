/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The binding cache (RFC 6275 section 9.1): entries by (home address, BID),
 * each with one deadline.
 *
 * A hash table with a secret seed and a heap of deadlines: finding costs O(1),
 * adding, removing and changing a deadline O(log n), whatever the number of
 * bindings. It holds data and time and knows no rule of the protocol; those
 * are the roles'.
 */
#ifndef MIP_BCACHE_H
#define MIP_BCACHE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mip/binding.h>

enum mip_bce_state {
	MIP_BCE_NONE, /* no binding: an entry that only waits for one */
	MIP_BCE_BOUND,
	MIP_BCE_HELD, /* ended; its sequence number and timestamp are kept, section 10.3.2 */
};

struct mip_ha_reg;

/* Times are monotonic microseconds; MIP_USEC_INFINITY: never. */
struct mip_bcache_entry {
	struct in6_addr hoa; /* the key, with bid: not to be changed */
	uint16_t bid;
	enum mip_bce_state state;
	uint16_t flags;
	uint16_t seq;
	struct in6_addr local;
	struct in6_addr coa;
	uint32_t home_ifindex;
	uint8_t na_left; /* advertisements still to be repeated */
	bool na_link_local; /* for the link-local address too */
	bool deregistered; /* HELD: by the mobile node, not by time */
	bool seq_counts; /* HELD: a Binding Update must have a greater sequence number */
	bool cut; /* ends before what the kernel was told: the home prefix does */
	uint16_t n_mnp;
	struct mip_prefix *mnp; /* n_mnp of them; owned */
	uint64_t timestamp;
	uint64_t expires_usec; /* BOUND: end of the lifetime */
	uint64_t hold_usec; /* HELD: when it may be forgotten */
	uint64_t na_usec; /* next advertisement */
	struct mip_ha_reg *reg; /* a registration under way; the role's */

	/* The table's own. */
	uint64_t due_usec;
	size_t heap_index;
	struct mip_bcache_entry *next;
};

struct mip_bcache;

/* max: entries at most; seed: 16 random octets. NULL: out of memory. */
struct mip_bcache *mip_bcache_new(size_t max, const uint8_t seed[16]);

/* Takes NULL; returns NULL. Entries must not have a reg any more. */
struct mip_bcache *mip_bcache_free(struct mip_bcache *bc);

/* A smaller limit than there are entries lets no new ones in. */
void mip_bcache_set_max(struct mip_bcache *bc, size_t max);

/* NULL: none. */
struct mip_bcache_entry *mip_bcache_find(const struct mip_bcache *bc, const struct in6_addr *hoa,
					 uint16_t bid);

/*
 * A new entry in state NONE with no deadline. *ret is not touched on failure:
 * -EEXIST, -ENOSPC (the limit) or -ENOMEM.
 */
int mip_bcache_add(struct mip_bcache *bc, const struct in6_addr *hoa, uint16_t bid,
		   struct mip_bcache_entry **ret);

void mip_bcache_remove(struct mip_bcache *bc, struct mip_bcache_entry *e);

/* When the entry wants attention; MIP_USEC_INFINITY: not at all. */
void mip_bcache_set_due(struct mip_bcache *bc, struct mip_bcache_entry *e, uint64_t due_usec);

/* The entry that is due first, NULL if none ever is. */
struct mip_bcache_entry *mip_bcache_first_due(const struct mip_bcache *bc);

/* All entries, in no order: start with NULL, ends with NULL. No adding or removing in between. */
struct mip_bcache_entry *mip_bcache_next(const struct mip_bcache *bc,
					 const struct mip_bcache_entry *e);

size_t mip_bcache_count(const struct mip_bcache *bc);

/* What a binding is for those who carry it out; the lifetime is what is left at now_usec. */
void mip_bcache_export(const struct mip_bcache_entry *e, uint64_t now_usec, struct mip_bce *ret);

#endif /* MIP_BCACHE_H */
