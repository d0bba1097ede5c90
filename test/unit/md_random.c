// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Movement detection under random events: it never spins, never tells of what
 * it was not told, and when the noise ends it says where the node is.
 */
#include "md_test.h"

static uint64_t seed;

static unsigned int rnd(unsigned int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned int)((seed >> 33) % n);
}

static struct in6_addr some_addr(unsigned int net, unsigned int host)
{
	struct in6_addr addr = ip("2001:db8::");

	addr.s6_addr[5] = (uint8_t)net;
	addr.s6_addr[15] = (uint8_t)host;
	return addr;
}

static void random_event(struct mip_md_event *ev)
{
	uint32_t ifindex = 2 + rnd(3);

	memset(ev, 0, sizeof(*ev));
	ev->type = (enum mip_md_event_type)rnd(MIP_MD_EV_SCAN + 1);
	switch (ev->type) {
	case MIP_MD_EV_DUMP_BEGIN:
	case MIP_MD_EV_DUMP_END:
	case MIP_MD_EV_SCAN:
		break;
	case MIP_MD_EV_LINK:
		ev->link.ifindex = ifindex;
		ev->link.gone = !rnd(8);
		ev->link.managed = rnd(8);
		ev->link.up = rnd(8);
		ev->link.carrier = rnd(4);
		ev->link.carrier_downs = rnd(2);
		ev->link.preference = rnd(3);
		break;
	case MIP_MD_EV_ADDR:
		ev->addr.ifindex = ifindex;
		ev->addr.gone = !rnd(6);
		ev->addr.addr = some_addr(1 + rnd(4), rnd(4));
		ev->addr.plen = 64;
		ev->addr.flags = rnd(4) ? 0 : rnd(128);
		ev->addr.valid_usec = rnd(3) ? rnd(100) * SEC : MIP_USEC_INFINITY;
		ev->addr.preferred_usec = ev->addr.valid_usec;
		break;
	case MIP_MD_EV_ROUTE:
		ev->route.ifindex = ifindex;
		ev->route.gone = !rnd(5);
		ev->route.gateway = ip("fe80::");
		ev->route.gateway.s6_addr[15] = (uint8_t)rnd(4);
		ev->route.permanent = !rnd(10);
		ev->route.metric = rnd(3);
		break;
	case MIP_MD_EV_PREFIX:
		ev->prefix.ifindex = ifindex;
		ev->prefix.prefix.addr = some_addr(1 + rnd(4), 0);
		ev->prefix.prefix.plen = 64;
		ev->prefix.on_link = rnd(6);
		ev->prefix.valid_usec = rnd(6) ? rnd(1000) * SEC : 0;
		break;
	case MIP_MD_EV_ROUTER:
		ev->router.ifindex = ifindex;
		ev->router.gateway = ip("fe80::");
		ev->router.gateway.s6_addr[15] = (uint8_t)rnd(4);
		ev->router.reachable = rnd(2);
		break;
	case MIP_MD_EV_HOME:
		ev->home.hoa = some_addr(1 + rnd(2), 0x55);
		ev->home.plen = 64;
		ev->home.gone = !rnd(3);
		break;
	}
}

static void check_told(const struct d_md *d)
{
	for (unsigned int i = 0; i < d->n_act; i++) {
		const struct mip_md_act_info *info = &d->act[i].info;

		if (d->act[i].type != MIP_MD_ACT_INFO)
			continue;
		assert_in_range(info->md.ifindex, 2, 4);
		if (info->md.cmd == MIP_MD_REREG) {
			assert_int_equal(info->md.coa.s6_addr[0], 0x20);
			assert_int_not_equal(info->md.coa.s6_addr[15], 0x55);
		} else {
			assert_int_equal(info->md.cmd, MIP_MD_DEREG_HOME);
			assert_true(info->md.has_hoa);
		}
	}
}

static void one_run(uint64_t number)
{
	struct mip_md_event ev;
	unsigned int spins;
	struct d_md d;

	seed = number * 0x9e3779b97f4a7c15u + 1;
	d_new(&d);
	for (unsigned int i = 0; i < 400; i++) {
		random_event(&ev);
		(void)d_input(&d, &ev);
		check_told(&d);
		d.now += rnd(10) ? rnd(100) * MSEC : rnd(10) * SEC;
		for (spins = 0; mip_md_next_deadline(d.md) <= d.now; spins++) {
			mip_md_expire(d.md, d.now);
			d_drain(&d);
			check_told(&d);
			assert_true(spins < 50);
		}
	}

	/* Silence, then one good link. */
	for (uint32_t i = 2; i <= 4; i++) {
		memset(&ev, 0, sizeof(ev));
		ev.type = MIP_MD_EV_LINK;
		ev.link.ifindex = i;
		ev.link.gone = true;
		(void)d_input(&d, &ev);
	}
	d_simple(&d, MIP_MD_EV_DUMP_BEGIN);
	d_simple(&d, MIP_MD_EV_DUMP_END);
	for (unsigned int net = 1; net <= 2; net++) {
		memset(&ev, 0, sizeof(ev));
		ev.type = MIP_MD_EV_HOME;
		ev.home.hoa = some_addr(net, 0x55);
		ev.home.gone = net == 2;
		ev.home.plen = 64;
		(void)d_input(&d, &ev);
	}
	d_link(&d, ETH0, true, 1);
	d_route(&d, ETH0, "fe80::77", false);
	d_addr(&d, ETH0, "2001:db8:77::77", 0);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:77::77");
	d_free(&d);
}

#define RUNS 2000

static uint64_t run;

static void test_random(void **state)
{
	const char *only = getenv("SEED");

	(void)state;
	if (only) {
		run = strtoull(only, NULL, 0);
		one_run(run);
		run = RUNS;
	}
	for (; run < RUNS; run++)
		one_run(run);
}

static int tell_seed(void **state)
{
	(void)state;
	if (run < RUNS)
		print_message("again: SEED=%llu unit_md_random\n", (unsigned long long)run);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_random, tell_seed),
	};

	return cmocka_run_group_tests_name("md_random", tests, NULL, NULL);
}
