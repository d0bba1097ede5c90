/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links, addresses, routes and rules over rtnetlink: what the daemons set, and
 * a monitor of what the kernel tells.
 *
 * All that we add to routing carries the protocol number RTNL_PROTOCOL, so
 * that `ip -6 route show table all proto 117` shows it, and what an admin has
 * set is never touched. Every "set" may be repeated.
 *
 * Requests with a done function are queued, and sent by rtnl_sync(); the
 * others are queued too and answered there. Functions return 0 or a positive
 * number, or -errno.
 */
#ifndef MIP_IO_RTNL_H
#define MIP_IO_RTNL_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <mip/binding.h>
#include <mip/md.h>

#define RTNL_PROTOCOL 117 /* rtm_protocol, FRA_PROTOCOL; not in use by anybody known */
/* Next hop of every route into a `mip` device: one neighbour entry in place of one per home address. */
#define RTNL_MIP_GATEWAY "fe80::1"

struct rtnl;
typedef void (*rtnl_done_fn)(void *userdata, uint64_t id, int err, const char *text);

int rtnl_open(struct rtnl **ret);
struct rtnl *rtnl_close(struct rtnl *rt); /* takes NULL, returns NULL */
const char *rtnl_error(const struct rtnl *rt);
int rtnl_sync(struct rtnl *rt);

/*
 * The `mip` device of that name and binding identifier, made if it is missing,
 * and up. *ret_ifindex is its interface index. -EEXIST: an interface of that
 * name is of another kind; -EOPNOTSUPP: the kernel knows no such kind, the
 * module is absent.
 */
int rtnl_mip_device(struct rtnl *rt, const char *name, uint16_t bid, uint32_t *ret_ifindex);

/*
 * flags are IFA_F_*. An address that stands there is changed to be so.
 * rtnl_addr_del(): -EADDRNOTAVAIL when it is not there.
 */
int rtnl_addr_set(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr, uint8_t plen,
		  uint32_t flags, rtnl_done_fn done, void *userdata, uint64_t id);
int rtnl_addr_del(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr, uint8_t plen,
		  rtnl_done_fn done, void *userdata, uint64_t id);

struct rtnl_addr {
	uint32_t ifindex;
	struct in6_addr addr;
	uint8_t plen;
	uint32_t flags; /* IFA_F_* */
};

/* Calls fn for every IPv6 address of the namespace. Synchronous; fn makes no requests. */
int rtnl_addr_dump(struct rtnl *rt, int (*fn)(const struct rtnl_addr *addr, void *userdata),
		   void *userdata);

/*
 * A route into a `mip` device via RTNL_MIP_GATEWAY. table 0: main. An expiry
 * (whole seconds, 0: none) makes the kernel take the route away when nobody
 * prolongs it. rtnl_mip_route_del(): -ESRCH when it is not there.
 */
int rtnl_mip_route_set(struct rtnl *rt, const struct mip_prefix *dst, uint32_t ifindex,
		       uint32_t table, uint32_t expires_sec, rtnl_done_fn done, void *userdata,
		       uint64_t id);
int rtnl_mip_route_del(struct rtnl *rt, const struct mip_prefix *dst, uint32_t ifindex,
		       uint32_t table, rtnl_done_fn done, void *userdata, uint64_t id);

/* A default route of a link, whoever made it. -ESRCH when it is not there. */
int rtnl_default_route_del(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *gateway,
			   uint32_t metric);
/* The on-link route that the kernel made from an advertised prefix. -ESRCH when it is not there. */
int rtnl_onlink_route_del(struct rtnl *rt, uint32_t ifindex, const struct mip_prefix *prefix);

/*
 * On-link routes of a link that the kernel made from advertisements: those
 * that expire, and whatever it made for home (NULL: none). To be used when the
 * node has left that link; the next advertisement brings back what is right.
 * Returns how many it took away, or -errno.
 */
int rtnl_onlink_routes_flush(struct rtnl *rt, uint32_t ifindex, const struct mip_prefix *home);

/*
 * "from SRC lookup TABLE" that also makes a socket without source address
 * choose SRC when the table has a route (FIB_RULE_FIND_SADDR).
 * rtnl_source_rule_del(): -ENOENT when it is not there.
 */
int rtnl_source_rule_set(struct rtnl *rt, const struct in6_addr *src, uint32_t table,
			 uint32_t priority, rtnl_done_fn done, void *userdata, uint64_t id);
int rtnl_source_rule_del(struct rtnl *rt, const struct in6_addr *src, uint32_t table,
			 uint32_t priority, rtnl_done_fn done, void *userdata, uint64_t id);

/*
 * Begins to resolve a neighbour's link-layer address, from our link-local
 * address. A packet that is sent next waits for the answer, and its own source
 * does not appear in a solicitation. An entry that stands is used as it is.
 */
int rtnl_neigh_use(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr);

/* Neighbour unreachability detection begins now. -ENOENT: no such entry. */
int rtnl_neigh_probe(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr);

/* The entry goes, and with it the packets that wait for its resolution. -ENOENT: no such entry. */
int rtnl_neigh_del(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr);

/* ---- Monitor ---- */

#define RTNL_WATCH_LINK	  0x01U
#define RTNL_WATCH_ADDR	  0x02U
#define RTNL_WATCH_ROUTE  0x04U /* default routes of the main table */
#define RTNL_WATCH_PREFIX 0x08U
#define RTNL_WATCH_NEIGH  0x10U

/*
 * event: one of movement detection's events (mip/md.h), of types LINK, ADDR,
 * ROUTE, PREFIX, ROUTER. For LINK, managed is true where the link is an
 * ordinary one (no loopback, no tunnel), and preference is 0.
 * overrun: events were lost; dump again.
 */
struct rtnl_monitor_ops {
	void (*event)(const struct mip_md_event *ev, void *userdata);
	void (*overrun)(void *userdata);
};

struct rtnl_monitor;
int rtnl_monitor_open(struct rtnl_monitor **ret, unsigned int watch,
		      const struct rtnl_monitor_ops *ops, void *userdata);
struct rtnl_monitor *rtnl_monitor_close(struct rtnl_monitor *mon);
int rtnl_monitor_fd(const struct rtnl_monitor *mon);
/* Hands out what came in, without waiting. Returns how many. */
int rtnl_monitor_dispatch(struct rtnl_monitor *mon);
/* Hands out all that is there (links, addresses, routes, neighbours as watched). */
int rtnl_monitor_dump(struct rtnl_monitor *mon);

#endif /* MIP_IO_RTNL_H */
