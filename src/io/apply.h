/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carries out what a role asks for. One object per role; the daemon hands it
 * every action and calls flush() at the end of a round.
 *
 * Home agent. Requests to the kernel are queued and go out together, then the
 * routes, then the messages: a Binding Acknowledgement never leaves before
 * the binding that it speaks of stands. Taking away is the other way round:
 * first the route, then the binding, so that no packet meets a route without
 * binding. On a physical home link there is a route to each home address in
 * use, which ends with the binding by itself (had may be dead by then); a
 * virtual one has a route to its whole prefix.
 *
 * Mobile node. Actions are carried out one by one, in order, each before the
 * next: the Binding Update leaves at once.
 *
 * Answers to the role (results, failed sends) come out of flush() through
 * feed, never from within an action.
 */
#ifndef MIP_IO_APPLY_H
#define MIP_IO_APPLY_H

#include <mip/action.h>
#include <mip/event.h>

#include "icmp6.h"
#include "mh.h"
#include "mipsock.h"
#include "rtnl.h"

/* What an apply object works with; none is owned. */
struct apply_tools {
	struct mipsock *ms;
	struct rtnl *rt;
	struct mh *mh;
	struct icmp6 *ic;
	uint32_t mip_ifindex; /* the `mip` device */
	uint32_t table, priority; /* mobile node: of the routing table and the rules */
	void (*log)(void *userdata, const struct mip_act_log *log);
	void (*feed)(void *userdata, const struct mip_event *ev);
	void *userdata;
};

struct apply;

/* NULL: out of memory. tools is copied. */
struct apply *apply_ha_new(const struct apply_tools *tools);
struct apply *apply_mn_new(const struct apply_tools *tools);
struct apply *apply_free(struct apply *ap); /* takes NULL, returns NULL */

/* Another `mip` device has taken the place of the one in the tools. */
void apply_set_device(struct apply *ap, uint32_t mip_ifindex);

void apply_action(struct apply *ap, const struct mip_action *action);

/* Repeats until nothing is queued and no answer is left to feed. */
void apply_flush(struct apply *ap);

/* For mh_open(): a message that could not be sent. userdata: a struct apply **. */
void apply_send_failed(void *userdata, uint64_t id, int err);

/* The route to the whole home prefix of a virtual home link. 0 or -errno. */
int apply_home_prefix(struct apply *ap, const struct mip_prefix *prefix, bool present);

/* Home agent: a binding that stood in the kernel already; sees to its route. */
void apply_adopt_bce(struct apply *ap, const struct mip_bce *bce);
/* Home agent: a binding that somebody else, or its lifetime, has ended; takes its route away. */
void apply_forget_bce(struct apply *ap, const struct mip_bce *bce);

/*
 * Mobile node: the kernel has told of an address that may be used. To be
 * called for every one: a home address leaves its old place when it has
 * arrived in the new one.
 */
void apply_address_seen(struct apply *ap, uint32_t ifindex, const struct in6_addr *addr);

/* A mobile node's routing table: everything in it goes into the tunnel. 0 or -errno. */
int apply_tunnel_table(struct apply *ap);

#endif /* MIP_IO_APPLY_H */
