// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mobility options as a sequence: the walk over the octets of a message, and
 * the walk over the rows of opt_rows.c that writes one (RFC 6275 section 6.2).
 */
#include "opts.h"

#include <string.h>

/* Kept as far as there is room, so that it can be shown and passed on. */
static void keep_raw(struct mip_opts *opts, uint8_t type, const uint8_t *data, uint8_t len)
{
	struct mip_opt_raw *raw;

	/* An authentication option of an unknown subtype is of no use to anybody behind us. */
	if (type == MIP_OPT_AUTH || opts->n_raw == MIP_RAW_OPT_MAX ||
	    len > MIP_RAW_OCTETS_MAX - opts->raw_used)
		return;
	raw = &opts->raw[opts->n_raw++];
	raw->type = type;
	raw->len = len;
	raw->offset = opts->raw_used;
	memcpy(opts->raw_data + raw->offset, data, len);
	opts->raw_used = (uint16_t)(opts->raw_used + len);
}

static void note_unknown(struct mip_mh_info *info, uint8_t type)
{
	if (info->n_unknown == 0)
		info->first_unknown = type;
	info->n_unknown++;
}

/* Where the MAC of the option is, and what that says about it (RFC 4285 section 5). */
static void note_place(struct mip_mh_info *info, const struct mip_opt_row *row, size_t data_pos)
{
	switch (row->once) {
	case MIP_HAS_MN_HA:
		info->mn_ha_offset = (uint16_t)(data_pos + MIP_OPT_AUTH_FIXED);
		if (info->mn_aaa_offset)
			info->quirks |= MIP_QUIRK_AAA_BEFORE_HA;
		break;
	case MIP_HAS_MN_AAA:
		info->mn_aaa_offset = (uint16_t)(data_pos + MIP_OPT_AUTH_FIXED);
		break;
	case MIP_HAS_BAD:
		info->bad_offset = (uint16_t)data_pos;
		break;
	}
}

static int decode_one(const uint8_t *buf, size_t pos, uint8_t len, struct mip_opts *opts,
		      struct mip_mh_info *info)
{
	const uint8_t *data = buf + pos + 2;
	uint8_t type = buf[pos];
	bool known_type;
	const struct mip_opt_row *row = mip_opt_find_row(type, data, len, &known_type);
	int err;

	if (!row) {
		if (known_type && len == 0)
			return MIP_ERR_OPT_LEN; /* no room for its subtype */
		note_unknown(info, type);
		keep_raw(opts, type, data, len);
		return MIP_OK;
	}
	if (len < row->min || len > row->max)
		return MIP_ERR_OPT_LEN;
	if (row->once && (opts->present & row->once))
		return MIP_ERR_OPT_DUPLICATE;
	err = row->read(opts, data, len);
	if (err)
		return err;
	opts->present |= row->once;
	note_place(info, row, pos + 2);
	return MIP_OK;
}

int mip_opts_decode(const uint8_t *buf, size_t start, size_t end, struct mip_opts *opts,
		    struct mip_mh_info *info)
{
	bool auth_seen = false;
	size_t pos = start;

	while (pos < end) {
		uint8_t type = buf[pos];
		uint8_t len;
		int err;

		info->error_opt = type;
		info->error_offset = (uint16_t)pos;
		if (opts->present & MIP_HAS_BAD)
			return MIP_ERR_BAD_NOT_LAST;
		if (type == MIP_OPT_PAD1) {
			pos++;
			continue;
		}
		if (end - pos < 2)
			return MIP_ERR_OPT_TRUNCATED;
		info->error_offset = (uint16_t)(pos + 1);
		len = buf[pos + 1];
		if (len > end - pos - 2)
			return MIP_ERR_OPT_TRUNCATED;
		if (type != MIP_OPT_PADN) {
			err = decode_one(buf, pos, len, opts, info);
			if (err)
				return err;
			if (auth_seen && type != MIP_OPT_AUTH)
				info->quirks |= MIP_QUIRK_AUTH_NOT_LAST;
			if (auth_seen && type == MIP_OPT_MN_ID)
				info->quirks |= MIP_QUIRK_NAI_AFTER_AUTH;
			if (type == MIP_OPT_AUTH)
				auth_seen = true;
		}
		pos += 2u + len;
	}
	info->error_opt = 0;
	info->error_offset = 0;
	return MIP_OK;
}

/* One Pad1 or one PadN of n octets, n at most 7. */
static void put_padding(uint8_t *p, size_t n)
{
	memset(p, 0, n);
	if (n >= 2) {
		p[0] = MIP_OPT_PADN;
		p[1] = (uint8_t)(n - 2);
	}
}

/* Appends the option behind *pos with the padding that it needs. */
static int put_option(const struct mip_opt_out *out, uint8_t *buf, size_t *pos, size_t size)
{
	size_t pad = (out->align_off - *pos) & (out->align - 1u);

	if (size - *pos < pad + 2 + out->len)
		return MIP_ERR_SPACE;
	put_padding(buf + *pos, pad);
	*pos += pad;
	buf[*pos] = out->type;
	buf[*pos + 1] = out->len;
	memcpy(buf + *pos + 2, out->data, out->len);
	*pos += 2u + out->len;
	return MIP_OK;
}

static int encode_row(const struct mip_opt_row *row, const struct mip_opts *opts, uint8_t *buf,
		      size_t *pos, size_t size, struct mip_mh_info *info)
{
	unsigned int n = row->once ? !!(opts->present & row->once) : row->count(opts);
	struct mip_opt_out out;
	int err;

	for (unsigned int i = 0; i < n; i++) {
		out.type = row->type;
		out.align = row->align;
		out.align_off = row->align_off;
		err = row->write(opts, i, &out);
		if (err)
			return err;
		err = put_option(&out, buf, pos, size);
		if (err)
			return err;
		note_place(info, row, *pos - out.len);
		if (row->type == MIP_OPT_ROW_RAW)
			note_unknown(info, out.type);
	}
	return MIP_OK;
}

int mip_opts_encode(const struct mip_opts *opts, uint8_t *buf, size_t pos, size_t size,
		    struct mip_mh_info *info)
{
	size_t pad;

	/* Both must be last. */
	if ((opts->present & MIP_HAS_BAD) && (opts->present & (MIP_HAS_MN_HA | MIP_HAS_MN_AAA)))
		return MIP_ERR_INVAL;
	if (size > MIP_MH_OCTETS_MAX)
		size = MIP_MH_OCTETS_MAX;
	for (size_t i = 0; i < mip_n_opt_rows; i++) {
		int err = encode_row(&mip_opt_rows[i], opts, buf, &pos, size, info);

		if (err)
			return err;
	}
	pad = -pos & 7;
	if (size - pos < pad)
		return MIP_ERR_SPACE;
	put_padding(buf + pos, pad);
	return (int)(pos + pad);
}
