/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of movement detection share: md.c (what is known), and
 * md_decide.c (what follows from it).
 */
#ifndef MIP_MD_INTERNAL_H
#define MIP_MD_INTERNAL_H

#include <string.h>

#include <mip/md.h>

#define MD_QUEUE_SIZE 128

/* RFC 4861 section 10 */
#define MD_MAX_RTR_SOLICITATIONS	  3
#define MD_RTR_SOLICITATION_INTERVAL_USEC (4 * MIP_USEC_PER_SEC)

/*
 * Unconfirmed addresses are left alone for this long after the first
 * advertisement on a link: other routers may speak yet, and for 3 s the kernel
 * tries to resolve the router that is gone; the errors about what waited for
 * it must find the address still local, or they travel as packets.
 */
#define MD_STALE_GRACE_USEC (5 * MIP_USEC_PER_SEC)

/* What was there when we started is looked at with suspicion for this long. */
#define MD_START_WAIT_USEC MIP_USEC_PER_SEC

/* A prefix is silent after so many of its longest intervals, between these bounds. */
#define MD_SILENCE_INTERVALS 3
#define MD_SILENCE_MIN_USEC  (100 * MIP_USEC_PER_MSEC)
#define MD_SILENCE_SAMPLES   3 /* intervals that must have been seen */

struct md_addr {
	struct in6_addr addr;
	uint8_t plen;
	uint32_t flags;
	uint64_t valid_until;
	uint64_t preferred_until;
	bool confirmed; /* belongs to the link that we are on now */
	bool provisional; /* confirmed only by having been there when we started */
	uint64_t confirmed_usec; /* last time that something said so */
	bool deleted; /* we have asked for its removal */
	bool marked; /* seen in the dump that runs */
};

struct md_route {
	struct in6_addr gateway;
	uint32_t metric;
	bool permanent;
	bool confirmed;
	bool reachable;
	uint64_t added_usec;
	bool deleted;
	bool marked;
};

/* Heard on the link since it has its carrier. */
struct md_prefix {
	struct mip_prefix prefix;
	bool on_link;
	uint64_t valid_until;
	uint64_t first_usec;
	uint64_t last_usec;
	uint64_t max_interval_usec;
	unsigned int n_interval;
};

struct md_link {
	uint32_t ifindex;
	char name[MIP_MD_NAME_MAX];
	bool known; /* a LINK event has told of it */
	bool managed, up, carrier;
	uint32_t carrier_downs;
	uint32_t preference;
	bool marked;
	bool heard; /* an advertisement since the carrier came ... */
	uint64_t heard_usec; /* ... and when */
	bool route_since_carrier; /* a new default router since then */
	unsigned int n_solicit; /* left to send */
	uint64_t t_solicit;
	unsigned int n_addr, n_route, n_prefix;
	struct md_addr addr[MIP_MD_ADDR_MAX];
	struct md_route route[MIP_MD_ROUTE_MAX];
	struct md_prefix prefix[MIP_MD_PREFIX_MAX];
};

/* A home address, or with known = false all of them: what its mobile node was told. */
struct md_home {
	bool known;
	struct in6_addr hoa;
	uint8_t plen;
	enum mip_md_cmd cmd; /* 0: nothing told yet */
	uint32_t ifindex;
	struct in6_addr coa;
	bool lost; /* what was told holds no more, and there is nothing else to tell */
	bool repeat; /* tell again */
	uint32_t better_ifindex; /* 0: none */
	uint64_t better_since;
};

struct mip_md {
	struct mip_md_config config;
	bool dumping;
	bool started; /* a dump has been completed ... */
	uint64_t t_start; /* ... and until then it is not all believed; MIP_USEC_INFINITY: settled */
	unsigned int n_link;
	struct md_link *link[MIP_MD_LINK_MAX];
	unsigned int n_home;
	struct md_home home[MIP_HOA_PER_MN_MAX];
	struct md_home anyone; /* used while n_home is 0 */
	uint64_t t_decide; /* end of a hysteresis */
	struct mip_md_action queue[MD_QUEUE_SIZE];
	unsigned int head, count;
};

static inline bool md_link_on(const struct md_link *link)
{
	return link->known && link->managed && link->up && link->carrier;
}

static inline bool md_same_addr(const struct in6_addr *a, const struct in6_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static inline uint64_t md_until(uint64_t now, uint64_t lifetime)
{
	return lifetime > MIP_USEC_INFINITY - now ? MIP_USEC_INFINITY : now + lifetime;
}

/* md.c */
/* The link, made where there is none. -EINVAL, -ENOSPC, -ENOMEM. */
int md_get_link(struct mip_md *md, uint32_t ifindex, struct md_link **ret);
void md_target(struct mip_md *md, enum mip_md_action_type type, const struct md_link *link,
	       const struct in6_addr *addr, uint8_t plen, uint32_t metric);
struct mip_md_action *md_act(struct mip_md *md, enum mip_md_action_type type);
void md_log(struct mip_md *md, enum mip_md_log_event event, const struct md_link *link,
	    const struct in6_addr *addr, const struct in6_addr *hoa);
struct md_link *md_find_link(const struct mip_md *md, uint32_t ifindex);

/* md_learn.c */
int md_input_addr(struct mip_md *md, const struct mip_md_ev_addr *ev, uint64_t now);
int md_input_route(struct mip_md *md, const struct mip_md_ev_route *ev, uint64_t now);
int md_input_prefix(struct mip_md *md, const struct mip_md_ev_prefix *ev, uint64_t now);
void md_input_router(struct mip_md *md, const struct mip_md_ev_router *ev);
/* Nothing learnt before since counts as belonging to the link that we are on. */
void md_doubt(struct md_link *link, uint64_t since);
/* Has the routes removed that are not confirmed. */
void md_remove_stale_routes(struct mip_md *md, struct md_link *link);
/* When the prefix counts as silent; MIP_USEC_INFINITY: nothing suggests so. */
uint64_t md_silence(const struct md_link *link, const struct md_prefix *p);
void md_check_silence(struct mip_md *md, struct md_link *link, uint64_t now);

/* md_decide.c */
void md_decide(struct mip_md *md, uint64_t now);
/* May the address be used as a care-of address? */
bool md_addr_usable(const struct mip_md *md, const struct md_addr *a, uint64_t now);
bool md_addr_deprecated(const struct md_addr *a, uint64_t now);
bool md_link_is_home(const struct mip_md *md, const struct md_link *link,
		     const struct md_home *home, uint64_t now);
const struct md_route *md_link_router(const struct md_link *link);
/* The address of the link that would be registered for home; NULL: none. */
const struct md_addr *md_link_coa(const struct mip_md *md, const struct md_link *link,
				  const struct md_home *home, uint64_t now);

#endif /* MIP_MD_INTERNAL_H */
