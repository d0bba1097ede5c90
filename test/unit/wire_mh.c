// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/wire/mh.c: the tests of the header in their order, and every damage to a message. */
#include "wire_test.h"

#include "../golden/vectors.h"

static int decode(const uint8_t *buf, size_t len, struct mip_mh_info *info)
{
	static struct mip_msg msg;

	return mip_mh_decode(buf, len, &msg, info);
}

static void test_header(void **state)
{
	uint8_t brr[8] = { 59 };
	struct mip_mh_info info;

	(void)state;
	assert_int_equal(decode(brr, 8, &info), MIP_OK);
	assert_int_equal(decode(brr, 7, &info), MIP_ERR_TRUNCATED);
	assert_int_equal(decode(brr, 0, &info), MIP_ERR_TRUNCATED);
	brr[1] = 1;
	assert_int_equal(decode(brr, 8, &info), MIP_ERR_TRUNCATED);
	brr[1] = 0;
	brr[3] = 0xff; /* Reserved */
	brr[6] = 0xff;
	assert_int_equal(decode(brr, 8, &info), MIP_OK);
}

/* RFC 6275 section 9.2: type, then Payload Proto, then Header Len. */
static void test_order_of_tests(void **state)
{
	uint8_t buf[8] = { 6, 0, 8 };
	struct mip_mh_info info;

	(void)state;
	assert_int_equal(decode(buf, 8, &info), MIP_ERR_MH_TYPE);
	assert_int_equal(info.type, 8);
	assert_int_equal(info.error_offset, 2);
	buf[2] = MIP_MH_HOT;
	assert_int_equal(decode(buf, 8, &info), MIP_ERR_PAYLOAD_PROTO);
	assert_int_equal(info.type, MIP_MH_HOT);
	assert_int_equal(info.error_offset, 0);
	buf[0] = 59;
	assert_int_equal(decode(buf, 8, &info), MIP_ERR_HDR_LEN);
	assert_int_equal(info.error_offset, 1);
	buf[1] = 2;
	assert_int_equal(decode(buf, 8, &info), MIP_ERR_TRUNCATED);
}

static void test_min_hdr_len(void **state)
{
	static const uint8_t min[] = { 0, 1, 1, 2, 2, 1, 1, 2 };
	struct mip_mh_info info;

	(void)state;
	for (unsigned int type = 0; type < 256; type++) {
		uint8_t buf[24] = { 59, 0, (uint8_t)type };

		if (type > MIP_MH_BE) {
			assert_int_equal(decode(buf, sizeof(buf), &info), MIP_ERR_MH_TYPE);
			continue;
		}
		assert_int_equal(mip_mh_min_hdr_len((uint8_t)type), min[type]);
		for (buf[1] = 0; buf[1] < min[type]; buf[1]++)
			assert_int_equal(decode(buf, sizeof(buf), &info), MIP_ERR_HDR_LEN);
		assert_int_equal(decode(buf, sizeof(buf), &info), MIP_OK);
	}
	assert_int_equal(mip_mh_min_hdr_len(13), 1);
	assert_int_equal(mip_mh_min_hdr_len(16), 1);
	assert_int_equal(mip_mh_min_hdr_len(255), 0);
}

/* RFC 8200 section 4.7: what stands behind "no next header" is ignored. */
static void test_octets_behind(void **state)
{
	uint8_t buf[24] = { 59, 0, MIP_MH_BRR, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff };
	struct mip_mh_info info;

	(void)state;
	assert_int_equal(decode(buf, sizeof(buf), &info), MIP_OK);
	assert_int_equal(info.len, 8);
}

static void test_untouched_on_failure(void **state)
{
	uint8_t buf[16] = { 59, 1, MIP_MH_BU, [12] = MIP_OPT_ALTCOA, 2 };
	struct mip_msg msg, before;
	struct mip_mh_info info;

	(void)state;
	memset(&msg, 0x5a, sizeof(msg));
	before = msg;
	assert_int_equal(mip_mh_decode(buf, sizeof(buf), &msg, &info), MIP_ERR_OPT_LEN);
	assert_memory_equal(&msg, &before, sizeof(msg));
}

/* The buffer is exactly as long as the message, so that the sanitizer sees a read behind it. */
static void test_truncations(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_vectors; i++) {
		uint8_t whole[256];
		size_t len = vector_octets(vectors[i].hex, whole, sizeof(whole));
		struct mip_mh_info info;

		for (size_t n = 0; n < len; n++) {
			uint8_t *cut = test_malloc(n);

			memcpy(cut, whole, n);
			assert_int_equal(decode(cut, n, &info), MIP_ERR_TRUNCATED);
			test_free(cut);
		}
		/* Header Len agrees with what is left: the options are cut. */
		for (size_t n = 8; n < len; n += 8) {
			uint8_t *cut = test_malloc(n);

			memcpy(cut, whole, n);
			cut[1] = (uint8_t)(n / 8 - 1);
			decode(cut, n, &info);
			test_free(cut);
		}
	}
}

/* Whatever is read can be shown, and, but for a few forms, written and read again as the same. */
static void survive(const uint8_t *buf, size_t len)
{
	static char text[MIP_MH_FORMAT_MAX];
	static uint8_t again[MIP_MH_OCTETS_MAX];
	struct mip_msg msg, msg2;
	struct mip_mh_info info;
	size_t again_len;

	if (mip_mh_decode(buf, len, &msg, &info) != MIP_OK)
		return;
	assert_true(mip_mh_format(&msg, text, sizeof(text)) > 0);
	if (mip_mh_encode(&msg, again, sizeof(again), &again_len, NULL) != MIP_OK)
		return;
	assert_int_equal(mip_mh_decode(again, again_len, &msg2, &info), MIP_OK);
	assert_memory_equal(&msg, &msg2, sizeof(msg));
}

static void test_octet_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_vectors; i++) {
		uint8_t *buf = test_malloc(strlen(vectors[i].hex) / 2);
		size_t len = vector_octets(vectors[i].hex, buf, strlen(vectors[i].hex) / 2);

		for (size_t octet = 0; octet < len; octet++) {
			uint8_t was = buf[octet];

			for (unsigned int value = 0; value < 256; value++) {
				buf[octet] = (uint8_t)value;
				survive(buf, len);
			}
			buf[octet] = was;
		}
		test_free(buf);
	}
}

/* A fixed sequence: a failure is repeatable. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void test_random(void **state)
{
	uint32_t seed = 20240601;

	(void)state;
	for (unsigned int round = 0; round < 20000; round++) {
		size_t len = 8 + next_random(&seed) % 40 * 8;
		uint8_t *buf = test_malloc(len);

		for (size_t i = 0; i < len; i++)
			buf[i] = (uint8_t)next_random(&seed);
		buf[0] = 59;
		buf[1] = (uint8_t)(len / 8 - 1);
		buf[2] = (uint8_t)(next_random(&seed) % 8);
		/* Plenty of numbers that mean something, so that options are met. */
		for (size_t i = 8; i < len; i++)
			if (next_random(&seed) % 3 == 0)
				buf[i] = (uint8_t)(next_random(&seed) % 46);
		survive(buf, len);
		test_free(buf);
	}
}

static void test_encode_limits(void **state)
{
	static uint8_t buf[MIP_MH_OCTETS_MAX];
	struct mip_msg msg = { .type = 8 };
	size_t len;

	(void)state;
	assert_int_equal(mip_mh_encode(&msg, buf, sizeof(buf), &len, NULL), MIP_ERR_INVAL);
	msg.type = MIP_MH_BE;
	for (size_t size = 0; size < 24; size++)
		assert_int_equal(mip_mh_encode(&msg, buf, size, &len, NULL), MIP_ERR_SPACE);
	assert_int_equal(mip_mh_encode(&msg, buf, 24, &len, NULL), MIP_OK);
	assert_int_equal(len, 24);
}

static void test_lifetime(void **state)
{
	(void)state;
	assert_true(mip_lifetime_usec(0) == 0);
	assert_true(mip_lifetime_usec(1) == 4000000);
	assert_true(mip_lifetime_usec(65535) == UINT64_C(262140000000));
	assert_int_equal(mip_lifetime_wire(3999999), 0);
	assert_int_equal(mip_lifetime_wire(4000000), 1);
	assert_int_equal(mip_lifetime_wire(UINT64_C(262140000000)), 65535);
	assert_int_equal(mip_lifetime_wire(MIP_USEC_INFINITY), 65535);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_order_of_tests),
		cmocka_unit_test(test_min_hdr_len),
		cmocka_unit_test(test_octets_behind),
		cmocka_unit_test(test_untouched_on_failure),
		cmocka_unit_test(test_truncations),
		cmocka_unit_test(test_octet_changes),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_encode_limits),
		cmocka_unit_test(test_lifetime),
	};

	return cmocka_run_group_tests_name("wire_mh", tests, NULL, NULL);
}
