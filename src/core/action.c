// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ring of actions. One slot more than the ring has is the spare one that
 * mip_queue_add() gives out when all others are taken.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mip/queue.h>

_Static_assert((MIP_QUEUE_SIZE & (MIP_QUEUE_SIZE - 1)) == 0, "a ring by masks");
_Static_assert(MIP_QUEUE_PER_CALL * 2 <= MIP_QUEUE_SIZE, "a call must fit a ring half full");

int mip_queue_init(struct mip_queue *q)
{
	*q = (struct mip_queue){ 0 };
	q->slots = calloc(MIP_QUEUE_SIZE + 1, sizeof(*q->slots));
	return q->slots ? 0 : -ENOMEM;
}

void mip_queue_done(struct mip_queue *q)
{
	free(q->slots);
	*q = (struct mip_queue){ 0 };
}

struct mip_action *mip_queue_add(struct mip_queue *q, enum mip_action_type type)
{
	struct mip_action *act;

	if (q->count < MIP_QUEUE_SIZE) {
		act = &q->slots[(q->head + q->count) & (MIP_QUEUE_SIZE - 1)];
		q->count++;
	} else {
		act = &q->slots[MIP_QUEUE_SIZE];
		q->overflows++;
	}
	memset(act, 0, sizeof(*act));
	act->type = type;
	return act;
}

bool mip_queue_take(struct mip_queue *q, struct mip_action *ret)
{
	if (q->count == 0)
		return false;
	*ret = q->slots[q->head];
	q->head = (q->head + 1) & (MIP_QUEUE_SIZE - 1);
	q->count--;
	return true;
}

unsigned int mip_queue_room(const struct mip_queue *q)
{
	return MIP_QUEUE_SIZE - q->count;
}
