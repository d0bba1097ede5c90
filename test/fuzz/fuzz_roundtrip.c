// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any structure that the octets describe: what can be written reads as the
 * same, decode(encode(x)) = x, and is written again as the same octets.
 */
#include <stdlib.h>
#include <string.h>

#include <mip/wire.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
	const uint8_t *p;
	size_t left;
};

/* Takes octets; zeros when there are no more. */
static void take(struct source *s, void *to, size_t len)
{
	size_t n = len < s->left ? len : s->left;

	memset(to, 0, len);
	memcpy(to, s->p, n);
	s->p += n;
	s->left -= n;
}

static uint8_t take8(struct source *s)
{
	uint8_t v;

	take(s, &v, 1);
	return v;
}

static uint16_t take16(struct source *s)
{
	uint16_t v;

	take(s, &v, 2);
	return v;
}

static void take_fixed(struct source *s, struct mip_msg *m)
{
	m->type = take8(s) % 8;
	switch ((enum mip_mh_type)m->type) {
	case MIP_MH_BRR:
		break;
	case MIP_MH_HOTI:
	case MIP_MH_COTI:
		take(s, m->hoti.cookie, 8);
		break;
	case MIP_MH_HOT:
	case MIP_MH_COT:
		m->hot.nonce_idx = take16(s);
		take(s, m->hot.cookie, 8);
		take(s, m->hot.token, 8);
		break;
	case MIP_MH_BU:
		m->bu = (struct mip_bu){ take16(s), take16(s), take16(s) };
		break;
	case MIP_MH_BA:
		m->ba = (struct mip_ba){ take8(s), take8(s), take16(s), take16(s) };
		break;
	case MIP_MH_BE:
		m->be.status = take8(s);
		take(s, &m->be.hoa, 16);
		break;
	}
}

static void take_bids(struct source *s, struct mip_opts *o)
{
	o->n_bid = take8(s) % (MIP_BID_MAX + 1);
	for (unsigned int i = 0; i < o->n_bid; i++) {
		struct mip_opt_bid *b = &o->bid[i];

		b->bid = take16(s);
		b->status = take8(s);
		b->home_and_foreign = take8(s) & 1;
		b->pri = take8(s) & 0x7f;
		b->coa_type = (enum mip_bid_coa)(take8(s) % MIP_BID_COA_MALFORMED);
		if (b->coa_type == MIP_BID_COA_NONE)
			continue;
		take(s, &b->coa, 16);
		if (b->coa_type == MIP_BID_COA_IPV4) {
			memset(&b->coa, 0, 10);
			memset(b->coa.s6_addr + 10, 0xff, 2);
		}
	}
}

static void take_ipv4(struct source *s, struct mip_opts *o)
{
	o->n_ipv4_hoa = take8(s) % (MIP_IPV4_HOA_MAX + 1);
	for (unsigned int i = 0; i < o->n_ipv4_hoa; i++) {
		take(s, &o->ipv4_hoa[i].addr, 4);
		o->ipv4_hoa[i].plen = take8(s) & 63;
		o->ipv4_hoa[i].prefix = take8(s) & 1;
	}
	o->n_ipv4_ack = take8(s) % (MIP_IPV4_HOA_MAX + 1);
	for (unsigned int i = 0; i < o->n_ipv4_ack; i++) {
		take(s, &o->ipv4_ack[i].addr, 4);
		o->ipv4_ack[i].plen = take8(s) & 63;
		o->ipv4_ack[i].status = take8(s);
	}
	if (o->present & MIP_HAS_IPV4_COA)
		take(s, &o->ipv4_coa, 4);
	if (o->present & MIP_HAS_NAT_DETECTION) {
		o->nat_force = take8(s) & 1;
		take(s, &o->nat_refresh_sec, 4);
	}
}

static void take_auth(struct source *s, struct mip_opt_auth *auth)
{
	take(s, &auth->spi, 4);
	auth->len = take8(s) % (MIP_MAC_OCTETS_MAX + 1);
	take(s, auth->data, auth->len);
}

static void take_raw(struct source *s, struct mip_opts *o)
{
	o->n_raw = take8(s) % (MIP_RAW_OPT_MAX + 1);
	for (unsigned int i = 0; i < o->n_raw; i++) {
		struct mip_opt_raw *raw = &o->raw[i];

		raw->type = take8(s);
		raw->len = take8(s) % (MIP_RAW_OCTETS_MAX / MIP_RAW_OPT_MAX + 1);
		raw->offset = o->raw_used;
		take(s, o->raw_data + raw->offset, raw->len);
		o->raw_used = (uint16_t)(o->raw_used + raw->len);
	}
}

static void take_opts(struct source *s, struct mip_opts *o)
{
	o->present = take16(s) & 0x07ff;
	if (o->present & MIP_HAS_REFRESH_ADVICE)
		o->refresh_advice_wire = take16(s);
	if (o->present & MIP_HAS_ALTCOA)
		take(s, &o->altcoa, 16);
	if (o->present & MIP_HAS_NONCE_INDICES) {
		o->home_nonce_idx = take16(s);
		o->coa_nonce_idx = take16(s);
	}
	if (o->present & MIP_HAS_BAD) {
		o->bad.len = take8(s) % (MIP_MAC_OCTETS_MAX + 1);
		take(s, o->bad.data, o->bad.len);
	}
	if (o->present & MIP_HAS_MH_LLA) {
		o->lla_len = (uint8_t)(1 + take8(s) % MIP_LLA_OCTETS_MAX);
		take(s, o->lla, o->lla_len);
	}
	if (o->present & MIP_HAS_NAI) {
		o->nai_len = take8(s) % (MIP_MN_ID_OCTETS_MAX + 1);
		take(s, o->nai, o->nai_len);
	}
	if (o->present & MIP_HAS_MN_HA)
		take_auth(s, &o->mn_ha);
	if (o->present & MIP_HAS_MN_AAA)
		take_auth(s, &o->mn_aaa);
	if (o->present & MIP_HAS_TIMESTAMP)
		take(s, &o->timestamp, 8);
	o->n_mnp = take8(s) % (MIP_MNP_MAX + 1);
	for (unsigned int i = 0; i < o->n_mnp; i++) {
		take(s, &o->mnp[i].addr, 16);
		o->mnp[i].plen = take8(s);
	}
	take_bids(s, o);
	take_ipv4(s, o);
	take_raw(s, o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t first[MIP_MH_OCTETS_MAX], second[MIP_MH_OCTETS_MAX];
	struct source s = { data, size };
	struct mip_mh_info info, info2;
	size_t first_len, second_len;
	struct mip_msg msg, msg2;
	int err;

	memset(&msg, 0, sizeof(msg));
	take_fixed(&s, &msg);
	take_opts(&s, &msg.opts);
	memset(&info, 0, sizeof(info)); /* padding too, for the comparison */
	err = mip_mh_encode(&msg, first, sizeof(first), &first_len, &info);
	if (err == MIP_ERR_INVAL || err == MIP_ERR_SPACE)
		return 0;
	memset(&msg2, 0, sizeof(msg2));
	if (err || mip_mh_decode(first, first_len, &msg2, &info2))
		abort();
	if (memcmp(&msg, &msg2, sizeof(msg)) != 0 || info.len != info2.len ||
	    info.bad_offset != info2.bad_offset || info.mn_ha_offset != info2.mn_ha_offset ||
	    info.mn_aaa_offset != info2.mn_aaa_offset || info.n_unknown != info2.n_unknown ||
	    info.first_unknown != info2.first_unknown || info2.quirks)
		abort();
	if (mip_mh_encode(&msg2, second, sizeof(second), &second_len, NULL) ||
	    second_len != first_len || memcmp(first, second, first_len) != 0)
		abort();
	return 0;
}
