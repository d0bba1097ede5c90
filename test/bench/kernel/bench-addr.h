/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The numbering plan of the benchmarks, shared by the generator, the test of
 * the binding cache inside the kernel and the tools in user space, so that a
 * packet for home address number i finds the binding that any of them made.
 *
 *	home address i		2001:db8:100::i
 *	care-of address i	2001:db8:c00+g::i	g is its generation: a handover changes g
 *	home agent		2001:db8:2::2
 *	correspondent		2001:db8:c::1
 *	static tunnel's end	2001:db8:d00::1
 *
 * Compiles in the kernel and in user space: the includer brings struct in6_addr
 * and htonl().
 */
#ifndef BENCH_ADDR_H
#define BENCH_ADDR_H

#define BENCH_NET_HA	 0x0002
#define BENCH_NET_HOST	 0x000c
#define BENCH_NET_HOA	 0x0100
#define BENCH_NET_COA	 0x0c00
#define BENCH_NET_STATIC 0x0d00
#define BENCH_COA_GENS	 0x0100 /* generations of care-of addresses before BENCH_NET_STATIC */

/* Address number @i of the /48 number @net; both in host byte order. */
static inline struct in6_addr bench_addr(unsigned int net, unsigned int i)
{
	struct in6_addr addr = {};

	addr.s6_addr32[0] = htonl(0x20010db8);
	addr.s6_addr32[1] = htonl(net << 16);
	addr.s6_addr32[3] = htonl(i);
	return addr;
}

static inline struct in6_addr bench_hoa(unsigned int i)
{
	return bench_addr(BENCH_NET_HOA, i);
}

static inline struct in6_addr bench_coa(unsigned int i, unsigned int gen)
{
	return bench_addr(BENCH_NET_COA + gen % BENCH_COA_GENS, i);
}

static inline struct in6_addr bench_ha(void)
{
	return bench_addr(BENCH_NET_HA, 2);
}

static inline struct in6_addr bench_host(void)
{
	return bench_addr(BENCH_NET_HOST, 1);
}

static inline struct in6_addr bench_static_end(void)
{
	return bench_addr(BENCH_NET_STATIC, 1);
}

#endif /* BENCH_ADDR_H */
