/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mipsock.ko: state of a network namespace, and what the files of the module
 * offer each other.
 */
#ifndef _MIPSOCK_H
#define _MIPSOCK_H

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/workqueue.h>
#include <net/netns/generic.h>

#include <linux/mipsock.h>

#include "hints.h"
#include "stats.h"
#include "table.h"

struct mip_dad_table;
struct mip_ro;

#define MIP_NODETYPE_HOME_SIDE (MIPSOCK_NODETYPE_CN | MIPSOCK_NODETYPE_HA)
#define MIP_NODETYPE_MOBILE (MIPSOCK_NODETYPE_MN | MIPSOCK_NODETYPE_MR)
#define MIP_NODETYPE_ALL (MIP_NODETYPE_HOME_SIDE | MIP_NODETYPE_MOBILE)

/**
 * struct mip_net - all the module knows in one network namespace
 * @net: the namespace
 * @config: serializes changes of the node type and what hangs on it
 * @nodetype: enabled functions, MIPSOCK_NODETYPE_*
 * @bc: binding cache; sets keyed by home address
 * @bul_home: home registrations of the binding update list, keyed by home address
 * @bul_cn: its other entries, keyed by the correspondent's address
 * @devices: the mip devices whose outer packets are of this namespace; RTNL, RCU
 * @home_links: links on which home addresses are defended
 * @home_links_lock: guards the list and its counts
 * @home_links_work: brings allmulticast in line with the counts
 * @dad: duplicate address detections under way
 * @ro: XFRM states and policies
 * @hints: rate limits
 * @stats: counters
 * @nd_hooked: the neighbour discovery hook is in place; @config
 */
struct mip_net {
	struct net *net;
	struct mutex config;
	u32 nodetype;
	struct mip_table bc;
	struct mip_table bul_home;
	struct mip_table bul_cn;
	struct list_head devices;
	struct list_head home_links;
	spinlock_t home_links_lock;
	struct work_struct home_links_work;
	struct mip_dad_table *dad;
	struct mip_ro *ro;
	struct mip_hint_limit hints;
	struct mip_stats __percpu *stats;
	bool nd_hooked;
};

extern unsigned int mip_net_id;

static inline struct mip_net *mip_net(struct net *net)
{
	return net_generic(net, mip_net_id);
}

#endif /* _MIPSOCK_H */
