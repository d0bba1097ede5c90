// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mobility Header messages (RFC 6275 section 6.1): the fixed part of each type,
 * between the common header and the options, which opts.c reads and writes.
 *
 *   0 Payload Proto   1 Header Len   2 MH Type   3 Reserved   4 Checksum
 *   6 message data ... then options, to a multiple of 8 octets
 */
#include "octets.h"
#include "opts.h"

#define MH_PAYLOAD_PROTO_NONE 59 /* IPPROTO_NONE: nothing follows */

/* Header Len of the fixed part; RFC 6275 section 6.1 and the RFCs of the other types. */
uint8_t mip_mh_min_hdr_len(uint8_t type)
{
	static const uint8_t min[] = {
		[MIP_MH_BRR] = 0, [MIP_MH_HOTI] = 1, [MIP_MH_COTI] = 1,
		[MIP_MH_HOT] = 2, [MIP_MH_COT] = 2,  [MIP_MH_BU] = 1,
		[MIP_MH_BA] = 1,  [MIP_MH_BE] = 2,   [13] = 1, /* Heartbeat, RFC 5847 */
		[16] = 1, /* Binding Revocation, RFC 5846 */
	};

	return type < sizeof(min) ? min[type] : 0;
}

/* Where the options of a message begin. */
static size_t options_offset(enum mip_mh_type type)
{
	switch (type) {
	case MIP_MH_BRR:
		return 8;
	case MIP_MH_HOTI:
	case MIP_MH_COTI:
		return 16;
	case MIP_MH_HOT:
	case MIP_MH_COT:
	case MIP_MH_BE:
		return 24;
	case MIP_MH_BU:
	case MIP_MH_BA:
		return 12;
	}
	return 0;
}

/* buf holds the whole fixed part: Header Len was tested. */
static void decode_fixed(const uint8_t *buf, struct mip_msg *msg)
{
	switch ((enum mip_mh_type)msg->type) {
	case MIP_MH_BRR:
		break;
	case MIP_MH_HOTI:
	case MIP_MH_COTI:
		memcpy(msg->hoti.cookie, buf + 8, MIP_COOKIE_OCTETS);
		break;
	case MIP_MH_HOT:
	case MIP_MH_COT:
		msg->hot.nonce_idx = get16(buf + 6);
		memcpy(msg->hot.cookie, buf + 8, MIP_COOKIE_OCTETS);
		memcpy(msg->hot.token, buf + 16, MIP_TOKEN_OCTETS);
		break;
	case MIP_MH_BU:
		msg->bu.seq = get16(buf + 6);
		msg->bu.flags = get16(buf + 8);
		msg->bu.lifetime_wire = get16(buf + 10);
		break;
	case MIP_MH_BA:
		msg->ba.status = buf[6];
		msg->ba.flags = buf[7];
		msg->ba.seq = get16(buf + 8);
		msg->ba.lifetime_wire = get16(buf + 10);
		break;
	case MIP_MH_BE:
		msg->be.status = buf[6];
		memcpy(&msg->be.hoa, buf + 8, 16);
		break;
	}
}

/* buf holds the fixed part and is all zero. */
static void encode_fixed(const struct mip_msg *msg, uint8_t *buf)
{
	switch ((enum mip_mh_type)msg->type) {
	case MIP_MH_BRR:
		break;
	case MIP_MH_HOTI:
	case MIP_MH_COTI:
		memcpy(buf + 8, msg->hoti.cookie, MIP_COOKIE_OCTETS);
		break;
	case MIP_MH_HOT:
	case MIP_MH_COT:
		put16(buf + 6, msg->hot.nonce_idx);
		memcpy(buf + 8, msg->hot.cookie, MIP_COOKIE_OCTETS);
		memcpy(buf + 16, msg->hot.token, MIP_TOKEN_OCTETS);
		break;
	case MIP_MH_BU:
		put16(buf + 6, msg->bu.seq);
		put16(buf + 8, msg->bu.flags);
		put16(buf + 10, msg->bu.lifetime_wire);
		break;
	case MIP_MH_BA:
		buf[6] = msg->ba.status;
		buf[7] = msg->ba.flags;
		put16(buf + 8, msg->ba.seq);
		put16(buf + 10, msg->ba.lifetime_wire);
		break;
	case MIP_MH_BE:
		buf[6] = msg->be.status;
		memcpy(buf + 8, &msg->be.hoa, 16);
		break;
	}
}

static int check_header(const uint8_t *buf, size_t len, struct mip_mh_info *info)
{
	memset(info, 0, sizeof(*info));
	if (len < 8)
		return MIP_ERR_TRUNCATED;
	info->type = buf[2];
	info->len = (uint16_t)((buf[1] + 1) * 8);
	if (buf[2] > MIP_MH_BE) {
		info->error_offset = 2;
		return MIP_ERR_MH_TYPE;
	}
	if (buf[0] != MH_PAYLOAD_PROTO_NONE)
		return MIP_ERR_PAYLOAD_PROTO;
	info->error_offset = 1;
	if (buf[1] < mip_mh_min_hdr_len(buf[2]))
		return MIP_ERR_HDR_LEN;
	if (info->len > len)
		return MIP_ERR_TRUNCATED;
	info->error_offset = 0;
	return MIP_OK;
}

int mip_mh_decode(const uint8_t *buf, size_t len, struct mip_msg *ret_msg,
		  struct mip_mh_info *ret_info)
{
	struct mip_msg msg;
	int err = check_header(buf, len, ret_info);

	if (err)
		return err;
	memset(&msg, 0, sizeof(msg));
	msg.type = ret_info->type;
	decode_fixed(buf, &msg);
	err = mip_opts_decode(buf, options_offset((enum mip_mh_type)msg.type), ret_info->len,
			      &msg.opts, ret_info);
	if (err)
		return err;
	*ret_msg = msg;
	return MIP_OK;
}

int mip_mh_encode(const struct mip_msg *msg, uint8_t *buf, size_t size, size_t *ret_len,
		  struct mip_mh_info *ret_info)
{
	struct mip_mh_info info = { .type = msg->type };
	size_t fixed;
	int len;

	if (msg->type > MIP_MH_BE)
		return MIP_ERR_INVAL;
	fixed = options_offset((enum mip_mh_type)msg->type);
	if (size < fixed)
		return MIP_ERR_SPACE;
	memset(buf, 0, fixed);
	buf[0] = MH_PAYLOAD_PROTO_NONE;
	buf[2] = msg->type;
	encode_fixed(msg, buf);
	len = mip_opts_encode(&msg->opts, buf, fixed, size, &info);
	if (len < 0)
		return len;
	buf[1] = (uint8_t)(len / 8 - 1);
	info.len = (uint16_t)len;
	*ret_len = (size_t)len;
	if (ret_info)
		*ret_info = info;
	return MIP_OK;
}
