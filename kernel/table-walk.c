// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks of a whole table: flush, dump, end. Nothing else walks.
 */
#include <linux/sched.h>

#include "message.h"
#include "mipsock.h"
#include "table-internal.h"

static void mip_set_flush(struct mip_table *t, struct mip_set *set, u16 flags, u32 portid)
{
	struct mip_binding *b, *next;

	for (b = mip_first(t, set); b; b = next) {
		next = mip_next(t, b);
		/* Dead: the walk came by a set that was just replaced. */
		if (!(b->flags & MIP_B_DEAD) && (b->flags & flags) == flags)
			mip_table_unlink(t, b, MIPSOCK_REASON_FLUSHED, portid);
	}
}

/**
 * mip_table_flush - takes all bindings out that have the flags
 * @t: the table
 * @flags: all of these must be set
 * @portid: netlink port of who asks, for the events
 *
 * Context: process; may sleep between bindings.
 */
void mip_table_flush(struct mip_table *t, u16 flags, u32 portid)
{
	struct rhashtable_iter iter;
	struct mip_node *node;

	rhashtable_walk_enter(&t->ht, &iter);
	do {
		rhashtable_walk_start(&iter);
		for (node = rhashtable_walk_peek(&iter); node; node = rhashtable_walk_next(&iter)) {
			if (IS_ERR(node) || node->kind != MIP_NODE_SET)
				continue;
			/* A pause before the node is taken out: the walk finds it again. */
			if (need_resched())
				break;
			spin_lock_bh(&t->lock);
			mip_set_flush(t, mip_node_set(node), flags, portid);
			spin_unlock_bh(&t->lock);
		}
		rhashtable_walk_stop(&iter);
		cond_resched();
	} while (node);
	rhashtable_walk_exit(&iter);
}

/**
 * mip_table_dump_start - begins a dump
 * @t: the table
 * @dump: zeroed; to be given back with mip_table_dump_done()
 */
void mip_table_dump_start(struct mip_table *t, struct mip_table_dump *dump)
{
	dump->table = t;
	rhashtable_walk_enter(&t->ht, &dump->iter);
}

/**
 * mip_table_dump_done - ends a dump
 * @dump: what mip_table_dump_start() began
 */
void mip_table_dump_done(struct mip_table_dump *dump)
{
	rhashtable_walk_exit(&dump->iter);
}

static int mip_set_dump(struct mip_table_dump *dump, struct mip_set *set, struct sk_buff *skb,
			struct netlink_callback *cb)
{
	struct mip_table *t = dump->table;
	struct mip_binding *b;
	unsigned int n = 0;
	int err;

	if (!ipv6_addr_equal(&dump->addr, &set->node.key.addr)) {
		dump->addr = set->node.key.addr;
		dump->nth = 0;
	}
	for (b = mip_first(t, set); b; b = mip_next(t, b)) {
		if (n++ < dump->nth || (b->flags & MIP_B_DEAD))
			continue;
		err = mip_message_binding(skb, t, b, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					  NLM_F_MULTI, t->ops->add, MIPSOCK_REASON_UNSPEC);
		if (err)
			return err;
		dump->nth = n;
	}
	return 0;
}

/**
 * mip_table_dump - puts as many bindings into a message as fit
 * @dump: where the dump stands
 * @skb: the message
 * @cb: the netlink core's view of the dump
 *
 * When the table is resized in between, an entry may be shown twice.
 *
 * Return: 0 at the end, -EMSGSIZE when @skb is full.
 */
int mip_table_dump(struct mip_table_dump *dump, struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mip_table *t = dump->table;
	struct mip_node *node;
	int err = 0;

	rhashtable_walk_start(&dump->iter);
	for (node = rhashtable_walk_peek(&dump->iter); node;
	     node = rhashtable_walk_next(&dump->iter)) {
		if (IS_ERR(node) || node->kind != MIP_NODE_SET)
			continue;
		spin_lock_bh(&t->lock);
		err = mip_set_dump(dump, mip_node_set(node), skb, cb);
		spin_unlock_bh(&t->lock);
		if (err)
			break;
	}
	rhashtable_walk_stop(&dump->iter);
	return err;
}

static void mip_table_none_left(void *obj, void *arg)
{
	WARN_ON_ONCE(1);
}

/**
 * mip_table_destroy - empties a table and gives its memory back
 * @t: the table; nobody else uses it any more
 *
 * The last bindings are freed after a grace period: rcu_barrier() before
 * struct mip_net goes.
 */
void mip_table_destroy(struct mip_table *t)
{
	/* A timer can take the node away at which a walk pauses: look again. */
	do {
		mip_table_flush(t, 0, 0);
	} while (READ_ONCE(t->n_bindings));
	rhashtable_free_and_destroy(&t->ht, mip_table_none_left, NULL);
}
