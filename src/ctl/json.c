// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pieces of answers, in the words of org.shisa.Control.
 */
#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>

#include <mip/counter.h>
#include <mip/log.h>
#include <mip/time.h>
#include <mip/wire.h>

#include "ctl.h"

json_t *ctl_json_addr(const struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, addr, text, sizeof(text));
	return json_string(text);
}

json_t *ctl_json_prefix(const struct in6_addr *addr, uint8_t plen)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, addr, text, sizeof(text));
	return json_sprintf("%s/%u", text, (unsigned int)plen);
}

json_t *ctl_json_seconds(uint64_t usec)
{
	if (usec == MIP_USEC_INFINITY)
		return json_null();
	return json_real(round((double)usec / 1000.0) / 1000.0);
}

json_t *ctl_json_flags(uint16_t flags)
{
	static const struct {
		uint16_t bit;
		char letter;
	} letters[] = {
		{ MIP_BU_A, 'A' }, { MIP_BU_H, 'H' }, { MIP_BU_L, 'L' }, { MIP_BU_K, 'K' },
		{ MIP_BU_R, 'R' }, { MIP_BU_P, 'P' }, { MIP_BU_F, 'F' }, { MIP_BU_O, 'O' },
	};
	char text[24];
	size_t n = 0;

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (!(flags & letters[i].bit))
			continue;
		text[n++] = letters[i].letter;
		flags = (uint16_t)(flags & ~letters[i].bit);
	}
	if (flags)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s0x%04x", n ? "+" : "",
				      (unsigned int)flags);
	text[n] = '\0';
	return json_string(text);
}

json_t *ctl_json_counter(const char *name, const char *help, uint64_t value)
{
	/* JSON's numbers stop at 2^63 - 1 here; a counter takes longer than we live. */
	return json_pack("{s:s, s:s, s:I}", "name", name, "help", help, "value",
			 (json_int_t)(value > INT64_MAX ? INT64_MAX : value));
}

static json_t *json_mnps(const struct mip_prefix *mnp, unsigned int n)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < n && i < MIP_MNP_MAX; i++)
		json_array_append_new(array, ctl_json_prefix(&mnp[i].addr, mnp[i].plen));
	return array;
}

json_t *ctl_json_bce(const struct mip_bce *bce)
{
	return json_pack("{s:o, s:o, s:o, s:i, s:o, s:i, s:I, s:o, s:o}", "hoa",
			 ctl_json_addr(&bce->hoa), "coa", ctl_json_addr(&bce->coa), "local",
			 ctl_json_addr(&bce->local), "bid", (int)bce->bid, "flags",
			 ctl_json_flags(bce->flags), "seq", (int)bce->seq, "home_ifindex",
			 (json_int_t)bce->home_ifindex, "lifetime_left",
			 ctl_json_seconds(bce->lifetime_usec), "mnp",
			 json_mnps(bce->mnp, bce->n_mnp));
}

const char *ctl_bul_state_str(enum mip_bul_state state)
{
	switch (state) {
	case MIP_BUL_REGISTERING:
		return "registering";
	case MIP_BUL_REGISTERED:
		return "registered";
	case MIP_BUL_REFRESHING:
		return "refreshing";
	case MIP_BUL_DEREGISTERING:
		return "deregistering";
	case MIP_BUL_HOME:
		return "home";
	case MIP_BUL_FAILED:
		return "failed";
	}
	return "unknown";
}

json_t *ctl_json_bule(const struct mip_bule *bule)
{
	return json_pack("{s:o, s:i, s:o, s:o, s:i, s:o, s:i, s:I, s:s, s:o, s:o}", "hoa",
			 ctl_json_addr(&bule->hoa), "hoa_plen", (int)bule->hoa_plen, "peer",
			 ctl_json_addr(&bule->peer), "coa", ctl_json_addr(&bule->coa), "bid",
			 (int)bule->bid, "flags", ctl_json_flags(bule->flags), "seq",
			 (int)bule->seq, "ifindex", (json_int_t)bule->ifindex, "state",
			 ctl_bul_state_str(bule->state), "lifetime_left",
			 ctl_json_seconds(bule->lifetime_usec), "mnp",
			 json_mnps(bule->mnp, bule->n_mnp));
}

json_t *ctl_json_log(const struct mip_act_log *log)
{
	json_t *event = json_pack("{s:s, s:s}", "event", mip_log_event_name(log->event), "level",
				  mip_log_level_name(log->level));

	if (!event)
		return NULL;
	if (!IN6_IS_ADDR_UNSPECIFIED(&log->hoa))
		json_object_set_new(event, "hoa", ctl_json_addr(&log->hoa));
	if (!IN6_IS_ADDR_UNSPECIFIED(&log->coa))
		json_object_set_new(event, "coa", ctl_json_addr(&log->coa));
	if (!IN6_IS_ADDR_UNSPECIFIED(&log->peer))
		json_object_set_new(event, "peer", ctl_json_addr(&log->peer));
	if (log->bid)
		json_object_set_new(event, "bid", json_integer(log->bid));
	json_object_set_new(event, "seq", json_integer(log->seq));
	json_object_set_new(event, "status", json_integer(log->status));
	json_object_set_new(event, "lifetime", ctl_json_seconds(log->lifetime_usec));
	if (log->drop_reason)
		json_object_set_new(event, "reason", json_string(mip_drop_name(log->drop_reason)));
	return event;
}
