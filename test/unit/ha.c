// SPDX-License-Identifier: GPL-2.0-or-later
/* Life of the home agent role: messages of all sorts, time, prefixes, adoption, floods. */
#include <errno.h>
#include <malloc.h>

#include "ha_test.h"

static void put_mh(struct env *env, const uint8_t *data, size_t len)
{
	struct mip_event ev = { .type = MIP_EV_MH };

	ev.mh.data = data;
	ev.mh.len = len;
	ev.mh.src = addr(COA_A);
	ev.mh.dst = addr(HA1);
	ev.mh.has_hao = true;
	ev.mh.hao = addr(MN1);
	ev.mh.checksum_ok = true;
	ha_clear(env);
	assert_int_equal(ha_event(env, &ev), 0);
}

/* GEN-MH-01 */
static void gen_mh_01_checksum(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .bad_checksum = true });
	assert_silent(env, MIP_DROP_CHECKSUM);
}

/* GEN-MH-02, GEN-BE-01 to -03 */
static void gen_mh_02_unknown_type(void **state)
{
	const uint8_t mh[8] = { 59, 0, 200 };
	struct env *env = *state;
	const struct mip_action *act;
	struct mip_mh_info info;
	struct mip_msg msg;
	unsigned int answers = 0;

	put_mh(env, mh, sizeof(mh));
	act = ha_last(env, MIP_ACT_SEND_MH);
	assert_non_null(act);
	assert_int_equal(mip_mh_decode(act->send_mh.data, act->send_mh.len, &msg, &info), MIP_OK);
	assert_int_equal(msg.type, MIP_MH_BE);
	assert_int_equal(msg.be.status, MIP_BE_UNKNOWN_MH_TYPE);
	assert_addr(&msg.be.hoa, MN1);
	assert_addr(&act->send_mh.src, HA1);
	assert_addr(&act->send_mh.dst, COA_A);
	assert_false(act->send_mh.has_rh2);
	assert_true(mip_mh_checksum_ok(&act->send_mh.src, &act->send_mh.dst, act->send_mh.data,
				       act->send_mh.len));
	for (unsigned int i = 0; i < 100; i++) {
		put_mh(env, mh, sizeof(mh));
		answers += ha_count(env, MIP_ACT_SEND_MH);
	}
	assert_in_range(answers, 0, 10);
	ha_wait(env, SEC);
	put_mh(env, mh, sizeof(mh));
	assert_int_equal(ha_count(env, MIP_ACT_SEND_MH), 1);
}

/* GEN-MH-03, GEN-MH-04, GEN-MH-06: dropped by reason */
static void gen_mh_03_04_06(void **state)
{
	const uint8_t proto[16] = { 6, 1, MIP_MH_BU };
	const uint8_t shorter[8] = { 59, 0, MIP_MH_BU };
	const uint8_t overrun[16] = { 59, 1, MIP_MH_BU, [12] = 3, [13] = 16 };
	struct env *env = *state;

	put_mh(env, proto, sizeof(proto));
	assert_silent(env, MIP_DROP_PAYLOAD_PROTO);
	put_mh(env, shorter, sizeof(shorter));
	assert_silent(env, MIP_DROP_TRUNCATED);
	put_mh(env, overrun, sizeof(overrun));
	assert_silent(env, MIP_DROP_MALFORMED);
}

/* Messages for other roles are counted and left alone */
static void other_types(void **state)
{
	const uint8_t types[] = { MIP_MH_BRR, MIP_MH_HOTI, MIP_MH_COTI,
				  MIP_MH_HOT, MIP_MH_COT,  MIP_MH_BA };
	struct env *env = *state;

	for (size_t i = 0; i < sizeof(types); i++) {
		uint8_t mh[24] = { 59, 2, types[i] };

		memset(mh + 12, 0, sizeof(mh) - 12);
		put_mh(env, mh, sizeof(mh));
		assert_int_equal(env->n_act, 0);
	}
	assert_int_equal(ha_dropped(env, MIP_DROP_UNEXPECTED_TYPE), sizeof(types));
}

static void wrong_events(void **state)
{
	struct env *env = *state;
	struct mip_event ev = { .type = MIP_EV_MD };

	assert_int_equal(ha_event(env, &ev), -EINVAL);
	ev.type = MIP_EV_BULE_FOUND;
	assert_int_equal(ha_event(env, &ev), -EINVAL);
	ev.type = MIP_EV_SEND_FAILED;
	assert_int_equal(ha_event(env, &ev), 0);
}

static void bad_configurations(void **state)
{
	static const uint8_t seed[16];
	struct env *env = *state;
	struct mip_ha_config config = env->config;

	config.max_lifetime_usec = SEC;
	assert_null(mip_ha_new(&config, env->keys, seed, &env->now));
	config = env->config;
	config.timestamp_tolerance_usec = 3 * SEC;
	assert_null(mip_ha_new(&config, env->keys, seed, &env->now));
	config = env->config;
	config.n_links = MIP_HOME_LINKS_MAX + 1;
	assert_null(mip_ha_new(&config, env->keys, seed, &env->now));
	config = env->config;
	config.links[0].addr = addr("fe80::1");
	assert_int_equal(mip_ha_set_config(env->ha, &config), -EINVAL);
	assert_null(mip_ha_new(&env->config, NULL, seed, &env->now));
}

/* HA-BU-14: asked, policy, prefix: the least of them */
static void home_prefix(struct env *env, uint64_t valid_usec, uint64_t preferred_usec)
{
	struct mip_event ev = { .type = MIP_EV_HOME_PREFIX };

	ev.home_prefix.prefix = env->config.links[0].prefix;
	ev.home_prefix.valid_usec = valid_usec;
	ev.home_prefix.preferred_usec = preferred_usec;
	ha_clear(env);
	assert_int_equal(ha_event(env, &ev), 0);
}

static void ha_bu_14_15_lifetimes(void **state)
{
	static const struct {
		uint16_t asked;
		uint64_t valid, preferred; /* s */
		uint16_t granted;
		uint8_t status;
	} cases[] = {
		{ 10, 100000, 100000, 10, 0 },
		{ 65535, 100000, 100000, 150, 0 }, /* policy: 600 s */
		{ 150, 403, 403, 100, 1 }, /* GEN-TIME-02: the low bits go */
		{ 150, 100000, 599, 150, 1 }, /* becomes deprecated during the lifetime */
		{ 150, 100000, 600, 150, 0 },
		{ 150, 100000, 0, 150, 1 }, /* deprecated; does not shorten */
		{ 100, 400, 400, 100, 1 }, /* invalid at the end */
		{ 99, 400, 400, 99, 0 },
	};
	struct env *env = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ha_restart(env);
		home_prefix(env, cases[i].valid * SEC, cases[i].preferred * SEC);
		ha_send_bu(env, &(struct bu){ .seq = 1, .lifetime = cases[i].asked });
		ha_dad(env, MN1, MIP_DAD_UNIQUE);
		ha_kernel(env, 0);
		assert_int_equal(ha_ba(env).ba.status, cases[i].status);
		assert_int_equal(ha_ba(env).ba.lifetime_wire, cases[i].granted);
	}
}

/* HA-BU-14: no prefix, no home link; and a binding ends with its prefix */
static void ha_bu_14_prefix_ends(void **state)
{
	struct env *env = *state;
	struct mip_bce bce;

	home_prefix(env, 1000 * SEC, 1000 * SEC);
	ha_bind(env, &(struct bu){ .seq = 1 });
	home_prefix(env, 60 * SEC, 60 * SEC);
	assert_true(ha_bound(env, MN1, &bce));
	assert_int_equal(bce.lifetime_usec, 60 * SEC);
	ha_clear(env);
	ha_run(env, 59 * SEC);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 0);
	ha_run(env, SEC);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 1);
	assert_false(ha_bound(env, MN1, NULL));
	ha_send_bu(env, &(struct bu){ .seq = 2 });
	assert_refused(env, MIP_ST_NOT_HOME_SUBNET, 2);
	/* less than one unit is none */
	home_prefix(env, 3 * SEC, 3 * SEC);
	ha_send_bu(env, &(struct bu){ .seq = 3 });
	ha_dad(env, MN1, MIP_DAD_UNIQUE);
	assert_int_equal(ha_ba(env).ba.status, MIP_ST_NOT_HOME_SUBNET);
}

static void put_bce(struct env *env, enum mip_event_type type, const struct mip_bce *bce,
		    int reason)
{
	struct mip_event ev = { .type = type };

	ev.bce.bce = *bce;
	ev.bce.reason = (enum mip_gone_reason)reason;
	ha_clear(env);
	assert_int_equal(ha_event(env, &ev), 0);
}

/* The kernel ended it and told */
static void expired_in_the_kernel(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;
	struct mip_bce bce;

	ha_bind(env, &(struct bu){ .seq = 1, .lifetime = 5 });
	assert_true(ha_bound(env, MN1, &bce));
	ha_clear(env);
	ha_run(env, 20 * SEC);
	/* at the end of the lifetime it is over for the protocol */
	assert_false(ha_bound(env, MN1, NULL));
	assert_int_equal(env->n_act, 0);
	put_bce(env, MIP_EV_BCE_GONE, &bce, MIP_GONE_EXPIRED);
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_EXPIRED));
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 0);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.bindings + stats.held, 0);
	/* GEN-SEQ-02: no binding, any number; HA-BU-11: and DAD again */
	ha_send_bu(env, &(struct bu){ .seq = 0 });
	assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 1);
}

/* The word got lost: we end it ourselves, a little later */
static void expired_by_ourselves(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;

	ha_bind(env, &(struct bu){ .seq = 1, .lifetime = 5 });
	ha_clear(env);
	ha_run(env, 25 * SEC);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 1);
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_EXPIRED));
	assert_int_equal(mip_ha_counters(env->ha)->count[MIP_COUNT_REG_EXPIRED], 1);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.bindings, 0);
}

/* The end comes while a refresh is with the kernel: it must not be deleted behind it */
static void expires_during_refresh(void **state)
{
	struct env *env = *state;

	ha_bind(env, &(struct bu){ .seq = 1, .lifetime = 5 });
	ha_run(env, 19 * SEC);
	ha_send_bu(env, &(struct bu){ .seq = 2, .lifetime = 50 });
	ha_run(env, 4 * SEC);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 0);
	ha_kernel(env, 0);
	assert_true(ha_bound(env, MN1, NULL));
}

/* An entry that was replaced before the word of its end came stays */
static void gone_word_is_old(void **state)
{
	struct env *env = *state;
	struct mip_bce bce;

	ha_bind(env, &(struct bu){ .seq = 1 });
	assert_true(ha_bound(env, MN1, &bce));
	ha_wait(env, SEC);
	ha_bind(env, &(struct bu){ .seq = 2 });
	put_bce(env, MIP_EV_BCE_GONE, &bce, MIP_GONE_EXPIRED);
	assert_true(ha_bound(env, MN1, NULL));
}

static void removed_by_admin(void **state)
{
	struct env *env = *state;
	struct mip_bce bce;

	ha_bind(env, &(struct bu){ .seq = 1 });
	assert_true(ha_bound(env, MN1, &bce));
	put_bce(env, MIP_EV_BCE_GONE, &bce, MIP_GONE_REMOVED);
	assert_false(ha_bound(env, MN1, NULL));
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_REMOVED));
	/* de-registering what is gone: HA-DE-01 */
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 2, .dereg = true });
	assert_refused(env, MIP_ST_NOT_HOME_AGENT, 2);
}

/* Adoption at start: number, timestamp and lifetime, and the kernel is left alone */
static void adoption(void **state)
{
	struct env *env = *state;
	struct mip_bce bce = {
		.hoa = addr(MN1),
		.local = addr(HA1),
		.coa = addr(COA_A),
		.flags = MIP_BU_A | MIP_BU_H,
		.seq = 40,
		.home_ifindex = HOME_IFINDEX,
		.lifetime_usec = 100 * SEC,
		.timestamp = env->now.ntp + 5000,
		.n_mnp = 1,
		.mnp = { { addr("2001:db8:aa::"), 64 } },
	};
	struct mip_bce got;

	put_bce(env, MIP_EV_BCE_FOUND, &bce, 0);
	assert_int_equal(env->n_act, 1);
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_ADOPTED));
	assert_true(ha_bound(env, MN1, &got));
	assert_memory_equal(&got, &bce, sizeof(bce));
	ha_send_bu(env, &(struct bu){ .seq = 40 });
	assert_refused(env, MIP_ST_SEQ_OUT_OF_WINDOW, 40);
	ha_send_bu(env, &(struct bu){ .seq = 41, .timestamp = bce.timestamp });
	assert_refused(env, MIP_ST_ID_MISMATCH, 41);
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 41, .coa = COA_B });
	assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 0);
	ha_kernel(env, 0);
	assert_non_null(ha_logged(env, MIP_LOG_HOME_REG_HANDOVER));

	/* read anew after an overrun: an older state does not come back */
	put_bce(env, MIP_EV_BCE_FOUND, &bce, 0);
	assert_true(ha_bound(env, MN1, &got));
	assert_addr(&got.coa, COA_B);
	/* those of the correspondent node are not ours */
	bce.flags = MIP_BU_A;
	bce.hoa = addr(MN2);
	put_bce(env, MIP_EV_BCE_FOUND, &bce, 0);
	assert_false(ha_bound(env, MN2, NULL));
}

/* HA-PND-01: repeats */
static void advertisement_repeats(void **state)
{
	struct env *env = *state;

	env->config.links[0].na_repeats = 3;
	ha_restart(env);
	ha_bind(env, &(struct bu){ .seq = 1 });
	assert_int_equal(ha_count(env, MIP_ACT_NA), 1);
	ha_run(env, SEC);
	assert_int_equal(ha_count(env, MIP_ACT_NA), 2);
	ha_run(env, 10 * SEC);
	assert_int_equal(ha_count(env, MIP_ACT_NA), 3);
	/* HA-PND-03: not after the end */
	ha_restart(env);
	ha_bind(env, &(struct bu){ .seq = 1 });
	ha_wait(env, SEC / 2);
	ha_send_bu(env, &(struct bu){ .seq = 2, .dereg = true, .from_home = true });
	ha_run(env, 10 * SEC);
	assert_int_equal(ha_count(env, MIP_ACT_NA), 0);
}

/* Many end at once: the queue does not overflow, and the deadline says that there is more */
static void mass_expiry(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;
	struct mip_bce bce = {
		.local = addr(HA1),
		.coa = addr(COA_A),
		.flags = MIP_BU_H,
		.lifetime_usec = 10 * SEC,
	};
	unsigned int deleted = 0;
	struct mip_action act;

	env->config.max_bindings = 0;
	ha_restart(env);
	for (unsigned int i = 0; i < 1000; i++) {
		char hoa[64];

		snprintf(hoa, sizeof(hoa), "2001:db8:1:0:a::%x", i + 1);
		bce.hoa = addr(hoa);
		put_bce(env, MIP_EV_BCE_FOUND, &bce, 0);
	}
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.bindings, 1000);
	ha_wait(env, 20 * SEC);
	while (mip_ha_next_deadline(env->ha) <= env->now.usec) {
		mip_ha_expire(env->ha, &env->now);
		while (mip_ha_next_action(env->ha, &act))
			deleted += act.type == MIP_ACT_BC_DEL;
	}
	assert_int_equal(deleted, 1000);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.bindings + stats.held, 0);
}

/* 10,000 Binding Updates from unknown senders: no memory, no state, and the known one is served */
static void flood(void **state)
{
	struct env *env = *state;
	uint8_t buf[MIP_MSG_MAX];
	struct mip_event ev = ha_build_bu(env, &(struct bu){ .spi = 999 }, buf);
	struct mip_action act;
	struct mip_ha_stats stats;
	size_t before = 0;

	for (uint32_t i = 0; i < 10100; i++) {
		memcpy(&ev.mh.src.s6_addr[12], &i, 4);
		memcpy(&ev.mh.hao.s6_addr[12], &i, 4);
		ev.mh.checksum_ok = true;
		if (i == 100) /* what the first ones bring along is there */
			before = mallinfo2().uordblks;
		mip_ha_input(env->ha, &ev, &env->now);
		while (mip_ha_next_action(env->ha, &act))
			assert_int_equal(act.type, MIP_ACT_LOG);
	}
	assert_true(mallinfo2().uordblks <= before);
	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.bindings + stats.held + stats.pending, 0);
	assert_int_equal(ha_dropped(env, MIP_DROP_NO_KEY), 10100);
	assert_int_equal(mip_ha_next_deadline(env->ha), MIP_USEC_INFINITY);
	ha_bind(env, &(struct bu){ .seq = 1 });
}

static bool count_bindings(void *userdata, const struct mip_bce *bce)
{
	(void)bce;
	return --*(unsigned int *)userdata > 0;
}

static void reading(void **state)
{
	struct env *env = *state;
	unsigned int left = 10;

	ha_bind(env, &(struct bu){ .seq = 1 });
	ha_bind(env, &(struct bu){ .hoa = MN2, .spi = 257, .nai = "mn2@example.com" });
	mip_ha_for_each_binding(env->ha, &env->now, count_bindings, &left);
	assert_int_equal(left, 8);
	left = 1;
	mip_ha_for_each_binding(env->ha, &env->now, count_bindings, &left);
	assert_int_equal(left, 0);
}

/* A home link that is configured away: bindings stay to their end, but are not extended */
static void link_configured_away(void **state)
{
	struct env *env = *state;
	struct mip_ha_config config = env->config;

	ha_bind(env, &(struct bu){ .seq = 1 });
	config.links[0] = config.links[1];
	config.links[0].addr = addr(HA1);
	assert_int_equal(mip_ha_set_config(env->ha, &config), 0);
	assert_true(ha_bound(env, MN1, NULL));
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 2 });
	assert_refused(env, MIP_ST_NOT_HOME_SUBNET, 2);
	ha_send_bu(env, &(struct bu){ .seq = 3, .dereg = true });
	assert_int_equal(ha_ba(env).ba.status, 0);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, ha_setup, ha_teardown)
	const struct CMUnitTest tests[] = {
		T(gen_mh_01_checksum),
		T(gen_mh_02_unknown_type),
		T(gen_mh_03_04_06),
		T(other_types),
		T(wrong_events),
		T(bad_configurations),
		T(ha_bu_14_15_lifetimes),
		T(ha_bu_14_prefix_ends),
		T(expired_in_the_kernel),
		T(expired_by_ourselves),
		T(expires_during_refresh),
		T(gone_word_is_old),
		T(removed_by_admin),
		T(adoption),
		T(advertisement_repeats),
		T(mass_expiry),
		T(flood),
		T(reading),
		T(link_configured_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
