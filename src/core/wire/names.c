// SPDX-License-Identifier: GPL-2.0-or-later
/* Words for the numbers of the IANA registries; also for those that we only pass on or refuse. */
#include <mip/wire.h>

#define WORD(table, i) ((i) < sizeof(table) / sizeof((table)[0]) && (table)[i] ? (table)[i] : NULL)

static const char *word_or_unknown(const char *word)
{
	return word ? word : "unknown";
}

const char *mip_mh_type_str(uint8_t type)
{
	static const char *const words[] = {
		"BRR",
		"HoTI",
		"CoTI",
		"HoT",
		"CoT",
		"BU",
		"BA",
		"BE",
		"fast-BU",
		"fast-BA",
		"fast-NA",
		"experimental",
		"HA-switch",
		"heartbeat",
		"handover-initiate",
		"handover-ack",
		"binding-revocation",
		"localized-routing-initiation",
		"localized-routing-ack",
		"update-notification",
		"update-notification-ack",
		"flow-binding",
		"subscription-query",
		"subscription-response",
	};

	return word_or_unknown(WORD(words, type));
}

const char *mip_status_str(uint8_t status)
{
	static const char *const words[] = {
		[0] = "accepted",
		[1] = "accepted, prefix discovery necessary",
		[2] = "GRE key option not required",
		[3] = "GRE accepted, TLV header not supported",
		[4] = "MCOA not complete",
		[5] = "MCOA return home without NDP",
		[6] = "transient binding ignored",
		[128] = "reason unspecified",
		[129] = "administratively prohibited",
		[130] = "insufficient resources",
		[131] = "home registration not supported",
		[132] = "not home subnet",
		[133] = "not home agent for this mobile node",
		[134] = "duplicate address detection failed",
		[135] = "sequence number out of window",
		[136] = "expired home nonce index",
		[137] = "expired care-of nonce index",
		[138] = "expired nonces",
		[139] = "registration type change disallowed",
		[140] = "mobile router operation not permitted",
		[141] = "invalid prefix",
		[142] = "not authorized for prefix",
		[143] = "forwarding setup failed",
		[144] = "MIPV6-ID-MISMATCH",
		[145] = "MIPV6-MESG-ID-REQD",
		[146] = "MIPV6-AUTH-FAIL",
		[147] = "permanent home keygen token unavailable",
		[148] = "CGA and signature verification failed",
		[149] = "permanent home keygen token exists",
		[150] = "non-null home nonce index expected",
		[151] = "service authorization failed",
		[152] = "not LMA for this mobile node",
		[153] = "not authorized for proxy registration",
		[154] = "not authorized for home network prefix",
		[155] = "timestamp mismatch",
		[156] = "timestamp lower than previous accepted",
		[157] = "missing home network prefix option",
		[158] = "binding cache prefix set does not match",
		[159] = "missing mobile node identifier option",
		[160] = "missing handoff indicator option",
		[161] = "missing access technology type option",
		[162] = "missing mobile node interface identifier option",
		[163] = "GRE key option required",
		[164] = "MCOA malformed",
		[165] = "MCOA non-MCOA binding exists",
		[166] = "MCOA prohibited",
		[167] = "MCOA unknown care-of address",
		[168] = "MCOA bulk registration prohibited",
		[169] = "MCOA simultaneous home and foreign prohibited",
		[174] = "invalid care-of address",
	};

	return word_or_unknown(WORD(words, status));
}

const char *mip_be_status_str(uint8_t status)
{
	switch (status) {
	case MIP_BE_UNKNOWN_BINDING:
		return "unknown binding for home address option";
	case MIP_BE_UNKNOWN_MH_TYPE:
		return "unrecognized mobility header type";
	}
	return "unknown";
}

const char *mip_opt_type_str(uint8_t type)
{
	static const char *const words[] = {
		[MIP_OPT_PAD1] = "pad1",
		[MIP_OPT_PADN] = "padn",
		[MIP_OPT_REFRESH_ADVICE] = "refresh-advice",
		[MIP_OPT_ALTCOA] = "altcoa",
		[MIP_OPT_NONCE_INDICES] = "nonce-indices",
		[MIP_OPT_BAD] = "binding-authorization-data",
		[MIP_OPT_MNP] = "mnp",
		[MIP_OPT_MH_LLA] = "lla",
		[MIP_OPT_MN_ID] = "mn-id",
		[MIP_OPT_AUTH] = "auth",
		[MIP_OPT_TIMESTAMP] = "timestamp",
		[11] = "cga-request",
		[12] = "cga-parameters",
		[13] = "signature",
		[14] = "permanent-home-token",
		[15] = "care-of-test-init",
		[16] = "care-of-test",
		[17] = "dns-update",
		[18] = "experimental",
		[19] = "vendor-specific",
		[20] = "service-selection",
		[21] = "fast-handover-authorization-data",
		[22] = "home-network-prefix",
		[23] = "handoff-indicator",
		[24] = "access-technology-type",
		[25] = "mn-lla-id",
		[26] = "link-local-address",
		[27] = "proxy-timestamp",
		[28] = "restart-counter",
		[MIP_OPT_IPV4_HOA] = "ipv4-hoa",
		[MIP_OPT_IPV4_ACK] = "ipv4-ack",
		[MIP_OPT_NAT_DETECTION] = "nat-detection",
		[MIP_OPT_IPV4_COA] = "ipv4-coa",
		[33] = "gre-key",
		[34] = "address-prefix",
		[MIP_OPT_BID] = "bid",
		[44] = "flow-summary",
		[45] = "flow-identification",
	};

	return word_or_unknown(WORD(words, type));
}

const char *mip_icmp6_type_str(uint8_t type)
{
	switch (type) {
	case MIP_ICMP6_RA:
		return "RA";
	case MIP_ICMP6_DHAAD_REQUEST:
		return "DHAAD-request";
	case MIP_ICMP6_DHAAD_REPLY:
		return "DHAAD-reply";
	case MIP_ICMP6_MPS:
		return "MPS";
	case MIP_ICMP6_MPA:
		return "MPA";
	}
	return "unknown";
}
