/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named errors of the protocol core: negative, so that a function may return a
 * count or a length as well. Every function says which of them it returns.
 */
#ifndef MIP_ERROR_H
#define MIP_ERROR_H

enum mip_error {
	MIP_OK = 0,

	/* A message that came in is not well formed. */
	MIP_ERR_TRUNCATED = -1, /* shorter than its header or than Header Len says */
	MIP_ERR_CHECKSUM = -2, /* GEN: RFC 6275 section 9.2, first test */
	MIP_ERR_MH_TYPE = -3, /* not a message we speak: Binding Error, status 2 */
	MIP_ERR_PAYLOAD_PROTO = -4, /* not 59: ICMPv6 Parameter Problem, code 0 */
	MIP_ERR_HDR_LEN = -5, /* below the minimum of the type: likewise */
	MIP_ERR_OPT_TRUNCATED = -6, /* an option overruns the message */
	MIP_ERR_OPT_LEN = -7, /* a known option with a length that it cannot have */
	MIP_ERR_OPT_DUPLICATE = -8, /* an option twice that may be there once */
	MIP_ERR_OPT_LIMIT = -9, /* more of an option than include/mip/limits.h allows */
	MIP_ERR_BAD_NOT_LAST = -10, /* something behind Binding Authorization Data */
	MIP_ERR_ICMP6_TYPE = -11, /* not an ICMPv6 message that the function reads */
	MIP_ERR_ICMP6_CODE = -12, /* code other than 0 */
	MIP_ERR_RH_TYPE = -13, /* routing header that is not an acceptable type 2 */
	MIP_ERR_ADDRESS = -14, /* not a unicast routable address where it must be one */

	/* Authentication. */
	MIP_ERR_AUTH_ABSENT = -20, /* the message does not carry the option asked for */
	MIP_ERR_AUTH_ORDER = -21, /* authentication options in an order that RFC 4285 forbids */
	MIP_ERR_AUTH_FAIL = -22, /* the MAC is wrong */
	MIP_ERR_AUTH_KEY = -23, /* the key's length is outside the limits */

	/* The caller. */
	MIP_ERR_ABSENT = -30, /* what was asked for is not there */
	MIP_ERR_SPACE = -31, /* the output buffer is too small */
	MIP_ERR_INVAL = -32, /* the arguments describe nothing that can exist on the wire */
	MIP_ERR_FULL = -33, /* a limit of include/mip/limits.h is reached */
};

/*
 * Words for people, without a trailing full stop; "unknown error" for a number
 * that is not ours. Static storage.
 */
const char *mip_strerror(int err);

#endif /* MIP_ERROR_H */
