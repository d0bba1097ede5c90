// SPDX-License-Identifier: GPL-2.0-or-later
#include "apply.h"

#include <linux/if_addr.h>
#include <stdlib.h>
#include <string.h>

#include "apply-priv.h"
#include "log.h"

struct apply *apply_new(const struct apply_tools *tools, const struct apply_kind *kind)
{
	struct apply *ap = calloc(1, sizeof(*ap));

	if (!ap)
		return NULL;
	ap->tools = *tools;
	ap->kind = kind;
	return ap;
}

struct apply *apply_free(struct apply *ap)
{
	if (!ap)
		return NULL;
	free(ap->answers);
	free(ap);
	return NULL;
}

void apply_set_device(struct apply *ap, uint32_t mip_ifindex)
{
	ap->tools.mip_ifindex = mip_ifindex;
}

void apply_answer(struct apply *ap, const struct mip_event *ev)
{
	if (ap->n_answers == ap->max_answers) {
		size_t max = ap->max_answers ? 2 * ap->max_answers : 64;
		struct mip_event *answers = realloc(ap->answers, max * sizeof(*answers));

		if (!answers) {
			/* The role's own timer takes care of what is never answered. */
			log_error("NO_MEMORY", "an answer to the protocol was lost");
			return;
		}
		ap->answers = answers;
		ap->max_answers = max;
	}
	ap->answers[ap->n_answers++] = *ev;
}

void apply_result(struct apply *ap, enum mip_event_type type, uint64_t id, int err)
{
	struct mip_event ev = { .type = type };

	if (type == MIP_EV_SEND_FAILED)
		ev.send_failed = (struct mip_ev_result){ .id = id, .err = err };
	else
		ev.bc_result = (struct mip_ev_result){ .id = id, .err = err };
	apply_answer(ap, &ev);
}

void apply_send_failed(void *userdata, uint64_t id, int err)
{
	struct apply **ap = userdata;

	log_debug("SEND_FAILED", "%s", strerror(-err));
	apply_result(*ap, MIP_EV_SEND_FAILED, id, err);
}

void apply_action(struct apply *ap, const struct mip_action *action)
{
	ap->kind->action(ap, action);
}

void apply_flush(struct apply *ap)
{
	do {
		struct mip_event *answers;
		size_t n;

		ap->kind->flush(ap);
		/* Feeding brings new actions and those new answers, in a list of their own. */
		answers = ap->answers;
		n = ap->n_answers;
		ap->answers = NULL;
		ap->n_answers = ap->max_answers = 0;
		for (size_t i = 0; i < n; i++)
			ap->tools.feed(ap->tools.userdata, &answers[i]);
		free(answers);
		if (n == 0)
			break;
	} while (true);
}

void apply_common(struct apply *ap, const struct mip_action *action)
{
	int r;

	if (action->type == MIP_ACT_NA) {
		r = icmp6_send_na(ap->tools.ic, &action->na);
		if (r < 0)
			log_debug("NA_FAILED", "%s", strerror(-r));
	} else if (action->type == MIP_ACT_LOG) {
		ap->tools.log(ap->tools.userdata, &action->log);
	}
}

int apply_home_prefix(struct apply *ap, const struct mip_prefix *prefix, bool present)
{
	int r;

	if (present)
		r = rtnl_mip_route_set(ap->tools.rt, prefix, ap->tools.mip_ifindex, 0, 0, NULL,
				       NULL, 0);
	else
		r = rtnl_mip_route_del(ap->tools.rt, prefix, ap->tools.mip_ifindex, 0, NULL, NULL,
				       0);
	return r < 0 ? r : rtnl_sync(ap->tools.rt);
}

int apply_tunnel_table(struct apply *ap)
{
	struct mip_prefix any = { .plen = 0 };
	int r = rtnl_mip_route_set(ap->tools.rt, &any, ap->tools.mip_ifindex, ap->tools.table, 0,
				   NULL, NULL, 0);

	return r < 0 ? r : rtnl_sync(ap->tools.rt);
}
