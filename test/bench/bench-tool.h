/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the benchmark's tools share beside the lab's util.h.
 */
#ifndef BENCH_TOOL_H
#define BENCH_TOOL_H

#include <errno.h>
#include <stdlib.h>

#include "util.h"

/* An argument, up to max; ends the program when it is none. */
static inline unsigned int bench_number(const char *text, const char *what, unsigned int max)
{
	return (unsigned int)lab_number(text, what, 0, max);
}

/*
 * The numbers first .. first + count - 1, shuffled by seed, or in their order
 * with seed 0. Ends the program when there is no memory; the caller frees.
 */
static inline unsigned int *bench_order(unsigned int first, unsigned int count, unsigned int seed)
{
	unsigned int *order = calloc(count, sizeof(*order));

	if (!order)
		lab_die(ENOMEM, "order");
	for (unsigned int i = 0; i < count; i++)
		order[i] = first + i;
	srandom(seed);
	for (unsigned int i = count; seed && i > 1; i--) {
		unsigned int k = (unsigned int)random() % i;
		unsigned int tmp = order[i - 1];

		order[i - 1] = order[k];
		order[k] = tmp;
	}
	return order;
}

#endif /* BENCH_TOOL_H */
