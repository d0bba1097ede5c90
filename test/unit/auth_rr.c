// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/auth/rr.c; the values of RFC 6275's formulas are in test/golden. */
#include "wire_test.h"

static void test_token(void **state)
{
	const uint8_t kcn[MIP_KCN_OCTETS] = { 1 }, other_kcn[MIP_KCN_OCTETS] = { 2 };
	const uint8_t nonce[8] = { 1 }, other_nonce[8] = { 2 };
	struct in6_addr a = addr("2001:db8::1"), b = addr("2001:db8::2");
	uint8_t token[8], other[8];

	(void)state;
	mip_rr_token(kcn, &a, nonce, 8, true, token);
	mip_rr_token(kcn, &a, nonce, 8, true, other);
	assert_memory_equal(token, other, 8);
	mip_rr_token(kcn, &a, nonce, 8, false, other);
	assert_memory_not_equal(token, other, 8);
	mip_rr_token(kcn, &b, nonce, 8, true, other);
	assert_memory_not_equal(token, other, 8);
	mip_rr_token(kcn, &a, other_nonce, 8, true, other);
	assert_memory_not_equal(token, other, 8);
	mip_rr_token(other_kcn, &a, nonce, 8, true, other);
	assert_memory_not_equal(token, other, 8);
}

static void test_sign_verify(void **state)
{
	struct mip_msg msg = { .type = MIP_MH_BU,
			       .bu = { 1, MIP_BU_A, 10 },
			       .opts = { .present = MIP_HAS_NONCE_INDICES | MIP_HAS_BAD,
					 .bad.len = MIP_BAD_OCTETS } };
	const uint8_t kbm[MIP_KBM_OCTETS] = { 3 }, other_kbm[MIP_KBM_OCTETS] = { 4 };
	struct in6_addr coa = addr("2001:db8::1"), cn = addr("2001:db8::2");
	struct mip_mh_info info;
	uint8_t buf[64];
	size_t len;

	(void)state;
	assert_int_equal(mip_mh_encode(&msg, buf, sizeof(buf), &len, &info), MIP_OK);
	assert_int_equal(mip_rr_sign(kbm, &coa, &cn, buf, len, &info), MIP_OK);
	assert_int_equal(mip_rr_verify(kbm, &coa, &cn, buf, len, &info), MIP_OK);
	assert_int_equal(mip_rr_verify(other_kbm, &coa, &cn, buf, len, &info), MIP_ERR_AUTH_FAIL);
	assert_int_equal(mip_rr_verify(kbm, &cn, &cn, buf, len, &info), MIP_ERR_AUTH_FAIL);
	assert_int_equal(mip_rr_verify(kbm, &coa, &coa, buf, len, &info), MIP_ERR_AUTH_FAIL);
}

/* Another length than 12 octets is not return routability's (CN-BU-03), however right they are. */
static void test_length(void **state)
{
	struct mip_msg msg = { .type = MIP_MH_BU, .opts = { .present = MIP_HAS_BAD } };
	const uint8_t kbm[MIP_KBM_OCTETS] = { 3 };
	struct in6_addr coa = addr("2001:db8::1"), cn = addr("2001:db8::2");
	struct mip_mh_info info;
	uint8_t buf[64];
	size_t len;

	(void)state;
	for (uint8_t n = 1; n <= MIP_MAC_OCTETS_MAX; n++) {
		int want = n == MIP_BAD_OCTETS ? MIP_OK : MIP_ERR_AUTH_ABSENT;

		msg.opts.bad.len = n;
		assert_int_equal(mip_mh_encode(&msg, buf, sizeof(buf), &len, &info), MIP_OK);
		assert_int_equal(mip_rr_sign(kbm, &coa, &cn, buf, len, &info), want);
		assert_int_equal(mip_rr_verify(kbm, &coa, &cn, buf, len, &info), want);
	}
	msg.opts.present = 0;
	assert_int_equal(mip_mh_encode(&msg, buf, sizeof(buf), &len, &info), MIP_OK);
	assert_int_equal(mip_rr_sign(kbm, &coa, &cn, buf, len, &info), MIP_ERR_AUTH_ABSENT);
	assert_int_equal(mip_rr_verify(kbm, &coa, &cn, buf, len, &info), MIP_ERR_AUTH_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_sign_verify),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests_name("auth_rr", tests, NULL, NULL);
}
