/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Movement detection (RFC 6275 section 11.5), sans-IO: from links, addresses,
 * default routes and prefixes, as the kernel tells of them, to the four
 * commands of a movement detector. This is babymdd's way; another program may
 * have its own and speak MIPM_MD_INFO all the same.
 *
 * How to drive it: mip_md_new(), a MIP_MD_EV_DUMP_BEGIN, everything that is
 * there, MIP_MD_EV_DUMP_END, then changes as they come. While a dump runs
 * nothing is decided; what it does not mention is forgotten at its end. The
 * same two brackets stand around a second dump after a netlink overrun. After
 * each call take the actions out until there are none, and set one timer to
 * mip_md_next_deadline(). now_usec is a monotonic clock in microseconds.
 *
 * Addresses are in network byte order, numbers in host byte order, lifetimes
 * in microseconds from now on, MIP_USEC_INFINITY for ever.
 */
#ifndef MIP_MD_H
#define MIP_MD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mip/event.h>
#include <mip/limits.h>
#include <mip/time.h>

#define MIP_MD_LINK_MAX	  64
#define MIP_MD_ADDR_MAX	  32 /* of one link */
#define MIP_MD_ROUTE_MAX  16 /* default routes of one link */
#define MIP_MD_PREFIX_MAX 32 /* of one link */
#define MIP_MD_NAME_MAX	  16 /* IFNAMSIZ */

struct mip_md_config {
	/* A better interface must have been better for this long while the one in use works. */
	uint64_t hysteresis_usec;
};

enum mip_md_event_type {
	MIP_MD_EV_DUMP_BEGIN,
	MIP_MD_EV_DUMP_END,
	MIP_MD_EV_LINK,
	MIP_MD_EV_ADDR,
	MIP_MD_EV_ROUTE, /* default route */
	MIP_MD_EV_PREFIX, /* prefix in a Router Advertisement: RTM_NEWPREFIX */
	MIP_MD_EV_ROUTER, /* what neighbour unreachability detection knows of a router */
	MIP_MD_EV_HOME, /* a home address to watch for: from the binding update list, or a SCAN */
	MIP_MD_EV_SCAN, /* say again where we are */
};

/* RTM_NEWLINK, RTM_DELLINK. Links that are not managed may be left out. */
struct mip_md_ev_link {
	uint32_t ifindex;
	bool gone;
	bool managed; /* false: not to be used (ignored, loopback, tunnels) */
	bool up; /* IFF_UP */
	bool carrier; /* IFF_LOWER_UP */
	uint32_t carrier_downs; /* IFLA_CARRIER_DOWN_COUNT: a loss too short to be seen; 0: not known */
	uint32_t preference; /* the higher one is used */
	char name[MIP_MD_NAME_MAX];
};

#define MIP_MD_ADDR_TENTATIVE	0x01u
#define MIP_MD_ADDR_OPTIMISTIC	0x02u
#define MIP_MD_ADDR_DADFAILED	0x04u
#define MIP_MD_ADDR_DEPRECATED	0x08u
#define MIP_MD_ADDR_HOMEADDRESS 0x10u
#define MIP_MD_ADDR_TEMPORARY	0x20u
#define MIP_MD_ADDR_PERMANENT	0x40u /* set by hand: confirmed by nobody, and stale never */

/* RTM_NEWADDR, RTM_DELADDR (IPv6). */
struct mip_md_ev_addr {
	uint32_t ifindex;
	bool gone;
	struct in6_addr addr;
	uint8_t plen;
	uint32_t flags; /* MIP_MD_ADDR_... */
	uint64_t valid_usec;
	uint64_t preferred_usec;
};

/* RTM_NEWROUTE, RTM_DELROUTE of ::/0 in the main table. */
struct mip_md_ev_route {
	uint32_t ifindex;
	bool gone;
	struct in6_addr gateway; /* ::: none, a point-to-point link */
	uint32_t metric;
	bool permanent; /* not from a Router Advertisement: never stale */
};

/* RTM_NEWPREFIX. valid_usec 0: the router withdraws it. */
struct mip_md_ev_prefix {
	uint32_t ifindex;
	struct mip_prefix prefix;
	bool on_link;
	bool autoconf;
	uint64_t valid_usec;
	uint64_t preferred_usec;
};

/*
 * RTM_NEWNEIGH of a default router. Other neighbours may be left out; they are
 * ignored. So may NUD_INCOMPLETE and NUD_NONE, which say nothing yet: a router
 * whose advertisements carry no link-layer address begins so.
 */
struct mip_md_ev_router {
	uint32_t ifindex;
	struct in6_addr gateway;
	bool reachable; /* NUD_REACHABLE, _STALE, _DELAY, _PROBE, _PERMANENT; false: NUD_FAILED */
};

struct mip_md_ev_home {
	struct in6_addr hoa;
	uint8_t plen; /* of the home prefix */
	bool gone;
};

struct mip_md_event {
	enum mip_md_event_type type;
	union {
		struct mip_md_ev_link link;
		struct mip_md_ev_addr addr;
		struct mip_md_ev_route route;
		struct mip_md_ev_prefix prefix;
		struct mip_md_ev_router router;
		struct mip_md_ev_home home;
	};
};

enum mip_md_action_type {
	MIP_MD_ACT_INFO, /* tell the mobile node: MIPM_MD_INFO */
	MIP_MD_ACT_SOLICIT, /* send a Router Solicitation on the link, at once */
	MIP_MD_ACT_PROBE, /* probe the router: neighbour entry to NUD_PROBE */
	MIP_MD_ACT_ADDR_DEL, /* address of a link that we are not on any more */
	MIP_MD_ACT_ROUTE_DEL, /* default route of a link that we are not on any more */
	MIP_MD_ACT_LOG,
};

/* plen is for MIPA_HOA_PLEN; 0 without home address. */
struct mip_md_act_info {
	struct mip_ev_md md;
	uint8_t hoa_plen;
};

/* Stable words: X(identifier, word) */
#define MIP_MD_LOGS(X)                       \
	X(CARRIER_UP, "MD_CARRIER_UP")       \
	X(CARRIER_LOST, "MD_CARRIER_LOST")   \
	X(ROUTER_FOUND, "MD_ROUTER_FOUND")   \
	X(ROUTER_LOST, "MD_ROUTER_LOST")     \
	X(HOME_LINK, "MD_HOME_LINK")         \
	X(COA_CHOSEN, "MD_COA_CHOSEN")       \
	X(COA_LOST, "MD_COA_LOST")           \
	X(BETTER_LINK, "MD_BETTER_LINK")     \
	X(STALE_ADDRESS, "MD_STALE_ADDRESS") \
	X(STALE_ROUTE, "MD_STALE_ROUTE")     \
	X(LIMIT, "MD_LIMIT")

enum mip_md_log_event {
#define X(id, word) MIP_MD_LOG_##id,
	MIP_MD_LOGS(X)
#undef X
		_MIP_MD_LOG_MAX
};

/* addr: care-of address, router or stale address by event; :: where none applies. */
struct mip_md_act_log {
	enum mip_md_log_event event;
	uint32_t ifindex;
	char name[MIP_MD_NAME_MAX];
	struct in6_addr addr;
	struct in6_addr hoa;
};

struct mip_md_act_target {
	uint32_t ifindex;
	struct in6_addr addr; /* address, or gateway; :: for MIP_MD_ACT_SOLICIT */
	uint8_t plen; /* MIP_MD_ACT_ADDR_DEL */
	uint32_t metric; /* MIP_MD_ACT_ROUTE_DEL */
};

struct mip_md_action {
	enum mip_md_action_type type;
	union {
		struct mip_md_act_info info;
		struct mip_md_act_target target; /* SOLICIT, PROBE, ADDR_DEL, ROUTE_DEL */
		struct mip_md_act_log log;
	};
};

struct mip_md;

/* NULL: out of memory. config is copied. */
struct mip_md *mip_md_new(const struct mip_md_config *config);

/* Takes NULL; returns NULL. */
struct mip_md *mip_md_free(struct mip_md *md);

/*
 * One event. Returns 0; -EINVAL: it cannot exist (prefix length, unknown type,
 * interface 0); -ENOSPC: a limit is reached, the event is counted and left
 * out; -ENOMEM. An address, route or prefix of an interface that no LINK event
 * has told of is kept until one does.
 */
int mip_md_input(struct mip_md *md, const struct mip_md_event *event, uint64_t now_usec);
void mip_md_expire(struct mip_md *md, uint64_t now_usec);
uint64_t mip_md_next_deadline(const struct mip_md *md);
bool mip_md_next_action(struct mip_md *md, struct mip_md_action *ret);

const char *mip_md_log_name(enum mip_md_log_event event);

/* A line as "MD_COA_CHOSEN dev=eth0 coa=2001:db8:2::5"; as mip_log_format(). */
int mip_md_log_format(const struct mip_md_act_log *log, char *buf, size_t size);

/* ---- Status, for people ---- */

/* Why an interface is used, or not. */
enum mip_md_why {
	MIP_MD_WHY_USED,
	MIP_MD_WHY_HOME, /* used: the home link */
	MIP_MD_WHY_IGNORED,
	MIP_MD_WHY_DOWN,
	MIP_MD_WHY_NO_CARRIER,
	MIP_MD_WHY_NO_ADVERTISEMENT, /* nothing heard since the carrier came */
	MIP_MD_WHY_NO_ROUTER,
	MIP_MD_WHY_NO_ADDRESS,
	MIP_MD_WHY_WAITING, /* better, but not for long enough yet */
	MIP_MD_WHY_LESS_PREFERRED,
};

/* A sentence fragment: "no carrier", "less preferred than the one in use" ... */
const char *mip_md_why_text(enum mip_md_why why);

struct mip_md_link_status {
	uint32_t ifindex;
	char name[MIP_MD_NAME_MAX];
	bool managed, up, carrier, home;
	uint32_t preference;
	enum mip_md_why why;
	bool has_coa;
	struct in6_addr coa; /* the address that it offers */
	bool has_router;
	struct in6_addr router;
};

void mip_md_foreach_link(const struct mip_md *md, uint64_t now_usec,
			 void (*fn)(void *userdata, const struct mip_md_link_status *status),
			 void *userdata);

/* Addresses of one link with their state: "usable", "tentative", "deprecated", "stale", "duplicate", "home-address". */
void mip_md_foreach_addr(const struct mip_md *md, uint32_t ifindex, uint64_t now_usec,
			 void (*fn)(void *userdata, const struct in6_addr *addr, const char *state),
			 void *userdata);

/* What was told last, for one home address after the other; cmd 0: nothing yet. */
void mip_md_foreach_told(const struct mip_md *md,
			 void (*fn)(void *userdata, const struct mip_ev_md *told), void *userdata);

#endif /* MIP_MD_H */
