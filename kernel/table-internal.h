/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What table.c and table-walk.c share.
 */
#ifndef _MIPSOCK_TABLE_INTERNAL_H
#define _MIPSOCK_TABLE_INTERNAL_H

#include "table.h"

static inline struct mip_set *mip_node_set(struct mip_node *node)
{
	if (node->kind == MIP_NODE_SET)
		return container_of(node, struct mip_set, node);
	return container_of(node, struct mip_prefix, node)->set;
}

/* First binding of a set; @t->lock held. */
static inline struct mip_binding *mip_first(struct mip_table *t, struct mip_set *set)
{
	return rcu_dereference_protected(set->first, lockdep_is_held(&t->lock));
}

/* Next binding of the same set; @t->lock held. */
static inline struct mip_binding *mip_next(struct mip_table *t, struct mip_binding *b)
{
	return rcu_dereference_protected(b->next, lockdep_is_held(&t->lock));
}

void mip_table_unlink(struct mip_table *t, struct mip_binding *b, enum mipsock_reason reason,
		      u32 portid);

#endif /* _MIPSOCK_TABLE_INTERNAL_H */
