// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Movement detection: what is known of links, and how long to believe it.
 *
 * The kernel tells of links, addresses, default routes and, by RTM_NEWPREFIX,
 * of each Prefix Information option that it hears. What it does not tell is
 * which of its addresses and routes still belong to the network behind an
 * interface: when the carrier comes back behind another switch, everything
 * learnt on the old link stands there as before until its lifetime ends. So
 * here everything is either confirmed or not:
 *
 *  - the loss of the carrier takes the confirmation from all that was learnt
 *    (not from what an administrator set);
 *  - a prefix heard since the carrier came confirms the addresses in it;
 *  - the kernel adds a new router before it tells of the prefixes in the same
 *    advertisement. So when a prefix is heard and no router was added since
 *    the carrier came, the advertisement is from a router known before, and
 *    the routes are confirmed; if one was added, the others are of the old
 *    link and are removed, because the kernel would go on using them.
 *
 * A link can change without its carrier (a bridge port moved, a virtual
 * interface replugged elsewhere). A new router alone is no movement
 * (MN-MD-01), so two things are waited for: neighbour unreachability detection
 * giving up the old router, which is probed as soon as a new one appears; or
 * the old prefix falling silent for three times its longest interval while a
 * new one is heard, which with the intervals of RFC 6275 section 7.5 takes a
 * fraction of a second.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mip/wire.h>

#include "md_internal.h"

/* ---- Actions ------------------------------------------------------------ */

struct mip_md_action *md_act(struct mip_md *md, enum mip_md_action_type type)
{
	struct mip_md_action *act;

	/* The caller takes them out after each call; the oldest goes if he does not. */
	if (md->count == MD_QUEUE_SIZE) {
		md->head = (md->head + 1) % MD_QUEUE_SIZE;
		md->count--;
	}
	act = &md->queue[(md->head + md->count++) % MD_QUEUE_SIZE];
	memset(act, 0, sizeof(*act));
	act->type = type;
	return act;
}

bool mip_md_next_action(struct mip_md *md, struct mip_md_action *ret)
{
	if (!md->count)
		return false;
	*ret = md->queue[md->head];
	md->head = (md->head + 1) % MD_QUEUE_SIZE;
	md->count--;
	return true;
}

void md_log(struct mip_md *md, enum mip_md_log_event event, const struct md_link *link,
	    const struct in6_addr *addr, const struct in6_addr *hoa)
{
	struct mip_md_act_log *log = &md_act(md, MIP_MD_ACT_LOG)->log;

	log->event = event;
	if (link) {
		log->ifindex = link->ifindex;
		memcpy(log->name, link->name, sizeof(log->name));
	}
	if (addr)
		log->addr = *addr;
	if (hoa)
		log->hoa = *hoa;
}

void md_target(struct mip_md *md, enum mip_md_action_type type, const struct md_link *link,
	       const struct in6_addr *addr, uint8_t plen, uint32_t metric)
{
	struct mip_md_act_target *act = &md_act(md, type)->target;

	act->ifindex = link->ifindex;
	if (addr)
		act->addr = *addr;
	act->plen = plen;
	act->metric = metric;
}

/* ---- Links -------------------------------------------------------------- */

struct md_link *md_find_link(const struct mip_md *md, uint32_t ifindex)
{
	for (unsigned int i = 0; i < md->n_link; i++) {
		if (md->link[i]->ifindex == ifindex)
			return md->link[i];
	}
	return NULL;
}

int md_get_link(struct mip_md *md, uint32_t ifindex, struct md_link **ret)
{
	struct md_link *link;

	if (!ifindex)
		return -EINVAL;
	link = md_find_link(md, ifindex);
	if (!link) {
		if (md->n_link == MIP_MD_LINK_MAX)
			return -ENOSPC;
		link = calloc(1, sizeof(*link));
		if (!link)
			return -ENOMEM;
		link->ifindex = ifindex;
		link->t_solicit = MIP_USEC_INFINITY;
		md->link[md->n_link++] = link;
	}
	*ret = link;
	return 0;
}

static void drop_link(struct mip_md *md, struct md_link *link)
{
	for (unsigned int i = 0; i < md->n_link; i++) {
		if (md->link[i] == link) {
			md->link[i] = md->link[--md->n_link];
			free(link);
			return;
		}
	}
}

static void solicit(struct mip_md *md, struct md_link *link, uint64_t now)
{
	md_target(md, MIP_MD_ACT_SOLICIT, link, NULL, 0, 0);
	link->t_solicit = --link->n_solicit ? now + MD_RTR_SOLICITATION_INTERVAL_USEC :
					      MIP_USEC_INFINITY;
}

static void link_came(struct mip_md *md, struct md_link *link, uint64_t now)
{
	md_log(md, MIP_MD_LOG_CARRIER_UP, link, NULL, NULL);
	link->heard = false;
	link->route_since_carrier = false;
	link->n_solicit = MD_MAX_RTR_SOLICITATIONS;
	solicit(md, link, now);
}

static void link_went(struct mip_md *md, struct md_link *link)
{
	md_log(md, MIP_MD_LOG_CARRIER_LOST, link, NULL, NULL);
	md_doubt(link, MIP_USEC_INFINITY);
	link->heard = false;
	link->t_solicit = MIP_USEC_INFINITY;
}

static int input_link(struct mip_md *md, const struct mip_md_ev_link *ev, uint64_t now)
{
	struct md_link *link;
	bool was_on, missed;
	int r;

	if (ev->gone) {
		link = md_find_link(md, ev->ifindex);
		if (link) {
			if (md_link_on(link))
				md_log(md, MIP_MD_LOG_CARRIER_LOST, link, NULL, NULL);
			drop_link(md, link);
		}
		return 0;
	}
	r = md_get_link(md, ev->ifindex, &link);
	if (r < 0)
		return r;

	was_on = md_link_on(link);
	missed = was_on && ev->carrier_downs != link->carrier_downs;
	link->known = true;
	link->marked = true;
	link->managed = ev->managed;
	link->up = ev->up;
	link->carrier = ev->carrier;
	link->carrier_downs = ev->carrier_downs;
	link->preference = ev->preference;
	memcpy(link->name, ev->name, sizeof(link->name));
	link->name[sizeof(link->name) - 1] = '\0';

	if (was_on && (!md_link_on(link) || missed))
		link_went(md, link);
	if (md_link_on(link) && (!was_on || missed))
		link_came(md, link, now);
	return 0;
}

/* ---- Homes -------------------------------------------------------------- */

static int input_home(struct mip_md *md, const struct mip_md_ev_home *ev)
{
	struct md_home *home;

	if (!ev->gone &&
	    (ev->plen < 1 || ev->plen > 128 || !mip_addr_is_unicast_routable(&ev->hoa)))
		return -EINVAL;
	for (unsigned int i = 0; i < md->n_home; i++) {
		if (!md_same_addr(&md->home[i].hoa, &ev->hoa))
			continue;
		if (ev->gone)
			md->home[i] = md->home[--md->n_home];
		else
			md->home[i].plen = ev->plen;
		return 0;
	}
	if (ev->gone)
		return 0;
	if (md->n_home == MIP_HOA_PER_MN_MAX)
		return -ENOSPC;
	home = &md->home[md->n_home++];
	*home = (struct md_home){ .known = true, .hoa = ev->hoa, .plen = ev->plen };
	md->anyone = (struct md_home){ 0 };
	return 0;
}

/* ---- Dumps -------------------------------------------------------------- */

static void dump_begin(struct mip_md *md)
{
	md->dumping = true;
	for (unsigned int i = 0; i < md->n_link; i++) {
		struct md_link *link = md->link[i];

		link->marked = false;
		for (unsigned int j = 0; j < link->n_addr; j++)
			link->addr[j].marked = false;
		for (unsigned int j = 0; j < link->n_route; j++)
			link->route[j].marked = false;
	}
}

static void dump_end(struct mip_md *md, uint64_t now)
{
	if (!md->dumping)
		return;
	for (unsigned int i = md->n_link; i-- > 0;) {
		struct md_link *link = md->link[i];
		unsigned int kept = 0;

		if (!link->marked) {
			drop_link(md, link);
			continue;
		}
		for (unsigned int j = 0; j < link->n_addr; j++) {
			if (link->addr[j].marked)
				link->addr[kept++] = link->addr[j];
		}
		link->n_addr = kept;
		kept = 0;
		for (unsigned int j = 0; j < link->n_route; j++) {
			if (link->route[j].marked)
				link->route[kept++] = link->route[j];
		}
		link->n_route = kept;
		/* The routers found count as known before; only news tells of another link. */
		if (!md->started)
			link->route_since_carrier = false;
	}
	if (!md->started)
		md->t_start = now + MD_START_WAIT_USEC;
	md->dumping = false;
	md->started = true;
}

/*
 * At start there may be addresses of links that the node has left, which the
 * former process had no time to remove. The solicitations that go out at once
 * bring the confirmation of those that are right. Until all have it nothing is
 * told: the mobile node knows what it knew before. When the time is over, what
 * nobody confirmed is taken for stale where an advertisement was heard, and
 * for right where the link is silent.
 */
static bool settling(struct mip_md *md, uint64_t now)
{
	bool open = false;

	if (md->t_start == MIP_USEC_INFINITY)
		return false;
	for (unsigned int i = 0; i < md->n_link; i++) {
		struct md_link *link = md->link[i];

		for (unsigned int j = 0; j < link->n_addr; j++) {
			struct md_addr *a = &link->addr[j];

			if (!a->provisional || !md_link_on(link) ||
			    (a->flags & MIP_MD_ADDR_HOMEADDRESS) ||
			    !mip_addr_is_unicast_routable(&a->addr))
				continue;
			open = true;
			if (md->t_start > now)
				continue;
			a->provisional = false;
			a->confirmed = !link->heard;
		}
	}
	if (open && md->t_start > now)
		return true;
	md->t_start = MIP_USEC_INFINITY;
	return false;
}

static void decide(struct mip_md *md, uint64_t now)
{
	if (!settling(md, now))
		md_decide(md, now);
}

/* ---- The object --------------------------------------------------------- */

struct mip_md *mip_md_new(const struct mip_md_config *config)
{
	struct mip_md *md = calloc(1, sizeof(*md));

	if (!md)
		return NULL;
	md->config = *config;
	md->t_decide = MIP_USEC_INFINITY;
	md->t_start = MIP_USEC_INFINITY;
	return md;
}

struct mip_md *mip_md_free(struct mip_md *md)
{
	if (!md)
		return NULL;
	while (md->n_link)
		free(md->link[--md->n_link]);
	free(md);
	return NULL;
}

int mip_md_input(struct mip_md *md, const struct mip_md_event *event, uint64_t now_usec)
{
	int r = 0;

	switch (event->type) {
	case MIP_MD_EV_DUMP_BEGIN:
		dump_begin(md);
		break;
	case MIP_MD_EV_DUMP_END:
		dump_end(md, now_usec);
		break;
	case MIP_MD_EV_LINK:
		r = input_link(md, &event->link, now_usec);
		break;
	case MIP_MD_EV_ADDR:
		r = md_input_addr(md, &event->addr, now_usec);
		break;
	case MIP_MD_EV_ROUTE:
		r = md_input_route(md, &event->route, now_usec);
		break;
	case MIP_MD_EV_PREFIX:
		r = md_input_prefix(md, &event->prefix, now_usec);
		break;
	case MIP_MD_EV_ROUTER:
		md_input_router(md, &event->router);
		break;
	case MIP_MD_EV_HOME:
		r = input_home(md, &event->home);
		break;
	case MIP_MD_EV_SCAN:
		md->anyone.repeat = true;
		for (unsigned int i = 0; i < md->n_home; i++)
			md->home[i].repeat = true;
		break;
	}
	if (md->started && !md->dumping)
		decide(md, now_usec);
	return r;
}

static bool stale_addr(const struct md_link *link, const struct md_addr *a)
{
	return link->heard && !a->confirmed && !a->deleted &&
	       !(a->flags & (MIP_MD_ADDR_PERMANENT | MIP_MD_ADDR_HOMEADDRESS)) &&
	       mip_addr_is_unicast_routable(&a->addr);
}

void mip_md_expire(struct mip_md *md, uint64_t now_usec)
{
	if (!md->started || md->dumping)
		return;
	for (unsigned int i = 0; i < md->n_link; i++) {
		struct md_link *link = md->link[i];
		unsigned int kept = 0;

		if (!md_link_on(link))
			continue;
		if (link->t_solicit <= now_usec)
			solicit(md, link, now_usec);
		md_check_silence(md, link, now_usec);
		for (unsigned int j = 0; j < link->n_prefix; j++) {
			if (link->prefix[j].valid_until > now_usec)
				link->prefix[kept++] = link->prefix[j];
		}
		link->n_prefix = kept;
		for (unsigned int j = 0; j < link->n_addr; j++) {
			struct md_addr *a = &link->addr[j];

			if (!stale_addr(link, a) ||
			    link->heard_usec + MD_STALE_GRACE_USEC > now_usec)
				continue;
			a->deleted = true;
			md_log(md, MIP_MD_LOG_STALE_ADDRESS, link, &a->addr, NULL);
			md_target(md, MIP_MD_ACT_ADDR_DEL, link, &a->addr, a->plen, 0);
		}
	}
	decide(md, now_usec);
}

uint64_t mip_md_next_deadline(const struct mip_md *md)
{
	uint64_t next = md->t_decide < md->t_start ? md->t_decide : md->t_start;

	if (!md->started || md->dumping)
		return MIP_USEC_INFINITY;
	for (unsigned int i = 0; i < md->n_link; i++) {
		const struct md_link *link = md->link[i];

		if (!md_link_on(link))
			continue;
		if (link->t_solicit < next)
			next = link->t_solicit;
		for (unsigned int j = 0; j < link->n_prefix; j++) {
			uint64_t silent = md_silence(link, &link->prefix[j]);

			if (silent < next)
				next = silent;
			if (link->prefix[j].valid_until < next)
				next = link->prefix[j].valid_until;
		}
		for (unsigned int j = 0; j < link->n_addr; j++) {
			if (stale_addr(link, &link->addr[j]) &&
			    link->heard_usec + MD_STALE_GRACE_USEC < next)
				next = link->heard_usec + MD_STALE_GRACE_USEC;
		}
	}
	return next;
}
