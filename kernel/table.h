/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables of bindings: what binding cache and binding update list have in common.
 *
 * One hash holds nodes keyed (address, prefix length). Three kinds of node:
 * a set (one home address, length 128) with its bindings in ascending order of
 * BID; a mobile network prefix, which points to the set of its router; and the
 * link-local address that goes with a home address (flag L), keyed with the
 * interface index in its second 32 bits, as fe80::1 on two links are two.
 *
 * Readers run under RCU and take no lock. A binding is never changed once it
 * can be seen: an update puts a new one in its place, so that a reader has all
 * of the old one or all of the new one. Writers hold the table's spinlock.
 *
 * A set lives inside of the binding that began it, since most addresses have
 * one binding, and with many of them it is the number of pages touched for a
 * packet that costs. Such a binding is replaced together with its set, in the
 * hash. Where a set has more (several BIDs, prefixes that point to it), it
 * stays, and with it the memory of the binding that holds it, until the last
 * of its bindings goes.
 *
 * Each binding has its own timer, so expiry costs what expires and no walk.
 */
#ifndef _MIPSOCK_TABLE_H
#define _MIPSOCK_TABLE_H

#include <linux/in6.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <net/ipv6.h>

#include <linux/mipsock.h>

struct mip_net;
struct mip_table;

#define MIP_BINDINGS_PER_HOA 16
#define MIP_BINDINGS_PER_PEER 128
#define MIP_PREFIXES_PER_BINDING 16
#define MIP_PLENS 129

enum mip_node_kind {
	MIP_NODE_SET,
	MIP_NODE_MNP,
	MIP_NODE_LINK_LOCAL,
};

struct mip_key {
	struct in6_addr addr;
	u32 plen;
};

struct mip_node {
	struct rhash_head head;
	struct mip_key key;
	u8 kind; /* enum mip_node_kind */
	u8 users; /* bindings of a set, or bindings that named the prefix */
};

struct mip_set {
	struct mip_node node;
	struct mip_binding __rcu *first;
};

/* A mobile network prefix or a link-local address. */
struct mip_prefix {
	struct mip_node node;
	struct mip_set *set;
	struct rcu_head rcu;
};

struct mip_prefix_list {
	struct mip_table *table;
	struct rcu_head rcu;
	unsigned int n;
	struct mip_prefix *prefix[];
};

/* Flags of a binding beside those of the Binding Update. */
#define MIP_B_DEAD 0x0001 /* no longer in its table */
#define MIP_B_LAST 0x0002 /* its set ends with it */
#define MIP_B_IDLE 0x0004 /* at home, or refused by the home agent: steers nothing */
#define MIP_B_BUL 0x0008 /* is a struct mip_bul_entry */
#define MIP_B_JOINED 0x0010 /* belongs to a set that another binding began */
#define MIP_B_PREFIXES 0x0020 /* has a list of prefixes */
#define MIP_B_UAPI_FLAGS                                                              \
	(MIPSOCK_F_ACK | MIPSOCK_F_HOME | MIPSOCK_F_LINK_LOCAL | MIPSOCK_F_KEY_MGMT | \
	 MIPSOCK_F_ROUTER)

/*
 * 160 octets on 64 bit machines, as a home agent has many of them. Flags say
 * which member of a union is meant; JOINED and PREFIXES are set before anyone
 * sees the binding and stay.
 */
struct mip_binding {
	/* What a packet needs comes first and together. */
	union {
		struct mip_set own; /* the set, if this binding began it */
		struct mip_set *joined; /* MIP_B_JOINED */
	};
	struct in6_addr local; /* outer source of what we send */
	struct in6_addr remote; /* outer destination of what we send */
	unsigned long expires; /* jiffies */
	u16 bid;
	u16 flags;
	u32 ifindex;
	struct mip_binding __rcu *next;

	union {
		struct mip_table *table;
		struct mip_prefix_list *prefixes; /* MIP_B_PREFIXES */
	};
	struct timer_list timer;
	union {
		struct {
			u64 timestamp;
			u32 lifetime_msec; /* as given */
			u16 seq;
		};
		struct rcu_head rcu; /* when MIP_B_DEAD */
	};
};

/**
 * struct mip_table_ops - what differs between the tables
 * @add: message and event for a binding that was put in
 * @remove: message and event for a binding that was taken out
 * @group: multicast group of the events
 * @per_set: how many bindings a set may have
 * @same: whether @b is what @a replaces, both of one set
 * @fill: puts the attributes of @b into a message
 * @gone: (optional) a binding left the table; under its lock
 */
struct mip_table_ops {
	u8 add;
	u8 remove;
	u8 group;
	u8 per_set;
	bool (*same)(const struct mip_binding *a, const struct mip_binding *b);
	int (*fill)(struct sk_buff *skb, const struct mip_binding *b);
	void (*gone)(struct mip_net *mn, const struct mip_binding *b);
};

struct mip_table {
	struct rhashtable ht;
	spinlock_t lock; /* writers */
	struct mip_net *mn;
	const struct mip_table_ops *ops;
	unsigned int n_bindings;
	unsigned int n_home; /* of these, home registrations */
	unsigned int n_plen[MIP_PLENS];
	unsigned long plens[BITS_TO_LONGS(MIP_PLENS)]; /* lengths in use other than 128 */
};

/**
 * struct mip_put - a request to put a binding into a table
 * @key: address of the set
 * @binding: the new binding, filled in but for its links; the table takes it
 * @prefixes: mobile network prefixes and, last, the link-local address
 * @n_prefixes: how many
 * @portid: netlink port of who asks, for the event
 */
struct mip_put {
	struct in6_addr key;
	struct mip_binding *binding;
	struct {
		struct mip_key key;
		enum mip_node_kind kind;
	} prefixes[MIP_PREFIXES_PER_BINDING + 1];
	unsigned int n_prefixes;
	u32 portid;
};

struct mip_binding *mip_binding_alloc(void);
void mip_binding_free(struct mip_binding *b);

int mip_table_module_init(void);
void mip_table_module_exit(void);
int mip_table_init(struct mip_table *t, struct mip_net *mn, const struct mip_table_ops *ops);
void mip_table_destroy(struct mip_table *t);

int mip_table_put(struct mip_table *t, struct mip_put *put, struct netlink_ext_ack *extack);
int mip_table_remove(struct mip_table *t, const struct in6_addr *addr,
		     bool (*match)(const struct mip_binding *b, const void *arg), const void *arg,
		     enum mipsock_reason reason, u32 portid);
void mip_table_flush(struct mip_table *t, u16 flags, u32 portid);

struct mip_set *mip_table_find(const struct mip_table *t, const struct in6_addr *addr);
struct mip_set *mip_table_find_link_local(const struct mip_table *t, const struct in6_addr *addr,
					  u32 ifindex);
struct mip_set *mip_table_find_longest(const struct mip_table *t, const struct in6_addr *addr);

/**
 * struct mip_table_dump - where a dump stands
 * @table: what is dumped
 * @iter: place in it
 * @addr: the set that did not fit whole
 * @nth: how many of its bindings have been shown
 */
struct mip_table_dump {
	struct mip_table *table;
	struct rhashtable_iter iter;
	struct in6_addr addr;
	unsigned int nth;
};

void mip_table_dump_start(struct mip_table *t, struct mip_table_dump *dump);
int mip_table_dump(struct mip_table_dump *dump, struct sk_buff *skb, struct netlink_callback *cb);
void mip_table_dump_done(struct mip_table_dump *dump);

void mip_link_local_key(struct in6_addr *key, const struct in6_addr *addr, u32 ifindex);

/**
 * mip_binding_alive - whether a binding may still be used
 * @b: the binding
 *
 * The timer may come late; what counts is the time (RFC 6275 section 10.3.1).
 */
static inline bool mip_binding_alive(const struct mip_binding *b)
{
	return time_before(jiffies, b->expires);
}

static inline int mip_binding_is_home(const struct mip_binding *b)
{
	return !!(b->flags & MIPSOCK_F_HOME);
}

/* The set that a binding belongs to. */
static inline struct mip_set *mip_binding_set(struct mip_binding *b)
{
	return READ_ONCE(b->flags) & MIP_B_JOINED ? b->joined : &b->own;
}

static inline const struct in6_addr *mip_binding_addr(const struct mip_binding *b)
{
	return &mip_binding_set((struct mip_binding *)b)->node.key.addr;
}

/* Its prefixes, or NULL; under the table's lock. */
static inline struct mip_prefix_list *mip_binding_prefixes(const struct mip_binding *b)
{
	return READ_ONCE(b->flags) & MIP_B_PREFIXES ? b->prefixes : NULL;
}

/**
 * mip_set_binding - picks the binding of a set for a device
 * @set: the set
 * @bid: the device's binding identifier; 0 takes the first one, the primary
 *
 * Context: RCU read side.
 * Return: a live binding that steers packets, or NULL.
 */
static inline struct mip_binding *mip_set_binding(const struct mip_set *set, u16 bid)
{
	struct mip_binding *b;

	for (b = rcu_dereference(set->first); b; b = rcu_dereference(b->next)) {
		if ((!bid || b->bid == bid) && mip_binding_alive(b) &&
		    !(READ_ONCE(b->flags) & MIP_B_IDLE))
			return b;
	}
	return NULL;
}

#endif /* _MIPSOCK_TABLE_H */
