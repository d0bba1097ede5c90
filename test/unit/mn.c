// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/role/mn.c: configuration, word from detectors, the kernel's entries. */
#include "mn_test.h"

static int try_new(const struct t_mn *t)
{
	struct mip_mn *mn = NULL;
	int r = mip_mn_new(&t->config, &t->now, &mn);

	assert_true((r == 0) == (mn != NULL));
	mip_mn_free(mn);
	return r;
}

static void test_config(void **state)
{
	struct mip_mn_home *home;
	struct t_mn t;

#define REFUSED(change)                                 \
	do {                                            \
		t_config(&t);                           \
		home = &t.config.home[0];               \
		change;                                 \
		(void)home;                             \
		assert_int_equal(try_new(&t), -EINVAL); \
	} while (0)

	(void)state;
	t_config(&t);
	assert_int_equal(try_new(&t), 0);
	REFUSED(t.config.n_home = 0);
	REFUSED(t.config.n_home = MIP_HOA_PER_MN_MAX + 1);
	REFUSED(t.config.random = NULL);
	REFUSED(home->hoa = ip("fe80::5"));
	REFUSED(home->hoa = ip("ff02::5"));
	REFUSED(home->home_agent = in6addr_any);
	REFUSED(home->home_agent = home->hoa);
	REFUSED(home->plen = 0);
	REFUSED(home->plen = 129);
	REFUSED(home->lifetime_usec = 4 * SEC - 1);
	REFUSED(home->lifetime_usec = 65536 * 4 * SEC);
	REFUSED(home->sa.key_len = 15);
	REFUSED(home->sa.key_len = 65);
	REFUSED(home->sa.key_len = 0); /* home registrations are never unprotected ... */
	REFUSED(home->sa.spi = 255);
	REFUSED(home->sa.nai_len = 0);
	REFUSED(home->sa.nai_len = 254);
	REFUSED((t.config.n_home = 2, t.config.home[1] = *home));
	t_config(&t);
	t.config.allow_unprotected = true; /* ... but by this */
	t.config.home[0].sa.key_len = 0;
	assert_int_equal(try_new(&t), 0);
#undef REFUSED
	assert_null(mip_mn_free(NULL));
}

static void test_start(void **state)
{
	struct t_mn t;

	(void)state;
	t_new(&t);
	assert_addr(t_find(&t, MIP_ACT_MD_SCAN)->scan.hoa, HOA);
	assert_int_equal(t_find(&t, MIP_ACT_MD_SCAN)->scan.plen, 64);
	assert_int_equal(t_deeds(&t), 1);
	assert_true(mip_mn_next_deadline(t.mn) == MIP_USEC_INFINITY);
	t_free(&t);
}

static void test_md_nonsense(void **state)
{
	struct mip_event event = { .type = MIP_EV_MD };
	struct t_mn t;

	(void)state;
	t_new(&t);
	assert_int_equal(t_md(&t, MIP_MD_REREG, in6addr_any, IF_A), -EINVAL);
	assert_int_equal(t_md(&t, MIP_MD_REREG, ip("fe80::1"), IF_A), -EINVAL);
	assert_int_equal(t_md(&t, MIP_MD_REREG, ip("ff02::1"), IF_A), -EINVAL);
	assert_int_equal(t_md(&t, MIP_MD_DEREG_FOREIGN, in6addr_any, IF_A), -EINVAL);
	assert_int_equal(t_md(&t, MIP_MD_DEREG_HOME, in6addr_any, 0), -EINVAL);
	assert_int_equal(t_md(&t, (enum mip_md_cmd)0, COA_A, IF_A), -EINVAL);
	assert_int_equal(t_md(&t, (enum mip_md_cmd)99, COA_A, IF_A), -EINVAL);
	assert_int_equal(t_md(&t, MIP_MD_SCAN, in6addr_any, 0), 0);
	event.md = (struct mip_ev_md){ .cmd = MIP_MD_REREG, .has_hoa = true, .coa = COA_A };
	event.md.hoa = ip("2001:db8:1::6");
	assert_int_equal(t_input(&t, &event), -ENOENT);
	assert_int_equal(t_deeds(&t), 0);
	assert_state(&t, "idle");
	t_free(&t);
}

/* MN-BU-06: one Binding Update for each, each with its own sequence and its own fate (MN-BU-09). */
static void test_several_homes(void **state)
{
	struct mip_event event = { .type = MIP_EV_MD };
	unsigned int bu = 0;
	struct t_mn t;

	(void)state;
	t_config(&t);
	for (unsigned int i = 1; i < MIP_HOA_PER_MN_MAX; i++) {
		t.config.home[i] = t.config.home[0];
		t.config.home[i].hoa.s6_addr[14] = (uint8_t)i;
		t.config.n_home++;
	}
	t_start(&t);
	t_to_a(&t);
	for (unsigned int i = 0; i < t.n_act; i++)
		bu += t.act[i].type == MIP_ACT_SEND_MH;
	assert_int_equal(bu, MIP_HOA_PER_MN_MAX);
	event.md = (struct mip_ev_md){
		.cmd = MIP_MD_DEREG_HOME, .has_hoa = true, .hoa = HOA, .ifindex = HOME_IF
	};
	assert_int_equal(t_input(&t, &event), 0);
	assert_state(&t, "deregistering");
	assert_int_equal(t.n_bu, MIP_HOA_PER_MN_MAX + 1);
	/* All of them time out, and none is forgotten. */
	for (int i = 0; i < 200; i++) {
		t_run(&t);
		assert_true(t.n_act < 64);
	}
	t_free(&t);
}

static struct mip_event found(enum mip_bul_state state, struct in6_addr coa, uint64_t left)
{
	struct mip_event event = { .type = MIP_EV_BULE_FOUND };

	event.bule.bule = (struct mip_bule){
		.hoa = HOA,
		.hoa_plen = 64,
		.peer = HA,
		.coa = coa,
		.seq = 700,
		.ifindex = IF_A,
		.state = state,
		.lifetime_usec = left,
		.timestamp = 5,
	};
	return event;
}

/* A restart while registered: no message, no change, and the numbers go on. */
static void test_adopt_registered(void **state)
{
	struct mip_event event = found(MIP_BUL_REGISTERED, COA_A, 100 * SEC);
	struct t_mn t;

	(void)state;
	t_new(&t);
	assert_int_equal(t_input(&t, &event), 0);
	assert_state(&t, "registered");
	assert_true(t_logged(&t, MIP_LOG_MN_ADOPTED));
	assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_TUNNEL);
	assert_int_equal(t_deeds(&t), 1);
	t_to_a(&t); /* the answer to the scan */
	assert_int_equal(t_deeds(&t), 0);
	assert_int_equal(t.n_bu, 0);
	assert_true(t_run(&t) == 75 * SEC);
	assert_state(&t, "refreshing");
	assert_int_equal(t.bu.bu.seq, 701);
	t_answer(&t, 0);
	assert_state(&t, "registered");
	/* A second dump after a netlink overrun changes nothing. */
	t_input(&t, &event);
	assert_int_equal(t_deeds(&t), 0);
	assert_true(t_status(&t).lifetime_left_usec == 400 * SEC);
	t_free(&t);
}

/* The node moved while nobody was there to see it. */
static void test_adopt_and_move(void **state)
{
	struct mip_event event = found(MIP_BUL_REGISTERED, COA_A, 100 * SEC);
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_input(&t, &event);
	t_to_b(&t);
	assert_int_equal(t.bu.bu.seq, 701);
	assert_true(t_run(&t) == SEC);
	t_free(&t);
}

/* What was under way is sent again at once. */
static void test_adopt_unfinished(void **state)
{
	static const struct {
		enum mip_bul_state state;
		bool home;
		const char *word;
	} cases[] = {
		{ MIP_BUL_REGISTERING, false, "registering" },
		{ MIP_BUL_REFRESHING, false, "refreshing" },
		{ MIP_BUL_DEREGISTERING, true, "deregistering" },
		{ MIP_BUL_DEREGISTERING, false, "deregistering-away" },
	};
	struct t_mn t;

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mip_event event =
			found(cases[i].state, cases[i].home ? HOA : COA_A, 100 * SEC);

		t_new(&t);
		t_input(&t, &event);
		assert_true(t_run(&t) == 0);
		assert_state(&t, cases[i].word);
		assert_int_equal(t.bu.bu.seq, 701);
		assert_int_equal(t.bu.bu.lifetime_wire != 0, i < 2);
		assert_true(t_run(&t) >= SEC);
		t_free(&t);
	}
}

static void test_adopt_home(void **state)
{
	struct mip_event event = found(MIP_BUL_HOME, HOA, MIP_USEC_INFINITY);
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_input(&t, &event);
	assert_state(&t, "home");
	assert_int_equal(t_find(&t, MIP_ACT_HOA_PLACE)->hoa.place, MIP_HOA_HOME);
	assert_true(mip_mn_next_deadline(t.mn) == MIP_USEC_INFINITY);
	t_to_a(&t);
	assert_int_equal(t.bu.bu.seq, 701);
	t_free(&t);
}

static void test_adopt_other(void **state)
{
	struct mip_event event = found(MIP_BUL_REGISTERED, COA_A, 100 * SEC);
	struct t_mn t;

	(void)state;
	t_new(&t);
	event.bule.bule.peer = ip("2001:db8:1::9");
	assert_int_equal(t_input(&t, &event), 0);
	assert_addr(t_find(&t, MIP_ACT_BUL_DEL)->bule.peer, ip("2001:db8:1::9"));
	assert_state(&t, "idle");
	event.bule.bule.hoa = ip("2001:db8:1::9");
	assert_int_equal(t_input(&t, &event), -ENOENT);
	assert_int_equal(t_deeds(&t), 0);
	/* Refused then: the detector's word tries again. */
	event = found(MIP_BUL_FAILED, COA_A, MIP_USEC_INFINITY);
	t_input(&t, &event);
	assert_state(&t, "failed");
	t_to_a(&t);
	assert_state(&t, "registering");
	t_free(&t);
}

/* Somebody took the entry out of the kernel: it is put back by registering anew. */
static void test_gone(void **state)
{
	struct mip_event event = { .type = MIP_EV_BULE_GONE };
	struct t_mn t;

	(void)state;
	t_registered(&t);
	event.bule.bule.hoa = HOA;
	event.bule.bule.peer = HA;
	event.bule.reason = MIP_GONE_FLUSHED;
	assert_int_equal(t_input(&t, &event), 0);
	assert_state(&t, "registering");
	assert_non_null(t_find(&t, MIP_ACT_BUL_SET));
	t_answer(&t, 0);

	/* The kernel's word of the end, and a belated one. */
	event.bule.reason = MIP_GONE_EXPIRED;
	t_input(&t, &event);
	assert_state(&t, "registered");
	assert_non_null(t_find(&t, MIP_ACT_BUL_SET));
	t_wait(&t, 400 * SEC);
	t_input(&t, &event);
	assert_state(&t, "registering");
	assert_int_equal(t.n_bu, 3);

	event.bule.bule.peer = ip("2001:db8:1::9");
	assert_int_equal(t_input(&t, &event), -ENOENT);
	t_answer(&t, 0);
	t_wait(&t, SEC);
	t_home(&t);
	t_answer(&t, 0);
	event.bule.bule.peer = HA;
	t_input(&t, &event);
	assert_int_equal(t_find(&t, MIP_ACT_BUL_SET)->bule.state, MIP_BUL_HOME);
	t_free(&t);
}

/* Events of the home agent are none of ours. */
static void test_foreign_events(void **state)
{
	static const enum mip_event_type types[] = { MIP_EV_BC_RESULT, MIP_EV_BCE_FOUND,
						     MIP_EV_BCE_GONE, MIP_EV_HOME_PREFIX };
	struct t_mn t;

	(void)state;
	t_registered(&t);
	for (unsigned int i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const struct mip_event event = { .type = types[i] };

		assert_int_equal(t_input(&t, &event), 0);
		assert_int_equal(t.n_act, 0);
	}
	t_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config),		 cmocka_unit_test(test_start),
		cmocka_unit_test(test_md_nonsense),	 cmocka_unit_test(test_several_homes),
		cmocka_unit_test(test_adopt_registered), cmocka_unit_test(test_adopt_and_move),
		cmocka_unit_test(test_adopt_unfinished), cmocka_unit_test(test_adopt_home),
		cmocka_unit_test(test_adopt_other),	 cmocka_unit_test(test_gone),
		cmocka_unit_test(test_foreign_events),
	};

	return cmocka_run_group_tests_name("mn", tests, NULL, NULL);
}
