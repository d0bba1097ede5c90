// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/role/mn_reg.c: the registration machine, by rule. */
#include "mn_test.h"

#include "../../src/core/role/mn_internal.h"

/* Every state has an outcome for every event, and none of them hangs or leaves the table. */
static void test_table(void **state)
{
	(void)state;
	for (int s = 0; s < _MIP_REG_STATE_MAX; s++) {
		for (int ev = 0; ev < _MIP_REG_EVENT_MAX; ev++)
			assert_true(mn_reg_handles((enum mip_reg_state)s, (enum mip_reg_event)ev));
	}
}

/* The same by doing it: what the kernel is told fits the state that the machine is in. */
static void test_every_transition(void **state)
{
	(void)state;
	for (int s = 0; s < _MIP_REG_STATE_MAX; s++) {
		for (int ev = 0; ev < _MIP_REG_EVENT_MAX; ev++) {
			for (int goal = 0; goal < 3; goal++) {
				struct mn_ctx ctx = { 0 };
				struct mn_entry *e;
				struct t_mn t;

				t_registered(&t);
				e = &t.mn->entry[0];
				e->state = (enum mip_reg_state)s;
				e->goal = (enum mn_goal)goal;
				ctx.now = &t.now;
				ctx.coa = COA_B;
				ctx.ifindex = IF_B;
				ctx.has_sent = true;
				ctx.sent.seq = e->seq;
				ctx.sent.usec = t.now.usec;
				ctx.sent.lifetime_usec = 40 * SEC;
				ctx.granted_usec = 40 * SEC;
				mn_reg_event(t.mn, e, (enum mip_reg_event)ev, &ctx);
				t_drain(&t);
				assert_true((int)e->state >= 0 && e->state < _MIP_REG_STATE_MAX);
				/* A state that waits has a timer, one that does not has none. */
				if (e->state == MIP_REG_LOST || e->state == MIP_REG_HOME ||
				    e->state == MIP_REG_IDLE) {
					if (s != (int)e->state)
						assert_true(mip_mn_next_deadline(t.mn) ==
							    MIP_USEC_INFINITY);
				}
				if (s == MIP_REG_LOST)
					assert_int_equal(e->state, MIP_REG_LOST);
				t_free(&t);
			}
		}
	}
}

/* The detector repeats itself: nothing while all is well, at once while an answer is missing. */
static void test_same_coa(void **state)
{
	struct t_mn t;

	(void)state;
	t_registered(&t);
	t_to_a(&t);
	assert_int_equal(t_deeds(&t), 0);
	/* By another interface: the kernel hears of it. */
	assert_int_equal(t_md(&t, MIP_MD_REREG, COA_A, IF_B), 0);
	assert_int_equal(t.n_bu, 1);
	assert_int_equal(t_find(&t, MIP_ACT_BUL_SET)->bule.ifindex, IF_B);
	t_to_b(&t);
	for (int i = 0; i < 5; i++)
		t_run(&t);
	t_to_b(&t);
	assert_non_null(t_find(&t, MIP_ACT_SEND_MH));
	assert_true(t_run(&t) == SEC);
	t_free(&t);
}

/* MN-HOME-07 */
static void test_home_133(void **state)
{
	struct t_mn t;

	(void)state;
	t_registered(&t);
	t_home(&t);
	t_answer(&t, MIP_ST_NOT_HOME_AGENT);
	assert_state(&t, "home");
	assert_non_null(t_find(&t, MIP_ACT_NA));
	t_free(&t);
}

/* The answer never comes: when the binding must have ended, the node is at home all the same. */
static void test_home_unanswered(void **state)
{
	uint64_t begin;
	struct t_mn t;

	(void)state;
	t_registered(&t);
	begin = t.now.usec;
	t_home(&t);
	while (t_status(&t).state == MIP_REG_WAIT_DEREG)
		t_run(&t);
	assert_state(&t, "home");
	assert_true(t.now.usec == begin + 400 * SEC);
	t_free(&t);
}

/* Boot at home: nothing to de-register, and the address is probed for (MN-HOME-01 [S]). */
static void test_boot_at_home(void **state)
{
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_home(&t);
	assert_state(&t, "home");
	assert_int_equal(t.n_bu, 0);
	assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_HOME);
	assert_false(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.nodad);
	assert_int_equal(t_find(&t, MIP_ACT_BUL_SET)->bule.state, MIP_BUL_HOME);
	assert_true(t_find(&t, MIP_ACT_BUL_SET)->bule.lifetime_usec == MIP_USEC_INFINITY);
	/* Once more, since the interface may have been down: idempotent for who carries it out. */
	t_home(&t);
	assert_int_equal(t_deeds(&t), 1);
	assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_HOME);
	/* By another interface: neighbours must learn it. */
	assert_int_equal(t_md(&t, MIP_MD_DEREG_HOME, in6addr_any, IF_B), 0);
	assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.ifindex, IF_B);
	assert_int_equal(t_find(&t, MIP_ACT_NA)->na.ifindex, IF_B);
	t_free(&t);
}

/* The interface went down and up while de-registering: the address is put back with each attempt. */
static void test_home_send_failed(void **state)
{
	struct mip_event event = { .type = MIP_EV_SEND_FAILED };
	struct t_mn t;

	(void)state;
	t_registered(&t);
	t_home(&t);
	event.send_failed = (struct mip_ev_result){ .id = t.bu_act.id, .err = -EADDRNOTAVAIL };
	t_input(&t, &event);
	t_run(&t);
	assert_true(t_index(&t, MIP_ACT_HOA_PLACE) >= 0);
	assert_true(t_index(&t, MIP_ACT_HOA_PLACE) < t_index(&t, MIP_ACT_SEND_MH));
	t_run(&t);
	assert_null(t_find(&t, MIP_ACT_HOA_PLACE));
	t_free(&t);
}

/* A Binding Update that nobody answered may have arrived: de-register all the same. */
static void test_home_after_silence(void **state)
{
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	t_wait(&t, 100 * MSEC);
	t_home(&t);
	assert_state(&t, "deregistering");
	t_to_b(&t);
	assert_state(&t, "registering");
	t_free(&t);
}

/* A care-of address inside the home prefix means the home link (MN-HL-01). */
static void test_home_by_coa(void **state)
{
	struct t_mn t;

	(void)state;
	t_registered(&t);
	assert_int_equal(t_md(&t, MIP_MD_REREG, ip("2001:db8:1::77"), HOME_IF), 0);
	assert_state(&t, "deregistering");
	t_free(&t);
}

/* DEC-03 */
static void test_dereg_foreign(void **state)
{
	struct t_mn t;

	(void)state;
	t_registered(&t);
	assert_int_equal(t_md(&t, MIP_MD_DEREG_FOREIGN, COA_A, IF_A), 0);
	assert_state(&t, "deregistering-away");
	assert_int_equal(t.bu.bu.lifetime_wire, 0);
	assert_addr(t.bu_act.src, COA_A);
	assert_true(t.bu_act.has_hao);
	assert_addr(t.bu.opts.altcoa, HOA);
	t_answer(&t, 0);
	assert_state(&t, "idle");
	assert_non_null(t_find(&t, MIP_ACT_BUL_DEL));
	assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_NONE);
	t_to_a(&t);
	assert_state(&t, "registering");
	t_free(&t);
}

/* Every status: what it leads to, and that no refusal ends registered. */
static void test_every_status(void **state)
{
	(void)state;
	for (unsigned int status = 0; status < 256; status++) {
		enum mip_ba_policy policy = mip_ba_policy((uint8_t)status);
		struct t_mn t;
		unsigned int sent;
		struct t_ba ba;

		t_new(&t);
		t_to_a(&t);
		sent = t.n_bu;
		ba = t_good(&t, (uint8_t)status);
		t_deliver(&t, &ba);
		assert_int_equal(t_status(&t).last_status, status);
		switch (policy) {
		case MIP_BA_ACCEPTED:
			assert_true(status < 128);
			assert_state(&t, "registered");
			break;
		case MIP_BA_RESYNC_SEQ:
		case MIP_BA_RESYNC_CLOCK:
			assert_state(&t, "registering");
			assert_int_equal(t.n_bu, sent + 1);
			break;
		case MIP_BA_ADD_TIMESTAMP: /* we send one already: nothing to add */
		case MIP_BA_LATER:
			assert_state(&t, "backoff");
			assert_int_equal(t_find(&t, MIP_ACT_BUL_SET)->bule.state, MIP_BUL_FAILED);
			assert_int_equal(t.n_bu, sent);
			assert_true(t_run(&t) == 32 * SEC);
			assert_int_equal(t.n_bu, sent + 1);
			t_answer(&t, (uint8_t)status);
			assert_true(t_run(&t) == 64 * SEC);
			break;
		case MIP_BA_FAIL:
		case MIP_BA_NO_BINDING:
			assert_state(&t, "failed");
			assert_int_equal(t_find(&t, MIP_ACT_BUL_SET)->bule.state, MIP_BUL_FAILED);
			assert_true(mip_mn_next_deadline(t.mn) == MIP_USEC_INFINITY);
			assert_true(t_logged(&t, MIP_LOG_MN_REFUSED));
			/* A move, or a person by way of the detector, makes it try again. */
			t_wait(&t, SEC);
			t_to_a(&t);
			assert_state(&t, "registering");
			break;
		case MIP_BA_DUPLICATE:
			/* MN-BU-09 */
			assert_state(&t, "lost");
			assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_NONE);
			assert_non_null(t_find(&t, MIP_ACT_BUL_DEL));
			t_to_b(&t);
			t_home(&t);
			assert_state(&t, "lost");
			assert_int_equal(t.n_bu, sent);
			break;
		}
		if (status >= 128)
			assert_false(t_status(&t).bound);
		t_free(&t);
	}
}

/* Refused while bound: the old binding carries traffic until it ends. */
static void test_refused_refresh(void **state)
{
	struct t_mn t;

	(void)state;
	t_registered(&t);
	t_run(&t);
	assert_state(&t, "refreshing");
	t_answer(&t, MIP_ST_INSUFFICIENT_RESOURCES);
	assert_state(&t, "backoff");
	assert_int_equal(t_find(&t, MIP_ACT_BUL_SET)->bule.state, MIP_BUL_REFRESHING);
	assert_true(t_find(&t, MIP_ACT_BUL_SET)->bule.lifetime_usec == 100 * SEC);
	assert_true(t_run(&t) == 32 * SEC);
	t_answer(&t, MIP_ST_INSUFFICIENT_RESOURCES);
	assert_true(t_run(&t) == 64 * SEC);
	t_answer(&t, MIP_ST_INSUFFICIENT_RESOURCES);
	assert_true(t_run(&t) == 4 * SEC);
	assert_int_equal(t_find(&t, MIP_ACT_BUL_SET)->bule.state, MIP_BUL_FAILED);
	t_free(&t);
}

/* MN-BA-03: adopt and go on from there, also across the wrap. */
static void test_135(void **state)
{
	struct t_ba ba;
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	ba = t_good(&t, MIP_ST_SEQ_OUT_OF_WINDOW);
	ba.seq = 0x4000;
	t_deliver(&t, &ba);
	assert_int_equal(t.bu.bu.seq, 0x4001);
	assert_true(t_logged(&t, MIP_LOG_MN_RESYNC));
	ba = t_good(&t, MIP_ST_SEQ_OUT_OF_WINDOW);
	ba.seq = 0xbfff;
	t_deliver(&t, &ba);
	assert_int_equal(t.bu.bu.seq, 0xc000);
	/* The rate limit holds here too. */
	ba = t_good(&t, MIP_ST_SEQ_OUT_OF_WINDOW);
	ba.seq = 0xffff;
	t_deliver(&t, &ba);
	assert_int_equal(t.n_bu, 3);
	assert_true(t_run(&t) == SEC);
	assert_int_equal(t.bu.bu.seq, 0);
	/* One after the other without end is a refusal. */
	ba = t_good(&t, MIP_ST_SEQ_OUT_OF_WINDOW);
	ba.seq = 0x1000;
	t_deliver(&t, &ba);
	assert_state(&t, "backoff");
	t_free(&t);
}

/* A late 135 to an old copy does not turn the number back. */
static void test_135_late(void **state)
{
	struct t_ba ba;
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	t_run(&t);
	ba = t_good(&t, MIP_ST_SEQ_OUT_OF_WINDOW);
	ba.seq = (uint16_t)(t.bu.bu.seq - 100);
	t_deliver(&t, &ba);
	assert_int_equal(t.bu.bu.seq, 0x1215);
	t_free(&t);
}

/* MN-BA-01: any of the series, and settled is settled. */
static void test_answer_to_first_copy(void **state)
{
	struct t_ba first, second;
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	first = t_good(&t, 0);
	first.timestamp = t.bu.opts.timestamp;
	t_run(&t);
	second = t_good(&t, 0);
	second.timestamp = t.bu.opts.timestamp;
	t_deliver(&t, &first);
	assert_state(&t, "registered");
	assert_true(t_status(&t).lifetime_left_usec == 400 * SEC - 1500 * MSEC);
	t_deliver(&t, &second);
	assert_true(t_status(&t).lifetime_left_usec == 400 * SEC);
	t_deliver(&t, &first);
	assert_true(t_dropped(&t, MIP_DROP_NO_PENDING) == 1);
	assert_true(t_status(&t).lifetime_left_usec == 400 * SEC);
	t_free(&t);
}

/* An answer to what was sent from the former care-of address is nobody's. */
static void test_answer_to_former_coa(void **state)
{
	struct t_mn t, old;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	old = t;
	t_to_b(&t);
	t_answer(&old, 0);
	assert_true(t_dropped(&t, MIP_DROP_NO_PENDING) == 1);
	assert_state(&t, "registering");
	t_answer(&t, 0);
	assert_state(&t, "registered");
	t_free(&t);
}

/* MN-BRR-01, MN-BE-01 */
static void test_asked(void **state)
{
	struct mip_msg msg = { .type = MIP_MH_BRR };
	struct mip_event event = { .type = MIP_EV_MH };
	uint8_t buf[64];
	struct t_mn t;

	(void)state;
	for (int be = 0; be < 2; be++) {
		if (be) {
			msg.type = MIP_MH_BE;
			msg.be.status = MIP_BE_UNKNOWN_BINDING;
			msg.be.hoa = HOA;
		}
		t_registered(&t);
		assert_int_equal(mip_mh_encode(&msg, buf, sizeof(buf), &event.mh.len, NULL), 0);
		event.mh.data = buf;
		event.mh.checksum_ok = true;
		event.mh.dst = be ? COA_A : HOA;
		/* Not from the home agent: nothing (MN-BE-01). */
		event.mh.src = ip("2001:db8:ff::1");
		t_input(&t, &event);
		assert_true(t_dropped(&t, MIP_DROP_NOT_PEER) == 1);
		/* Just registered: nothing. */
		event.mh.src = HA;
		t_input(&t, &event);
		assert_true(t_dropped(&t, MIP_DROP_RATE) == 1);
		assert_state(&t, "registered");
		t_wait(&t, 2 * SEC);
		t_input(&t, &event);
		assert_state(&t, "refreshing");
		assert_int_equal(t.n_bu, 2);
		/* While one is under way, no second. */
		t_wait(&t, 900 * MSEC);
		t_input(&t, &event);
		assert_int_equal(t.n_bu, 2);
		t_free(&t);
	}
}

/* A duplicate at home that our own stale binding explains, and one that it does not. */
static void test_duplicate_at_home(void **state)
{
	struct mip_event event = {
		.type = MIP_EV_DAD_RESULT,
		.dad_result = { .ifindex = HOME_IF, .result = MIP_DAD_DUPLICATE },
	};
	struct t_mn t;

	(void)state;
	event.dad_result.hoa = HOA;
	for (int real = 0; real < 3; real++) {
		t_new(&t);
		t_home(&t);
		t_input(&t, &event);
		assert_state(&t, "deregistering");
		assert_int_equal(t.bu.bu.lifetime_wire, 0);
		assert_true(t_last(&t, MIP_ACT_HOA_PLACE)->hoa.nodad);
		t_input(&t, &event); /* told twice */
		assert_state(&t, "deregistering");
		if (real == 0) {
			t_answer(&t, 0);
			assert_state(&t, "home");
			t_free(&t);
			continue;
		}
		/* Perhaps the binding has just ended: probe again, and then believe it. */
		t_answer(&t, MIP_ST_NOT_HOME_AGENT);
		assert_state(&t, "home");
		assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_NONE);
		assert_int_equal(t_last(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_HOME);
		assert_false(t_last(&t, MIP_ACT_HOA_PLACE)->hoa.nodad);
		if (real == 2) {
			event.dad_result.result = MIP_DAD_UNIQUE;
			t_input(&t, &event);
			event.dad_result.result = MIP_DAD_DUPLICATE;
		}
		t_wait(&t, SEC);
		t_input(&t, &event);
		assert_state(&t, real == 1 ? "lost" : "deregistering");
		t_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_every_transition),
		cmocka_unit_test(test_same_coa),
		cmocka_unit_test(test_home_133),
		cmocka_unit_test(test_home_unanswered),
		cmocka_unit_test(test_boot_at_home),
		cmocka_unit_test(test_home_send_failed),
		cmocka_unit_test(test_home_after_silence),
		cmocka_unit_test(test_home_by_coa),
		cmocka_unit_test(test_dereg_foreign),
		cmocka_unit_test(test_every_status),
		cmocka_unit_test(test_refused_refresh),
		cmocka_unit_test(test_135),
		cmocka_unit_test(test_135_late),
		cmocka_unit_test(test_answer_to_first_copy),
		cmocka_unit_test(test_answer_to_former_coa),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_duplicate_at_home),
	};

	return cmocka_run_group_tests_name("mn_reg", tests, NULL, NULL);
}
