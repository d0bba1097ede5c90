/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the mobile node role share: mn.c (the object, its events
 * and timers), mn_reg.c (the registration machine), mn_msg.c (messages).
 */
#ifndef MIP_MN_INTERNAL_H
#define MIP_MN_INTERNAL_H

#include <mip/mn.h>
#include <mip/queue.h>
#include <mip/wire.h>

/* Binding Updates of the present series that may still be answered. */
#define MN_SENT_MAX 16

/* A send that failed locally is tried again this soon, doubling up to the second. */
#define MN_SEND_RETRY_MIN_USEC (20 * MIP_USEC_PER_MSEC)
#define MN_SEND_RETRY_MAX_USEC MIP_USEC_PER_SEC

/* Back-off after a refusal that time may heal. */
#define MN_LATER_MIN_USEC (32 * MIP_USEC_PER_SEC)
#define MN_LATER_MAX_USEC (512 * MIP_USEC_PER_SEC)

/* Answers in a row that make us adopt something and send again, before it counts as a refusal. */
#define MN_RESYNC_MAX 3

/* Binding Errors that we send, all together. */
#define MN_BE_INTERVAL_USEC (100 * MIP_USEC_PER_MSEC)

struct mn_sent {
	uint16_t seq;
	uint64_t usec; /* when */
	uint64_t lifetime_usec; /* asked for; 0: de-registration */
	uint64_t timestamp; /* 0: none */
};

/* What the present series of Binding Updates is for. */
enum mn_goal {
	MN_GOAL_REGISTER,
	MN_GOAL_DEREG_HOME,
	MN_GOAL_DEREG_FOREIGN,
};

/* One home address: the entry of the binding update list for its home agent. */
struct mn_entry {
	struct mip_mn_home home;
	enum mip_reg_state state;
	enum mn_goal goal;

	struct in6_addr coa; /* hoa while at home; :: before any word from a detector */
	uint32_t ifindex; /* of coa, or of the home link */
	enum mip_hoa_place place;
	uint32_t place_ifindex;

	uint16_t seq; /* last number sent, or adopted */
	/* Oldest first. One series: same care-of address, same goal. */
	unsigned int n_sent;
	struct mn_sent sent[MN_SENT_MAX];

	bool bound; /* the home agent holds a binding for coa until ... */
	uint64_t bound_until;
	uint64_t granted_usec;
	uint64_t acked_until; /* ... for whatever care-of address, acknowledged */
	uint64_t peer_until; /* ... as far as it may have heard of us at all */

	uint64_t t_send; /* retransmission, end of back-off, or a send held back by the rate limit */
	uint64_t t_refresh;
	uint64_t t_expire;
	bool held; /* t_send is for a send held back by the rate limit ... */
	bool send_failed; /* ... or for one that did not leave; neither is a retransmission */
	uint64_t timeout_usec; /* of the last transmission */
	uint64_t later_usec; /* last back-off after a refusal, 0: none */
	uint64_t send_retry_usec; /* back-off after a send that failed locally; 0: none failed */
	uint64_t send_id; /* of the last Binding Update */
	unsigned int n_resync;
	/* When each of the last Binding Updates stops to count for the limit, oldest first; 0: none. */
	uint64_t rate[MIP_MAX_UPDATE_RATE];

	bool use_timestamp;
	uint64_t clock_offset; /* home agent's clock less ours, NTP format, modulo 2^64 */
	uint64_t last_timestamp; /* sent, 0: none */
	uint64_t acked_timestamp; /* highest that the home agent has accepted, 0: none */

	bool dereg_for_duplicate; /* the series is to find out whose the duplicate at home is */
	bool ha_holds_nothing; /* that is found out, and the address is probed once more */
	uint64_t moved_usec;
	bool handover_open; /* moved_usec waits for its acknowledgement */
	uint64_t last_handover_usec;
	int last_status;
};

struct mip_mn {
	struct mip_mn_config config;
	unsigned int n_entry;
	struct mn_entry entry[MIP_HOA_PER_MN_MAX];
	struct mip_queue queue;
	struct mip_counters counters;
	uint64_t next_id;
	uint64_t be_allowed_usec;
};

/* What comes with an event of the machine. */
struct mn_ctx {
	const struct mip_time *now;
	struct in6_addr coa; /* MOVED, SAME_COA, LEAVE */
	uint32_t ifindex; /* and AT_HOME */
	bool has_sent; /* acknowledgements: it is known which Binding Update is answered ... */
	struct mn_sent sent; /* ... this one */
	uint8_t status;
	uint64_t granted_usec;
	uint64_t advice_usec; /* refresh advice, 0: none */
};

static inline uint64_t mn_min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t mn_max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static inline uint64_t mn_left(uint64_t until, uint64_t now)
{
	return until > now ? until - now : 0;
}

/* mn_reg.c */
void mn_reg_event(struct mip_mn *mn, struct mn_entry *e, enum mip_reg_event event,
		  const struct mn_ctx *ctx);
/* For the test of the table: is there a handler? */
bool mn_reg_handles(enum mip_reg_state state, enum mip_reg_event event);

/* mn_series.c */
/* Takes over what the kernel holds. */
void mn_reg_adopt(struct mip_mn *mn, struct mn_entry *e, const struct mip_bule *bule,
		  const struct mip_time *now);
/* Tells the kernel again what it is to hold. */
void mn_reg_publish(struct mip_mn *mn, struct mn_entry *e, uint64_t now_usec);
void mn_log(struct mip_mn *mn, const struct mn_entry *e, enum mip_log_event event,
	    enum mip_log_level level, int status, uint64_t lifetime_usec);
void mn_place(struct mip_mn *mn, struct mn_entry *e, enum mip_hoa_place where, bool nodad);
void mn_place_if_new(struct mip_mn *mn, struct mn_entry *e, enum mip_hoa_place where, bool nodad);
void mn_no_timers(struct mn_entry *e);
/* Nothing that was sent is waited for any more. */
void mn_end_series(struct mn_entry *e);
/* Nothing of ours is at the home agent any more. */
void mn_forget_binding(struct mn_entry *e);
/* Sends a Binding Update, or has it sent when the rate limit allows (e->held). */
void mn_send_update(struct mip_mn *mn, struct mn_entry *e, const struct mip_time *now);
/* The series goes on in the state that its goal and the binding give. */
enum mip_reg_state mn_waiting_state(const struct mn_entry *e);
/* After mn_send_update(): what the kernel is to hold in e->state. */
void mn_follow_up(struct mip_mn *mn, struct mn_entry *e, uint64_t now_usec);
/* A Binding Update with a fresh back-off, and the state to wait in. */
enum mip_reg_state mn_transmit(struct mip_mn *mn, struct mn_entry *e, const struct mn_ctx *ctx);
/* When to refresh a binding of which so much is left. */
uint64_t mn_refresh_time(const struct mn_ctx *ctx, uint64_t remaining);

/* mn_msg.c */
/* Puts a Binding Update for the entry's goal into the queue and into e->sent. */
void mn_send_bu(struct mip_mn *mn, struct mn_entry *e, const struct mip_time *now);
void mn_input_mh(struct mip_mn *mn, const struct mip_ev_mh *mh, const struct mip_time *now);

#endif /* MIP_MN_INTERNAL_H */
