/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hints to the daemons, and their rate limits.
 */
#ifndef _MIPSOCK_HINTS_H
#define _MIPSOCK_HINTS_H

#include <linux/in6.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct mip_net;

#define MIP_HINT_BUCKETS 128

/**
 * struct mip_hint_limit - token buckets: one for all, one for a source's hash
 * @lock: guards it all
 * @total: tokens left for all
 * @total_at: when @total was last filled up, jiffies
 * @source: the same for each hash of a source
 */
struct mip_hint_limit {
	spinlock_t lock;
	u32 total;
	unsigned long total_at;
	struct {
		unsigned long at;
		u32 tokens;
	} source[MIP_HINT_BUCKETS];
};

void mip_hint_init(struct mip_hint_limit *limit);
void mip_hint_rr(struct mip_net *mn, const struct in6_addr *hoa, const struct in6_addr *peer);

#endif /* _MIPSOCK_HINTS_H */
