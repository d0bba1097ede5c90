/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What apply.c, apply-ha.c and apply-mn.c share. */
#ifndef MIP_IO_APPLY_PRIV_H
#define MIP_IO_APPLY_PRIV_H

#include "apply.h"

struct apply_kind {
	void (*action)(struct apply *ap, const struct mip_action *action);
	void (*flush)(struct apply *ap);
};

/* Mobile node: a home address on its way to the interface target; 0: free. */
struct apply_move {
	struct in6_addr hoa;
	uint32_t target;
};

struct apply {
	struct apply_tools tools;
	const struct apply_kind *kind;
	/* Answers that wait to be fed; grows with what is queued, and is empty after a flush. */
	struct mip_event *answers;
	size_t n_answers, max_answers;
	struct apply_move move[MIP_HOA_PER_MN_MAX];
};

struct apply *apply_new(const struct apply_tools *tools, const struct apply_kind *kind);
void apply_answer(struct apply *ap, const struct mip_event *ev);
/* MIP_EV_BC_RESULT, MIP_EV_SEND_FAILED. */
void apply_result(struct apply *ap, enum mip_event_type type, uint64_t id, int err);

/* Both kinds do these in the same way. */
void apply_common(struct apply *ap, const struct mip_action *action);

#endif /* MIP_IO_APPLY_PRIV_H */
