// SPDX-License-Identifier: GPL-2.0-or-later
/* src/conf/had.c, and through it reader.c */
#include "conf_test.h"

#include <mip/time.h>

#define GOOD_LINK                    \
	"[home-link]\n"              \
	"interface = eth0\n"         \
	"prefix = 2001:db8:1::/64\n" \
	"address = 2001:db8:1::1\n"

static struct conf_report report;

static int parse(const char *text, struct had_conf *ret)
{
	conf_report_done(&report);
	return conf_parse_had("had.conf", text, strlen(text), ret, &report);
}

static int teardown(void **state)
{
	(void)state;
	conf_report_done(&report);
	return 0;
}

static void test_smallest(void **state)
{
	struct in6_addr address = addr("2001:db8:1::1");
	struct had_conf conf;

	(void)state;
	assert_int_equal(parse(GOOD_LINK, &conf), 0);
	assert_int_equal(conf.n_home_link, 1);
	assert_string_equal(conf.home_link[0].interface, "eth0");
	assert_string_equal(conf.home_link[0].name, "");
	assert_false(conf.home_link[0].is_virtual);
	assert_int_equal(conf.home_link[0].dad, CONF_DAD_OPTIMISTIC);
	assert_int_equal(conf.home_link[0].na_repeat, 1);
	assert_int_equal(conf.home_link[0].prefix.plen, 64);
	assert_memory_equal(&conf.home_link[0].address, &address, sizeof(address));
	assert_true(conf.max_lifetime_usec == 3600 * MIP_USEC_PER_SEC);
	assert_int_equal(conf.max_bindings, MIP_BINDINGS_MAX);
	assert_int_equal(conf.security.replay, MIP_REPLAY_TIMESTAMP);
	assert_true(conf.security.timestamp_tolerance_usec == 7 * MIP_USEC_PER_SEC);
	assert_false(conf.security.allow_unprotected);
	assert_string_equal(conf.kernel.device, "mip0");
	assert_non_null(strstr(conf.security.keys, "/shisa/keys"));
}

static void test_everything(void **state)
{
	struct had_conf conf;

	(void)state;
	assert_int_equal(parse("\xef\xbb\xbf# a comment\n"
			       "; another\r\n"
			       "\n"
			       "[home-link lan]\r\n"
			       "  interface = br0\r\n"
			       "\tprefix: 2001:db8:1::/64\n"
			       "address=2001:db8:1::1 ; why not\n"
			       "dad = no\n"
			       "advertisements = 3\n"
			       "[ home-link ]\n",
			       &conf),
			 -EINVAL); /* "[ home-link ]" is none of ours */
	assert_int_equal(parse("\xef\xbb\xbf# a comment\n"
			       "[home-link lan]\r\n"
			       "  interface = br0\r\n"
			       "\tprefix: 2001:db8:1::/64\n"
			       "address=2001:db8:1::1 ; why not\n"
			       "dad = no\n"
			       "advertisements = 3\n"
			       "[home-link road]  # virtual\n"
			       "virtual = yes\n"
			       "prefix = 2001:db8:2::/48\n"
			       "address = 2001:db8:1::1\n"
			       "[registration]\n"
			       "max-lifetime = 10min\n"
			       "max-bindings = 7\n"
			       "refresh-advice = 5min\n"
			       "[security]\n"
			       "keys = /run/keys\n"
			       "replay = sequence\n"
			       "timestamp-tolerance = 10s\n"
			       "allow-unprotected = yes\n"
			       "[kernel]\n"
			       "device = mip7",
			       &conf),
			 0);
	assert_int_equal(conf.n_home_link, 2);
	assert_string_equal(conf.home_link[0].name, "lan");
	assert_string_equal(conf.home_link[0].interface, "br0");
	assert_int_equal(conf.home_link[0].dad, CONF_DAD_NO);
	assert_int_equal(conf.home_link[0].na_repeat, 3);
	assert_true(conf.home_link[1].is_virtual);
	assert_int_equal(conf.home_link[1].dad, CONF_DAD_NO);
	assert_int_equal(conf.home_link[1].prefix.plen, 48);
	assert_true(conf.max_lifetime_usec == 600 * MIP_USEC_PER_SEC);
	assert_int_equal(conf.max_bindings, 7);
	assert_true(conf.refresh_advice_usec == 300 * MIP_USEC_PER_SEC);
	assert_string_equal(conf.security.keys, "/run/keys");
	assert_int_equal(conf.security.replay, MIP_REPLAY_SEQUENCE);
	assert_true(conf.security.timestamp_tolerance_usec == 10 * MIP_USEC_PER_SEC);
	assert_true(conf.security.allow_unprotected);
	assert_string_equal(conf.kernel.device, "mip7");
}

/* Every mistake at once, each with its line; the result is not touched. */
static void test_all_problems(void **state)
{
	struct had_conf conf, before;

	(void)state;
	memset(&conf, 0x5a, sizeof(conf));
	before = conf;
	assert_int_equal(parse("x = 1\n" /* 1 */
			       "[home-lnk]\n" /* 2 */
			       "whatever = 1\n" /* not again */
			       "[home-link]\n" /* 4 */
			       "interfce = eth0\n" /* 5 */
			       "prefix = 2001:db8:1::1/64\n" /* 6 */
			       "address = 2001:db8:2::1\n" /* 7 */
			       "address = fe80::1\n" /* 8 */
			       "[registration\n" /* 9 */
			       "[registration]\n" /* 10 */
			       "max-lifetime = 100h\n" /* 11 */
			       "device = mip1\n" /* 12 */
			       "[security]\n" /* 13 */
			       "replay = seqence\n" /* 14 */
			       "timestamp-tolerance = 7\n" /* 15 */
			       "allow-unprotected = true\n" /* 16 */
			       "just a line\n" /* 17 */
			       "keys =\n" /* 18 */
			       "[kernel x]\n" /* 19 */
			       "[kernel]\n" /* 20 */
			       "device = \001\n" /* 21 */
			       "[]\n", /* 22 */
			       &conf),
			 -EINVAL);
	expect_problem(&report, 1, "before the first section");
	expect_problem(&report, 2, "did you mean [home-link]?");
	expect_problem(&report, 4, "has no interface");
	expect_problem(&report, 5, "did you mean interface?");
	expect_problem(&report, 6, "write 2001:db8:1::/64");
	expect_problem(&report, 8, "given in line 7 already");
	expect_problem(&report, 9, "not closed");
	expect_problem(&report, 11, "out of range");
	expect_problem(&report, 12, "belongs to [kernel]");
	expect_problem(&report, 14, "timestamp, sequence");
	expect_problem(&report, 15, "has no unit");
	expect_problem(&report, 16, "neither yes nor no");
	expect_problem(&report, 17, "not understood");
	expect_problem(&report, 18, "has no value");
	expect_problem(&report, 19, "write [kernel]");
	expect_problem(&report, 21, "control character");
	expect_problem(&report, 22, "unknown section");
	expect_count(&report, 17);
	assert_memory_equal(&conf, &before, sizeof(conf));
}

static void test_missing(void **state)
{
	struct had_conf conf;

	(void)state;
	assert_int_equal(parse("", &conf), -EINVAL);
	expect_problem(&report, 0, "add a [home-link] section");
	expect_count(&report, 1);
	assert_int_equal(parse("\n[home-link]\n", &conf), -EINVAL);
	expect_problem(&report, 2, "has no interface");
	expect_problem(&report, 2, "has no prefix");
	expect_problem(&report, 2, "has no address");
	expect_count(&report, 3);
}

static void test_together(void **state)
{
	struct had_conf conf;

	(void)state;
	/* The home agent's address must be on the home link. */
	assert_int_equal(parse("[home-link]\ninterface = eth0\nprefix = 2001:db8:1::/64\n"
			       "address = 2001:db8:2::1\n",
			       &conf),
			 -EINVAL);
	expect_problem(&report, 4, "outside the home prefix");
	/* virtual and an interface exclude each other, and there is nothing to probe. */
	assert_int_equal(parse(GOOD_LINK "virtual = yes\ndad = yes\n", &conf), -EINVAL);
	expect_problem(&report, 2, "virtual home link has no interface");
	expect_problem(&report, 6, "nothing can be probed");
	assert_int_equal(parse(GOOD_LINK "dad = yes\n", &conf), 0);
	assert_int_equal(conf.home_link[0].dad, CONF_DAD_YES);
	assert_int_equal(parse(GOOD_LINK "dad = maybe\n", &conf), -EINVAL);
	expect_problem(&report, 5, "no, yes, optimistic");
	/* A prefix belongs to one link. */
	assert_int_equal(parse(GOOD_LINK "[home-link b]\nvirtual = yes\n"
					 "prefix = 2001:db8::/32\naddress = 2001:db8:1::1\n",
			       &conf),
			 -EINVAL);
	expect_problem(&report, 7, "overlaps");
}

static void test_limits(void **state)
{
	struct had_conf conf;
	char text[8192] = "", line[200];

	(void)state;
	for (int i = 0; i <= CONF_HOME_LINKS_MAX; i++) {
		snprintf(
			line, sizeof(line),
			"[home-link l%d]\nvirtual = yes\nprefix = 2001:db8:%d::/64\naddress = 2001:db8::1\n",
			i, i + 1);
		strcat(text, line);
	}
	assert_int_equal(parse(text, &conf), -EINVAL);
	expect_problem(&report, 4 * CONF_HOME_LINKS_MAX + 1, "more than 16 [home-link] sections");
	expect_count(&report, 1);

	/* A line that inih would cut in two is told, and is not read as two. */
	memset(line, 'x', sizeof(line));
	memcpy(line, "keys = /", 8);
	line[sizeof(line) - 1] = '\0';
	snprintf(text, sizeof(text), GOOD_LINK "[security]\n%s\n", line);
	assert_int_equal(parse(text, &conf), -EINVAL);
	expect_problem(&report, 6, "at most 190 are read");
	expect_count(&report, 1);
	/* But comments may be long. */
	line[0] = '#';
	snprintf(text, sizeof(text), GOOD_LINK "[security]\n%s\n", line);
	assert_int_equal(parse(text, &conf), 0);
	/* Names of sections are bounded. */
	assert_int_equal(parse("[home-link xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]\n", &conf), -EINVAL);
	expect_problem(&report, 1, "cannot name a section");
}

static void test_report_is_bounded(void **state)
{
	static char text[CONF_FILE_MAX];
	struct had_conf conf;

	(void)state;
	memset(text, '\n', sizeof(text));
	for (size_t i = 0; i < sizeof(text); i += 2)
		text[i] = 'x';
	conf_report_done(&report);
	assert_int_equal(conf_parse_had("f", text, sizeof(text), &conf, &report), -EINVAL);
	assert_int_equal(report.n_problem, CONF_PROBLEMS_MAX);
	assert_int_equal(report.n_problem + report.n_dropped, CONF_FILE_MAX / 2);
	conf_report_done(&report);
	assert_int_equal(conf_parse_had("f", text, CONF_FILE_MAX + 1, &conf, &report), -EINVAL);
	expect_problem(&report, 0, "at most 65536");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smallest),	  cmocka_unit_test(test_everything),
		cmocka_unit_test(test_all_problems),	  cmocka_unit_test(test_missing),
		cmocka_unit_test(test_together),	  cmocka_unit_test(test_limits),
		cmocka_unit_test(test_report_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
