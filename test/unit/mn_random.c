// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mobile node role under random events, with a home agent that answers
 * anything: it never spins, keeps to the rate limit, never turns its sequence
 * number back, and when the noise ends it registers.
 */
#include "mn_test.h"

static uint64_t seed;

static unsigned int rnd(unsigned int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned int)((seed >> 33) % n);
}

struct watch {
	unsigned int n_sent;
	uint64_t sent_usec[MIP_MAX_UPDATE_RATE];
	uint64_t failed_id;
	bool lost;
};

/* After each call: what left, and when. */
static void watch(struct watch *w, const struct t_mn *t)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->n_act; i++)
		n += t->act[i].type == MIP_ACT_SEND_MH;
	assert_true(n <= 1);
	if (n) {
		/* MN-MD-03 */
		if (w->n_sent >= MIP_MAX_UPDATE_RATE)
			assert_true(t->now.usec - w->sent_usec[0] >= SEC);
		memmove(&w->sent_usec[0], &w->sent_usec[1],
			sizeof(w->sent_usec) - sizeof(w->sent_usec[0]));
		w->sent_usec[MIP_MAX_UPDATE_RATE - 1] = t->now.usec;
		w->n_sent++;
		assert_false(w->lost);
		assert_true(t_status(t).seq == t->bu.bu.seq);
	}
	/* What the kernel is told has a lifetime, and REGISTERED only says a bound one. */
	for (unsigned int i = 0; i < t->n_act; i++) {
		if (t->act[i].type != MIP_ACT_BUL_SET)
			continue;
		assert_true(t->act[i].bule.lifetime_usec > 0);
		if (t->act[i].bule.state == MIP_BUL_REGISTERED)
			assert_true(t_status(t).bound);
	}
	if (t_status(t).state == MIP_REG_LOST)
		w->lost = true;
}

static void random_answer(struct t_mn *t)
{
	static const uint8_t statuses[] = { 0,	 0,   0,   0,	0,   0,	  1,   128, 129, 130,
					    131, 133, 135, 135, 139, 144, 145, 146, 174, 200 };
	struct t_ba ba = t_good(t, statuses[rnd(sizeof(statuses))]);

	if (ba.status == MIP_ST_SEQ_OUT_OF_WINDOW)
		ba.seq = (uint16_t)(ba.seq + rnd(65536));
	if (ba.status == MIP_ST_ID_MISMATCH)
		ba.timestamp = (t->now.ntp & ~UINT64_C(0xffffffff)) + ((uint64_t)rnd(100) << 32) +
			       (uint32_t)t->bu.opts.timestamp;
	if (ba.status < 128 && !rnd(3))
		ba.lifetime_wire = (uint16_t)rnd(50);
	ba.advice_wire = (uint16_t)(rnd(4) ? 0 : rnd(30));
	if (!rnd(10))
		ba.bad_mac = true;
	if (!rnd(10))
		ba.seq--;
	t_deliver(t, &ba);
}

static void one_run(uint64_t number)
{
	struct watch w = { 0 };
	struct mip_event ev;
	struct t_mn t;
	unsigned int spins;

	seed = number * 0x9e3779b97f4a7c15u + 1;
	t_config(&t);
	if (rnd(2))
		t.config.home[0].sa.replay = MIP_REPLAY_SEQUENCE;
	t.config.home[0].lifetime_usec = (1 + rnd(100)) * 4 * SEC;
	t_start(&t);
	for (unsigned int i = 0; i < 300; i++) {
		memset(&ev, 0, sizeof(ev));
		switch (rnd(10)) {
		case 0:
			t_to_a(&t);
			break;
		case 1:
			t_to_b(&t);
			break;
		case 2:
			t_home(&t);
			break;
		case 3:
			t_md(&t, MIP_MD_DEREG_FOREIGN, rnd(2) ? COA_A : COA_B, IF_A);
			break;
		case 4:
			ev.type = MIP_EV_BULE_GONE;
			ev.bule.bule.hoa = HOA;
			ev.bule.bule.peer = HA;
			ev.bule.reason = (enum mip_gone_reason)(MIP_GONE_REMOVED + rnd(3));
			t_input(&t, &ev);
			break;
		case 5:
			ev.type = MIP_EV_SEND_FAILED;
			ev.send_failed.id = t.bu_act.id;
			t_input(&t, &ev);
			/* It did not leave, so it does not count. */
			if (w.n_sent && w.failed_id != t.bu_act.id) {
				memmove(&w.sent_usec[1], &w.sent_usec[0],
					sizeof(w.sent_usec) - sizeof(w.sent_usec[0]));
				w.sent_usec[0] = 0;
				w.failed_id = t.bu_act.id;
			}
			break;
		case 6:
			if (rnd(40))
				continue;
			ev.type = MIP_EV_DAD_RESULT;
			ev.dad_result.hoa = HOA;
			ev.dad_result.result = MIP_DAD_DUPLICATE;
			t_input(&t, &ev);
			break;
		default:
			if (!t.n_bu)
				continue;
			random_answer(&t);
			break;
		}
		watch(&w, &t);
		t_wait(&t, rnd(4) ? rnd(300) * MSEC : rnd(200) * SEC);
		if (!rnd(20))
			t.now.ntp += (uint64_t)(int64_t)((int)rnd(200) - 100) << 32;
		for (spins = 0; mip_mn_next_deadline(t.mn) <= t.now.usec; spins++) {
			mip_mn_expire(t.mn, &t.now);
			t_drain(&t);
			watch(&w, &t);
			assert_true(spins < 10);
		}
	}

	/* The noise ends; the home agent is a good one. */
	t_md(&t, MIP_MD_REREG, ip("2001:db8:c::5"), IF_A);
	for (spins = 0; t_status(&t).state == MIP_REG_WAIT_ACK && spins < 100; spins++) {
		if (t_find(&t, MIP_ACT_SEND_MH))
			t_answer(&t, 0);
		else
			t_run(&t);
	}
	assert_state(&t, w.lost ? "lost" : "registered");
	t_free(&t);
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
		print_message("again: SEED=%llu unit_mn_random\n", (unsigned long long)run);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_random, tell_seed),
	};

	return cmocka_run_group_tests_name("mn_random", tests, NULL, NULL);
}
