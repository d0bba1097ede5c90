// SPDX-License-Identifier: GPL-2.0-or-later
/* src/conf/load.c: files and drop-ins, and the samples that we ship */
#include "conf_test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/keys.h"

static char dir[] = "/tmp/conf_load.XXXXXX";
static struct conf_report report;

static const char *path(const char *name)
{
	static char buf[4][PATH_MAX];
	static unsigned int n;

	n = (n + 1) % 4;
	snprintf(buf[n], sizeof(buf[n]), "%s/%s", dir, name);
	return buf[n];
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(path(name), "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const names[] = { "f",	   "f.d/10.conf",
					     "f.d/9.conf", "f.d/.x.conf",
					     "f.d/readme", "f.d/l.conf",
					     "f.d",	   "" };

	(void)state;
	conf_report_done(&report);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(path(names[i]));
	return 0;
}

#define LINK "[home-link]\ninterface = eth0\nprefix = 2001:db8:1::/64\naddress = 2001:db8:1::1\n"

static void test_dropins(void **state)
{
	struct had_conf conf;

	(void)state;
	put("f", LINK "[registration]\nmax-bindings = 1\nmax-lifetime = 5min\n");
	assert_int_equal(mkdir(path("f.d"), 0755), 0);
	/* In the order of names, as text: 10 before 9. The last word holds. */
	put("f.d/10.conf", "[registration]\nmax-bindings = 10\n[home-link]\ninterface = br0\n");
	put("f.d/9.conf", "[registration]\nmax-bindings = 9\n[kernel]\ndevice = mip9\n");
	put("f.d/.x.conf", "nonsense");
	put("f.d/readme", "nonsense");
	assert_int_equal(conf_load_had(path("f"), &conf, &report), 0);
	assert_int_equal(conf.max_bindings, 9);
	assert_true(conf.max_lifetime_usec == 300000000);
	assert_string_equal(conf.home_link[0].interface, "br0");
	assert_int_equal(conf.n_home_link, 1);
	assert_string_equal(conf.kernel.device, "mip9");

	/* Problems carry the file that they are in. */
	put("f.d/9.conf", "[registration]\n\nmax-bindings = nine\n");
	assert_int_equal(conf_load_had(path("f"), &conf, &report), -EINVAL);
	expect_problem(&report, 3, "'nine' is not a number");
	assert_string_equal(report.problem[0].file, path("f.d/9.conf"));
	conf_report_done(&report);

	/* A link to nothing is no word less, but a mistake. */
	put("f.d/9.conf", "");
	assert_int_equal(symlink("/nonexistent/file", path("f.d/l.conf")), 0);
	assert_int_equal(conf_load_had(path("f"), &conf, &report), -EINVAL);
	expect_problem(&report, 0, "link to nothing");
	conf_report_done(&report);
}

static void test_absent(void **state)
{
	struct babymdd_conf md;
	struct had_conf had;

	(void)state;
	assert_int_equal(conf_load_had("/nonexistent/had.conf", &had, &report), -EINVAL);
	expect_problem(&report, 0, "is not there; copy the sample");
	expect_count(&report, 1);
	conf_report_done(&report);
	assert_int_equal(conf_load_babymdd("/nonexistent/babymdd.conf", &md, &report), 0);
	assert_int_equal(conf_load_had("/dev/null", &had, &report), -EINVAL);
	expect_problem(&report, 0, "not a regular file");
	conf_report_done(&report);
	assert_int_equal(conf_load_had(dir, &had, &report), -EINVAL);
	expect_problem(&report, 0, "not a regular file");
	conf_report_done(&report);
}

static void test_too_big(void **state)
{
	struct babymdd_conf md;
	int fd;

	(void)state;
	put("f", "");
	fd = open(path("f"), O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, CONF_FILE_MAX + 1), 0);
	close(fd);
	assert_int_equal(conf_load_babymdd(path("f"), &md, &report), -EINVAL);
	expect_problem(&report, 0, "more than 65536 octets");
	conf_report_done(&report);
}

/* The samples are good as they are. */
static void test_samples(void **state)
{
	struct babymdd_conf md;
	struct mnd_conf mnd;
	struct had_conf had;
	struct conf_keys keys;
	char text[4096];
	FILE *f;

	(void)state;
	assert_int_equal(conf_load_had(EXAMPLES "/had.conf", &had, &report), 0);
	assert_int_equal(conf_load_mnd(EXAMPLES "/mnd.conf", &mnd, &report), 0);
	assert_int_equal(conf_load_babymdd(EXAMPLES "/babymdd.conf", &md, &report), 0);
	f = fopen(EXAMPLES "/keys", "r");
	assert_non_null(f);
	assert_int_equal(
		conf_keys_parse("keys", text, fread(text, 1, sizeof(text), f), &keys, &report), 0);
	fclose(f);
	conf_keys_done(&keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dropins),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_too_big),
		cmocka_unit_test(test_samples),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
