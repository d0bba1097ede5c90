// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Carrying out what ha_bu.c has let through, and answering it.
 *
 * A registration runs through up to two waits, and its cache entry holds it
 * meanwhile (entry->reg):
 *
 *   bound before, no DAD:  BC_SET .. BC_RESULT, then BA (and NA if it is new)
 *   new, strict DAD:       DAD_START .. DAD_RESULT, then as above
 *   new, optimistic DAD:   BC_SET and DAD_START at once, BA and NA after both
 *
 * The binding in the cache stays as it was until the kernel has said yes, so
 * that a refusal has nothing to undo. A newer Binding Update takes the place
 * of the one that waits (HA-BU-19); the older one is never answered, which is
 * what happens to a lost message as well.
 *
 * A de-registration waits for nothing: the kernel stops at once, and the
 * entry is held for its sequence number (RFC 6275 section 10.3.2) and for as
 * long as its timestamp could be replayed.
 */
#include <stdlib.h>
#include <string.h>

#include <mip/auth.h>

#include "ha_priv.h"

static void log_reg(struct mip_ha *ha, enum mip_log_event event, enum mip_log_level level,
		    const struct mip_ha_reg *reg, uint8_t status, enum mip_drop_reason reason,
		    uint64_t lifetime_usec)
{
	struct mip_act_log fields = {
		.hoa = reg->hoa,
		.coa = reg->coa,
		.seq = reg->seq,
		.status = status,
		.drop_reason = (int)reason,
		.lifetime_usec = lifetime_usec,
	};

	if (!IN6_ARE_ADDR_EQUAL(&reg->src, &reg->coa))
		fields.peer = reg->src;
	ha_log(ha, event, level, &fields);
}

/*
 * A Binding Acknowledgement (HA-BU-13, HA-BU-21, HA-DE-02). It is signed with
 * the key of the Binding Update and not sent when that is gone meanwhile.
 */
static void send_ba(struct mip_ha *ha, const struct mip_ha_reg *reg, uint8_t status, uint16_t seq,
		    uint16_t lifetime_wire, uint64_t timestamp)
{
	struct mip_msg msg = {
		.type = MIP_MH_BA,
		.ba = { .status = status, .seq = seq, .lifetime_wire = lifetime_wire },
	};
	uint64_t advice = ha->config.refresh_advice_usec / MIP_USEC_PER_LIFETIME_UNIT;
	const struct mip_key *key = NULL;
	struct mip_act_send_mh *send;
	struct mip_mh_info info;
	uint8_t buf[MIP_MSG_MAX];
	size_t len;

	if (reg->is_protected) {
		key = mip_keys_find(ha->keys, reg->spi, &reg->hoa, reg->nai, reg->nai_len);
		if (!key) {
			mip_count_drop(&ha->counters, MIP_DROP_NO_KEY);
			return;
		}
		/* RFC 4285 section 4: the answer names the mobile node as well */
		if (reg->nai_len) {
			msg.opts.present |= MIP_HAS_NAI;
			msg.opts.nai_len = reg->nai_len;
			memcpy(msg.opts.nai, reg->nai, reg->nai_len);
		}
		msg.opts.present |= MIP_HAS_MN_HA;
		msg.opts.mn_ha.spi = reg->spi;
		msg.opts.mn_ha.len = MIP_MAC_OCTETS;
	}
	/* RFC 4285 section 6: it MUST be in the answer when it was in the question */
	if (reg->has_timestamp) {
		msg.opts.present |= MIP_HAS_TIMESTAMP;
		msg.opts.timestamp = timestamp;
	}
	/* HA-BU-17 */
	if (status < 128 && advice > 0 && advice < lifetime_wire) {
		msg.opts.present |= MIP_HAS_REFRESH_ADVICE;
		msg.opts.refresh_advice_wire = (uint16_t)advice;
	}

	if (mip_mh_encode(&msg, buf, sizeof(buf), &len, &info) != MIP_OK)
		return;
	if (key && mip_auth_mn_ha_sign(key->key, key->key_len, &reg->coa, &reg->hoa, buf, len,
				       &info) != MIP_OK)
		return;
	mip_mh_set_checksum(&reg->local, &reg->hoa, buf, len);

	send = &mip_queue_add(&ha->queue, MIP_ACT_SEND_MH)->send_mh;
	send->src = reg->local;
	send->dst = reg->src;
	if (IN6_ARE_ADDR_EQUAL(&reg->src, &reg->hoa)) {
		/*
		 * HA-DE-05: the home address may still be routed into the
		 * tunnel, while the mobile node stands on the home link.
		 */
		for (unsigned int i = 0; i < ha->config.n_links; i++) {
			if (reg->ifindex && ha->config.links[i].ifindex == reg->ifindex)
				send->ifindex = reg->ifindex;
		}
	} else {
		send->has_rh2 = true;
		send->rh2 = reg->hoa;
	}
	send->len = (uint16_t)len;
	memcpy(send->data, buf, len);
	mip_count(&ha->counters, MIP_COUNT_BA_SENT);
	mip_count(&ha->counters, MIP_COUNT_MH_SENT);
}

void ha_refuse(struct mip_ha *ha, const struct mip_ha_reg *reg, uint8_t status,
	       enum mip_drop_reason reason, uint16_t ba_seq, const struct mip_time *now)
{
	uint64_t timestamp = reg->timestamp;

	/* RFC 4285 section 6: our time of day above, what the mobile node sent below */
	if (status == MIP_ST_ID_MISMATCH)
		timestamp = (now->ntp & ~(uint64_t)UINT32_MAX) | (uint32_t)timestamp;
	mip_count_drop(&ha->counters, reason);
	mip_count(&ha->counters, MIP_COUNT_REG_REFUSED);
	log_reg(ha, MIP_LOG_HOME_REG_REFUSED, MIP_LOG_NOTICE, reg, status, reason, 0);
	send_ba(ha, reg, status, ba_seq, 0, timestamp);
}

/*
 * The slots give every registration that waits for the kernel a number by
 * which the answer is found at once; the generation in it makes late answers
 * to something else fall through.
 */
static bool slot_take(struct mip_ha *ha, struct mip_ha_reg *reg)
{
	struct ha_slot *slot;

	if (ha->free_slot == ha->n_slots) {
		uint32_t n = ha->n_slots ? 2 * ha->n_slots : 64;
		struct ha_slot *slots = realloc(ha->slots, n * sizeof(*slots));

		if (!slots)
			return false;
		for (uint32_t i = ha->n_slots; i < n; i++)
			slots[i] = (struct ha_slot){ .next_free = i + 1 };
		ha->slots = slots;
		ha->n_slots = n;
	}
	slot = &ha->slots[ha->free_slot];
	reg->slot = ha->free_slot;
	ha->free_slot = slot->next_free;
	slot->reg = reg;
	return true;
}

static void slot_release(struct mip_ha *ha, uint32_t i)
{
	ha->slots[i].reg = NULL;
	ha->slots[i].gen++;
	ha->slots[i].next_free = ha->free_slot;
	ha->free_slot = i;
}

static struct mip_ha_reg *reg_new(struct mip_ha *ha, struct mip_bcache_entry *e)
{
	struct mip_ha_reg *reg = calloc(1, sizeof(*reg));

	if (!reg)
		return NULL;
	if (!slot_take(ha, reg)) {
		free(reg);
		return NULL;
	}
	reg->entry = e;
	e->reg = reg;
	ha->n_regs++;
	return reg;
}

static void reg_free(struct mip_ha *ha, struct mip_bcache_entry *e)
{
	if (e->reg->probing)
		ha->n_dad--;
	slot_release(ha, e->reg->slot);
	free(e->reg);
	e->reg = NULL;
	ha->n_regs--;
}

static void dad_action(struct mip_ha *ha, enum mip_action_type type, const struct mip_ha_reg *reg)
{
	struct mip_act_dad *dad = &mip_queue_add(&ha->queue, type)->dad;

	dad->hoa = reg->hoa;
	dad->ifindex = reg->home_ifindex;
	dad->link_local = reg->flags & MIP_BU_L;
}

static void bc_del(struct mip_ha *ha, const struct mip_bcache_entry *e, const struct mip_time *now)
{
	struct mip_act_bc *act = &mip_queue_add(&ha->queue, MIP_ACT_BC_DEL)->bc;

	mip_bcache_export(e, now->usec, &act->bce);
	/* An entry that never was bound knows its home link by the one that waits. */
	if (e->state != MIP_BCE_BOUND && e->reg)
		act->bce.home_ifindex = e->reg->home_ifindex;
}

/* HA-BU-14, HA-BU-15, GEN-TIME-02: in units of 4 s, 0 when the prefix has none left. */
static uint16_t grant(const struct mip_ha *ha, int link, uint16_t asked_wire, uint64_t now_usec,
		      uint8_t *ret_status)
{
	const struct ha_link_times *t = &ha->times[link];
	uint16_t valid = mip_lifetime_wire(t->valid_usec > now_usec ? t->valid_usec - now_usec : 0);
	uint16_t preferred =
		mip_lifetime_wire(t->preferred_usec > now_usec ? t->preferred_usec - now_usec : 0);
	uint16_t most = mip_lifetime_wire(ha->config.max_lifetime_usec);
	uint16_t wire = asked_wire;

	if (wire > most)
		wire = most;
	if (wire > valid)
		wire = valid;
	*ret_status = MIP_ST_ACCEPTED;
	if ((t->preferred_usec != MIP_USEC_INFINITY && preferred < wire) ||
	    (t->valid_usec != MIP_USEC_INFINITY && valid <= wire))
		*ret_status = MIP_ST_ACCEPTED_PREFIX_DISCOVERY;
	return wire;
}

/* What waits on the entry goes to the kernel. False: it was given up instead. */
static bool set_binding(struct mip_ha *ha, struct mip_bcache_entry *e, const struct mip_time *now)
{
	struct mip_ha_reg *reg = e->reg;
	int link = ha_find_link(ha, &reg->hoa, now);
	struct mip_act_bc *act;

	reg->granted_wire = link < 0 ? 0 :
				       grant(ha, link, reg->lifetime_wire, now->usec, &reg->status);
	if (reg->granted_wire == 0) {
		ha_give_up(ha, e, MIP_ST_NOT_HOME_SUBNET, MIP_DROP_NOT_HOME_SUBNET, now);
		return false;
	}

	reg->home_ifindex = ha->config.links[link].ifindex;
	ha->slots[reg->slot].gen++; /* an answer to an earlier BC_SET is not the one */
	reg->id = (uint64_t)ha->slots[reg->slot].gen << 32 | reg->slot;
	reg->setting = true;
	reg->set_usec = now->usec;
	reg->set_timeout_usec = now->usec + HA_SET_TIMEOUT_USEC;

	act = &mip_queue_add(&ha->queue, MIP_ACT_BC_SET)->bc;
	act->id = reg->id;
	act->bce = (struct mip_bce){
		.hoa = reg->hoa,
		.local = reg->local,
		.coa = reg->coa,
		.flags = reg->flags,
		.seq = reg->seq,
		.home_ifindex = reg->home_ifindex,
		.lifetime_usec = mip_lifetime_usec(reg->granted_wire),
		.timestamp = reg->has_timestamp ? reg->timestamp : 0,
	};
	ha_reschedule(ha, e);
	return true;
}

/* Everything but the waits. */
static void replace_content(struct mip_ha_reg *held, const struct mip_ha_reg *reg)
{
	struct mip_ha_reg waits = *held;

	*held = *reg;
	held->entry = waits.entry;
	held->probing = waits.probing;
	held->setting = waits.setting;
	held->probe_timeout_usec = waits.probe_timeout_usec;
	held->set_timeout_usec = waits.set_timeout_usec;
	held->home_ifindex = waits.home_ifindex;
	held->slot = waits.slot;
	held->id = waits.id;
}

void ha_register(struct mip_ha *ha, const struct mip_ha_reg *reg, struct mip_bcache_entry *e,
		 const struct mip_time *now)
{
	const struct mip_ha_link *link = &ha->config.links[ha_find_link(ha, &reg->hoa, now)];
	enum mip_ha_dad dad = link->ifindex ? link->dad : MIP_HA_DAD_OFF;
	struct mip_ha_reg *held;
	bool start;

	/* HA-BU-19: not a second time, be it running or done */
	start = dad != MIP_HA_DAD_OFF && !(e && (e->reg || ha_is_bound(e, now)));
	if (start && ha->n_dad >= MIP_DAD_PENDING_MAX) {
		ha_refuse(ha, reg, MIP_ST_INSUFFICIENT_RESOURCES, MIP_DROP_RESOURCES, reg->seq,
			  now);
		return;
	}
	if (!e && mip_bcache_add(ha->bc, &reg->hoa, 0, &e) != 0) {
		ha_refuse(ha, reg, MIP_ST_INSUFFICIENT_RESOURCES, MIP_DROP_RESOURCES, reg->seq,
			  now);
		return;
	}
	held = e->reg ? e->reg : reg_new(ha, e);
	if (!held) {
		ha_refuse(ha, reg, MIP_ST_INSUFFICIENT_RESOURCES, MIP_DROP_NO_MEMORY, reg->seq,
			  now);
		ha_reschedule(ha, e);
		return;
	}

	/* The newer message, in the place and with the waits of the older one. */
	if (held->probing && (held->flags ^ reg->flags) & MIP_BU_L) {
		/* and for the link-local address, or no longer for it */
		dad_action(ha, MIP_ACT_DAD_STOP, held);
		held->flags = reg->flags;
		dad_action(ha, MIP_ACT_DAD_START, held);
	}
	replace_content(held, reg);
	if (start) {
		held->probing = true;
		held->probe_timeout_usec = now->usec + HA_DAD_TIMEOUT_USEC;
		held->home_ifindex = link->ifindex;
		ha->n_dad++;
		mip_count(&ha->counters, MIP_COUNT_DAD_STARTED);
	}
	/* Strict: nothing before the outcome. Once something is installed, what is newer goes there too. */
	if (held->probing && dad == MIP_HA_DAD_STRICT && held->id == 0) {
		if (start)
			dad_action(ha, MIP_ACT_DAD_START, held);
		ha_reschedule(ha, e);
		return;
	}
	/* Traffic waits for the kernel, not for the probe: the kernel first. */
	if (!set_binding(ha, e, now))
		return;
	if (start)
		dad_action(ha, MIP_ACT_DAD_START, held);
}

void ha_give_up(struct mip_ha *ha, struct mip_bcache_entry *e, uint8_t status,
		enum mip_drop_reason reason, const struct mip_time *now)
{
	if (e->reg->probing)
		dad_action(ha, MIP_ACT_DAD_STOP, e->reg);
	if (e->reg->id) {
		/*
		 * What the kernel holds now may be the new binding, the old
		 * one or that of a message in between: make it what we hold.
		 */
		if (ha_is_bound(e, now))
			mip_bcache_export(e, now->usec,
					  &mip_queue_add(&ha->queue, MIP_ACT_BC_SET)->bc.bce);
		else
			bc_del(ha, e, now);
	}
	ha_refuse(ha, e->reg, status, reason, e->reg->seq, now);
	/* What was sent before it must not be taken up instead when it comes late. */
	if (!ha_is_bound(e, now)) {
		e->seq = e->reg->seq;
		e->timestamp = e->reg->has_timestamp ? e->reg->timestamp : 0;
		e->seq_counts = true;
		ha_end_binding(ha, e, HA_DELETE_BCE_TIMEOUT_USEC, now);
	}
	reg_free(ha, e);
	ha_reschedule(ha, e);
}

/* All waits are over: the binding is one, and is answered. */
static void commit(struct mip_ha *ha, struct mip_bcache_entry *e, const struct mip_time *now)
{
	struct mip_ha_reg *reg = e->reg;
	uint64_t lifetime_usec = mip_lifetime_usec(reg->granted_wire);
	int link = ha_find_link(ha, &e->hoa, now);
	struct mip_act_log fields = { 0 };
	enum mip_log_event event;

	/* A short lifetime and a long wait: it is over before it began. */
	if (link < 0 || reg->set_usec + lifetime_usec <= now->usec) {
		ha_give_up(ha, e, MIP_ST_INSUFFICIENT_RESOURCES, MIP_DROP_RESOURCES, now);
		return;
	}
	if (!ha_is_bound(e, now)) {
		event = MIP_LOG_HOME_REG_NEW;
		mip_count(&ha->counters, MIP_COUNT_REG_NEW);
	} else if (!IN6_ARE_ADDR_EQUAL(&e->coa, &reg->coa)) {
		event = MIP_LOG_HOME_REG_HANDOVER;
		mip_count(&ha->counters, MIP_COUNT_REG_HANDOVER);
	} else {
		event = MIP_LOG_HOME_REG_REFRESHED;
		mip_count(&ha->counters, MIP_COUNT_REG_REFRESHED);
	}

	e->local = reg->local;
	e->coa = reg->coa;
	e->flags = reg->flags;
	e->seq = reg->seq;
	e->timestamp = reg->has_timestamp ? reg->timestamp : 0;
	e->home_ifindex = reg->home_ifindex;
	e->expires_usec = reg->set_usec + lifetime_usec;
	e->deregistered = false;
	e->cut = ha->times[link].valid_usec < e->expires_usec;
	if (e->cut)
		e->expires_usec = ha->times[link].valid_usec;
	ha_set_state(ha, e, MIP_BCE_BOUND);
	if (ha->times[link].latest_usec < e->expires_usec)
		ha->times[link].latest_usec = e->expires_usec;

	send_ba(ha, reg, reg->status, reg->seq, reg->granted_wire, reg->timestamp);
	if (event == MIP_LOG_HOME_REG_NEW && e->home_ifindex) {
		e->na_left = (uint8_t)ha->config.links[link].na_repeats;
		e->na_link_local = e->flags & MIP_BU_L;
		ha_advertise(ha, e, now);
	}
	fields.hoa = e->hoa;
	fields.coa = e->coa;
	fields.seq = e->seq;
	fields.status = reg->status;
	fields.lifetime_usec = lifetime_usec;
	ha_log(ha, event, MIP_LOG_INFO, &fields);
	reg_free(ha, e);
	ha_reschedule(ha, e);
}

void ha_dad_result(struct mip_ha *ha, const struct mip_ev_dad_result *ev,
		   const struct mip_time *now)
{
	struct mip_bcache_entry *e = mip_bcache_find(ha->bc, &ev->hoa, 0);

	if (!e || !e->reg || !e->reg->probing)
		return;
	e->reg->probing = false;
	ha->n_dad--;
	switch (ev->result) {
	case MIP_DAD_UNIQUE:
		if (e->reg->id == 0)
			set_binding(ha, e, now);
		else if (!e->reg->setting)
			commit(ha, e, now);
		else
			ha_reschedule(ha, e);
		return;
	case MIP_DAD_DUPLICATE: {
		struct mip_act_log fields = { .hoa = ev->hoa };

		ha_log(ha, MIP_LOG_DAD_DUPLICATE, MIP_LOG_WARNING, &fields);
		ha_give_up(ha, e, MIP_ST_DAD_FAILED, MIP_DROP_DAD, now);
		return;
	}
	case MIP_DAD_FAILED:
		ha_give_up(ha, e, MIP_ST_INSUFFICIENT_RESOURCES, MIP_DROP_RESOURCES, now);
		return;
	}
}

void ha_bc_result(struct mip_ha *ha, const struct mip_ev_result *ev, const struct mip_time *now)
{
	uint32_t i = (uint32_t)ev->id;
	struct mip_ha_reg *reg;

	if (ev->err)
		mip_count(&ha->counters, MIP_COUNT_KERNEL_ERRORS);
	if (ev->id == 0 || i >= ha->n_slots || !ha->slots[i].reg || ha->slots[i].reg->id != ev->id)
		return;
	reg = ha->slots[i].reg;
	reg->setting = false;
	if (ev->err)
		ha_give_up(ha, reg->entry, MIP_ST_INSUFFICIENT_RESOURCES, MIP_DROP_RESOURCES, now);
	else if (reg->probing)
		ha_reschedule(ha, reg->entry);
	else
		commit(ha, reg->entry, now);
}

/* HA-PND-01: the link hears that the address is ours now; NEMO-HA-09 sets R. */
void ha_advertise(struct mip_ha *ha, struct mip_bcache_entry *e, const struct mip_time *now)
{
	e->na_usec = MIP_USEC_INFINITY;
	if (e->na_left == 0)
		return;
	for (int link_local = 0; link_local <= (int)e->na_link_local; link_local++) {
		struct mip_act_na *na = &mip_queue_add(&ha->queue, MIP_ACT_NA)->na;

		na->ifindex = e->home_ifindex;
		na->target = e->hoa;
		if (link_local) {
			memset(&na->target, 0, 8);
			na->target.s6_addr[0] = 0xfe;
			na->target.s6_addr[1] = 0x80;
		}
		na->router = e->flags & MIP_BU_R;
		na->override = true;
	}
	if (--e->na_left > 0)
		e->na_usec = now->usec + HA_NA_INTERVAL_USEC;
}

void ha_end_binding(struct mip_ha *ha, struct mip_bcache_entry *e, uint64_t hold_usec,
		    const struct mip_time *now)
{
	e->na_left = 0;
	e->na_usec = MIP_USEC_INFINITY;
	/* The last timestamp is worth a replay until our clock has left it behind. */
	if (e->timestamp) {
		int64_t tolerance = (int64_t)ha_tolerance(ha);
		int64_t ahead = mip_ntp_diff_usec(e->timestamp, now->ntp);

		if (ahead > tolerance)
			ahead = tolerance;
		if (ahead + tolerance > 0 &&
		    hold_usec < (uint64_t)(ahead + tolerance) + MIP_USEC_PER_SEC)
			hold_usec = (uint64_t)(ahead + tolerance) + MIP_USEC_PER_SEC;
	}
	ha_set_state(ha, e, hold_usec ? MIP_BCE_HELD : MIP_BCE_NONE);
	e->hold_usec = hold_usec ? now->usec + hold_usec : MIP_USEC_INFINITY;
}

void ha_deregister(struct mip_ha *ha, const struct mip_ha_reg *reg, struct mip_bcache_entry *e,
		   const struct mip_time *now)
{
	bool bound = e && ha_is_bound(e, now);
	bool installed = e && e->reg && e->reg->id;
	bool held = e && e->state == MIP_BCE_HELD && e->deregistered;
	bool known = bound || installed || held;
	/* HA-DE-06; with a registration in between it is a new one */
	bool again = held && !e->reg;

	if (!e || !(known || e->reg)) {
		/* HA-DE-01 */
		ha_refuse(ha, reg, MIP_ST_NOT_HOME_AGENT, MIP_DROP_NO_BINDING, reg->seq, now);
		return;
	}

	/* HA-DE-02: stop at once */
	if (bound || installed)
		bc_del(ha, e, now);
	if (e->reg) {
		if (e->reg->probing)
			dad_action(ha, MIP_ACT_DAD_STOP, e->reg);
		reg_free(ha, e);
	}

	e->seq = reg->seq;
	e->timestamp = reg->has_timestamp ? reg->timestamp : 0;
	/* HA-DE-04; what only waited for DAD is remembered too, or a late copy would revive it */
	if (!again) {
		e->deregistered = true;
		e->seq_counts = true;
		ha_end_binding(ha, e, HA_DELETE_BCE_TIMEOUT_USEC, now);
	} else {
		uint64_t left = e->hold_usec > now->usec ? e->hold_usec - now->usec : 0;

		ha_end_binding(ha, e, left, now);
	}
	if (known) {
		if (!again) {
			mip_count(&ha->counters, MIP_COUNT_REG_DEREGISTERED);
			log_reg(ha, MIP_LOG_HOME_REG_DEREGISTERED, MIP_LOG_INFO, reg, 0,
				MIP_DROP_NONE, 0);
		}
		send_ba(ha, reg, MIP_ST_ACCEPTED, reg->seq, 0, reg->timestamp);
	} else {
		ha_refuse(ha, reg, MIP_ST_NOT_HOME_AGENT, MIP_DROP_NO_BINDING, reg->seq, now);
	}
	ha_reschedule(ha, e);
}
