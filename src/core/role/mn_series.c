// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the handlers of the registration machine are made of: sending under the
 * rate limit, placing the home address, telling the kernel what its entry is
 * to be, and taking over an entry at start. See mn_reg.c for the whole.
 */
#include <string.h>

#include "mn_internal.h"

void mn_log(struct mip_mn *mn, const struct mn_entry *e, enum mip_log_event event,
	    enum mip_log_level level, int status, uint64_t lifetime_usec)
{
	struct mip_act_log *log = &mip_queue_add(&mn->queue, MIP_ACT_LOG)->log;

	log->event = event;
	log->level = level;
	log->hoa = e->home.hoa;
	log->coa = e->coa;
	log->peer = e->home.home_agent;
	log->seq = e->seq;
	log->status = (uint8_t)status;
	log->lifetime_usec = lifetime_usec;
}

void mn_place(struct mip_mn *mn, struct mn_entry *e, enum mip_hoa_place where, bool nodad)
{
	struct mip_act_hoa *act;

	act = &mip_queue_add(&mn->queue, MIP_ACT_HOA_PLACE)->hoa;
	act->hoa = e->home.hoa;
	act->plen = e->home.plen;
	act->place = where;
	act->ifindex = where == MIP_HOA_HOME ? e->ifindex : 0;
	act->nodad = nodad;
	e->place = where;
	e->place_ifindex = act->ifindex;
}

void mn_place_if_new(struct mip_mn *mn, struct mn_entry *e, enum mip_hoa_place where, bool nodad)
{
	if (e->place != where || (where == MIP_HOA_HOME && e->place_ifindex != e->ifindex))
		mn_place(mn, e, where, nodad);
}

static enum mip_bul_state published_state(const struct mn_entry *e, uint64_t now)
{
	switch (e->state) {
	case MIP_REG_WAIT_ACK:
		return MIP_BUL_REGISTERING;
	case MIP_REG_BOUND:
		return MIP_BUL_REGISTERED;
	case MIP_REG_WAIT_REFRESH:
		return MIP_BUL_REFRESHING;
	case MIP_REG_WAIT_DEREG:
	case MIP_REG_WAIT_DEREG_FOREIGN:
		return MIP_BUL_DEREGISTERING;
	case MIP_REG_BACKOFF:
		/* While the old binding lasts, it carries traffic. */
		if (e->goal != MN_GOAL_REGISTER)
			return MIP_BUL_DEREGISTERING;
		return e->bound && e->bound_until > now ? MIP_BUL_REFRESHING : MIP_BUL_FAILED;
	case MIP_REG_HOME:
		return MIP_BUL_HOME;
	case MIP_REG_IDLE:
	case MIP_REG_FAILED:
	case MIP_REG_LOST:
	case _MIP_REG_STATE_MAX:
		break;
	}
	return MIP_BUL_FAILED;
}

void mn_reg_publish(struct mip_mn *mn, struct mn_entry *e, uint64_t now)
{
	struct mip_bule *bule;

	if (e->state == MIP_REG_IDLE || e->state == MIP_REG_LOST) {
		bule = &mip_queue_add(&mn->queue, MIP_ACT_BUL_DEL)->bule;
		bule->hoa = e->home.hoa;
		bule->hoa_plen = e->home.plen;
		bule->peer = e->home.home_agent;
		return;
	}

	bule = &mip_queue_add(&mn->queue, MIP_ACT_BUL_SET)->bule;
	bule->hoa = e->home.hoa;
	bule->hoa_plen = e->home.plen;
	bule->peer = e->home.home_agent;
	bule->coa = e->coa;
	bule->ifindex = e->ifindex;
	bule->flags = MIP_BU_A | MIP_BU_H;
	if (e->home.link_local)
		bule->flags |= MIP_BU_L;
	bule->seq = e->seq;
	bule->timestamp = e->last_timestamp;
	bule->state = published_state(e, now);
	switch (bule->state) {
	case MIP_BUL_REGISTERING:
		bule->lifetime_usec = e->home.lifetime_usec;
		break;
	case MIP_BUL_REGISTERED:
	case MIP_BUL_REFRESHING:
		bule->lifetime_usec = mn_left(e->bound_until, now);
		break;
	case MIP_BUL_DEREGISTERING:
		bule->lifetime_usec = mn_left(e->peer_until, now);
		break;
	case MIP_BUL_HOME:
	case MIP_BUL_FAILED:
		/* Kept for its sequence number, and for who looks. */
		bule->lifetime_usec = MIP_USEC_INFINITY;
		break;
	}
	/* An entry that ends at this very moment: the timer that is due deals with it. */
	if (bule->lifetime_usec == 0)
		bule->lifetime_usec = MIP_USEC_PER_MSEC;
}

void mn_no_timers(struct mn_entry *e)
{
	e->t_send = MIP_USEC_INFINITY;
	e->t_refresh = MIP_USEC_INFINITY;
	e->t_expire = MIP_USEC_INFINITY;
	e->held = false;
	e->send_failed = false;
}

void mn_end_series(struct mn_entry *e)
{
	e->n_sent = 0;
	e->n_resync = 0;
	e->send_retry_usec = 0;
	e->handover_open = false;
	e->dereg_for_duplicate = false;
}

/* Nothing of ours is at the home agent any more. */
void mn_forget_binding(struct mn_entry *e)
{
	e->bound = false;
	e->bound_until = 0;
	e->granted_usec = 0;
	e->acked_until = 0;
	e->peer_until = 0;
}

/*
 * Sends, or has it sent when the rate limit allows. The order of what comes
 * out is the point of it; see the head of this file.
 */
void mn_send_update(struct mip_mn *mn, struct mn_entry *e, const struct mip_time *now)
{
	if (e->rate[0] > now->usec) {
		e->t_send = e->rate[0];
		e->held = true;
		return;
	}
	memmove(&e->rate[0], &e->rate[1], sizeof(e->rate) - sizeof(e->rate[0]));
	e->rate[MIP_MAX_UPDATE_RATE - 1] = now->usec + MIP_USEC_PER_SEC;
	e->held = false;

	switch (e->goal) {
	case MN_GOAL_REGISTER:
		/*
		 * Another interface may still be on the home link: the home
		 * agent's duplicate address detection must not find us there.
		 */
		if (e->place == MIP_HOA_HOME && e->place_ifindex != e->ifindex)
			mn_place(mn, e, MIP_HOA_TUNNEL, true);
		mn_send_bu(mn, e, now);
		e->peer_until = mn_max(e->peer_until, now->usec + e->home.lifetime_usec);
		break;
	case MN_GOAL_DEREG_HOME:
		/* Sending failed: the interface may have been down, and its addresses gone. */
		if (e->send_failed)
			mn_place(mn, e, MIP_HOA_HOME, true);
		else
			mn_place_if_new(mn, e, MIP_HOA_HOME, true);
		mn_send_bu(mn, e, now);
		break;
	case MN_GOAL_DEREG_FOREIGN:
		mn_send_bu(mn, e, now);
		break;
	}
	e->send_failed = false;
	e->t_send = now->usec + e->timeout_usec;
}

/* The series goes on in the state that its goal and the binding give. */
enum mip_reg_state mn_waiting_state(const struct mn_entry *e)
{
	switch (e->goal) {
	case MN_GOAL_REGISTER:
		return e->bound ? MIP_REG_WAIT_REFRESH : MIP_REG_WAIT_ACK;
	case MN_GOAL_DEREG_HOME:
		return MIP_REG_WAIT_DEREG;
	case MN_GOAL_DEREG_FOREIGN:
		return MIP_REG_WAIT_DEREG_FOREIGN;
	}
	return MIP_REG_WAIT_ACK;
}

/* After mn_send_update(): what the kernel is to hold, in the state that e->state says. */
void mn_follow_up(struct mip_mn *mn, struct mn_entry *e, uint64_t now)
{
	if (e->held)
		return;
	mn_reg_publish(mn, e, now);
	if (e->goal == MN_GOAL_REGISTER)
		mn_place_if_new(mn, e, MIP_HOA_TUNNEL, true);
	mn_log(mn, e, MIP_LOG_MN_BU_SENT, MIP_LOG_INFO, 0,
	       e->goal == MN_GOAL_REGISTER ? e->home.lifetime_usec : 0);
}

static uint64_t first_timeout(const struct mn_entry *e, uint64_t now)
{
	return e->goal == MN_GOAL_REGISTER && e->acked_until <= now ?
		       MIP_INITIAL_BINDACK_TIMEOUT_FIRST_REG_USEC :
		       MIP_INITIAL_BINDACK_TIMEOUT_USEC;
}

/* A Binding Update with a fresh back-off. */
enum mip_reg_state mn_transmit(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	e->timeout_usec = first_timeout(e, ctx->now->usec);
	e->send_retry_usec = 0;
	mn_send_update(mn, e, ctx->now);
	e->state = mn_waiting_state(e);
	mn_follow_up(mn, e, ctx->now->usec);
	return e->state;
}

/*
 * Refresh a quarter of the lifetime before its end, and with short lifetimes
 * earlier, so that a few lost messages do not cost the binding: half of it or
 * 10 s, whatever is less (MN-BU-07). The home agent may ask for it earlier
 * (MN-BA-06).
 */
uint64_t mn_refresh_time(const struct mn_ctx *ctx, uint64_t remaining)
{
	uint64_t now = ctx->now->usec;
	uint64_t margin = mn_max(remaining / 4, mn_min(remaining / 2, 10 * MIP_USEC_PER_SEC));
	uint64_t due = now + remaining - margin;

	if (ctx->advice_usec)
		due = mn_min(due, mn_max(ctx->sent.usec + ctx->advice_usec,
					 now + MIP_INITIAL_BINDACK_TIMEOUT_USEC));
	return due;
}

/* ---- Restart ------------------------------------------------------------ */

/*
 * The kernel's entry is all that is left of the former process. What it had
 * sent without seeing the answer is sent again; a binding that stands is left
 * alone until its time comes, so a restart costs neither a packet nor a
 * message. The lifetime that was granted is not known any more: the refresh is
 * timed by what is left of it.
 */
void mn_reg_adopt(struct mip_mn *mn, struct mn_entry *e, const struct mip_bule *bule,
		  const struct mip_time *now)
{
	const struct mn_ctx ctx = { .now = now, .sent = { .usec = now->usec } };
	uint64_t until = bule->lifetime_usec > MIP_USEC_INFINITY - now->usec ?
				 MIP_USEC_INFINITY :
				 now->usec + bule->lifetime_usec;

	mn_no_timers(e);
	mn_end_series(e);
	mn_forget_binding(e);
	e->seq = bule->seq;
	e->last_timestamp = bule->timestamp;
	e->coa = bule->coa;
	e->ifindex = bule->ifindex;
	e->goal = MN_GOAL_REGISTER;
	e->timeout_usec = MIP_INITIAL_BINDACK_TIMEOUT_USEC;

	switch (bule->state) {
	case MIP_BUL_REGISTERED:
	case MIP_BUL_REFRESHING:
		e->state = MIP_REG_BOUND;
		e->bound = true;
		e->acked_timestamp = bule->timestamp;
		e->bound_until = e->acked_until = e->peer_until = until;
		e->t_expire = until;
		e->t_refresh = bule->state == MIP_BUL_REFRESHING ?
				       now->usec :
				       mn_refresh_time(&ctx, bule->lifetime_usec);
		mn_place(mn, e, MIP_HOA_TUNNEL, true);
		break;
	case MIP_BUL_REGISTERING:
		e->state = MIP_REG_WAIT_ACK;
		e->peer_until = until;
		e->t_send = now->usec;
		e->held = true;
		mn_place(mn, e, MIP_HOA_TUNNEL, true);
		break;
	case MIP_BUL_DEREGISTERING:
		e->peer_until = until;
		e->t_expire = until;
		e->t_send = now->usec;
		e->held = true;
		if (memcmp(&e->coa, &e->home.hoa, sizeof(e->coa)) == 0) {
			e->goal = MN_GOAL_DEREG_HOME;
			e->state = MIP_REG_WAIT_DEREG;
		} else {
			e->goal = MN_GOAL_DEREG_FOREIGN;
			e->state = MIP_REG_WAIT_DEREG_FOREIGN;
		}
		break;
	case MIP_BUL_HOME:
		e->goal = MN_GOAL_DEREG_HOME;
		e->state = MIP_REG_HOME;
		mn_place(mn, e, MIP_HOA_HOME, false);
		break;
	case MIP_BUL_FAILED:
		e->state = MIP_REG_FAILED;
		if (memcmp(&e->coa, &e->home.hoa, sizeof(e->coa)) == 0)
			e->goal = MN_GOAL_DEREG_HOME;
		break;
	}
	mip_count(&mn->counters, MIP_COUNT_REG_ADOPTED);
	mn_log(mn, e, MIP_LOG_MN_ADOPTED, MIP_LOG_NOTICE, 0, bule->lifetime_usec);
}
