// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of the mobile node: Binding Updates out (RFC 6275 section 11.7.1),
 * Binding Acknowledgements, Binding Refresh Requests and Binding Errors in
 * (sections 11.7.3, 11.7.4, 11.3.6).
 *
 * An acknowledgement is believed only when all of this holds, in this order:
 * it is from the home agent, for a home address of ours, at the address that
 * the Binding Updates of the present series went out from; its sequence number
 * is that of one of them (not with status 135, whose number is the home
 * agent's); its timestamp is that of the same one (RFC 4285 section 6; with
 * status 144 only the low half is); and its MAC is right. Where neither a
 * sequence number nor a timestamp binds it to something sent, the MAC alone
 * decides, as section 11.7.3 has it for 135.
 */
#include <string.h>

#include <mip/auth.h>

#include "mn_internal.h"

/* ---- Out ---------------------------------------------------------------- */

/*
 * RFC 4285 section 6: greater than any before. Our clock with the offset that
 * the home agent has taught us, unless that has been used up already.
 */
static uint64_t next_timestamp(const struct mn_entry *e, const struct mip_time *now)
{
	uint64_t timestamp = now->ntp + e->clock_offset;

	if (e->last_timestamp && !mip_ntp_newer(timestamp, e->last_timestamp))
		timestamp = e->last_timestamp + 1;
	return timestamp ? timestamp : 1;
}

static void remember_sent(struct mn_entry *e, const struct mn_sent *sent)
{
	if (e->n_sent == MN_SENT_MAX) {
		memmove(&e->sent[0], &e->sent[1], sizeof(e->sent) - sizeof(e->sent[0]));
		e->n_sent--;
	}
	e->sent[e->n_sent++] = *sent;
}

/* The care-of address as the MACs of the series have it (RFC 4285 section 5.1). */
static const struct in6_addr *mac_coa(const struct mn_entry *e)
{
	return e->goal == MN_GOAL_REGISTER ? &e->coa : &e->home.hoa;
}

void mn_send_bu(struct mip_mn *mn, struct mn_entry *e, const struct mip_time *now)
{
	const struct mip_mn_sa *sa = &e->home.sa;
	bool away = e->goal != MN_GOAL_DEREG_HOME;
	struct mip_msg msg = { .type = MIP_MH_BU };
	struct mip_act_send_mh *act;
	struct mip_mh_info info;
	struct mn_sent sent;
	size_t len;

	e->seq++;
	sent = (struct mn_sent){
		.seq = e->seq,
		.usec = now->usec,
		.lifetime_usec = e->goal == MN_GOAL_REGISTER ? e->home.lifetime_usec : 0,
	};
	msg.bu.seq = e->seq;
	msg.bu.flags = MIP_BU_A | MIP_BU_H;
	if (e->home.link_local)
		msg.bu.flags |= MIP_BU_L;
	msg.bu.lifetime_wire = mip_lifetime_wire(sent.lifetime_usec);
	if (away) {
		msg.opts.present |= MIP_HAS_ALTCOA;
		msg.opts.altcoa = *mac_coa(e);
	}
	if (sa->key_len) {
		msg.opts.present |= MIP_HAS_NAI | MIP_HAS_MN_HA;
		msg.opts.nai_len = sa->nai_len;
		memcpy(msg.opts.nai, sa->nai, sa->nai_len);
		msg.opts.mn_ha.spi = sa->spi;
		msg.opts.mn_ha.len = MIP_MAC_OCTETS;
		if (e->use_timestamp) {
			sent.timestamp = next_timestamp(e, now);
			msg.opts.present |= MIP_HAS_TIMESTAMP;
			msg.opts.timestamp = sent.timestamp;
			e->last_timestamp = sent.timestamp;
		}
	}

	act = &mip_queue_add(&mn->queue, MIP_ACT_SEND_MH)->send_mh;
	act->id = e->send_id = ++mn->next_id;
	act->src = away ? e->coa : e->home.hoa;
	act->dst = e->home.home_agent;
	act->has_hao = away;
	if (away)
		act->hao = e->home.hoa;
	act->ifindex = e->ifindex;
	/* Neither can fail: the configuration was tested for what these two test. */
	if (mip_mh_encode(&msg, act->data, sizeof(act->data), &len, &info) != MIP_OK)
		len = 0;
	act->len = (uint16_t)len;
	if (sa->key_len && len)
		mip_auth_mn_ha_sign(sa->key, sa->key_len, mac_coa(e), &e->home.hoa, act->data, len,
				    &info);
	if (len)
		mip_mh_set_checksum(&e->home.hoa, &act->dst, act->data, len);
	remember_sent(e, &sent);
	mip_count(&mn->counters, MIP_COUNT_MH_SENT);
	mip_count(&mn->counters, MIP_COUNT_BU_SENT);
}

/* GEN-MH-02: to the source on the wire, from where it was sent to. */
static void send_be(struct mip_mn *mn, const struct mip_ev_mh *mh, const struct mip_time *now)
{
	struct mip_msg msg = { .type = MIP_MH_BE };
	struct mip_act_send_mh *act;
	bool ours = false;
	size_t len;

	for (unsigned int i = 0; i < mn->n_entry; i++) {
		const struct mn_entry *e = &mn->entry[i];

		ours |= memcmp(&mh->dst, &e->home.hoa, sizeof(mh->dst)) == 0 ||
			memcmp(&mh->dst, &e->coa, sizeof(mh->dst)) == 0;
	}
	if (!ours || !mip_addr_is_unicast_routable(&mh->src))
		return;
	if (mn->be_allowed_usec > now->usec) {
		mip_count_drop(&mn->counters, MIP_DROP_RATE);
		return;
	}
	mn->be_allowed_usec = now->usec + MN_BE_INTERVAL_USEC;

	msg.be.status = MIP_BE_UNKNOWN_MH_TYPE;
	if (mh->has_hao)
		msg.be.hoa = mh->hao;
	act = &mip_queue_add(&mn->queue, MIP_ACT_SEND_MH)->send_mh;
	act->id = ++mn->next_id;
	act->src = mh->dst;
	act->dst = mh->src;
	if (mip_mh_encode(&msg, act->data, sizeof(act->data), &len, NULL) != MIP_OK)
		len = 0;
	act->len = (uint16_t)len;
	if (len)
		mip_mh_set_checksum(&act->src, &act->dst, act->data, len);
	mip_count(&mn->counters, MIP_COUNT_MH_SENT);
	mip_count(&mn->counters, MIP_COUNT_BE_SENT);
}

/* ---- In ----------------------------------------------------------------- */

static void drop(struct mip_mn *mn, const struct mip_ev_mh *mh, enum mip_drop_reason reason)
{
	struct mip_act_log *log;

	mip_count_drop(&mn->counters, reason);
	log = &mip_queue_add(&mn->queue, MIP_ACT_LOG)->log;
	log->event = MIP_LOG_MESSAGE_DROPPED;
	log->level = MIP_LOG_DEBUG;
	log->hoa = mh->has_rh2 ? mh->rh2 : mh->dst;
	log->peer = mh->src;
	log->drop_reason = (int)reason;
}

static struct mn_entry *find_hoa(struct mip_mn *mn, const struct in6_addr *hoa)
{
	for (unsigned int i = 0; i < mn->n_entry; i++) {
		if (memcmp(&mn->entry[i].home.hoa, hoa, sizeof(*hoa)) == 0)
			return &mn->entry[i];
	}
	return NULL;
}

static const struct mn_sent *find_sent(const struct mn_entry *e, uint16_t seq)
{
	for (unsigned int i = 0; i < e->n_sent; i++) {
		if (e->sent[i].seq == seq)
			return &e->sent[i];
	}
	return NULL;
}

/*
 * RFC 4285 section 6. With 144 the high half is the home agent's. A message
 * with 135 answers we do not know which Binding Update: any of the series.
 */
static bool timestamp_matches(const struct mn_entry *e, const struct mip_msg *msg,
			      const struct mn_sent *sent)
{
	bool has = msg->opts.present & MIP_HAS_TIMESTAMP;

	if (sent) {
		if (!sent->timestamp)
			return true;
		if (msg->ba.status == MIP_ST_ID_MISMATCH)
			return has && (uint32_t)msg->opts.timestamp == (uint32_t)sent->timestamp;
		return has && msg->opts.timestamp == sent->timestamp;
	}
	for (unsigned int i = 0; i < e->n_sent; i++) {
		if (!e->sent[i].timestamp || (has && e->sent[i].timestamp == msg->opts.timestamp))
			return true;
	}
	return false;
}

/* MIP_DROP_NONE: believed. */
static enum mip_drop_reason authenticate(const struct mn_entry *e, const struct mip_ev_mh *mh,
					 const struct mip_msg *msg, const struct mip_mh_info *info,
					 const struct mn_sent *sent)
{
	const struct mip_mn_sa *sa = &e->home.sa;

	/* Without a key there is the lab setting: mip_mn_new() has seen to it. */
	if (!sa->key_len)
		return MIP_DROP_NONE;
	if (!(msg->opts.present & MIP_HAS_MN_HA))
		return MIP_DROP_NO_AUTH;
	if (msg->opts.mn_ha.spi != sa->spi)
		return MIP_DROP_NO_KEY;
	if (!timestamp_matches(e, msg, sent))
		return MIP_DROP_TIMESTAMP_MISMATCH;
	switch (mip_auth_mn_ha_verify(sa->key, sa->key_len, mac_coa(e), &e->home.hoa, mh->data,
				      info->len, info)) {
	case MIP_OK:
		return MIP_DROP_NONE;
	case MIP_ERR_AUTH_ABSENT:
		return MIP_DROP_NO_AUTH;
	case MIP_ERR_AUTH_ORDER:
		return MIP_DROP_AUTH_ORDER;
	default:
		return MIP_DROP_AUTH_FAIL;
	}
}

/* How far a timestamp may be off at the home agent, less a second for the way. */
#define TIMESTAMP_REACH_USEC ((int64_t)(6 * MIP_USEC_PER_SEC))

/*
 * 144: the high half is the seconds of the home agent's clock, so take the
 * middle of that second. What it accepted last stands above its clock when one
 * of the clocks was set; then go on from there as long as that is still near
 * enough, since it wants both: near, and greater than before.
 */
static void adopt_clock(struct mn_entry *e, uint64_t timestamp, const struct mip_time *now)
{
	uint64_t theirs = (timestamp & UINT64_C(0xffffffff00000000)) | UINT64_C(0x80000000);

	e->clock_offset = theirs - now->ntp;
	e->last_timestamp = 0;
	if (e->acked_timestamp && mip_ntp_newer(e->acked_timestamp, theirs) &&
	    mip_ntp_diff_usec(e->acked_timestamp, theirs) < TIMESTAMP_REACH_USEC)
		e->last_timestamp = e->acked_timestamp;
}

/* What the answer comes to, after adopting what it says. */
static enum mip_reg_event ba_event(struct mn_entry *e, const struct mip_msg *msg,
				   const struct mn_sent *sent, const struct mip_time *now)
{
	switch (mip_ba_policy(msg->ba.status)) {
	case MIP_BA_ACCEPTED:
		return MIP_REG_EV_ACCEPTED;
	case MIP_BA_RESYNC_SEQ:
		/* The number never goes back: an answer to an old copy may be late. */
		if (mip_seq_newer(msg->ba.seq, e->seq))
			e->seq = msg->ba.seq;
		return MIP_REG_EV_RESYNC;
	case MIP_BA_RESYNC_CLOCK:
		if (!sent || !sent->timestamp)
			return MIP_REG_EV_LATER;
		adopt_clock(e, msg->opts.timestamp, now);
		return MIP_REG_EV_RESYNC;
	case MIP_BA_ADD_TIMESTAMP:
		if (e->use_timestamp || !e->home.sa.key_len)
			return MIP_REG_EV_LATER;
		e->use_timestamp = true;
		return MIP_REG_EV_RESYNC;
	case MIP_BA_LATER:
		return MIP_REG_EV_LATER;
	case MIP_BA_FAIL:
		return MIP_REG_EV_REFUSED;
	case MIP_BA_NO_BINDING:
		return MIP_REG_EV_NO_BINDING;
	case MIP_BA_DUPLICATE:
		return MIP_REG_EV_DUPLICATE;
	}
	return MIP_REG_EV_LATER;
}

static void input_ba(struct mip_mn *mn, const struct mip_ev_mh *mh, const struct mip_msg *msg,
		     const struct mip_mh_info *info, const struct mip_time *now)
{
	struct mn_ctx ctx = { .now = now, .status = msg->ba.status };
	const struct mn_sent *sent;
	enum mip_drop_reason reason;
	enum mip_reg_event event;
	struct mn_entry *e;
	bool away;

	mip_count(&mn->counters, MIP_COUNT_BA_RECEIVED);
	if (mh->has_hao)
		return drop(mn, mh, MIP_DROP_UNEXPECTED_HAO);
	e = find_hoa(mn, mh->has_rh2 ? &mh->rh2 : &mh->dst);
	if (!e)
		return drop(mn, mh, mh->has_rh2 ? MIP_DROP_NOT_OURS : MIP_DROP_NO_RH2);
	if (memcmp(&mh->src, &e->home.home_agent, sizeof(mh->src)) != 0)
		return drop(mn, mh, MIP_DROP_NOT_PEER);
	if (!e->n_sent)
		return drop(mn, mh, MIP_DROP_NO_PENDING);

	away = e->goal != MN_GOAL_DEREG_HOME;
	if (away && !mh->has_rh2)
		return drop(mn, mh, MIP_DROP_NO_RH2);
	if (!away && mh->has_rh2)
		return drop(mn, mh, MIP_DROP_UNEXPECTED_RH2);
	/* At a care-of address that we have left: answers the series before. */
	if (away && memcmp(&mh->dst, &e->coa, sizeof(mh->dst)) != 0)
		return drop(mn, mh, MIP_DROP_NO_PENDING);

	sent = msg->ba.status == MIP_ST_SEQ_OUT_OF_WINDOW ? NULL : find_sent(e, msg->ba.seq);
	if (!sent && msg->ba.status != MIP_ST_SEQ_OUT_OF_WINDOW)
		return drop(mn, mh, MIP_DROP_SEQ_MISMATCH);
	reason = authenticate(e, mh, msg, info, sent);
	if (reason != MIP_DROP_NONE)
		return drop(mn, mh, reason);

	if (sent) {
		ctx.has_sent = true;
		ctx.sent = *sent;
	}
	ctx.granted_usec = mip_lifetime_usec(msg->ba.lifetime_wire);
	if (msg->opts.present & MIP_HAS_REFRESH_ADVICE)
		ctx.advice_usec = mip_lifetime_usec(msg->opts.refresh_advice_wire);
	e->last_status = msg->ba.status;
	if (msg->ba.status >= 128) {
		mip_count(&mn->counters, MIP_COUNT_REG_REFUSED);
		mip_count_drop(&mn->counters, MIP_DROP_REFUSED);
	}
	event = ba_event(e, msg, sent, now);
	mn_reg_event(mn, e, event, &ctx);
}

/* Anybody could have sent these two: they make us do no more than refresh, under the rate limit. */
static void input_request(struct mip_mn *mn, const struct mip_ev_mh *mh, struct mn_entry *e,
			  const struct mip_time *now)
{
	const struct mn_ctx ctx = { .now = now };

	if (!e)
		return drop(mn, mh, MIP_DROP_NOT_OURS);
	if (memcmp(&mh->src, &e->home.home_agent, sizeof(mh->src)) != 0)
		return drop(mn, mh, MIP_DROP_NOT_PEER);
	/* A second one while the limit holds would only be held back, to be pointless then. */
	if (e->rate[MIP_MAX_UPDATE_RATE - 1] > now->usec)
		return drop(mn, mh, MIP_DROP_RATE);
	mn_reg_event(mn, e, MIP_REG_EV_ASKED, &ctx);
}

/* MN-BE-01 */
static void input_be(struct mip_mn *mn, const struct mip_ev_mh *mh, const struct mip_msg *msg,
		     const struct mip_time *now)
{
	mip_count(&mn->counters, MIP_COUNT_BE_RECEIVED);
	if (mh->has_hao)
		return drop(mn, mh, MIP_DROP_UNEXPECTED_HAO);
	if (msg->be.status != MIP_BE_UNKNOWN_BINDING)
		return drop(mn, mh, MIP_DROP_NO_PENDING);
	input_request(mn, mh, find_hoa(mn, &msg->be.hoa), now);
}

/* MN-BRR-01 */
static void input_brr(struct mip_mn *mn, const struct mip_ev_mh *mh, const struct mip_time *now)
{
	mip_count(&mn->counters, MIP_COUNT_BRR_RECEIVED);
	if (mh->has_hao)
		return drop(mn, mh, MIP_DROP_UNEXPECTED_HAO);
	input_request(mn, mh, find_hoa(mn, mh->has_rh2 ? &mh->rh2 : &mh->dst), now);
}

void mn_input_mh(struct mip_mn *mn, const struct mip_ev_mh *mh, const struct mip_time *now)
{
	struct mip_mh_info info;
	struct mip_msg msg;
	int r;

	mip_count(&mn->counters, MIP_COUNT_MH_RECEIVED);
	if (!mh->checksum_ok &&
	    !mip_mh_checksum_ok(mh->has_hao ? &mh->hao : &mh->src,
				mh->has_rh2 ? &mh->rh2 : &mh->dst, mh->data, mh->len))
		return drop(mn, mh, MIP_DROP_CHECKSUM);
	r = mip_mh_decode(mh->data, mh->len, &msg, &info);
	if (r == MIP_ERR_MH_TYPE) {
		drop(mn, mh, MIP_DROP_UNKNOWN_TYPE);
		return send_be(mn, mh, now);
	}
	if (r != MIP_OK)
		return drop(mn, mh, mip_drop_of_error(r));
	mn->counters.count[MIP_COUNT_UNKNOWN_OPTIONS] += info.n_unknown;

	switch ((enum mip_mh_type)msg.type) {
	case MIP_MH_BA:
		return input_ba(mn, mh, &msg, &info, now);
	case MIP_MH_BE:
		return input_be(mn, mh, &msg, now);
	case MIP_MH_BRR:
		return input_brr(mn, mh, now);
	/* The correspondent node's, or return routability's. */
	case MIP_MH_HOTI:
	case MIP_MH_COTI:
	case MIP_MH_HOT:
	case MIP_MH_COT:
	case MIP_MH_BU:
		break;
	}
	drop(mn, mh, MIP_DROP_UNEXPECTED_TYPE);
}
