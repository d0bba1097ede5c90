// SPDX-License-Identifier: GPL-2.0-only
/*
 * mipsock: Mobile IPv6 and NEMO forwarding for Linux, SHISA's mobility socket.
 *
 * netlink.c    the MIPSOCK family (linux/mipsock.h); policy.h, relay.c, message.c
 * nodetype.c   which functions a node has
 * table.c      bindings, looked up under RCU; bcache.c and bul.c are two uses of it
 * table-walk.c flush and dump of them
 * device.c     the `mip` device: what is sent into the tunnel, on ip6_tunnel's core
 * tunnel.c     what comes out of it; icmp.c errors from inside it
 * ndproxy.c    defence of home addresses; nd.c, homelink.c, dad.c
 * ro.c         XFRM states and policy for signalling
 * hints.c      hints to the daemons, limited in rate
 * stats.c      counters
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "bcache.h"
#include "bul.h"
#include "dad.h"
#include "device.h"
#include "homelink.h"
#include "mipsock.h"
#include "ndproxy.h"
#include "netlink.h"
#include "ro.h"
#include "tunnel.h"

unsigned int mip_net_id __read_mostly;

static int __net_init mip_net_init(struct net *net)
{
	struct mip_net *mn = mip_net(net);
	int err;

	mn->net = net;
	mutex_init(&mn->config);
	INIT_LIST_HEAD(&mn->devices);
	INIT_LIST_HEAD(&mn->home_links);
	spin_lock_init(&mn->home_links_lock);
	INIT_WORK(&mn->home_links_work, mip_homelink_work);
	mip_hint_init(&mn->hints);

	mn->stats = alloc_percpu(struct mip_stats);
	if (!mn->stats)
		return -ENOMEM;
	err = mip_dad_init(mn) ?: mip_ro_init(mn);
	if (err)
		goto err_memory;
	err = mip_table_init(&mn->bc, mn, &mip_bc_ops);
	if (err)
		goto err_memory;
	err = mip_table_init(&mn->bul_home, mn, &mip_bul_home_ops);
	if (err)
		goto err_bc;
	err = mip_table_init(&mn->bul_cn, mn, &mip_bul_cn_ops);
	if (err)
		goto err_bul_home;
	return 0;

err_bul_home:
	mip_table_destroy(&mn->bul_home);
err_bc:
	mip_table_destroy(&mn->bc);
err_memory:
	mip_ro_exit(mn);
	mip_dad_exit(mn);
	free_percpu(mn->stats);
	return err;
}

/*
 * Nothing is received or sent in these namespaces any more, and no message
 * comes. Timers may still run until the grace period that rcu_barrier() waits
 * for, since each of them that found work has left a callback.
 */
static void __net_exit mip_net_exit(struct list_head *nets)
{
	struct net *net;
	LIST_HEAD(kill);

	rtnl_lock();
	list_for_each_entry(net, nets, exit_list)
		mip_device_exit(mip_net(net), &kill);
	unregister_netdevice_many(&kill);
	rtnl_unlock();

	list_for_each_entry(net, nets, exit_list) {
		struct mip_net *mn = mip_net(net);

		mip_nd_enable(mn, false);
		mip_table_destroy(&mn->bc);
		mip_table_destroy(&mn->bul_home);
		mip_table_destroy(&mn->bul_cn);
		mip_homelink_exit(mn);
	}
	synchronize_rcu();
	rcu_barrier();
	list_for_each_entry(net, nets, exit_list) {
		struct mip_net *mn = mip_net(net);

		mip_ro_exit(mn);
		mip_dad_exit(mn);
		free_percpu(mn->stats);
	}
}

static struct pernet_operations mip_net_ops = {
	.init = mip_net_init,
	.exit_batch = mip_net_exit,
	.id = &mip_net_id,
	.size = sizeof(struct mip_net),
};

static int mip_netdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (event == NETDEV_UNREGISTER)
		mip_homelink_device_gone(mip_net(dev_net(dev)), dev);
	return NOTIFY_DONE;
}

static struct notifier_block mip_netdev_notifier = {
	.notifier_call = mip_netdev_event,
};

static int __init mip_init(void)
{
	int err;

	err = mip_table_module_init();
	if (err)
		return err;
	err = register_pernet_subsys(&mip_net_ops);
	if (err)
		goto err_table;
	err = register_netdevice_notifier(&mip_netdev_notifier);
	if (err)
		goto err_pernet;
	err = mip_device_module_init();
	if (err)
		goto err_notifier;
	err = mip_tunnel_module_init();
	if (err)
		goto err_device;
	err = mip_netlink_init();
	if (err)
		goto err_tunnel;
	return 0;

err_tunnel:
	mip_tunnel_module_exit();
err_device:
	mip_device_module_exit();
err_notifier:
	unregister_netdevice_notifier(&mip_netdev_notifier);
err_pernet:
	unregister_pernet_subsys(&mip_net_ops);
err_table:
	rcu_barrier();
	mip_table_module_exit();
	return err;
}

static void __exit mip_exit(void)
{
	mip_netlink_exit();
	mip_tunnel_module_exit();
	mip_device_module_exit();
	unregister_netdevice_notifier(&mip_netdev_notifier);
	unregister_pernet_subsys(&mip_net_ops);
	rcu_barrier();
	mip_table_module_exit();
}

module_init(mip_init);
module_exit(mip_exit);
MODULE_DESCRIPTION("Mobile IPv6 and NEMO: binding cache, binding update list, mip devices");
MODULE_LICENSE("GPL");
