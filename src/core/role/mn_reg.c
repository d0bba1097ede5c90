// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The registration machine of one home address (RFC 6275 sections 11.5.5,
 * 11.7 and 11.8): a table of states and events, at the end of this file. Each
 * cell is a function that does what is to be done and answers the next state.
 *
 * A series is what belongs together of the Binding Updates sent: those for one
 * goal (register, de-register from home, de-register while away) with one
 * care-of address. A move begins a new series, and answers to the old one are
 * not waited for any more. An acknowledgement may answer any Binding Update of
 * the series, not only the last: when an answer takes longer than the first
 * timeout, the home agent's answer to the first copy is as good as the one to
 * come (MN-BA-01). Having answered one, everything sent before it is settled.
 *
 * Three ends of time are kept apart:
 *   bound_until  the binding of the present care-of address, acknowledged;
 *   acked_until  the last binding acknowledged, whatever its care-of address:
 *		  after it the home agent starts afresh, with duplicate address
 *		  detection, so the first timeout is the long one (MN-BU-11);
 *   peer_until   what the home agent may hold if every Binding Update arrived:
 *		  before it, returning home means to de-register, and to leave
 *		  the home address unprobed (MN-HOME-01).
 *
 * The rate limit (MAX_UPDATE_RATE, MN-MD-03) counts all Binding Updates for
 * the home address. Section 11.5.3 limits those about new care-of addresses;
 * counting the others too keeps section 11.8 for a home agent with one home
 * address of ours and cannot be talked into a storm by answers (135, 144) or
 * requests (Binding Refresh Request, Binding Error), which anybody may send.
 * A Binding Update that is held back goes out at the end of the window, with
 * what is true then.
 *
 * The kernel's entry follows the Binding Update by a moment, not the answer
 * (MN-BU-10): the tunnel changes its source as the message leaves. Where the
 * node returns home it is the other way around: the address has to be on the
 * interface to send from it.
 */
#include <string.h>

#include "mn_internal.h"

typedef enum mip_reg_state mn_handler(struct mip_mn *mn, struct mn_entry *e,
				      const struct mn_ctx *ctx);

/* ---- Handlers ----------------------------------------------------------- */

static enum mip_reg_state stay(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	(void)mn;
	(void)ctx;
	return e->state;
}

/* MN-BU-01: register a care-of address that we were not at. */
static enum mip_reg_state move(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	mn_no_timers(e);
	mn_end_series(e);
	e->goal = MN_GOAL_REGISTER;
	e->bound = false;
	e->later_usec = 0;
	e->coa = ctx->coa;
	e->ifindex = ctx->ifindex;
	e->moved_usec = ctx->now->usec;
	e->handover_open = true;
	mn_log(mn, e, MIP_LOG_MN_MOVED, MIP_LOG_NOTICE, 0, 0);
	return mn_transmit(mn, e, ctx);
}

/* The detector repeats itself while an answer is missing, or says so to make us try again. */
static enum mip_reg_state again(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	if (ctx->ifindex)
		e->ifindex = ctx->ifindex;
	e->n_resync = 0;
	return mn_transmit(mn, e, ctx);
}

static enum mip_reg_state still_there(struct mip_mn *mn, struct mn_entry *e,
				      const struct mn_ctx *ctx)
{
	if (e->ifindex != ctx->ifindex) {
		e->ifindex = ctx->ifindex;
		mn_reg_publish(mn, e, ctx->now->usec);
	}
	return e->state;
}

/* The end of MN-HOME-05, and what boot at home comes to. */
static enum mip_reg_state settle_home(struct mip_mn *mn, struct mn_entry *e,
				      const struct mn_ctx *ctx, bool nodad)
{
	mn_no_timers(e);
	mn_end_series(e);
	mn_forget_binding(e);
	e->goal = MN_GOAL_DEREG_HOME;
	e->later_usec = 0;
	e->ha_holds_nothing = false;
	e->state = MIP_REG_HOME;
	mn_place_if_new(mn, e, MIP_HOA_HOME, nodad);
	mn_reg_publish(mn, e, ctx->now->usec);
	mn_log(mn, e, MIP_LOG_MN_AT_HOME, MIP_LOG_NOTICE, ctx->status, 0);
	return MIP_REG_HOME;
}

static void advertise(struct mip_mn *mn, const struct mn_entry *e, const struct in6_addr *target)
{
	struct mip_act_na *na = &mip_queue_add(&mn->queue, MIP_ACT_NA)->na;

	na->ifindex = e->ifindex;
	na->target = *target;
	na->router = false;
	na->override = true;
}

static enum mip_reg_state return_home(struct mip_mn *mn, struct mn_entry *e,
				      const struct mn_ctx *ctx)
{
	mn_no_timers(e);
	mn_end_series(e);
	e->goal = MN_GOAL_DEREG_HOME;
	e->bound = false;
	e->later_usec = 0;
	e->coa = e->home.hoa;
	e->ifindex = ctx->ifindex;
	if (e->peer_until <= ctx->now->usec)
		return settle_home(mn, e, ctx, false);

	e->moved_usec = ctx->now->usec;
	e->handover_open = true;
	e->t_expire = e->peer_until;
	mn_log(mn, e, MIP_LOG_MN_MOVED, MIP_LOG_NOTICE, 0, 0);
	return mn_transmit(mn, e, ctx);
}

/*
 * At home already. The detector says so again when the link was gone for a
 * while, and an interface that was down has lost its addresses; or it is by
 * another interface now.
 */
static enum mip_reg_state home_again(struct mip_mn *mn, struct mn_entry *e,
				     const struct mn_ctx *ctx)
{
	if (e->ifindex == ctx->ifindex) {
		mn_place(mn, e, MIP_HOA_HOME, false);
		return e->state;
	}
	e->ifindex = ctx->ifindex;
	mn_place_if_new(mn, e, MIP_HOA_HOME, true);
	mn_reg_publish(mn, e, ctx->now->usec);
	advertise(mn, e, &e->home.hoa);
	return e->state;
}

/* At home, and what was to be de-registered from there is not yet. */
static enum mip_reg_state home_retry(struct mip_mn *mn, struct mn_entry *e,
				     const struct mn_ctx *ctx)
{
	if (e->goal != MN_GOAL_DEREG_HOME)
		return return_home(mn, e, ctx);
	e->ifindex = ctx->ifindex;
	return again(mn, e, ctx);
}

static enum mip_reg_state settle_idle(struct mip_mn *mn, struct mn_entry *e)
{
	mn_no_timers(e);
	mn_end_series(e);
	mn_forget_binding(e);
	e->later_usec = 0;
	e->state = MIP_REG_IDLE;
	mn_place_if_new(mn, e, MIP_HOA_NONE, false);
	mn_reg_publish(mn, e, 0);
	mn_log(mn, e, MIP_LOG_HOME_REG_DEREGISTERED, MIP_LOG_NOTICE, 0, 0);
	return MIP_REG_IDLE;
}

/* De-register while away: the alternate care-of address is the home address (DEC-03). */
static enum mip_reg_state leave(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	mn_no_timers(e);
	mn_end_series(e);
	e->goal = MN_GOAL_DEREG_FOREIGN;
	e->bound = false;
	e->later_usec = 0;
	e->coa = ctx->coa;
	e->ifindex = ctx->ifindex;
	if (e->peer_until <= ctx->now->usec)
		return settle_idle(mn, e);
	e->t_expire = e->peer_until;
	return mn_transmit(mn, e, ctx);
}

static enum mip_reg_state leave_again(struct mip_mn *mn, struct mn_entry *e,
				      const struct mn_ctx *ctx)
{
	if (memcmp(&e->coa, &ctx->coa, sizeof(e->coa)) != 0)
		return leave(mn, e, ctx);
	return again(mn, e, ctx);
}

/* An answer settles the Binding Update that it answers, and those before it. */
static void settle_sent(struct mn_entry *e, const struct mn_ctx *ctx)
{
	unsigned int kept = 0;

	if (!ctx->has_sent)
		return;

	for (unsigned int i = 0; i < e->n_sent; i++) {
		if (mip_seq_newer(e->sent[i].seq, ctx->sent.seq))
			e->sent[kept++] = e->sent[i];
	}
	e->n_sent = kept;
}

/* De-registration is through: by an answer, by 133 (MN-HOME-07), or by time. */
static enum mip_reg_state deregistered(struct mip_mn *mn, struct mn_entry *e,
				       const struct mn_ctx *ctx)
{
	if (e->goal == MN_GOAL_DEREG_FOREIGN)
		return settle_idle(mn, e);

	if (e->handover_open)
		e->last_handover_usec = ctx->now->usec - e->moved_usec;
	settle_home(mn, e, ctx, true);
	/* MN-HOME-05 */
	advertise(mn, e, &e->home.hoa);
	if (e->home.link_local) {
		struct in6_addr ll = { .s6_addr = { 0xfe, 0x80 } };

		memcpy(&ll.s6_addr[8], &e->home.hoa.s6_addr[8], 8);
		advertise(mn, e, &ll);
	}
	return MIP_REG_HOME;
}

static enum mip_reg_state later(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx);

/* MN-BA-02 */
static enum mip_reg_state accepted(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	uint64_t now = ctx->now->usec;
	uint64_t granted, remaining;
	bool news = e->state != MIP_REG_BOUND;

	if (ctx->sent.timestamp)
		e->acked_timestamp = ctx->sent.timestamp;
	if (e->goal != MN_GOAL_REGISTER) {
		mip_count(&mn->counters, MIP_COUNT_REG_DEREGISTERED);
		return deregistered(mn, e, ctx);
	}

	/* A home agent that grants more than was asked for has not understood us. */
	granted = mn_min(ctx->granted_usec, ctx->sent.lifetime_usec);
	remaining = mn_left(ctx->sent.usec + granted, now);
	settle_sent(e, ctx);
	if (remaining == 0)
		return later(mn, e, ctx);

	if (news) {
		if (e->acked_until <= now)
			mip_count(&mn->counters, MIP_COUNT_REG_NEW);
		else if (!e->bound)
			mip_count(&mn->counters, MIP_COUNT_REG_HANDOVER);
		else
			mip_count(&mn->counters, MIP_COUNT_REG_REFRESHED);
	}
	if (e->handover_open) {
		e->last_handover_usec = now - e->moved_usec;
		e->handover_open = false;
	}
	e->bound = true;
	e->granted_usec = granted;
	e->bound_until = e->acked_until = now + remaining;
	/* Copies that are still under way may prolong it, at most to what was asked for. */
	e->peer_until = e->bound_until;
	for (unsigned int i = 0; i < e->n_sent; i++)
		e->peer_until = mn_max(e->peer_until, e->sent[i].usec + e->sent[i].lifetime_usec);
	mn_no_timers(e);
	e->n_resync = 0;
	e->later_usec = 0;
	e->t_expire = e->bound_until;
	e->t_refresh = mn_refresh_time(ctx, remaining);
	e->state = MIP_REG_BOUND;
	mn_reg_publish(mn, e, now);
	mn_place_if_new(mn, e, MIP_HOA_TUNNEL, true);
	mn_log(mn, e, MIP_LOG_MN_REGISTERED, news ? MIP_LOG_NOTICE : MIP_LOG_DEBUG, ctx->status,
	       remaining);
	return MIP_REG_BOUND;
}

/* 135, 144, 145: mn_msg.c has adopted what the answer said; send again at once (MN-BA-03). */
static enum mip_reg_state resync(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	if (++e->n_resync > MN_RESYNC_MAX)
		return later(mn, e, ctx);
	mn_log(mn, e, MIP_LOG_MN_RESYNC, MIP_LOG_NOTICE, ctx->status, 0);
	mn_send_update(mn, e, ctx->now);
	e->state = mn_waiting_state(e);
	mn_follow_up(mn, e, ctx->now->usec);
	return e->state;
}

/* The binding of old may last while its renewal is refused. */
static void keep_until_end(struct mn_entry *e, uint64_t now)
{
	if (e->goal != MN_GOAL_REGISTER) {
		e->t_expire = e->peer_until;
		return;
	}
	if (e->bound && e->bound_until <= now)
		e->bound = false;
	if (e->bound)
		e->t_expire = e->bound_until;
}

static enum mip_reg_state later(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	uint64_t now = ctx->now->usec;

	mn_no_timers(e);
	settle_sent(e, ctx);
	e->n_resync = 0;
	e->later_usec = e->later_usec ? mn_min(2 * e->later_usec, MN_LATER_MAX_USEC) :
					MN_LATER_MIN_USEC;
	e->t_send = now + e->later_usec;
	keep_until_end(e, now);
	e->state = MIP_REG_BACKOFF;
	mn_reg_publish(mn, e, now);
	mn_log(mn, e, MIP_LOG_MN_REFUSED, MIP_LOG_WARNING, ctx->status, 0);
	return MIP_REG_BACKOFF;
}

static enum mip_reg_state refused(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	uint64_t now = ctx->now->usec;

	mn_no_timers(e);
	settle_sent(e, ctx);
	e->bound = false;
	if (e->goal != MN_GOAL_REGISTER)
		e->t_expire = e->peer_until;
	e->state = MIP_REG_FAILED;
	mn_reg_publish(mn, e, now);
	mn_log(mn, e, MIP_LOG_MN_REFUSED, MIP_LOG_ERROR, ctx->status, 0);
	return MIP_REG_FAILED;
}

/* MN-BU-09 */
static enum mip_reg_state lost(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	mn_no_timers(e);
	mn_end_series(e);
	mn_forget_binding(e);
	e->state = MIP_REG_LOST;
	mn_reg_publish(mn, e, ctx->now->usec);
	mn_place(mn, e, MIP_HOA_NONE, false);
	mn_log(mn, e, MIP_LOG_MN_HOA_LOST, MIP_LOG_ERROR, ctx->status, 0);
	return MIP_REG_LOST;
}

/* 133 for what was not a de-registration is a refusal like others. */
static enum mip_reg_state no_binding(struct mip_mn *mn, struct mn_entry *e,
				     const struct mn_ctx *ctx)
{
	if (e->goal == MN_GOAL_REGISTER)
		return refused(mn, e, ctx);
	if (e->dereg_for_duplicate) {
		/* It may have held the address until a moment ago, so look again. */
		mn_place(mn, e, MIP_HOA_NONE, false);
		settle_home(mn, e, ctx, false);
		e->ha_holds_nothing = true;
		return MIP_REG_HOME;
	}
	return deregistered(mn, e, ctx);
}

/*
 * Duplicate address detection at home found the address taken. Before it is
 * given up: a binding from before a crash may stand at the home agent, which
 * then defends it against us. So de-register; 133 says that it was not that,
 * or that the binding has ended meanwhile. Then the next probe decides.
 */
static enum mip_reg_state duplicate_at_home(struct mip_mn *mn, struct mn_entry *e,
					    const struct mn_ctx *ctx)
{
	if (e->ha_holds_nothing)
		return lost(mn, e, ctx);
	mn_no_timers(e);
	mn_end_series(e);
	e->goal = MN_GOAL_DEREG_HOME;
	e->peer_until = ctx->now->usec + e->home.lifetime_usec;
	e->t_expire = e->peer_until;
	e->dereg_for_duplicate = true;
	mn_place(mn, e, MIP_HOA_NONE, false);
	return mn_transmit(mn, e, ctx);
}

/* MN-BU-08: no answer. */
static enum mip_reg_state retransmit(struct mip_mn *mn, struct mn_entry *e,
				     const struct mn_ctx *ctx)
{
	if (!e->held && !e->send_failed) {
		e->send_retry_usec = 0;
		e->timeout_usec = mn_min(2 * e->timeout_usec, MIP_MAX_BINDACK_TIMEOUT_USEC);
		mip_count(&mn->counters, MIP_COUNT_BU_RETRANSMITTED);
		mn_log(mn, e, MIP_LOG_MN_TIMEOUT, MIP_LOG_INFO, 0, 0);
	}
	mn_send_update(mn, e, ctx->now);
	mn_follow_up(mn, e, ctx->now->usec);
	return e->state;
}

/* The message never left: a tentative address, an address just gone. Soon again. */
static enum mip_reg_state send_failed(struct mip_mn *mn, struct mn_entry *e,
				      const struct mn_ctx *ctx)
{
	(void)mn;
	memmove(&e->rate[1], &e->rate[0], sizeof(e->rate) - sizeof(e->rate[0]));
	e->rate[0] = 0;
	e->send_failed = true;
	e->send_retry_usec = e->send_retry_usec ?
				     mn_min(2 * e->send_retry_usec, MN_SEND_RETRY_MAX_USEC) :
				     MN_SEND_RETRY_MIN_USEC;
	e->t_send = ctx->now->usec + e->send_retry_usec;
	return e->state;
}

static enum mip_reg_state refresh(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	e->t_refresh = MIP_USEC_INFINITY;
	e->n_sent = 0;
	return mn_transmit(mn, e, ctx);
}

/* The binding lapsed, or the kernel's entry was taken away: from the beginning (MN-BU-11). */
static enum mip_reg_state start_over(struct mip_mn *mn, struct mn_entry *e,
				     const struct mn_ctx *ctx)
{
	mn_no_timers(e);
	e->n_sent = 0;
	e->bound = false;
	e->acked_until = mn_min(e->acked_until, ctx->now->usec);
	return mn_transmit(mn, e, ctx);
}

static enum mip_reg_state lapse(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	mip_count(&mn->counters, MIP_COUNT_REG_EXPIRED);
	mn_log(mn, e, MIP_LOG_HOME_REG_EXPIRED, MIP_LOG_WARNING, 0, 0);
	return start_over(mn, e, ctx);
}

/* While refused, the old binding has come to its end. */
static enum mip_reg_state lapse_refused(struct mip_mn *mn, struct mn_entry *e,
					const struct mn_ctx *ctx)
{
	e->t_expire = MIP_USEC_INFINITY;
	if (e->goal != MN_GOAL_REGISTER)
		return deregistered(mn, e, ctx);
	if (e->bound) {
		mip_count(&mn->counters, MIP_COUNT_REG_EXPIRED);
		mn_log(mn, e, MIP_LOG_HOME_REG_EXPIRED, MIP_LOG_WARNING, 0, 0);
	}
	e->bound = false;
	mn_reg_publish(mn, e, ctx->now->usec);
	return e->state;
}

static enum mip_reg_state republish(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx)
{
	mn_reg_publish(mn, e, ctx->now->usec);
	return e->state;
}

/* ---- The table ---------------------------------------------------------- */

/* clang-format off */
#define ON(event, handler) [MIP_REG_EV_##event] = (handler)
static mn_handler *const table[_MIP_REG_STATE_MAX][_MIP_REG_EVENT_MAX] = {
	[MIP_REG_IDLE] = {
		ON(MOVED, move), ON(SAME_COA, move), ON(AT_HOME, return_home), ON(LEAVE, leave),
		ON(ACCEPTED, stay), ON(RESYNC, stay), ON(LATER, stay),
		ON(REFUSED, stay), ON(NO_BINDING, stay), ON(DUPLICATE, stay),
		ON(TIMEOUT, stay), ON(REFRESH_DUE, stay), ON(EXPIRED, stay),
		ON(GONE, stay), ON(SEND_FAILED, stay), ON(ASKED, stay),
	},
	[MIP_REG_WAIT_ACK] = {
		ON(MOVED, move), ON(SAME_COA, again), ON(AT_HOME, return_home), ON(LEAVE, leave),
		ON(ACCEPTED, accepted), ON(RESYNC, resync), ON(LATER, later),
		ON(REFUSED, refused), ON(NO_BINDING, no_binding), ON(DUPLICATE, lost),
		ON(TIMEOUT, retransmit), ON(REFRESH_DUE, stay), ON(EXPIRED, stay),
		ON(GONE, start_over), ON(SEND_FAILED, send_failed), ON(ASKED, stay),
	},
	[MIP_REG_BOUND] = {
		ON(MOVED, move), ON(SAME_COA, still_there), ON(AT_HOME, return_home), ON(LEAVE, leave),
		ON(ACCEPTED, accepted), ON(RESYNC, resync), ON(LATER, later),
		ON(REFUSED, refused), ON(NO_BINDING, no_binding), ON(DUPLICATE, lost),
		ON(TIMEOUT, stay), ON(REFRESH_DUE, refresh), ON(EXPIRED, lapse),
		ON(GONE, start_over), ON(SEND_FAILED, stay), ON(ASKED, refresh),
	},
	[MIP_REG_WAIT_REFRESH] = {
		ON(MOVED, move), ON(SAME_COA, again), ON(AT_HOME, return_home), ON(LEAVE, leave),
		ON(ACCEPTED, accepted), ON(RESYNC, resync), ON(LATER, later),
		ON(REFUSED, refused), ON(NO_BINDING, no_binding), ON(DUPLICATE, lost),
		ON(TIMEOUT, retransmit), ON(REFRESH_DUE, stay), ON(EXPIRED, lapse),
		ON(GONE, start_over), ON(SEND_FAILED, send_failed), ON(ASKED, stay),
	},
	[MIP_REG_WAIT_DEREG] = {
		ON(MOVED, move), ON(SAME_COA, move), ON(AT_HOME, home_retry), ON(LEAVE, leave),
		ON(ACCEPTED, accepted), ON(RESYNC, resync), ON(LATER, later),
		ON(REFUSED, refused), ON(NO_BINDING, no_binding), ON(DUPLICATE, lost),
		ON(TIMEOUT, retransmit), ON(REFRESH_DUE, stay), ON(EXPIRED, deregistered),
		ON(GONE, republish), ON(SEND_FAILED, send_failed), ON(ASKED, stay),
	},
	[MIP_REG_WAIT_DEREG_FOREIGN] = {
		ON(MOVED, move), ON(SAME_COA, move), ON(AT_HOME, return_home), ON(LEAVE, leave_again),
		ON(ACCEPTED, accepted), ON(RESYNC, resync), ON(LATER, later),
		ON(REFUSED, refused), ON(NO_BINDING, no_binding), ON(DUPLICATE, lost),
		ON(TIMEOUT, retransmit), ON(REFRESH_DUE, stay), ON(EXPIRED, deregistered),
		ON(GONE, republish), ON(SEND_FAILED, send_failed), ON(ASKED, stay),
	},
	[MIP_REG_HOME] = {
		ON(MOVED, move), ON(SAME_COA, move), ON(AT_HOME, home_again), ON(LEAVE, stay),
		ON(ACCEPTED, stay), ON(RESYNC, stay), ON(LATER, stay),
		ON(REFUSED, stay), ON(NO_BINDING, stay), ON(DUPLICATE, duplicate_at_home),
		ON(TIMEOUT, stay), ON(REFRESH_DUE, stay), ON(EXPIRED, stay),
		ON(GONE, republish), ON(SEND_FAILED, stay), ON(ASKED, stay),
	},
	[MIP_REG_BACKOFF] = {
		ON(MOVED, move), ON(SAME_COA, again), ON(AT_HOME, home_retry), ON(LEAVE, leave),
		ON(ACCEPTED, accepted), ON(RESYNC, resync), ON(LATER, later),
		ON(REFUSED, refused), ON(NO_BINDING, no_binding), ON(DUPLICATE, lost),
		ON(TIMEOUT, mn_transmit), ON(REFRESH_DUE, stay), ON(EXPIRED, lapse_refused),
		ON(GONE, stay), ON(SEND_FAILED, stay), ON(ASKED, stay),
	},
	[MIP_REG_FAILED] = {
		ON(MOVED, move), ON(SAME_COA, again), ON(AT_HOME, home_retry), ON(LEAVE, leave),
		ON(ACCEPTED, accepted), ON(RESYNC, resync), ON(LATER, later),
		ON(REFUSED, refused), ON(NO_BINDING, no_binding), ON(DUPLICATE, lost),
		ON(TIMEOUT, stay), ON(REFRESH_DUE, stay), ON(EXPIRED, lapse_refused),
		ON(GONE, stay), ON(SEND_FAILED, stay), ON(ASKED, stay),
	},
	[MIP_REG_LOST] = {
		ON(MOVED, stay), ON(SAME_COA, stay), ON(AT_HOME, stay), ON(LEAVE, stay),
		ON(ACCEPTED, stay), ON(RESYNC, stay), ON(LATER, stay),
		ON(REFUSED, stay), ON(NO_BINDING, stay), ON(DUPLICATE, stay),
		ON(TIMEOUT, stay), ON(REFRESH_DUE, stay), ON(EXPIRED, stay),
		ON(GONE, stay), ON(SEND_FAILED, stay), ON(ASKED, stay),
	},
};
/* clang-format on */

bool mn_reg_handles(enum mip_reg_state state, enum mip_reg_event event)
{
	return table[state][event] != NULL;
}

void mn_reg_event(struct mip_mn *mn, struct mn_entry *e, enum mip_reg_event event,
		  const struct mn_ctx *ctx)
{
	e->state = table[e->state][event](mn, e, ctx);
}
