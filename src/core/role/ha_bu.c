// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The home agent's tests of a Binding Update, in the order of the tables
 * HA-BU and HA-DE (RFC 6275 sections 9.5.1, 10.3.1 and 10.3.2, RFC 4285
 * sections 5 and 6).
 *
 * What costs little comes first: addresses and options, then the key look-up,
 * then the one HMAC. Nothing is answered before the HMAC but with one
 * exception, status 146, which RFC 4285 section 5.1.1 demands; it is limited
 * in rate, since whoever knows an SPI and a NAI can draw it to any address.
 * Nothing is stored before all tests are passed.
 */
#include <string.h>

#include <mip/auth.h>

#include "ha_priv.h"

static bool same_addr(const struct in6_addr *a, const struct in6_addr *b)
{
	return IN6_ARE_ADDR_EQUAL(a, b);
}

/*
 * Addresses and options that are wrong without looking at any state. Fills in
 * reg. Returns MIP_DROP_NONE or the reason.
 */
static enum mip_drop_reason take_apart(const struct mip_ha *ha, const struct mip_ev_mh *ev,
				       const struct mip_msg *msg, struct mip_ha_reg *reg)
{
	const struct mip_opts *opts = &msg->opts;
	bool altcoa = opts->present & MIP_HAS_ALTCOA;

	*reg = (struct mip_ha_reg){
		.hoa = ev->has_hao ? ev->hao : ev->src,
		.coa = altcoa ? opts->altcoa : ev->src,
		.src = ev->src,
		.local = ev->dst,
		.ifindex = ev->ifindex,
		.seq = msg->bu.seq,
		.flags = msg->bu.flags,
		.lifetime_wire = msg->bu.lifetime_wire,
		.has_timestamp = opts->present & MIP_HAS_TIMESTAMP,
		.timestamp = opts->timestamp,
	};
	/* HA-DE-07: RFC 3775 peers de-register with CoA = HoA and a lifetime */
	reg->dereg = reg->lifetime_wire == 0 || same_addr(&reg->coa, &reg->hoa);

	if (ev->has_rh2)
		return MIP_DROP_UNEXPECTED_RH2; /* GEN-MH-07, GEN-RH2-01 */
	if (ha->config.n_links > 0 && !ha_is_own_addr(ha, &ev->dst))
		return MIP_DROP_NOT_OURS;
	/* CN-BU-01, HA-BU-03; in a de-registration any care-of address will do (DEC-03) */
	if (!mip_addr_is_unicast_routable(&reg->src) || !mip_addr_is_unicast_routable(&reg->hoa))
		return MIP_DROP_NOT_UNICAST;
	if (!reg->dereg && !mip_addr_is_unicast_routable(&reg->coa))
		return MIP_DROP_NOT_UNICAST;
	/* HA-BU-02, HA-DE-03 */
	if (!ev->has_hao && reg->lifetime_wire != 0)
		return MIP_DROP_NO_HAO;
	/* HA-BU-04 */
	if (opts->present & MIP_HAS_NONCE_INDICES)
		return MIP_DROP_NONCE_INDICES;
	return MIP_DROP_NONE;
}

/*
 * HA-BU-01 by RFC 4285: AUTH-01 to AUTH-04. Returns MIP_DROP_NONE or the
 * reason; MIP_DROP_AUTH_FAIL means that the key is known, so that the answer
 * can be signed.
 */
static enum mip_drop_reason authenticate(const struct mip_ha *ha, const struct mip_ev_mh *ev,
					 const struct mip_msg *msg, const struct mip_mh_info *info,
					 struct mip_ha_reg *reg, enum mip_replay *ret_replay)
{
	const struct mip_opts *opts = &msg->opts;
	size_t nai_len = opts->present & MIP_HAS_NAI ? opts->nai_len : 0;
	const struct mip_key *key;

	*ret_replay = MIP_REPLAY_SEQUENCE;
	if (!(opts->present & MIP_HAS_MN_HA)) {
		/* The lab setting is no way around the keys that there are. */
		if (ha->config.allow_unprotected && !(opts->present & MIP_HAS_MN_AAA) &&
		    !mip_keys_cover(ha->keys, &reg->hoa))
			return MIP_DROP_NONE;
		return MIP_DROP_NO_AUTH;
	}
	if (mip_auth_check_order(info) != MIP_OK || info->quirks & MIP_QUIRK_NAI_AFTER_AUTH ||
	    nai_len > MIP_NAI_MAX)
		return MIP_DROP_AUTH_ORDER;

	key = mip_keys_find(ha->keys, opts->mn_ha.spi, &reg->hoa, opts->nai, nai_len);
	if (!key)
		return MIP_DROP_NO_KEY;
	reg->is_protected = true;
	reg->spi = opts->mn_ha.spi;
	reg->nai_len = (uint8_t)nai_len;
	memcpy(reg->nai, opts->nai, nai_len);
	*ret_replay = key->replay != MIP_REPLAY_DEFAULT ? key->replay : ha->config.replay;

	switch (mip_auth_mn_ha_verify(key->key, key->key_len, &reg->coa, &reg->hoa, ev->data,
				      ev->len, info)) {
	case MIP_OK:
		return MIP_DROP_NONE;
	case MIP_ERR_AUTH_FAIL:
		return MIP_DROP_AUTH_FAIL;
	default:
		return MIP_DROP_AUTH_ORDER;
	}
}

/*
 * AUTH-05: close to our clock, and later than any that was accepted for this
 * mobile node. last is 0 when none is remembered.
 *
 * Two cases that RFC 4285 section 6 leaves open. A remembered timestamp that
 * lies ahead of our clock by more than the tolerance cannot have been accepted
 * by this clock: the clock was set back. Insisting on a later one would lock
 * the mobile node out until the old time has come again, so then the sequence
 * number alone protects. And since what was remembered before our start is
 * lost with the bindings that had ended, a timestamp from before is not
 * believed unless a binding vouches for it.
 */
static bool timestamp_ok(const struct mip_ha *ha, uint64_t timestamp, uint64_t last,
			 const struct mip_time *now)
{
	int64_t tolerance = (int64_t)ha_tolerance(ha);
	int64_t off = mip_ntp_diff_usec(timestamp, now->ntp);

	if (off > tolerance || off < -tolerance)
		return false;
	if (last == 0) {
		if (mip_ntp_diff_usec(ha->start_ntp, now->ntp) > 0)
			return true;
		return mip_ntp_newer(timestamp, ha->start_ntp);
	}
	if (mip_ntp_diff_usec(last, now->ntp) > tolerance)
		return true;
	return mip_ntp_newer(timestamp, last);
}

/* The latest timestamp that counts for the home address, 0 for none. */
static uint64_t last_timestamp(const struct mip_bcache_entry *e)
{
	if (!e)
		return 0;
	if (e->reg && e->reg->has_timestamp)
		return e->reg->timestamp;
	return e->timestamp;
}

/* HA-BU-06, GEN-SEQ-01, GEN-SEQ-02. Is there a number that a new one must be greater than? */
static bool last_seq(const struct mip_bcache_entry *e, const struct mip_time *now, uint16_t *ret)
{
	if (!e)
		return false;
	if (e->reg)
		*ret = e->reg->seq; /* HA-BU-19 */
	else if (ha_is_bound(e, now) || (e->state == MIP_BCE_HELD && e->seq_counts))
		*ret = e->seq;
	else
		return false;
	return true;
}

/* HA-BU-09: would packets for the home address come back to us? */
static bool coa_loops(const struct mip_ha *ha, const struct mip_ha_reg *reg,
		      const struct mip_time *now)
{
	const struct mip_bcache_entry *other = mip_bcache_find(ha->bc, &reg->coa, 0);

	if (ha_is_own_addr(ha, &reg->coa) || (other && ha_is_bound(other, now)))
		return true;
	/* The prefix of a virtual home link is routed into the tunnel device. */
	for (unsigned int i = 0; i < ha->config.n_links; i++) {
		if (ha->config.links[i].ifindex == 0 &&
		    mip_addr_in_prefix(&reg->coa, &ha->config.links[i].prefix))
			return true;
	}
	return false;
}

void ha_bu(struct mip_ha *ha, const struct mip_ev_mh *ev, const struct mip_msg *msg,
	   const struct mip_mh_info *info, const struct mip_time *now)
{
	struct mip_bcache_entry *e;
	enum mip_drop_reason why;
	enum mip_replay replay;
	struct mip_ha_reg reg;
	bool bound;
	uint16_t seq;

	why = take_apart(ha, ev, msg, &reg);
	/* Registrations with correspondent nodes are cnd's, unless they name a key of ours. */
	if (why == MIP_DROP_NONE && !(reg.flags & MIP_BU_H) && !(msg->opts.present & MIP_HAS_MN_HA))
		why = MIP_DROP_NOT_HOME_REG;
	if (why == MIP_DROP_NONE)
		why = authenticate(ha, ev, msg, info, &reg, &replay);
	if (why == MIP_DROP_AUTH_FAIL) {
		if (ha_bucket_take(&ha->fail_bucket, now->usec))
			ha_refuse(ha, &reg, MIP_ST_AUTH_FAIL, why, reg.seq, now);
		else
			ha_drop(ha, MIP_DROP_RATE, ev, &reg.hoa);
		return;
	}
	if (why != MIP_DROP_NONE) {
		ha_drop(ha, why, ev, &reg.hoa);
		return;
	}

	e = mip_bcache_find(ha->bc, &reg.hoa, 0);
	bound = e && ha_is_bound(e, now);

	if (reg.is_protected && replay != MIP_REPLAY_SEQUENCE && !reg.has_timestamp) {
		ha_refuse(ha, &reg, MIP_ST_MESG_ID_REQD, MIP_DROP_NO_TIMESTAMP, reg.seq, now);
		return;
	}
	/* HA-BU-05, NEMO-HA-04 */
	if (!(reg.flags & MIP_BU_H)) {
		if (bound)
			ha_refuse(ha, &reg, MIP_ST_REG_TYPE_CHANGE, MIP_DROP_TYPE_CHANGE, reg.seq,
				  now);
		else
			ha_drop(ha, MIP_DROP_NOT_HOME_REG, ev, &reg.hoa);
		return;
	}
	if (bound && !reg.dereg && (e->flags ^ reg.flags) & MIP_BU_R) {
		ha_refuse(ha, &reg, MIP_ST_REG_TYPE_CHANGE, MIP_DROP_TYPE_CHANGE, reg.seq, now);
		return;
	}
	if (last_seq(e, now, &seq) && !mip_seq_newer(reg.seq, seq)) {
		if (e->reg && reg.seq == seq && same_addr(&reg.coa, &e->reg->coa))
			ha_drop(ha, MIP_DROP_DUPLICATE, ev, &reg.hoa);
		else
			ha_refuse(ha, &reg, MIP_ST_SEQ_OUT_OF_WINDOW, MIP_DROP_SEQ, seq, now);
		return;
	}
	/* After the sequence number, so that a late copy gets 135 as section 10.3.2 has it. */
	if (reg.is_protected && reg.has_timestamp &&
	    !timestamp_ok(ha, reg.timestamp, last_timestamp(e), now)) {
		ha_refuse(ha, &reg, MIP_ST_ID_MISMATCH, MIP_DROP_STALE_TIMESTAMP, reg.seq, now);
		return;
	}
	if (ha->config.n_links == 0) {
		ha_refuse(ha, &reg, MIP_ST_HOME_REG_NOT_SUPPORTED, MIP_DROP_NOT_HA, reg.seq, now);
		return;
	}
	/* MCOA-HA-03: multiple care-of addresses are off */
	if (msg->opts.n_bid > 0) {
		ha_refuse(ha, &reg, MIP_ST_MCOA_PROHIBITED, MIP_DROP_NO_MCOA, reg.seq, now);
		return;
	}
	if (reg.dereg) {
		ha_deregister(ha, &reg, e, now);
		return;
	}
	/* HA-BU-08 */
	if (ha_find_link(ha, &reg.hoa, now) < 0) {
		ha_refuse(ha, &reg, MIP_ST_NOT_HOME_SUBNET, MIP_DROP_NOT_HOME_SUBNET, reg.seq, now);
		return;
	}
	/* HA-BU-09: our own address is nobody's home address */
	if (ha_is_own_addr(ha, &reg.hoa)) {
		ha_refuse(ha, &reg, MIP_ST_PROHIBITED, MIP_DROP_PROHIBITED, reg.seq, now);
		return;
	}
	/* HA-BU-09, DEC-04 */
	if (coa_loops(ha, &reg, now)) {
		ha_refuse(ha, &reg, MIP_ST_INVALID_COA, MIP_DROP_BAD_COA, reg.seq, now);
		return;
	}
	/* HA-BU-10, NEMO-HA-02 */
	if (reg.flags & MIP_BU_R) {
		ha_refuse(ha, &reg, MIP_ST_MR_NOT_PERMITTED, MIP_DROP_NOT_MOBILE_ROUTER, reg.seq,
			  now);
		return;
	}
	ha_register(ha, &reg, e, now);
}
