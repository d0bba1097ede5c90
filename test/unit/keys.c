// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of security associations (RFC 4285 section 5.1). */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <mip/keys.h>

static struct in6_addr addr(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

static int add(struct mip_keys *keys, uint32_t spi, const char *nai, const char *hoa, uint8_t plen,
	       uint32_t line, const struct mip_key **ret_other)
{
	struct mip_key k = {
		.spi = spi,
		.hoa = addr(hoa),
		.hoa_plen = plen,
		.key_len = MIP_KEY_MIN,
		.nai_len = (uint8_t)strlen(nai),
		.nai = nai,
		.line = line,
	};

	memset(k.key, (int)line, sizeof(k.key));
	return mip_keys_add(keys, &k, ret_other);
}

/* The line of the key that is found, 0 for none. */
static uint32_t find(const struct mip_keys *keys, uint32_t spi, const char *nai, const char *hoa)
{
	struct in6_addr a = addr(hoa);
	const struct mip_key *key = mip_keys_find(keys, spi, &a, nai, strlen(nai));

	return key ? key->line : 0;
}

static void finding(void **state)
{
	struct mip_keys *keys = mip_keys_new();
	struct in6_addr a;

	(void)state;
	assert_int_equal(mip_keys_count(keys), 0);
	assert_int_equal(add(keys, 256, "a@x", "2001:db8::1", 128, 1, NULL), 0);
	assert_int_equal(add(keys, 257, "a@x", "2001:db8::1", 128, 2, NULL), 0);
	assert_int_equal(add(keys, 256, "", "2001:db8::2", 128, 3, NULL), 0);
	assert_int_equal(add(keys, 256, "p@x", "2001:db8:1::99", 64, 4, NULL), 0);
	assert_int_equal(add(keys, 256, "q@x", "2001:db8:1::", 64, 5, NULL), 0);
	assert_int_equal(add(keys, 256, "p@x", "2001:db8:2::", 64, 6, NULL), 0);
	assert_int_equal(mip_keys_count(keys), 6);

	assert_int_equal(find(keys, 256, "a@x", "2001:db8::1"), 1);
	assert_int_equal(find(keys, 257, "a@x", "2001:db8::1"), 2);
	assert_int_equal(find(keys, 258, "a@x", "2001:db8::1"), 0);
	assert_int_equal(find(keys, 256, "b@x", "2001:db8::1"), 0);
	/* a key with a NAI is not found without it */
	assert_int_equal(find(keys, 256, "", "2001:db8::1"), 0);
	/* one without does not mind */
	assert_int_equal(find(keys, 256, "", "2001:db8::2"), 3);
	assert_int_equal(find(keys, 256, "who@ever", "2001:db8::2"), 3);
	/* prefixes, told apart by NAI */
	assert_int_equal(find(keys, 256, "p@x", "2001:db8:1::5"), 4);
	assert_int_equal(find(keys, 256, "q@x", "2001:db8:1::5"), 5);
	assert_int_equal(find(keys, 256, "p@x", "2001:db8:2::5"), 6);
	assert_int_equal(find(keys, 256, "q@x", "2001:db8:2::5"), 0);

	a = addr("2001:db8::1");
	assert_true(mip_keys_cover(keys, &a));
	a = addr("2001:db8::3");
	assert_false(mip_keys_cover(keys, &a));
	a = addr("2001:db8:1::77");
	assert_true(mip_keys_cover(keys, &a));
	mip_keys_free(keys);
	assert_null(mip_keys_free(NULL));
	assert_int_equal(mip_keys_count(NULL), 0);
}

static void refusing(void **state)
{
	struct mip_keys *keys = mip_keys_new();
	const struct mip_key *other = NULL;
	struct mip_key k = { .spi = 256, .hoa_plen = 128, .key_len = 16, .nai = "" };
	char nai[300];

	(void)state;
	assert_int_equal(add(keys, 256, "a@x", "2001:db8::1", 128, 10, NULL), 0);
	assert_int_equal(add(keys, 256, "p@x", "2001:db8:1::", 64, 11, NULL), 0);
	assert_int_equal(add(keys, 256, "b@x", "2001:db8::1", 128, 12, &other), MIP_KEYS_DUPLICATE);
	assert_non_null(other);
	assert_int_equal(other->line, 10);
	/* a prefix in a prefix */
	assert_int_equal(add(keys, 256, "p@x", "2001:db8:1::", 80, 13, &other), MIP_KEYS_DUPLICATE);
	assert_int_equal(other->line, 11);
	assert_int_equal(add(keys, 256, "p@x", "2001:db8::", 32, 13, NULL), MIP_KEYS_DUPLICATE);
	assert_int_equal(add(keys, 255, "a@x", "2001:db8::9", 128, 1, NULL), MIP_KEYS_BAD_SPI);
	assert_int_equal(add(keys, 256, "", "2001:db8:9::", 64, 1, NULL), MIP_KEYS_BAD_NAI);
	assert_int_equal(add(keys, 256, "a@x", "fe80::1", 128, 1, NULL), MIP_KEYS_BAD_HOA);
	assert_int_equal(add(keys, 256, "a@x", "2001:db8::9", 0, 1, NULL), MIP_KEYS_BAD_HOA);
	assert_int_equal(add(keys, 256, "a@x", "2001:db8::9", 129, 1, NULL), MIP_KEYS_BAD_HOA);
	memset(nai, 'n', sizeof(nai));
	k.hoa = addr("2001:db8::9");
	k.nai = nai;
	k.nai_len = MIP_NAI_MAX + 1;
	assert_int_equal(mip_keys_add(keys, &k, NULL), MIP_KEYS_BAD_NAI);
	k.nai_len = MIP_NAI_MAX;
	k.key_len = MIP_KEY_MIN - 1;
	assert_int_equal(mip_keys_add(keys, &k, NULL), MIP_KEYS_BAD_LENGTH);
	k.key_len = MIP_KEY_MAX + 1;
	assert_int_equal(mip_keys_add(keys, &k, NULL), MIP_KEYS_BAD_LENGTH);
	k.key_len = MIP_KEY_MAX;
	assert_int_equal(mip_keys_add(keys, &k, NULL), MIP_KEYS_OK);
	assert_int_equal(mip_keys_count(keys), 3);
	for (int err = MIP_KEYS_NO_MEMORY; err <= MIP_KEYS_OK; err++)
		assert_string_not_equal(mip_keys_strerror(err), "unknown error");
	assert_string_equal(mip_keys_strerror(99), "unknown error");
	mip_keys_free(keys);
}

/* 100,000 keys: each is found, and quickly */
static void many(void **state)
{
	struct mip_keys *keys = mip_keys_new();
	struct timespec t0, t1;
	char hoa[64], nai[64];
	double sec;

	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (uint32_t i = 1; i <= 100000; i++) {
		snprintf(nai, sizeof(nai), "mn%u@example.com", i);
		snprintf(hoa, sizeof(hoa), "2001:db8:1::%x:%x", i >> 16, i & 0xffff);
		/* half of them by address, half all under one prefix */
		assert_int_equal(add(keys, 256, nai, hoa, i & 1 ? 128 : 64, i, NULL), 0);
	}
	for (uint32_t i = 1; i <= 100000; i++) {
		snprintf(nai, sizeof(nai), "mn%u@example.com", i);
		snprintf(hoa, sizeof(hoa), "2001:db8:1::%x:%x", i >> 16, i & 0xffff);
		assert_int_equal(find(keys, 256, nai, hoa), i);
	}
	clock_gettime(CLOCK_MONOTONIC, &t1);
	sec = (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
	/* half a second at most; a search through all of them would take minutes */
	assert_true(sec < 20);
	assert_int_equal(mip_keys_count(keys), 100000);
	mip_keys_free(keys);
}

static void wiping(void **state)
{
	uint8_t secret[32];
	static const uint8_t zero[32];

	(void)state;
	memset(secret, 0x5a, sizeof(secret));
	mip_wipe(secret, sizeof(secret));
	assert_memory_equal(secret, zero, sizeof(zero));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finding),
		cmocka_unit_test(refusing),
		cmocka_unit_test(many),
		cmocka_unit_test(wiping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
