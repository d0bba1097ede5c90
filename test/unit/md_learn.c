// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/md_learn.c: what is believed of a link, and for how long. */
#include "md_test.h"

#define OPTIMISTIC (MIP_MD_ADDR_TENTATIVE | MIP_MD_ADDR_OPTIMISTIC)

static void on_link_a(struct d_md *d)
{
	d_start(d);
	d_link(d, ETH0, true, 100);
	d_new_ra(d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	d_addr(d, ETH0, "2001:db8:a::5", 0);
}

/* The carrier comes back behind another router: nothing of the old link is used. */
static void test_other_link(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	d_link(&d, ETH0, false, 100);
	assert_true(d_logged(&d, MIP_MD_LOG_COA_LOST));
	d_wait(&d, SEC);
	d_link(&d, ETH0, true, 100);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 1);
	/* The kernel still has both the address and the route. */
	assert_untold(&d);
	d_route(&d, ETH0, "fe80::b", false);
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:b::5", OPTIMISTIC);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:b::5");
	/* What is sent now would go to the router of the old link: first that. */
	assert_addr(d_find(&d, MIP_MD_ACT_ROUTE_DEL)->target.addr, ip("fe80::a"));
	assert_true(d_find(&d, MIP_MD_ACT_ROUTE_DEL) < d_find(&d, MIP_MD_ACT_INFO));
	d_prefix(&d, ETH0, "2001:db8:b::");
	assert_int_equal(d_count(&d, MIP_MD_ACT_ROUTE_DEL), 0);
	d_route(&d, ETH0, "fe80::a", true);
	assert_untold(&d);
	/* The address goes a little later, and only once. */
	assert_int_equal(d_count(&d, MIP_MD_ACT_ADDR_DEL), 0);
	assert_true(d_run(&d) == 5 * SEC);
	assert_addr(d_find(&d, MIP_MD_ACT_ADDR_DEL)->target.addr, ip("2001:db8:a::5"));
	d_prefix(&d, ETH0, "2001:db8:b::");
	d_wait(&d, 10 * SEC);
	assert_int_equal(d_count(&d, MIP_MD_ACT_ADDR_DEL), 0);
	d_free(&d);
}

/* The same in the other order: the address comes last, when its work is done. */
static void test_other_link_address_last(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	d_link(&d, ETH0, false, 100);
	d_link(&d, ETH0, true, 100);
	d_route(&d, ETH0, "fe80::b", false);
	assert_int_equal(d_count(&d, MIP_MD_ACT_ROUTE_DEL), 0);
	d_prefix(&d, ETH0, "2001:db8:b::");
	assert_addr(d_find(&d, MIP_MD_ACT_ROUTE_DEL)->target.addr, ip("fe80::a"));
	d_addr(&d, ETH0, "2001:db8:b::5", OPTIMISTIC);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:b::5");
	d_free(&d);
}

/* Another interface takes over: the router behind the dead one must not be used any more. */
static void test_other_interface(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	d_link(&d, ETH1, true, 50);
	d_new_ra(&d, ETH1, "fe80::b", "2001:db8:b::", "2001:db8:b::5");
	assert_untold(&d);
	d_link(&d, ETH0, false, 100);
	assert_told(&d, MIP_MD_REREG, ETH1, "2001:db8:b::5");
	assert_int_equal(d_count(&d, MIP_MD_ACT_ROUTE_DEL), 1);
	assert_int_equal(d_find(&d, MIP_MD_ACT_ROUTE_DEL)->target.ifindex, ETH0);
	assert_true(d_find(&d, MIP_MD_ACT_ROUTE_DEL) < d_find(&d, MIP_MD_ACT_INFO));
	d_free(&d);
}

/* The same link again: its advertisement confirms what was there, and nothing is removed. */
static void test_same_link(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	d_link(&d, ETH0, false, 100);
	d_link(&d, ETH0, true, 100);
	assert_untold(&d);
	d_prefix(&d, ETH0, "2001:db8:a::");
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	assert_int_equal(d_count(&d, MIP_MD_ACT_ROUTE_DEL), 0);
	d_wait(&d, 10 * SEC);
	assert_int_equal(d_count(&d, MIP_MD_ACT_ADDR_DEL), 0);
	d_free(&d);
}

/* Routers of both links have the same link-local address: no new route, and the old one serves. */
static void test_same_gateway(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	d_link(&d, ETH0, false, 100);
	d_link(&d, ETH0, true, 100);
	d_addr(&d, ETH0, "2001:db8:b::5", OPTIMISTIC);
	assert_untold(&d);
	d_prefix(&d, ETH0, "2001:db8:b::");
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:b::5");
	assert_int_equal(d_count(&d, MIP_MD_ACT_ROUTE_DEL), 0);
	d_free(&d);
}

/* A loss of carrier too short to be seen is seen by its count. */
static void test_missed_flap(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_LINK };
	struct d_md d;

	(void)state;
	on_link_a(&d);
	event.link = (struct mip_md_ev_link){
		.ifindex = ETH0,
		.managed = true,
		.up = true,
		.carrier = true,
		.carrier_downs = 1,
		.preference = 100,
	};
	assert_int_equal(d_input(&d, &event), 0);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 1);
	assert_true(d_logged(&d, MIP_MD_LOG_COA_LOST));
	d_input(&d, &event);
	assert_int_equal(d.n_act, 0);
	d_free(&d);
}

/* MN-MD-01: a new router alone is no movement; the old one is probed. */
static void test_new_router(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	d_wait(&d, SEC);
	d_route(&d, ETH0, "fe80::b", false);
	assert_addr(d_find(&d, MIP_MD_ACT_PROBE)->target.addr, ip("fe80::a"));
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:b::5", OPTIMISTIC);
	assert_untold(&d);
	d_prefix(&d, ETH0, "2001:db8:b::");
	assert_untold(&d);
	/* It answers: all stays. */
	d_router(&d, ETH0, "fe80::a", true);
	assert_untold(&d);
	/* It does not: on to the new one. */
	d_wait(&d, SEC);
	d_router(&d, ETH0, "fe80::a", false);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:b::5");
	assert_addr(d_find(&d, MIP_MD_ACT_ROUTE_DEL)->target.addr, ip("fe80::a"));
	assert_true(d_logged(&d, MIP_MD_LOG_ROUTER_LOST));
	d_free(&d);
}

/* The only router is gone by NUD: nothing to tell; and it comes back. */
static void test_only_router_lost(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	d_router(&d, ETH0, "fe80::a", false);
	assert_untold(&d);
	assert_int_equal(d_count(&d, MIP_MD_ACT_ROUTE_DEL), 0);
	assert_true(d_logged(&d, MIP_MD_LOG_COA_LOST));
	d_router(&d, ETH0, "fe80::a", true);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	/* Neighbours that are no routers do not matter. */
	d_router(&d, ETH0, "fe80::77", false);
	assert_int_equal(d.n_act, 0);
	d_free(&d);
}

/* The port was moved to another link without the carrier knowing: the old prefix falls silent. */
static void test_silence(void **state)
{
	uint64_t last;
	struct d_md d;

	(void)state;
	on_link_a(&d);
	for (unsigned int i = 0; i < 20; i++) {
		d_wait(&d, (30 + (i * 7) % 41) * MSEC);
		d_prefix(&d, ETH0, "2001:db8:a::");
		assert_untold(&d);
	}
	last = d.now;
	d.now += 40 * MSEC;
	d_new_ra(&d, ETH0, "fe80::b", "2001:db8:b::", "2001:db8:b::5");
	assert_untold(&d);
	d_run(&d);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:b::5");
	assert_in_range(d.now - last, 100 * MSEC, 220 * MSEC);
	assert_addr(d_find(&d, MIP_MD_ACT_ROUTE_DEL)->target.addr, ip("fe80::a"));
	assert_true(d_run(&d) <= 5 * SEC);
	assert_addr(d_find(&d, MIP_MD_ACT_ADDR_DEL)->target.addr, ip("2001:db8:a::5"));
	d_free(&d);
}

/* A second router beside the first: both go on, and the address is kept. */
static void test_no_silence(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	for (int i = 0; i < 10; i++) {
		d_wait(&d, 50 * MSEC);
		d_prefix(&d, ETH0, "2001:db8:a::");
	}
	d_wait(&d, 20 * MSEC);
	d_new_ra(&d, ETH0, "fe80::b", "2001:db8:b::", "2001:db8:b::5");
	for (int i = 0; i < 100; i++) {
		d_wait(&d, 30 * MSEC);
		assert_untold(&d);
		d_prefix(&d, ETH0, "2001:db8:a::");
		assert_untold(&d);
		d_wait(&d, 20 * MSEC);
		assert_untold(&d);
		d_prefix(&d, ETH0, "2001:db8:b::");
		assert_untold(&d);
		assert_int_equal(d_count(&d, MIP_MD_ACT_ROUTE_DEL), 0);
	}
	d_free(&d);
}

/* A silent prefix with nothing else heard is kept: the link may just be quiet. */
static void test_quiet_link(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	for (int i = 0; i < 10; i++) {
		d_wait(&d, 50 * MSEC);
		d_prefix(&d, ETH0, "2001:db8:a::");
	}
	d_wait(&d, 3600 * SEC);
	assert_untold(&d);
	assert_int_equal(d.n_act, 0);
	d_free(&d);
}

/* What an administrator set is nobody's to doubt or remove. */
static void test_permanent(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_ROUTE };
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	event.route = (struct mip_md_ev_route){ .ifindex = ETH0, .permanent = true, .metric = 1 };
	event.route.gateway = ip("fe80::a");
	d_input(&d, &event);
	d_addr(&d, ETH0, "2001:db8:a::5", MIP_MD_ADDR_PERMANENT);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_link(&d, ETH0, false, 100);
	d_link(&d, ETH0, true, 100);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_route(&d, ETH0, "fe80::b", false);
	d_prefix(&d, ETH0, "2001:db8:b::");
	assert_int_equal(d_count(&d, MIP_MD_ACT_ROUTE_DEL), 0);
	d_wait(&d, 10 * SEC);
	assert_int_equal(d_count(&d, MIP_MD_ACT_ADDR_DEL), 0);
	d_free(&d);
}

/* The kernel refreshes an address: as good as hearing the prefix. */
static void test_refreshed_address(void **state)
{
	struct d_md d;

	(void)state;
	on_link_a(&d);
	d.now += 10 * SEC;
	d_link(&d, ETH0, false, 100);
	d_link(&d, ETH0, true, 100);
	d_route(&d, ETH0, "fe80::a", false);
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:a::5", 0);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_free(&d);
}

/* A router can withdraw a prefix. */
static void test_withdrawn(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_PREFIX };
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	d_prefix(&d, ETH0, "2001:db8:1::");
	assert_told(&d, MIP_MD_DEREG_HOME, ETH0, "::");
	event.prefix = (struct mip_md_ev_prefix){ .ifindex = ETH0, .on_link = true };
	event.prefix.prefix.addr = ip("2001:db8:1::");
	event.prefix.prefix.plen = 64;
	d_input(&d, &event);
	assert_true(d_logged(&d, MIP_MD_LOG_COA_LOST));
	d_free(&d);
}

/* Somebody advertises without end: bounded, and what was there goes on. */
static void test_limits(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_PREFIX };
	unsigned int refused = 0;
	struct d_md d;

	(void)state;
	on_link_a(&d);
	for (unsigned int i = 0; i < 1000; i++) {
		event.type = MIP_MD_EV_PREFIX;
		memset(&event.prefix, 0, sizeof(event.prefix));
		event.prefix.ifindex = ETH0;
		event.prefix.prefix.addr = ip("2001:db8:f::");
		event.prefix.prefix.addr.s6_addr[6] = (uint8_t)(i >> 8);
		event.prefix.prefix.addr.s6_addr[7] = (uint8_t)i;
		event.prefix.prefix.plen = 64;
		event.prefix.valid_usec = 86400 * SEC;
		refused += d_input(&d, &event) == -ENOSPC;
		event.type = MIP_MD_EV_ADDR;
		memset(&event.addr, 0, sizeof(event.addr));
		event.addr.ifindex = ETH0;
		event.addr.addr = ip("fe80::1");
		event.addr.addr.s6_addr[8] = (uint8_t)(i >> 8);
		event.addr.addr.s6_addr[9] = (uint8_t)i;
		refused += d_input(&d, &event) == -ENOSPC;
		event.type = MIP_MD_EV_ROUTE;
		memset(&event.route, 0, sizeof(event.route));
		event.route.ifindex = ETH0;
		event.route.gateway = ip("fe80::2");
		event.route.gateway.s6_addr[8] = (uint8_t)(i >> 8);
		event.route.gateway.s6_addr[9] = (uint8_t)i;
		refused += d_input(&d, &event) == -ENOSPC;
		event.type = MIP_MD_EV_LINK;
		memset(&event.link, 0, sizeof(event.link));
		event.link.ifindex = 100 + i;
		refused += d_input(&d, &event) == -ENOSPC;
		assert_untold(&d);
	}
	assert_true(refused > 3500);
	d_simple(&d, MIP_MD_EV_SCAN);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_link),
		cmocka_unit_test(test_other_link_address_last),
		cmocka_unit_test(test_other_interface),
		cmocka_unit_test(test_same_link),
		cmocka_unit_test(test_same_gateway),
		cmocka_unit_test(test_missed_flap),
		cmocka_unit_test(test_new_router),
		cmocka_unit_test(test_only_router_lost),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_no_silence),
		cmocka_unit_test(test_quiet_link),
		cmocka_unit_test(test_permanent),
		cmocka_unit_test(test_refreshed_address),
		cmocka_unit_test(test_withdrawn),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("md_learn", tests, NULL, NULL);
}
