// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/md_decide.c: which link, which address, and when to say so. */
#include "md_test.h"

/* From carrier to care-of address: solicit at once, and take the optimistic address at once. */
static void test_first_link(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, false, 100);
	assert_null(d_find(&d, MIP_MD_ACT_SOLICIT));
	d_link(&d, ETH0, true, 100);
	assert_int_equal(d_find(&d, MIP_MD_ACT_SOLICIT)->target.ifindex, ETH0);
	d_route(&d, ETH0, "fe80::a", false);
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:a::5", MIP_MD_ADDR_TENTATIVE | MIP_MD_ADDR_OPTIMISTIC);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	assert_true(d_find(&d, MIP_MD_ACT_INFO)->info.md.has_hoa);
	assert_int_equal(d_find(&d, MIP_MD_ACT_INFO)->info.hoa_plen, 64);
	assert_true(d_logged(&d, MIP_MD_LOG_COA_CHOSEN));
	/* The rest of the advertisement, the end of DAD, and the next advertisements: nothing new. */
	d_prefix(&d, ETH0, "2001:db8:a::");
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:a::5", 0);
	assert_untold(&d);
	d_prefix(&d, ETH0, "2001:db8:a::");
	assert_untold(&d);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 0);
	d_free(&d);
}

/* Which addresses are no care-of addresses. */
static void test_addresses(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	d_route(&d, ETH0, "fe80::a", false);
	d_addr(&d, ETH0, "fe80::5", 0);
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:a::5", MIP_MD_ADDR_TENTATIVE);
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:a::6", MIP_MD_ADDR_DADFAILED);
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:1::5", 0); /* the home address itself */
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:a::7", MIP_MD_ADDR_HOMEADDRESS);
	assert_untold(&d);
	d_addr(&d, ETH0, "2001:db8:a::8", MIP_MD_ADDR_DEPRECATED);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::8"); /* better than none */
	/* MN-MD-02: another one as soon as there is one. */
	d_addr(&d, ETH0, "2001:db8:a::5", 0);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	/* One that is in use is kept among equals. */
	d_addr(&d, ETH0, "2001:db8:a::9", 0);
	assert_untold(&d);
	/* Found a duplicate after all: at once another. */
	d_addr(&d, ETH0, "2001:db8:a::5", MIP_MD_ADDR_DADFAILED);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::9");
	d_addr_gone(&d, ETH0, "2001:db8:a::9");
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::8");
	d_free(&d);
}

/* No router, no care-of address (MN-MD-04). */
static void test_needs_router(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	d_addr(&d, ETH0, "2001:db8:a::5", 0);
	assert_untold(&d);
	d_route(&d, ETH0, "fe80::a", false);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_route(&d, ETH0, "fe80::a", true);
	assert_untold(&d);
	assert_true(d_logged(&d, MIP_MD_LOG_COA_LOST));
	/* Back again: said again, since the node may have missed an answer. */
	d_route(&d, ETH0, "fe80::a", false);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_free(&d);
}

/* MN-HL-01 */
static void test_home_link(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	d_new_ra(&d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	d_link(&d, ETH0, false, 100);
	assert_untold(&d);
	d_link(&d, ETH0, true, 100);
	d_route(&d, ETH0, "fe80::1", false);
	d_prefix(&d, ETH0, "2001:db8:1::");
	assert_told(&d, MIP_MD_DEREG_HOME, ETH0, "::");
	assert_true(d_logged(&d, MIP_MD_LOG_HOME_LINK));
	/* The address that is formed from it changes nothing. */
	d_addr(&d, ETH0, "2001:db8:1::99", 0);
	assert_untold(&d);
	d_prefix(&d, ETH0, "2001:db8:1::");
	assert_untold(&d);
	d_free(&d);
}

/* A longer prefix that begins alike, or one that is not on-link, is not the home link. */
static void test_not_home_link(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_PREFIX };
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	event.prefix = (struct mip_md_ev_prefix){ .ifindex = ETH0, .valid_usec = SEC };
	event.prefix.prefix.addr = ip("2001:db8:1::");
	event.prefix.prefix.plen = 64;
	d_input(&d, &event);
	assert_untold(&d);
	event.prefix.on_link = true;
	event.prefix.prefix.plen = 80;
	d_input(&d, &event);
	assert_untold(&d);
	event.prefix.prefix.plen = 64;
	d_input(&d, &event);
	assert_told(&d, MIP_MD_DEREG_HOME, ETH0, "::");
	/* Its lifetime ends: not at home any more. */
	assert_true(d_run(&d) == SEC);
	assert_true(d_logged(&d, MIP_MD_LOG_COA_LOST));
	d_free(&d);
}

/* Losing the interface in use switches at once; a better one has to last. */
static void test_preference_and_hysteresis(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	d_link(&d, ETH1, true, 200);
	d_new_ra(&d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	d_new_ra(&d, ETH1, "fe80::b", "2001:db8:b::", "2001:db8:b::5");
	assert_untold(&d);
	assert_true(d_run(&d) == 500 * MSEC);
	assert_told(&d, MIP_MD_REREG, ETH1, "2001:db8:b::5");
	d_link(&d, ETH1, false, 200);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");

	/* It comes and goes: never long enough. */
	for (int i = 0; i < 5; i++) {
		d_link(&d, ETH1, true, 200);
		d_prefix(&d, ETH1, "2001:db8:b::");
		assert_untold(&d);
		d_wait(&d, 400 * MSEC);
		assert_untold(&d);
		d_link(&d, ETH1, false, 200);
		assert_untold(&d);
	}
	d_link(&d, ETH1, true, 200);
	d_prefix(&d, ETH1, "2001:db8:b::");
	d_wait(&d, 499 * MSEC);
	assert_untold(&d);
	assert_true(d_run(&d) == MSEC);
	assert_told(&d, MIP_MD_REREG, ETH1, "2001:db8:b::5");
	d_free(&d);
}

/* Equals: what is in use stays. */
static void test_equal_preference(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH1, true, 100);
	d_new_ra(&d, ETH1, "fe80::b", "2001:db8:b::", "2001:db8:b::5");
	d_link(&d, ETH0, true, 100);
	d_new_ra(&d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	d_wait(&d, 60 * SEC);
	assert_untold(&d);
	d_free(&d);
}

/* The home link is better than any preference, after the hysteresis. */
static void test_home_beats_preference(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 900);
	d_new_ra(&d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	d_link(&d, ETH1, true, 1);
	d_prefix(&d, ETH1, "2001:db8:1::");
	assert_untold(&d);
	assert_true(d_logged(&d, MIP_MD_LOG_BETTER_LINK));
	assert_true(d_run(&d) == 500 * MSEC);
	assert_told(&d, MIP_MD_DEREG_HOME, ETH1, "::");
	d_link(&d, ETH1, false, 1);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_free(&d);
}

static void test_unmanaged(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_LINK };
	struct d_md d;

	(void)state;
	d_start(&d);
	event.link = (struct mip_md_ev_link){ .ifindex = ETH0, .up = true, .carrier = true };
	d_input(&d, &event);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 0);
	d_new_ra(&d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	assert_untold(&d);
	d_free(&d);
}

static void test_scan(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	d_simple(&d, MIP_MD_EV_SCAN);
	assert_untold(&d);
	d_new_ra(&d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	d_simple(&d, MIP_MD_EV_SCAN);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_prefix(&d, ETH0, "2001:db8:a::");
	assert_untold(&d);
	d_free(&d);
}

/* Without a home address known: of every one. With two: each for itself. */
static void test_homes(void **state)
{
	struct d_md d;

	(void)state;
	d_new(&d);
	d_simple(&d, MIP_MD_EV_DUMP_BEGIN);
	d_simple(&d, MIP_MD_EV_DUMP_END);
	d_link(&d, ETH0, true, 100);
	d_route(&d, ETH0, "fe80::1", false);
	d_addr(&d, ETH0, "2001:db8:1::99", 0);
	d_prefix(&d, ETH0, "2001:db8:1::");
	d_simple(&d, MIP_MD_EV_SCAN);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:1::99");
	assert_false(d_find(&d, MIP_MD_ACT_INFO)->info.md.has_hoa);
	d_home(&d, "2001:db8:1::5");
	assert_told(&d, MIP_MD_DEREG_HOME, ETH0, "::");
	assert_true(d_find(&d, MIP_MD_ACT_INFO)->info.md.has_hoa);
	d_home(&d, "2001:db8:2::5");
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:1::99");
	assert_addr(d_find(&d, MIP_MD_ACT_INFO)->info.md.hoa, ip("2001:db8:2::5"));
	d_simple(&d, MIP_MD_EV_SCAN);
	assert_int_equal(d_count(&d, MIP_MD_ACT_INFO), 2);
	d_free(&d);
}

static void found_at_start(struct d_md *d)
{
	d_new(d);
	d_simple(d, MIP_MD_EV_DUMP_BEGIN);
	d_home(d, "2001:db8:1::5");
	d_link(d, ETH1, true, 100);
	d_addr(d, ETH1, "2001:db8:b::5", 0);
	d_route(d, ETH1, "fe80::b", false);
	d_link(d, ETH0, true, 200);
	d_addr(d, ETH0, "2001:db8:a::5", 0);
	d_route(d, ETH0, "fe80::a", false);
	assert_untold(d);
	d_simple(d, MIP_MD_EV_DUMP_END);
	assert_untold(d);
}

/* A restart of the detector: what it finds is told once, and the same as before. */
static void test_restart(void **state)
{
	struct d_md d;

	(void)state;
	/* As soon as all is confirmed, in whatever order. */
	found_at_start(&d);
	d_wait(&d, 20 * MSEC);
	d_prefix(&d, ETH1, "2001:db8:b::");
	assert_untold(&d);
	d_wait(&d, 20 * MSEC);
	d_prefix(&d, ETH0, "2001:db8:a::");
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_wait(&d, 10 * SEC);
	assert_int_equal(d.n_act, 0);
	d_free(&d);

	/* Nobody advertises: after a while all the same. */
	found_at_start(&d);
	assert_true(d_run(&d) == SEC);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_free(&d);
}

/* A restart just after a move: the address of the home link still stands there. */
static void test_restart_with_stale(void **state)
{
	struct d_md d;

	(void)state;
	d_new(&d);
	d_simple(&d, MIP_MD_EV_DUMP_BEGIN);
	d_home(&d, "2001:db8:1::5");
	d_link(&d, ETH0, true, 200);
	d_addr(&d, ETH0, "2001:db8:1::99", 0);
	d_addr(&d, ETH0, "2001:db8:a::5", 0);
	d_route(&d, ETH0, "fe80::a", false);
	d_simple(&d, MIP_MD_EV_DUMP_END);
	d_wait(&d, 30 * MSEC);
	d_prefix(&d, ETH0, "2001:db8:a::");
	assert_untold(&d);
	assert_true(d_run(&d) == 970 * MSEC);
	assert_told(&d, MIP_MD_REREG, ETH0, "2001:db8:a::5");
	d_run(&d);
	assert_addr(d_find(&d, MIP_MD_ACT_ADDR_DEL)->target.addr, ip("2001:db8:1::99"));
	d_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_link),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_needs_router),
		cmocka_unit_test(test_home_link),
		cmocka_unit_test(test_not_home_link),
		cmocka_unit_test(test_preference_and_hysteresis),
		cmocka_unit_test(test_equal_preference),
		cmocka_unit_test(test_home_beats_preference),
		cmocka_unit_test(test_unmanaged),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_homes),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_restart_with_stale),
	};

	return cmocka_run_group_tests_name("md_decide", tests, NULL, NULL);
}
