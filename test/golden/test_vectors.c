// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every golden message in both directions, octet for octet, with its checksum,
 * its MAC and its text; the keys of return routability; the anycast address.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <mip/auth.h>

#include "vectors.h"

static void test_decode(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_vectors; i++) {
		const struct vector *v = &vectors[i];
		struct mip_mh_info info;
		struct mip_msg msg;
		uint8_t buf[256];
		char text[512];
		size_t len = vector_octets(v->hex, buf, sizeof(buf));

		print_message("%s\n", v->name);
		assert_int_equal(mip_mh_decode(buf, len, &msg, &info), MIP_OK);
		assert_int_equal(info.len, len);
		assert_int_equal(info.n_unknown, v->msg.opts.n_raw);
		assert_int_equal(info.quirks, 0);
		assert_true(mip_mh_format(&msg, text, sizeof(text)) > 0);
		assert_string_equal(text, v->text);
		assert_memory_equal(&msg, &v->msg, sizeof(msg));
	}
}

static void test_encode(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_vectors; i++) {
		const struct vector *v = &vectors[i];
		uint8_t want[256], got[256];
		size_t want_len = vector_octets(v->hex, want, sizeof(want)), got_len;

		print_message("%s\n", v->name);
		assert_int_equal(mip_mh_encode(&v->msg, got, sizeof(got), &got_len, NULL), MIP_OK);
		mip_mh_set_checksum(v->src, v->dst, got, got_len);
		assert_int_equal(got_len, want_len);
		assert_memory_equal(got, want, want_len);
		/* One octet less is not enough, and is not exceeded. */
		memset(got, 0x55, sizeof(got));
		assert_int_equal(mip_mh_encode(&v->msg, got, want_len - 1, &got_len, NULL),
				 MIP_ERR_SPACE);
		assert_int_equal(got[want_len - 1], 0x55);
	}
}

static void test_checksum(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_vectors; i++) {
		const struct vector *v = &vectors[i];
		uint8_t buf[256];
		size_t len = vector_octets(v->hex, buf, sizeof(buf));

		print_message("%s\n", v->name);
		assert_true(mip_mh_checksum_ok(v->src, v->dst, buf, len));
		for (size_t octet = 0; octet < len; octet++) {
			buf[octet] ^= 0x01;
			assert_false(mip_mh_checksum_ok(v->src, v->dst, buf, len));
			buf[octet] ^= 0x01;
		}
		assert_false(mip_mh_checksum_ok(v->src, &in6addr_loopback, buf, len));
	}
}

static void test_tokens(void **state)
{
	uint8_t want[20], home[8], coa[8], kbm[20];

	(void)state;
	mip_rr_token(vector_kcn, &vector_hoa, vector_home_nonce, 8, true, home);
	vector_octets("4ef172de041f1ef1", want, sizeof(want));
	assert_memory_equal(home, want, 8);
	mip_rr_token(vector_kcn, &vector_coa, vector_coa_nonce, 8, false, coa);
	vector_octets("d0a704d6d8ac4895", want, sizeof(want));
	assert_memory_equal(coa, want, 8);
	mip_rr_kbm(home, coa, kbm);
	vector_octets("4de490b953b12db7ebd7c82eb26f94365a7c6d87", want, sizeof(want));
	assert_memory_equal(kbm, want, 20);
	mip_rr_kbm(home, NULL, kbm);
	vector_octets("6259b9133ed720e5ae07d7601e118f04378ba20c", want, sizeof(want));
	assert_memory_equal(kbm, want, 20);
}

static void vector_kbm(enum vector_mac mac, uint8_t kbm[MIP_KBM_OCTETS])
{
	uint8_t home[8], coa[8];

	mip_rr_token(vector_kcn, &vector_hoa, vector_home_nonce, 8, true, home);
	mip_rr_token(vector_kcn, &vector_coa, vector_coa_nonce, 8, false, coa);
	mip_rr_kbm(home, mac == VECTOR_MAC_RR ? coa : NULL, kbm);
}

static int vector_sign(const struct vector *v, uint8_t *buf, size_t len,
		       const struct mip_mh_info *info)
{
	uint8_t kbm[MIP_KBM_OCTETS];

	if (v->mac == VECTOR_MAC_MN_HA)
		return mip_auth_mn_ha_sign(vector_mn_ha_key, sizeof(vector_mn_ha_key), v->mac_coa,
					   &vector_hoa, buf, len, info);
	vector_kbm(v->mac, kbm);
	return mip_rr_sign(kbm, v->mac_coa, &vector_cn, buf, len, info);
}

static int vector_verify(const struct vector *v, const uint8_t *buf, size_t len,
			 const struct mip_mh_info *info)
{
	uint8_t kbm[MIP_KBM_OCTETS];

	if (v->mac == VECTOR_MAC_MN_HA)
		return mip_auth_mn_ha_verify(vector_mn_ha_key, sizeof(vector_mn_ha_key), v->mac_coa,
					     &vector_hoa, buf, len, info);
	vector_kbm(v->mac, kbm);
	return mip_rr_verify(kbm, v->mac_coa, &vector_cn, buf, len, info);
}

/* Signs each message anew, then changes every octet of it: only the checksum may change. */
static void test_macs(void **state)
{
	unsigned int n = 0;

	(void)state;
	for (size_t i = 0; i < n_vectors; i++) {
		const struct vector *v = &vectors[i];
		struct mip_msg msg = v->msg;
		struct mip_mh_info info;
		uint8_t want[256], buf[256];
		size_t len, want_len = vector_octets(v->hex, want, sizeof(want));

		if (v->mac == VECTOR_MAC_NONE)
			continue;
		print_message("%s\n", v->name);
		n++;
		memset(msg.opts.bad.data, 0, sizeof(msg.opts.bad.data));
		memset(msg.opts.mn_ha.data, 0, sizeof(msg.opts.mn_ha.data));
		assert_int_equal(mip_mh_encode(&msg, buf, sizeof(buf), &len, &info), MIP_OK);
		assert_int_equal(vector_verify(v, buf, len, &info), MIP_ERR_AUTH_FAIL);
		assert_int_equal(vector_sign(v, buf, len, &info), MIP_OK);
		mip_mh_set_checksum(v->src, v->dst, buf, len);
		assert_int_equal(len, want_len);
		assert_memory_equal(buf, want, len);
		assert_int_equal(mip_mh_decode(buf, len, &msg, &info), MIP_OK);
		assert_int_equal(vector_verify(v, buf, len, &info), MIP_OK);
		for (size_t octet = 0; octet < len; octet++) {
			buf[octet] ^= 0x80;
			if (octet == 4 || octet == 5)
				assert_int_equal(vector_verify(v, buf, len, &info), MIP_OK);
			else
				assert_int_not_equal(vector_verify(v, buf, len, &info), MIP_OK);
			buf[octet] ^= 0x80;
		}
	}
	assert_int_equal(n, 7);
}

static void test_anycast(void **state)
{
	struct mip_prefix prefix = { .plen = 64 };
	struct in6_addr got, want;

	(void)state;
	inet_pton(AF_INET6, "2001:db8:1::", &prefix.addr);
	inet_pton(AF_INET6, "2001:db8:1:0:fdff:ffff:ffff:fffe", &want);
	assert_int_equal(mip_home_agents_anycast(&prefix, &got), MIP_OK);
	assert_memory_equal(&got, &want, 16);
}

static void test_seq_window(void **state)
{
	static const struct {
		uint16_t last, new_seq;
		bool accept;
	} rows[] = {
		{ 15, 16, true },	{ 15, 32782, true },	 { 15, 32783, false },
		{ 15, 15, false },	{ 15, 14, false },	 { 32783, 32784, true },
		{ 32783, 14, true },	{ 32783, 15, false },	 { 32783, 32782, false },
		{ 10000, 42767, true }, { 10000, 42768, false }, { 42768, 0, true },
		{ 42768, 9999, true },	{ 10000, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(mip_seq_newer(rows[i].new_seq, rows[i].last), rows[i].accept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),	   cmocka_unit_test(test_encode),
		cmocka_unit_test(test_checksum),   cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_macs),	   cmocka_unit_test(test_anycast),
		cmocka_unit_test(test_seq_window),
	};

	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
