// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Movement detection for people: words, log lines, and why an interface is
 * used or not.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <mip/wire.h>

#include "md_internal.h"

static const char *const log_names[_MIP_MD_LOG_MAX] = {
#define X(id, word) [MIP_MD_LOG_##id] = word,
	MIP_MD_LOGS(X)
#undef X
};

const char *mip_md_log_name(enum mip_md_log_event event)
{
	return (unsigned int)event < _MIP_MD_LOG_MAX ? log_names[event] : "UNKNOWN";
}

/* What the address of the event is. */
static const char *addr_key(enum mip_md_log_event event)
{
	switch (event) {
	case MIP_MD_LOG_ROUTER_FOUND:
	case MIP_MD_LOG_ROUTER_LOST:
	case MIP_MD_LOG_STALE_ROUTE:
		return "router";
	case MIP_MD_LOG_COA_CHOSEN:
	case MIP_MD_LOG_COA_LOST:
	case MIP_MD_LOG_BETTER_LINK:
		return "coa";
	case MIP_MD_LOG_CARRIER_UP:
	case MIP_MD_LOG_CARRIER_LOST:
	case MIP_MD_LOG_HOME_LINK:
	case MIP_MD_LOG_STALE_ADDRESS:
	case MIP_MD_LOG_LIMIT:
	case _MIP_MD_LOG_MAX:
		break;
	}
	return "addr";
}

int mip_md_log_format(const struct mip_md_act_log *log, char *buf, size_t size)
{
	char addr[INET6_ADDRSTRLEN] = "", hoa[INET6_ADDRSTRLEN] = "";
	bool has_addr = !IN6_IS_ADDR_UNSPECIFIED(&log->addr);
	bool has_hoa = !IN6_IS_ADDR_UNSPECIFIED(&log->hoa);
	bool has_name = log->name[0] != '\0';

	if (has_addr)
		inet_ntop(AF_INET6, &log->addr, addr, sizeof(addr));
	if (has_hoa)
		inet_ntop(AF_INET6, &log->hoa, hoa, sizeof(hoa));
	return snprintf(buf, size, "%s%s%.*s%s%s%s%s%s%s", mip_md_log_name(log->event),
			has_name ? " dev=" : "", MIP_MD_NAME_MAX, log->name, has_addr ? " " : "",
			has_addr ? addr_key(log->event) : "", has_addr ? "=" : "", addr,
			has_hoa ? " hoa=" : "", hoa);
}

const char *mip_md_why_text(enum mip_md_why why)
{
	switch (why) {
	case MIP_MD_WHY_USED:
		return "in use";
	case MIP_MD_WHY_HOME:
		return "in use: the home link";
	case MIP_MD_WHY_IGNORED:
		return "not watched";
	case MIP_MD_WHY_DOWN:
		return "administratively down";
	case MIP_MD_WHY_NO_CARRIER:
		return "no carrier";
	case MIP_MD_WHY_NO_ADVERTISEMENT:
		return "no router advertisement heard yet";
	case MIP_MD_WHY_NO_ROUTER:
		return "no reachable default router";
	case MIP_MD_WHY_NO_ADDRESS:
		return "no usable address";
	case MIP_MD_WHY_WAITING:
		return "better than the one in use, but not for long enough yet";
	case MIP_MD_WHY_LESS_PREFERRED:
		return "less preferred than the one in use";
	}
	return "unknown";
}

static const struct md_home *first_home(const struct mip_md *md)
{
	return md->n_home ? &md->home[0] : &md->anyone;
}

static enum mip_md_why why(const struct mip_md *md, const struct md_link *link, bool has_coa)
{
	bool waiting = false;

	if (!link->managed)
		return MIP_MD_WHY_IGNORED;
	if (!link->up)
		return MIP_MD_WHY_DOWN;
	if (!link->carrier)
		return MIP_MD_WHY_NO_CARRIER;
	for (unsigned int i = 0; i < (md->n_home ? md->n_home : 1); i++) {
		const struct md_home *home = md->n_home ? &md->home[i] : &md->anyone;

		if (home->cmd && !home->lost && home->ifindex == link->ifindex)
			return home->cmd == MIP_MD_DEREG_HOME ? MIP_MD_WHY_HOME : MIP_MD_WHY_USED;
		waiting |= home->better_ifindex == link->ifindex;
	}
	if (waiting)
		return MIP_MD_WHY_WAITING;
	if (has_coa)
		return MIP_MD_WHY_LESS_PREFERRED;
	if (!md_link_router(link))
		return link->heard ? MIP_MD_WHY_NO_ROUTER : MIP_MD_WHY_NO_ADVERTISEMENT;
	return MIP_MD_WHY_NO_ADDRESS;
}

void mip_md_foreach_link(const struct mip_md *md, uint64_t now_usec,
			 void (*fn)(void *userdata, const struct mip_md_link_status *status),
			 void *userdata)
{
	for (unsigned int i = 0; i < md->n_link; i++) {
		const struct md_link *link = md->link[i];
		const struct md_addr *coa = md_link_coa(md, link, first_home(md), now_usec);
		const struct md_route *router = md_link_router(link);
		struct mip_md_link_status status = {
			.ifindex = link->ifindex,
			.managed = link->managed,
			.up = link->up,
			.carrier = link->carrier,
			.preference = link->preference,
			.has_coa = coa != NULL,
			.has_router = router != NULL,
		};

		if (!link->known)
			continue;
		memcpy(status.name, link->name, sizeof(status.name));
		for (unsigned int j = 0; j < md->n_home; j++)
			status.home |= md_link_is_home(md, link, &md->home[j], now_usec);
		if (coa)
			status.coa = coa->addr;
		if (router)
			status.router = router->gateway;
		status.why = why(md, link, coa != NULL);
		fn(userdata, &status);
	}
}

void mip_md_foreach_addr(const struct mip_md *md, uint32_t ifindex, uint64_t now_usec,
			 void (*fn)(void *userdata, const struct in6_addr *addr, const char *state),
			 void *userdata)
{
	const struct md_link *link = md_find_link(md, ifindex);

	for (unsigned int i = 0; link && i < link->n_addr; i++) {
		const struct md_addr *a = &link->addr[i];
		const char *state = "usable";

		if (!mip_addr_is_unicast_routable(&a->addr))
			continue;
		if (a->flags & MIP_MD_ADDR_HOMEADDRESS)
			state = "home-address";
		else if (a->flags & MIP_MD_ADDR_DADFAILED)
			state = "duplicate";
		else if (!a->confirmed || a->valid_until <= now_usec)
			state = "stale";
		else if (!md_addr_usable(md, a, now_usec))
			state = "tentative";
		else if (md_addr_deprecated(a, now_usec))
			state = "deprecated";
		fn(userdata, &a->addr, state);
	}
}

void mip_md_foreach_told(const struct mip_md *md,
			 void (*fn)(void *userdata, const struct mip_ev_md *told), void *userdata)
{
	for (unsigned int i = 0; i < (md->n_home ? md->n_home : 1); i++) {
		const struct md_home *home = md->n_home ? &md->home[i] : &md->anyone;
		const struct mip_ev_md told = {
			.cmd = home->cmd,
			.has_hoa = home->known,
			.hoa = home->hoa,
			.coa = home->coa,
			.ifindex = home->ifindex,
		};

		fn(userdata, &told);
	}
}
