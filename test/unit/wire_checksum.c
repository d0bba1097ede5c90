// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/wire/checksum.c; sums of whole messages are in test/golden. */
#include "wire_test.h"

/* RFC 1071's own way: words added with end-around carry, most significant octet first. */
static uint16_t reference(const struct in6_addr *src, const struct in6_addr *dst,
			  const uint8_t *buf, size_t len)
{
	uint8_t all[40 + MIP_MH_OCTETS_MAX + 1] = { 0 };
	uint32_t sum = 0;

	memcpy(all, src, 16);
	memcpy(all + 16, dst, 16);
	all[34] = (uint8_t)(len >> 8);
	all[35] = (uint8_t)len;
	all[39] = 135;
	memcpy(all + 40, buf, len);
	if (len >= 6)
		all[44] = all[45] = 0;
	for (size_t i = 0; i < 40 + len; i += 2) {
		sum += (uint32_t)all[i] << 8 | all[i + 1];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

static void test_reference(void **state)
{
	static uint8_t buf[MIP_MH_OCTETS_MAX];
	struct in6_addr src = addr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
	struct in6_addr dst = addr("2001:db8::1");

	(void)state;
	for (unsigned int fill = 0; fill < 256; fill += 51) {
		for (size_t i = 0; i < sizeof(buf); i++)
			buf[i] = (uint8_t)(fill + (fill & 1) * i);
		for (size_t len = 0; len <= sizeof(buf); len++)
			assert_int_equal(mip_mh_checksum(&src, &dst, buf, len),
					 reference(&src, &dst, buf, len));
	}
}

static void test_ok_bounds(void **state)
{
	struct in6_addr a = addr("2001:db8::1"), b = addr("2001:db8::2");
	uint8_t buf[16] = { 59, 0, MIP_MH_BRR };

	(void)state;
	mip_mh_set_checksum(&a, &b, buf, 8);
	assert_true(mip_mh_checksum_ok(&a, &b, buf, 8));
	assert_true(mip_mh_checksum_ok(&b, &a, buf, 8));
	/* Octets behind the message do not belong to it. */
	buf[8] = 0xff;
	assert_true(mip_mh_checksum_ok(&a, &b, buf, 16));
	for (size_t len = 0; len < 8; len++)
		assert_false(mip_mh_checksum_ok(&a, &b, buf, len));
	buf[1] = 2;
	assert_false(mip_mh_checksum_ok(&a, &b, buf, 16));
}

/* Both zeros of one's complement are taken for each other. */
static void test_two_zeros(void **state)
{
	struct in6_addr a = addr("2001:db8::1"), b = addr("2001:db8::2");
	uint8_t buf[8] = { 59, 0, MIP_MH_BRR };
	bool found = false;

	(void)state;
	for (unsigned int i = 0; i < 65536 && !found; i++) {
		buf[6] = (uint8_t)(i >> 8);
		buf[7] = (uint8_t)i;
		found = mip_mh_checksum(&a, &b, buf, 8) == 0;
	}
	assert_true(found);
	buf[4] = buf[5] = 0;
	assert_true(mip_mh_checksum_ok(&a, &b, buf, 8));
	buf[4] = buf[5] = 0xff;
	assert_true(mip_mh_checksum_ok(&a, &b, buf, 8));
	buf[5] = 0xfe;
	assert_false(mip_mh_checksum_ok(&a, &b, buf, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_ok_bounds),
		cmocka_unit_test(test_two_zeros),
	};

	return cmocka_run_group_tests_name("wire_checksum", tests, NULL, NULL);
}
