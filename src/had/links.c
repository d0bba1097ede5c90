// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Home links: an interface may come and go, and so may the home agent's own
 * address. The role serves a physical home link only while its interface is
 * there; a virtual one always.
 */
#include <errno.h>
#include <string.h>

#include "had.h"
#include "io/log.h"

const char *had_link_problem(const struct had *h, unsigned int i)
{
	if (!h->conf.home_link[i].is_virtual && h->link[i].ifindex == 0)
		return "interface is not there";
	if (!h->link[i].address)
		return "home agent address is not configured on this node";
	return "";
}

static enum mip_ha_dad dad_mode(enum conf_dad dad)
{
	switch (dad) {
	case CONF_DAD_NO:
		return MIP_HA_DAD_OFF;
	case CONF_DAD_YES:
		return MIP_HA_DAD_STRICT;
	case CONF_DAD_OPTIMISTIC:
		return MIP_HA_DAD_OPTIMISTIC;
	}
	return MIP_HA_DAD_STRICT;
}

void had_links_config(const struct had *h, struct mip_ha_config *ret)
{
	const struct had_conf *c = &h->conf;

	memset(ret, 0, sizeof(*ret));
	ret->max_lifetime_usec = c->max_lifetime_usec;
	ret->max_bindings = c->max_bindings;
	ret->allow_unprotected = c->security.allow_unprotected;
	ret->replay = c->security.replay;
	ret->timestamp_tolerance_usec = c->security.timestamp_tolerance_usec;
	ret->refresh_advice_usec = c->refresh_advice_usec;
	for (unsigned int i = 0; i < c->n_home_link; i++) {
		const struct had_conf_link *link = &c->home_link[i];

		/* To the role an interface of 0 means a virtual home link. */
		if (!link->is_virtual && h->link[i].ifindex == 0)
			continue;
		ret->links[ret->n_links++] = (struct mip_ha_link){
			.prefix = link->prefix,
			.addr = link->address,
			.ifindex = h->link[i].ifindex,
			.dad = dad_mode(link->dad),
			.na_repeats = link->na_repeat > MIP_NA_REPEATS_MAX ? MIP_NA_REPEATS_MAX :
									     link->na_repeat,
		};
	}
}

static void on_link(struct had *h, const struct mip_md_ev_link *ev)
{
	if (ev->gone && ev->ifindex == h->mip_ifindex)
		h->device_gone = true;
	for (unsigned int i = 0; i < h->conf.n_home_link; i++) {
		const struct had_conf_link *link = &h->conf.home_link[i];
		uint32_t ifindex = h->link[i].ifindex;

		if (link->is_virtual)
			continue;
		if (strcmp(link->interface, ev->name) == 0)
			ifindex = ev->gone ? 0 : ev->ifindex;
		else if (ifindex == ev->ifindex)
			ifindex = 0; /* renamed, or gone */
		if (ifindex == h->link[i].ifindex)
			continue;
		h->link[i].ifindex = ifindex;
		h->links_changed = true;
		log_notice(ifindex ? "HOME_LINK_UP" : "HOME_LINK_GONE", "dev=%s", link->interface);
	}
}

static void on_addr(struct had *h, const struct mip_md_ev_addr *ev)
{
	bool usable =
		!ev->gone && !(ev->flags & MIP_MD_ADDR_DADFAILED) &&
		(!(ev->flags & MIP_MD_ADDR_TENTATIVE) || (ev->flags & MIP_MD_ADDR_OPTIMISTIC));

	for (unsigned int i = 0; i < h->conf.n_home_link; i++)
		if (IN6_ARE_ADDR_EQUAL(&h->conf.home_link[i].address, &ev->addr) &&
		    h->link[i].address != usable) {
			h->link[i].address = usable;
			h->links_changed = true;
		}
}

static void on_event(const struct mip_md_event *ev, void *userdata)
{
	struct had *h = userdata;

	switch (ev->type) {
	case MIP_MD_EV_LINK:
		on_link(h, &ev->link);
		break;
	case MIP_MD_EV_ADDR:
		on_addr(h, &ev->addr);
		break;
	case MIP_MD_EV_DUMP_BEGIN:
	case MIP_MD_EV_DUMP_END:
	case MIP_MD_EV_ROUTE:
	case MIP_MD_EV_PREFIX:
	case MIP_MD_EV_ROUTER:
	case MIP_MD_EV_HOME:
	case MIP_MD_EV_SCAN:
		break; /* not watched */
	}
}

static void look(struct had *h)
{
	int r;

	memset(h->link, 0, sizeof(h->link));
	r = rtnl_monitor_dump(h->mon);
	if (r < 0)
		log_warning("RTNETLINK", "cannot list links and addresses: %s", strerror(-r));
	h->links_changed = true;
}

static void on_overrun(void *userdata)
{
	look(userdata);
}

static void on_readable(void *userdata)
{
	struct had *h = userdata;

	(void)rtnl_monitor_dispatch(h->mon);
}

int had_links_open(struct had *h)
{
	static const struct rtnl_monitor_ops ops = { .event = on_event, .overrun = on_overrun };
	int r;

	if (!h->mon) {
		r = rtnl_monitor_open(&h->mon, RTNL_WATCH_LINK | RTNL_WATCH_ADDR, &ops, h);
		if (r >= 0)
			r = daemon_watch(&h->d, rtnl_monitor_fd(h->mon), on_readable);
		if (r < 0)
			return r;
	}
	look(h);
	return 0;
}

void had_links_routes(struct had *h, const struct had_conf *conf, bool present)
{
	for (unsigned int i = 0; i < conf->n_home_link; i++) {
		int r;

		if (!conf->home_link[i].is_virtual)
			continue;
		r = apply_home_prefix(h->apply, &conf->home_link[i].prefix, present);
		if (r < 0 && r != -ESRCH)
			log_error("ROUTE_FAILED", "route to the virtual home link: %s",
				  rtnl_error(h->rt));
	}
}

void had_links_update(struct had *h)
{
	struct mip_ha_config config;

	if (!h->links_changed)
		return;
	h->links_changed = false;
	for (unsigned int i = 0; i < h->conf.n_home_link; i++) {
		const char *problem = had_link_problem(h, i);

		if (*problem)
			log_warning("HOME_LINK_NOT_READY", "home-link=%s: %s",
				    h->conf.home_link[i].name, problem);
	}
	had_links_config(h, &config);
	if (mip_ha_set_config(h->ha, &config) < 0)
		log_error("CONFIG", "the home links make no sense to the protocol");
	had_drain(h);
}
