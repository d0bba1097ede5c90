// SPDX-License-Identifier: GPL-2.0-only
/*
 * Home links. Solicitations for a mobile node's address go to a multicast
 * address that this node has not joined, and joining one for each home address
 * would cost a walk of a list for each (measured: 130 us at 16k). So as long as
 * a binding is defended on a link, the link receives all multicast.
 *
 * Bindings come and go under the table's lock and in softirq, the device's flag
 * is set under RTNL: bindings count, and a work item brings the flag in line.
 * No reference to the device is held, so it can be deleted at any time.
 */
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "homelink.h"
#include "mipsock.h"

struct mip_homelink {
	struct list_head node;
	u32 ifindex;
	unsigned int users;
	bool allmulti; /* set by us; RTNL */
};

static struct mip_homelink *mip_homelink_find(struct mip_net *mn, u32 ifindex)
{
	struct mip_homelink *link;

	list_for_each_entry(link, &mn->home_links, node) {
		if (link->ifindex == ifindex)
			return link;
	}
	return NULL;
}

static int mip_homelink_check(struct mip_net *mn, u32 ifindex, struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err = 0;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(mn->net, ifindex);
	if (!dev) {
		NL_SET_ERR_MSG(extack, "the home link does not exist");
		err = -ENODEV;
	} else if (dev->type != ARPHRD_ETHER || (dev->flags & IFF_NOARP)) {
		NL_SET_ERR_MSG(extack, "the home link is not an Ethernet with neighbour discovery");
		err = -EINVAL;
	}
	rcu_read_unlock();
	return err;
}

/* Sets allmulticast where it is needed, and gives it back where it no longer is. */
static void mip_homelink_sync(struct mip_net *mn)
{
	struct mip_homelink *link, *tmp;
	LIST_HEAD(unused);

	rtnl_lock();
	spin_lock_bh(&mn->home_links_lock);
	list_for_each_entry_safe(link, tmp, &mn->home_links, node) {
		if (!link->users)
			list_move(&link->node, &unused);
	}
	spin_unlock_bh(&mn->home_links_lock);
	/* Links are added to the list only, and taken off it only here, under RTNL. */
	list_for_each_entry(link, &mn->home_links, node) {
		struct net_device *dev = __dev_get_by_index(mn->net, link->ifindex);

		if (dev && !link->allmulti)
			link->allmulti = !dev_set_allmulti(dev, 1);
	}
	list_for_each_entry_safe(link, tmp, &unused, node) {
		struct net_device *dev = __dev_get_by_index(mn->net, link->ifindex);

		if (dev && link->allmulti)
			dev_set_allmulti(dev, -1);
		kfree(link);
	}
	rtnl_unlock();
}

/* Work item: a link's last binding has gone. */
void mip_homelink_work(struct work_struct *work)
{
	mip_homelink_sync(container_of(work, struct mip_net, home_links_work));
}

/**
 * mip_homelink_get - one more binding is defended on a link
 * @mn: the namespace
 * @ifindex: the link
 * @extack: why not
 *
 * Context: process.
 * Return: 0; -ENODEV, -EINVAL when it is no such link, -ENOMEM.
 */
int mip_homelink_get(struct mip_net *mn, u32 ifindex, struct netlink_ext_ack *extack)
{
	struct mip_homelink *link, *new = NULL;
	int err;

	err = mip_homelink_check(mn, ifindex, extack);
	if (err)
		return err;
	spin_lock_bh(&mn->home_links_lock);
	link = mip_homelink_find(mn, ifindex);
	if (link)
		link->users++;
	spin_unlock_bh(&mn->home_links_lock);
	if (link)
		return 0;

	new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	new->ifindex = ifindex;
	new->users = 1;
	rtnl_lock();
	spin_lock_bh(&mn->home_links_lock);
	link = mip_homelink_find(mn, ifindex);
	if (link) {
		link->users++;
	} else {
		list_add(&new->node, &mn->home_links);
		new = NULL;
	}
	spin_unlock_bh(&mn->home_links_lock);
	rtnl_unlock();
	kfree(new);
	/* Before the request is answered: who asked may rely on the defence. */
	mip_homelink_sync(mn);
	return 0;
}

/**
 * mip_homelink_put - one binding less is defended on a link
 * @mn: the namespace
 * @ifindex: the link
 *
 * Context: any that can take a spinlock.
 */
void mip_homelink_put(struct mip_net *mn, u32 ifindex)
{
	struct mip_homelink *link;

	spin_lock_bh(&mn->home_links_lock);
	link = mip_homelink_find(mn, ifindex);
	if (link && !--link->users)
		schedule_work(&mn->home_links_work);
	spin_unlock_bh(&mn->home_links_lock);
}

/**
 * mip_homelink_device_gone - a device leaves the namespace
 * @mn: the namespace
 * @dev: the device
 *
 * Gives allmulticast back: the device may be on its way to another namespace.
 *
 * Context: RTNL, from the notifier.
 */
void mip_homelink_device_gone(struct mip_net *mn, struct net_device *dev)
{
	struct mip_homelink *link;

	list_for_each_entry(link, &mn->home_links, node) {
		if (link->ifindex == dev->ifindex && link->allmulti) {
			dev_set_allmulti(dev, -1);
			link->allmulti = false;
		}
	}
}

/**
 * mip_homelink_exit - gives everything back
 * @mn: the namespace, without bindings
 */
void mip_homelink_exit(struct mip_net *mn)
{
	cancel_work_sync(&mn->home_links_work);
	mip_homelink_sync(mn);
	WARN_ON_ONCE(!list_empty(&mn->home_links));
}
