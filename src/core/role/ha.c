// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The home agent role (RFC 6275 section 10).
 *
 * What there is: a binding cache with one entry per home address (bcache.c),
 * the home links with the lifetimes of their prefixes, the keys, and a queue
 * of actions. ha_bu.c tests a Binding Update and calls one of ha_register(),
 * ha_deregister() and ha_refuse() of ha_reg.c. This file gives out events and
 * looks after time.
 *
 * An entry of the cache is in one of these states, and beside it a
 * registration may wait (entry->reg, see ha_reg.c):
 *
 *   NONE   no binding; stands only as long as a registration waits
 *   BOUND  until its lifetime ends, or the home prefix does
 *   HELD   ended; sequence number and timestamp are remembered so that a late
 *          or replayed Binding Update does not bring it back
 *
 * Each entry has one deadline, the earliest of all that it waits for. The
 * kernel ends bindings by itself and tells (MIP_EV_BCE_GONE); ending them here
 * comes a little later and is for the case that the word got lost.
 *
 * Senders that do not prove a key leave nothing behind but counters: no entry,
 * no memory, at most a few answers a second.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ha_priv.h"

#define TOLERANCE_DEFAULT_USEC (7 * MIP_USEC_PER_SEC) /* RFC 4285 section 5.1 */
#define TOLERANCE_MIN_USEC     (3 * MIP_USEC_PER_SEC)

void ha_log(struct mip_ha *ha, enum mip_log_event event, enum mip_log_level level,
	    const struct mip_act_log *fields)
{
	struct mip_act_log *log = &mip_queue_add(&ha->queue, MIP_ACT_LOG)->log;

	*log = *fields;
	log->event = event;
	log->level = level;
}

void ha_drop(struct mip_ha *ha, enum mip_drop_reason reason, const struct mip_ev_mh *ev,
	     const struct in6_addr *hoa)
{
	struct mip_act_log fields = { .peer = ev->src, .drop_reason = (int)reason };

	if (hoa)
		fields.hoa = *hoa;
	mip_count_drop(&ha->counters, reason);
	ha_log(ha, MIP_LOG_MESSAGE_DROPPED, MIP_LOG_DEBUG, &fields);
}

bool ha_bucket_take(struct ha_bucket *b, uint64_t now_usec)
{
	uint64_t cost = MIP_USEC_PER_SEC / b->per_sec;
	uint64_t most = cost * b->burst;

	b->credit_usec += now_usec - b->last_usec;
	b->last_usec = now_usec;
	if (b->credit_usec > most)
		b->credit_usec = most;
	if (b->credit_usec < cost)
		return false;
	b->credit_usec -= cost;
	return true;
}

uint64_t ha_tolerance(const struct mip_ha *ha)
{
	uint64_t usec = ha->config.timestamp_tolerance_usec;

	return usec ? usec : TOLERANCE_DEFAULT_USEC;
}

int ha_find_link(const struct mip_ha *ha, const struct in6_addr *hoa, const struct mip_time *now)
{
	int best = -1;

	for (unsigned int i = 0; i < ha->config.n_links; i++) {
		const struct mip_prefix *prefix = &ha->config.links[i].prefix;

		if (!mip_addr_in_prefix(hoa, prefix) || ha->times[i].valid_usec <= now->usec)
			continue;
		if (best < 0 || prefix->plen > ha->config.links[best].prefix.plen)
			best = (int)i;
	}
	return best;
}

bool ha_is_own_addr(const struct mip_ha *ha, const struct in6_addr *addr)
{
	for (unsigned int i = 0; i < ha->config.n_links; i++) {
		if (IN6_ARE_ADDR_EQUAL(&ha->config.links[i].addr, addr))
			return true;
	}
	return false;
}

bool ha_is_bound(const struct mip_bcache_entry *e, const struct mip_time *now)
{
	return e->state == MIP_BCE_BOUND && e->expires_usec > now->usec;
}

void ha_set_state(struct mip_ha *ha, struct mip_bcache_entry *e, enum mip_bce_state state)
{
	if (e->state == MIP_BCE_BOUND)
		ha->n_bound--;
	if (e->state == MIP_BCE_HELD)
		ha->n_held--;
	if (state == MIP_BCE_BOUND)
		ha->n_bound++;
	if (state == MIP_BCE_HELD)
		ha->n_held++;
	e->state = state;
}

/* The longest that the registration's waits may take. */
static uint64_t wait_ends(const struct mip_ha_reg *reg)
{
	uint64_t ends = MIP_USEC_INFINITY;

	if (reg->probing)
		ends = reg->probe_timeout_usec;
	if (reg->setting && reg->set_timeout_usec < ends)
		ends = reg->set_timeout_usec;
	return ends;
}

void ha_reschedule(struct mip_ha *ha, struct mip_bcache_entry *e)
{
	uint64_t due = MIP_USEC_INFINITY;

	switch (e->state) {
	case MIP_BCE_NONE:
		if (!e->reg) {
			mip_bcache_remove(ha->bc, e);
			return;
		}
		break;
	case MIP_BCE_BOUND:
		due = e->expires_usec;
		if (!e->cut && due < MIP_USEC_INFINITY - HA_EXPIRY_GRACE_USEC)
			due += HA_EXPIRY_GRACE_USEC;
		break;
	case MIP_BCE_HELD:
		due = e->hold_usec;
		break;
	}
	if (e->na_usec < due)
		due = e->na_usec;
	if (e->reg && wait_ends(e->reg) < due)
		due = wait_ends(e->reg);
	mip_bcache_set_due(ha->bc, e, due);
}

static bool config_ok(const struct mip_ha_config *config)
{
	if (config->n_links > MIP_HOME_LINKS_MAX ||
	    config->max_lifetime_usec < MIP_USEC_PER_LIFETIME_UNIT ||
	    config->max_bindings > MIP_BINDINGS_MAX)
		return false;
	if (config->timestamp_tolerance_usec != 0 &&
	    (config->timestamp_tolerance_usec <= TOLERANCE_MIN_USEC ||
	     config->timestamp_tolerance_usec > 3600 * MIP_USEC_PER_SEC))
		return false;
	for (unsigned int i = 0; i < config->n_links; i++) {
		const struct mip_ha_link *link = &config->links[i];

		if (link->prefix.plen < 1 || link->prefix.plen > 128 ||
		    link->na_repeats > MIP_NA_REPEATS_MAX ||
		    !mip_addr_is_unicast_routable(&link->addr))
			return false;
	}
	return true;
}

static bool same_prefix(const struct mip_prefix *a, const struct mip_prefix *b)
{
	return a->plen == b->plen && mip_addr_in_prefix(&a->addr, b);
}

static size_t max_entries(const struct mip_ha_config *config)
{
	return config->max_bindings ? config->max_bindings : MIP_BINDINGS_MAX;
}

struct mip_ha *mip_ha_new(const struct mip_ha_config *config, const struct mip_keys *keys,
			  const uint8_t seed[16], const struct mip_time *now)
{
	struct mip_ha *ha;

	if (!keys || !config_ok(config))
		return NULL;
	ha = calloc(1, sizeof(*ha));
	if (!ha)
		return NULL;
	ha->keys = keys;
	ha->start_ntp = now->ntp;
	ha->be_bucket = (struct ha_bucket){ .per_sec = 10, .burst = 10 };
	ha->fail_bucket = (struct ha_bucket){ .per_sec = 50, .burst = 50 };
	ha->bc = mip_bcache_new(max_entries(config), seed);
	if (!ha->bc || mip_queue_init(&ha->queue) != 0 || mip_ha_set_config(ha, config) != 0)
		return mip_ha_free(ha);
	if (config->allow_unprotected) {
		struct mip_act_log fields = { 0 };

		ha_log(ha, MIP_LOG_UNPROTECTED, MIP_LOG_WARNING, &fields);
	}
	return ha;
}

struct mip_ha *mip_ha_free(struct mip_ha *ha)
{
	if (!ha)
		return NULL;
	for (uint32_t i = 0; i < ha->n_slots; i++)
		free(ha->slots[i].reg);
	free(ha->slots);
	mip_bcache_free(ha->bc);
	mip_queue_done(&ha->queue);
	free(ha);
	return NULL;
}

int mip_ha_set_config(struct mip_ha *ha, const struct mip_ha_config *config)
{
	struct ha_link_times times[MIP_HOME_LINKS_MAX];

	if (!config_ok(config))
		return -EINVAL;
	for (unsigned int i = 0; i < config->n_links; i++) {
		times[i] = (struct ha_link_times){ MIP_USEC_INFINITY, MIP_USEC_INFINITY,
						   MIP_USEC_INFINITY };
		for (unsigned int j = 0; j < ha->config.n_links; j++) {
			if (same_prefix(&config->links[i].prefix, &ha->config.links[j].prefix))
				times[i] = ha->times[j];
		}
	}
	memcpy(ha->times, times, sizeof(times[0]) * config->n_links);
	ha->config = *config;
	if (ha->config.replay == MIP_REPLAY_DEFAULT)
		ha->config.replay = MIP_REPLAY_TIMESTAMP;
	mip_bcache_set_max(ha->bc, max_entries(config));
	return 0;
}

void mip_ha_set_keys(struct mip_ha *ha, const struct mip_keys *keys)
{
	ha->keys = keys;
}

/* GEN-MH-02, GEN-BE-01 to GEN-BE-03 */
static void unknown_type(struct mip_ha *ha, const struct mip_ev_mh *ev, const struct mip_time *now)
{
	struct mip_msg msg = { .type = MIP_MH_BE, .be = { .status = MIP_BE_UNKNOWN_MH_TYPE } };
	struct mip_act_send_mh *send;
	uint8_t buf[64];
	size_t len;

	ha_drop(ha, MIP_DROP_UNKNOWN_TYPE, ev, NULL);
	if (IN6_IS_ADDR_MULTICAST(&ev->src) || IN6_IS_ADDR_UNSPECIFIED(&ev->src) ||
	    IN6_IS_ADDR_MULTICAST(&ev->dst) || IN6_IS_ADDR_LOOPBACK(&ev->src))
		return;
	if (!ha_bucket_take(&ha->be_bucket, now->usec)) {
		mip_count_drop(&ha->counters, MIP_DROP_RATE);
		return;
	}
	if (ev->has_hao)
		msg.be.hoa = ev->hao;
	if (mip_mh_encode(&msg, buf, sizeof(buf), &len, NULL) != MIP_OK)
		return;
	mip_mh_set_checksum(&ev->dst, &ev->src, buf, len);
	send = &mip_queue_add(&ha->queue, MIP_ACT_SEND_MH)->send_mh;
	send->src = ev->dst;
	send->dst = ev->src;
	if (IN6_IS_ADDR_LINKLOCAL(&ev->src))
		send->ifindex = ev->ifindex;
	send->len = (uint16_t)len;
	memcpy(send->data, buf, len);
	mip_count(&ha->counters, MIP_COUNT_BE_SENT);
	mip_count(&ha->counters, MIP_COUNT_MH_SENT);
}

/* RFC 6275 section 9.2: checksum, type, Payload Proto, Header Len, in this order. */
static void input_mh(struct mip_ha *ha, const struct mip_ev_mh *ev, const struct mip_time *now)
{
	const struct in6_addr *src = ev->has_hao ? &ev->hao : &ev->src;
	const struct in6_addr *dst = ev->has_rh2 ? &ev->rh2 : &ev->dst;
	struct mip_mh_info info;
	struct mip_msg msg;
	int err;

	mip_count(&ha->counters, MIP_COUNT_MH_RECEIVED);
	if (!ev->checksum_ok && !mip_mh_checksum_ok(src, dst, ev->data, ev->len)) {
		ha_drop(ha, MIP_DROP_CHECKSUM, ev, NULL);
		return;
	}
	err = mip_mh_decode(ev->data, ev->len, &msg, &info);
	if (err == MIP_ERR_MH_TYPE) {
		unknown_type(ha, ev, now);
		return;
	}
	if (err != MIP_OK) {
		ha_drop(ha, mip_drop_of_error(err), ev, NULL);
		return;
	}
	ha->counters.count[MIP_COUNT_UNKNOWN_OPTIONS] += info.n_unknown;

	switch ((enum mip_mh_type)msg.type) {
	case MIP_MH_BU:
		mip_count(&ha->counters, MIP_COUNT_BU_RECEIVED);
		ha_bu(ha, ev, &msg, &info, now);
		return;
	case MIP_MH_BE:
		mip_count(&ha->counters, MIP_COUNT_BE_RECEIVED);
		return;
	case MIP_MH_BRR:
	case MIP_MH_HOTI:
	case MIP_MH_COTI:
	case MIP_MH_HOT:
	case MIP_MH_COT:
	case MIP_MH_BA:
		/* return routability is the correspondent node's, answers are the mobile node's */
		mip_count_drop(&ha->counters, MIP_DROP_UNEXPECTED_TYPE);
		return;
	}
}

/* At start, and when the caller reads the kernel's table anew: what stands there is so. */
static int bce_found(struct mip_ha *ha, const struct mip_bce *bce, const struct mip_time *now)
{
	struct mip_bcache_entry *e = mip_bcache_find(ha->bc, &bce->hoa, bce->bid);
	struct mip_prefix *mnp = NULL;
	struct mip_act_log fields = {
		.hoa = bce->hoa,
		.coa = bce->coa,
		.bid = bce->bid,
		.seq = bce->seq,
		.lifetime_usec = bce->lifetime_usec,
	};
	int link;
	int err;

	/* The others are those of the correspondent node. */
	if (!(bce->flags & MIP_BU_H) || bce->lifetime_usec == 0)
		return 0;
	if (bce->n_mnp > MIP_MNP_MAX)
		return -EINVAL;
	/* Ours, on its way: not a binding before it is acknowledged. */
	if (e && e->reg && e->state == MIP_BCE_NONE)
		return 0;
	if (e && e->state != MIP_BCE_NONE && bce->seq != e->seq && !mip_seq_newer(bce->seq, e->seq))
		return 0;
	if (bce->n_mnp) {
		mnp = calloc(bce->n_mnp, sizeof(*mnp));
		if (!mnp)
			return -ENOMEM;
		memcpy(mnp, bce->mnp, bce->n_mnp * sizeof(*mnp));
	}
	if (!e) {
		err = mip_bcache_add(ha->bc, &bce->hoa, bce->bid, &e);
		if (err) {
			mip_count_drop(&ha->counters,
				       err == -ENOSPC ? MIP_DROP_LIMIT : MIP_DROP_NO_MEMORY);
			free(mnp);
			return -ENOMEM;
		}
	}
	if (e->state != MIP_BCE_BOUND) {
		mip_count(&ha->counters, MIP_COUNT_REG_ADOPTED);
		ha_log(ha, MIP_LOG_HOME_REG_ADOPTED, MIP_LOG_INFO, &fields);
	}
	free(e->mnp);
	e->mnp = mnp;
	e->n_mnp = (uint16_t)bce->n_mnp;
	e->local = bce->local;
	e->coa = bce->coa;
	e->flags = bce->flags;
	e->seq = bce->seq;
	e->timestamp = bce->timestamp;
	e->home_ifindex = bce->home_ifindex;
	e->deregistered = false;
	e->expires_usec = bce->lifetime_usec < MIP_USEC_INFINITY - now->usec ?
				  now->usec + bce->lifetime_usec :
				  MIP_USEC_INFINITY;
	ha_set_state(ha, e, MIP_BCE_BOUND);
	link = ha_find_link(ha, &e->hoa, now);
	if (link >= 0 && ha->times[link].valid_usec < e->expires_usec) {
		e->expires_usec = ha->times[link].valid_usec;
		e->cut = true;
	}
	if (link >= 0 && ha->times[link].latest_usec < e->expires_usec)
		ha->times[link].latest_usec = e->expires_usec;
	ha_reschedule(ha, e);
	return 0;
}

static void bce_gone(struct mip_ha *ha, const struct mip_ev_bce *ev, const struct mip_time *now)
{
	struct mip_bcache_entry *e = mip_bcache_find(ha->bc, &ev->bce.hoa, ev->bce.bid);
	struct mip_act_log fields = { .hoa = ev->bce.hoa, .bid = ev->bce.bid };

	/* A sequence number other than ours: word of an entry that was replaced since. */
	if (!e || e->state != MIP_BCE_BOUND || e->seq != ev->bce.seq)
		return;
	fields.coa = e->coa;
	fields.seq = e->seq;
	switch (ev->reason) {
	case MIP_GONE_EXPIRED:
		mip_count(&ha->counters, MIP_COUNT_REG_EXPIRED);
		ha_log(ha, MIP_LOG_HOME_REG_EXPIRED, MIP_LOG_INFO, &fields);
		break;
	case MIP_GONE_REMOVED:
	case MIP_GONE_FLUSHED:
		ha_log(ha, MIP_LOG_HOME_REG_REMOVED, MIP_LOG_NOTICE, &fields);
		break;
	}
	e->deregistered = false;
	e->seq_counts = false;
	ha_end_binding(ha, e, 0, now);
	ha_reschedule(ha, e);
}

static uint64_t later(uint64_t now_usec, uint64_t usec)
{
	return usec < MIP_USEC_INFINITY - now_usec ? now_usec + usec : MIP_USEC_INFINITY;
}

/* HA-BU-14: bindings do not outlive their prefix, also when its life becomes shorter. */
static void home_prefix(struct mip_ha *ha, const struct mip_ev_home_prefix *ev,
			const struct mip_time *now)
{
	for (unsigned int i = 0; i < ha->config.n_links; i++) {
		struct ha_link_times *t = &ha->times[i];

		if (!same_prefix(&ha->config.links[i].prefix, &ev->prefix))
			continue;
		t->valid_usec = later(now->usec, ev->valid_usec);
		t->preferred_usec = later(now->usec, ev->preferred_usec);
		if (t->valid_usec >= t->latest_usec)
			continue;
		/* The one walk over all entries, and only when a prefix is taken away early. */
		for (struct mip_bcache_entry *e = mip_bcache_next(ha->bc, NULL); e;
		     e = mip_bcache_next(ha->bc, e)) {
			if (e->state != MIP_BCE_BOUND || e->expires_usec <= t->valid_usec ||
			    !mip_addr_in_prefix(&e->hoa, &ha->config.links[i].prefix))
				continue;
			e->expires_usec = t->valid_usec;
			e->cut = true;
			ha_reschedule(ha, e);
		}
		t->latest_usec = t->valid_usec;
	}
}

int mip_ha_input(struct mip_ha *ha, const struct mip_event *ev, const struct mip_time *now)
{
	switch (ev->type) {
	case MIP_EV_MH:
		input_mh(ha, &ev->mh, now);
		return 0;
	case MIP_EV_DAD_RESULT:
		ha_dad_result(ha, &ev->dad_result, now);
		return 0;
	case MIP_EV_BC_RESULT:
		ha_bc_result(ha, &ev->bc_result, now);
		return 0;
	case MIP_EV_BCE_FOUND:
		return bce_found(ha, &ev->bce.bce, now);
	case MIP_EV_BCE_GONE:
		bce_gone(ha, &ev->bce, now);
		return 0;
	case MIP_EV_HOME_PREFIX:
		home_prefix(ha, &ev->home_prefix, now);
		return 0;
	case MIP_EV_SEND_FAILED:
		/* the mobile node will ask again */
		mip_count(&ha->counters, MIP_COUNT_SEND_ERRORS);
		return 0;
	case MIP_EV_MD:
	case MIP_EV_BULE_FOUND:
	case MIP_EV_BULE_GONE:
		return -EINVAL;
	}
	return -EINVAL;
}

static void entry_due(struct mip_ha *ha, struct mip_bcache_entry *e, const struct mip_time *now)
{
	if (e->reg && wait_ends(e->reg) <= now->usec) {
		/* may free the entry; if not, its deadline is still due and we come again */
		ha_give_up(ha, e, MIP_ST_INSUFFICIENT_RESOURCES, MIP_DROP_RESOURCES, now);
		return;
	}
	if (e->na_usec <= now->usec)
		ha_advertise(ha, e, now);
	if (e->state == MIP_BCE_BOUND && e->due_usec <= now->usec && e->expires_usec <= now->usec &&
	    (e->cut || e->expires_usec + HA_EXPIRY_GRACE_USEC <= now->usec)) {
		struct mip_act_log fields = {
			.hoa = e->hoa, .coa = e->coa, .bid = e->bid, .seq = e->seq
		};

		/* Not behind a BC_SET that is on its way: that one would be lost. */
		if (!e->reg || e->reg->id == 0)
			mip_bcache_export(e, now->usec,
					  &mip_queue_add(&ha->queue, MIP_ACT_BC_DEL)->bc.bce);
		mip_count(&ha->counters, MIP_COUNT_REG_EXPIRED);
		ha_log(ha, MIP_LOG_HOME_REG_EXPIRED, MIP_LOG_INFO, &fields);
		e->deregistered = false;
		e->seq_counts = false;
		ha_end_binding(ha, e, 0, now);
	} else if (e->state == MIP_BCE_HELD && e->hold_usec <= now->usec) {
		ha_set_state(ha, e, MIP_BCE_NONE);
		e->deregistered = false;
		e->seq_counts = false;
	}
	ha_reschedule(ha, e);
}

void mip_ha_expire(struct mip_ha *ha, const struct mip_time *now)
{
	struct mip_bcache_entry *e;

	while (mip_queue_room(&ha->queue) >= HA_ACTIONS_PER_ENTRY &&
	       (e = mip_bcache_first_due(ha->bc)) && e->due_usec <= now->usec)
		entry_due(ha, e, now);
}

uint64_t mip_ha_next_deadline(const struct mip_ha *ha)
{
	const struct mip_bcache_entry *e = mip_bcache_first_due(ha->bc);

	return e ? e->due_usec : MIP_USEC_INFINITY;
}

bool mip_ha_next_action(struct mip_ha *ha, struct mip_action *ret)
{
	return mip_queue_take(&ha->queue, ret);
}

void mip_ha_get_stats(const struct mip_ha *ha, struct mip_ha_stats *ret)
{
	*ret = (struct mip_ha_stats){
		.bindings = ha->n_bound,
		.held = ha->n_held,
		.pending = ha->n_regs,
		.overflows = ha->queue.overflows,
	};
}

const struct mip_counters *mip_ha_counters(const struct mip_ha *ha)
{
	return &ha->counters;
}

bool mip_ha_get_binding(const struct mip_ha *ha, const struct in6_addr *hoa, uint16_t bid,
			const struct mip_time *now, struct mip_bce *ret)
{
	const struct mip_bcache_entry *e = mip_bcache_find(ha->bc, hoa, bid);

	if (!e || !ha_is_bound(e, now))
		return false;
	mip_bcache_export(e, now->usec, ret);
	return true;
}

void mip_ha_for_each_binding(const struct mip_ha *ha, const struct mip_time *now,
			     bool (*fn)(void *userdata, const struct mip_bce *bce), void *userdata)
{
	struct mip_bce bce;

	for (const struct mip_bcache_entry *e = mip_bcache_next(ha->bc, NULL); e;
	     e = mip_bcache_next(ha->bc, e)) {
		if (!ha_is_bound(e, now))
			continue;
		mip_bcache_export(e, now->usec, &bce);
		if (!fn(userdata, &bce))
			return;
	}
}
