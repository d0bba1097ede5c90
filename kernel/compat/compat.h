/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernel releases, all of them, by the feature tests that
 * Kbuild makes on the target's headers. Included before every source file.
 */
#ifndef _MIPSOCK_COMPAT_H
#define _MIPSOCK_COMPAT_H

#include <linux/netdevice.h>
#include <linux/timer.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>
#include <net/xfrm.h>

#ifndef MIP_HAVE_TIMER_DELETE
#define timer_delete(timer) del_timer(timer)
#define timer_delete_sync(timer) del_timer_sync(timer)
#endif

/* The first argument of pre_doit. */
#ifdef MIP_HAVE_SPLIT_OPS
#define mip_genl_op genl_split_ops
#else
#define mip_genl_op genl_ops
#endif

/* Reserved fields of the generic netlink header are checked from here on. */
#ifdef MIP_HAVE_RESV_START_OP
#define MIP_GENL_RESV_START_OP(op) .resv_start_op = (op),
#else
#define MIP_GENL_RESV_START_OP(op)
#endif

/* Who listens to a group learns where people are. */
#ifdef MIP_HAVE_MCAST_CAP
#define MIP_MCAST_ADMIN .flags = GENL_MCAST_CAP_NET_ADMIN
#else
#define MIP_MCAST_ADMIN
#endif

static inline void mip_compat_set_lltx(struct net_device *dev)
{
#ifdef MIP_HAVE_LLTX_BIT
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* Per-CPU traffic counters: newer kernels allocate and free them themselves. */
static inline void mip_compat_set_tstats(struct net_device *dev)
{
#ifdef MIP_HAVE_PCPU_STAT_TYPE
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
#endif
}

static inline int mip_compat_alloc_tstats(struct net_device *dev)
{
#ifndef MIP_HAVE_PCPU_STAT_TYPE
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!dev->tstats)
		return -ENOMEM;
#endif
	return 0;
}

static inline void mip_compat_free_tstats(struct net_device *dev)
{
#ifndef MIP_HAVE_PCPU_STAT_TYPE
	free_percpu(dev->tstats);
#endif
}

static inline int mip_compat_xfrm_init_state(struct xfrm_state *x, struct netlink_ext_ack *extack)
{
#ifdef MIP_HAVE_XFRM_INIT_EXTACK
	return xfrm_init_state(x, extack);
#else
	return xfrm_init_state(x);
#endif
}

#endif /* _MIPSOCK_COMPAT_H */
