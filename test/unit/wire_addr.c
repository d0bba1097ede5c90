// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/wire/addr.c: kinds of addresses, Home Address option, type 2 routing header. */
#include "wire_test.h"

static void test_unicast_routable(void **state)
{
	static const char *const yes[] = { "2001:db8::1", "fd00::1", "fc00::1", "2002::", "1::" };
	static const char *const no[] = { "::",	     "::1",	"fe80::1",	   "febf::1",
					  "ff02::1", "ff0e::1", "::ffff:192.0.2.1" };

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		struct in6_addr a = addr(yes[i]);

		assert_true(mip_addr_is_unicast_routable(&a));
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		struct in6_addr a = addr(no[i]);

		assert_false(mip_addr_is_unicast_routable(&a));
	}
}

/* Against a comparison bit by bit, for every prefix length and every single differing bit. */
static void test_in_prefix(void **state)
{
	struct mip_prefix prefix = { .addr = addr("2001:db8:5a5a:a5a5:1234:5678:9abc:def0") };

	(void)state;
	for (unsigned int plen = 0; plen < 256; plen++) {
		prefix.plen = (uint8_t)plen;
		assert_int_equal(mip_addr_in_prefix(&prefix.addr, &prefix), plen <= 128);
		for (unsigned int bit = 0; bit < 128; bit++) {
			struct in6_addr a = prefix.addr;

			a.s6_addr[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
			assert_int_equal(mip_addr_in_prefix(&a, &prefix),
					 plen <= 128 && bit >= plen);
		}
	}
}

static void test_anycast(void **state)
{
	struct mip_prefix prefix = { .addr = addr("2001:db8:1:2:3:4:5:6"), .plen = 48 };
	struct in6_addr got, want = addr("2001:db8:1:ffff:ffff:ffff:ffff:fffe");

	(void)state;
	assert_int_equal(mip_home_agents_anycast(&prefix, &got), MIP_OK);
	assert_memory_equal(&got, &want, 16);
	prefix.plen = 121;
	want = addr("2001:db8:1:2:3:4:5:7e");
	assert_int_equal(mip_home_agents_anycast(&prefix, &got), MIP_OK);
	assert_memory_equal(&got, &want, 16);
	prefix.plen = 122;
	assert_int_equal(mip_home_agents_anycast(&prefix, &got), MIP_ERR_INVAL);
}

static void test_hao(void **state)
{
	struct in6_addr hoa = addr("2001:db8:1::1"), got;
	const uint8_t want[24] = { 135, 2, 1, 2, 0, 0, 0xc9, 16, 0x20, 0x01, 0x0d, 0xb8,
				   0,	1, 0, 0, 0, 0, 0,    0,	 0,    0,    0,	   1 };
	uint8_t buf[24];

	(void)state;
	mip_hao_encode(&hoa, 135, buf);
	assert_memory_equal(buf, want, sizeof(want));
	assert_int_equal(mip_hao_decode(buf, sizeof(buf), &got), MIP_OK);
	assert_memory_equal(&got, &hoa, 16);
	for (size_t n = 0; n < sizeof(buf); n++) {
		uint8_t *cut = test_malloc(n);

		memcpy(cut, buf, n);
		assert_int_equal(mip_hao_decode(cut, n, &got), MIP_ERR_TRUNCATED);
		test_free(cut);
	}
}

static void test_hao_malformed(void **state)
{
	struct in6_addr hoa = addr("2001:db8:1::1"), got, multicast = addr("ff0e::1");
	uint8_t buf[48] = { 0 };

	(void)state;
	mip_hao_encode(&hoa, 59, buf);
	buf[7] = 15;
	assert_int_equal(mip_hao_decode(buf, 24, &got), MIP_ERR_OPT_LEN);
	buf[7] = 17;
	assert_int_equal(mip_hao_decode(buf, 24, &got), MIP_ERR_OPT_TRUNCATED);
	mip_hao_encode(&multicast, 59, buf);
	assert_int_equal(mip_hao_decode(buf, 24, &got), MIP_ERR_ADDRESS);
	/* Two of them, GEN-HAO-07. */
	mip_hao_encode(&hoa, 59, buf);
	memcpy(buf + 24, (uint8_t[]){ 1, 4, 0, 0, 0, 0, 0xc9, 16 }, 8);
	memcpy(buf + 32, &hoa, 16);
	buf[1] = 5;
	assert_int_equal(mip_hao_decode(buf, 48, &got), MIP_ERR_OPT_DUPLICATE);
	/* None: padding, and an option that we do not know. */
	memset(buf, 0, sizeof(buf));
	assert_int_equal(mip_hao_decode(buf, 8, &got), MIP_ERR_ABSENT);
	memcpy(buf + 2, (uint8_t[]){ 30, 4, 1, 2, 3, 4 }, 6);
	assert_int_equal(mip_hao_decode(buf, 8, &got), MIP_ERR_ABSENT);
	memcpy(buf + 2, (uint8_t[]){ 0, 0, 0, 0, 0, 0xc9 }, 6);
	assert_int_equal(mip_hao_decode(buf, 8, &got), MIP_ERR_OPT_TRUNCATED);
}

static void test_rh2(void **state)
{
	struct in6_addr hoa = addr("2001:db8:1::1"), link_local = addr("fe80::1"), got;
	const uint8_t want[24] = { 59, 2, 2, 1, 0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8,
				   0,  1, 0, 0, 0, 0, 0, 0, 0,	  0,	0,    1 };
	uint8_t buf[24];

	(void)state;
	mip_rh2_encode(&hoa, 59, buf);
	assert_memory_equal(buf, want, sizeof(want));
	assert_int_equal(mip_rh2_decode(buf, sizeof(buf), &got), MIP_OK);
	assert_memory_equal(&got, &hoa, 16);
	for (size_t n = 0; n < sizeof(buf); n++) {
		uint8_t *cut = test_malloc(n);

		memcpy(cut, buf, n);
		assert_int_equal(mip_rh2_decode(cut, n, &got), MIP_ERR_TRUNCATED);
		test_free(cut);
	}
	buf[3] = 0;
	assert_int_equal(mip_rh2_decode(buf, sizeof(buf), &got), MIP_OK);
	buf[3] = 2;
	assert_int_equal(mip_rh2_decode(buf, sizeof(buf), &got), MIP_ERR_RH_TYPE);
	buf[3] = 1;
	buf[2] = 0;
	assert_int_equal(mip_rh2_decode(buf, sizeof(buf), &got), MIP_ERR_RH_TYPE);
	buf[2] = 2;
	buf[1] = 4;
	assert_int_equal(mip_rh2_decode(buf, sizeof(buf), &got), MIP_ERR_RH_TYPE);
	mip_rh2_encode(&link_local, 59, buf);
	assert_int_equal(mip_rh2_decode(buf, sizeof(buf), &got), MIP_ERR_ADDRESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unicast_routable), cmocka_unit_test(test_in_prefix),
		cmocka_unit_test(test_anycast),		 cmocka_unit_test(test_hao),
		cmocka_unit_test(test_hao_malformed),	 cmocka_unit_test(test_rh2),
	};

	return cmocka_run_group_tests_name("wire_addr", tests, NULL, NULL);
}
