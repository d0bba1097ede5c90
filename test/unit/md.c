// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/md.c and md_status.c: links, dumps, solicitations, and what people see. */
#include "md_test.h"

static void test_nonsense(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_LINK };
	struct d_md d;

	(void)state;
	d_start(&d);
	assert_int_equal(d_input(&d, &event), -EINVAL); /* interface 0 */
	event.type = MIP_MD_EV_ADDR;
	assert_int_equal(d_input(&d, &event), -EINVAL);
	event.addr.ifindex = ETH0;
	event.addr.plen = 129;
	assert_int_equal(d_input(&d, &event), -EINVAL);
	event = (struct mip_md_event){ .type = MIP_MD_EV_PREFIX };
	event.prefix.ifindex = ETH0;
	event.prefix.prefix.plen = 129;
	assert_int_equal(d_input(&d, &event), -EINVAL);
	event = (struct mip_md_event){ .type = MIP_MD_EV_HOME };
	assert_int_equal(d_input(&d, &event), -EINVAL);
	event.home.hoa = ip("2001:db8:1::6");
	assert_int_equal(d_input(&d, &event), -EINVAL);
	event.home.plen = 129;
	assert_int_equal(d_input(&d, &event), -EINVAL);
	assert_int_equal(d.n_act, 0);
	assert_true(mip_md_next_deadline(d.md) == MIP_USEC_INFINITY);
	d_free(&d);
	assert_null(mip_md_free(NULL));
}

/* RFC 4861 section 6.3.7: three at most, 4 s apart, none after an answer. */
static void test_solicitations(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 1);
	assert_true(d_run(&d) == 4 * SEC);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 1);
	assert_true(d_run(&d) == 4 * SEC);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 1);
	assert_true(mip_md_next_deadline(d.md) == MIP_USEC_INFINITY);

	d_link(&d, ETH0, false, 100);
	d_link(&d, ETH0, true, 100);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 1);
	d_prefix(&d, ETH0, "2001:db8:a::");
	d_wait(&d, 60 * SEC);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 0);

	d_link(&d, ETH0, false, 100);
	d_wait(&d, 60 * SEC);
	assert_int_equal(d_count(&d, MIP_MD_ACT_SOLICIT), 0);
	d_free(&d);
}

/* After a netlink overrun: what the second dump does not mention is gone, and only that. */
static void test_resync(void **state)
{
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	d_new_ra(&d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	d_link(&d, ETH1, true, 50);
	d_new_ra(&d, ETH1, "fe80::b", "2001:db8:b::", "2001:db8:b::5");

	d_simple(&d, MIP_MD_EV_DUMP_BEGIN);
	d_link(&d, ETH0, true, 100);
	d_link(&d, ETH1, true, 50);
	d_addr(&d, ETH0, "2001:db8:a::5", 0);
	d_addr(&d, ETH1, "2001:db8:b::5", 0);
	d_route(&d, ETH0, "fe80::a", false);
	d_route(&d, ETH1, "fe80::b", false);
	assert_true(mip_md_next_deadline(d.md) == MIP_USEC_INFINITY);
	d_simple(&d, MIP_MD_EV_DUMP_END);
	assert_int_equal(d.n_act, 0);

	d_simple(&d, MIP_MD_EV_DUMP_BEGIN);
	d_link(&d, ETH0, true, 100);
	d_link(&d, ETH1, true, 50);
	d_addr(&d, ETH1, "2001:db8:b::5", 0);
	d_route(&d, ETH0, "fe80::a", false);
	d_route(&d, ETH1, "fe80::b", false);
	d_simple(&d, MIP_MD_EV_DUMP_END);
	assert_told(&d, MIP_MD_REREG, ETH1, "2001:db8:b::5");

	d_simple(&d, MIP_MD_EV_DUMP_BEGIN);
	d_link(&d, ETH0, true, 100);
	d_simple(&d, MIP_MD_EV_DUMP_END);
	assert_true(d_logged(&d, MIP_MD_LOG_COA_LOST));
	d_simple(&d, MIP_MD_EV_DUMP_END); /* without beginning */
	assert_int_equal(d.n_act, 0);
	d_free(&d);
}

static void test_link_gone(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_LINK };
	struct d_md d;

	(void)state;
	d_start(&d);
	d_link(&d, ETH0, true, 100);
	d_new_ra(&d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	event.link = (struct mip_md_ev_link){ .ifindex = ETH0, .gone = true };
	assert_int_equal(d_input(&d, &event), 0);
	assert_true(d_logged(&d, MIP_MD_LOG_COA_LOST));
	assert_int_equal(d_input(&d, &event), 0);
	assert_int_equal(d.n_act, 0);
	/* The same name and number again is another link. */
	d_link(&d, ETH0, true, 100);
	assert_untold(&d);
	d_free(&d);
}

static void test_home_gone(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_HOME };
	struct d_md d;

	(void)state;
	d_start(&d);
	event.home = (struct mip_md_ev_home){ .gone = true };
	event.home.hoa = ip("2001:db8:1::5");
	assert_int_equal(d_input(&d, &event), 0);
	assert_int_equal(d_input(&d, &event), 0);
	d_link(&d, ETH0, true, 100);
	d_new_ra(&d, ETH0, "fe80::a", "2001:db8:a::", "2001:db8:a::5");
	d_simple(&d, MIP_MD_EV_SCAN);
	assert_false(d_find(&d, MIP_MD_ACT_INFO)->info.md.has_hoa);
	for (unsigned int i = 0; i < MIP_HOA_PER_MN_MAX; i++) {
		event.home = (struct mip_md_ev_home){ .plen = 64 };
		event.home.hoa = ip("2001:db8:2::5");
		event.home.hoa.s6_addr[15] = (uint8_t)i;
		assert_int_equal(d_input(&d, &event), 0);
	}
	event.home.hoa.s6_addr[15] = 99;
	assert_int_equal(d_input(&d, &event), -ENOSPC);
	d_simple(&d, MIP_MD_EV_SCAN);
	assert_int_equal(d_count(&d, MIP_MD_ACT_INFO), MIP_HOA_PER_MN_MAX);
	d_free(&d);
}

static enum mip_md_why seen_why;
static struct mip_md_link_status seen;
static char seen_states[256];

static void see_link(void *userdata, const struct mip_md_link_status *status)
{
	if (status->ifindex == *(const uint32_t *)userdata) {
		seen_why = status->why;
		seen = *status;
	}
}

static void see_addr(void *userdata, const struct in6_addr *addr, const char *state)
{
	(void)userdata;
	(void)addr;
	strcat(seen_states, state);
	strcat(seen_states, " ");
}

static void see_told(void *userdata, const struct mip_ev_md *told)
{
	*(struct mip_ev_md *)userdata = *told;
}

static enum mip_md_why why(const struct d_md *d, uint32_t ifindex)
{
	mip_md_foreach_link(d->md, d->now, see_link, &ifindex);
	return seen_why;
}

static void test_status(void **state)
{
	struct mip_md_event event = { .type = MIP_MD_EV_LINK };
	struct mip_ev_md told = { 0 };
	struct d_md d;

	(void)state;
	d_start(&d);
	event.link = (struct mip_md_ev_link){ .ifindex = 9, .up = true };
	d_input(&d, &event);
	assert_int_equal(why(&d, 9), MIP_MD_WHY_IGNORED);
	event.link = (struct mip_md_ev_link){ .ifindex = 10, .managed = true };
	d_input(&d, &event);
	assert_int_equal(why(&d, 10), MIP_MD_WHY_DOWN);
	d_link(&d, ETH0, false, 100);
	assert_int_equal(why(&d, ETH0), MIP_MD_WHY_NO_CARRIER);
	d_link(&d, ETH0, true, 100);
	assert_int_equal(why(&d, ETH0), MIP_MD_WHY_NO_ADVERTISEMENT);
	d_prefix(&d, ETH0, "2001:db8:a::");
	assert_int_equal(why(&d, ETH0), MIP_MD_WHY_NO_ROUTER);
	d_route(&d, ETH0, "fe80::a", false);
	assert_int_equal(why(&d, ETH0), MIP_MD_WHY_NO_ADDRESS);
	d_addr(&d, ETH0, "2001:db8:a::5", 0);
	assert_int_equal(why(&d, ETH0), MIP_MD_WHY_USED);
	assert_true(seen.has_coa && seen.has_router && !seen.home);
	assert_string_equal(seen.name, "eth0");
	d_link(&d, ETH1, true, 200);
	d_new_ra(&d, ETH1, "fe80::b", "2001:db8:b::", "2001:db8:b::5");
	assert_int_equal(why(&d, ETH1), MIP_MD_WHY_WAITING);
	d_run(&d);
	assert_int_equal(why(&d, ETH0), MIP_MD_WHY_LESS_PREFERRED);
	d_prefix(&d, ETH1, "2001:db8:1::");
	assert_int_equal(why(&d, ETH1), MIP_MD_WHY_HOME);
	assert_true(seen.home);
	mip_md_foreach_told(d.md, see_told, &told);
	assert_int_equal(told.cmd, MIP_MD_DEREG_HOME);
	assert_int_equal(told.ifindex, ETH1);
	for (int i = 0; i <= MIP_MD_WHY_LESS_PREFERRED; i++)
		assert_string_not_equal(mip_md_why_text((enum mip_md_why)i), "unknown");

	d_addr(&d, ETH0, "2001:db8:a::6", MIP_MD_ADDR_TENTATIVE);
	d_addr(&d, ETH0, "2001:db8:a::7", MIP_MD_ADDR_DADFAILED);
	d_addr(&d, ETH0, "2001:db8:a::8", MIP_MD_ADDR_DEPRECATED);
	d_addr(&d, ETH0, "2001:db8:a::9", MIP_MD_ADDR_HOMEADDRESS);
	d_addr(&d, ETH0, "fe80::5", 0);
	seen_states[0] = '\0';
	mip_md_foreach_addr(d.md, ETH0, d.now, see_addr, NULL);
	assert_string_equal(seen_states, "usable tentative duplicate deprecated home-address ");
	d_free(&d);
}

static void test_log(void **state)
{
	struct mip_md_act_log log = { .event = MIP_MD_LOG_COA_CHOSEN, .name = "eth0" };
	char buf[128], tiny[8];
	int len;

	(void)state;
	log.addr = ip("2001:db8:2::5");
	log.hoa = ip("2001:db8:1::5");
	len = mip_md_log_format(&log, buf, sizeof(buf));
	assert_int_equal(len, strlen(buf));
	assert_string_equal(buf, "MD_COA_CHOSEN dev=eth0 coa=2001:db8:2::5 hoa=2001:db8:1::5");
	assert_int_equal(mip_md_log_format(&log, tiny, sizeof(tiny)), len);
	log = (struct mip_md_act_log){ .event = MIP_MD_LOG_STALE_ROUTE };
	log.addr = ip("fe80::1");
	mip_md_log_format(&log, buf, sizeof(buf));
	assert_string_equal(buf, "MD_STALE_ROUTE router=fe80::1");
	assert_string_equal(mip_md_log_name(_MIP_MD_LOG_MAX), "UNKNOWN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nonsense),  cmocka_unit_test(test_solicitations),
		cmocka_unit_test(test_resync),	  cmocka_unit_test(test_link_gone),
		cmocka_unit_test(test_home_gone), cmocka_unit_test(test_status),
		cmocka_unit_test(test_log),
	};

	return cmocka_run_group_tests_name("md", tests, NULL, NULL);
}
