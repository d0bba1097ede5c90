// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Movement detection: learning addresses, routers and prefixes, confirming
 * them and doubting them. See md.c for what that means.
 */
#include <errno.h>
#include <string.h>

#include <mip/wire.h>

#include "md_internal.h"

/* ---- Doubt ------------------------------------------------------------- */

/* Nothing learnt before since counts as belonging to the link that we are on. */
void md_doubt(struct md_link *link, uint64_t since)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < link->n_addr; i++) {
		if (link->addr[i].confirmed_usec < since &&
		    !(link->addr[i].flags & MIP_MD_ADDR_PERMANENT)) {
			link->addr[i].confirmed = false;
			link->addr[i].provisional = false;
		}
	}
	for (unsigned int i = 0; i < link->n_route; i++) {
		if (link->route[i].added_usec < since && !link->route[i].permanent)
			link->route[i].confirmed = false;
	}
	for (unsigned int i = 0; i < link->n_prefix; i++) {
		if (link->prefix[i].last_usec >= since)
			link->prefix[kept++] = link->prefix[i];
	}
	link->n_prefix = kept;
}

void md_remove_stale_routes(struct mip_md *md, struct md_link *link)
{
	for (unsigned int i = 0; i < link->n_route; i++) {
		struct md_route *r = &link->route[i];

		if (r->confirmed || r->permanent || r->deleted)
			continue;
		r->deleted = true;
		md_log(md, MIP_MD_LOG_STALE_ROUTE, link, &r->gateway, NULL);
		md_target(md, MIP_MD_ACT_ROUTE_DEL, link, &r->gateway, 0, r->metric);
	}
}

/* ---- Addresses ---------------------------------------------------------- */

int md_input_addr(struct mip_md *md, const struct mip_md_ev_addr *ev, uint64_t now)
{
	struct md_link *link;
	struct md_addr *a = NULL;
	bool is_new;
	int r;

	if (ev->plen > 128)
		return -EINVAL;
	if (ev->gone) {
		link = md_find_link(md, ev->ifindex);
		for (unsigned int i = 0; link && i < link->n_addr; i++) {
			if (md_same_addr(&link->addr[i].addr, &ev->addr)) {
				link->addr[i] = link->addr[--link->n_addr];
				break;
			}
		}
		return 0;
	}
	r = md_get_link(md, ev->ifindex, &link);
	if (r < 0)
		return r;
	for (unsigned int i = 0; i < link->n_addr; i++) {
		if (md_same_addr(&link->addr[i].addr, &ev->addr))
			a = &link->addr[i];
	}
	is_new = !a;
	if (!a) {
		if (link->n_addr == MIP_MD_ADDR_MAX) {
			md_log(md, MIP_MD_LOG_LIMIT, link, &ev->addr, NULL);
			return -ENOSPC;
		}
		a = &link->addr[link->n_addr++];
		*a = (struct md_addr){ .addr = ev->addr };
	}
	/*
	 * Added while the link is there, or found at the first start: of this
	 * link. A lifetime that got longer is a router's doing, too; the second
	 * is what the kernel rounds to.
	 */
	if (is_new ? (md_link_on(link) || !md->started) :
		     (md_link_on(link) && a->valid_until != MIP_USEC_INFINITY &&
		      md_until(now, ev->valid_usec) > md_until(a->valid_until, MIP_USEC_PER_SEC))) {
		a->confirmed = true;
		a->provisional = !md->started;
		a->confirmed_usec = now;
		a->deleted = false;
	}
	if (ev->flags & MIP_MD_ADDR_PERMANENT) {
		a->confirmed = true;
		a->provisional = false;
	}
	a->plen = ev->plen;
	a->flags = ev->flags;
	a->valid_until = md_until(now, ev->valid_usec);
	a->preferred_until = md_until(now, ev->preferred_usec);
	a->marked = true;
	return 0;
}

/* ---- Routers and prefixes ----------------------------------------------- */

static bool in_use(const struct mip_md *md, const struct md_link *link)
{
	if (!md->n_home)
		return md->anyone.cmd && md->anyone.ifindex == link->ifindex;
	for (unsigned int i = 0; i < md->n_home; i++) {
		if (md->home[i].cmd && md->home[i].ifindex == link->ifindex)
			return true;
	}
	return false;
}

int md_input_route(struct mip_md *md, const struct mip_md_ev_route *ev, uint64_t now)
{
	struct md_link *link;
	struct md_route *route = NULL;
	int r;

	if (ev->gone) {
		link = md_find_link(md, ev->ifindex);
		for (unsigned int i = 0; link && i < link->n_route; i++) {
			if (md_same_addr(&link->route[i].gateway, &ev->gateway)) {
				md_log(md, MIP_MD_LOG_ROUTER_LOST, link, &ev->gateway, NULL);
				link->route[i] = link->route[--link->n_route];
				break;
			}
		}
		return 0;
	}
	r = md_get_link(md, ev->ifindex, &link);
	if (r < 0)
		return r;
	for (unsigned int i = 0; i < link->n_route; i++) {
		if (md_same_addr(&link->route[i].gateway, &ev->gateway))
			route = &link->route[i];
	}
	if (!route) {
		if (link->n_route == MIP_MD_ROUTE_MAX) {
			md_log(md, MIP_MD_LOG_LIMIT, link, &ev->gateway, NULL);
			return -ENOSPC;
		}
		/* Is the one before still there? */
		for (unsigned int i = 0; md->started && in_use(md, link) && i < link->n_route;
		     i++) {
			if (link->route[i].confirmed && link->route[i].reachable)
				md_target(md, MIP_MD_ACT_PROBE, link, &link->route[i].gateway, 0,
					  0);
		}
		route = &link->route[link->n_route++];
		*route = (struct md_route){
			.gateway = ev->gateway,
			.reachable = true,
			.added_usec = now,
			.confirmed = md_link_on(link) || !md->started,
		};
		if (md_link_on(link))
			link->route_since_carrier = true;
		if (md->started)
			md_log(md, MIP_MD_LOG_ROUTER_FOUND, link, &ev->gateway, NULL);
	} else if (!md->dumping) {
		/* Replaced: its router has spoken. */
		route->confirmed = route->confirmed || md_link_on(link);
		route->reachable = true;
		route->deleted = false;
	}
	route->metric = ev->metric;
	route->permanent = ev->permanent;
	if (ev->permanent)
		route->confirmed = true;
	route->marked = true;
	return 0;
}

int md_input_prefix(struct mip_md *md, const struct mip_md_ev_prefix *ev, uint64_t now)
{
	struct md_prefix *p = NULL;
	struct md_link *link;
	int r;

	if (ev->prefix.plen > 128)
		return -EINVAL;
	r = md_get_link(md, ev->ifindex, &link);
	if (r < 0)
		return r;
	/* Before the carrier, or from a queue that was longer than the link lived. */
	if (!link->known || !link->up || !link->carrier)
		return 0;

	if (!link->heard) {
		link->heard = true;
		link->heard_usec = now;
		link->t_solicit = MIP_USEC_INFINITY;
		if (!link->route_since_carrier) {
			for (unsigned int i = 0; i < link->n_route; i++) {
				link->route[i].confirmed = true;
				link->route[i].deleted = false;
			}
		}
		md_remove_stale_routes(md, link);
	}
	for (unsigned int i = 0; i < link->n_prefix; i++) {
		if (link->prefix[i].prefix.plen == ev->prefix.plen &&
		    mip_addr_in_prefix(&link->prefix[i].prefix.addr, &ev->prefix))
			p = &link->prefix[i];
	}
	if (p && !ev->valid_usec) {
		*p = link->prefix[--link->n_prefix];
		return 0;
	}
	if (!ev->valid_usec)
		return 0;
	if (p) {
		uint64_t interval = now - p->last_usec;

		/* Several options or routers in one moment are no interval. */
		if (interval >= MIP_USEC_PER_MSEC) {
			p->n_interval++;
			if (interval > p->max_interval_usec)
				p->max_interval_usec = interval;
		}
	} else {
		if (link->n_prefix == MIP_MD_PREFIX_MAX) {
			md_log(md, MIP_MD_LOG_LIMIT, link, &ev->prefix.addr, NULL);
			return -ENOSPC;
		}
		p = &link->prefix[link->n_prefix++];
		*p = (struct md_prefix){ .prefix = ev->prefix, .first_usec = now };
	}
	p->on_link = ev->on_link;
	p->valid_until = md_until(now, ev->valid_usec);
	p->last_usec = now;

	for (unsigned int i = 0; i < link->n_addr; i++) {
		struct md_addr *a = &link->addr[i];

		if (!mip_addr_in_prefix(&a->addr, &ev->prefix))
			continue;
		a->confirmed = true;
		a->provisional = false;
		a->confirmed_usec = now;
		a->deleted = false;
	}
	return 0;
}

/* Neighbour unreachability detection: with another router there, the link is another one. */
void md_input_router(struct mip_md *md, const struct mip_md_ev_router *ev)
{
	struct md_link *link = md_find_link(md, ev->ifindex);
	struct md_route *route = NULL;
	uint64_t newer = MIP_USEC_INFINITY;

	for (unsigned int i = 0; link && i < link->n_route; i++) {
		if (md_same_addr(&link->route[i].gateway, &ev->gateway))
			route = &link->route[i];
	}
	if (!route || route->reachable == ev->reachable)
		return;
	route->reachable = ev->reachable;
	if (ev->reachable)
		return;
	md_log(md, MIP_MD_LOG_ROUTER_LOST, link, &ev->gateway, NULL);
	for (unsigned int i = 0; i < link->n_route; i++) {
		if (link->route[i].added_usec > route->added_usec && link->route[i].reachable &&
		    link->route[i].added_usec < newer)
			newer = link->route[i].added_usec;
	}
	if (newer == MIP_USEC_INFINITY)
		return;
	md_doubt(link, newer);
	md_remove_stale_routes(md, link);
}

/* When a prefix counts as silent; MIP_USEC_INFINITY: nothing suggests so. */
uint64_t md_silence(const struct md_link *link, const struct md_prefix *p)
{
	uint64_t limit = p->max_interval_usec * MD_SILENCE_INTERVALS;
	bool other = false;

	if (p->n_interval < MD_SILENCE_SAMPLES)
		return MIP_USEC_INFINITY;
	for (unsigned int i = 0; i < link->n_prefix; i++) {
		if (link->prefix[i].first_usec > p->last_usec)
			other = true;
	}
	if (!other)
		return MIP_USEC_INFINITY;
	if (limit < MD_SILENCE_MIN_USEC)
		limit = MD_SILENCE_MIN_USEC;
	return p->last_usec + limit;
}

void md_check_silence(struct mip_md *md, struct md_link *link, uint64_t now)
{
	for (unsigned int i = 0; i < link->n_prefix; i++) {
		uint64_t since = link->prefix[i].last_usec + 1;
		bool new_router = false;

		if (md_silence(link, &link->prefix[i]) > now)
			continue;
		for (unsigned int j = 0; j < link->n_route; j++)
			new_router |= link->route[j].added_usec >= since;
		/* The same router's address on the new link: its route serves there as well. */
		if (!new_router) {
			for (unsigned int j = 0; j < link->n_route; j++)
				link->route[j].added_usec = now;
		}
		md_doubt(link, since);
		md_remove_stale_routes(md, link);
		link->heard_usec = now;
		return;
	}
}
