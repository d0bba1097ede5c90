// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "babymdd.h"
#include "io/clock.h"

struct collect {
	const struct babymdd *b;
	uint64_t now;
	json_t *interfaces, *problems, *chosen;
	json_t *router; /* of the link in work, or NULL */
	json_t *candidates;
};

static void add_candidate(void *userdata, const struct in6_addr *addr, const char *state)
{
	struct collect *c = userdata;

	json_array_append_new(c->candidates,
			      json_pack("{s:o, s:s, s:O?}", "address", ctl_json_addr(addr), "state",
					state, "router", c->router));
}

static void add_link(void *userdata, const struct mip_md_link_status *s)
{
	struct collect *c = userdata;

	c->candidates = json_array();
	c->router = s->has_router ? ctl_json_addr(&s->router) : NULL;
	if (!c->candidates)
		return;
	mip_md_foreach_addr(c->b->md, s->ifindex, c->now, add_candidate, c);
	if (s->has_coa && s->why == MIP_MD_WHY_USED && !c->chosen)
		c->chosen = json_pack("{s:o, s:s, s:O?}", "address", ctl_json_addr(&s->coa),
				      "state", "usable", "router", c->router);
	json_array_append_new(c->interfaces,
			      json_pack("{s:s, s:i, s:b, s:b, s:i, s:b, s:b, s:o, s:s}", "name",
					s->name, "ifindex", (int)s->ifindex, "up", s->up, "carrier",
					s->carrier, "preference", (int)s->preference, "ignored",
					!s->managed, "home", s->home, "candidates", c->candidates,
					"reason", mip_md_why_text(s->why)));
	json_decref(c->router);
	c->router = NULL;
}

static void add_told(void *userdata, const struct mip_ev_md *told)
{
	bool *any = userdata;

	if (told->cmd)
		*any = true;
}

static int get_status(json_t *parameters, json_t **ret_reply, void *userdata)
{
	const struct babymdd *b = userdata;
	struct collect c = {
		.b = b,
		.now = clock_usec(),
		.interfaces = json_array(),
		.problems = json_array(),
	};
	bool told = false;

	(void)parameters;
	if (c.interfaces && c.problems) {
		mip_md_foreach_link(b->md, c.now, add_link, &c);
		mip_md_foreach_told(b->md, add_told, &told);
		if (!told)
			common_problem(c.problems, "no interface offers a care-of address yet");
		if (b->n_home == 0)
			common_problem(c.problems, "no home address is known; is mnd running?");
	}
	*ret_reply = json_pack("{s:o, s:o, s:o}", "interfaces", c.interfaces, "chosen",
			       c.chosen ? c.chosen : json_null(), "problems", c.problems);
	return *ret_reply ? 0 : -ENOMEM;
}

static int get_counters(json_t *parameters, json_t **ret_reply, void *userdata)
{
	(void)parameters;
	(void)userdata;
	*ret_reply = json_pack("{s:[]}", "counters");
	return *ret_reply ? 0 : -ENOMEM;
}

const struct ctl_method babymdd_methods[] = {
	{ "GetStatus", get_status },
	{ "GetCounters", get_counters },
	{ NULL, NULL },
};
