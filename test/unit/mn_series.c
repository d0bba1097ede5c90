// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/role/mn_series.c: what goes out, in what order and when. */
#include "mn_test.h"

/* MN-BU-01, -05, -08, -10; MN-BUL-01 */
static void test_first_registration(void **state)
{
	const struct mip_bule *bule;
	struct t_mn t;

	(void)state;
	t_new(&t);
	assert_state(&t, "idle");
	t_to_a(&t);
	assert_state(&t, "registering");
	assert_int_equal(t.n_bu, 1);
	assert_int_equal(t.bu.bu.flags, MIP_BU_A | MIP_BU_H);
	assert_int_equal(t.bu.bu.seq, 0x1213); /* random, then one more */
	assert_int_equal(t.bu.bu.lifetime_wire, 100);
	assert_addr(t.bu_act.src, COA_A);
	assert_addr(t.bu_act.dst, HA);
	assert_true(t.bu_act.has_hao);
	assert_addr(t.bu_act.hao, HOA);
	assert_int_equal(t.bu_act.ifindex, IF_A);
	assert_true(t.bu.opts.present & MIP_HAS_ALTCOA);
	assert_addr(t.bu.opts.altcoa, COA_A);

	/* The message first, then the tunnel, without waiting for the answer. */
	assert_true(t_index(&t, MIP_ACT_SEND_MH) < t_index(&t, MIP_ACT_BUL_SET));
	bule = &t_find(&t, MIP_ACT_BUL_SET)->bule;
	assert_int_equal(bule->state, MIP_BUL_REGISTERING);
	assert_addr(bule->coa, COA_A);
	assert_addr(bule->peer, HA);
	assert_int_equal(bule->seq, 0x1213);
	assert_int_equal(bule->hoa_plen, 64);
	assert_true(bule->lifetime_usec == 400 * SEC);
	assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_TUNNEL);
	assert_true(t_logged(&t, MIP_LOG_MN_MOVED));

	t_wait(&t, 300 * MSEC);
	t_answer(&t, 0);
	assert_state(&t, "registered");
	assert_true(t_logged(&t, MIP_LOG_MN_REGISTERED));
	bule = &t_find(&t, MIP_ACT_BUL_SET)->bule;
	assert_int_equal(bule->state, MIP_BUL_REGISTERED);
	/* MN-BA-02: counted from when the Binding Update was sent */
	assert_true(bule->lifetime_usec == 400 * SEC - 300 * MSEC);
	assert_true(t_status(&t).last_handover_usec == 300 * MSEC);
	t_free(&t);
}

/* MN-BU-08: 1.5 s at first, doubling up to 32 s, for ever, each with a new number. */
static void test_backoff(void **state)
{
	static const uint64_t expected[] = { 1500, 3000, 6000, 12000, 24000, 32000, 32000, 32000 };
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	for (unsigned int i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		uint16_t seq = t.bu.bu.seq;

		assert_true(t_run(&t) == expected[i] * MSEC);
		assert_int_equal(t.n_bu, i + 2);
		assert_int_equal(t.bu.bu.seq, seq + 1);
		assert_int_equal(t_find(&t, MIP_ACT_BUL_SET)->bule.seq, seq + 1);
	}
	assert_state(&t, "registering");
	t_answer(&t, 0);
	assert_state(&t, "registered");
	t_free(&t);
}

/* MN-BA-02: L_remain - (L_update - L_ack), and never more than asked for. */
static void test_granted_lifetime(void **state)
{
	struct t_ba ba;
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	t_wait(&t, SEC);
	ba = t_good(&t, 0);
	ba.lifetime_wire = 10;
	t_deliver(&t, &ba);
	assert_true(t_find(&t, MIP_ACT_BUL_SET)->bule.lifetime_usec == 39 * SEC);
	assert_true(t_status(&t).lifetime_usec == 40 * SEC);
	/* MN-BU-07: well before the end */
	assert_true(t_run(&t) <= 30 * SEC);
	assert_state(&t, "refreshing");
	ba = t_good(&t, 0);
	ba.lifetime_wire = 0xffff;
	t_deliver(&t, &ba);
	assert_true(t_status(&t).lifetime_usec == 400 * SEC);
	t_free(&t);

	/* Nothing granted is not a registration. */
	t_new(&t);
	t_to_a(&t);
	ba = t_good(&t, 0);
	ba.lifetime_wire = 0;
	t_deliver(&t, &ba);
	assert_state(&t, "backoff");
	t_free(&t);
}

/* MN-BU-07, MN-BA-02: refresh at three quarters, repeated until the end, then from the beginning. */
static void test_refresh_and_expiry(void **state)
{
	uint64_t begin;
	struct t_mn t;

	(void)state;
	t_registered(&t);
	begin = t.now.usec;
	assert_true(t_run(&t) == 300 * SEC);
	assert_state(&t, "refreshing");
	assert_int_equal(t_find(&t, MIP_ACT_BUL_SET)->bule.state, MIP_BUL_REFRESHING);
	assert_true(t_find(&t, MIP_ACT_BUL_SET)->bule.lifetime_usec == 100 * SEC);
	assert_true(t_run(&t) == SEC); /* INITIAL_BINDACK_TIMEOUT */
	while (t_status(&t).state == MIP_REG_WAIT_REFRESH)
		t_run(&t);
	assert_true(t.now.usec - begin == 400 * SEC);
	/* MN-BU-11: as at first */
	assert_state(&t, "registering");
	assert_true(t_logged(&t, MIP_LOG_HOME_REG_EXPIRED));
	assert_true(t_find(&t, MIP_ACT_SEND_MH) != NULL);
	assert_true(t_run(&t) == 1500 * MSEC);
	t_answer(&t, 0);
	assert_state(&t, "registered");
	t_free(&t);
}

/* MN-BA-06 */
static void test_refresh_advice(void **state)
{
	struct t_ba ba;
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	ba = t_good(&t, 0);
	ba.advice_wire = 5;
	t_deliver(&t, &ba);
	assert_true(t_run(&t) == 20 * SEC);
	assert_state(&t, "refreshing");
	/* Advice beyond our own time does not delay. */
	ba = t_good(&t, 0);
	ba.advice_wire = 99;
	t_deliver(&t, &ba);
	assert_true(t_run(&t) == 300 * SEC);
	t_free(&t);
}

static void test_handover(void **state)
{
	struct t_mn t;

	(void)state;
	t_registered(&t);
	t_wait(&t, 10 * SEC);
	t_to_b(&t);
	assert_state(&t, "registering");
	assert_addr(t.bu_act.src, COA_B);
	assert_addr(t.bu.opts.altcoa, COA_B);
	assert_addr(t_find(&t, MIP_ACT_BUL_SET)->bule.coa, COA_B);
	assert_true(t_index(&t, MIP_ACT_SEND_MH) < t_index(&t, MIP_ACT_BUL_SET));
	/* Placed already. */
	assert_null(t_find(&t, MIP_ACT_HOA_PLACE));
	assert_true(t_run(&t) == SEC); /* a binding stands: no long timeout */
	t_answer(&t, 0);
	assert_state(&t, "registered");
	assert_true(mip_mn_get_counters(t.mn)->count[MIP_COUNT_REG_HANDOVER] == 1);
	t_free(&t);
}

/* MN-MD-03: three a second; the newest care-of address at the end of the window. */
static void test_rate_limit(void **state)
{
	uint64_t begin;
	struct t_mn t;

	(void)state;
	t_new(&t);
	begin = t.now.usec;
	for (unsigned int i = 0; i < 50; i++) {
		struct in6_addr coa = COA_A;

		coa.s6_addr[15] = (uint8_t)i;
		assert_int_equal(t_md(&t, MIP_MD_REREG, coa, IF_A), 0);
		t_wait(&t, 10 * MSEC);
	}
	assert_int_equal(t.n_bu, 3);
	assert_int_equal(t.bu.opts.altcoa.s6_addr[15], 2);
	t_run(&t);
	assert_true(t.now.usec == begin + SEC);
	assert_int_equal(t.n_bu, 4);
	assert_int_equal(t.bu.opts.altcoa.s6_addr[15], 49);
	/* Held back is no retransmission: the timeout is still the first. */
	assert_true(t_run(&t) == 1500 * MSEC);
	t_free(&t);
}

/* MN-HOME-01, -03, -05 in the order of section 11.5.5 */
static void test_returning_home(void **state)
{
	const struct mip_action *act;
	struct t_mn t;

	(void)state;
	t_config(&t);
	t.config.home[0].link_local = true;
	t_start(&t);
	t_to_a(&t);
	assert_int_equal(t.bu.bu.flags, MIP_BU_A | MIP_BU_H | MIP_BU_L); /* MN-BU-03 */
	t_answer(&t, 0);
	t_wait(&t, SEC);

	t_home(&t);
	assert_state(&t, "deregistering");
	assert_int_equal(t.bu.bu.lifetime_wire, 0);
	assert_int_equal(t.bu.bu.flags, MIP_BU_A | MIP_BU_H | MIP_BU_L);
	assert_addr(t.bu_act.src, HOA);
	assert_false(t.bu_act.has_hao);
	assert_int_equal(t.bu_act.ifindex, HOME_IF);
	act = t_find(&t, MIP_ACT_HOA_PLACE);
	assert_int_equal(act->hoa.place, MIP_HOA_HOME);
	assert_int_equal(act->hoa.ifindex, HOME_IF);
	assert_true(act->hoa.nodad);
	assert_true(t_index(&t, MIP_ACT_HOA_PLACE) < t_index(&t, MIP_ACT_SEND_MH));
	assert_true(t_index(&t, MIP_ACT_SEND_MH) < t_index(&t, MIP_ACT_BUL_SET));
	act = t_find(&t, MIP_ACT_BUL_SET);
	assert_int_equal(act->bule.state, MIP_BUL_DEREGISTERING);
	assert_addr(act->bule.coa, HOA);
	assert_null(t_find(&t, MIP_ACT_NA));

	/* Unanswered: again. */
	assert_true(t_run(&t) == SEC);
	assert_true(t_run(&t) == 2 * SEC);
	t_answer(&t, 0);
	assert_state(&t, "home");
	act = t_find(&t, MIP_ACT_BUL_SET);
	assert_int_equal(act->bule.state, MIP_BUL_HOME);
	assert_addr(act->bule.coa, HOA);
	assert_int_equal(act->bule.seq, t.bu.bu.seq);
	act = t_find(&t, MIP_ACT_NA);
	assert_addr(act->na.target, HOA);
	assert_int_equal(act->na.ifindex, HOME_IF);
	assert_true(act->na.override);
	assert_false(act->na.router);
	assert_addr(t_last(&t, MIP_ACT_NA)->na.target, ip("fe80::5"));
	assert_true(t_logged(&t, MIP_LOG_MN_AT_HOME));
	assert_true(mip_mn_next_deadline(t.mn) == MIP_USEC_INFINITY);

	/* And away again: a new registration, with the long timeout. */
	t_to_a(&t);
	assert_true(t_run(&t) == 1500 * MSEC);
	t_free(&t);
}

/* A tentative address: again after 20 ms, doubling, and without counting for the rate. */
static void test_send_failed(void **state)
{
	static const unsigned int expected[] = { 20, 40, 80, 160, 320, 640, 1000, 1000 };
	struct mip_event event = { .type = MIP_EV_SEND_FAILED };
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	for (unsigned int i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		event.send_failed = (struct mip_ev_result){ .id = t.bu_act.id, .err = -EINVAL };
		t_input(&t, &event);
		assert_int_equal(t_deeds(&t), 0);
		assert_true(t_run(&t) == expected[i] * MSEC);
		assert_non_null(t_find(&t, MIP_ACT_SEND_MH));
	}
	/* It left: the timeout is the first one. */
	assert_true(t_run(&t) == 1500 * MSEC);
	assert_true(t_run(&t) == 3000 * MSEC);
	/* Word of one long followed up changes nothing. */
	event.send_failed.id = t.bu_act.id - 1;
	t_input(&t, &event);
	assert_true(t_run(&t) == 6000 * MSEC);
	t_free(&t);
}

/*
 * Leaving home: by the interface that was there, the message goes first; by
 * another one, the address leaves the home link before the home agent probes.
 */
static void test_leaving_home(void **state)
{
	struct t_mn t;

	(void)state;
	for (int other = 0; other < 2; other++) {
		t_new(&t);
		t_home(&t);
		assert_int_equal(t_md(&t, MIP_MD_REREG, COA_A, other ? IF_A : HOME_IF), 0);
		assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_TUNNEL);
		assert_int_equal(t_index(&t, MIP_ACT_HOA_PLACE) < t_index(&t, MIP_ACT_SEND_MH),
				 other);
		t_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_registration),
		cmocka_unit_test(test_backoff),
		cmocka_unit_test(test_granted_lifetime),
		cmocka_unit_test(test_refresh_and_expiry),
		cmocka_unit_test(test_refresh_advice),
		cmocka_unit_test(test_handover),
		cmocka_unit_test(test_rate_limit),
		cmocka_unit_test(test_returning_home),
		cmocka_unit_test(test_leaving_home),
		cmocka_unit_test(test_send_failed),
	};

	return cmocka_run_group_tests_name("mn_series", tests, NULL, NULL);
}
