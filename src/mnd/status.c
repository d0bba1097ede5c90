// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <net/if.h>
#include <time.h>

#include <mip/wire.h>

#include "io/clock.h"
#include "mnd.h"

static const char *place_name(enum mip_hoa_place place)
{
	switch (place) {
	case MIP_HOA_NONE:
		return "none";
	case MIP_HOA_HOME:
		return "home";
	case MIP_HOA_TUNNEL:
		return "tunnel";
	}
	return "unknown";
}

struct collect {
	json_t *list;
	json_t *problems;
};

static json_t *interface_name(uint32_t ifindex)
{
	char name[IFNAMSIZ];

	return ifindex && if_indextoname(ifindex, name) ? json_string(name) : json_null();
}

static void add(void *userdata, const struct mip_mn_status *s)
{
	struct collect *c = userdata;
	json_t *o = json_pack("{s:o, s:i, s:o, s:s, s:s, s:o, s:o, s:i, s:o, s:o}", "hoa",
			      ctl_json_addr(&s->hoa), "hoa_plen", (int)s->plen, "home_agent",
			      ctl_json_addr(&s->home_agent), "state", mip_reg_state_name(s->state),
			      "place", place_name(s->place), "coa",
			      s->has_coa ? ctl_json_addr(&s->coa) : json_null(), "interface",
			      interface_name(s->ifindex), "seq", (int)s->seq, "lifetime",
			      ctl_json_seconds(s->lifetime_usec), "lifetime_left",
			      ctl_json_seconds(s->lifetime_left_usec));

	if (!o)
		return;
	if (s->last_status >= 0) {
		json_object_set_new(o, "status", json_integer(s->last_status));
		json_object_set_new(o, "status_text",
				    json_string(mip_status_str((uint8_t)s->last_status)));
		if (s->last_status >= 128)
			common_problem(c->problems, "the home agent refused: %s (status %d)",
				       mip_status_str((uint8_t)s->last_status), s->last_status);
	}
	if (s->last_handover_usec)
		json_object_set_new(o, "last_handover_duration",
				    ctl_json_seconds(s->last_handover_usec));
	if (s->state == MIP_REG_LOST)
		common_problem(
			c->problems,
			"another node on the home link has this home address (a duplicate); it is not used until mnd is started or reloaded");
	if (s->duplicate)
		common_problem(
			c->problems,
			"duplicate address detection at home has found the home address in use; if the home agent says that it is not the one who defends it, another node has it");
	if (s->state == MIP_REG_IDLE)
		common_problem(
			c->problems,
			"no movement detector has said where this node is; is babymdd running?");
	json_array_append_new(c->list, o);
}

static int get_status(json_t *parameters, json_t **ret_reply, void *userdata)
{
	const struct mnd *m = userdata;
	struct collect c = { .list = json_array(), .problems = json_array() };
	struct mip_time now = clock_now();

	(void)parameters;
	if (c.list && c.problems)
		mip_mn_foreach(m->mn, &now, add, &c);
	if (c.problems && m->conf.security.allow_unprotected)
		common_problem(c.problems,
			       "allow-unprotected is on: registrations may go without a key");
	*ret_reply = json_pack("{s:b, s:o, s:o}", "unprotected", m->conf.security.allow_unprotected,
			       "home_addresses", c.list, "problems", c.problems);
	return *ret_reply ? 0 : -ENOMEM;
}

static int get_counters(json_t *parameters, json_t **ret_reply, void *userdata)
{
	const struct mnd *m = userdata;

	(void)parameters;
	*ret_reply = common_counters(mip_mn_get_counters(m->mn), mh_get_counters(m->mh));
	return *ret_reply ? 0 : -ENOMEM;
}

const struct ctl_method mnd_methods[] = {
	{ "GetStatus", get_status },
	{ "GetCounters", get_counters },
	{ NULL, NULL },
};
