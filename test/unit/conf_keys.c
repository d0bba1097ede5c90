// SPDX-License-Identifier: GPL-2.0-or-later
/* src/conf/keys.c */
#include "conf_test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/keys.h"

#define K16 "00112233445566778899aabbccddeeff"

static struct conf_report report;
static struct conf_keys keys;
static char file[] = "/tmp/conf_keys.XXXXXX";

static int parse(const char *text)
{
	conf_report_done(&report);
	conf_keys_done(&keys);
	return conf_keys_parse("keys", text, strlen(text), &keys, &report);
}

static int teardown(void **state)
{
	(void)state;
	conf_report_done(&report);
	conf_keys_done(&keys);
	return 0;
}

static void test_good(void **state)
{
	struct in6_addr hoa = addr("2001:db8:1::100"), net = addr("2001:db8:2::");
	const struct mip_key *k;

	(void)state;
	assert_int_equal(
		parse("# comment\n"
		      "\n"
		      "  \t \n"
		      "mn1@example.com\t2001:db8:1::100  256 hex:" K16 "\n"
		      "- 2001:db8:1::200 0x101 base64:AAECAwQFBgcICQoLDA0ODxAREhM= replay=sequence\r\n"
		      "mn3@example.com 2001:db8:2::/64 4294967295 " K16 K16 K16 K16
		      " replay=timestamp"),
		0);
	assert_int_equal(keys.n, 3);
	k = keys.key[0];
	assert_int_equal(k->spi, 256);
	assert_int_equal(k->key_len, 16);
	assert_int_equal(k->key[0], 0x00);
	assert_int_equal(k->key[15], 0xff);
	assert_int_equal(k->hoa_plen, 128);
	assert_memory_equal(&k->hoa, &hoa, sizeof(hoa));
	assert_int_equal(k->nai_len, 15);
	assert_memory_equal(k->nai, "mn1@example.com", 15);
	assert_int_equal(k->replay, MIP_REPLAY_DEFAULT);
	assert_int_equal(k->line, 4);
	k = keys.key[1];
	assert_int_equal(k->spi, 257);
	assert_int_equal(k->key_len, 20);
	assert_int_equal(k->key[19], 19);
	assert_int_equal(k->nai_len, 0);
	assert_int_equal(k->replay, MIP_REPLAY_SEQUENCE);
	k = keys.key[2];
	assert_int_equal(k->key_len, 64);
	assert_int_equal(k->hoa_plen, 64);
	assert_memory_equal(&k->hoa, &net, sizeof(net));
	assert_int_equal(k->replay, MIP_REPLAY_TIMESTAMP);
}

static void test_problems(void **state)
{
	(void)state;
	assert_int_equal(parse("- 2001:db8::1 256\n" /* 1 */
			       "- 2001:db8::1 255 " K16 "\n" /* 2 */
			       "- 2001:db8::1 256 0011\n" /* 3 */
			       "- 2001:db8::1 256 " K16 K16 K16 K16 "00\n" /* 4 */
			       "- 2001:db8::1 256 hex:xx" K16 "\n" /* 5 */
			       "- 2001:db8::1 256 " K16 "0\n" /* 6 */
			       "- 2001:db8::1 256 base64:AAEC*\n" /* 7 */
			       "- 2001:db8::1/64 256 " K16 "\n" /* 8 */
			       "- 2001:db8::/64 256 " K16 "\n" /* 9 */
			       "- fe80::1 256 " K16 "\n" /* 10 */
			       "a@b@c 2001:db8::1 256 " K16 "\n" /* 11 */
			       "- 2001:db8::1 256 " K16 " replay=no\n" /* 12 */
			       "- 2001:db8::1 256 " K16 " foo=bar\n" /* 13 */
			       "- 2001:db8::1 256 " K16 " a b c d e f g\n" /* 14 */
			       "- 2001:db8::1 4294967296 " K16 "\n" /* 15 */
			       "- 2001:db8::1 256 " K16 "\001\n"), /* 16 */
			 -EINVAL);
	expect_problem(&report, 1, "only 3 fields");
	expect_problem(&report, 2, "from 256");
	expect_problem(&report, 3, "has 2 octets; it takes 16 to 64");
	expect_problem(&report, 4, "has 65 octets");
	expect_problem(&report, 5, "neither hexadecimal nor base64");
	expect_problem(&report, 6, "neither hexadecimal nor base64");
	expect_problem(&report, 7, "neither hexadecimal nor base64");
	expect_problem(&report, 8, "bits behind the prefix");
	expect_problem(&report, 9, "needs a NAI");
	expect_problem(&report, 10, "not a home address");
	expect_problem(&report, 11, "not a network access identifier");
	expect_problem(&report, 12, "unknown replay protection");
	expect_problem(&report, 13, "field 5 is not known");
	expect_problem(&report, 14, "too many fields");
	expect_problem(&report, 15, "from 256 to 4294967295");
	expect_problem(&report, 16, "control character");
	expect_count(&report, 16);
	assert_null(keys.table);
}

static void test_duplicates(void **state)
{
	(void)state;
	assert_int_equal(parse("- 2001:db8::1 256 " K16 "\n"
			       "- 2001:db8::2 256 " K16 "\n"
			       "- 2001:db8::1 257 " K16 "\n"
			       "a@b 2001:db8:0:1::/64 300 " K16 "\n"
			       "- 2001:db8:0::1 0x100 " K16 "ff\n"
			       "a@b 2001:db8:0:1::/64 300 " K16 "ff\n"),
			 -EINVAL);
	expect_problem(&report, 5, "stands in line 1 already");
	expect_problem(&report, 6, "stands in line 4 already");
	expect_count(&report, 2);
}

/* Wherever the key stands, by mistake or not, no octet of it is told. */
static void test_no_key_in_report(void **state)
{
	static const char secret[] = "5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e7zz";
	static const char *const lines[] = {
		"%s\n",
		"- %s\n",
		"- 2001:db8::1 %s\n",
		"- 2001:db8::1 %s " K16 "\n",
		"- %s 256 " K16 "\n",
		"- 2001:db8::1/%s 256 " K16 "\n",
		"%s@@ 2001:db8::1 256 " K16 "\n",
		"- 2001:db8::1 256 %s\n",
		"- 2001:db8::1 256 hex:%s\n",
		"- 2001:db8::1 256 base64:%s*\n",
		"- 2001:db8::1 256 " K16 " %s\n",
		"- 2001:db8::1 256 " K16 " replay=%s\n",
		"- 2001:db8::1 256 \001%s\n",
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof(text), lines[i], secret);
#pragma GCC diagnostic pop
		assert_int_equal(parse(text), -EINVAL);
		for (unsigned int j = 0; j < report.n_problem; j++)
			assert_null(strstr(report.problem[j].text, "5ec2"));
	}
}

static void test_find(void **state)
{
	struct in6_addr a = addr("2001:db8::1"), b = addr("2001:db8::2"), c = addr("2001:db9::1");
	size_t n;

	(void)state;
	assert_int_equal(parse("- 2001:db8::1 256 " K16 "\n"
			       "a@b 2001:db8::/64 300 " K16 "\n"
			       "c@d 2001:db8::/64 300 " K16 "\n"
			       "e@f 2001:db8::/64 301 " K16 "\n"),
			 0);
	/* The address itself goes before the prefix. */
	assert_int_equal(conf_keys_find(&keys, &a, 0, "", &n)->line, 1);
	assert_int_equal(conf_keys_find(&keys, &a, 301, "", &n)->line, 4);
	assert_null(conf_keys_find(&keys, &b, 0, "", &n));
	assert_int_equal(n, 3);
	assert_null(conf_keys_find(&keys, &b, 300, "", &n));
	assert_int_equal(n, 2);
	assert_int_equal(conf_keys_find(&keys, &b, 300, "c@d", &n)->line, 3);
	assert_int_equal(conf_keys_find(&keys, &b, 0, "a@b", &n)->line, 2);
	assert_int_equal(conf_keys_find(&keys, &a, 256, "x@y", &n)->line, 1);
	assert_null(conf_keys_find(&keys, &b, 0, "a@bc", &n));
	assert_int_equal(n, 0);
	assert_null(conf_keys_find(&keys, &c, 0, "", &n));
	assert_int_equal(n, 0);
}

static int load(bool must_exist)
{
	conf_report_done(&report);
	conf_keys_done(&keys);
	return conf_keys_load(file, must_exist, &keys, &report);
}

static void put(const char *text, mode_t mode)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(file, mode), 0);
}

static void test_file(void **state)
{
	static const char line[] = "- 2001:db8::1 256 " K16 "\n";
	char other[sizeof(file) + 8];
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	put(line, 0600);
	assert_int_equal(load(true), 0);
	assert_int_equal(keys.n, 1);
	put(line, 0400);
	assert_int_equal(load(true), 0);
	put(line, 0640);
	assert_int_equal(load(true), -EINVAL);
	expect_problem(&report, 0, "open to other users (mode 0640)");
	put(line, 0604);
	assert_int_equal(load(true), -EINVAL);
	expect_problem(&report, 0, "chmod 600");
	/* A symbolic link does not hide it. */
	snprintf(other, sizeof(other), "%s.target", file);
	assert_int_equal(rename(file, other), 0);
	assert_int_equal(symlink(other, file), 0);
	assert_int_equal(load(true), -EINVAL);
	assert_int_equal(chmod(other, 0600), 0);
	assert_int_equal(load(true), 0);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(unlink(other), 0);

	assert_int_equal(load(true), -EINVAL);
	expect_problem(&report, 0, "is not there");
	assert_int_equal(load(false), 0);
	assert_int_equal(keys.n, 0);
	put("# none\n", 0600);
	assert_int_equal(load(true), -EINVAL);
	expect_problem(&report, 0, "holds no key");
	assert_int_equal(load(false), 0);
	if (geteuid() == 0) {
		put(line, 0600);
		assert_int_equal(chown(file, 12345, 0), 0);
		assert_int_equal(load(true), -EINVAL);
		expect_problem(&report, 0, "belongs to user 12345");
	}
	assert_int_equal(unlink(file), 0);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_int_equal(load(true), -EINVAL);
	expect_problem(&report, 0, "not a regular file");
	assert_int_equal(rmdir(file), 0);
}

static void test_credential(void **state)
{
	char dir[] = "/tmp/conf_cred.XXXXXX", path[64];
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/keys", dir);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", dir, 1), 0);
	/* The directory without the credential: the file is taken. */
	assert_int_equal(load(true), -EINVAL);
	assert_string_equal(report.problem[0].file, file);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("- 2001:db8::1 256 " K16 "\n", f);
	assert_int_equal(fclose(f), 0);
	/* An ACL's mask shows as group bits. */
	assert_int_equal(chmod(path, 0440), 0);
	assert_int_equal(load(true), 0);
	assert_int_equal(keys.n, 1);
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(load(true), -EINVAL);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),	   cmocka_unit_test(test_problems),
		cmocka_unit_test(test_duplicates), cmocka_unit_test(test_no_key_in_report),
		cmocka_unit_test(test_find),	   cmocka_unit_test(test_file),
		cmocka_unit_test(test_credential),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
