/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The `mip` device.
 */
#ifndef _MIPSOCK_DEVICE_H
#define _MIPSOCK_DEVICE_H

#include <linux/netdevice.h>
#include <net/ip6_tunnel.h>

struct mip_net;

/**
 * struct mip_device - private area of a mip device
 * @tunnel: must be first: ip6_tnl_xmit() takes netdev_priv() for it
 * @node: in mip_net.devices of the namespace of the outer packets
 * @hash_seed: for the hash of a packet's flow
 * @bid: which binding of a set it sends by; 0 the primary one
 */
struct mip_device {
	struct ip6_tnl tunnel;
	struct list_head node;
	u32 hash_seed;
	u16 bid;
};

struct net_device *mip_device_for(struct mip_net *mn, u16 bid);
void mip_device_exit(struct mip_net *mn, struct list_head *kill);
int mip_device_module_init(void);
void mip_device_module_exit(void);

#endif /* _MIPSOCK_DEVICE_H */
