// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "had.h"

static json_t *home_links(const struct had *h, json_t *problems)
{
	json_t *list = json_array();

	for (unsigned int i = 0; list && i < h->conf.n_home_link; i++) {
		const struct had_conf_link *link = &h->conf.home_link[i];
		const char *problem = had_link_problem(h, i);

		json_array_append_new(
			list,
			json_pack("{s:s, s:o, s:o, s:b, s:o, s:o, s:b, s:o}", "name", link->name,
				  "interface",
				  link->is_virtual ? json_null() : json_string(link->interface),
				  "ifindex",
				  h->link[i].ifindex ? json_integer(h->link[i].ifindex) :
						       json_null(),
				  "virtual", link->is_virtual, "prefix",
				  ctl_json_prefix(&link->prefix.addr, link->prefix.plen), "address",
				  ctl_json_addr(&link->address), "ready", !*problem, "reason",
				  *problem ? json_string(problem) : json_null()));
		if (*problem)
			common_problem(problems, "home-link %s: %s", link->name, problem);
	}
	return list;
}

static int get_status(json_t *parameters, json_t **ret_reply, void *userdata)
{
	const struct had *h = userdata;
	struct mip_ha_stats stats;
	json_t *problems = json_array();

	(void)parameters;
	if (!problems)
		return -ENOMEM;
	mip_ha_get_stats(h->ha, &stats);
	if (h->conf.security.allow_unprotected)
		common_problem(
			problems,
			"allow-unprotected is on: home registrations without a key are accepted");
	if (common_sysctl_get("all", "forwarding") == 0)
		common_problem(problems,
			       "IPv6 forwarding is off: sysctl -w net.ipv6.conf.all.forwarding=1");
	*ret_reply = json_pack("{s:b, s:o, s:I, s:I, s:I, s:o}", "unprotected",
			       h->conf.security.allow_unprotected, "home_links",
			       home_links(h, problems), "bindings", (json_int_t)stats.bindings,
			       "bindings_max", (json_int_t)h->conf.max_bindings, "dad_pending",
			       (json_int_t)stats.pending, "problems", problems);
	return *ret_reply ? 0 : -ENOMEM;
}

static int get_counters(json_t *parameters, json_t **ret_reply, void *userdata)
{
	const struct had *h = userdata;

	(void)parameters;
	*ret_reply = common_counters(mip_ha_counters(h->ha), mh_get_counters(h->mh));
	return *ret_reply ? 0 : -ENOMEM;
}

const struct ctl_method had_methods[] = {
	{ "GetStatus", get_status },
	{ "GetCounters", get_counters },
	{ NULL, NULL },
};
