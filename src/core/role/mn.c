// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mobile node role.
 *
 * struct mip_mn holds one struct mn_entry for each home address, which is the
 * entry of its binding update list for the home agent (RFC 6275 section 11.1)
 * with the registration machine's state in it. There are at most
 * MIP_HOA_PER_MN_MAX of them, so they stand in an array and are searched.
 *
 * Who calls whom: mn.c turns what comes from outside into events of the
 * machine (word from a movement detector, the kernel's entries, timers);
 * mn_msg.c does the same for messages and builds those that go out; mn_reg.c
 * is the machine. Answers leave by one queue, in the order that they are to be
 * carried out in.
 *
 *   detector --- MD ------> mn.c ----- event -----> mn_reg.c --- actions --->
 *   kernel ----- BULE ---->  |                       ^    |
 *   home agent - MH --> mn_msg.c -- event -----------'    '-- mn_send_bu()
 *
 * RFC 6275 section 11 (home registration, without DHAAD and prefix discovery),
 * RFC 4283 and RFC 4285 (identification and protection).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mn_internal.h"

static bool same_addr(const struct in6_addr *a, const struct in6_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static struct mn_entry *find_hoa(struct mip_mn *mn, const struct in6_addr *hoa)
{
	for (unsigned int i = 0; i < mn->n_entry; i++) {
		if (same_addr(&mn->entry[i].home.hoa, hoa))
			return &mn->entry[i];
	}
	return NULL;
}

/* ---- Beginning and end -------------------------------------------------- */

static bool home_valid(const struct mip_mn_config *config, unsigned int i)
{
	const struct mip_mn_home *home = &config->home[i];
	const struct mip_mn_sa *sa = &home->sa;

	if (!mip_addr_is_unicast_routable(&home->hoa) ||
	    !mip_addr_is_unicast_routable(&home->home_agent) ||
	    same_addr(&home->hoa, &home->home_agent))
		return false;
	if (home->plen < 1 || home->plen > 128)
		return false;
	if (home->lifetime_usec < MIP_USEC_PER_LIFETIME_UNIT ||
	    home->lifetime_usec > UINT16_MAX * MIP_USEC_PER_LIFETIME_UNIT)
		return false;
	for (unsigned int j = 0; j < i; j++) {
		if (same_addr(&config->home[j].hoa, &home->hoa))
			return false;
	}
	if (!sa->key_len)
		return config->allow_unprotected;
	return sa->key_len >= MIP_KEY_MIN && sa->key_len <= MIP_KEY_MAX && sa->spi >= MIP_SPI_MIN &&
	       sa->nai_len >= 1 && sa->nai_len <= MIP_NAI_MAX;
}

static void scan(struct mip_mn *mn, const struct mn_entry *e)
{
	struct mip_act_scan *act = &mip_queue_add(&mn->queue, MIP_ACT_MD_SCAN)->scan;

	act->hoa = e->home.hoa;
	act->plen = e->home.plen;
}

int mip_mn_new(const struct mip_mn_config *config, const struct mip_time *now, struct mip_mn **ret)
{
	struct mip_mn *mn;
	int r;

	(void)now;
	if (config->n_home < 1 || config->n_home > MIP_HOA_PER_MN_MAX || !config->random)
		return -EINVAL;
	for (unsigned int i = 0; i < config->n_home; i++) {
		if (!home_valid(config, i))
			return -EINVAL;
	}
	mn = calloc(1, sizeof(*mn));
	if (!mn)
		return -ENOMEM;
	r = mip_queue_init(&mn->queue);
	if (r < 0) {
		free(mn);
		return r;
	}
	mn->n_entry = config->n_home;
	for (unsigned int i = 0; i < mn->n_entry; i++) {
		struct mn_entry *e = &mn->entry[i];

		e->home = config->home[i];
		e->home.lifetime_usec -= e->home.lifetime_usec % MIP_USEC_PER_LIFETIME_UNIT;
		e->use_timestamp = e->home.sa.replay != MIP_REPLAY_SEQUENCE;
		e->state = MIP_REG_IDLE;
		e->t_send = e->t_refresh = e->t_expire = MIP_USEC_INFINITY;
		e->last_status = -1;
		config->random(config->random_userdata, &e->seq, sizeof(e->seq));
		if (!e->home.sa.key_len)
			mn_log(mn, e, MIP_LOG_UNPROTECTED, MIP_LOG_WARNING, 0, 0);
		scan(mn, e);
	}
	*ret = mn;
	return 0;
}

struct mip_mn *mip_mn_free(struct mip_mn *mn)
{
	if (!mn)
		return NULL;
	mip_queue_done(&mn->queue);
	mip_wipe(mn, sizeof(*mn));
	free(mn);
	return NULL;
}

/* ---- Word from a movement detector -------------------------------------- */

static bool in_home_prefix(const struct mn_entry *e, const struct in6_addr *addr)
{
	const struct mip_prefix prefix = { .addr = e->home.hoa, .plen = e->home.plen };

	return mip_addr_in_prefix(addr, &prefix);
}

static void md_for_entry(struct mip_mn *mn, struct mn_entry *e, const struct mip_ev_md *md,
			 const struct mip_time *now)
{
	const struct mn_ctx ctx = { .now = now, .coa = md->coa, .ifindex = md->ifindex };
	enum mip_reg_event event = MIP_REG_EV_MOVED;

	switch (md->cmd) {
	case MIP_MD_REREG:
		/* A detector that does not know our home prefix has found the home link (MN-HL-01). */
		if (in_home_prefix(e, &md->coa) && md->ifindex)
			event = MIP_REG_EV_AT_HOME;
		else if (e->goal == MN_GOAL_REGISTER && same_addr(&e->coa, &md->coa))
			event = MIP_REG_EV_SAME_COA;
		break;
	case MIP_MD_DEREG_HOME:
		event = MIP_REG_EV_AT_HOME;
		break;
	case MIP_MD_DEREG_FOREIGN:
		event = MIP_REG_EV_LEAVE;
		break;
	case MIP_MD_SCAN: /* ours to a detector, heard as an echo or from another program */
		return;
	}
	mn_reg_event(mn, e, event, &ctx);
}

static int input_md(struct mip_mn *mn, const struct mip_ev_md *md, const struct mip_time *now)
{
	struct mn_entry *e;

	switch (md->cmd) {
	case MIP_MD_REREG:
	case MIP_MD_DEREG_FOREIGN:
		if (!mip_addr_is_unicast_routable(&md->coa))
			return -EINVAL;
		break;
	case MIP_MD_DEREG_HOME:
		if (!md->ifindex)
			return -EINVAL;
		break;
	case MIP_MD_SCAN:
		break;
	default: /* comes from another program: any number */
		return -EINVAL;
	}
	if (md->has_hoa) {
		e = find_hoa(mn, &md->hoa);
		if (!e)
			return -ENOENT;
		md_for_entry(mn, e, md, now);
		return 0;
	}
	for (unsigned int i = 0; i < mn->n_entry; i++)
		md_for_entry(mn, &mn->entry[i], md, now);
	return 0;
}

/* ---- The kernel's entries ----------------------------------------------- */

static int bule_found(struct mip_mn *mn, const struct mip_bule *bule, const struct mip_time *now)
{
	struct mn_entry *e = find_hoa(mn, &bule->hoa);

	if (!e || bule->bid)
		return -ENOENT;
	if (!same_addr(&bule->peer, &e->home.home_agent)) {
		/* The home agent was changed while we were away: the old tunnel must not carry on. */
		mip_queue_add(&mn->queue, MIP_ACT_BUL_DEL)->bule = *bule;
		return 0;
	}
	/* After the start this is a second dump (netlink overrun), and we know better. */
	if (e->state == MIP_REG_IDLE)
		mn_reg_adopt(mn, e, bule, now);
	return 0;
}

static int bule_gone(struct mip_mn *mn, const struct mip_ev_bule *gone, const struct mip_time *now)
{
	const struct mn_ctx ctx = { .now = now };
	struct mn_entry *e = find_hoa(mn, &gone->bule.hoa);

	if (!e || gone->bule.bid || !same_addr(&gone->bule.peer, &e->home.home_agent))
		return -ENOENT;
	if (gone->reason != MIP_GONE_EXPIRED) {
		mn_reg_event(mn, e, MIP_REG_EV_GONE, &ctx);
		return 0;
	}
	switch (e->state) {
	case MIP_REG_BOUND:
	case MIP_REG_WAIT_REFRESH:
	case MIP_REG_WAIT_DEREG:
	case MIP_REG_WAIT_DEREG_FOREIGN:
		/* By our own clock it is not over: a renewal has crossed the kernel's word. */
		if (e->t_expire > now->usec + MIP_USEC_PER_SEC) {
			mn_reg_publish(mn, e, now->usec);
			break;
		}
		e->t_expire = MIP_USEC_INFINITY;
		mn_reg_event(mn, e, MIP_REG_EV_EXPIRED, &ctx);
		break;
	case MIP_REG_HOME:
	case MIP_REG_BACKOFF:
	case MIP_REG_FAILED:
		/* Kept for ever, which for the kernel is some weeks. */
		mn_reg_publish(mn, e, now->usec);
		break;
	case MIP_REG_WAIT_ACK: /* the next Binding Update puts it back */
	case MIP_REG_IDLE:
	case MIP_REG_LOST:
	case _MIP_REG_STATE_MAX:
		break;
	}
	return 0;
}

/* ---- Other events ------------------------------------------------------- */

static void send_failed(struct mip_mn *mn, const struct mip_ev_result *result,
			const struct mip_time *now)
{
	const struct mn_ctx ctx = { .now = now };

	mip_count(&mn->counters, MIP_COUNT_SEND_ERRORS);
	for (unsigned int i = 0; i < mn->n_entry; i++) {
		struct mn_entry *e = &mn->entry[i];

		/* Only the last of an entry matters: an earlier one has been followed up. */
		if (e->send_id && e->send_id == result->id) {
			e->send_id = 0;
			mn_reg_event(mn, e, MIP_REG_EV_SEND_FAILED, &ctx);
		}
	}
}

static int dad_result(struct mip_mn *mn, const struct mip_ev_dad_result *result,
		      const struct mip_time *now)
{
	const struct mn_ctx ctx = { .now = now };
	struct mn_entry *e = find_hoa(mn, &result->hoa);

	if (!e)
		return -ENOENT;
	/* Word of a duplicate at home may be repeated, and be late. */
	if (e->state != MIP_REG_HOME)
		return 0;
	if (result->result == MIP_DAD_DUPLICATE)
		mn_reg_event(mn, e, MIP_REG_EV_DUPLICATE, &ctx);
	else
		e->ha_holds_nothing = false;
	return 0;
}

int mip_mn_input(struct mip_mn *mn, const struct mip_event *event, const struct mip_time *now)
{
	switch (event->type) {
	case MIP_EV_MH:
		mn_input_mh(mn, &event->mh, now);
		return 0;
	case MIP_EV_MD:
		return input_md(mn, &event->md, now);
	case MIP_EV_BULE_FOUND:
		return bule_found(mn, &event->bule.bule, now);
	case MIP_EV_BULE_GONE:
		return bule_gone(mn, &event->bule, now);
	case MIP_EV_SEND_FAILED:
		send_failed(mn, &event->send_failed, now);
		return 0;
	case MIP_EV_DAD_RESULT:
		return dad_result(mn, &event->dad_result, now);
	case MIP_EV_BC_RESULT:
	case MIP_EV_BCE_FOUND:
	case MIP_EV_BCE_GONE:
	case MIP_EV_HOME_PREFIX:
		break;
	}
	return 0;
}

/* ---- Time --------------------------------------------------------------- */

static bool due(uint64_t *timer, uint64_t now)
{
	if (*timer > now)
		return false;
	*timer = MIP_USEC_INFINITY;
	return true;
}

void mip_mn_expire(struct mip_mn *mn, const struct mip_time *now)
{
	const struct mn_ctx ctx = { .now = now };

	for (unsigned int i = 0; i < mn->n_entry; i++) {
		struct mn_entry *e = &mn->entry[i];

		if (mip_queue_room(&mn->queue) < MIP_QUEUE_PER_CALL)
			return;
		/* The end of a binding first: it makes a refresh or a retransmission something else. */
		if (due(&e->t_expire, now->usec))
			mn_reg_event(mn, e, MIP_REG_EV_EXPIRED, &ctx);
		else if (due(&e->t_refresh, now->usec))
			mn_reg_event(mn, e, MIP_REG_EV_REFRESH_DUE, &ctx);
		else if (due(&e->t_send, now->usec))
			mn_reg_event(mn, e, MIP_REG_EV_TIMEOUT, &ctx);
	}
}

uint64_t mip_mn_next_deadline(const struct mip_mn *mn)
{
	uint64_t next = MIP_USEC_INFINITY;

	for (unsigned int i = 0; i < mn->n_entry; i++) {
		const struct mn_entry *e = &mn->entry[i];

		if (e->t_send < next)
			next = e->t_send;
		if (e->t_refresh < next)
			next = e->t_refresh;
		if (e->t_expire < next)
			next = e->t_expire;
	}
	return next;
}

/* ---- For the caller ----------------------------------------------------- */

bool mip_mn_next_action(struct mip_mn *mn, struct mip_action *ret)
{
	return mip_queue_take(&mn->queue, ret);
}

void mip_mn_foreach(const struct mip_mn *mn, const struct mip_time *now,
		    void (*fn)(void *userdata, const struct mip_mn_status *status), void *userdata)
{
	for (unsigned int i = 0; i < mn->n_entry; i++) {
		const struct mn_entry *e = &mn->entry[i];
		struct mip_mn_status status = {
			.hoa = e->home.hoa,
			.plen = e->home.plen,
			.home_agent = e->home.home_agent,
			.state = e->state,
			.place = e->place,
			.has_coa = !IN6_IS_ADDR_UNSPECIFIED(&e->coa) &&
				   !same_addr(&e->coa, &e->home.hoa),
			.ifindex = e->ifindex,
			.seq = e->seq,
			.bound = e->bound && e->bound_until > now->usec,
			.last_status = e->last_status,
			.last_handover_usec = e->last_handover_usec,
			.protected_by_key = e->home.sa.key_len != 0,
			.duplicate = e->dereg_for_duplicate,
		};

		if (status.has_coa)
			status.coa = e->coa;
		if (status.bound) {
			status.lifetime_usec = e->granted_usec;
			status.lifetime_left_usec = e->bound_until - now->usec;
		}
		fn(userdata, &status);
	}
}

const struct mip_counters *mip_mn_get_counters(const struct mip_mn *mn)
{
	return &mn->counters;
}
