// SPDX-License-Identifier: GPL-2.0-or-later
/* MIPSOCK messages there and back, and what must not be believed (src/io/mipsock-msg.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "io/mipsock-msg.h"

static struct in6_addr ip(const char *text)
{
	struct in6_addr addr;

	assert_int_equal(inet_pton(AF_INET6, text, &addr), 1);
	return addr;
}

static struct nl_msg *message(enum mipsock_msg cmd)
{
	struct nl_msg *msg = nlmsg_alloc_size(2048);

	assert_non_null(msg);
	assert_non_null(genlmsg_put(msg, 0, 1, NLMSG_MIN_TYPE, 0, 0, (uint8_t)cmd, 1));
	return msg;
}

static struct mip_bce a_bce(unsigned int n_mnp)
{
	struct mip_bce bce = {
		.hoa = ip("2001:db8:1::100"),
		.local = ip("2001:db8:1::1"),
		.coa = ip("2001:db8:a::5"),
		.bid = 7,
		.flags = MIPSOCK_F_ACK | MIPSOCK_F_HOME,
		.seq = 65535,
		.home_ifindex = 3,
		.lifetime_usec = 3600 * 1000000ULL,
		.timestamp = 0x0123456789abcdef,
		.n_mnp = n_mnp,
	};

	for (unsigned int i = 0; i < n_mnp && i < MIP_MNP_MAX; i++) {
		bce.mnp[i].addr = ip("2001:db8:40::");
		bce.mnp[i].addr.s6_addr[7] = (uint8_t)i;
		bce.mnp[i].plen = (uint8_t)(48 + i);
	}
	return bce;
}

static void bc_round_trip(void **state)
{
	(void)state;
	for (unsigned int n = 0; n <= MIP_MNP_MAX; n++) {
		struct nl_msg *msg = message(MIPM_BC_ADD);
		struct mip_bce bce = a_bce(n);
		struct mipsock_event ev;

		assert_int_equal(mipsock_put_bce(msg, &bce), 0);
		assert_int_equal(nla_put_u8(msg, MIPA_REASON, MIPSOCK_REASON_HANDOVER), 0);
		assert_int_equal(mipsock_read_event(nlmsg_hdr(msg), &ev), 0);
		assert_int_equal(ev.type, MIPM_BC_ADD);
		assert_int_equal(ev.bc.reason, MIPSOCK_REASON_HANDOVER);
		assert_memory_equal(&ev.bc.bce, &bce, sizeof(bce));
		nlmsg_free(msg);
	}
}

static void bul_round_trip(void **state)
{
	struct mip_bule bule = {
		.hoa = ip("2001:db8:1::100"),
		.hoa_plen = 64,
		.peer = ip("2001:db8:1::1"),
		.coa = ip("2001:db8:a::5"),
		.flags = MIPSOCK_F_HOME,
		.seq = 1,
		.ifindex = 2,
		.state = MIP_BUL_REFRESHING,
		.lifetime_usec = 4000000,
		.timestamp = 1,
	};
	struct nl_msg *msg = message(MIPM_BUL_ADD);
	struct mipsock_event ev;

	(void)state;
	assert_int_equal(mipsock_put_bule(msg, &bule), 0);
	assert_int_equal(mipsock_read_event(nlmsg_hdr(msg), &ev), 0);
	assert_memory_equal(&ev.bul.bule, &bule, sizeof(bule));
	nlmsg_free(msg);
}

static void md_and_hint_round_trip(void **state)
{
	struct mipsock_md md = {
		.cmd = MIPSOCK_MD_REREG,
		.has_hoa = true,
		.hoa = ip("2001:db8:1::100"),
		.hoa_plen = 64,
		.coa = ip("2001:db8:a::5"),
		.bid = 2,
		.ifindex = 4,
	};
	struct mipsock_hint hint = {
		.type = MIPM_BE_HINT,
		.hoa = ip("2001:db8:1::100"),
		.peer = ip("2001:db8:c::2"),
		.local = ip("2001:db8:d::2"),
		.be_status = 1,
	};
	struct nl_msg *msg = message(MIPM_MD_INFO);
	struct mipsock_event ev;

	(void)state;
	assert_int_equal(mipsock_put_md(msg, &md), 0);
	assert_int_equal(mipsock_read_event(nlmsg_hdr(msg), &ev), 0);
	assert_memory_equal(&ev.md.coa, &md.coa, sizeof(md.coa));
	assert_int_equal(ev.md.cmd, md.cmd);
	assert_true(ev.md.has_hoa);
	assert_int_equal(ev.md.hoa_plen, 64);
	assert_int_equal(ev.md.bid, 2);
	assert_int_equal(ev.md.ifindex, 4);
	nlmsg_free(msg);

	msg = message(MIPM_BE_HINT);
	assert_int_equal(mipsock_put_hint(msg, &hint), 0);
	assert_int_equal(mipsock_read_event(nlmsg_hdr(msg), &ev), 0);
	assert_int_equal(ev.type, MIPM_BE_HINT);
	assert_memory_equal(&ev.hint.local, &hint.local, sizeof(hint.local));
	assert_int_equal(ev.hint.be_status, 1);
	nlmsg_free(msg);
}

/* An entry must never go too early, and never wrap (HA-BU-14). */
static void lifetimes(void **state)
{
	(void)state;
	assert_int_equal(mipsock_msec(0), 0);
	assert_int_equal(mipsock_msec(1), 1);
	assert_int_equal(mipsock_msec(1000), 1);
	assert_int_equal(mipsock_msec(1001), 2);
	assert_int_equal(mipsock_msec(65535 * 4000000ULL), 262140000);
	assert_int_equal(mipsock_msec(UINT64_MAX), UINT32_MAX);
	assert_int_equal(mipsock_usec(UINT32_MAX), UINT32_MAX * 1000ULL);
}

static void too_many_prefixes(void **state)
{
	struct nl_msg *msg = message(MIPM_BC_ADD);
	struct mip_bce bce = a_bce(MIP_MNP_MAX);

	(void)state;
	bce.n_mnp = MIP_MNP_MAX + 1;
	assert_int_equal(mipsock_put_bce(msg, &bce), -EMSGSIZE);
	nlmsg_free(msg);
}

static void no_room(void **state)
{
	struct nl_msg *msg = nlmsg_alloc_size(96);
	struct mip_bce bce = a_bce(1);

	(void)state;
	assert_non_null(genlmsg_put(msg, 0, 1, NLMSG_MIN_TYPE, 0, 0, MIPM_BC_ADD, 1));
	assert_int_equal(mipsock_put_bce(msg, &bce), -EMSGSIZE);
	nlmsg_free(msg);
}

/* Seventeen prefixes in a message would be one more than there is room for. */
static void hostile_prefixes(void **state)
{
	struct nl_msg *msg = message(MIPM_BC_ADD);
	struct in6_addr hoa = ip("2001:db8:1::100");
	struct nlattr *mnps;
	struct mipsock_event ev;

	(void)state;
	assert_int_equal(mipsock_put_addr(msg, MIPA_HOA, &hoa), 0);
	mnps = nla_nest_start(msg, MIPA_MNPS);
	for (unsigned int i = 0; i < MIP_MNP_MAX + 1; i++) {
		struct nlattr *one = nla_nest_start(msg, MIPA_MNP);

		assert_int_equal(mipsock_put_addr(msg, MIPA_MNP_PREFIX, &hoa), 0);
		assert_int_equal(nla_put_u8(msg, MIPA_MNP_PLEN, 64), 0);
		nla_nest_end(msg, one);
	}
	nla_nest_end(msg, mnps);
	assert_int_equal(mipsock_read_event(nlmsg_hdr(msg), &ev), -EBADMSG);
	nlmsg_free(msg);
}

static void missing_and_unknown(void **state)
{
	struct mipsock_event ev;
	struct nl_msg *msg;

	(void)state;
	for (int cmd = 0; cmd < 256; cmd++) {
		msg = message((enum mipsock_msg)cmd);
		assert_int_equal(mipsock_read_event(nlmsg_hdr(msg), &ev), -EBADMSG);
		nlmsg_free(msg);
	}
	msg = message(MIPM_MD_INFO);
	assert_int_equal(nla_put_u8(msg, MIPA_MD_CMD, MIPSOCK_MD_MAX + 1), 0);
	assert_int_equal(mipsock_read_event(nlmsg_hdr(msg), &ev), -EBADMSG);
	nlmsg_free(msg);
}

/* No message cut short, and none with one octet changed, may be read beyond its end. */
static void cut_and_changed(void **state)
{
	struct nl_msg *msg = message(MIPM_BC_ADD);
	struct mip_bce bce = a_bce(3);
	struct mipsock_event ev;
	size_t len;

	(void)state;
	assert_int_equal(mipsock_put_bce(msg, &bce), 0);
	len = nlmsg_hdr(msg)->nlmsg_len;
	for (size_t cut = NLMSG_HDRLEN; cut < len; cut++) {
		struct nlmsghdr *copy = malloc(cut);

		memcpy(copy, nlmsg_hdr(msg), cut);
		copy->nlmsg_len = (uint32_t)cut;
		(void)mipsock_read_event(copy, &ev);
		free(copy);
	}
	for (size_t at = NLMSG_HDRLEN; at < len; at++) {
		struct nlmsghdr *copy = malloc(len);

		for (int bit = 0; bit < 8; bit++) {
			memcpy(copy, nlmsg_hdr(msg), len);
			((uint8_t *)copy)[at] ^= (uint8_t)(1 << bit);
			if (mipsock_read_event(copy, &ev) == 0 && ev.type == MIPM_BC_ADD)
				assert_in_range(ev.bc.bce.n_mnp, 0, MIP_MNP_MAX);
		}
		free(copy);
	}
	nlmsg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bc_round_trip),	  cmocka_unit_test(bul_round_trip),
		cmocka_unit_test(md_and_hint_round_trip), cmocka_unit_test(lifetimes),
		cmocka_unit_test(too_many_prefixes),	  cmocka_unit_test(no_room),
		cmocka_unit_test(hostile_prefixes),	  cmocka_unit_test(missing_and_unknown),
		cmocka_unit_test(cut_and_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
