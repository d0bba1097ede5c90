// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Between the kernel and movement detection.
 *
 * What the kernel keeps of a link that the node has left can hurt: an on-link
 * route of the home prefix would send the Binding Update to a home agent that
 * is not there. So the routes that advertisements brought go when the carrier
 * goes, and that of the home prefix when the detection says that we are away.
 * The next advertisement brings back what is right.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "babymdd.h"
#include "io/clock.h"
#include "io/log.h"

/* RFC 4429: an address is used while duplicate address detection still runs. */
static const struct {
	const char *key;
	int value;
} sysctls[] = {
	{ "optimistic_dad", 1 },
	{ "use_optimistic", 1 },
	{ "keep_addr_on_down", 0 },
};

static void set_sysctls(const struct babymdd *b, const char *ifname)
{
	if (!b->conf.set_sysctls)
		return;
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++) {
		int r = common_sysctl(ifname, sysctls[i].key, sysctls[i].value);

		if (r > 0)
			log_notice("SYSCTL", "net.ipv6.conf.%s.%s = %d", ifname, sysctls[i].key,
				   sysctls[i].value);
		else if (r < 0)
			log_warning("SYSCTL", "net.ipv6.conf.%s.%s: %s", ifname, sysctls[i].key,
				    strerror(-r));
	}
}

void babymdd_input(struct babymdd *b, const struct mip_md_event *ev)
{
	int r = mip_md_input(b->md, ev, clock_usec());

	if (r < 0)
		log_debug("EVENT_IGNORED", "type=%d: %s", (int)ev->type, strerror(-r));
	babymdd_drain(b);
}

static void flush_onlink(struct babymdd *b, uint32_t ifindex, const struct mip_prefix *home)
{
	int r = rtnl_onlink_routes_flush(b->rt, ifindex, home);

	if (r < 0)
		log_warning("ROUTE_DEL_FAILED", "on-link routes: %s", rtnl_error(b->rt));
}

/* Notes the link; did its carrier go since it was last seen? */
static bool lost_carrier(struct babymdd *b, const struct mip_md_ev_link *ev)
{
	size_t slot = MIP_MD_LINK_MAX;
	bool lost;

	for (size_t i = 0; i < MIP_MD_LINK_MAX; i++) {
		if (b->link[i].ifindex == ev->ifindex) {
			slot = i;
			break;
		}
		if (b->link[i].ifindex == 0 && slot == MIP_MD_LINK_MAX)
			slot = i;
	}
	if (slot == MIP_MD_LINK_MAX)
		return false;
	lost = b->link[slot].ifindex == ev->ifindex &&
	       ((b->link[slot].carrier && !ev->carrier) ||
		b->link[slot].carrier_downs != ev->carrier_downs);
	if (b->link[slot].ifindex != ev->ifindex && !ev->gone) {
		log_info("INTERFACE", "dev=%s preference=%u", ev->name, ev->preference);
		set_sysctls(b, ev->name);
	}
	b->link[slot].ifindex = ev->gone ? 0 : ev->ifindex;
	b->link[slot].carrier = ev->carrier;
	b->link[slot].carrier_downs = ev->carrier_downs;
	return lost && !ev->gone;
}

void babymdd_rtnl_event(const struct mip_md_event *ev, void *userdata)
{
	struct babymdd *b = userdata;
	struct mip_md_event out = *ev;

	if (ev->type == MIP_MD_EV_LINK) {
		struct babymdd_conf_interface conf = babymdd_conf_find(&b->conf, ev->link.name);

		out.link.managed = ev->link.managed && !conf.ignore;
		out.link.preference = conf.preference;
		if (out.link.managed && lost_carrier(b, &out.link))
			flush_onlink(b, out.link.ifindex, NULL);
	}
	babymdd_input(b, &out);
}

static void home_address(struct babymdd *b, const struct in6_addr *hoa, uint8_t plen)
{
	struct mip_md_event ev = { .type = MIP_MD_EV_HOME };
	unsigned int i;

	if (plen == 0)
		return;
	ev.home.hoa = *hoa;
	ev.home.plen = plen;
	for (i = 0; i < b->n_home; i++)
		if (IN6_ARE_ADDR_EQUAL(&b->home[i].addr, hoa))
			break;
	if (i < MIP_HOA_PER_MN_MAX) {
		b->home[i] = (struct mip_prefix){ .addr = *hoa, .plen = plen };
		if (i == b->n_home)
			b->n_home++;
	}
	babymdd_input(b, &ev);
}

static int home_entry(const struct mipsock_bul *bul, void *userdata)
{
	if (bul->bule.flags & MIPSOCK_F_HOME)
		home_address(userdata, &bul->bule.hoa, bul->bule.hoa_plen);
	return 0;
}

int babymdd_look(struct babymdd *b)
{
	struct mip_md_event ev = { .type = MIP_MD_EV_DUMP_BEGIN };
	int r;

	babymdd_input(b, &ev);
	r = rtnl_monitor_dump(b->mon);
	if (r >= 0) {
		r = mipsock_bul_dump(b->ms, home_entry, b);
		if (r == -EINTR)
			r = 0;
	}
	ev.type = MIP_MD_EV_DUMP_END;
	babymdd_input(b, &ev);
	return r;
}

void babymdd_mipsock_event(const struct mipsock_event *ev, void *userdata)
{
	struct babymdd *b = userdata;
	struct mip_md_event scan = { .type = MIP_MD_EV_SCAN };

	switch (ev->type) {
	case MIPM_BUL_ADD:
		if (ev->bul.bule.flags & MIPSOCK_F_HOME)
			home_address(b, &ev->bul.bule.hoa, ev->bul.bule.hoa_plen);
		return;
	case MIPM_MD_INFO:
		if (ev->own || ev->md.cmd != MIPSOCK_MD_SCAN)
			return;
		if (ev->md.has_hoa)
			home_address(b, &ev->md.hoa, ev->md.hoa_plen);
		babymdd_input(b, &scan);
		return;
	case MIPM_UNSPEC:
	case MIPM_NODETYPE_INFO:
	case MIPM_NODETYPE_GET:
	case MIPM_BC_ADD:
	case MIPM_BC_REMOVE:
	case MIPM_BC_FLUSH:
	case MIPM_BC_GET:
	case MIPM_BUL_DELETE:
	case MIPM_BUL_FLUSH:
	case MIPM_BUL_GET:
	case MIPM_HOME_HINT:
	case MIPM_RR_HINT:
	case MIPM_BE_HINT:
	case MIPM_DAD:
	case MIPM_STATS_GET:
	case __MIPM_MAX:
		return;
	}
}

static void tell(struct babymdd *b, const struct mip_md_act_info *info)
{
	struct mipsock_md md = {
		.cmd = (enum mipsock_md_cmd)info->md.cmd,
		.has_hoa = info->md.has_hoa,
		.hoa = info->md.hoa,
		.hoa_plen = info->hoa_plen,
		.coa = info->md.coa,
		.bid = info->md.bid,
		.ifindex = info->md.ifindex,
	};
	int r;

	if (info->md.cmd == MIP_MD_REREG)
		for (unsigned int i = 0; i < b->n_home; i++)
			flush_onlink(b, info->md.ifindex, &b->home[i]);
	r = mipsock_md_info(b->ms, &md, NULL, NULL, 0);
	if (r >= 0)
		r = mipsock_sync(b->ms);
	if (r < 0)
		log_error("MD_INFO_FAILED", "%s", mipsock_error(b->ms));
}

static void delete_address(struct babymdd *b, const struct mip_md_act_target *t)
{
	struct mip_prefix prefix = { .addr = t->addr, .plen = t->plen };
	int r = rtnl_addr_del(b->rt, t->ifindex, &t->addr, t->plen, NULL, NULL, 0);

	if (r >= 0)
		r = rtnl_sync(b->rt);
	if (r < 0 && r != -EADDRNOTAVAIL)
		log_warning("ADDRESS_DEL_FAILED", "%s", rtnl_error(b->rt));
	for (unsigned int bit = t->plen; bit < 128; bit++)
		prefix.addr.s6_addr[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
	/* The route goes with the last address by hand only, not with one from an advertisement. */
	r = rtnl_onlink_route_del(b->rt, t->ifindex, &prefix);
	if (r < 0 && r != -ESRCH)
		log_warning("ROUTE_DEL_FAILED", "%s", rtnl_error(b->rt));
}

/*
 * The router of a link that we left. What was sent between the new carrier and
 * the new router's advertisement waits for three seconds to learn the old
 * one's address, and TCP sends nothing again of what still waits in this host:
 * a connection would stand still for so long.
 */
static void delete_router(struct babymdd *b, const struct mip_md_act_target *t)
{
	int r = rtnl_default_route_del(b->rt, t->ifindex, &t->addr, t->metric);

	if (r < 0 && r != -ESRCH)
		log_warning("ROUTE_DEL_FAILED", "%s", rtnl_error(b->rt));
	r = rtnl_neigh_del(b->rt, t->ifindex, &t->addr);
	if (r < 0 && r != -ENOENT)
		log_warning("NEIGHBOUR_DEL_FAILED", "%s", rtnl_error(b->rt));
}

static void write_log(struct babymdd *b, const struct mip_md_act_log *log)
{
	const char *word = mip_md_log_name(log->event);
	char line[256];
	const char *rest = line;

	if (mip_md_log_format(log, line, sizeof(line)) < 0)
		return;
	if (strncmp(line, word, strlen(word)) == 0)
		rest += strlen(word);
	while (*rest == ' ')
		rest++;
	log_info(word, "%s", rest);
	if (ctl_server_watched(b->ctl)) {
		json_t *ev = json_pack("{s:s, s:s}", "event", word, "interface", log->name);

		if (ev && !IN6_IS_ADDR_UNSPECIFIED(&log->addr))
			json_object_set_new(ev, "address", ctl_json_addr(&log->addr));
		if (ev && !IN6_IS_ADDR_UNSPECIFIED(&log->hoa))
			json_object_set_new(ev, "hoa", ctl_json_addr(&log->hoa));
		ctl_server_event(b->ctl, ev);
	}
}

static void act(struct babymdd *b, const struct mip_md_action *action)
{
	const struct mip_md_act_target *t = &action->target;
	int r = 0;

	switch (action->type) {
	case MIP_MD_ACT_INFO:
		tell(b, &action->info);
		break;
	case MIP_MD_ACT_SOLICIT:
		r = icmp6_send_rs(b->ic, t->ifindex);
		if (r < 0)
			log_debug("RS_FAILED", "%s", strerror(-r));
		break;
	case MIP_MD_ACT_PROBE:
		r = rtnl_neigh_probe(b->rt, t->ifindex, &t->addr);
		if (r < 0 && r != -ENOENT)
			log_debug("PROBE_FAILED", "%s", rtnl_error(b->rt));
		break;
	case MIP_MD_ACT_ADDR_DEL:
		delete_address(b, t);
		break;
	case MIP_MD_ACT_ROUTE_DEL:
		delete_router(b, t);
		break;
	case MIP_MD_ACT_LOG:
		write_log(b, &action->log);
		break;
	}
}

void babymdd_drain(struct babymdd *b)
{
	struct mip_md_action action;

	while (mip_md_next_action(b->md, &action))
		act(b, &action);
}
