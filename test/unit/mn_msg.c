// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/role/mn_msg.c: what goes out, and what is believed of what comes in. */
#include "mn_test.h"

/* AUTH-01, -03, -05, NAI-01: what the Binding Update carries, and that its MAC is right. */
static void test_bu_protected(void **state)
{
	const struct in6_addr coa = COA_A, hoa = HOA;
	uint64_t first;
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	assert_true((t.bu.opts.present & (MIP_HAS_NAI | MIP_HAS_MN_HA | MIP_HAS_TIMESTAMP)) ==
		    (MIP_HAS_NAI | MIP_HAS_MN_HA | MIP_HAS_TIMESTAMP));
	assert_string_equal(t.bu.opts.nai, "mn1@example.com");
	assert_int_equal(t.bu.opts.mn_ha.spi, 0x1234);
	assert_int_equal(t.bu_info.quirks, 0);
	assert_true(t.bu.opts.timestamp == t.now.ntp);
	assert_int_equal(mip_auth_mn_ha_verify(t_key, 16, &coa, &hoa, t.bu_act.data, t.bu_act.len,
					       &t.bu_info),
			 MIP_OK);
	/* Greater than any before, also when the clock was set back. */
	first = t.bu.opts.timestamp;
	t.now.ntp -= UINT64_C(3600) << 32;
	t_to_b(&t);
	assert_true(mip_ntp_newer(t.bu.opts.timestamp, first));
	/* At home: the care-of address is the home address. */
	t_answer(&t, 0);
	t_wait(&t, SEC);
	t_home(&t);
	assert_false(t.bu.opts.present & MIP_HAS_ALTCOA);
	assert_int_equal(mip_auth_mn_ha_verify(t_key, 16, &hoa, &hoa, t.bu_act.data, t.bu_act.len,
					       &t.bu_info),
			 MIP_OK);
	t_free(&t);
}

static void test_bu_sequence_mode(void **state)
{
	struct t_mn t;

	(void)state;
	t_config(&t);
	t.config.home[0].sa.replay = MIP_REPLAY_SEQUENCE;
	t_start(&t);
	t_to_a(&t);
	assert_false(t.bu.opts.present & MIP_HAS_TIMESTAMP);
	assert_true(t.bu.opts.present & MIP_HAS_MN_HA);
	t_answer(&t, 0);
	assert_state(&t, "registered");
	t_free(&t);

	/* 145: the home agent wants one after all. */
	t_start(&t);
	t_to_a(&t);
	t_answer(&t, MIP_ST_MESG_ID_REQD);
	assert_state(&t, "registering");
	assert_true(t.bu.opts.present & MIP_HAS_TIMESTAMP);
	t_answer(&t, 0);
	assert_state(&t, "registered");
	t_free(&t);
}

static void test_unprotected(void **state)
{
	struct t_ba ba;
	struct t_mn t;

	(void)state;
	t_config(&t);
	t.config.allow_unprotected = true;
	memset(&t.config.home[0].sa, 0, sizeof(t.config.home[0].sa));
	t_start(&t);
	assert_true(t_logged(&t, MIP_LOG_UNPROTECTED));
	t_to_a(&t);
	assert_false(t.bu.opts.present & (MIP_HAS_MN_HA | MIP_HAS_NAI | MIP_HAS_TIMESTAMP));
	assert_true(t.bu.opts.present & MIP_HAS_ALTCOA);
	ba = t_good(&t, 0);
	ba.no_auth = true;
	t_deliver(&t, &ba);
	assert_state(&t, "registered");
	t_free(&t);
}

/* MN-BA-01: one thing wrong at a time, and nothing happens but a count. */
static void test_spoiled(void **state)
{
	static const uint8_t other_key[16] = "another 16 octet";
	static const enum mip_drop_reason reasons[] = {
		MIP_DROP_SEQ_MISMATCH,	     MIP_DROP_NO_AUTH,	MIP_DROP_AUTH_FAIL,
		MIP_DROP_AUTH_FAIL,	     MIP_DROP_NO_KEY,	MIP_DROP_TIMESTAMP_MISMATCH,
		MIP_DROP_TIMESTAMP_MISMATCH, MIP_DROP_NOT_PEER, MIP_DROP_NO_RH2,
		MIP_DROP_UNEXPECTED_HAO,     MIP_DROP_CHECKSUM,
	};
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	for (unsigned int i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		/* Also the statuses that would make it do most. */
		static const uint8_t statuses[] = { 0, MIP_ST_DAD_FAILED, MIP_ST_SEQ_OUT_OF_WINDOW,
						    MIP_ST_ID_MISMATCH };

		for (unsigned int j = 0; j < sizeof(statuses); j++) {
			uint64_t before = t_dropped(&t, reasons[i]);
			struct t_ba ba = t_good(&t, statuses[j]);

			switch (i) {
			case 0:
				if (statuses[j] == MIP_ST_SEQ_OUT_OF_WINDOW)
					continue;
				ba.seq++;
				break;
			case 1:
				ba.no_auth = true;
				break;
			case 2:
				ba.bad_mac = true;
				break;
			case 3:
				ba.key = other_key;
				break;
			case 4:
				ba.spi++;
				break;
			case 5:
				ba.timestamp = t.bu.opts.timestamp + 1;
				break;
			case 6:
				ba.no_timestamp = true;
				break;
			case 7:
				ba.src = ip("2001:db8:1::2");
				break;
			case 8:
				ba.no_rh2 = true;
				break;
			case 9:
				ba.with_hao = true;
				break;
			case 10:
				ba.bad_checksum = true;
				break;
			}
			t_deliver(&t, &ba);
			assert_int_equal(t_dropped(&t, reasons[i]), before + 1);
			assert_int_equal(t_deeds(&t), 0);
			assert_true(t_logged(&t, MIP_LOG_MESSAGE_DROPPED));
			assert_state(&t, "registering");
		}
	}
	assert_int_equal(t_status(&t).last_status, -1);
	t_answer(&t, 0);
	assert_state(&t, "registered");
	/* With nothing outstanding, not even 135 is believed. */
	t_answer(&t, MIP_ST_SEQ_OUT_OF_WINDOW);
	assert_true(t_dropped(&t, MIP_DROP_NO_PENDING) == 1);
	t_free(&t);
}

/* To the home address, by the tunnel: not how a home agent answers a node that is away. */
static void test_no_rh2(void **state)
{
	struct t_ba ba;
	struct t_mn t;

	(void)state;
	t_new(&t);
	t_to_a(&t);
	ba = t_good(&t, 0);
	ba.no_rh2 = true;
	t.bu_act.src = HOA;
	t_deliver(&t, &ba);
	assert_true(t_dropped(&t, MIP_DROP_NO_RH2) == 1);
	assert_state(&t, "registering");
	t_free(&t);
}

/* AUTH-05: 144 teaches the home agent's clock; the offset is kept. */
static void test_144(void **state)
{
	const uint64_t ahead = UINT64_C(5000) << 32;
	uint64_t theirs;
	struct t_ba ba;
	struct t_mn t;

	(void)state;
	for (int sign = 0; sign < 2; sign++) {
		t_new(&t);
		t_to_a(&t);
		theirs = sign ? t.now.ntp - ahead : t.now.ntp + ahead;
		ba = t_good(&t, MIP_ST_ID_MISMATCH);
		ba.timestamp = (theirs & UINT64_C(0xffffffff00000000)) |
			       (uint32_t)t.bu.opts.timestamp;
		t_deliver(&t, &ba);
		assert_state(&t, "registering");
		assert_int_equal(t.n_bu, 2);
		assert_true(llabs(mip_ntp_diff_usec(t.bu.opts.timestamp, theirs)) <=
			    (long long)SEC);
		t_answer(&t, 0);
		assert_state(&t, "registered");
		t_wait(&t, 10 * SEC);
		t_to_b(&t);
		theirs = sign ? t.now.ntp - ahead : t.now.ntp + ahead;
		assert_true(llabs(mip_ntp_diff_usec(t.bu.opts.timestamp, theirs)) <=
			    (long long)SEC);
		t_free(&t);
	}
}

/* What was accepted last stands a little above the home agent's clock: near and greater. */
static void test_144_after_accepted(void **state)
{
	uint64_t accepted;
	struct t_ba ba;
	struct t_mn t;

	(void)state;
	t_registered(&t);
	accepted = t.bu.opts.timestamp;
	t_wait(&t, SEC);
	t_to_b(&t);
	ba = t_good(&t, MIP_ST_ID_MISMATCH);
	ba.timestamp = ((accepted - (UINT64_C(3) << 32)) & UINT64_C(0xffffffff00000000)) |
		       (uint32_t)t.bu.opts.timestamp;
	t_deliver(&t, &ba);
	assert_true(mip_ntp_newer(t.bu.opts.timestamp, accepted));
	assert_true(mip_ntp_diff_usec(t.bu.opts.timestamp, accepted) < (int64_t)SEC);
	t_free(&t);
}

/* GEN-MH-02, GEN-BE-01 to -03 */
static void test_unknown_type(void **state)
{
	uint8_t buf[8] = { 59, 0, 77 };
	struct mip_event event = { .type = MIP_EV_MH,
				   .mh = { .data = buf, .len = 8, .checksum_ok = true } };
	const struct mip_action *act;
	struct mip_mh_info info;
	struct mip_msg msg;
	struct t_mn t;

	(void)state;
	t_registered(&t);
	event.mh.src = ip("2001:db8:ff::1");
	event.mh.dst = COA_A;
	event.mh.has_hao = true;
	event.mh.hao = ip("2001:db8:fe::1");
	t_input(&t, &event);
	act = t_find(&t, MIP_ACT_SEND_MH);
	assert_addr(act->send_mh.src, COA_A);
	assert_addr(act->send_mh.dst, event.mh.src);
	assert_false(act->send_mh.has_hao);
	assert_int_equal(mip_mh_decode(act->send_mh.data, act->send_mh.len, &msg, &info), MIP_OK);
	assert_int_equal(msg.type, MIP_MH_BE);
	assert_int_equal(msg.be.status, MIP_BE_UNKNOWN_MH_TYPE);
	assert_addr(msg.be.hoa, event.mh.hao);
	for (int i = 0; i < 1000; i++) {
		t_wait(&t, MSEC);
		t_input(&t, &event);
	}
	assert_in_range(t.n_be, 5, 11);
	/* To nobody of ours, or from nowhere: no answer. */
	t_wait(&t, SEC);
	event.mh.dst = COA_B;
	t_input(&t, &event);
	assert_int_equal(t_deeds(&t), 0);
	event.mh.dst = COA_A;
	event.mh.src = ip("ff02::1");
	t_input(&t, &event);
	assert_int_equal(t_deeds(&t), 0);
	t_free(&t);
}

/* Every kind of damage is counted and does nothing else. */
static void test_damage(void **state)
{
	uint8_t buf[MIP_MSG_MAX];
	struct mip_event event = { .type = MIP_EV_MH, .mh = { .data = buf, .checksum_ok = true } };
	uint64_t x = 88172645463325252U;
	struct t_mn t;

	(void)state;
	t_registered(&t);
	event.mh.src = HA;
	event.mh.dst = COA_A;
	event.mh.has_rh2 = true;
	event.mh.rh2 = HOA;
	for (int i = 0; i < 20000; i++) {
		for (size_t j = 0; j < sizeof(buf); j += 8) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			memcpy(&buf[j], &x, 8);
		}
		buf[0] = 59;
		buf[1] %= 32;
		buf[2] %= 8;
		event.mh.len = (size_t)(x % 300);
		t_input(&t, &event);
		assert_int_equal(t_deeds(&t), 0);
		assert_state(&t, "registered");
	}
	t_free(&t);
}

/* Messages of the other roles are left to them. */
static void test_other_types(void **state)
{
	static const uint8_t types[] = { MIP_MH_HOTI, MIP_MH_COTI, MIP_MH_HOT, MIP_MH_COT,
					 MIP_MH_BU };
	uint8_t buf[64];
	struct mip_event event = { .type = MIP_EV_MH, .mh = { .data = buf, .checksum_ok = true } };
	struct t_mn t;

	(void)state;
	t_registered(&t);
	event.mh.src = HA;
	event.mh.dst = HOA;
	for (unsigned int i = 0; i < sizeof(types); i++) {
		const struct mip_msg msg = { .type = types[i] };

		assert_int_equal(mip_mh_encode(&msg, buf, sizeof(buf), &event.mh.len, NULL), 0);
		t_input(&t, &event);
		assert_int_equal(t_deeds(&t), 0);
		assert_true(t_dropped(&t, MIP_DROP_UNEXPECTED_TYPE) == i + 1);
	}
	t_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bu_protected),
		cmocka_unit_test(test_bu_sequence_mode),
		cmocka_unit_test(test_unprotected),
		cmocka_unit_test(test_spoiled),
		cmocka_unit_test(test_144),
		cmocka_unit_test(test_no_rh2),
		cmocka_unit_test(test_144_after_accepted),
		cmocka_unit_test(test_unknown_type),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_other_types),
	};

	return cmocka_run_group_tests_name("mn_msg", tests, NULL, NULL);
}
