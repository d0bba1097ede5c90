// SPDX-License-Identifier: GPL-2.0-only
/*
 * Duplicate address detection for home addresses (RFC 6275 section 10.3.1 asks
 * for it before a home registration is accepted; RFC 4862 section 5.4 is how).
 * The address is not this node's, so the kernel's own detection cannot do it.
 *
 * A detection sends its probes from a timer and listens through the hook of
 * ndproxy.c. It ends once: whoever takes it off the list under the lock, timer,
 * hook or request, tells the requester. Its timer holds a reference.
 */
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/ndisc.h>

#include "dad.h"
#include "homelink.h"
#include "message.h"
#include "mipsock.h"
#include "nd.h"
#include "request.h"

#define MIP_DAD_MAX 1024 /* under way at once in a namespace */
#define MIP_DAD_HASH_BITS 8

struct mip_dad {
	struct hlist_node node; /* unhashed when it has ended */
	struct mip_net *mn;
	struct mip_dad_request req;
	struct in6_addr link_local;
	struct timer_list timer;
	refcount_t users;
	unsigned int probes_left;
	unsigned long interval;
};

struct mip_dad_table {
	spinlock_t lock;
	unsigned int count;
	DECLARE_HASHTABLE(hash, MIP_DAD_HASH_BITS);
};

/* By the interface identifier: the link-local address has the same one. */
static struct hlist_head *mip_dad_chain(struct mip_dad_table *table, const struct in6_addr *addr)
{
	u32 hash =
		jhash_2words((__force u32)addr->s6_addr32[2], (__force u32)addr->s6_addr32[3], 0);

	return &table->hash[hash_32(hash, MIP_DAD_HASH_BITS)];
}

static struct mip_dad *mip_dad_find(struct mip_dad_table *table, const struct in6_addr *addr,
				    u32 ifindex)
{
	struct mip_dad *dad;

	hlist_for_each_entry(dad, mip_dad_chain(table, addr), node) {
		if (dad->req.ifindex != ifindex)
			continue;
		if (ipv6_addr_equal(&dad->req.addr, addr) ||
		    (dad->req.link_local && ipv6_addr_equal(&dad->link_local, addr)))
			return dad;
	}
	return NULL;
}

static void mip_dad_release(struct mip_dad *dad)
{
	if (refcount_dec_and_test(&dad->users))
		kfree(dad);
}

static void mip_dad_send_result(struct mip_net *mn, const struct mip_dad_request *req,
				enum mipsock_dad_result result)
{
	struct sk_buff *skb = genlmsg_new(
		nla_total_size(sizeof(req->addr)) + 3 * nla_total_size(sizeof(u32)), GFP_ATOMIC);
	void *head = skb ? genlmsg_put(skb, 0, 0, &mip_family, 0, MIPM_DAD) : NULL;

	if (result == MIPSOCK_DAD_DUPLICATE)
		mip_count(mn, MIP_STAT_DAD_DUPLICATE);
	if (!head || nla_put_u8(skb, MIPA_DAD_CMD, MIPSOCK_DAD_RESULT) ||
	    nla_put_in6_addr(skb, MIPA_HOA, &req->addr) ||
	    nla_put_u32(skb, MIPA_IFINDEX, req->ifindex) ||
	    nla_put_u8(skb, MIPA_DAD_RESULT, result)) {
		mip_count(mn, MIP_STAT_EVENT_LOST);
		kfree_skb(skb);
		return;
	}
	genlmsg_end(skb, head);
	genlmsg_unicast(mn->net, skb, req->portid); /* the requester may be gone: fine */
}

/* Takes a detection off the table; @table->lock held. False when it has ended already. */
static bool mip_dad_end(struct mip_dad_table *table, struct mip_dad *dad)
{
	if (hlist_unhashed(&dad->node))
		return false;
	hlist_del_init(&dad->node);
	table->count--;
	mip_homelink_put(dad->mn, dad->req.ifindex);
	if (timer_delete(&dad->timer))
		mip_dad_release(dad); /* the timer's */
	return true;
}

static void mip_dad_finish(struct mip_dad *dad, enum mipsock_dad_result result)
{
	struct mip_dad_table *table = dad->mn->dad;

	spin_lock_bh(&table->lock);
	if (mip_dad_end(table, dad)) {
		mip_dad_send_result(dad->mn, &dad->req, result);
		mip_dad_release(dad);
	}
	spin_unlock_bh(&table->lock);
}

/* Without a carrier nobody is there who could answer: such a probe counts as sent. */
static bool mip_dad_probe(struct mip_dad *dad)
{
	struct net_device *dev;
	bool sent = false;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(dad->mn->net, dad->req.ifindex);
	if (dev && (dev->flags & IFF_UP)) {
		sent = !netif_carrier_ok(dev) || !mip_nd_send_probe(dev, &dad->req.addr);
		if (sent && dad->req.link_local)
			mip_nd_send_probe(dev, &dad->link_local);
	}
	rcu_read_unlock();
	return sent;
}

/* The timer holds one reference, which it hands on to itself or lets go. */
static void mip_dad_timer(struct timer_list *timer)
{
	struct mip_dad *dad = container_of(timer, struct mip_dad, timer);
	struct mip_dad_table *table = dad->mn->dad;
	bool again = false;

	if (!dad->probes_left) {
		mip_dad_finish(dad, MIPSOCK_DAD_UNIQUE);
		goto out;
	}
	dad->probes_left--;
	if (!mip_dad_probe(dad)) {
		mip_dad_finish(dad, MIPSOCK_DAD_FAILED);
		goto out;
	}
	spin_lock_bh(&table->lock);
	if (!hlist_unhashed(&dad->node)) {
		mod_timer(&dad->timer, jiffies + dad->interval);
		again = true;
	}
	spin_unlock_bh(&table->lock);
out:
	if (!again)
		mip_dad_release(dad);
}

/* DupAddrDetectTransmits and RetransTimer of the link; at least one probe. */
static int mip_dad_parameters(struct mip_dad *dad)
{
	struct inet6_dev *idev;
	struct net_device *dev;
	int err = -ENODEV;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(dad->mn->net, dad->req.ifindex);
	idev = dev ? __in6_dev_get(dev) : NULL;
	if (idev) {
		dad->probes_left = max(READ_ONCE(idev->cnf.dad_transmits), 1);
		dad->interval = max(NEIGH_VAR(idev->nd_parms, RETRANS_TIME), HZ / 100);
		err = 0;
	}
	rcu_read_unlock();
	return err;
}

static int mip_dad_insert(struct mip_dad *dad, struct netlink_ext_ack *extack)
{
	struct mip_dad_table *table = dad->mn->dad;
	int err = 0;

	spin_lock_bh(&table->lock);
	if (mip_dad_find(table, &dad->req.addr, dad->req.ifindex)) {
		NL_SET_ERR_MSG(extack, "a detection for this address is under way");
		err = -EALREADY;
	} else if (table->count >= MIP_DAD_MAX) {
		NL_SET_ERR_MSG(extack, "too many detections are under way");
		mip_count(dad->mn, MIP_STAT_DAD_REFUSED);
		err = -EBUSY;
	} else {
		hlist_add_head(&dad->node, mip_dad_chain(table, &dad->req.addr));
		table->count++;
		mod_timer(&dad->timer, jiffies);
	}
	spin_unlock_bh(&table->lock);
	return err;
}

/**
 * mip_dad_start - begins a detection
 * @mn: the namespace; its configuration is locked
 * @req: for what
 * @extack: why not
 *
 * The result follows as a message to @req->portid, also when the address is
 * one of this node's own (then at once).
 *
 * Return: 0; -EINVAL, -ENODEV, -EALREADY, -EBUSY when too many are under way,
 * -ENOMEM.
 */
int mip_dad_start(struct mip_net *mn, const struct mip_dad_request *req,
		  struct netlink_ext_ack *extack)
{
	struct mip_dad *dad;
	int err;

	if (!mip_addr_is_unicast6(&req->addr)) {
		NL_SET_ERR_MSG(extack, "the home address is not a global unicast IPv6 address");
		return -EINVAL;
	}
	dad = kzalloc(sizeof(*dad), GFP_KERNEL_ACCOUNT);
	if (!dad)
		return -ENOMEM;
	dad->mn = mn;
	dad->req = *req;
	ipv6_addr_set(&dad->link_local, htonl(0xfe800000), 0, req->addr.s6_addr32[2],
		      req->addr.s6_addr32[3]);
	refcount_set(&dad->users, 2); /* table and timer */
	timer_setup(&dad->timer, mip_dad_timer, 0);

	err = mip_homelink_get(mn, req->ifindex, extack);
	if (err)
		goto err_free;
	err = mip_dad_parameters(dad);
	if (err) {
		NL_SET_ERR_MSG(extack, "the home link does not run IPv6");
		goto err_link;
	}
	mip_count(mn, MIP_STAT_DAD_STARTED);
	if (ipv6_chk_addr(mn->net, &req->addr, NULL, 0)) {
		mip_dad_send_result(mn, req, MIPSOCK_DAD_DUPLICATE);
		goto err_link;
	}
	err = mip_dad_insert(dad, extack);
	if (!err)
		return 0;
err_link:
	mip_homelink_put(mn, req->ifindex);
err_free:
	kfree(dad);
	return err;
}

/**
 * mip_dad_stop - forgets a detection
 * @mn: the namespace
 * @req: which; portid and link_local are not looked at
 * @extack: why not
 *
 * Return: 0; -ENOENT when none is under way.
 */
int mip_dad_stop(struct mip_net *mn, const struct mip_dad_request *req,
		 struct netlink_ext_ack *extack)
{
	struct mip_dad *dad;

	spin_lock_bh(&mn->dad->lock);
	dad = mip_dad_find(mn->dad, &req->addr, req->ifindex);
	if (dad && mip_dad_end(mn->dad, dad))
		mip_dad_release(dad);
	spin_unlock_bh(&mn->dad->lock);
	if (!dad)
		NL_SET_ERR_MSG(extack, "no detection for this address is under way");
	return dad ? 0 : -ENOENT;
}

/**
 * mip_dad_seen - looks whether a message ends a detection
 * @mn: the namespace
 * @nd: a valid message of another node
 * @ifindex: the link it came from
 *
 * RFC 4862 section 5.4.3 and 5.4.4: an advertisement for the address, or a
 * probe for it by someone else. Other solicitations say nothing.
 *
 * Context: softirq.
 */
void mip_dad_seen(struct mip_net *mn, const struct mip_nd *nd, u32 ifindex)
{
	struct mip_dad *dad;

	if (!READ_ONCE(mn->dad->count))
		return;
	if (nd->type == NDISC_NEIGHBOUR_SOLICITATION && !ipv6_addr_any(&nd->source))
		return;
	spin_lock_bh(&mn->dad->lock);
	dad = mip_dad_find(mn->dad, &nd->target, ifindex);
	if (dad && mip_dad_end(mn->dad, dad)) {
		mip_dad_send_result(mn, &dad->req, MIPSOCK_DAD_DUPLICATE);
		mip_dad_release(dad);
	}
	spin_unlock_bh(&mn->dad->lock);
}

/**
 * mip_dad_cancel_all - forgets all detections, telling the requesters
 * @mn: the namespace
 *
 * Context: process.
 */
void mip_dad_cancel_all(struct mip_net *mn)
{
	struct mip_dad_table *table = mn->dad;
	struct hlist_node *tmp;
	struct mip_dad *dad;
	int i;

	spin_lock_bh(&table->lock);
	hash_for_each_safe(table->hash, i, tmp, dad, node) {
		mip_dad_end(table, dad);
		mip_dad_send_result(mn, &dad->req, MIPSOCK_DAD_FAILED);
		mip_dad_release(dad);
	}
	spin_unlock_bh(&table->lock);
}

/* Memory for the namespace. */
int mip_dad_init(struct mip_net *mn)
{
	mn->dad = kzalloc(sizeof(*mn->dad), GFP_KERNEL);
	if (!mn->dad)
		return -ENOMEM;
	spin_lock_init(&mn->dad->lock);
	return 0;
}

/* After mip_dad_cancel_all() and a grace period: no timer runs any more. */
void mip_dad_exit(struct mip_net *mn)
{
	kfree(mn->dad);
}
