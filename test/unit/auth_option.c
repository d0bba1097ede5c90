// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/auth/option.c: RFC 4285. The value of a MN-HA MAC is in test/golden. */
#include "wire_test.h"

static const uint8_t key[16] = "0123456789abcdef";
static const uint8_t other_key[16] = "0123456789abcdeF";
static struct in6_addr coa, hoa;
static struct mip_msg msg;
static struct mip_mh_info info;
static uint8_t buf[256];
static size_t len;

static int setup(void **state)
{
	(void)state;
	coa = addr("2001:db8:2::2");
	hoa = addr("2001:db8:1::1");
	memset(&msg, 0, sizeof(msg));
	msg.type = MIP_MH_BU;
	msg.bu = (struct mip_bu){ 1, MIP_BU_A | MIP_BU_H, 10 };
	msg.opts.present = MIP_HAS_NAI | MIP_HAS_TIMESTAMP | MIP_HAS_MN_HA;
	msg.opts.nai_len = 3;
	memcpy(msg.opts.nai, "a@b", 3);
	msg.opts.mn_ha = (struct mip_opt_auth){ .spi = 256, .len = MIP_MAC_OCTETS };
	msg.opts.mn_aaa = (struct mip_opt_auth){ .spi = MIP_SPI_HMAC_SHA1, .len = 20 };
	return 0;
}

static void encode(void)
{
	assert_int_equal(mip_mh_encode(&msg, buf, sizeof(buf), &len, &info), MIP_OK);
}

static int verify(void)
{
	return mip_auth_mn_ha_verify(key, sizeof(key), &coa, &hoa, buf, len, &info);
}

static void test_mn_ha(void **state)
{
	(void)state;
	encode();
	assert_int_equal(mip_auth_mn_ha_sign(key, sizeof(key), &coa, &hoa, buf, len, &info),
			 MIP_OK);
	mip_mh_set_checksum(&hoa, &coa, buf, len);
	assert_int_equal(mip_mh_decode(buf, len, &msg, &info), MIP_OK);
	assert_int_equal(verify(), MIP_OK);
	assert_int_equal(mip_auth_mn_ha_verify(other_key, 16, &coa, &hoa, buf, len, &info),
			 MIP_ERR_AUTH_FAIL);
	assert_int_equal(mip_auth_mn_ha_verify(key, 16, &hoa, &hoa, buf, len, &info),
			 MIP_ERR_AUTH_FAIL);
	assert_int_equal(mip_auth_mn_ha_verify(key, 16, &coa, &coa, buf, len, &info),
			 MIP_ERR_AUTH_FAIL);
}

/* Every bit of the MAC counts. */
static void test_mac_bits(void **state)
{
	(void)state;
	encode();
	mip_auth_mn_ha_sign(key, sizeof(key), &coa, &hoa, buf, len, &info);
	for (unsigned int bit = 0; bit < MIP_MAC_OCTETS * 8; bit++) {
		uint8_t *octet = &buf[info.mn_ha_offset + bit / 8];

		*octet ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(verify(), MIP_ERR_AUTH_FAIL);
		*octet ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(verify(), MIP_OK);
}

static void test_key_length(void **state)
{
	static const uint8_t long_key[MIP_KEY_MAX + 1];

	(void)state;
	encode();
	for (size_t n = 0; n <= sizeof(long_key); n++) {
		int want = n < MIP_KEY_MIN || n > MIP_KEY_MAX ? MIP_ERR_AUTH_KEY : MIP_OK;

		assert_int_equal(mip_auth_mn_ha_sign(long_key, n, &coa, &hoa, buf, len, &info),
				 want);
		assert_int_equal(mip_auth_mn_ha_verify(long_key, n, &coa, &hoa, buf, len, &info),
				 want);
	}
}

static void test_absent(void **state)
{
	(void)state;
	msg.opts.present = MIP_HAS_NAI;
	encode();
	assert_int_equal(verify(), MIP_ERR_AUTH_ABSENT);
	assert_int_equal(mip_auth_mn_ha_sign(key, 16, &coa, &hoa, buf, len, &info),
			 MIP_ERR_AUTH_ABSENT);
	assert_int_equal(mip_auth_mn_aaa_verify(key, 16, &coa, &hoa, buf, len, &info),
			 MIP_ERR_AUTH_ABSENT);
}

/* A short MAC must not make guessing easier: every length but 12 fails. */
static void test_mac_length(void **state)
{
	(void)state;
	for (uint8_t n = 0; n <= MIP_MAC_OCTETS_MAX; n++) {
		msg.opts.mn_ha.len = n;
		encode();
		assert_int_equal(mip_auth_mn_ha_sign(key, 16, &coa, &hoa, buf, len, &info),
				 n == MIP_MAC_OCTETS ? MIP_OK : MIP_ERR_AUTH_ABSENT);
		assert_int_equal(verify(), n == MIP_MAC_OCTETS ? MIP_OK : MIP_ERR_AUTH_FAIL);
	}
}

static void test_order(void **state)
{
	static const uint8_t quirks[] = { MIP_QUIRK_NAI_AFTER_AUTH, MIP_QUIRK_AAA_BEFORE_HA,
					  MIP_QUIRK_AUTH_NOT_LAST };

	(void)state;
	encode();
	mip_auth_mn_ha_sign(key, 16, &coa, &hoa, buf, len, &info);
	for (size_t i = 0; i < sizeof(quirks); i++) {
		info.quirks = quirks[i];
		assert_int_equal(verify(), MIP_ERR_AUTH_ORDER);
		assert_int_equal(mip_auth_check_order(&info), MIP_ERR_AUTH_ORDER);
	}
	info.quirks = 0;
	assert_int_equal(verify(), MIP_OK);
}

/* An offset outside the message is not followed. */
static void test_offsets(void **state)
{
	(void)state;
	encode();
	mip_auth_mn_ha_sign(key, 16, &coa, &hoa, buf, len, &info);
	for (unsigned int offset = 1; offset < 2048; offset++) {
		struct mip_mh_info wrong = info;

		wrong.mn_ha_offset = (uint16_t)offset;
		if (offset != info.mn_ha_offset)
			assert_int_equal(mip_auth_mn_ha_verify(key, 16, &coa, &hoa, buf, len,
							       &wrong),
					 MIP_ERR_AUTH_FAIL);
	}
}

/* HMAC_SHA1(key, SHA1(coa | hoa | MH up to the SPI)), computed by hand with Python's hmac. */
static void test_mn_aaa(void **state)
{
	static const uint8_t want[20] = { 0x3e, 0x05, 0xbe, 0x2d, 0x7e, 0x54, 0xed,
					  0xad, 0xa3, 0xab, 0xb9, 0x0b, 0x6f, 0x27,
					  0x46, 0xde, 0x63, 0xbe, 0xfb, 0xec };

	(void)state;
	msg.opts.present = MIP_HAS_NAI | MIP_HAS_MN_AAA;
	encode();
	assert_int_equal(mip_auth_mn_aaa_sign(key, 16, &coa, &hoa, buf, len, &info), MIP_OK);
	assert_memory_equal(buf + info.mn_aaa_offset, want, 20);
	mip_mh_set_checksum(&hoa, &coa, buf, len);
	assert_int_equal(mip_auth_mn_aaa_verify(key, 16, &coa, &hoa, buf, len, &info), MIP_OK);
	assert_int_equal(mip_auth_mn_aaa_verify(other_key, 16, &coa, &hoa, buf, len, &info),
			 MIP_ERR_AUTH_FAIL);
	buf[7] ^= 1;
	assert_int_equal(mip_auth_mn_aaa_verify(key, 16, &coa, &hoa, buf, len, &info),
			 MIP_ERR_AUTH_FAIL);
}

static void test_both(void **state)
{
	(void)state;
	msg.opts.present |= MIP_HAS_MN_AAA;
	encode();
	assert_true(info.mn_ha_offset < info.mn_aaa_offset);
	assert_int_equal(mip_auth_mn_ha_sign(key, 16, &coa, &hoa, buf, len, &info), MIP_OK);
	assert_int_equal(mip_auth_mn_aaa_sign(other_key, 16, &coa, &hoa, buf, len, &info), MIP_OK);
	assert_int_equal(mip_mh_decode(buf, len, &msg, &info), MIP_OK);
	assert_int_equal(verify(), MIP_OK);
	assert_int_equal(mip_auth_mn_aaa_verify(other_key, 16, &coa, &hoa, buf, len, &info),
			 MIP_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_mn_ha, setup),
		cmocka_unit_test_setup(test_mac_bits, setup),
		cmocka_unit_test_setup(test_key_length, setup),
		cmocka_unit_test_setup(test_absent, setup),
		cmocka_unit_test_setup(test_mac_length, setup),
		cmocka_unit_test_setup(test_order, setup),
		cmocka_unit_test_setup(test_offsets, setup),
		cmocka_unit_test_setup(test_mn_aaa, setup),
		cmocka_unit_test_setup(test_both, setup),
	};

	return cmocka_run_group_tests_name("auth_option", tests, NULL, NULL);
}
