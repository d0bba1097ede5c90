/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queue of actions that a role fills and its caller empties.
 *
 * It is a ring of fixed size. One call into a role yields a handful of
 * actions (at most MIP_QUEUE_PER_CALL), and the caller takes all of them out
 * before the next call; a role that has much to do at once, as when many
 * entries expire together, looks at mip_queue_room() and leaves the rest for
 * the next call. So the ring does not overflow; if it does all the same, the
 * action is dropped and counted, and nothing is overwritten.
 */
#ifndef MIP_QUEUE_H
#define MIP_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include <mip/action.h>

#define MIP_QUEUE_SIZE	   64 /* slots; a power of two */
#define MIP_QUEUE_PER_CALL 24 /* most actions that one event or one expired entry yields */

struct mip_queue {
	struct mip_action *slots;
	unsigned int head;
	unsigned int count;
	uint64_t overflows;
};

/* Returns 0, or -ENOMEM. */
int mip_queue_init(struct mip_queue *q);

/* Takes an empty or zeroed queue too. */
void mip_queue_done(struct mip_queue *q);

/*
 * A new action at the end of the queue, all fields zero but the type; the
 * caller fills it before he calls anything else here. Never NULL: when the
 * queue is full, a spare slot that nobody reads, and overflows counts it.
 */
struct mip_action *mip_queue_add(struct mip_queue *q, enum mip_action_type type);

/* Takes out the oldest action. False when there is none; ret is not touched then. */
bool mip_queue_take(struct mip_queue *q, struct mip_action *ret);

/* Free slots. */
unsigned int mip_queue_room(const struct mip_queue *q);

#endif /* MIP_QUEUE_H */
