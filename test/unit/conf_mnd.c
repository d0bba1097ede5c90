// SPDX-License-Identifier: GPL-2.0-or-later
/* src/conf/mnd.c and src/conf/babymdd.c */
#include "conf_test.h"

#include <mip/time.h>

static struct conf_report report;

static int parse(const char *text, struct mnd_conf *ret)
{
	conf_report_done(&report);
	return conf_parse_mnd("mnd.conf", text, strlen(text), ret, &report);
}

static int parse_md(const char *text, struct babymdd_conf *ret)
{
	conf_report_done(&report);
	return conf_parse_babymdd("babymdd.conf", text, strlen(text), ret, &report);
}

static int teardown(void **state)
{
	(void)state;
	conf_report_done(&report);
	return 0;
}

static void test_mnd(void **state)
{
	struct in6_addr hoa = addr("2001:db8:1::100"), ha = addr("2001:db8:1::1");
	struct mnd_conf conf;

	(void)state;
	assert_int_equal(parse("[home]\nhome-address = 2001:db8:1::100/64\n"
			       "home-agent = 2001:db8:1::1\n"
			       "[home two]\nhome-address = 2001:db8:2::100/48\n"
			       "home-agent = 2001:db8:2::1\nlifetime = 20s\nspi = 0x101\n"
			       "nai = mn@example.com\n[kernel]\ntable = 1000\npriority = 99\n",
			       &conf),
			 0);
	assert_int_equal(conf.n_home, 2);
	assert_memory_equal(&conf.home[0].hoa, &hoa, sizeof(hoa));
	assert_memory_equal(&conf.home[0].home_agent, &ha, sizeof(ha));
	assert_int_equal(conf.home[0].hoa_plen, 64);
	assert_true(conf.home[0].lifetime_usec == 3600 * MIP_USEC_PER_SEC);
	assert_int_equal(conf.home[0].spi, 0);
	assert_string_equal(conf.home[0].nai, "");
	assert_int_equal(conf.home[1].hoa_plen, 48);
	assert_true(conf.home[1].lifetime_usec == 20 * MIP_USEC_PER_SEC);
	assert_int_equal(conf.home[1].spi, 0x101);
	assert_string_equal(conf.home[1].nai, "mn@example.com");
	assert_int_equal(conf.kernel.table, 1000);
	assert_int_equal(conf.kernel.priority, 99);
	assert_string_equal(conf.kernel.device, "mip0");
}

static void test_mnd_problems(void **state)
{
	struct mnd_conf conf;

	(void)state;
	assert_int_equal(parse("", &conf), -EINVAL);
	expect_problem(&report, 0, "add a [home] section");
	assert_int_equal(parse("[home]\n", &conf), -EINVAL);
	expect_problem(&report, 1, "add home-address");
	expect_problem(&report, 1, "add home-agent");
	assert_int_equal(parse("[home]\nhome-address = 2001:db8:1::1\n"
			       "home-agent = 2001:db8:1::1/64\nspi = 255\n"
			       "[home b]\nhome-address = 2001:db8:1::1/128\n"
			       "home-agent = ::1\nlifetime = 4s\n"
			       "[kernel]\ntable = 254\npriority = 32766\n",
			       &conf),
			 -EINVAL);
	expect_problem(&report, 2, "has no prefix length");
	expect_problem(&report, 3, "write the address alone");
	expect_problem(&report, 4, "from 256");
	expect_problem(&report, 6, "length of the home prefix");
	expect_problem(&report, 7, "cannot be used on the Internet");
	expect_problem(&report, 8, "from 8s");
	expect_problem(&report, 10, "from 256");
	expect_problem(&report, 11, "to 32765");
	expect_count(&report, 8);
	assert_int_equal(parse("[home]\nhome-address = 2001:db8:1::1/64\n"
			       "home-agent = 2001:db8:1::1\n"
			       "[home b]\nhome-address = 2001:db8:1::1/64\n"
			       "home-agent = 2001:db8:1::2\n",
			       &conf),
			 -EINVAL);
	expect_problem(&report, 3, "home address itself");
	expect_problem(&report, 5, "same home address");
	expect_count(&report, 2);
}

static void test_babymdd(void **state)
{
	struct babymdd_conf conf;

	(void)state;
	assert_int_equal(parse_md("", &conf), 0);
	assert_true(conf.hysteresis_usec == 500 * MIP_USEC_PER_MSEC);
	assert_true(conf.set_sysctls);
	assert_int_equal(babymdd_conf_find(&conf, "eth0").preference, 100);
	assert_false(babymdd_conf_find(&conf, "eth0").ignore);
	assert_int_equal(parse_md("[interface *]\nignore = yes\n[interface wlan0]\npreference = 7\n"
				  "[detector]\nhysteresis = 0\nset-sysctls = no\n",
				  &conf),
			 0);
	assert_true(conf.hysteresis_usec == 0);
	assert_false(conf.set_sysctls);
	assert_true(babymdd_conf_find(&conf, "eth0").ignore);
	assert_false(babymdd_conf_find(&conf, "wlan0").ignore);
	assert_int_equal(babymdd_conf_find(&conf, "wlan0").preference, 7);
	assert_int_equal(
		parse_md("[interface]\n[interface a/b]\n[interface sixteen-letters-]\n"
			 "[interface a]\npreference = 1001\n[detector]\nhysteresis = 61s\n",
			 &conf),
		-EINVAL);
	expect_problem(&report, 1, "lacks a name");
	expect_problem(&report, 2, "cannot name an interface");
	expect_problem(&report, 3, "cannot name an interface");
	expect_problem(&report, 5, "from 0 to 1000");
	expect_problem(&report, 7, "out of range");
	expect_count(&report, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mnd),
		cmocka_unit_test(test_mnd_problems),
		cmocka_unit_test(test_babymdd),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
