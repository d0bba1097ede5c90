/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock of the benchmarks' modules.
 *
 * User Mode Linux is one thread of the host, and the host knows how much CPU
 * time it has had. That is what is measured there: what other processes of the
 * host take away in between does not count, and soft interrupts and RCU
 * callbacks, which are part of the cost, do. Elsewhere it is the wall clock.
 */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <linux/ktime.h>

static inline u64 bench_clock_ns(void)
{
#if defined(CONFIG_UML) && defined(CONFIG_X86_64)
	struct {
		long sec;
		long nsec;
	} now = {};
	long ret = 228; /* the host's clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) */

	asm volatile("syscall" : "+a"(ret) : "D"(3L), "S"(&now) : "rcx", "r11", "memory");
	return (u64)now.sec * NSEC_PER_SEC + (u64)now.nsec;
#else
	return ktime_get_ns();
#endif
}

#endif /* BENCH_CLOCK_H */
