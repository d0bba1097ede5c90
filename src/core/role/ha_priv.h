/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the home agent role: what ha.c (life, events, time), ha_bu.c (the
 * tests of a Binding Update) and ha_reg.c (carrying it out) share.
 */
#ifndef MIP_ROLE_HA_PRIV_H
#define MIP_ROLE_HA_PRIV_H

#include <mip/bcache.h>
#include <mip/ha.h>
#include <mip/queue.h>
#include <mip/wire.h>

#define HA_DELETE_BCE_TIMEOUT_USEC (10 * MIP_USEC_PER_SEC) /* MAX_DELETE_BCE_TIMEOUT */
#define HA_NA_INTERVAL_USEC	   MIP_USEC_PER_SEC /* RetransTimer, RFC 4861 section 10 */
/* The kernel ends bindings and tells; this much later we do it ourselves. */
#define HA_EXPIRY_GRACE_USEC (2 * MIP_USEC_PER_SEC)
/* Longest wait for the outcome of DAD, and for the kernel's answer to BC_SET. */
#define HA_DAD_TIMEOUT_USEC (10 * MIP_USEC_PER_SEC)
#define HA_SET_TIMEOUT_USEC (5 * MIP_USEC_PER_SEC)
/* Room in the queue that handling one due entry needs. */
#define HA_ACTIONS_PER_ENTRY 6

/*
 * One Binding Update, taken apart: what is needed to carry it out and to
 * answer it. It lives on the stack until DAD or the kernel has to be waited
 * for; then a copy hangs on its cache entry.
 */
struct mip_ha_reg {
	struct in6_addr hoa;
	struct in6_addr coa; /* Alternate Care-of Address option, else src */
	struct in6_addr src; /* on the wire; where the answer goes */
	struct in6_addr local; /* our address that it was sent to */
	uint32_t ifindex; /* came in there */
	uint16_t seq;
	uint16_t flags;
	uint16_t lifetime_wire; /* asked for */
	bool dereg;
	bool is_protected; /* spi and nai say by which key */
	bool has_timestamp;
	uint64_t timestamp;
	uint32_t spi;
	uint8_t nai_len;
	char nai[MIP_NAI_MAX];

	/* While it waits. Not probing and not setting: it is through. */
	struct mip_bcache_entry *entry;
	bool probing; /* DAD runs */
	bool setting; /* the kernel has not answered BC_SET */
	uint64_t probe_timeout_usec;
	uint64_t set_timeout_usec;
	uint32_t home_ifindex;
	uint32_t slot; /* in mip_ha.slots */
	uint64_t id; /* of the last BC_SET; 0: none went out yet */
	uint64_t set_usec; /* when it went out: the lifetime counts from there */
	uint16_t granted_wire;
	uint8_t status; /* 0 or 1 */
};

struct ha_link_times {
	uint64_t valid_usec; /* monotonic; MIP_USEC_INFINITY: for ever */
	uint64_t preferred_usec;
	uint64_t latest_usec; /* no binding under this prefix ends later */
};

/* So many a second, and no more than so many at once. */
struct ha_bucket {
	uint32_t per_sec;
	uint32_t burst;
	uint64_t credit_usec;
	uint64_t last_usec;
};

/* reg is NULL when the slot is free; gen tells late answers from those that are waited for. */
struct ha_slot {
	struct mip_ha_reg *reg;
	uint32_t gen;
	uint32_t next_free;
};

struct mip_ha {
	struct mip_ha_config config;
	struct ha_link_times times[MIP_HOME_LINKS_MAX];
	const struct mip_keys *keys;
	struct mip_bcache *bc;
	struct mip_queue queue;
	struct mip_counters counters;
	uint64_t start_ntp;
	uint32_t n_bound;
	uint32_t n_held;
	uint32_t n_regs;
	uint32_t n_dad;
	struct ha_slot *slots;
	uint32_t n_slots;
	uint32_t free_slot; /* n_slots: none */
	struct ha_bucket be_bucket; /* GEN-BE-03 */
	struct ha_bucket fail_bucket; /* answers to what failed authentication */
};

/* ha.c */
void ha_log(struct mip_ha *ha, enum mip_log_event event, enum mip_log_level level,
	    const struct mip_act_log *fields);
void ha_drop(struct mip_ha *ha, enum mip_drop_reason reason, const struct mip_ev_mh *ev,
	     const struct in6_addr *hoa);
bool ha_bucket_take(struct ha_bucket *b, uint64_t now_usec);
/* Index in config.links, by the longest prefix; -1: none, or not valid any more. */
int ha_find_link(const struct mip_ha *ha, const struct in6_addr *hoa, const struct mip_time *now);
bool ha_is_own_addr(const struct mip_ha *ha, const struct in6_addr *addr);
bool ha_is_bound(const struct mip_bcache_entry *e, const struct mip_time *now);
void ha_set_state(struct mip_ha *ha, struct mip_bcache_entry *e, enum mip_bce_state state);
/* Sets the deadline anew; forgets the entry when nothing is left in it. */
void ha_reschedule(struct mip_ha *ha, struct mip_bcache_entry *e);
uint64_t ha_tolerance(const struct mip_ha *ha);

/* ha_bu.c */
void ha_bu(struct mip_ha *ha, const struct mip_ev_mh *ev, const struct mip_msg *msg,
	   const struct mip_mh_info *info, const struct mip_time *now);

/* ha_reg.c */
void ha_register(struct mip_ha *ha, const struct mip_ha_reg *reg, struct mip_bcache_entry *e,
		 const struct mip_time *now);
void ha_deregister(struct mip_ha *ha, const struct mip_ha_reg *reg, struct mip_bcache_entry *e,
		   const struct mip_time *now);
void ha_refuse(struct mip_ha *ha, const struct mip_ha_reg *reg, uint8_t status,
	       enum mip_drop_reason reason, uint16_t ba_seq, const struct mip_time *now);
void ha_dad_result(struct mip_ha *ha, const struct mip_ev_dad_result *ev,
		   const struct mip_time *now);
void ha_bc_result(struct mip_ha *ha, const struct mip_ev_result *ev, const struct mip_time *now);
/* The registration that the entry waits for is given up and answered with status. */
void ha_give_up(struct mip_ha *ha, struct mip_bcache_entry *e, uint8_t status,
		enum mip_drop_reason reason, const struct mip_time *now);
/* The binding ended; what must be remembered of it is. The kernel's entry is not touched. */
void ha_end_binding(struct mip_ha *ha, struct mip_bcache_entry *e, uint64_t hold_usec,
		    const struct mip_time *now);
void ha_advertise(struct mip_ha *ha, struct mip_bcache_entry *e, const struct mip_time *now);

#endif /* MIP_ROLE_HA_PRIV_H */
