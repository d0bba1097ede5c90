// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/wire/format.c, names.c, error.c; whole messages are in test/golden. */
#include "wire_test.h"

static void test_example(void **state)
{
	struct mip_msg msg = {
		.type = MIP_MH_BU,
		.bu = { 4660, MIP_BU_A | MIP_BU_H | MIP_BU_L, 1000 },
		.opts = { .present = MIP_HAS_ALTCOA | MIP_HAS_NAI | MIP_HAS_MN_HA |
				     MIP_HAS_TIMESTAMP | MIP_HAS_MH_LLA,
			  .altcoa = addr("2001:db8:2::2"),
			  .n_mnp = 1,
			  .mnp = { { addr("2001:db8:aa::"), 64 } },
			  .lla_len = 6,
			  .lla = { 2, 0, 0, 0, 0, 0xfe },
			  .timestamp = UINT64_C(0xe0000000) << 32 | 0x80000000,
			  .mn_ha = { .spi = 256, .len = 12, .data = "SECRETSECRET" },
			  .nai_len = 15,
			  .nai = "mn1@example.com" },
	};
	static const char want[] = "BU seq=4660 flags=AHL lifetime=4000s altcoa=2001:db8:2::2 "
				   "mnp=2001:db8:aa::/64 lla=02:00:00:00:00:fe "
				   "timestamp=3758096384.500000 auth=mn-ha spi=256 "
				   "nai=mn1@example.com";
	char text[512];

	(void)state;
	assert_int_equal(mip_mh_format(&msg, text, sizeof(text)), strlen(want));
	assert_string_equal(text, want);
	/* Too small a buffer holds the beginning, ends with NUL, and is told. */
	for (size_t size = 1; size <= strlen(want); size++) {
		memset(text, 'x', sizeof(text));
		assert_int_equal(mip_mh_format(&msg, text, size), MIP_ERR_SPACE);
		assert_int_equal(text[size - 1], '\0');
		assert_int_equal(text[size], 'x');
		assert_memory_equal(text, want, strlen(text));
	}
	assert_int_equal(mip_mh_format(&msg, NULL, 0), MIP_ERR_SPACE);
}

static void test_escape(void **state)
{
	static const char hostile[] = "a\n\x1b[31m\\\"' \x7f\xff";
	struct mip_msg msg = { .type = MIP_MH_BU, .opts.present = MIP_HAS_NAI };
	char text[MIP_MH_FORMAT_MAX];

	(void)state;
	msg.opts.nai_len = sizeof(hostile); /* the NUL too */
	memcpy(msg.opts.nai, hostile, sizeof(hostile));
	assert_true(mip_mh_format(&msg, text, sizeof(text)) > 0);
	assert_string_equal(text, "BU seq=0 flags=- lifetime=0s nai=a\\x0a\\x1b[31m\\x5c\\x22\\x27"
				  "\\x20\\x7f\\xff\\x00");
}

static void test_bu_flags(void **state)
{
	static const struct {
		uint16_t flags;
		bool has_bid;
		const char *want;
	} rows[] = {
		{ 0, false, "-" },	    { 0xf000, false, "AHLK" },
		{ 0x0040, true, "O" },	    { 0x0040, false, "+0x40" },
		{ 0x0240, false, "PB" },    { 0x0240, true, "PB" },
		{ 0x0401, false, "R+0x1" }, { 0xffff, false, "AHLKMRPFTB+0x3f" },
	};
	char text[24];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mip_bu bu = { .flags = rows[i].flags };

		assert_string_equal(mip_bu_flags_str(&bu, rows[i].has_bid, text, sizeof(text)),
				    rows[i].want);
	}
}

/* The largest text that a message can make. */
static void test_format_max(void **state)
{
	static char text[MIP_MH_FORMAT_MAX];
	static struct mip_msg msg;
	struct mip_opts *o = &msg.opts;

	(void)state;
	memset(&msg, 0xfe, sizeof(msg));
	msg.type = MIP_MH_BA;
	msg.ba.status = MIP_ST_MCOA_HOME_AND_FOREIGN;
	o->present = UINT32_MAX;
	o->n_mnp = MIP_MNP_MAX;
	o->n_bid = MIP_BID_MAX;
	for (size_t i = 0; i < MIP_BID_MAX; i++) {
		o->bid[i].coa_type = MIP_BID_COA_IPV6;
		o->bid[i].home_and_foreign = true;
	}
	o->n_ipv4_hoa = o->n_ipv4_ack = MIP_IPV4_HOA_MAX;
	for (size_t i = 0; i < MIP_IPV4_HOA_MAX; i++)
		o->ipv4_hoa[i].prefix = true;
	o->nat_force = true;
	o->n_raw = MIP_RAW_OPT_MAX;
	o->lla_len = MIP_LLA_OCTETS_MAX;
	o->nai_len = MIP_MN_ID_OCTETS_MAX;
	assert_true(mip_mh_format(&msg, text, sizeof(text)) > 0);
}

static void test_icmp6(void **state)
{
	struct mip_icmp6 msg = { .type = MIP_ICMP6_DHAAD_REPLY, .id = 7 };
	char text[512];

	(void)state;
	msg.dhaad.n_addr = 1;
	msg.dhaad.mobile_router = true;
	msg.dhaad.addr[0] = addr("2001:db8::1");
	assert_true(mip_icmp6_format(&msg, text, sizeof(text)) > 0);
	assert_string_equal(text, "DHAAD-reply id=7 flags=R ha=2001:db8::1");
	memset(&msg, 0, sizeof(msg));
	msg.type = MIP_ICMP6_MPA;
	msg.mpa.managed = true;
	msg.mpa.n_pio = 1;
	msg.mpa.pio[0] = (struct mip_pio){ .prefix = { addr("2001:db8::"), 64 },
					   .autonomous = true,
					   .router = true,
					   .valid_sec = 100,
					   .preferred_sec = 50 };
	assert_true(mip_icmp6_format(&msg, text, sizeof(text)) > 0);
	assert_string_equal(text, "MPA id=0 flags=M prefix=2001:db8::/64 prefix-flags=AR "
				  "valid=100s preferred=50s");
}

/* Every number has a word, and it is one line. */
static void test_words(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 256; i++) {
		uint8_t n = (uint8_t)i;
		const char *const words[] = { mip_mh_type_str(n), mip_status_str(n),
					      mip_be_status_str(n), mip_opt_type_str(n),
					      mip_icmp6_type_str(n) };

		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			assert_non_null(words[k]);
			assert_true(words[k][0] != '\0');
			assert_null(strchr(words[k], '\n'));
		}
	}
	assert_string_equal(mip_status_str(135), "sequence number out of window");
	assert_string_equal(mip_status_str(127), "unknown");
	assert_string_equal(mip_mh_type_str(23), "subscription-response");
	assert_string_equal(mip_mh_type_str(24), "unknown");
	assert_string_equal(mip_opt_type_str(45), "flow-identification");
	assert_string_equal(mip_strerror(MIP_ERR_AUTH_FAIL), "authentication failed");
	for (int err = MIP_ERR_ADDRESS; err <= MIP_OK; err++)
		assert_string_not_equal(mip_strerror(err), "unknown error");
	assert_string_equal(mip_strerror(-1000), "unknown error");
	assert_string_equal(mip_strerror(1), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),	 cmocka_unit_test(test_escape),
		cmocka_unit_test(test_bu_flags), cmocka_unit_test(test_format_max),
		cmocka_unit_test(test_icmp6),	 cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("wire_format", tests, NULL, NULL);
}
