/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the benchmark's own module only (make MIPSOCK_BENCH=1): binding cache
 * calls without netlink. Symbol namespace MIPSOCK_BENCH.
 */
#ifndef _MIPSOCK_BENCH_H
#define _MIPSOCK_BENCH_H

#include <linux/in6.h>
#include <net/net_namespace.h>

int mip_bench_bc_set(struct net *net, const struct in6_addr *hoa, const struct in6_addr *local,
		     const struct in6_addr *coa, u16 flags, u32 lifetime_msec);

#endif /* _MIPSOCK_BENCH_H */
