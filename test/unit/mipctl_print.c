// SPDX-License-Identifier: GPL-2.0-or-later
/* src/mipctl/print.c and fields.c, src/ctl/json.c: what users and programs see, to the letter */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <mip/time.h>

#include "ctl/ctl.h"
#include "mipctl/print.h"

static char *text;
static size_t len;
static struct print print;

static int setup(void **state)
{
	(void)state;
	print = (struct print){ .out = open_memstream(&text, &len) };
	return print.out ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	fclose(print.out);
	free(text);
	return 0;
}

/* What has been printed since the last time. */
static void expect(const char *expected)
{
	fclose(print.out);
	assert_string_equal(text, expected);
	free(text);
	print.out = open_memstream(&text, &len);
	assert_non_null(print.out);
}

static struct in6_addr addr(const char *string)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, string, &a), 1);
	return a;
}

static void print_list(const char *name, const struct print_field *fields, const json_t *records)
{
	struct print_list list = { .print = &print, .name = name, .fields = fields };
	const json_t *record;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)records, i, record)
		print_list_add(&list, record);
	print_list_end(&list);
}

static struct mip_bce some_bce(void)
{
	return (struct mip_bce){
		.hoa = addr("2001:db8:1::100"),
		.local = addr("2001:db8:1::1"),
		.coa = addr("2001:db8:2::5"),
		.flags = 0xc000,
		.seq = 7,
		.lifetime_usec = 599123456,
	};
}

static json_t *list_of(json_t *record)
{
	json_t *list = json_array();

	assert_non_null(record);
	assert_int_equal(json_array_append_new(list, record), 0);
	return list;
}

#define BC_JSON                                                                             \
	"{\"schema\":1,\"binding_cache\":[{\"hoa\":\"2001:db8:1::100\","                    \
	"\"coa\":\"2001:db8:2::5\",\"local\":\"2001:db8:1::1\",\"bid\":0,\"flags\":\"AH\"," \
	"\"seq\":7,\"home_ifindex\":0,\"lifetime_left\":599.123,\"mnp\":[]}]}\n"

static void test_bc(void **state)
{
	struct mip_bce bce = some_bce();
	json_t *list = list_of(ctl_json_bce(&bce));

	(void)state;
	print_list("binding_cache", print_bc_fields, list);
	expect("2001:db8:1::100 coa 2001:db8:2::5 flags AH seq 7 lifetime 599.123s\n"
	       "    local 2001:db8:1::1\n");
	print.oneline = true;
	print_list("binding_cache", print_bc_fields, list);
	expect("2001:db8:1::100 coa 2001:db8:2::5 flags AH seq 7 lifetime 599.123s"
	       " \\ local 2001:db8:1::1\n");
	print.json = true;
	print_list("binding_cache", print_bc_fields, list);
	expect(BC_JSON);
	/* A list of several, which is written as it comes. */
	json_array_append(list, json_array_get(list, 0));
	print_list("binding_cache", print_bc_fields, list);
	fflush(print.out);
	json_decref(list);
	list = json_loads(text, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(list, "binding_cache")), 2);
	json_decref(list);
}

static void test_bc_all_fields(void **state)
{
	struct mip_bce bce = some_bce();
	json_t *list;

	(void)state;
	bce.bid = 3;
	bce.flags = 0xfdff;
	bce.home_ifindex = 2;
	bce.lifetime_usec = MIP_USEC_INFINITY;
	bce.n_mnp = 2;
	bce.mnp[0] = (struct mip_prefix){ .addr = addr("2001:db8:aa::"), .plen = 48 };
	bce.mnp[1] = (struct mip_prefix){ .addr = addr("::ffff:192.0.2.0"), .plen = 120 };
	list = list_of(ctl_json_bce(&bce));
	json_object_set_new(json_array_get(list, 0), "home_interface", json_string("eth0"));
	json_object_set_new(json_array_get(list, 0), "lifetime", json_real(600));
	print_list("binding_cache", print_bc_fields, list);
	expect("2001:db8:1::100 bid 3 coa 2001:db8:2::5 flags AHLKRFO+0x08bf seq 7"
	       " lifetime forever of 600.000s\n"
	       "    local 2001:db8:1::1 home-link eth0 mnp 2001:db8:aa::/48,::ffff:192.0.2.0/120\n");
	json_decref(list);
}

static void test_bul(void **state)
{
	struct mip_bule bule = {
		.hoa = addr("2001:db8:1::100"),
		.hoa_plen = 64,
		.peer = addr("2001:db8:1::1"),
		.coa = addr("2001:db8:2::5"),
		.flags = 0xc000,
		.seq = 65535,
		.ifindex = 4,
		.state = MIP_BUL_REGISTERED,
		.lifetime_usec = 12000000,
	};
	json_t *list = list_of(ctl_json_bule(&bule));

	(void)state;
	print_list("binding_update_list", print_bul_fields, list);
	expect("2001:db8:1::100 state registered coa 2001:db8:2::5\n"
	       "    peer 2001:db8:1::1 flags AH seq 65535 lifetime 12.000s\n");
	print.json = print.pretty = true;
	print_list("binding_update_list", print_bul_fields, list);
	expect("{\n"
	       "  \"schema\": 1,\n"
	       "  \"binding_update_list\": [\n"
	       "    {\n"
	       "      \"hoa\": \"2001:db8:1::100\",\n"
	       "      \"hoa_plen\": 64,\n"
	       "      \"peer\": \"2001:db8:1::1\",\n"
	       "      \"coa\": \"2001:db8:2::5\",\n"
	       "      \"bid\": 0,\n"
	       "      \"flags\": \"AH\",\n"
	       "      \"seq\": 65535,\n"
	       "      \"ifindex\": 4,\n"
	       "      \"state\": \"registered\",\n"
	       "      \"lifetime_left\": 12.0,\n"
	       "      \"mnp\": []\n"
	       "    }\n"
	       "  ]\n"
	       "}\n");
	json_decref(list);
}

static void test_empty(void **state)
{
	json_t *list = json_array();

	(void)state;
	print_list("binding_cache", print_bc_fields, list);
	expect("");
	print.json = true;
	print_list("binding_cache", print_bc_fields, list);
	expect("{\"schema\":1,\"binding_cache\":[]}\n");
	print.pretty = true;
	print_list("binding_cache", print_bc_fields, list);
	expect("{\n  \"schema\": 1,\n  \"binding_cache\": []\n}\n");
	json_decref(list);
}

static void test_label_alone(void **state)
{
	json_t *record = json_pack("{s:s, s:b, s:b, s:s}", "name", "", "virtual", 1, "ready", 0,
				   "prefix", "2001:db8::/64");

	(void)state;
	print_record(&print, print_home_link_fields, record);
	expect("    home-link virtual prefix 2001:db8::/64\n");
	json_decref(record);
}

static void test_color(void **state)
{
	json_t *record = json_pack("{s:s, s:s}", "hoa", "2001:db8::1", "state", "failed");

	(void)state;
	print.color = true;
	print_record(&print, print_bul_fields, record);
	expect("\033[36m2001:db8::1\033[0m state \033[1;31mfailed\033[0m\n");
	json_object_set_new(record, "state", json_string("registered"));
	print_record(&print, print_bul_fields, record);
	expect("\033[36m2001:db8::1\033[0m state \033[32mregistered\033[0m\n");
	json_object_set_new(record, "state", json_string("registering"));
	print_record(&print, print_bul_fields, record);
	expect("\033[36m2001:db8::1\033[0m state \033[33mregistering\033[0m\n");
	json_decref(record);
}

/* Words that came from elsewhere do nothing to the terminal. */
static void test_hostile_text(void **state)
{
	json_t *record = json_pack("{s:s, s:s}", "hoa", "\033]0;x\a\n", "state", "\177");

	(void)state;
	print_record(&print, print_bul_fields, record);
	expect("\\x1b]0;x\\x07\\x0a state \\x7f\n");
	json_decref(record);
	record = json_pack("{s:s, s:s, s:[s]}", "event", "\033[2J", "\033k", "v", "list", "\r");
	print_event(&print, record);
	expect("\\x1b[2J \\x1bk v list \\x0d\n");
	json_decref(record);
}

static void test_event(void **state)
{
	struct mip_act_log log = {
		.event = MIP_LOG_MN_REGISTERED,
		.level = MIP_LOG_INFO,
		.hoa = addr("2001:db8:1::100"),
		.coa = addr("2001:db8:2::5"),
		.seq = 12,
		.lifetime_usec = 600000000,
	};
	json_t *event = ctl_json_log(&log);

	(void)state;
	assert_non_null(event);
	json_object_set_new(event, "daemon", json_string("mnd"));
	json_object_set_new(event, "time", json_string("2026-11-23T17:00:00.000Z"));
	print_event(&print, event);
	expect("mnd MN_REGISTERED level info hoa 2001:db8:1::100 coa 2001:db8:2::5 seq 12"
	       " status 0 lifetime 600.000\n");
	print.timestamp = true;
	print_event(&print, event);
	expect("2026-11-23T17:00:00.000Z mnd MN_REGISTERED level info hoa 2001:db8:1::100"
	       " coa 2001:db8:2::5 seq 12 status 0 lifetime 600.000\n");
	print.json = true;
	print.pretty = true; /* stays on one line all the same */
	print_event(&print, event);
	expect("{\"event\":\"MN_REGISTERED\",\"level\":\"info\",\"hoa\":\"2001:db8:1::100\","
	       "\"coa\":\"2001:db8:2::5\",\"seq\":12,\"status\":0,\"lifetime\":600.0,"
	       "\"daemon\":\"mnd\",\"time\":\"2026-11-23T17:00:00.000Z\"}\n");
	print.timestamp = false;
	print_event(&print, event);
	expect("{\"event\":\"MN_REGISTERED\",\"level\":\"info\",\"hoa\":\"2001:db8:1::100\","
	       "\"coa\":\"2001:db8:2::5\",\"seq\":12,\"status\":0,\"lifetime\":600.0,"
	       "\"daemon\":\"mnd\"}\n");
	json_decref(event);
}

static void test_counter(void **state)
{
	json_t *counter = ctl_json_counter("auth-fail", "Wrong authentication data", UINT64_MAX);

	(void)state;
	json_object_set_new(counter, "source", json_string("had"));
	print_record(&print, print_counter_fields, counter);
	expect("had auth-fail 9223372036854775807 # Wrong authentication data\n");
	json_decref(counter);
}

static void test_flags(void **state)
{
	static const struct {
		uint16_t flags;
		const char *text;
	} rows[] = {
		{ 0, "" },
		{ 0x8000, "A" },
		{ 0xf400, "AHLKR" },
		{ 0x0300, "PF" },
		{ 0x0040, "O" },
		{ 0x0008, "0x0008" },
		{ 0x8008, "A+0x0008" },
		{ 0xffff, "AHLKRPFO+0x08bf" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *flags = ctl_json_flags(rows[i].flags);

		assert_string_equal(json_string_value(flags), rows[i].text);
		json_decref(flags);
	}
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bc),	  TEST(test_bc_all_fields), TEST(test_bul),   TEST(test_empty),
		TEST(test_color), TEST(test_hostile_text),  TEST(test_event), TEST(test_counter),
		TEST(test_flags), TEST(test_label_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
