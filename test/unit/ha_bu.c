// SPDX-License-Identifier: GPL-2.0-or-later
/* The home agent's tests of a Binding Update: rules by their names in rfc-rules.md. */
#include "ha_test.h"

static void accepts_what_is_right(void **state)
{
	struct env *env = *state;

	ha_bind(env, &(struct bu){ .seq = 7 });
	assert_true(ha_bound(env, MN1, NULL));
}

/* HA-BU-01, AUTH-04: no SA, silence; a key for another home address is none */
static void auth04_unknown_sa(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .spi = 999 });
	assert_silent(env, MIP_DROP_NO_KEY);
}

static void auth04_key_of_another(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .hoa = "2001:db8:1::200" });
	assert_silent(env, MIP_DROP_NO_KEY);
}

static void auth03_wrong_nai(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .nai = "mn9@example.com" });
	assert_silent(env, MIP_DROP_NO_KEY);
}

static void auth03_nai_missing(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .no_nai = true });
	assert_silent(env, MIP_DROP_NO_KEY);
}

/* HA-BU-01, AUTH-04: no option, silence */
static void auth04_option_missing(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .no_auth = true });
	assert_silent(env, MIP_DROP_NO_AUTH);
}

/* AUTH-04: wrong MAC under a known SA, 146 with a right one */
static void auth04_bad_mac(void **state)
{
	struct env *env = *state;
	struct in6_addr coa = addr(COA_A), hoa = addr(MN1);
	struct mip_mh_info info;
	const struct mip_action *act;

	ha_send_bu(env, &(struct bu){ .seq = 4, .bad_mac = true });
	assert_refused(env, MIP_ST_AUTH_FAIL, 4);
	ha_ba_info(env, &info);
	act = ha_last(env, MIP_ACT_SEND_MH);
	assert_int_equal(mip_auth_mn_ha_verify((const uint8_t *)KEY, strlen(KEY), &coa, &hoa,
					       act->send_mh.data, act->send_mh.len, &info),
			 MIP_OK);
	assert_int_equal(ha_dropped(env, MIP_DROP_AUTH_FAIL), 1);
}

/* The same with a key that the mobile node has and we do not */
static void auth04_wrong_key(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .key = "fedcba9876543210" });
	assert_refused(env, MIP_ST_AUTH_FAIL, 0);
}

/* A flood of wrong MACs draws a limited number of answers */
static void auth04_bad_mac_limited(void **state)
{
	struct env *env = *state;
	unsigned int answers = 0;

	ha_wait(env, 10 * SEC);
	for (unsigned int i = 0; i < 1000; i++) {
		ha_send_bu(env, &(struct bu){ .bad_mac = true });
		answers += ha_count(env, MIP_ACT_SEND_MH);
	}
	assert_in_range(answers, 1, 60);
	assert_int_equal(ha_dropped(env, MIP_DROP_RATE), 1000 - answers);
	/* and who has the key is served */
	ha_bind(env, &(struct bu){ .seq = 1 });
}

/* AUTH-03: MN-NAI behind the authentication option */
static void auth03_nai_after_auth(void **state)
{
	struct env *env = *state;
	uint8_t buf[MIP_MSG_MAX], swapped[MIP_MSG_MAX];
	struct mip_event ev = ha_build_bu(env, &(struct bu){ .seq = 1 }, buf);
	size_t nai = 0, auth = 0, end = ev.mh.len;
	size_t pos = 12;
	size_t n = 12;

	/* MN-NAI (8) and what follows it up to the authentication option (9) change places */
	while (pos < end) {
		if (buf[pos] == 8)
			nai = pos;
		if (buf[pos] == 9)
			auth = pos;
		pos += buf[pos] == 0 ? 1 : (size_t)buf[pos + 1] + 2;
	}
	assert_true(nai && auth > nai);
	memset(swapped, 0, sizeof(swapped));
	memcpy(swapped, buf, nai);
	n = nai;
	memcpy(swapped + n, buf + auth, 19);
	n += 19;
	memcpy(swapped + n, buf + nai, (size_t)buf[nai + 1] + 2);
	assert_true(n + buf[nai + 1] + 2u <= end);
	mip_mh_set_checksum(&ev.mh.hao, &ev.mh.dst, swapped, end);
	ev.mh.data = swapped;
	ha_clear(env);
	ha_event(env, &ev);
	assert_silent(env, MIP_DROP_AUTH_ORDER);
}

/* HA-BU-02 */
static void ha_bu_02_no_hao(void **state)
{
	struct env *env = *state;
	uint8_t buf[MIP_MSG_MAX];
	struct mip_event ev = ha_build_bu(env, &(struct bu){ .no_hao = true }, buf);

	mip_mh_set_checksum(&ev.mh.src, &ev.mh.dst, buf, ev.mh.len);
	ha_clear(env);
	ha_event(env, &ev);
	assert_silent(env, MIP_DROP_NO_HAO);
}

/* HA-BU-03 */
static void ha_bu_03_hoa_not_routable(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .hoa = "fe80::1" });
	assert_silent(env, MIP_DROP_NOT_UNICAST);
}

static void ha_bu_03_coa_multicast(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .altcoa = "ff0e::1" });
	assert_silent(env, MIP_DROP_NOT_UNICAST);
}

static void ha_bu_03_coa_unspecified(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .altcoa = "::" });
	assert_silent(env, MIP_DROP_NOT_UNICAST);
}

/* CN-BU-01 */
static void cn_bu_01_source_multicast(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .coa = "ff0e::5", .altcoa = COA_A });
	assert_silent(env, MIP_DROP_NOT_UNICAST);
}

/* HA-BU-04 */
static void ha_bu_04_nonce_indices(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .nonce_indices = true });
	assert_silent(env, MIP_DROP_NONCE_INDICES);
}

/* HA-BU-05: a home registration stays one */
static void ha_bu_05_h_taken_away(void **state)
{
	struct env *env = *state;
	struct mip_bce bce;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .no_h = true });
	assert_refused(env, MIP_ST_REG_TYPE_CHANGE, 8);
	assert_true(ha_bound(env, MN1, &bce));
	assert_int_equal(bce.seq, 7);
}

/* H = 0 belongs to the correspondent node, whether it names a key or not */
static void h0_is_left_alone(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .no_h = true, .no_auth = true });
	assert_silent(env, MIP_DROP_NOT_HOME_REG);
}

static void h0_with_key_is_left_alone(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .no_h = true });
	assert_silent(env, MIP_DROP_NOT_HOME_REG);
}

/* NEMO-HA-04: R may not change either; and that is tested before 140 */
static void nemo_ha_04_r_changed(void **state)
{
	struct env *env = *state;

	ha_bind(env, &(struct bu){ .seq = 7 });
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .flags = MIP_BU_A | MIP_BU_H | MIP_BU_R });
	assert_refused(env, MIP_ST_REG_TYPE_CHANGE, 8);
}

/* HA-BU-06, GEN-SEQ-01, GEN-SEQ-03 */
static void ha_bu_06_sequence(void **state)
{
	static const struct {
		uint16_t last, seq;
		bool ok;
	} cases[] = {
		{ 15, 15, false },    { 15, 14, false }, { 15, 0, false },    { 15, 32783, false },
		{ 15, 65535, false }, { 15, 16, true },	 { 15, 32782, true }, { 65535, 0, true },
	};
	struct env *env = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mip_bce bce;

		ha_restart(env);
		ha_wait(env, SEC);
		ha_bind(env, &(struct bu){ .seq = cases[i].last });
		ha_wait(env, SEC);
		ha_send_bu(env, &(struct bu){ .seq = cases[i].seq, .coa = COA_B });
		if (cases[i].ok) {
			ha_kernel(env, 0);
			assert_int_equal(ha_ba(env).ba.seq, cases[i].seq);
			continue;
		}
		assert_refused(env, MIP_ST_SEQ_OUT_OF_WINDOW, cases[i].last);
		assert_true(ha_bound(env, MN1, &bce));
		assert_int_equal(bce.seq, cases[i].last);
		assert_addr(&bce.coa, COA_A);
	}
}

/* GEN-SEQ-02: no binding, any number */
static void gen_seq_02_any_number_at_first(void **state)
{
	struct env *env = *state;

	ha_bind(env, &(struct bu){ .seq = 65535 });
	ha_restart(env);
	ha_wait(env, SEC);
	ha_bind(env, &(struct bu){ .seq = 0 });
}

/* HA-BU-07 */
static void ha_bu_07_not_a_home_agent(void **state)
{
	struct env *env = *state;

	env->config.n_links = 0;
	ha_restart(env);
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 3 });
	assert_refused(env, MIP_ST_HOME_REG_NOT_SUPPORTED, 3);
}

/* HA-BU-08 */
static void ha_bu_08_outside_home_prefix(void **state)
{
	struct env *env = *state;

	ha_wait(env, SEC);
	ha_send_bu(env,
		   &(struct bu){ .hoa = "2001:db8:99::1", .spi = 259, .nai = "stray@example.com" });
	assert_refused(env, MIP_ST_NOT_HOME_SUBNET, 0);
}

/* HA-BU-09: our own address */
static void ha_bu_09_hoa_is_ours(void **state)
{
	struct env *env = *state;

	ha_add_key(env, 260, "evil@example.com", HA1, 128, KEY, MIP_REPLAY_DEFAULT);
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .hoa = HA1, .spi = 260, .nai = "evil@example.com" });
	assert_refused(env, MIP_ST_PROHIBITED, 0);
}

/* HA-BU-09, DEC-04: care-of address is a bound home address, our own, or in a virtual home link */
static void ha_bu_09_coa_is_a_hoa(void **state)
{
	struct env *env = *state;

	ha_wait(env, SEC);
	ha_bind(env, &(struct bu){ .hoa = MN2, .spi = 257, .nai = "mn2@example.com" });
	ha_send_bu(env, &(struct bu){ .seq = 1, .altcoa = MN2 });
	assert_refused(env, MIP_ST_INVALID_COA, 1);
	ha_send_bu(env, &(struct bu){ .seq = 2, .altcoa = HA1 });
	assert_refused(env, MIP_ST_INVALID_COA, 2);
	ha_send_bu(env, &(struct bu){ .seq = 3, .altcoa = "2001:db8:2::77" });
	assert_refused(env, MIP_ST_INVALID_COA, 3);
	/* a free address of a physical home link is an address like any other */
	ha_bind(env, &(struct bu){ .seq = 4, .altcoa = "2001:db8:1::77" });
}

/* HA-BU-09: limit of bindings */
static void ha_bu_09_resources(void **state)
{
	struct env *env = *state;

	env->config.max_bindings = 1;
	ha_restart(env);
	ha_wait(env, SEC);
	ha_bind(env, &(struct bu){ .seq = 1 });
	ha_send_bu(env, &(struct bu){ .hoa = MN2, .spi = 257, .nai = "mn2@example.com" });
	assert_refused(env, MIP_ST_INSUFFICIENT_RESOURCES, 0);
	/* the one that is there can still move */
	ha_wait(env, SEC);
	ha_bind(env, &(struct bu){ .seq = 2, .coa = COA_B });
}

/* HA-BU-10, NEMO-HA-02: NEMO is not configured */
static void nemo_ha_02_mobile_router(void **state)
{
	struct env *env = *state;

	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .flags = MIP_BU_A | MIP_BU_H | MIP_BU_R });
	assert_refused(env, MIP_ST_MR_NOT_PERMITTED, 8);
}

/* MCOA-HA-03: off */
static void mcoa_prohibited(void **state)
{
	struct env *env = *state;

	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 8, .bid = true });
	assert_refused(env, MIP_ST_MCOA_PROHIBITED, 8);
}

/* AUTH-05: too early and too late; low half copied, high half ours */
static void auth05_stale_timestamp(void **state)
{
	struct env *env = *state;
	uint64_t eight = mip_ntp_from_usec(8 * SEC) - mip_ntp_from_usec(0);
	struct mip_msg ba;

	ha_wait(env, 100 * SEC + 123456);
	for (int sign = -1; sign <= 1; sign += 2) {
		uint64_t timestamp = env->now.ntp + (uint64_t)sign * eight + 77;

		ha_send_bu(env, &(struct bu){ .seq = 5, .timestamp = timestamp });
		assert_refused(env, MIP_ST_ID_MISMATCH, 5);
		ba = ha_ba(env);
		assert_true(ba.opts.present & MIP_HAS_TIMESTAMP);
		assert_int_equal((uint32_t)ba.opts.timestamp, (uint32_t)timestamp);
		assert_int_equal(ba.opts.timestamp >> 32, env->now.ntp >> 32);
	}
	assert_false(ha_bound(env, MN1, NULL));
	assert_int_equal(ha_dropped(env, MIP_DROP_STALE_TIMESTAMP), 2);
}

/* AUTH-05: within the tolerance, and copied whole */
static void auth05_timestamp_copied(void **state)
{
	struct env *env = *state;
	uint64_t timestamp;

	ha_wait(env, 100 * SEC);
	timestamp = env->now.ntp - (mip_ntp_from_usec(6 * SEC) - mip_ntp_from_usec(0)) + 3;
	ha_bind(env, &(struct bu){ .seq = 5, .timestamp = timestamp });
	assert_int_equal(ha_ba(env).opts.timestamp, timestamp);
}

/* AUTH-05: greater than any accepted before */
static void auth05_replay(void **state)
{
	struct env *env = *state;
	uint64_t timestamp;

	ha_wait(env, 100 * SEC);
	timestamp = env->now.ntp;
	ha_bind(env, &(struct bu){ .seq = 5, .timestamp = timestamp });
	ha_wait(env, SEC);
	/* a higher sequence number does not help */
	ha_send_bu(env, &(struct bu){ .seq = 6, .timestamp = timestamp });
	assert_refused(env, MIP_ST_ID_MISMATCH, 6);
	ha_send_bu(env, &(struct bu){ .seq = 6, .timestamp = timestamp - 1 });
	assert_refused(env, MIP_ST_ID_MISMATCH, 6);
	ha_bind(env, &(struct bu){ .seq = 6, .timestamp = timestamp + 1 });
}

/* AUTH-05: policy requires it */
static void auth05_timestamp_missing(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .seq = 5, .no_timestamp = true });
	assert_refused(env, MIP_ST_MESG_ID_REQD, 5);
	assert_false(ha_ba(env).opts.present & MIP_HAS_TIMESTAMP);
}

/* ... but not where the security association says that sequence numbers do */
static void auth05_sequence_policy(void **state)
{
	struct env *env = *state;

	ha_bind(env, &(struct bu){ .hoa = MN2,
				   .spi = 257,
				   .nai = "mn2@example.com",
				   .seq = 1,
				   .no_timestamp = true });
	env->config.replay = MIP_REPLAY_SEQUENCE;
	ha_restart(env);
	ha_bind(env, &(struct bu){ .seq = 5, .no_timestamp = true });
	assert_false(ha_ba(env).opts.present & MIP_HAS_TIMESTAMP);
}

/* Our clock was set back by an hour: the mobile node is not locked out for that hour */
static void auth05_clock_set_back(void **state)
{
	struct env *env = *state;

	ha_wait(env, 100 * SEC);
	ha_bind(env, &(struct bu){ .seq = 5 });
	env->now.ntp -= UINT64_C(3600) << 32;
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 5 }); /* the number still protects */
	assert_refused(env, MIP_ST_SEQ_OUT_OF_WINDOW, 5);
	ha_bind(env, &(struct bu){ .seq = 6 });
}

/* What was signed before we started is not believed without a binding */
static void auth05_older_than_our_start(void **state)
{
	struct env *env = *state;
	uint64_t before = env->now.ntp;

	ha_wait(env, 2 * SEC);
	ha_restart(env);
	ha_wait(env, SEC);
	ha_send_bu(env, &(struct bu){ .seq = 1, .timestamp = before });
	assert_refused(env, MIP_ST_ID_MISMATCH, 1);
	ha_bind(env, &(struct bu){ .seq = 1 });
}

/* The lab setting: taken, but never past a key */
static void unprotected_only_when_told(void **state)
{
	struct env *env = *state;
	const struct bu bu = { .hoa = "2001:db8:1::200", .no_auth = true, .no_nai = true };

	ha_send_bu(env, &bu);
	assert_silent(env, MIP_DROP_NO_AUTH);

	env->config.allow_unprotected = true;
	ha_restart(env);
	assert_non_null(ha_logged(env, MIP_LOG_UNPROTECTED));
	assert_int_equal(ha_logged(env, MIP_LOG_UNPROTECTED)->level, MIP_LOG_WARNING);
	ha_bind(env, &bu);
	assert_false(ha_ba(env).opts.present & MIP_HAS_MN_HA);

	ha_send_bu(env, &(struct bu){ .no_auth = true, .no_nai = true });
	assert_silent(env, MIP_DROP_NO_AUTH);
	ha_restart(env);
	ha_send_bu(env, &(struct bu){ .hoa = MN2, .no_auth = true, .no_nai = true });
	assert_silent(env, MIP_DROP_NO_AUTH);
}

/* GEN-RH2-01 */
static void gen_rh2_01(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .rh2 = true });
	assert_silent(env, MIP_DROP_UNEXPECTED_RH2);
}

static void sent_to_somebody_else(void **state)
{
	struct env *env = *state;

	ha_send_bu(env, &(struct bu){ .dst = "2001:db8:1::9" });
	assert_silent(env, MIP_DROP_NOT_OURS);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, ha_setup, ha_teardown)
	const struct CMUnitTest tests[] = {
		T(accepts_what_is_right),
		T(auth04_unknown_sa),
		T(auth04_key_of_another),
		T(auth03_wrong_nai),
		T(auth03_nai_missing),
		T(auth03_nai_after_auth),
		T(auth04_option_missing),
		T(auth04_bad_mac),
		T(auth04_wrong_key),
		T(auth04_bad_mac_limited),
		T(ha_bu_02_no_hao),
		T(ha_bu_03_hoa_not_routable),
		T(ha_bu_03_coa_multicast),
		T(ha_bu_03_coa_unspecified),
		T(cn_bu_01_source_multicast),
		T(ha_bu_04_nonce_indices),
		T(ha_bu_05_h_taken_away),
		T(h0_is_left_alone),
		T(h0_with_key_is_left_alone),
		T(nemo_ha_04_r_changed),
		T(ha_bu_06_sequence),
		T(gen_seq_02_any_number_at_first),
		T(ha_bu_07_not_a_home_agent),
		T(ha_bu_08_outside_home_prefix),
		T(ha_bu_09_hoa_is_ours),
		T(ha_bu_09_coa_is_a_hoa),
		T(ha_bu_09_resources),
		T(nemo_ha_02_mobile_router),
		T(mcoa_prohibited),
		T(auth05_stale_timestamp),
		T(auth05_timestamp_copied),
		T(auth05_replay),
		T(auth05_timestamp_missing),
		T(auth05_sequence_policy),
		T(auth05_clock_set_back),
		T(auth05_older_than_our_start),
		T(unprotected_only_when_told),
		T(gen_rh2_01),
		T(sent_to_somebody_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
