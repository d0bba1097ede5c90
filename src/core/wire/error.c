// SPDX-License-Identifier: GPL-2.0-or-later
#include <mip/error.h>

const char *mip_strerror(int err)
{
	switch ((enum mip_error)err) {
	case MIP_OK:
		return "no error";
	case MIP_ERR_TRUNCATED:
		return "message shorter than its header says";
	case MIP_ERR_CHECKSUM:
		return "wrong checksum";
	case MIP_ERR_MH_TYPE:
		return "unknown mobility header type";
	case MIP_ERR_PAYLOAD_PROTO:
		return "payload proto is not 59";
	case MIP_ERR_HDR_LEN:
		return "header length too small for the message type";
	case MIP_ERR_OPT_TRUNCATED:
		return "option overruns the message";
	case MIP_ERR_OPT_LEN:
		return "option of a wrong length";
	case MIP_ERR_OPT_DUPLICATE:
		return "option more than once";
	case MIP_ERR_OPT_LIMIT:
		return "too many options of one type";
	case MIP_ERR_BAD_NOT_LAST:
		return "binding authorization data is not the last option";
	case MIP_ERR_ICMP6_TYPE:
		return "unknown ICMPv6 type";
	case MIP_ERR_ICMP6_CODE:
		return "ICMPv6 code is not 0";
	case MIP_ERR_RH_TYPE:
		return "not an acceptable type 2 routing header";
	case MIP_ERR_ADDRESS:
		return "not a unicast routable address";
	case MIP_ERR_AUTH_ABSENT:
		return "authentication option missing";
	case MIP_ERR_AUTH_ORDER:
		return "authentication options out of order";
	case MIP_ERR_AUTH_FAIL:
		return "authentication failed";
	case MIP_ERR_AUTH_KEY:
		return "key too short or too long";
	case MIP_ERR_ABSENT:
		return "not present";
	case MIP_ERR_SPACE:
		return "buffer too small";
	case MIP_ERR_INVAL:
		return "invalid argument";
	case MIP_ERR_FULL:
		return "limit reached";
	}
	return "unknown error";
}
