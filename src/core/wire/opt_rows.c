// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mobility options: one row of mip_opt_rows per option, in the order in which
 * we write them. A row says how long the option may be, where it must begin,
 * and has a function to read its data and one to write it. opts.c loops over
 * the octets and over the rows; nothing else knows an option's layout.
 *
 * RFC 6275 section 6.2, RFC 3963 section 4.3, RFC 4283 section 3, RFC 4285
 * sections 5 and 6, RFC 5555 sections 3.1 and 3.2, RFC 5648 section 4.3,
 * RFC 5568 section 6.4.4 for the link-layer address.
 */
#include "octets.h"
#include "opts.h"

#define ANY_SUBTYPE (-1)
#define BID_FIXED   4

static int read_refresh_advice(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	(void)len;
	opts->refresh_advice_wire = get16(data);
	return MIP_OK;
}

static int write_refresh_advice(const struct mip_opts *opts, unsigned int i,
				struct mip_opt_out *out)
{
	(void)i;
	out->len = 2;
	put16(out->data, opts->refresh_advice_wire);
	return MIP_OK;
}

static int read_altcoa(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	(void)len;
	memcpy(&opts->altcoa, data, 16);
	return MIP_OK;
}

static int write_altcoa(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	out->len = 16;
	memcpy(out->data, &opts->altcoa, 16);
	return MIP_OK;
}

static int read_mnp(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	(void)len;
	if (opts->n_mnp == MIP_MNP_MAX)
		return MIP_ERR_OPT_LIMIT;
	opts->mnp[opts->n_mnp].plen = data[1];
	memcpy(&opts->mnp[opts->n_mnp].addr, data + 2, 16);
	opts->n_mnp++;
	return MIP_OK;
}

static unsigned int count_mnp(const struct mip_opts *opts)
{
	return opts->n_mnp;
}

static int write_mnp(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	if (i >= MIP_MNP_MAX)
		return MIP_ERR_INVAL;
	out->len = 18;
	out->data[0] = 0;
	out->data[1] = opts->mnp[i].plen;
	memcpy(out->data + 2, &opts->mnp[i].addr, 16);
	return MIP_OK;
}

/* Prefix length in the upper 6 bits of the octet. */
static int read_ipv4_hoa(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	struct mip_opt_ipv4_hoa *hoa = &opts->ipv4_hoa[opts->n_ipv4_hoa];

	(void)len;
	if (opts->n_ipv4_hoa == MIP_IPV4_HOA_MAX)
		return MIP_ERR_OPT_LIMIT;
	hoa->plen = data[0] >> 2;
	hoa->prefix = data[0] & 0x02;
	memcpy(&hoa->addr, data + 2, 4);
	opts->n_ipv4_hoa++;
	return MIP_OK;
}

static unsigned int count_ipv4_hoa(const struct mip_opts *opts)
{
	return opts->n_ipv4_hoa;
}

static int write_ipv4_hoa(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	if (i >= MIP_IPV4_HOA_MAX || opts->ipv4_hoa[i].plen > 63)
		return MIP_ERR_INVAL;
	out->len = 6;
	out->data[0] =
		(uint8_t)(opts->ipv4_hoa[i].plen << 2 | (opts->ipv4_hoa[i].prefix ? 0x02 : 0));
	out->data[1] = 0;
	memcpy(out->data + 2, &opts->ipv4_hoa[i].addr, 4);
	return MIP_OK;
}

static int read_ipv4_coa(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	(void)len;
	memcpy(&opts->ipv4_coa, data + 2, 4);
	return MIP_OK;
}

static int write_ipv4_coa(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	out->len = 6;
	put16(out->data, 0);
	memcpy(out->data + 2, &opts->ipv4_coa, 4);
	return MIP_OK;
}

static int read_ipv4_ack(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	struct mip_opt_ipv4_ack *ack = &opts->ipv4_ack[opts->n_ipv4_ack];

	(void)len;
	if (opts->n_ipv4_ack == MIP_IPV4_HOA_MAX)
		return MIP_ERR_OPT_LIMIT;
	ack->status = data[0];
	ack->plen = data[1] >> 2;
	memcpy(&ack->addr, data + 2, 4);
	opts->n_ipv4_ack++;
	return MIP_OK;
}

static unsigned int count_ipv4_ack(const struct mip_opts *opts)
{
	return opts->n_ipv4_ack;
}

static int write_ipv4_ack(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	if (i >= MIP_IPV4_HOA_MAX || opts->ipv4_ack[i].plen > 63)
		return MIP_ERR_INVAL;
	out->len = 6;
	out->data[0] = opts->ipv4_ack[i].status;
	out->data[1] = (uint8_t)(opts->ipv4_ack[i].plen << 2);
	memcpy(out->data + 2, &opts->ipv4_ack[i].addr, 4);
	return MIP_OK;
}

static int read_nat_detection(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	(void)len;
	opts->nat_force = data[0] & 0x80;
	opts->nat_refresh_sec = get32(data + 2);
	return MIP_OK;
}

static int write_nat_detection(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	out->len = 6;
	put16(out->data, opts->nat_force ? 0x8000 : 0);
	put32(out->data + 2, opts->nat_refresh_sec);
	return MIP_OK;
}

/* A wrong length is told to the role, which answers with status 164 (MCOA-HA-02). */
static int read_bid(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	struct mip_opt_bid *bid = &opts->bid[opts->n_bid];

	if (opts->n_bid == MIP_BID_MAX)
		return MIP_ERR_OPT_LIMIT;
	if (len >= 2)
		bid->bid = get16(data);
	if (len >= BID_FIXED) {
		bid->status = data[2];
		bid->home_and_foreign = data[3] & 0x80;
		bid->pri = data[3] & 0x7f;
	}
	if (len == BID_FIXED) {
		bid->coa_type = MIP_BID_COA_NONE;
	} else if (len == BID_FIXED + 4) {
		bid->coa_type = MIP_BID_COA_IPV4;
		bid->coa.s6_addr[10] = 0xff;
		bid->coa.s6_addr[11] = 0xff;
		memcpy(bid->coa.s6_addr + 12, data + BID_FIXED, 4);
	} else if (len == BID_FIXED + 16) {
		bid->coa_type = MIP_BID_COA_IPV6;
		memcpy(&bid->coa, data + BID_FIXED, 16);
	} else {
		bid->coa_type = MIP_BID_COA_MALFORMED;
	}
	opts->n_bid++;
	return MIP_OK;
}

static unsigned int count_bid(const struct mip_opts *opts)
{
	return opts->n_bid;
}

static int write_bid(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	const struct mip_opt_bid *bid;

	if (i >= MIP_BID_MAX)
		return MIP_ERR_INVAL;
	bid = &opts->bid[i];
	if (bid->pri > 0x7f)
		return MIP_ERR_INVAL;
	put16(out->data, bid->bid);
	out->data[2] = bid->status;
	out->data[3] = (uint8_t)((bid->home_and_foreign ? 0x80 : 0) | bid->pri);
	switch (bid->coa_type) {
	case MIP_BID_COA_NONE:
		out->len = BID_FIXED;
		return MIP_OK;
	case MIP_BID_COA_IPV4:
		out->len = BID_FIXED + 4;
		memcpy(out->data + BID_FIXED, bid->coa.s6_addr + 12, 4);
		break;
	case MIP_BID_COA_IPV6:
		out->len = BID_FIXED + 16;
		memcpy(out->data + BID_FIXED, &bid->coa, 16);
		break;
	case MIP_BID_COA_MALFORMED:
		return MIP_ERR_INVAL;
	}
	out->align = 8; /* with a care-of address: 8n + 2 */
	out->align_off = 2;
	return MIP_OK;
}

static int read_mh_lla(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	opts->lla_len = (uint8_t)(len - 1);
	memcpy(opts->lla, data + 1, opts->lla_len);
	return MIP_OK;
}

static int write_mh_lla(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	if (opts->lla_len > MIP_LLA_OCTETS_MAX)
		return MIP_ERR_INVAL;
	out->len = (uint8_t)(1 + opts->lla_len);
	out->data[0] = MIP_MH_LLA_OF_MN;
	memcpy(out->data + 1, opts->lla, opts->lla_len);
	return MIP_OK;
}

static int read_nai(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	opts->nai_len = (uint8_t)(len - 1);
	memcpy(opts->nai, data + 1, opts->nai_len);
	return MIP_OK;
}

static int write_nai(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	if (opts->nai_len == 0 || opts->nai_len > MIP_MN_ID_OCTETS_MAX)
		return MIP_ERR_INVAL;
	out->len = (uint8_t)(1 + opts->nai_len);
	out->data[0] = MIP_MN_ID_NAI;
	memcpy(out->data + 1, opts->nai, opts->nai_len);
	return MIP_OK;
}

static int read_timestamp(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	(void)len;
	opts->timestamp = get64(data);
	return MIP_OK;
}

static int write_timestamp(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	out->len = 8;
	put64(out->data, opts->timestamp);
	return MIP_OK;
}

static int read_nonce_indices(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	(void)len;
	opts->home_nonce_idx = get16(data);
	opts->coa_nonce_idx = get16(data + 2);
	return MIP_OK;
}

static int write_nonce_indices(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	out->len = 4;
	put16(out->data, opts->home_nonce_idx);
	put16(out->data + 2, opts->coa_nonce_idx);
	return MIP_OK;
}

static int read_bad(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	opts->bad.len = len;
	memcpy(opts->bad.data, data, len);
	return MIP_OK;
}

/* Nothing may follow it, padding neither: it begins where it ends at a multiple of 8. */
static int write_bad(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	if (opts->bad.len == 0 || opts->bad.len > MIP_MAC_OCTETS_MAX)
		return MIP_ERR_INVAL;
	out->len = opts->bad.len;
	memcpy(out->data, opts->bad.data, out->len);
	out->align = 8;
	out->align_off = (uint8_t)(-(2 + out->len) & 7);
	return MIP_OK;
}

static int read_auth(struct mip_opt_auth *auth, const uint8_t *data, uint8_t len)
{
	auth->spi = get32(data + 1);
	auth->len = (uint8_t)(len - MIP_OPT_AUTH_FIXED);
	memcpy(auth->data, data + MIP_OPT_AUTH_FIXED, auth->len);
	return MIP_OK;
}

/*
 * The alignment is 4n + 1; behind the last of them must be no option, so that
 * one goes to where the message ends at a multiple of 8 without padding, if its
 * length allows that (MN-HA: 8n + 5).
 */
static int write_auth(const struct mip_opt_auth *auth, uint8_t subtype, bool last,
		      struct mip_opt_out *out)
{
	if (auth->len > MIP_MAC_OCTETS_MAX)
		return MIP_ERR_INVAL;
	out->len = (uint8_t)(MIP_OPT_AUTH_FIXED + auth->len);
	out->data[0] = subtype;
	put32(out->data + 1, auth->spi);
	memcpy(out->data + MIP_OPT_AUTH_FIXED, auth->data, auth->len);
	if (last && auth->len % 4 == 0) {
		out->align = 8;
		out->align_off = (uint8_t)(-(2 + out->len) & 7);
	}
	return MIP_OK;
}

static int read_mn_ha(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	return read_auth(&opts->mn_ha, data, len);
}

static int write_mn_ha(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	return write_auth(&opts->mn_ha, MIP_AUTH_MN_HA, !(opts->present & MIP_HAS_MN_AAA), out);
}

static int read_mn_aaa(struct mip_opts *opts, const uint8_t *data, uint8_t len)
{
	return read_auth(&opts->mn_aaa, data, len);
}

static int write_mn_aaa(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	(void)i;
	return write_auth(&opts->mn_aaa, MIP_AUTH_MN_AAA, true, out);
}

static unsigned int count_raw(const struct mip_opts *opts)
{
	return opts->n_raw;
}

static int write_raw(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out);

const struct mip_opt_row mip_opt_rows[] = {
	{ MIP_OPT_REFRESH_ADVICE, ANY_SUBTYPE, 2, 2, 2, 0, MIP_HAS_REFRESH_ADVICE,
	  read_refresh_advice, NULL, write_refresh_advice },
	{ MIP_OPT_ALTCOA, ANY_SUBTYPE, 16, 16, 8, 6, MIP_HAS_ALTCOA, read_altcoa, NULL,
	  write_altcoa },
	{ MIP_OPT_MNP, ANY_SUBTYPE, 18, 18, 8, 4, 0, read_mnp, count_mnp, write_mnp },
	{ MIP_OPT_IPV4_HOA, ANY_SUBTYPE, 6, 6, 4, 0, 0, read_ipv4_hoa, count_ipv4_hoa,
	  write_ipv4_hoa },
	{ MIP_OPT_IPV4_COA, ANY_SUBTYPE, 6, 6, 4, 0, MIP_HAS_IPV4_COA, read_ipv4_coa, NULL,
	  write_ipv4_coa },
	{ MIP_OPT_IPV4_ACK, ANY_SUBTYPE, 6, 6, 4, 0, 0, read_ipv4_ack, count_ipv4_ack,
	  write_ipv4_ack },
	{ MIP_OPT_NAT_DETECTION, ANY_SUBTYPE, 6, 6, 4, 0, MIP_HAS_NAT_DETECTION, read_nat_detection,
	  NULL, write_nat_detection },
	{ MIP_OPT_BID, ANY_SUBTYPE, 0, 255, 2, 0, 0, read_bid, count_bid, write_bid },
	{ MIP_OPT_MH_LLA, MIP_MH_LLA_OF_MN, 2, 1 + MIP_LLA_OCTETS_MAX, 1, 0, MIP_HAS_MH_LLA,
	  read_mh_lla, NULL, write_mh_lla },
	{ MIP_OPT_MN_ID, MIP_MN_ID_NAI, 2, 255, 1, 0, MIP_HAS_NAI, read_nai, NULL, write_nai },
	{ MIP_OPT_ROW_RAW, ANY_SUBTYPE, 0, 255, 1, 0, 0, NULL, count_raw, write_raw },
	{ MIP_OPT_TIMESTAMP, ANY_SUBTYPE, 8, 8, 8, 2, MIP_HAS_TIMESTAMP, read_timestamp, NULL,
	  write_timestamp },
	{ MIP_OPT_NONCE_INDICES, ANY_SUBTYPE, 4, 4, 2, 0, MIP_HAS_NONCE_INDICES, read_nonce_indices,
	  NULL, write_nonce_indices },
	{ MIP_OPT_AUTH, MIP_AUTH_MN_HA, MIP_OPT_AUTH_FIXED, MIP_OPT_AUTH_FIXED + MIP_MAC_OCTETS_MAX,
	  4, 1, MIP_HAS_MN_HA, read_mn_ha, NULL, write_mn_ha },
	{ MIP_OPT_AUTH, MIP_AUTH_MN_AAA, MIP_OPT_AUTH_FIXED,
	  MIP_OPT_AUTH_FIXED + MIP_MAC_OCTETS_MAX, 4, 1, MIP_HAS_MN_AAA, read_mn_aaa, NULL,
	  write_mn_aaa },
	{ MIP_OPT_BAD, ANY_SUBTYPE, 1, MIP_MAC_OCTETS_MAX, 8, 2, MIP_HAS_BAD, read_bad, NULL,
	  write_bad },
};

const size_t mip_n_opt_rows = sizeof(mip_opt_rows) / sizeof(mip_opt_rows[0]);

const struct mip_opt_row *mip_opt_find_row(uint8_t type, const uint8_t *data, uint8_t len,
					   bool *ret_known_type)
{
	*ret_known_type = false;
	for (size_t i = 0; i < mip_n_opt_rows; i++) {
		const struct mip_opt_row *row = &mip_opt_rows[i];

		if (row->type != type || !row->read)
			continue;
		*ret_known_type = true;
		if (row->subtype == ANY_SUBTYPE || (len > 0 && data[0] == row->subtype))
			return row;
	}
	return NULL;
}

/* Options that we pass on unread have the alignment of their RFC (RFC 6089, 5094, 5847). */
static uint8_t raw_align(uint8_t type, uint8_t *ret_off)
{
	*ret_off = 0;
	switch (type) {
	case 44: /* Flow Summary */
	case 45: /* Flow Identification */
		return 2;
	case 19: /* Vendor Specific */
	case 28: /* Restart Counter */
		*ret_off = 2;
		return 4;
	}
	return 1;
}

static int write_raw(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out)
{
	const struct mip_opt_raw *raw;
	bool known_type;

	if (i >= MIP_RAW_OPT_MAX)
		return MIP_ERR_INVAL;
	raw = &opts->raw[i];
	if (raw->offset > MIP_RAW_OCTETS_MAX || raw->len > MIP_RAW_OCTETS_MAX - raw->offset)
		return MIP_ERR_INVAL;
	/* It must not be read back as something else. */
	if (raw->type == MIP_OPT_PAD1 || raw->type == MIP_OPT_PADN || raw->type == MIP_OPT_AUTH ||
	    mip_opt_find_row(raw->type, opts->raw_data + raw->offset, raw->len, &known_type) ||
	    (known_type && raw->len == 0))
		return MIP_ERR_INVAL;
	out->type = raw->type;
	out->align = raw_align(raw->type, &out->align_off);
	out->len = raw->len;
	memcpy(out->data, opts->raw_data + raw->offset, raw->len);
	return MIP_OK;
}
