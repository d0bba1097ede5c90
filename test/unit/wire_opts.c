// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/wire/opts.c: lengths, limits, order, alignment of mobility options. */
#include "wire_test.h"

static uint8_t buf[MIP_MH_OCTETS_MAX];
static struct mip_msg msg;
static struct mip_mh_info info;

static int decode(const void *opts, size_t opts_len)
{
	size_t len = bu_with(buf, opts, opts_len);

	return mip_mh_decode(buf, len, &msg, &info);
}

/* An option of every length: only those of its RFC are taken. */
static void test_lengths(void **state)
{
	static const struct {
		uint8_t type;
		int subtype;
		uint8_t min, max;
	} rows[] = {
		{ MIP_OPT_REFRESH_ADVICE, -1, 2, 2 },
		{ MIP_OPT_ALTCOA, -1, 16, 16 },
		{ MIP_OPT_NONCE_INDICES, -1, 4, 4 },
		{ MIP_OPT_MNP, -1, 18, 18 },
		{ MIP_OPT_MH_LLA, MIP_MH_LLA_OF_MN, 2, 1 + MIP_LLA_OCTETS_MAX },
		{ MIP_OPT_MN_ID, MIP_MN_ID_NAI, 2, 255 },
		{ MIP_OPT_AUTH, MIP_AUTH_MN_HA, 5, 5 + MIP_MAC_OCTETS_MAX },
		{ MIP_OPT_AUTH, MIP_AUTH_MN_AAA, 5, 5 + MIP_MAC_OCTETS_MAX },
		{ MIP_OPT_TIMESTAMP, -1, 8, 8 },
		{ MIP_OPT_IPV4_HOA, -1, 6, 6 },
		{ MIP_OPT_IPV4_ACK, -1, 6, 6 },
		{ MIP_OPT_NAT_DETECTION, -1, 6, 6 },
		{ MIP_OPT_IPV4_COA, -1, 6, 6 },
		{ MIP_OPT_BID, -1, 0, 255 },
		{ 200, -1, 0, 255 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (unsigned int len = 0; len < 256; len++) {
			uint8_t opt[257] = { rows[i].type, (uint8_t)len };
			int err;

			if (rows[i].subtype >= 0 && len > 0)
				opt[2] = (uint8_t)rows[i].subtype;
			err = decode(opt, 2 + len);
			if (len >= rows[i].min && len <= rows[i].max) {
				assert_int_equal(err, MIP_OK);
				continue;
			}
			assert_int_equal(err, MIP_ERR_OPT_LEN);
			assert_int_equal(info.error_opt, rows[i].type);
			assert_int_equal(info.error_offset, 13);
		}
	}
}

/* TAHI: Parameter Problem points at the Length octet of a wrong Mobile Network Prefix option. */
static void test_error_offset(void **state)
{
	uint8_t opts[4 + 19] = { MIP_OPT_PADN, 2, 0, 0, MIP_OPT_MNP, 17 };

	(void)state;
	assert_int_equal(decode(opts, sizeof(opts)), MIP_ERR_OPT_LEN);
	assert_int_equal(info.error_opt, MIP_OPT_MNP);
	assert_int_equal(info.error_offset, 12 + 5);
}

static void test_overrun(void **state)
{
	uint8_t lone_type[4] = { 0, 0, 0, MIP_OPT_ALTCOA };
	uint8_t opt[4];

	(void)state;
	assert_int_equal(decode(lone_type, 4), MIP_ERR_OPT_TRUNCATED);
	for (unsigned int type = 1; type < 256; type++) {
		opt[0] = (uint8_t)type;
		opt[1] = 3;
		assert_int_equal(decode(opt, 4), MIP_ERR_OPT_TRUNCATED);
		opt[1] = 255;
		assert_int_equal(decode(opt, 4), MIP_ERR_OPT_TRUNCATED);
	}
}

static void test_padding(void **state)
{
	static uint8_t pads[2000];
	uint8_t noisy[] = { MIP_OPT_PADN, 4, 0xde, 0xad, 0xbe, 0xef };

	(void)state;
	assert_int_equal(decode(pads, sizeof(pads)), MIP_OK);
	assert_int_equal(decode(noisy, sizeof(noisy)), MIP_OK);
	assert_int_equal(info.n_unknown, 0);
	for (size_t i = 0; i + 1 < sizeof(pads); i += 2)
		pads[i] = MIP_OPT_PADN; /* PadN without data */
	assert_int_equal(decode(pads, sizeof(pads)), MIP_OK);
}

static void test_duplicates(void **state)
{
	static const struct {
		uint8_t type, first;
		uint8_t len;
	} rows[] = {
		{ MIP_OPT_REFRESH_ADVICE, 0, 2 },      { MIP_OPT_ALTCOA, 0, 16 },
		{ MIP_OPT_NONCE_INDICES, 0, 4 },       { MIP_OPT_MH_LLA, MIP_MH_LLA_OF_MN, 7 },
		{ MIP_OPT_MN_ID, MIP_MN_ID_NAI, 5 },   { MIP_OPT_AUTH, MIP_AUTH_MN_HA, 17 },
		{ MIP_OPT_AUTH, MIP_AUTH_MN_AAA, 25 }, { MIP_OPT_TIMESTAMP, 0, 8 },
		{ MIP_OPT_NAT_DETECTION, 0, 6 },       { MIP_OPT_IPV4_COA, 0, 6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t one = 2u + rows[i].len;
		uint8_t opts[64] = { rows[i].type, rows[i].len, rows[i].first };

		memcpy(opts + one, opts, one);
		assert_int_equal(decode(opts, one), MIP_OK);
		assert_int_equal(decode(opts, 2 * one), MIP_ERR_OPT_DUPLICATE);
		assert_int_equal(info.error_opt, rows[i].type);
	}
}

static void test_limits(void **state)
{
	static const struct {
		uint8_t type, len;
		unsigned int max;
	} rows[] = {
		{ MIP_OPT_MNP, 18, MIP_MNP_MAX },
		{ MIP_OPT_BID, 4, MIP_BID_MAX },
		{ MIP_OPT_BID, 20, MIP_BID_MAX },
		{ MIP_OPT_IPV4_HOA, 6, MIP_IPV4_HOA_MAX },
		{ MIP_OPT_IPV4_ACK, 6, MIP_IPV4_HOA_MAX },
	};
	static uint8_t opts[2000];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t one = 2u + rows[i].len;

		memset(opts, 0, sizeof(opts));
		for (size_t k = 0; (k + 1) * one <= sizeof(opts); k++) {
			opts[k * one] = rows[i].type;
			opts[k * one + 1] = rows[i].len;
		}
		assert_int_equal(decode(opts, rows[i].max * one), MIP_OK);
		assert_int_equal(decode(opts, (rows[i].max + 1) * one), MIP_ERR_OPT_LIMIT);
		assert_int_equal(decode(opts, sizeof(opts) / one * one), MIP_ERR_OPT_LIMIT);
	}
}

/* The hundred prefixes: 2000 octets of them. */
static void test_hundred_mnps(void **state)
{
	static uint8_t opts[100 * 20];

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		opts[i * 20] = MIP_OPT_MNP;
		opts[i * 20 + 1] = 18;
	}
	assert_int_equal(decode(opts, sizeof(opts)), MIP_ERR_OPT_LIMIT);
	assert_int_equal(info.error_opt, MIP_OPT_MNP);
}

static void test_unknown(void **state)
{
	uint8_t opts[] = { 99, 2, 1, 2, MIP_OPT_REFRESH_ADVICE, 2, 0, 7, 45, 0, MIP_OPT_MN_ID,
			   2,  3, 9 };

	(void)state;
	assert_int_equal(decode(opts, sizeof(opts)), MIP_OK);
	assert_int_equal(info.n_unknown, 3);
	assert_int_equal(info.first_unknown, 99);
	assert_int_equal(msg.opts.refresh_advice_wire, 7);
	assert_int_equal(msg.opts.n_raw, 3);
	assert_int_equal(msg.opts.raw[0].type, 99);
	assert_int_equal(msg.opts.raw[0].len, 2);
	assert_int_equal(msg.opts.raw_data[1], 2);
	assert_int_equal(msg.opts.raw[1].type, 45);
	assert_int_equal(msg.opts.raw[2].type, MIP_OPT_MN_ID);
}

/* More than can be kept is counted and left out. */
static void test_unknown_flood(void **state)
{
	static uint8_t opts[2036];

	(void)state;
	for (size_t i = 0; i < sizeof(opts); i += 2)
		opts[i] = 250;
	assert_int_equal(decode(opts, sizeof(opts)), MIP_OK);
	assert_int_equal(info.n_unknown, sizeof(opts) / 2);
	assert_int_equal(msg.opts.n_raw, MIP_RAW_OPT_MAX);
	for (size_t i = 0; i + 257 <= sizeof(opts); i += 257) {
		opts[i] = 250;
		opts[i + 1] = 255;
		memset(opts + i + 2, 1, 255);
	}
	assert_int_equal(decode(opts, 7 * 257), MIP_OK);
	assert_int_equal(info.n_unknown, 7);
	assert_int_equal(msg.opts.n_raw, 2);
	assert_int_equal(msg.opts.raw_used, 510);
}

static void test_bad_last(void **state)
{
	uint8_t opts[] = { MIP_OPT_NONCE_INDICES,
			   4,
			   0,
			   1,
			   0,
			   2,
			   MIP_OPT_BAD,
			   12,
			   1,
			   2,
			   3,
			   4,
			   5,
			   6,
			   7,
			   8,
			   9,
			   10,
			   11,
			   12,
			   0,
			   0,
			   0,
			   0,
			   0,
			   0,
			   0,
			   0 };

	(void)state;
	assert_int_equal(decode(opts, 20), MIP_OK);
	assert_int_equal(info.bad_offset, 12 + 8);
	assert_int_equal(msg.opts.bad.len, 12);
	assert_int_equal(decode(opts, 21), MIP_ERR_BAD_NOT_LAST);
	assert_int_equal(info.error_offset, 32);
	assert_int_equal(decode(opts, 28), MIP_ERR_BAD_NOT_LAST);
	opts[20] = MIP_OPT_REFRESH_ADVICE;
	opts[21] = 2;
	assert_int_equal(decode(opts, 28), MIP_ERR_BAD_NOT_LAST);
}

#define NAI  MIP_OPT_MN_ID, 2, MIP_MN_ID_NAI, 'a'
#define HA   MIP_OPT_AUTH, 5, MIP_AUTH_MN_HA, 0, 0, 1, 0
#define AAA  MIP_OPT_AUTH, 5, MIP_AUTH_MN_AAA, 0, 0, 0, 3
#define ADV  MIP_OPT_REFRESH_ADVICE, 2, 0, 1
#define PADN MIP_OPT_PADN, 1, 0
#define ODD  MIP_OPT_AUTH, 5, 77, 0, 0, 1, 0

static void test_quirks(void **state)
{
	static const struct {
		uint8_t opts[32];
		size_t len;
		uint8_t quirks;
	} rows[] = {
		{ { NAI, HA }, 11, 0 },
		{ { NAI, HA, PADN }, 14, 0 },
		{ { NAI, HA, AAA }, 18, 0 },
		{ { NAI, AAA, HA }, 18, MIP_QUIRK_AAA_BEFORE_HA },
		{ { HA, NAI }, 11, MIP_QUIRK_NAI_AFTER_AUTH | MIP_QUIRK_AUTH_NOT_LAST },
		{ { NAI, HA, ADV }, 15, MIP_QUIRK_AUTH_NOT_LAST },
		{ { NAI, HA, 99, 0 }, 13, MIP_QUIRK_AUTH_NOT_LAST },
		{ { NAI, HA, ADV, AAA }, 22, MIP_QUIRK_AUTH_NOT_LAST },
		{ { NAI, HA, ODD }, 18, 0 },
		{ { NAI, ODD, HA }, 18, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(decode(rows[i].opts, rows[i].len), MIP_OK);
		assert_int_equal(info.quirks, rows[i].quirks);
		assert_int_equal(mip_auth_check_order(&info),
				 rows[i].quirks ? MIP_ERR_AUTH_ORDER : MIP_OK);
	}
}

static void test_bid_forms(void **state)
{
	uint8_t opts[22] = { MIP_OPT_BID, 20, 0x12, 0x34, 7, 0x85, 0x20, 0x01, [21] = 9 };
	const struct mip_opt_bid *bid = &msg.opts.bid[0];

	(void)state;
	assert_int_equal(decode(opts, 22), MIP_OK);
	assert_int_equal(bid->bid, 0x1234);
	assert_int_equal(bid->status, 7);
	assert_true(bid->home_and_foreign);
	assert_int_equal(bid->pri, 5);
	assert_int_equal(bid->coa_type, MIP_BID_COA_IPV6);
	assert_int_equal(bid->coa.s6_addr[15], 9);
	opts[1] = 8;
	assert_int_equal(decode(opts, 10), MIP_OK);
	assert_int_equal(bid->coa_type, MIP_BID_COA_IPV4);
	assert_true(IN6_IS_ADDR_V4MAPPED(&bid->coa));
	opts[1] = 4;
	assert_int_equal(decode(opts, 6), MIP_OK);
	assert_int_equal(bid->coa_type, MIP_BID_COA_NONE);
	for (uint8_t len = 0; len < 21; len++) {
		if (len == 4 || len == 8 || len == 20)
			continue;
		opts[1] = len;
		assert_int_equal(decode(opts, 2u + len), MIP_OK);
		assert_int_equal(bid->coa_type, MIP_BID_COA_MALFORMED);
		assert_int_equal(bid->bid, len >= 2 ? 0x1234 : 0);
	}
}

static int encode(size_t *ret_len)
{
	return mip_mh_encode(&msg, buf, sizeof(buf), ret_len, &info);
}

static void start(uint8_t type)
{
	memset(&msg, 0, sizeof(msg));
	msg.type = type;
}

/* Every option begins where its RFC wants it, whatever stands before. */
static void test_alignment(void **state)
{
	static const struct {
		uint8_t type, x, y;
	} rows[] = {
		{ MIP_OPT_REFRESH_ADVICE, 2, 0 },
		{ MIP_OPT_ALTCOA, 8, 6 },
		{ MIP_OPT_NONCE_INDICES, 2, 0 },
		{ MIP_OPT_MNP, 8, 4 },
		{ MIP_OPT_AUTH, 4, 1 },
		{ MIP_OPT_TIMESTAMP, 8, 2 },
		{ MIP_OPT_IPV4_HOA, 4, 0 },
		{ MIP_OPT_IPV4_ACK, 4, 0 },
		{ MIP_OPT_NAT_DETECTION, 4, 0 },
		{ MIP_OPT_IPV4_COA, 4, 0 },
		{ MIP_OPT_BID, 2, 0 },
		{ 45, 2, 0 },
		{ 19, 4, 2 },
	};
	unsigned int seen = 0;
	size_t len;

	(void)state;
	for (uint8_t lla = 1; lla < 9; lla++) {
		start(MIP_MH_BU);
		msg.opts.present = MIP_HAS_REFRESH_ADVICE | MIP_HAS_ALTCOA | MIP_HAS_NONCE_INDICES |
				   MIP_HAS_MH_LLA | MIP_HAS_NAI | MIP_HAS_MN_HA | MIP_HAS_MN_AAA |
				   MIP_HAS_TIMESTAMP | MIP_HAS_NAT_DETECTION | MIP_HAS_IPV4_COA;
		msg.opts.n_mnp = 3;
		msg.opts.n_ipv4_hoa = 1;
		msg.opts.n_ipv4_ack = 1;
		msg.opts.n_bid = 3;
		msg.opts.bid[1].coa_type = MIP_BID_COA_IPV4;
		msg.opts.bid[2].coa_type = MIP_BID_COA_IPV6;
		msg.opts.lla_len = lla;
		msg.opts.nai_len = 1;
		msg.opts.n_raw = 2;
		msg.opts.raw[0].type = 45;
		msg.opts.raw[1].type = 19;
		msg.opts.mn_ha.len = 12;
		msg.opts.mn_aaa.len = 20;
		assert_int_equal(encode(&len), MIP_OK);
		assert_int_equal(len % 8, 0);
		assert_int_equal(info.mn_aaa_offset + 20, len); /* no padding behind it */
		for (size_t pos = 12; pos < len; pos += buf[pos] ? 2u + buf[pos + 1] : 1) {
			for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
				if (rows[i].type == buf[pos]) {
					assert_int_equal(pos % rows[i].x, rows[i].y);
					seen |= 1u << i;
				}
			if (buf[pos] == MIP_OPT_BID && buf[pos + 1] != 4)
				assert_int_equal(pos % 8, 2);
		}
	}
	assert_int_equal(seen, (1u << sizeof(rows) / sizeof(rows[0])) - 1);
}

/* MN-HA and BAD end the message, whatever stands before them. */
static void test_last_options(void **state)
{
	size_t len;

	(void)state;
	for (uint8_t nai = 1; nai < 17; nai++) {
		start(MIP_MH_BA);
		msg.opts.present = MIP_HAS_NAI | MIP_HAS_MN_HA;
		msg.opts.nai_len = nai;
		msg.opts.mn_ha.len = 12;
		assert_int_equal(encode(&len), MIP_OK);
		assert_int_equal(info.mn_ha_offset + 12, len);
		msg.opts.present = MIP_HAS_NAI | MIP_HAS_BAD;
		for (uint8_t mac = 1; mac <= 20; mac++) {
			msg.opts.bad.len = mac;
			assert_int_equal(encode(&len), MIP_OK);
			assert_int_equal(info.bad_offset + mac, len);
		}
	}
}

static void test_encode_invalid(void **state)
{
	size_t len;

	(void)state;
	start(MIP_MH_BU);
	msg.opts.n_mnp = MIP_MNP_MAX + 1;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	start(MIP_MH_BU);
	msg.opts.n_bid = MIP_BID_MAX + 1;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	start(MIP_MH_BU);
	msg.opts.n_bid = 1;
	msg.opts.bid[0].coa_type = MIP_BID_COA_MALFORMED;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	start(MIP_MH_BU);
	msg.opts.n_bid = 1;
	msg.opts.bid[0].pri = 0x80;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	start(MIP_MH_BU);
	msg.opts.n_ipv4_hoa = MIP_IPV4_HOA_MAX + 1;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	start(MIP_MH_BU);
	msg.opts.n_ipv4_ack = 1;
	msg.opts.ipv4_ack[0].plen = 64;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	start(MIP_MH_BU);
	msg.opts.present = MIP_HAS_NAI;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	start(MIP_MH_BU);
	msg.opts.present = MIP_HAS_MH_LLA;
	msg.opts.lla_len = MIP_LLA_OCTETS_MAX + 1;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	start(MIP_MH_BU);
	msg.opts.present = MIP_HAS_BAD;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	msg.opts.present = MIP_HAS_MN_HA;
	msg.opts.mn_ha.len = 21;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	msg.opts.mn_ha.len = 12;
	msg.opts.bad.len = 12;
	msg.opts.present = MIP_HAS_MN_HA | MIP_HAS_BAD;
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
}

/* A raw option must not smuggle in what has a field of its own. */
static void test_encode_raw(void **state)
{
	static const struct mip_opt_raw refused[] = {
		{ .type = MIP_OPT_PAD1 },
		{ .type = MIP_OPT_PADN },
		{ .type = MIP_OPT_ALTCOA, .len = 16 },
		{ .type = MIP_OPT_AUTH, .len = 17 },
		{ .type = MIP_OPT_MN_ID, .len = 0 },
		{ .type = MIP_OPT_MN_ID, .len = 5 },
		{ .type = 99, .len = 2, .offset = MIP_RAW_OCTETS_MAX - 1 },
		{ .type = 99, .offset = MIP_RAW_OCTETS_MAX + 1 },
	};
	size_t len;

	(void)state;
	start(MIP_MH_BU);
	msg.opts.n_raw = 1;
	memset(msg.opts.raw_data, MIP_MN_ID_NAI, sizeof(msg.opts.raw_data));
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		msg.opts.raw[0] = refused[i];
		assert_int_equal(encode(&len), MIP_ERR_INVAL);
	}
	msg.opts.n_raw = MIP_RAW_OPT_MAX + 1;
	for (size_t i = 0; i < MIP_RAW_OPT_MAX; i++)
		msg.opts.raw[i] = (struct mip_opt_raw){ .type = 99 };
	assert_int_equal(encode(&len), MIP_ERR_INVAL);
	msg.opts.n_raw = MIP_RAW_OPT_MAX;
	assert_int_equal(encode(&len), MIP_OK);
}

/* What can be in one message of ours fits MIP_MSG_MAX. */
static void test_largest(void **state)
{
	size_t len;

	(void)state;
	start(MIP_MH_BU);
	msg.opts.present = MIP_HAS_ALTCOA | MIP_HAS_NAI | MIP_HAS_MN_HA | MIP_HAS_TIMESTAMP |
			   MIP_HAS_MH_LLA;
	msg.opts.n_mnp = MIP_MNP_MAX;
	msg.opts.n_bid = MIP_BID_MAX;
	for (size_t i = 0; i < MIP_BID_MAX; i++)
		msg.opts.bid[i].coa_type = MIP_BID_COA_IPV6;
	msg.opts.nai_len = MIP_MN_ID_OCTETS_MAX;
	msg.opts.lla_len = 6;
	msg.opts.mn_ha.len = 12;
	assert_int_equal(encode(&len), MIP_OK);
	assert_true(len <= MIP_MSG_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),	       cmocka_unit_test(test_error_offset),
		cmocka_unit_test(test_overrun),	       cmocka_unit_test(test_padding),
		cmocka_unit_test(test_duplicates),     cmocka_unit_test(test_limits),
		cmocka_unit_test(test_hundred_mnps),   cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_unknown_flood),  cmocka_unit_test(test_bad_last),
		cmocka_unit_test(test_quirks),	       cmocka_unit_test(test_bid_forms),
		cmocka_unit_test(test_alignment),      cmocka_unit_test(test_last_options),
		cmocka_unit_test(test_encode_invalid), cmocka_unit_test(test_encode_raw),
		cmocka_unit_test(test_largest),
	};

	return cmocka_run_group_tests_name("wire_opts", tests, NULL, NULL);
}
