// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters: per-CPU, so that counting costs no shared cache line.
 */
#include "mipsock.h"

const struct mip_stat_info mip_stat_info[MIP_STAT_COUNT] = {
#define X(id, name, help) [MIP_STAT_##id] = { name, help },
	MIP_STATS(X)
#undef X
};

/**
 * mip_count - adds one to a counter
 * @mn: the namespace
 * @stat: which
 *
 * Context: any.
 */
void mip_count(struct mip_net *mn, enum mip_stat stat)
{
	this_cpu_inc(mn->stats->value[stat]);
}

/**
 * mip_stat_read - sums a counter up
 * @mn: the namespace
 * @stat: which
 */
u64 mip_stat_read(const struct mip_net *mn, enum mip_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(mn->stats, cpu)->value[stat]);
	return sum;
}
