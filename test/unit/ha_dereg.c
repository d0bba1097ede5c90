// SPDX-License-Identifier: GPL-2.0-or-later
/* De-registering, and what is remembered afterwards: rules HA-DE. */
#include "ha_test.h"

/* HA-DE-02: at once, kernel first */
static void ha_de_02_from_away(void **state)
{
	struct env *env = *state;
	const struct mip_action *act;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .dereg = true, .altcoa = MN1 });
	assert_true(ha_place(env, MIP_ACT_BC_DEL) < ha_place(env, MIP_ACT_SEND_MH));
	act = ha_last(env, MIP_ACT_BC_DEL);
	assert_addr(&act->bc.bce.hoa, MN1);
	assert_int_equal(act->bc.bce.home_ifindex, HOME_IFINDEX);
	assert_int_equal(ha_ba(env).ba.status, 0);
	assert_int_equal(ha_ba(env).ba.lifetime_wire, 0);
	assert_int_equal(ha_ba(env).ba.seq, 8);
	act = ha_last(env, MIP_ACT_SEND_MH);
	assert_true(act->send_mh.has_rh2);
	assert_addr(&act->send_mh.dst, COA_A);
	assert_false(ha_bound(env, MN1, NULL));
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_DEREGISTERED));
}

/* HA-DE-03: from home, with and without Home Address option: no routing header, on that link */
static void ha_de_03_from_home(void **state)
{
	struct env *env = *state;

	for (int no_hao = 0; no_hao <= 1; no_hao++) {
		const struct mip_action *act;

		ha_restart(env);
		ha_bind(env, &(struct bu){ .seq = 7 });
		ha_wait(env, SEC);
		ha_send_bu(env,
			   &(struct bu){
				   .seq = 8, .dereg = true, .from_home = true, .no_hao = no_hao });
		assert_int_equal(ha_ba(env).ba.status, 0);
		act = ha_last(env, MIP_ACT_SEND_MH);
		assert_false(act->send_mh.has_rh2);
		assert_addr(&act->send_mh.dst, MN1);
		assert_int_equal(act->send_mh.ifindex, HOME_IFINDEX);
	}
}

/* HA-DE-07: CoA = HoA with a lifetime */
static void ha_de_07_coa_is_hoa(void **state)
{
	struct env *env = *state;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .altcoa = MN1, .lifetime = 100 });
	assert_int_equal(ha_ba(env).ba.status, 0);
	assert_int_equal(ha_ba(env).ba.lifetime_wire, 0);
	assert_false(ha_bound(env, MN1, NULL));
}

/* HA-DE-01 */
static void ha_de_01_no_binding(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;

	ha_send_bu(env, &(struct bu){ .seq = 8, .dereg = true });
	assert_refused(env, MIP_ST_NOT_HOME_AGENT, 8);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.held + stats.pending, 0);
}

/* HA-DE-04: a late older Binding Update, sent to the visited link; then the entry is forgotten */
static void ha_de_04_held(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;
	uint64_t sent;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	sent = env->now.ntp;
	ha_wait(env, SEC / 10);
	ha_send_bu(env, &(struct bu){ .seq = 9, .dereg = true, .from_home = true });
	ha_wait(env, 2 * SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .coa = COA_A, .timestamp = sent });
	assert_refused(env, MIP_ST_SEQ_OUT_OF_WINDOW, 9);
	assert_addr(&ha_last(env, MIP_ACT_SEND_MH)->send_mh.dst, COA_A);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.held, 1);
	ha_run(env, 20 * SEC);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.held, 0);
	assert_int_equal(mip_ha_next_deadline(env->ha), MIP_USEC_INFINITY);
}

/* HA-DE-04, RFC 4285 section 6: what the sequence numbers forgot the timestamp still knows */
static void replay_after_the_hold(void **state)
{
	struct env *env = *state;
	uint8_t buf[MIP_MSG_MAX];
	struct mip_event ev;
	/* the mobile node's clock is 6 s ahead, so that its message stays fresh for 13 s */
	uint64_t ahead = env->now.ntp + (UINT64_C(6) << 32);

	ev = ha_build_bu(env, &(struct bu){ .seq = 7, .timestamp = ahead, .lifetime = 1 }, buf);
	ha_event(env, &ev);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	ha_kernel(env, 0);
	assert_int_equal(ha_ba(env).ba.status, 0);
	for (unsigned int i = 0; i < 20; i++) {
		ha_run(env, SEC);
		ha_clear(env);
		ha_event(env, &ev);
		assert_int_equal(ha_count(env, MIP_ACT_BC_SET), 0);
		assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 0);
	}
}

/* HA-DE-06 */
static void ha_de_06_again(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;

	env->config.replay = MIP_REPLAY_SEQUENCE;
	ha_restart(env);
	ha_bind(env, &(struct bu){ .seq = 7, .no_timestamp = true });
	ha_send_bu(env, &(struct bu){
				.seq = 8, .dereg = true, .from_home = true, .no_timestamp = true });
	ha_run(env, 6 * SEC);
	ha_send_bu(env, &(struct bu){
				.seq = 9, .dereg = true, .from_home = true, .no_timestamp = true });
	assert_int_equal(ha_ba(env).ba.status, 0);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 0);
	/* the ten seconds run from the first one */
	ha_run(env, 5 * SEC);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.held, 0);
}

/* Away and back within the hold: it runs anew from the second de-registration */
static void hold_begins_anew(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;

	env->config.replay = MIP_REPLAY_SEQUENCE;
	ha_restart_optimistic(env);
	ha_bind(env, &(struct bu){ .seq = 7, .no_timestamp = true });
	ha_send_bu(env, &(struct bu){
				.seq = 8, .dereg = true, .from_home = true, .no_timestamp = true });
	ha_run(env, 6 * SEC);
	ha_send_bu(env, &(struct bu){ .seq = 9, .no_timestamp = true });
	ha_kernel(env, 0);
	ha_send_bu(
		env,
		&(struct bu){ .seq = 10, .dereg = true, .from_home = true, .no_timestamp = true });
	assert_int_equal(ha_ba(env).ba.status, 0);
	ha_run(env, 9 * SEC);
	ha_send_bu(env, &(struct bu){ .seq = 9, .no_timestamp = true });
	assert_refused(env, MIP_ST_SEQ_OUT_OF_WINDOW, 10);
	ha_run(env, 2 * SEC);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.held, 0);
}

/* HA-DE-09: refused from home, nothing changes, no routing header */
static void ha_de_09_refused(void **state)
{
	struct env *env = *state;
	const struct mip_action *act;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 7, .dereg = true, .from_home = true });
	assert_refused(env, MIP_ST_SEQ_OUT_OF_WINDOW, 7);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 0);
	act = ha_last(env, MIP_ACT_SEND_MH);
	assert_false(act->send_mh.has_rh2);
	/* HA-DE-05: to the neighbour on that link, not into the tunnel */
	assert_int_equal(act->send_mh.ifindex, HOME_IFINDEX);
	assert_true(ha_bound(env, MN1, NULL));
}

/* Home again before DAD was over: it stops, and a late copy of the registration stays out */
static void dereg_during_dad(void **state)
{
	struct env *env = *state;
	uint64_t sent = env->now.ntp;

	ha_send_bu(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC / 2);
	ha_send_bu(env, &(struct bu){ .seq = 8, .dereg = true, .from_home = true });
	assert_int_equal(ha_ba(env).ba.status, MIP_ST_NOT_HOME_AGENT);
	assert_int_equal(ha_count(env, MIP_ACT_DAD_STOP), 1);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 0);
	ha_clear(env);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	assert_int_equal(env->n_act, 0);
	ha_send_bu(env, &(struct bu){ .seq = 7, .timestamp = sent });
	assert_refused(env, MIP_ST_SEQ_OUT_OF_WINDOW, 8);
}

/* ... and while the kernel was at work */
static void dereg_during_set(void **state)
{
	struct env *env = *state;
	struct mip_event ev = { .type = MIP_EV_BC_RESULT };

	ha_send_bu(env, &(struct bu){ .seq = 7 });
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	ev.bc_result.id = ha_last(env, MIP_ACT_BC_SET)->bc.id;
	ha_wait(env, SEC / 2);
	ha_send_bu(env, &(struct bu){ .seq = 8, .dereg = true, .from_home = true });
	assert_int_equal(ha_ba(env).ba.status, 0);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 1);
	ha_clear(env);
	ha_event(env, &ev);
	assert_int_equal(env->n_act, 0);
	assert_false(ha_bound(env, MN1, NULL));
}

/* Away again within the hold: DAD, since no binding kept the address */
static void away_again(void **state)
{
	struct env *env = *state;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .dereg = true, .from_home = true });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 9, .coa = COA_B });
	assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 1);
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	ha_kernel(env, 0);
	assert_int_equal(ha_ba(env).ba.status, 0);
	/* the hold of before does not end the new binding */
	ha_run(env, 30 * SEC);
	assert_true(ha_bound(env, MN1, NULL));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, ha_setup, ha_teardown)
	const struct CMUnitTest tests[] = {
		T(ha_de_02_from_away),	T(ha_de_03_from_home), T(ha_de_07_coa_is_hoa),
		T(ha_de_01_no_binding), T(ha_de_04_held),      T(replay_after_the_hold),
		T(ha_de_06_again),	T(hold_begins_anew),   T(ha_de_09_refused),
		T(dereg_during_dad),	T(dereg_during_set),   T(away_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
