// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The binding cache: see mip/bcache.h. The heap is binary and holds every
 * entry whose deadline is not "never"; an entry knows its place in it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mip/bcache.h>
#include <mip/time.h>

#include "hash.h"

#define BUCKETS_MIN 64
#define NOT_IN_HEAP SIZE_MAX

struct mip_bcache {
	uint8_t seed[16];
	size_t max;
	size_t count;
	size_t n_buckets; /* a power of two */
	struct mip_bcache_entry **buckets;
	struct mip_bcache_entry **heap;
	size_t heap_count;
	size_t heap_size; /* always room for every entry, so that set_due() cannot fail */
};

struct mip_bcache *mip_bcache_new(size_t max, const uint8_t seed[16])
{
	struct mip_bcache *bc = calloc(1, sizeof(*bc));

	if (!bc)
		return NULL;
	memcpy(bc->seed, seed, sizeof(bc->seed));
	bc->max = max;
	bc->n_buckets = BUCKETS_MIN;
	bc->heap_size = BUCKETS_MIN;
	bc->buckets = calloc(bc->n_buckets, sizeof(struct mip_bcache_entry *));
	bc->heap = calloc(bc->heap_size, sizeof(struct mip_bcache_entry *));
	if (!bc->buckets || !bc->heap)
		return mip_bcache_free(bc);
	return bc;
}

struct mip_bcache *mip_bcache_free(struct mip_bcache *bc)
{
	if (!bc)
		return NULL;
	for (size_t i = 0; bc->buckets && i < bc->n_buckets; i++) {
		struct mip_bcache_entry *e = bc->buckets[i];

		while (e) {
			struct mip_bcache_entry *next = e->next;

			free(e->mnp);
			free(e);
			e = next;
		}
	}
	free(bc->buckets);
	free(bc->heap);
	free(bc);
	return NULL;
}

void mip_bcache_set_max(struct mip_bcache *bc, size_t max)
{
	bc->max = max;
}

static size_t bucket_of(const struct mip_bcache *bc, const struct in6_addr *hoa, uint16_t bid)
{
	uint8_t key[18];

	memcpy(key, hoa, 16);
	memcpy(key + 16, &bid, 2);
	return (size_t)mip_hash_octets(bc->seed, key, sizeof(key)) & (bc->n_buckets - 1);
}

struct mip_bcache_entry *mip_bcache_find(const struct mip_bcache *bc, const struct in6_addr *hoa,
					 uint16_t bid)
{
	struct mip_bcache_entry *e = bc->buckets[bucket_of(bc, hoa, bid)];

	while (e && (e->bid != bid || memcmp(&e->hoa, hoa, sizeof(*hoa)) != 0))
		e = e->next;
	return e;
}

/* Failure is no harm: chains get longer. */
static void grow_buckets(struct mip_bcache *bc)
{
	struct mip_bcache_entry **old = bc->buckets;
	size_t old_n = bc->n_buckets;
	struct mip_bcache_entry **buckets = calloc(2 * old_n, sizeof(struct mip_bcache_entry *));

	if (!buckets)
		return;
	bc->buckets = buckets;
	bc->n_buckets = 2 * old_n;
	for (size_t i = 0; i < old_n; i++) {
		while (old[i]) {
			struct mip_bcache_entry *e = old[i];
			size_t b = bucket_of(bc, &e->hoa, e->bid);

			old[i] = e->next;
			e->next = buckets[b];
			buckets[b] = e;
		}
	}
	free(old);
}

int mip_bcache_add(struct mip_bcache *bc, const struct in6_addr *hoa, uint16_t bid,
		   struct mip_bcache_entry **ret)
{
	struct mip_bcache_entry *e;
	size_t b;

	if (mip_bcache_find(bc, hoa, bid))
		return -EEXIST;
	if (bc->count >= bc->max)
		return -ENOSPC;
	if (bc->count >= bc->heap_size) {
		struct mip_bcache_entry **heap =
			realloc(bc->heap, 2 * bc->heap_size * sizeof(struct mip_bcache_entry *));

		if (!heap)
			return -ENOMEM;
		bc->heap = heap;
		bc->heap_size *= 2;
	}
	e = calloc(1, sizeof(*e));
	if (!e)
		return -ENOMEM;
	if (bc->count >= bc->n_buckets)
		grow_buckets(bc);

	e->hoa = *hoa;
	e->bid = bid;
	e->expires_usec = MIP_USEC_INFINITY;
	e->hold_usec = MIP_USEC_INFINITY;
	e->na_usec = MIP_USEC_INFINITY;
	e->due_usec = MIP_USEC_INFINITY;
	e->heap_index = NOT_IN_HEAP;
	b = bucket_of(bc, hoa, bid);
	e->next = bc->buckets[b];
	bc->buckets[b] = e;
	bc->count++;
	*ret = e;
	return 0;
}

static void heap_place(struct mip_bcache *bc, size_t i, struct mip_bcache_entry *e)
{
	bc->heap[i] = e;
	e->heap_index = i;
}

static void heap_up(struct mip_bcache *bc, size_t i)
{
	struct mip_bcache_entry *e = bc->heap[i];

	while (i > 0 && bc->heap[(i - 1) / 2]->due_usec > e->due_usec) {
		heap_place(bc, i, bc->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	heap_place(bc, i, e);
}

static void heap_down(struct mip_bcache *bc, size_t i)
{
	struct mip_bcache_entry *e = bc->heap[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= bc->heap_count)
			break;
		if (child + 1 < bc->heap_count &&
		    bc->heap[child + 1]->due_usec < bc->heap[child]->due_usec)
			child++;
		if (bc->heap[child]->due_usec >= e->due_usec)
			break;
		heap_place(bc, i, bc->heap[child]);
		i = child;
	}
	heap_place(bc, i, e);
}

void mip_bcache_set_due(struct mip_bcache *bc, struct mip_bcache_entry *e, uint64_t due_usec)
{
	size_t i = e->heap_index;

	e->due_usec = due_usec;
	if (due_usec == MIP_USEC_INFINITY) {
		struct mip_bcache_entry *last;

		if (i == NOT_IN_HEAP)
			return;
		last = bc->heap[--bc->heap_count];
		e->heap_index = NOT_IN_HEAP;
		if (last != e) {
			heap_place(bc, i, last);
			heap_up(bc, i);
			heap_down(bc, last->heap_index);
		}
		return;
	}
	if (i == NOT_IN_HEAP) {
		i = bc->heap_count++;
		heap_place(bc, i, e);
	}
	heap_up(bc, i);
	heap_down(bc, e->heap_index);
}

void mip_bcache_remove(struct mip_bcache *bc, struct mip_bcache_entry *e)
{
	struct mip_bcache_entry **p = &bc->buckets[bucket_of(bc, &e->hoa, e->bid)];

	mip_bcache_set_due(bc, e, MIP_USEC_INFINITY);
	while (*p != e)
		p = &(*p)->next;
	*p = e->next;
	bc->count--;
	free(e->mnp);
	free(e);
}

struct mip_bcache_entry *mip_bcache_first_due(const struct mip_bcache *bc)
{
	return bc->heap_count > 0 ? bc->heap[0] : NULL;
}

struct mip_bcache_entry *mip_bcache_next(const struct mip_bcache *bc,
					 const struct mip_bcache_entry *e)
{
	size_t b = 0;

	if (e) {
		if (e->next)
			return e->next;
		b = bucket_of(bc, &e->hoa, e->bid) + 1;
	}
	while (b < bc->n_buckets && !bc->buckets[b])
		b++;
	return b < bc->n_buckets ? bc->buckets[b] : NULL;
}

size_t mip_bcache_count(const struct mip_bcache *bc)
{
	return bc->count;
}

void mip_bcache_export(const struct mip_bcache_entry *e, uint64_t now_usec, struct mip_bce *ret)
{
	*ret = (struct mip_bce){
		.hoa = e->hoa,
		.local = e->local,
		.coa = e->coa,
		.bid = e->bid,
		.flags = e->flags,
		.seq = e->seq,
		.home_ifindex = e->home_ifindex,
		.timestamp = e->timestamp,
		.n_mnp = e->n_mnp,
	};
	if (e->expires_usec == MIP_USEC_INFINITY)
		ret->lifetime_usec = MIP_USEC_INFINITY;
	else
		ret->lifetime_usec = e->expires_usec > now_usec ? e->expires_usec - now_usec : 0;
	if (e->n_mnp)
		memcpy(ret->mnp, e->mnp, e->n_mnp * sizeof(ret->mnp[0]));
}
