// SPDX-License-Identifier: GPL-2.0-or-later
/* src/conf/value.c */
#include "conf_test.h"

#include <mip/time.h>

#include "conf/value.h"

static int duration(const char *text, uint64_t min, uint64_t max, uint64_t *ret)
{
	struct conf_word word = { .name = "x", .min = min, .max = max };
	char why[CONF_WHY_MAX] = "";
	int r = conf_value_duration(&word, text, ret, why);

	/* A refusal always says why, and what to do. */
	if (r < 0)
		assert_non_null(strstr(why, "; "));
	return r;
}

static void test_duration(void **state)
{
	static const struct {
		const char *text;
		uint64_t usec;
	} good[] = {
		{ "0", 0 },
		{ "0s", 0 },
		{ "1ms", 1000 },
		{ "500ms", 500000 },
		{ "7s", 7000000 },
		{ "7 s", 7000000 },
		{ "10min", 600000000 },
		{ "2h", UINT64_C(7200000000) },
	};
	static const char *const bad[] = { "",
					   "s",
					   "7",
					   "-1s",
					   "+1s",
					   "1.5s",
					   "1d",
					   "1S",
					   "1 m",
					   "0x1s",
					   "1s 2s",
					   "1s ",
					   "99999999999999999999999s",
					   "18446744073709551615h" };
	uint64_t usec;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(duration(good[i].text, 0, UINT64_MAX - 1, &usec), 0);
		assert_true(usec == good[i].usec);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		usec = 42;
		assert_int_equal(duration(bad[i], 0, UINT64_MAX - 1, &usec), -EINVAL);
		assert_int_equal(usec, 42);
	}
	assert_int_equal(duration("3999ms", 4000000, 8000000, &usec), -EINVAL);
	assert_int_equal(duration("4s", 4000000, 8000000, &usec), 0);
	assert_int_equal(duration("8s", 4000000, 8000000, &usec), 0);
	assert_int_equal(duration("8001ms", 4000000, 8000000, &usec), -EINVAL);
}

static void test_uint(void **state)
{
	struct conf_word word = { .min = 1, .max = 10 };
	static const char *const bad[] = { "0",	 "11", "-1", "+1",  " 1",
					   "1 ", "x",  "",   "1e1", "99999999999999999999",
					   "0x", "0xg" };
	char why[CONF_WHY_MAX];
	uint32_t v = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(conf_value_uint(&word, bad[i], &v, why), -EINVAL);
	assert_int_equal(v, 7);
	assert_int_equal(conf_value_uint(&word, "10", &v, why), 0);
	assert_int_equal(v, 10);
	assert_int_equal(conf_value_uint(&word, "0x9", &v, why), 0);
	assert_int_equal(v, 9);
	/* A leading 0 does not mean octal. */
	assert_int_equal(conf_value_uint(&word, "010", &v, why), 0);
	assert_int_equal(v, 10);
}

static void test_address(void **state)
{
	static const char *const bad[] = {
		"::",	     "::1",	      "ff02::1",  "fe80::1", "::ffff:1.2.3.4",
		"192.0.2.1", "2001:db8::/64", "2001:db8", "",	     "2001:db8::1%eth0"
	};
	struct in6_addr a, expected = addr("2001:db8::1");
	char why[CONF_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(conf_value_address(NULL, bad[i], &a, why), -EINVAL);
	assert_int_equal(conf_value_address(NULL, "2001:db8::1", &a, why), 0);
	assert_memory_equal(&a, &expected, sizeof(a));
	assert_int_equal(conf_value_address(NULL, "fd00::1", &a, why), 0);
}

static void test_prefix(void **state)
{
	static const char *const bad[] = {
		"2001:db8::",  "2001:db8::/0",		"2001:db8::/129", "2001:db8::/-1",
		"2001:db8::/", "2001:db8::/x",		"2001:db8::1/64", "fe80::/64",
		"/64",	       "2001:db8:0:0:8000::/64"
	};
	struct mip_prefix p;
	char why[CONF_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(conf_value_prefix(NULL, bad[i], &p, why), -EINVAL);
	assert_int_equal(conf_value_prefix(NULL, "2001:db8:1::/64", &p, why), 0);
	assert_int_equal(p.plen, 64);
	assert_int_equal(conf_value_prefix(NULL, "2001:db8:1::7/128", &p, why), 0);
	/* What would have been right is said. */
	assert_int_equal(conf_value_prefix(NULL, "2001:db8:1::1/63", &p, why), -EINVAL);
	assert_non_null(strstr(why, "write 2001:db8:1::/63"));
	assert_int_equal(conf_value_interface_address(NULL, "2001:db8:1::1/64", &p, why), 0);
	assert_int_equal(conf_value_interface_address(NULL, "2001:db8:1::1/128", &p, why), -EINVAL);
}

static void test_names(void **state)
{
	char why[CONF_WHY_MAX], name[IFNAMSIZ] = "", path[PATH_MAX];
	char nai[MIP_NAI_MAX + 1], longest[MIP_NAI_MAX + 2];

	(void)state;
	assert_int_equal(conf_value_interface(NULL, "eth0", name, why), 0);
	assert_string_equal(name, "eth0");
	assert_int_equal(conf_value_interface(NULL, "fifteen-letters", name, why), 0);
	assert_int_equal(conf_value_interface(NULL, "sixteen-letters-", name, why), -EINVAL);
	assert_int_equal(conf_value_interface(NULL, "a/b", name, why), -EINVAL);
	assert_int_equal(conf_value_interface(NULL, "..", name, why), -EINVAL);
	assert_int_equal(conf_value_interface(NULL, "a b", name, why), -EINVAL);
	assert_int_equal(conf_value_path(NULL, "/etc/shisa/keys", path, why), 0);
	assert_int_equal(conf_value_path(NULL, "keys", path, why), -EINVAL);

	assert_int_equal(conf_value_nai(NULL, "mn1@example.com", nai, why), 0);
	assert_int_equal(conf_value_nai(NULL, "mn1", nai, why), 0);
	assert_int_equal(conf_value_nai(NULL, "a@b@c", nai, why), -EINVAL);
	assert_int_equal(conf_value_nai(NULL, "a@", nai, why), -EINVAL);
	assert_int_equal(conf_value_nai(NULL, "a b", nai, why), -EINVAL);
	memset(longest, 'n', sizeof(longest));
	longest[MIP_NAI_MAX] = '\0';
	assert_int_equal(conf_value_nai(NULL, longest, nai, why), 0);
	longest[MIP_NAI_MAX] = 'n';
	longest[MIP_NAI_MAX + 1] = '\0';
	assert_int_equal(conf_value_nai(NULL, longest, nai, why), -EINVAL);
}

static void test_quote(void **state)
{
	char buf[CONF_QUOTE_MAX], text[1000];

	(void)state;
	assert_string_equal(conf_quote("5 weeks", buf, sizeof(buf)), "'5 weeks'");
	assert_string_equal(conf_quote("\033[31m\n", buf, sizeof(buf)), "'\\x1b[31m\\x0a'");
	for (size_t len = 0; len < sizeof(text); len += 13) {
		memset(text, len % 2 ? '\001' : 'x', len);
		text[len] = '\0';
		conf_quote(text, buf, sizeof(buf));
		assert_true(strlen(buf) < sizeof(buf));
		assert_int_equal(buf[strlen(buf) - 1], '\'');
	}
}

static void test_suggest(void **state)
{
	static const char *const words[] = { "interface", "prefix", "address", "dad" };

	(void)state;
	assert_string_equal(conf_suggest("interfce", words, 4), "interface");
	assert_string_equal(conf_suggest("INTERFACE", words, 4), "interface");
	assert_string_equal(conf_suggest("perfix", words, 4), "prefix");
	assert_string_equal(conf_suggest("adress", words, 4), "address");
	assert_string_equal(conf_suggest("dda", words, 4), "dad");
	assert_null(conf_suggest("lifetime", words, 4));
	assert_null(conf_suggest("", words, 4));
	assert_null(conf_suggest("a-word-that-is-much-longer-than-any-of-ours-here", words, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duration), cmocka_unit_test(test_uint),
		cmocka_unit_test(test_address),	 cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_names),	 cmocka_unit_test(test_quote),
		cmocka_unit_test(test_suggest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
