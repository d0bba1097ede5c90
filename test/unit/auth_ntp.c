// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/auth/ntp.c */
#include "wire_test.h"

static void test_from_usec(void **state)
{
	(void)state;
	assert_true(mip_ntp_from_usec(0) == UINT64_C(2208988800) << 32);
	/* RFC 5905 figure 4: 1 January 2000 is 3155673600, the last second of era 0 is in 2036. */
	assert_true(mip_ntp_from_usec(UINT64_C(946684800500000)) ==
		    (UINT64_C(3155673600) << 32 | 0x80000000));
	assert_true(mip_ntp_from_usec(UINT64_C(2085978495000000)) >> 32 == UINT32_MAX);
	assert_true(mip_ntp_from_usec(UINT64_C(2085978496000000)) == 0);
}

static void test_diff(void **state)
{
	uint64_t t = mip_ntp_from_usec(UINT64_C(1700000000000000));
	uint64_t before_wrap = mip_ntp_from_usec(UINT64_C(2085978493000000));
	uint64_t after_wrap = mip_ntp_from_usec(UINT64_C(2085978499000000));

	(void)state;
	assert_true(mip_ntp_diff_usec(t, t) == 0);
	assert_true(mip_ntp_diff_usec(after_wrap, before_wrap) == 6000000);
	assert_true(mip_ntp_diff_usec(before_wrap, after_wrap) == -6000000);
	for (int64_t d = -10000000; d <= 10000000; d += 333333) {
		uint64_t u = mip_ntp_from_usec((uint64_t)(INT64_C(1700000000000000) + d));
		int64_t got = mip_ntp_diff_usec(u, t);

		assert_true(got >= d - 1 && got <= d + 1);
	}
	/* Half a circle away: no overflow, whatever the sign is. */
	mip_ntp_diff_usec(t, t + (UINT64_C(1) << 63));
	mip_ntp_diff_usec(0, UINT64_MAX);
}

static void test_newer(void **state)
{
	(void)state;
	assert_false(mip_ntp_newer(5, 5));
	assert_true(mip_ntp_newer(6, 5));
	assert_false(mip_ntp_newer(5, 6));
	assert_true(mip_ntp_newer(3, UINT64_MAX - 3));
	assert_false(mip_ntp_newer(UINT64_MAX - 3, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_usec),
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_newer),
	};

	return cmocka_run_group_tests_name("auth_ntp", tests, NULL, NULL);
}
