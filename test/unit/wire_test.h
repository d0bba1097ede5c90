/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the codec and of authentication have in common. */
#ifndef MIP_TEST_WIRE_TEST_H
#define MIP_TEST_WIRE_TEST_H

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <mip/auth.h>

static inline struct in6_addr addr(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

/*
 * A Binding Update with the given options behind its fixed part, padded with
 * Pad1. buf has room for MIP_MH_OCTETS_MAX octets; returns the length.
 */
static inline size_t bu_with(uint8_t *buf, const void *opts, size_t opts_len)
{
	size_t len = (12 + opts_len + 7) & ~(size_t)7;

	assert_true(len <= MIP_MH_OCTETS_MAX);
	memset(buf, 0, len);
	buf[0] = 59;
	buf[1] = (uint8_t)(len / 8 - 1);
	buf[2] = MIP_MH_BU;
	memcpy(buf + 12, opts, opts_len);
	return len;
}

#endif /* MIP_TEST_WIRE_TEST_H */
