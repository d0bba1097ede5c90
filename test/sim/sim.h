/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A world of one home agent and a few mobile nodes on virtual time.
 *
 * The cores are the real ones; around them everything is made up: links that
 * lose, delay, double and reorder, a kernel on either side that holds
 * bindings with lifetimes, detectors, wall clocks that step, processes that
 * die, and an attacker who sees everything but has no key. Nothing happens but
 * by an event at a time, and all chance comes from one seed, so that a run can
 * be had again.
 *
 *   sim.c      time, chance, trace
 *   net.c      packets on their way
 *   ha_node.c  home agent: role, kernel, process
 *   mn_node.c  mobile node: role, kernel, detector, process
 *   attacker.c
 *   plan.c     what happens in a run, and when it stops
 *   check.c    what must hold whatever happens; knows nothing of the roles' insides
 *   main.c     many runs, self-test
 */
#ifndef MIP_TEST_SIM_H
#define MIP_TEST_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <mip/auth.h>
#include <mip/ha.h>
#include <mip/mn.h>

#define SEC  MIP_USEC_PER_SEC
#define MSEC MIP_USEC_PER_MSEC

#define SIM_MN_MAX	  3
#define SIM_BC_MAX	  16
#define SIM_LEDGER_MAX	  8192
#define SIM_CAPTURE_MAX	  64
#define SIM_FOREIGN_LINKS 3

#define SIM_HOME_IFINDEX 3 /* on the home agent */
#define SIM_MN_IFINDEX	 7

/* Faults put in on purpose: a checker must notice each of them. */
#define SIM_FAULTS(X)                                                                 \
	X(NONE, "none", "")                                                           \
	X(LEAKED_KEY, "leaked-key", "the attacker has the key")                       \
	X(NO_ADOPTION, "no-adoption", "a restarted home agent does not adopt")        \
	X(NO_EXPIRY, "no-expiry", "neither kernel nor role end bindings")             \
	X(MUTE_HA, "mute-ha", "answers of the home agent never arrive")               \
	X(LONG_GRANT, "long-grant", "the home agent's kernel is told twice the time") \
	X(DOUBLE_ENTRY, "double-entry", "the kernel adds instead of replacing")       \
	X(NO_PLACE, "no-place", "the home address is not placed")                     \
	X(EARLY_BA, "early-ba", "the binding is installed after the answer")          \
	X(LEAKED_KEY_BA, "leaked-key-ba", "the attacker signs acknowledgements")      \
	X(OLD_SEQ, "old-seq", "the kernel hands an old sequence number to who adopts")

enum sim_fault {
#define X(id, name, help) SIM_FAULT_##id,
	SIM_FAULTS(X)
#undef X
		SIM_FAULT_COUNT
};

struct sim;
struct sim_event;
typedef void sim_fn(struct sim *sim, struct sim_event *ev);

struct sim_packet {
	struct in6_addr src;
	struct in6_addr dst;
	bool has_hao;
	struct in6_addr hao;
	bool has_rh2;
	struct in6_addr rh2;
	uint32_t ifindex; /* what the sender forced */
	size_t len;
	uint8_t data[MIP_MSG_MAX];
};

struct sim_event {
	uint64_t usec;
	uint64_t order; /* of those at the same time, the one that was put in first */
	sim_fn *fn;
	struct sim_packet *packet; /* owned */
	struct mip_bce *bce; /* owned */
	struct in6_addr addr;
	uint64_t id;
	uint32_t gen; /* compared by fn with what it belongs to */
	unsigned int node;
	int value;
};

/* Entry of the home agent's kernel. */
struct sim_bc {
	bool used;
	uint32_t gen;
	uint64_t expires_usec;
	struct mip_bce bce;
};

struct sim_ha {
	bool up;
	uint32_t gen; /* of the process */
	struct mip_ha *role;
	struct mip_keys *keys;
	struct sim_bc bc[SIM_BC_MAX];
	uint32_t bc_gen;
	uint64_t timer_usec; /* an event stands for it */
	uint64_t kernel_usec; /* busy with what it was asked for until then */
	unsigned int kernel_sets; /* asked for and not done */
	unsigned int kernel_gone; /* ended and not told */
	int64_t wall_usec; /* wall clock less true time */
	uint32_t dad_gen[SIM_MN_MAX];
	bool dad_runs[SIM_MN_MAX]; /* for this mobile node's address */
};

enum sim_link { SIM_LINK_NONE, SIM_LINK_HOME, SIM_LINK_FOREIGN };

struct sim_mn {
	unsigned int i;
	bool up;
	uint32_t gen;
	struct mip_mn *role;
	struct in6_addr hoa;
	char nai[32];
	uint32_t spi;
	uint8_t key[16];
	uint64_t lifetime_usec;
	enum sim_link link;
	unsigned int foreign; /* which one */
	uint32_t link_gen;
	uint64_t moved_usec;
	bool has_bule;
	struct mip_bule bule;
	uint64_t bule_expires_usec;
	uint32_t bule_gen;
	enum mip_hoa_place place;
	uint32_t place_gen;
	uint64_t timer_usec;
	int64_t wall_usec;
};

/* How rough this run is. Chances in parts of 1000. */
struct sim_plan {
	unsigned int n_mn;
	uint64_t rough_usec; /* disturbances end here */
	unsigned int loss, copy;
	uint64_t delay_usec, jitter_usec;
	bool home_is_virtual;
	enum mip_ha_dad dad;
	bool sequence_replay; /* protection by sequence numbers alone */
	bool attacker;
	bool clocks; /* they step */
	bool restarts;
	bool errors; /* the home agent's kernel refuses now and then */
	unsigned int na_repeats;
	uint64_t max_lifetime_usec;
	uint64_t refresh_advice_usec;
};

struct sim_checks;

struct sim {
	uint64_t seed;
	uint64_t rng[4];
	uint64_t now_usec;
	FILE *trace; /* NULL: none */
	enum sim_fault fault;
	struct sim_plan plan;

	struct sim_event **heap;
	size_t n_heap, size_heap;
	uint64_t order;
	uint64_t n_events;
	uint64_t settle_usec; /* after a run: time to settle */
	uint64_t logged[_MIP_LOG_EVENT_MAX]; /* what was seen, for the coverage */
	uint64_t status[256];
	uint64_t excused;

	struct sim_ha ha;
	struct sim_mn mn[SIM_MN_MAX];

	struct sim_packet *captured[SIM_CAPTURE_MAX];
	unsigned int n_captured;

	struct sim_checks *checks;
	char failure[512]; /* "": none yet */
};

/* ---- sim.c ---- */
uint64_t sim_random(struct sim *sim, uint64_t below);
bool sim_chance(struct sim *sim, unsigned int in_thousand);
uint64_t sim_between(struct sim *sim, uint64_t low, uint64_t high);
void sim_random_octets(struct sim *sim, void *buf, size_t len);
struct mip_time sim_time(const struct sim *sim, int64_t wall_usec);
/* A new event after so much time; the caller fills it. */
struct sim_event *sim_after(struct sim *sim, uint64_t usec, sim_fn *fn);
/* Runs what is next. False: nothing is, or something failed. */
bool sim_step(struct sim *sim);
void sim_say(struct sim *sim, const char *who, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The first one counts. */
void sim_fail(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_log(struct sim *sim, const char *who, const struct mip_act_log *log);
void sim_done(struct sim *sim);
bool sim_same(const struct in6_addr *a, const struct in6_addr *b);
const char *sim_addr(const struct in6_addr *a); /* one of a few static buffers */

/* ---- net.c ---- */
struct in6_addr sim_ha_addr(void);
struct in6_addr sim_hoa(unsigned int mn);
struct in6_addr sim_coa(unsigned int mn, unsigned int foreign);
struct mip_prefix sim_home_prefix(void);
/* Puts a packet on its way; a copy is taken. */
void sim_send(struct sim *sim, const char *who, const struct sim_packet *packet);
/* Straight to its destination, at this moment. */
void sim_deliver(struct sim *sim, const struct sim_packet *packet);
void sim_packet_of(const struct mip_act_send_mh *send, struct sim_packet *ret);
/* The event of its arrival; the octets stay the packet's. */
struct mip_event sim_received(const struct sim_packet *packet);

/* ---- ha_node.c ---- */
void sim_ha_start(struct sim *sim);
void sim_ha_kill(struct sim *sim);
void sim_ha_mh(struct sim *sim, const struct sim_packet *packet);
const struct sim_bc *sim_ha_find(const struct sim *sim, const struct in6_addr *hoa);
void sim_ha_done(struct sim *sim);

/* ---- mn_node.c ---- */
void sim_mn_start(struct sim *sim, struct sim_mn *mn);
/* With reboot the kernel forgets as well. */
void sim_mn_kill(struct sim *sim, struct sim_mn *mn, bool reboot);
void sim_mn_move(struct sim *sim, struct sim_mn *mn, enum sim_link link, unsigned int foreign);
void sim_mn_mh(struct sim *sim, struct sim_mn *mn, const struct sim_packet *packet, bool tunnelled);
bool sim_mn_has_addr(const struct sim *sim, const struct sim_mn *mn, const struct in6_addr *addr);
void sim_mn_status(const struct sim *sim, const struct sim_mn *mn, struct mip_mn_status *ret);
void sim_mn_done(struct sim *sim, struct sim_mn *mn);

/* ---- attacker.c ---- */
void sim_attacker_sees(struct sim *sim, const struct sim_packet *packet);
void sim_attacker_start(struct sim *sim);

/* ---- plan.c ---- */
/* One run from seed to end. True: all held; else sim->failure says what did not. */
bool sim_run(struct sim *sim);

/* ---- check.c ---- */
void check_new(struct sim *sim);
void check_free(struct sim *sim);
/* Genuine messages, as they leave a role. */
void check_bu_sent(struct sim *sim, const struct sim_mn *mn, const struct mip_act_send_mh *send);
void check_ba_sent(struct sim *sim, const struct mip_act_send_mh *send);
/* What the home agent asks its kernel for. */
/* err: what the kernel will say */
void check_bc_set(struct sim *sim, const struct mip_act_bc *act, int err);
/* Duplicate address detection said no: what was installed in the meantime is remembered a while. */
void check_duplicate(struct sim *sim, const struct in6_addr *hoa);
void check_ha_restarted(struct sim *sim);
void check_clock_stepped(struct sim *sim);
void check_bul_set(struct sim *sim, const struct sim_mn *mn, const struct mip_bule *bule);
/* After every event. */
void check_world(struct sim *sim);
/* Is all as it should be when nobody disturbs? why is set when not. */
bool check_settled(struct sim *sim, const char **why);

#endif /* MIP_TEST_SIM_H */
