// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of bindings; see table.h for what they hold and who may touch what.
 *
 * The order of a replacement: the nodes of new prefixes first, then the binding
 * itself in one pointer, then the prefixes that are no longer named. Nothing
 * after the first of these can fail, so a request is done whole or not at all.
 */
#include <linux/jhash.h>
#include <linux/prefetch.h>
#include <linux/slab.h>

#include "message.h"
#include "mipsock.h"
#include "table-internal.h"

static struct kmem_cache *mip_binding_cache;

static unsigned int mip_max_bindings = 1 << 20;
module_param_named(max_bindings, mip_max_bindings, uint, 0644);
MODULE_PARM_DESC(max_bindings, "bindings in one table of one network namespace (default 1048576)");

/* Inlined by force, and so is what it does: a packet's way should not be paved with calls. */
static __always_inline int mip_key_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct mip_key *a = &((const struct mip_node *)obj)->key;
	const struct mip_key *b = arg->key;

	/* Where the binding goes on that lives with this set: fetched beside the key, not after it. */
	prefetch((const u8 *)obj + 64);
	return ((a->addr.s6_addr32[0] ^ b->addr.s6_addr32[0]) |
		(a->addr.s6_addr32[1] ^ b->addr.s6_addr32[1]) |
		(a->addr.s6_addr32[2] ^ b->addr.s6_addr32[2]) |
		(a->addr.s6_addr32[3] ^ b->addr.s6_addr32[3])) ||
	       a->plen != b->plen;
}

static const struct rhashtable_params mip_table_params = {
	.head_offset = offsetof(struct mip_node, head),
	.key_offset = offsetof(struct mip_node, key),
	.key_len = sizeof_field(struct mip_node, key),
	.obj_cmpfn = mip_key_cmp,
	.automatic_shrinking = true,
};

/**
 * mip_binding_alloc - memory for an entry of the binding cache, zeroed
 */
struct mip_binding *mip_binding_alloc(void)
{
	return kmem_cache_zalloc(mip_binding_cache, GFP_KERNEL_ACCOUNT);
}

/**
 * mip_binding_free - frees a binding that no table has
 * @b: the binding, or NULL
 */
void mip_binding_free(struct mip_binding *b)
{
	if (!b)
		return;
	if (b->flags & MIP_B_BUL)
		kfree(b);
	else
		kmem_cache_free(mip_binding_cache, b);
}

/* Under RCU, or under the table's lock, which keeps the node but not the hash's buckets. */
static struct mip_node *mip_node_find(const struct mip_table *t, const struct mip_key *key)
{
	return rhashtable_lookup_fast((struct rhashtable *)&t->ht, key, mip_table_params);
}

/* The same on the way of a packet: the caller is under RCU. */
static struct mip_node *mip_node_find_rcu(const struct mip_table *t, const struct mip_key *key)
{
	return rhashtable_lookup((struct rhashtable *)&t->ht, key, mip_table_params);
}

/**
 * mip_table_find - finds the set of a home address
 * @t: the table
 * @addr: the address
 *
 * Context: RCU read side, or the table's lock.
 * Return: the set, or NULL.
 */
struct mip_set *mip_table_find(const struct mip_table *t, const struct in6_addr *addr)
{
	const struct mip_key key = { .addr = *addr, .plen = 128 };
	struct mip_node *node = mip_node_find(t, &key);

	return node && node->kind == MIP_NODE_SET ? mip_node_set(node) : NULL;
}

/**
 * mip_link_local_key - makes the key of a link-local address
 * @key: filled in
 * @addr: an address whose interface identifier is taken
 * @ifindex: the link
 */
void mip_link_local_key(struct in6_addr *key, const struct in6_addr *addr, u32 ifindex)
{
	key->s6_addr32[0] = htonl(0xfe800000);
	key->s6_addr32[1] = htonl(ifindex);
	key->s6_addr32[2] = addr->s6_addr32[2];
	key->s6_addr32[3] = addr->s6_addr32[3];
}

/**
 * mip_table_find_link_local - finds the set that a link-local address belongs to
 * @t: the table
 * @addr: the link-local address
 * @ifindex: the link it was seen on
 *
 * Context: RCU read side.
 * Return: the set, or NULL.
 */
struct mip_set *mip_table_find_link_local(const struct mip_table *t, const struct in6_addr *addr,
					  u32 ifindex)
{
	struct mip_key key = { .plen = 128 };
	struct mip_node *node;

	mip_link_local_key(&key.addr, addr, ifindex);
	node = mip_node_find(t, &key);
	return node && node->kind == MIP_NODE_LINK_LOCAL ? mip_node_set(node) : NULL;
}

/**
 * mip_table_find_longest - finds the set that an address leads to
 * @t: the table
 * @addr: a destination or source of packets
 *
 * The home address itself, else the longest mobile network prefix: one lookup
 * for each prefix length that is in use.
 *
 * Context: RCU read side.
 * Return: the set, or NULL.
 */
struct mip_set *mip_table_find_longest(const struct mip_table *t, const struct in6_addr *addr)
{
	struct mip_key key = { .addr = *addr, .plen = 128 };
	struct mip_node *node = mip_node_find_rcu(t, &key);
	unsigned long plen, size;

	if (node)
		return node->kind == MIP_NODE_LINK_LOCAL ? NULL : mip_node_set(node);

	for (size = MIP_PLENS; (plen = find_last_bit(t->plens, size)) < size; size = plen) {
		key.plen = plen;
		ipv6_addr_prefix(&key.addr, addr, plen);
		node = mip_node_find_rcu(t, &key);
		if (node)
			return mip_node_set(node);
	}
	return NULL;
}

/* Lengths in use; 128 is always tried. */
static void mip_table_count_plen(struct mip_table *t, u32 plen, int by)
{
	t->n_plen[plen] += by;
	if (plen == 128)
		return;
	if (t->n_plen[plen])
		__set_bit(plen, t->plens);
	else
		__clear_bit(plen, t->plens);
}

static void mip_prefix_release(struct mip_table *t, struct mip_prefix *p)
{
	if (--p->node.users)
		return;
	rhashtable_remove_fast(&t->ht, &p->node.head, mip_table_params);
	mip_table_count_plen(t, p->node.key.plen, -1);
	kfree_rcu(p, rcu);
}

static void mip_prefix_list_release(struct mip_table *t, struct mip_prefix_list *list)
{
	unsigned int i;

	if (!list)
		return;
	for (i = 0; i < list->n; i++)
		mip_prefix_release(t, list->prefix[i]);
	/* A timer that runs by now finds its table through it. */
	kfree_rcu(list, rcu);
}

static void mip_binding_free_rcu(struct rcu_head *rcu)
{
	struct mip_binding *b = container_of(rcu, struct mip_binding, rcu);

	if ((b->flags & MIP_B_LAST) && (b->flags & MIP_B_JOINED))
		mip_binding_free(container_of(b->joined, struct mip_binding, own));
	mip_binding_free(b);
}

/* What was replaced or taken out of its set goes; @t->lock held. */
static void mip_binding_bury(struct mip_table *t, struct mip_binding *b, u16 more_flags)
{
	WRITE_ONCE(b->flags, b->flags | MIP_B_DEAD | more_flags);
	/* A timer that runs by now waits for the lock, and then sees MIP_B_DEAD. */
	timer_delete(&b->timer);
	mip_prefix_list_release(t, mip_binding_prefixes(b));
	if (t->ops->gone)
		t->ops->gone(t->mn, b);
	/* The memory of a set that goes on: freed with the last binding of the set. */
	if (!(b->flags & (MIP_B_JOINED | MIP_B_LAST)))
		return;
	call_rcu(&b->rcu, mip_binding_free_rcu);
}

/**
 * mip_table_unlink - takes one binding out and tells about it
 * @t: its table, locked
 * @b: the binding
 * @reason: for the event
 * @portid: netlink port of who asks, for the event
 */
void mip_table_unlink(struct mip_table *t, struct mip_binding *b, enum mipsock_reason reason,
		      u32 portid)
{
	struct mip_set *set = mip_binding_set(b);
	struct mip_binding __rcu **link = &set->first;
	struct mip_binding *i;
	u16 more_flags = 0;

	while ((i = rcu_dereference_protected(*link, lockdep_is_held(&t->lock))) != b)
		link = &i->next;
	mip_message_event(t, b, t->ops->remove, reason, portid);
	if (!--set->node.users) {
		rhashtable_remove_fast(&t->ht, &set->node.head, mip_table_params);
		more_flags = MIP_B_LAST;
	}
	rcu_assign_pointer(*link, mip_next(t, b));
	t->n_bindings--;
	t->n_home -= mip_binding_is_home(b);
	mip_binding_bury(t, b, more_flags);
}

/*
 * The timer wheel is late by up to an eighth of the time asked for. So a long
 * lifetime is approached in steps, and the last one is short.
 */
static unsigned long mip_timer_aim(unsigned long expires)
{
	unsigned long now = jiffies;

	if (time_after_eq(now, expires))
		return now;
	return expires - (expires - now) / 8;
}

static void mip_binding_timer(struct timer_list *timer)
{
	struct mip_binding *b = container_of(timer, struct mip_binding, timer);
	struct mip_prefix_list *list = mip_binding_prefixes(b);
	struct mip_table *t = list ? list->table : b->table;

	spin_lock(&t->lock);
	if (b->flags & MIP_B_DEAD)
		goto out;
	if (mip_binding_alive(b)) {
		mod_timer(&b->timer, mip_timer_aim(b->expires));
		goto out;
	}
	mip_count(t->mn,
		  t->ops->group == MIP_GROUP_BC ? MIP_STAT_BC_EXPIRED : MIP_STAT_BUL_EXPIRED);
	mip_table_unlink(t, b, MIPSOCK_REASON_EXPIRED, 0);
out:
	spin_unlock(&t->lock);
}

/* Memory for a request, before any lock is taken. */
struct mip_put_memory {
	struct mip_prefix_list *list;
	struct mip_prefix *prefix[MIP_PREFIXES_PER_BINDING + 1];
	bool seen; /* readers may have reached it */
};

static void mip_put_memory_free(struct mip_put_memory *mem, unsigned int n)
{
	unsigned int i;

	kfree(mem->list);
	for (i = 0; i < n; i++)
		kfree(mem->prefix[i]);
}

static int mip_put_memory_alloc(struct mip_put_memory *mem, const struct mip_put *put)
{
	unsigned int i;

	if (!put->n_prefixes)
		return 0;
	mem->list = kzalloc(struct_size(mem->list, prefix, put->n_prefixes), GFP_KERNEL_ACCOUNT);
	if (!mem->list)
		return -ENOMEM;
	for (i = 0; i < put->n_prefixes; i++) {
		mem->prefix[i] = kzalloc(sizeof(*mem->prefix[i]), GFP_KERNEL_ACCOUNT);
		if (!mem->prefix[i])
			return -ENOMEM;
	}
	return 0;
}

/* Whether someone else has one of the prefixes; @t->lock held. */
static int mip_put_check_prefixes(struct mip_table *t, const struct mip_put *put,
				  const struct mip_set *set, struct netlink_ext_ack *extack)
{
	unsigned int i;

	for (i = 0; i < put->n_prefixes; i++) {
		struct mip_node *node = mip_node_find(t, &put->prefixes[i].key);

		if (!node || (node->kind == put->prefixes[i].kind && mip_node_set(node) == set))
			continue;
		if (put->prefixes[i].kind == MIP_NODE_MNP)
			NL_SET_ERR_MSG(extack,
				       "a mobile network prefix belongs to another home address");
		else
			NL_SET_ERR_MSG(extack,
				       "the link-local address belongs to another home address");
		return -EEXIST;
	}
	return 0;
}

/*
 * Puts the prefixes' nodes in, or takes a further use of those that stand;
 * @t->lock held. From here on readers may reach @set.
 */
static int mip_put_prefixes(struct mip_table *t, const struct mip_put *put, struct mip_set *set,
			    struct mip_put_memory *mem, struct netlink_ext_ack *extack)
{
	unsigned int i;
	int err;

	for (i = 0; i < put->n_prefixes; i++) {
		struct mip_node *node = mip_node_find(t, &put->prefixes[i].key);
		struct mip_prefix *p;

		if (node) {
			p = container_of(node, struct mip_prefix, node);
		} else {
			p = mem->prefix[i];
			p->node.key = put->prefixes[i].key;
			p->node.kind = put->prefixes[i].kind;
			p->set = set;
			err = rhashtable_insert_fast(&t->ht, &p->node.head, mip_table_params);
			if (err)
				goto undo;
			mip_table_count_plen(t, p->node.key.plen, 1);
			mem->prefix[i] = NULL;
		}
		p->node.users++;
		mem->list->prefix[i] = p;
		mem->list->n = i + 1;
	}
	return 0;

undo:
	NL_SET_ERR_MSG(extack, "no memory for a prefix in the table");
	mip_prefix_list_release(t, mem->list);
	mem->list = NULL;
	return err;
}

/* Where @b goes among the bindings of its set, and what it replaces; @t->lock held. */
static struct mip_binding __rcu **mip_set_place(struct mip_table *t, struct mip_set *set,
						const struct mip_binding *b,
						struct mip_binding **old)
{
	struct mip_binding __rcu **place = NULL, **link = &set->first;
	struct mip_binding *i;

	*old = NULL;
	while ((i = rcu_dereference_protected(*link, lockdep_is_held(&t->lock)))) {
		if (t->ops->same(i, b)) {
			*old = i;
			return link;
		}
		if (!place && i->bid >= b->bid)
			place = link;
		link = &i->next;
	}
	return place ?: link;
}

/* The set that a binding begins; its key is that of the request. */
static struct mip_set *mip_set_begin(struct mip_table *t, struct mip_binding *b,
				     const struct mip_key *key)
{
	b->own.node.key = *key;
	b->own.node.kind = MIP_NODE_SET;
	b->own.node.users = 1;
	RCU_INIT_POINTER(b->own.first, b);
	return &b->own;
}

/* Puts @b where readers find it, in the place of @old if there is one; @t->lock held. */
static int mip_set_link(struct mip_table *t, struct mip_set *set, struct mip_binding *b,
			struct mip_binding *old, struct mip_binding __rcu **link)
{
	if (set == &b->own && !old)
		return rhashtable_insert_fast(&t->ht, &set->node.head, mip_table_params);
	if (set == &b->own)
		return rhashtable_replace_fast(&t->ht, &old->own.node.head, &set->node.head,
					       mip_table_params);
	b->joined = set;
	b->flags |= MIP_B_JOINED;
	RCU_INIT_POINTER(b->next,
			 old ? mip_next(t, old) :
			       rcu_dereference_protected(*link, lockdep_is_held(&t->lock)));
	rcu_assign_pointer(*link, b);
	set->node.users += !old;
	return 0;
}

/* Whether a set has nothing but the binding that it lives in. */
static bool mip_set_is_simple(const struct mip_set *set, const struct mip_binding *b)
{
	return set == &b->own && set->node.users == 1 && !mip_binding_prefixes(b);
}

static int mip_table_put_locked(struct mip_table *t, struct mip_put *put,
				struct mip_put_memory *mem, struct netlink_ext_ack *extack)
{
	struct mip_key key = { .addr = put->key, .plen = 128 };
	struct mip_binding *b = put->binding, *old = NULL;
	enum mipsock_reason reason = MIPSOCK_REASON_NEW;
	struct mip_node *node = mip_node_find(t, &key);
	struct mip_binding __rcu **link = NULL;
	struct mip_set *set = NULL;
	bool old_set_goes;
	int err;

	if (node && node->kind != MIP_NODE_SET) {
		NL_SET_ERR_MSG(extack, "the address is a mobile network prefix of another one");
		return -EEXIST;
	}
	if (node) {
		set = mip_node_set(node);
		link = mip_set_place(t, set, b, &old);
	}
	if (!old && t->n_bindings >= READ_ONCE(mip_max_bindings)) {
		mip_count(t->mn, MIP_STAT_TABLE_FULL);
		NL_SET_ERR_MSG(extack, "the table is full (module parameter max_bindings)");
		return -ENOSPC;
	}
	if (!old && set && set->node.users >= t->ops->per_set) {
		NL_SET_ERR_MSG(extack, "the address has as many bindings as it may have");
		return -ENOSPC;
	}
	old_set_goes = old && !put->n_prefixes && mip_set_is_simple(set, old);
	if (!set || old_set_goes)
		set = mip_set_begin(t, b, &key);
	err = mip_put_check_prefixes(t, put, set, extack);
	if (err)
		return err;
	mem->seen = true;
	err = mip_put_prefixes(t, put, set, mem, extack);
	if (err)
		return err;

	if (mem->list) {
		mem->list->table = t;
		b->prefixes = mem->list;
		b->flags |= MIP_B_PREFIXES;
		mem->list = NULL;
	} else {
		b->table = t;
	}
	err = mip_set_link(t, set, b, old, link);
	if (err) {
		NL_SET_ERR_MSG(extack, "no memory for the address in the table");
		mip_prefix_list_release(t, mip_binding_prefixes(b));
		return err;
	}
	/* From here on nothing fails. */
	if (old)
		reason = ipv6_addr_equal(&old->local, &b->local) &&
					 ipv6_addr_equal(&old->remote, &b->remote) ?
				 MIPSOCK_REASON_REFRESHED :
				 MIPSOCK_REASON_HANDOVER;
	else
		t->n_bindings++;
	t->n_home += mip_binding_is_home(b) - (old && mip_binding_is_home(old));
	timer_setup(&b->timer, mip_binding_timer, 0);
	mod_timer(&b->timer, mip_timer_aim(b->expires));
	mip_message_event(t, b, t->ops->add, reason, put->portid);
	if (old)
		mip_binding_bury(t, old, old_set_goes ? MIP_B_LAST : 0);
	return reason;
}

/**
 * mip_table_put - adds a binding or replaces the one that is there
 * @t: the table
 * @put: what to put; @put->binding is the table's after success, else the caller's
 * @extack: why not
 *
 * Context: process.
 * Return: enum mipsock_reason (NEW, HANDOVER or REFRESHED); -EEXIST when an
 * address or prefix belongs to someone else, -ENOSPC at a limit, -ENOMEM or
 * what the hash table says when there is no memory.
 */
int mip_table_put(struct mip_table *t, struct mip_put *put, struct netlink_ext_ack *extack)
{
	struct mip_put_memory mem = {};
	int ret = mip_put_memory_alloc(&mem, put);

	if (ret) {
		NL_SET_ERR_MSG(extack, "no memory for the binding");
	} else {
		spin_lock_bh(&t->lock);
		ret = mip_table_put_locked(t, put, &mem, extack);
		spin_unlock_bh(&t->lock);
		if (ret < 0 && mem.seen)
			synchronize_rcu();
	}
	mip_put_memory_free(&mem, put->n_prefixes);
	return ret;
}

/**
 * mip_table_remove - takes bindings of one address out
 * @t: the table
 * @addr: address of the set
 * @match: says which
 * @arg: for @match
 * @reason: for the event
 * @portid: netlink port of who asks, for the event
 *
 * Return: how many there were.
 */
int mip_table_remove(struct mip_table *t, const struct in6_addr *addr,
		     bool (*match)(const struct mip_binding *b, const void *arg), const void *arg,
		     enum mipsock_reason reason, u32 portid)
{
	struct mip_binding *b, *next;
	struct mip_set *set;
	int n = 0;

	spin_lock_bh(&t->lock);
	set = mip_table_find(t, addr);
	for (b = set ? mip_first(t, set) : NULL; b; b = next) {
		next = mip_next(t, b);
		if (match(b, arg)) {
			mip_table_unlink(t, b, reason, portid);
			n++;
		}
	}
	spin_unlock_bh(&t->lock);
	return n;
}

/**
 * mip_table_init - makes an empty table
 * @t: the table
 * @mn: the namespace
 * @ops: what kind of table
 *
 * Return: 0 or what the hash table says.
 */
int mip_table_init(struct mip_table *t, struct mip_net *mn, const struct mip_table_ops *ops)
{
	spin_lock_init(&t->lock);
	t->mn = mn;
	t->ops = ops;
	return rhashtable_init(&t->ht, &mip_table_params);
}

int mip_table_module_init(void)
{
	mip_binding_cache = KMEM_CACHE(mip_binding, 0);
	return mip_binding_cache ? 0 : -ENOMEM;
}

/* After rcu_barrier(). */
void mip_table_module_exit(void)
{
	kmem_cache_destroy(mip_binding_cache);
}
