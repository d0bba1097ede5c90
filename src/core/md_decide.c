// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Movement detection: from what is known of the links to what the mobile node
 * is told.
 *
 * Each home address is decided for by itself, since each has its home link.
 * Every link makes an offer: being home, where the home prefix was heard on it
 * (MN-HL-01); else its best care-of address, if it has a router that is
 * believed to be there; else nothing. At home beats every care-of address;
 * then the configured preference counts; then what is in use already; then
 * the lower interface number, so that the choice does not depend on order.
 *
 * A choice that works is kept until something better has been better for the
 * hysteresis; one that works no more is replaced at once. On one and the same
 * interface there is no hysteresis: the node is where it is.
 */
#include <string.h>

#include <mip/wire.h>

#include "md_internal.h"

bool md_addr_deprecated(const struct md_addr *a, uint64_t now)
{
	return (a->flags & MIP_MD_ADDR_DEPRECATED) || a->preferred_until <= now;
}

bool md_addr_usable(const struct mip_md *md, const struct md_addr *a, uint64_t now)
{
	if (!a->confirmed || a->valid_until <= now)
		return false;
	if (a->flags & (MIP_MD_ADDR_DADFAILED | MIP_MD_ADDR_HOMEADDRESS))
		return false;
	/* Optimistic (RFC 4429): to be used at once. Tentative only: the kernel will tell. */
	if ((a->flags & MIP_MD_ADDR_TENTATIVE) && !(a->flags & MIP_MD_ADDR_OPTIMISTIC))
		return false;
	for (unsigned int i = 0; i < md->n_home; i++) {
		if (md_same_addr(&md->home[i].hoa, &a->addr))
			return false;
	}
	return mip_addr_is_unicast_routable(&a->addr);
}

bool md_link_is_home(const struct mip_md *md, const struct md_link *link,
		     const struct md_home *home, uint64_t now)
{
	const struct mip_prefix prefix = { .addr = home->hoa, .plen = home->plen };

	if (!home->known || !md_link_on(link))
		return false;
	for (unsigned int i = 0; i < link->n_prefix; i++) {
		const struct md_prefix *p = &link->prefix[i];

		if (p->on_link && p->valid_until > now && p->prefix.plen == home->plen &&
		    mip_addr_in_prefix(&p->prefix.addr, &prefix))
			return true;
	}
	/* After a restart no advertisement was heard yet, but an address tells as much. */
	for (unsigned int i = 0; i < link->n_addr; i++) {
		if (mip_addr_in_prefix(&link->addr[i].addr, &prefix) &&
		    md_addr_usable(md, &link->addr[i], now))
			return true;
	}
	return false;
}

const struct md_route *md_link_router(const struct md_link *link)
{
	const struct md_route *best = NULL;

	for (unsigned int i = 0; i < link->n_route; i++) {
		const struct md_route *r = &link->route[i];

		if (r->confirmed && r->reachable && !r->deleted &&
		    (!best || r->metric < best->metric))
			best = r;
	}
	return best;
}

/* Better as a care-of address: not deprecated, in use already, not temporary. */
static unsigned int addr_rank(const struct md_addr *a, const struct md_link *link,
			      const struct md_home *home, uint64_t now)
{
	unsigned int rank = 0;

	if (!md_addr_deprecated(a, now))
		rank += 4;
	if (home->cmd == MIP_MD_REREG && home->ifindex == link->ifindex &&
	    md_same_addr(&home->coa, &a->addr))
		rank += 2;
	if (!(a->flags & MIP_MD_ADDR_TEMPORARY))
		rank += 1;
	return rank;
}

const struct md_addr *md_link_coa(const struct mip_md *md, const struct md_link *link,
				  const struct md_home *home, uint64_t now)
{
	const struct md_addr *best = NULL;

	if (!md_link_on(link) || !md_link_router(link))
		return NULL;
	for (unsigned int i = 0; i < link->n_addr; i++) {
		const struct md_addr *a = &link->addr[i];

		if (md_addr_usable(md, a, now) &&
		    (!best || addr_rank(a, link, home, now) > addr_rank(best, link, home, now)))
			best = a;
	}
	return best;
}

struct offer {
	const struct md_link *link; /* NULL: none */
	enum mip_md_cmd cmd;
	struct in6_addr coa;
};

static struct offer link_offer(const struct mip_md *md, const struct md_link *link,
			       const struct md_home *home, uint64_t now)
{
	const struct md_addr *coa;

	if (md_link_is_home(md, link, home, now))
		return (struct offer){ .link = link, .cmd = MIP_MD_DEREG_HOME };
	coa = md_link_coa(md, link, home, now);
	if (coa)
		return (struct offer){ .link = link, .cmd = MIP_MD_REREG, .coa = coa->addr };
	return (struct offer){ 0 };
}

/* Without regard to what is in use. */
static bool better(const struct offer *a, const struct offer *b)
{
	if (!b->link)
		return true;
	if ((a->cmd == MIP_MD_DEREG_HOME) != (b->cmd == MIP_MD_DEREG_HOME))
		return a->cmd == MIP_MD_DEREG_HOME;
	return a->link->preference > b->link->preference;
}

static void tell(struct mip_md *md, struct md_home *home, const struct offer *offer)
{
	struct mip_md_act_info *info;

	/*
	 * Before anything is sent: routers of a link without carrier, which the
	 * kernel would go on using, and of what was behind this one before.
	 */
	for (unsigned int i = 0; i < md->n_link; i++) {
		struct md_link *link = md->link[i];

		if (!md_link_on(link) || (link == offer->link && link->route_since_carrier))
			md_remove_stale_routes(md, link);
	}

	info = &md_act(md, MIP_MD_ACT_INFO)->info;
	info->md.cmd = offer->cmd;
	info->md.has_hoa = home->known;
	info->md.hoa = home->hoa;
	info->md.coa = offer->coa;
	info->md.ifindex = offer->link->ifindex;
	info->hoa_plen = home->known ? home->plen : 0;

	home->cmd = offer->cmd;
	home->ifindex = offer->link->ifindex;
	home->coa = offer->coa;
	home->lost = false;
	home->repeat = false;
	md_log(md, offer->cmd == MIP_MD_DEREG_HOME ? MIP_MD_LOG_HOME_LINK : MIP_MD_LOG_COA_CHOSEN,
	       offer->link, &offer->coa, &home->hoa);
}

/* Is this what was told last? */
static bool told(const struct md_home *home, const struct offer *offer)
{
	return home->cmd == offer->cmd && home->ifindex == offer->link->ifindex &&
	       md_same_addr(&home->coa, &offer->coa);
}

static void decide_for(struct mip_md *md, struct md_home *home, uint64_t now)
{
	struct offer best = { 0 }, current = { 0 }, choice;
	uint64_t due;

	for (unsigned int i = 0; i < md->n_link; i++) {
		struct offer offer = link_offer(md, md->link[i], home, now);

		if (!offer.link)
			continue;
		if (home->cmd && offer.link->ifindex == home->ifindex)
			current = offer;
		if (better(&offer, &best) ||
		    (!better(&best, &offer) && offer.link->ifindex < best.link->ifindex))
			best = offer;
	}

	if (!best.link) {
		if (home->cmd && !home->lost)
			md_log(md, MIP_MD_LOG_COA_LOST, md_find_link(md, home->ifindex), &home->coa,
			       &home->hoa);
		home->lost = true;
		home->better_ifindex = 0;
		return;
	}
	choice = best;
	if (!current.link || home->lost || current.link == best.link) {
		home->better_ifindex = 0;
	} else if (!better(&best, &current)) {
		/* Among equals what is in use stays so. */
		home->better_ifindex = 0;
		choice = current;
	} else {
		if (home->better_ifindex != best.link->ifindex) {
			home->better_ifindex = best.link->ifindex;
			home->better_since = now;
			md_log(md, MIP_MD_LOG_BETTER_LINK, best.link, &best.coa, &home->hoa);
		}
		due = home->better_since + md->config.hysteresis_usec;
		if (due > now) {
			choice = current;
			if (due < md->t_decide)
				md->t_decide = due;
		} else {
			home->better_ifindex = 0;
		}
	}
	if (!told(home, &choice) || home->lost || home->repeat)
		tell(md, home, &choice);
}

void md_decide(struct mip_md *md, uint64_t now)
{
	md->t_decide = MIP_USEC_INFINITY;
	if (!md->n_home) {
		decide_for(md, &md->anyone, now);
		return;
	}
	for (unsigned int i = 0; i < md->n_home; i++)
		decide_for(md, &md->home[i], now);
}
