// SPDX-License-Identifier: GPL-2.0-or-later
/* Registering and moving: waits, order of actions, what is answered and to where. */
#include <errno.h>

#include "ha_test.h"

/* HA-BU-11, HA-BU-12, HA-PND-01: DAD, kernel, answer, advertisement, in this order */
static void new_registration(void **state)
{
	struct env *env = *state;
	const struct mip_action *act;
	struct mip_msg ba;
	struct mip_bce bce;

	ha_send_bu(env, &(struct bu){ .seq = 7, .flags = MIP_BU_A | MIP_BU_H | MIP_BU_L });
	act = ha_last(env, MIP_ACT_DAD_START);
	assert_non_null(act);
	assert_addr(&act->dad.hoa, MN1);
	assert_int_equal(act->dad.ifindex, HOME_IFINDEX);
	assert_true(act->dad.link_local); /* HA-BU-20 */
	assert_int_equal(ha_count(env, MIP_ACT_BC_SET), 0);
	assert_int_equal(ha_count(env, MIP_ACT_SEND_MH), 0);
	assert_false(ha_bound(env, MN1, NULL));

	ha_wait(env, SEC);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	act = ha_last(env, MIP_ACT_BC_SET);
	assert_non_null(act);
	assert_addr(&act->bc.bce.hoa, MN1);
	assert_addr(&act->bc.bce.coa, COA_A);
	assert_addr(&act->bc.bce.local, HA1);
	assert_int_equal(act->bc.bce.seq, 7);
	assert_int_equal(act->bc.bce.home_ifindex, HOME_IFINDEX);
	assert_int_equal(act->bc.bce.lifetime_usec, 600 * SEC);
	assert_int_equal(act->bc.bce.flags, MIP_BU_A | MIP_BU_H | MIP_BU_L);
	assert_true(act->bc.bce.timestamp != 0);
	assert_int_equal(ha_count(env, MIP_ACT_SEND_MH), 0);
	assert_false(ha_bound(env, MN1, NULL));

	ha_kernel(env, 0);
	ba = ha_ba(env);
	assert_int_equal(ba.ba.status, MIP_ST_ACCEPTED);
	assert_int_equal(ba.ba.seq, 7);
	assert_int_equal(ba.ba.lifetime_wire, 150);
	assert_int_equal(ba.ba.flags, 0); /* HA-BU-16: no K */
	assert_true(ba.opts.present & MIP_HAS_NAI);
	assert_string_equal(ba.opts.nai, "mn1@example.com");
	assert_true(ba.opts.present & MIP_HAS_MN_HA);
	assert_int_equal(ba.opts.mn_ha.spi, 256);
	assert_false(ba.opts.present & MIP_HAS_REFRESH_ADVICE);
	assert_int_equal(ha_count(env, MIP_ACT_NA), 2); /* and the link-local address */
	assert_true(ha_place(env, MIP_ACT_SEND_MH) < ha_place(env, MIP_ACT_NA));
	act = ha_last(env, MIP_ACT_NA);
	assert_addr(&act->na.target, "fe80::100");
	assert_int_equal(act->na.ifindex, HOME_IFINDEX);
	assert_true(act->na.override);
	assert_false(act->na.router);
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_NEW));
	assert_true(ha_bound(env, MN1, &bce));
	assert_int_equal(bce.lifetime_usec, 600 * SEC);
}

/* HA-BU-21, CN-BA-04: to the care-of address, by way of a type 2 routing header */
static void ha_bu_21_addressing(void **state)
{
	struct env *env = *state;
	const struct mip_action *act;
	struct in6_addr hoa = addr(MN1), coa = addr(COA_B);
	struct mip_mh_info info;

	/* the care-of address of the binding is the option's; the answer goes to the source */
	ha_bind(env, &(struct bu){ .seq = 7, .altcoa = COA_B });
	act = ha_last(env, MIP_ACT_SEND_MH);
	assert_addr(&act->send_mh.src, HA1);
	assert_addr(&act->send_mh.dst, COA_A);
	assert_true(act->send_mh.has_rh2);
	assert_addr(&act->send_mh.rh2, MN1);
	assert_false(act->send_mh.has_hao);
	assert_int_equal(act->send_mh.ifindex, 0);
	ha_ba_info(env, &info);
	assert_int_equal(mip_auth_mn_ha_verify((const uint8_t *)KEY, strlen(KEY), &coa, &hoa,
					       act->send_mh.data, act->send_mh.len, &info),
			 MIP_OK);
}

/* HA-BU-13: the answer does not depend on A */
static void ha_bu_13_without_a(void **state)
{
	struct env *env = *state;

	ha_bind(env, &(struct bu){ .seq = 7, .flags = MIP_BU_H });
}

/* HA-PND-04: virtual home link, no DAD and no advertisement */
static void ha_pnd_04_virtual(void **state)
{
	struct env *env = *state;

	ha_send_bu(env,
		   &(struct bu){ .hoa = MN_V, .dst = HA_V, .spi = 258, .nai = "mnv@example.com" });
	assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 0);
	assert_int_equal(ha_last(env, MIP_ACT_BC_SET)->bc.bce.home_ifindex, 0);
	ha_kernel(env, 0);
	assert_int_equal(ha_ba(env).ba.status, 0);
	assert_int_equal(ha_count(env, MIP_ACT_NA), 0);
	assert_int_equal(mip_ha_next_deadline(env->ha), env->now.usec + 602 * SEC);
}

/* HA-BU-11: the address is in use */
static void ha_bu_11_duplicate(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;

	ha_send_bu(env, &(struct bu){ .seq = 9 });
	ha_clear(env);
	ha_dad(env, MN1, MIP_DAD_DUPLICATE);
	assert_refused(env, MIP_ST_DAD_FAILED, 9);
	assert_non_null(ha_logged(env, MIP_LOG_DAD_DUPLICATE));
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.bindings + stats.pending, 0);
	/* an older one that comes late is not taken up; de-registering finds nothing (HA-DE-01) */
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8 });
	assert_refused(env, MIP_ST_SEQ_OUT_OF_WINDOW, 9);
	ha_send_bu(env, &(struct bu){ .seq = 10, .dereg = true });
	assert_refused(env, MIP_ST_NOT_HOME_AGENT, 10);
	/* and forgotten in the end */
	ha_run(env, 20 * SEC);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.held, 0);
	assert_int_equal(mip_ha_next_deadline(env->ha), MIP_USEC_INFINITY);
}

static void dad_could_not_be_done(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .seq = 9 });
	ha_clear(env);
	ha_dad(env, MN1, MIP_DAD_FAILED);
	assert_refused(env, MIP_ST_INSUFFICIENT_RESOURCES, 9);
}

/* The outcome of DAD never comes */
static void dad_without_result(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .seq = 9 });
	ha_clear(env);
	ha_run(env, 11 * SEC);
	assert_refused(env, MIP_ST_INSUFFICIENT_RESOURCES, 9);
	assert_int_equal(ha_count(env, MIP_ACT_DAD_STOP), 1);
	ha_clear(env);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	assert_int_equal(env->n_act, 0);
}

/* HA-BU-19: a retransmission neither starts a second DAD nor gets 135, and its number is answered */
static void ha_bu_19_retransmitted_during_dad(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .seq = 9 });
	ha_wait(env, SEC / 2);
	ha_send_bu(env, &(struct bu){ .seq = 10, .coa = COA_B });
	assert_int_equal(env->n_act, 0);
	ha_wait(env, SEC / 2);
	/* a copy of it, and an older one that was late */
	ha_send_bu(env, &(struct bu){ .seq = 10, .coa = COA_B });
	assert_silent(env, MIP_DROP_DUPLICATE);
	ha_send_bu(env, &(struct bu){ .seq = 9 });
	assert_refused(env, MIP_ST_SEQ_OUT_OF_WINDOW, 10);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	assert_addr(&ha_last(env, MIP_ACT_BC_SET)->bc.bce.coa, COA_B);
	ha_kernel(env, 0);
	assert_int_equal(ha_ba(env).ba.seq, 10);
	assert_int_equal(mip_ha_counters(env->ha)->count[MIP_COUNT_DAD_STARTED], 1);
}

/* HA-BU-20: the link-local address comes in while DAD runs without it */
static void ha_bu_20_l_changes_during_dad(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .seq = 9 });
	ha_send_bu(env, &(struct bu){ .seq = 10,
				      .flags = MIP_BU_A | MIP_BU_H | MIP_BU_L,
				      .timestamp = env->now.ntp + 1 });
	assert_true(ha_place(env, MIP_ACT_DAD_STOP) < ha_place(env, MIP_ACT_DAD_START));
	assert_true(ha_last(env, MIP_ACT_DAD_START)->dad.link_local);
}

/* HA-BU-11 optimistic: traffic at once, the answer and the advertisement after DAD */
static void optimistic_dad(void **state)
{
	struct env *env = *state;
	struct mip_bce bce;

	ha_restart_optimistic(env);
	ha_send_bu(env, &(struct bu){ .seq = 7 });
	assert_true(ha_place(env, MIP_ACT_BC_SET) < ha_place(env, MIP_ACT_DAD_START));
	ha_kernel(env, 0);
	assert_int_equal(ha_count(env, MIP_ACT_SEND_MH) + ha_count(env, MIP_ACT_NA), 0);
	assert_false(ha_bound(env, MN1, NULL));
	ha_wait(env, SEC);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	assert_int_equal(ha_ba(env).ba.status, 0);
	assert_int_equal(ha_ba(env).ba.seq, 7);
	assert_int_equal(ha_count(env, MIP_ACT_NA), 1);
	assert_int_equal(ha_count(env, MIP_ACT_BC_SET), 1);
	/* the lifetime counts from when the kernel was asked */
	assert_true(ha_bound(env, MN1, &bce));
	assert_int_equal(bce.lifetime_usec, 599 * SEC);
	ha_run(env, 20 * SEC);
	assert_true(ha_bound(env, MN1, NULL));
}

/* The kernel is slower than DAD */
static void optimistic_dad_first(void **state)
{
	struct env *env = *state;

	ha_restart_optimistic(env);
	ha_send_bu(env, &(struct bu){ .seq = 7 });
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	assert_int_equal(ha_count(env, MIP_ACT_SEND_MH), 0);
	ha_kernel(env, 0);
	assert_int_equal(ha_ba(env).ba.status, 0);
}

static void optimistic_duplicate(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;

	for (int answered = 0; answered <= 1; answered++) {
		ha_restart_optimistic(env);
		ha_send_bu(env, &(struct bu){ .seq = 7 });
		if (answered)
			ha_kernel(env, 0);
		ha_clear(env);
		ha_dad(env, MN1, MIP_DAD_DUPLICATE);
		assert_refused(env, MIP_ST_DAD_FAILED, 7);
		assert_true(ha_place(env, MIP_ACT_BC_DEL) < ha_place(env, MIP_ACT_SEND_MH));
		assert_int_equal(ha_last(env, MIP_ACT_BC_DEL)->bc.bce.home_ifindex, HOME_IFINDEX);
		mip_ha_get_stats(env->ha, &stats);
		assert_int_equal(stats.bindings + stats.pending, 0);
	}
}

static void optimistic_kernel_refuses(void **state)
{
	struct env *env = *state;

	ha_restart_optimistic(env);
	ha_send_bu(env, &(struct bu){ .seq = 7 });
	ha_kernel(env, -ENOMEM);
	assert_int_equal(ha_ba(env).ba.status, MIP_ST_INSUFFICIENT_RESOURCES);
	assert_int_equal(ha_count(env, MIP_ACT_DAD_STOP), 1);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 1);
}

/* HA-BU-19: a move while DAD runs: the kernel follows, no second DAD, one answer */
static void optimistic_move(void **state)
{
	struct env *env = *state;

	ha_restart_optimistic(env);
	ha_send_bu(env, &(struct bu){ .seq = 7 });
	ha_kernel(env, 0);
	ha_wait(env, SEC / 2);
	ha_send_bu(env, &(struct bu){ .seq = 8, .coa = COA_B });
	assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 0);
	assert_addr(&ha_last(env, MIP_ACT_BC_SET)->bc.bce.coa, COA_B);
	ha_kernel(env, 0);
	assert_int_equal(ha_count(env, MIP_ACT_SEND_MH), 0);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	assert_int_equal(ha_ba(env).ba.seq, 8);
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_NEW));
}

static void optimistic_dereg(void **state)
{
	struct env *env = *state;

	ha_restart_optimistic(env);
	ha_send_bu(env, &(struct bu){ .seq = 7 });
	ha_kernel(env, 0);
	ha_wait(env, SEC / 2);
	ha_send_bu(env, &(struct bu){ .seq = 8, .dereg = true, .from_home = true });
	assert_int_equal(ha_ba(env).ba.status, 0);
	assert_int_equal(ha_count(env, MIP_ACT_DAD_STOP), 1);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 1);
	ha_clear(env);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	assert_int_equal(env->n_act, 0);
}

/* DAD takes longer than the lifetime */
static void optimistic_lifetime_over(void **state)
{
	struct env *env = *state;

	ha_restart_optimistic(env);
	ha_send_bu(env, &(struct bu){ .seq = 7, .lifetime = 1 });
	ha_kernel(env, 0);
	ha_wait(env, 5 * SEC);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	assert_int_equal(ha_ba(env).ba.status, MIP_ST_INSUFFICIENT_RESOURCES);
	assert_false(ha_bound(env, MN1, NULL));
}

/* Too many wait for DAD */
static void dad_pending_limit(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;
	char hoa[64];

	env->config.max_bindings = 0;
	ha_restart(env);
	for (unsigned int i = 0; i < MIP_DAD_PENDING_MAX; i++) {
		snprintf(hoa, sizeof(hoa), "2001:db8:1:0:a::%x", i + 16);
		ha_send_bu(env, &(struct bu){ .hoa = hoa, .spi = 257, .nai = "mn2@example.com" });
		assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 1);
	}
	ha_send_bu(env, &(struct bu){ .seq = 3 });
	assert_refused(env, MIP_ST_INSUFFICIENT_RESOURCES, 3);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.pending, MIP_DAD_PENDING_MAX);
}

/* Same address: lifetime anew, no DAD, no advertisement */
static void refresh(void **state)
{
	struct env *env = *state;
	struct mip_bce bce;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, 300 * SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .lifetime = 20 });
	assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 0);
	ha_kernel(env, 0);
	assert_int_equal(ha_ba(env).ba.lifetime_wire, 20);
	assert_int_equal(ha_count(env, MIP_ACT_NA), 0);
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_REFRESHED));
	assert_true(ha_bound(env, MN1, &bce));
	assert_int_equal(bce.lifetime_usec, 80 * SEC);
}

/* New care-of address: kernel first, then the answer */
static void handover(void **state)
{
	struct env *env = *state;
	struct mip_bce bce;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .coa = COA_B });
	assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 0);
	assert_int_equal(ha_count(env, MIP_ACT_SEND_MH), 0);
	assert_true(ha_bound(env, MN1, &bce));
	assert_addr(&bce.coa, COA_A);
	ha_kernel(env, 0);
	assert_addr(&ha_last(env, MIP_ACT_SEND_MH)->send_mh.dst, COA_B);
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_HANDOVER));
	assert_true(ha_bound(env, MN1, &bce));
	assert_addr(&bce.coa, COA_B);
}

/* The kernel refuses a first registration: 130, and nothing stays */
static void kernel_refuses_new(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;

	ha_send_bu(env, &(struct bu){ .seq = 7 });
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	ha_kernel(env, -ENOSPC);
	assert_int_equal(ha_ba(env).ba.status, MIP_ST_INSUFFICIENT_RESOURCES);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 1);
	assert_int_equal(ha_last(env, MIP_ACT_BC_DEL)->bc.bce.home_ifindex, HOME_IFINDEX);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.bindings + stats.pending, 0);
}

/* The kernel refuses a handover: 130, and the old binding is put back */
static void kernel_refuses_handover(void **state)
{
	struct env *env = *state;
	struct mip_bce bce;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .coa = COA_B });
	ha_kernel(env, -ENOMEM);
	assert_int_equal(ha_ba(env).ba.status, MIP_ST_INSUFFICIENT_RESOURCES);
	assert_addr(&ha_last(env, MIP_ACT_BC_SET)->bc.bce.coa, COA_A);
	assert_int_equal(ha_last(env, MIP_ACT_BC_SET)->bc.bce.seq, 7);
	assert_int_equal(ha_last(env, MIP_ACT_BC_SET)->bc.id, 0);
	assert_true(ha_bound(env, MN1, &bce));
	assert_addr(&bce.coa, COA_A);
	/* GEN-SEQ-03: the refused number was not stored */
	assert_int_equal(bce.seq, 7);
}

/* Answers of the kernel that are late, or to nothing */
static void kernel_answers_late(void **state)
{
	struct env *env = *state;
	struct mip_event ev = { .type = MIP_EV_BC_RESULT };
	uint64_t first;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .coa = COA_B });
	first = ha_last(env, MIP_ACT_BC_SET)->bc.id;
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 9, .coa = COA_A });
	ha_clear(env);
	ev.bc_result.id = first;
	ha_event(env, &ev);
	ev.bc_result.id = UINT64_MAX;
	ha_event(env, &ev);
	ev.bc_result.id = 0;
	ha_event(env, &ev);
	assert_int_equal(env->n_act, 0);
}

/* It never answers: 130, and the binding that stands is put back */
static void kernel_never_answers(void **state)
{
	struct env *env = *state;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .coa = COA_B });
	ha_clear(env);
	ha_run(env, 6 * SEC);
	assert_int_equal(ha_ba(env).ba.status, MIP_ST_INSUFFICIENT_RESOURCES);
	assert_addr(&ha_last(env, MIP_ACT_BC_SET)->bc.bce.coa, COA_A);
}

/* HA-BU-17 */
static void ha_bu_17_refresh_advice(void **state)
{
	struct env *env = *state;

	env->config.refresh_advice_usec = 200 * SEC;
	ha_restart(env);
	ha_bind(env, &(struct bu){ .seq = 1 });
	assert_true(ha_ba(env).opts.present & MIP_HAS_REFRESH_ADVICE);
	assert_int_equal(ha_ba(env).opts.refresh_advice_wire, 50);
	/* less than the lifetime, or not at all */
	ha_wait(env, SEC);
	ha_bind(env, &(struct bu){ .seq = 2, .lifetime = 50 });
	assert_false(ha_ba(env).opts.present & MIP_HAS_REFRESH_ADVICE);
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 3, .dereg = true });
	assert_int_equal(ha_ba(env).ba.status, 0);
	assert_false(ha_ba(env).opts.present & MIP_HAS_REFRESH_ADVICE);
}

/* The keys are changed while DAD runs: no answer in the name of a key that is gone */
static void key_gone_meanwhile(void **state)
{
	struct env *env = *state;
	struct mip_keys *none = mip_keys_new();

	ha_send_bu(env, &(struct bu){ .seq = 1 });
	mip_ha_set_keys(env->ha, none);
	ha_dad(env, MN1, MIP_DAD_DUPLICATE);
	assert_int_equal(ha_count(env, MIP_ACT_SEND_MH), 0);
	mip_ha_set_keys(env->ha, env->keys);
	mip_keys_free(none);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, ha_setup, ha_teardown)
	const struct CMUnitTest tests[] = {
		T(new_registration),
		T(ha_bu_21_addressing),
		T(ha_bu_13_without_a),
		T(ha_pnd_04_virtual),
		T(ha_bu_11_duplicate),
		T(dad_could_not_be_done),
		T(dad_without_result),
		T(ha_bu_19_retransmitted_during_dad),
		T(ha_bu_20_l_changes_during_dad),
		T(optimistic_dad),
		T(optimistic_dad_first),
		T(optimistic_duplicate),
		T(optimistic_kernel_refuses),
		T(optimistic_move),
		T(optimistic_dereg),
		T(optimistic_lifetime_over),
		T(dad_pending_limit),
		T(refresh),
		T(handover),
		T(kernel_refuses_new),
		T(kernel_refuses_handover),
		T(kernel_answers_late),
		T(kernel_never_answers),
		T(ha_bu_17_refresh_advice),
		T(key_gone_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
