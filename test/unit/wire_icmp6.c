// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/wire/icmp6.c: DHAAD, mobile prefix discovery, Router Advertisements. */
#include "wire_test.h"

static struct mip_icmp6 msg, got;
static uint8_t buf[2048];
static size_t len;

static int setup(void **state)
{
	(void)state;
	memset(&msg, 0, sizeof(msg));
	memset(&got, 0, sizeof(got));
	memset(buf, 0, sizeof(buf));
	return 0;
}

static void round_trip(size_t want_len)
{
	assert_int_equal(mip_icmp6_encode(&msg, buf, sizeof(buf), &len), MIP_OK);
	assert_int_equal(len, want_len);
	assert_int_equal(mip_icmp6_decode(buf, len, &got), MIP_OK);
	assert_memory_equal(&got, &msg, sizeof(msg));
	assert_int_equal(mip_icmp6_encode(&msg, buf, want_len - 1, &len), MIP_ERR_SPACE);
	for (size_t n = 0; n < 8; n++)
		assert_int_equal(mip_icmp6_decode(buf, n, &got), MIP_ERR_TRUNCATED);
}

static void test_dhaad(void **state)
{
	static const uint8_t want[8] = { 144, 0, 0, 0, 0x12, 0x34, 0x80, 0 };

	(void)state;
	msg.type = MIP_ICMP6_DHAAD_REQUEST;
	msg.id = 0x1234;
	msg.dhaad.mobile_router = true;
	round_trip(8);
	assert_memory_equal(buf, want, 8);
	msg.type = MIP_ICMP6_DHAAD_REPLY;
	round_trip(8);
	for (unsigned int n = 1; n <= MIP_DHAAD_ADDR_MAX; n++) {
		msg.dhaad.n_addr = n;
		msg.dhaad.addr[n - 1].s6_addr[15] = (uint8_t)n;
		round_trip(8 + 16 * n);
	}
	msg.dhaad.n_addr++;
	assert_int_equal(mip_icmp6_encode(&msg, buf, sizeof(buf), &len), MIP_ERR_INVAL);
}

static void test_dhaad_odd(void **state)
{
	(void)state;
	buf[0] = MIP_ICMP6_DHAAD_REPLY;
	for (size_t n = 8; n < 64; n++)
		assert_int_equal(mip_icmp6_decode(buf, n, &got),
				 (n - 8) % 16 ? MIP_ERR_TRUNCATED : MIP_OK);
	/* More than we would ever send: the first ones are taken. */
	assert_int_equal(mip_icmp6_decode(buf, 8 + 16 * (MIP_DHAAD_ADDR_MAX + 1), &got), MIP_OK);
	assert_int_equal(got.dhaad.n_addr, MIP_DHAAD_ADDR_MAX);
}

static void test_mps(void **state)
{
	(void)state;
	msg.type = MIP_ICMP6_MPS;
	msg.id = 5;
	round_trip(8);
}

static void test_mpa(void **state)
{
	static const uint8_t want[40] = { 147, 0,    0, 0, 0,	 9,    0xc0, 0,	   3,	    4,
					  64,  0xe0, 0, 0, 0x0e, 0x10, 0xff, 0xff, 0xff,    0xff,
					  0,   0,    0, 0, 0x20, 0x01, 0x0d, 0xb8, [39] = 1 };

	(void)state;
	msg.type = MIP_ICMP6_MPA;
	msg.id = 9;
	assert_int_equal(mip_icmp6_encode(&msg, buf, sizeof(buf), &len), MIP_ERR_INVAL);
	msg.mpa.managed = msg.mpa.other = true;
	msg.mpa.n_pio = 1;
	msg.mpa.pio[0] = (struct mip_pio){ .on_link = true,
					   .autonomous = true,
					   .router = true,
					   .valid_sec = 3600,
					   .preferred_sec = UINT32_MAX };
	msg.mpa.pio[0].prefix.addr = addr("2001:db8::1");
	msg.mpa.pio[0].prefix.plen = 64;
	round_trip(40);
	assert_memory_equal(buf, want, 40);
	for (size_t n = 9; n < 40; n++)
		assert_int_equal(mip_icmp6_decode(buf, n, &got), MIP_ERR_OPT_TRUNCATED);
	assert_int_equal(mip_icmp6_decode(buf, 8, &got), MIP_ERR_ABSENT);
	msg.mpa.pio[0].prefix.plen = 129;
	assert_int_equal(mip_icmp6_encode(&msg, buf, sizeof(buf), &len), MIP_ERR_INVAL);
	msg.mpa.pio[0].prefix.plen = 64;
	msg.mpa.n_pio = MIP_PIO_MAX;
	for (unsigned int i = 1; i < MIP_PIO_MAX; i++)
		msg.mpa.pio[i].prefix.addr.s6_addr[0] = (uint8_t)i;
	round_trip(8 + 32 * MIP_PIO_MAX);
	msg.mpa.n_pio++;
	assert_int_equal(mip_icmp6_encode(&msg, buf, sizeof(buf), &len), MIP_ERR_INVAL);
}

static void test_refused(void **state)
{
	(void)state;
	for (unsigned int type = 0; type < 256; type++) {
		buf[0] = (uint8_t)type;
		if (type < 144 || type > 147)
			assert_int_equal(mip_icmp6_decode(buf, 8, &got), MIP_ERR_ICMP6_TYPE);
	}
	buf[0] = MIP_ICMP6_MPS;
	buf[1] = 1;
	assert_int_equal(mip_icmp6_decode(buf, 8, &got), MIP_ERR_ICMP6_CODE);
	msg.type = MIP_ICMP6_RA;
	assert_int_equal(mip_icmp6_encode(&msg, buf, sizeof(buf), &len), MIP_ERR_INVAL);
}

/* An option of length 0 must end the walk. */
static void test_zero_length_option(void **state)
{
	struct mip_ra ra;

	(void)state;
	buf[0] = MIP_ICMP6_MPA;
	buf[8] = 3;
	assert_int_equal(mip_icmp6_decode(buf, 40, &got), MIP_ERR_OPT_LEN);
	buf[0] = MIP_ICMP6_RA;
	assert_int_equal(mip_ra_decode(buf, 24, &ra), MIP_ERR_OPT_LEN);
}

/* As radvd sends it with AdvHomeAgentFlag, AdvHomeAgentInfo, AdvIntervalOpt, AdvRouterAddr. */
static const uint8_t ra_octets[] = {
	134,
	0,
	0,
	0,
	64,
	0xe8,
	0,
	90,
	0,
	0,
	0,
	1,
	0,
	0,
	0,
	2,
	/* Prefix Information: L A R, whole router address */
	3,
	4,
	64,
	0xe0,
	0,
	1,
	0x51,
	0x80,
	0,
	0,
	0x38,
	0x40,
	0,
	0,
	0,
	0,
	0x20,
	0x01,
	0x0d,
	0xb8,
	0,
	1,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0xff,
	/* Advertisement Interval */
	7,
	1,
	0,
	0,
	0,
	0,
	0,
	70,
	/* Home Agent Information */
	8,
	1,
	0x80,
	0,
	0,
	20,
	0x07,
	0x08,
	/* MTU */
	5,
	1,
	0,
	0,
	0,
	0,
	5,
	0xdc,
	/* Source Link-Layer Address */
	1,
	1,
	2,
	0,
	0,
	0,
	0,
	1,
};

static void test_ra(void **state)
{
	struct mip_ra ra;

	(void)state;
	assert_int_equal(mip_ra_decode(ra_octets, sizeof(ra_octets), &ra), MIP_OK);
	assert_int_equal(ra.hop_limit, 64);
	assert_true(ra.managed && ra.other && ra.home_agent);
	assert_int_equal(ra.router_preference, 1);
	assert_int_equal(ra.router_lifetime_sec, 90);
	assert_int_equal(ra.reachable_msec, 1);
	assert_int_equal(ra.retrans_msec, 2);
	assert_int_equal(ra.n_pio, 1);
	assert_true(ra.pio[0].on_link && ra.pio[0].autonomous && ra.pio[0].router);
	assert_int_equal(ra.pio[0].valid_sec, 86400);
	assert_int_equal(ra.pio[0].preferred_sec, 14400);
	assert_int_equal(ra.pio[0].prefix.addr.s6_addr[15], 0xff);
	assert_int_equal(ra.adv_interval_msec, 70);
	assert_true(ra.has_ha_info && ra.ha_mobile_router);
	assert_int_equal(ra.ha_preference, 20);
	assert_int_equal(ra.ha_lifetime_sec, 1800);
	assert_int_equal(ra.mtu, 1500);
	assert_int_equal(ra.lla_len, 6);
	assert_int_equal(ra.lla[5], 1);
}

static void test_ra_truncated(void **state)
{
	struct mip_ra ra;

	(void)state;
	for (size_t n = 0; n < sizeof(ra_octets); n++) {
		uint8_t *cut = test_malloc(n);
		int err;

		memcpy(cut, ra_octets, n);
		err = mip_ra_decode(cut, n, &ra);
		if (n < 16)
			assert_int_equal(err, MIP_ERR_TRUNCATED);
		else if (n != 16 && n != 48 && n != 56 && n != 64 && n != 72)
			assert_int_equal(err, MIP_ERR_OPT_TRUNCATED);
		else
			assert_int_equal(err, MIP_OK);
		test_free(cut);
	}
}

/* Options of the wrong length are left out; the rest of the advertisement counts. */
static void test_ra_odd_options(void **state)
{
	struct mip_ra ra;
	size_t n = 16;

	(void)state;
	memcpy(buf, ra_octets, 16);
	for (uint8_t type = 3; type <= 8; type++) {
		buf[n] = type;
		buf[n + 1] = 2; /* 16 octets: right for none of them */
		memset(buf + n + 2, 0xff, 14);
		n += 16;
	}
	buf[n] = 1;
	buf[n + 1] = 5; /* a link-layer address of 38 octets */
	n += 40;
	buf[n] = 3;
	buf[n + 1] = 4;
	buf[n + 2] = 129; /* no such prefix length */
	n += 32;
	assert_int_equal(mip_ra_decode(buf, n, &ra), MIP_OK);
	assert_int_equal(ra.n_pio, 0);
	assert_int_equal(ra.lla_len, 0);
	assert_int_equal(ra.mtu, 0);
	assert_int_equal(ra.adv_interval_msec, 0);
	assert_false(ra.has_ha_info);
	for (unsigned int i = 0; i < MIP_PIO_MAX + 3; i++, n += 32) {
		buf[n] = 3;
		buf[n + 1] = 4;
		buf[n + 2] = 64;
	}
	assert_int_equal(mip_ra_decode(buf, n, &ra), MIP_OK);
	assert_int_equal(ra.n_pio, MIP_PIO_MAX);
	buf[1] = 1;
	assert_int_equal(mip_ra_decode(buf, n, &ra), MIP_ERR_ICMP6_CODE);
	buf[0] = 133;
	assert_int_equal(mip_ra_decode(buf, n, &ra), MIP_ERR_ICMP6_TYPE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_dhaad, setup),
		cmocka_unit_test_setup(test_dhaad_odd, setup),
		cmocka_unit_test_setup(test_mps, setup),
		cmocka_unit_test_setup(test_mpa, setup),
		cmocka_unit_test_setup(test_refused, setup),
		cmocka_unit_test_setup(test_zero_length_option, setup),
		cmocka_unit_test_setup(test_ra, setup),
		cmocka_unit_test_setup(test_ra_truncated, setup),
		cmocka_unit_test_setup(test_ra_odd_options, setup),
	};

	return cmocka_run_group_tests_name("wire_icmp6", tests, NULL, NULL);
}
