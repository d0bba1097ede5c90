// SPDX-License-Identifier: GPL-2.0-only
/*
 * The `mip` device, SHISA's mip0 and nemoN. It is to ip6_tunnel what ip6_gre
 * is: its private area begins with struct ip6_tnl, and ip6_tnl_xmit() carries
 * the packet (MTU, ECN, flow label, GSO, IPv4 or IPv6 inside). This file only
 * says where to: on a home agent the binding of the packet's destination, on a
 * mobile node or router the home registration of its source.
 *
 * There is one device for each binding identifier, not for each binding.
 *
 * Set up so that ip6_tnl_xmit() takes addresses from each packet's flow:
 * parms.raddr is not :: (else it asks the neighbour table), parms.proto is 0
 * (else it uses the device's destination cache), collect_md is 0 (else it wants
 * metadata), and err_count is never touched (there is one for all bindings).
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/jhash.h>
#include <linux/module.h>
#include <linux/random.h>
#include <net/gro_cells.h>
#include <net/icmp.h>
#include <net/inet_ecn.h>
#include <net/ip6_route.h>

#include "device.h"
#include "mipsock.h"

#define MIP_HOP_LIMIT 64
/* A slot of ip6_tunnel's for encapsulations; the numbers in uapi end far below. */
#define MIP_ENCAP_SLOT (MAX_IPTUN_ENCAP_OPS - 1)
#define MIP_DEVICE_FEATURES \
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | NETIF_F_GSO_SOFTWARE | NETIF_F_HW_CSUM)

static bool mip_have_encap_slot;

/*
 * RFC 2473 section 7.1 (b): a packet of up to 1280 octets is tunnelled whatever
 * the path MTU, the tunnel packet fragmented where it must be. ip6_tnl_xmit()
 * clears ignore_df and ip6_fragment() would refuse; this is called in between.
 */
static int mip_encap_build_header(struct sk_buff *skb, struct ip_tunnel_encap *e, u8 *protocol,
				  struct flowi6 *fl6)
{
	if (skb->len <= IPV6_MIN_MTU)
		skb->ignore_df = 1;
	return 0;
}

static const struct ip6_tnl_encap_ops mip_encap_ops = {
	.build_header = mip_encap_build_header,
};

/* RFC 6275 section 10.4.2 and 11.3.1: nothing of link-local scope is tunnelled. */
static bool mip_is_link_scope(const struct ipv6hdr *ip6)
{
	int dst = ipv6_addr_type(&ip6->daddr);

	if (dst & IPV6_ADDR_MULTICAST)
		return IPV6_ADDR_MC_SCOPE(&ip6->daddr) <= IPV6_ADDR_SCOPE_LINKLOCAL;
	return (dst | ipv6_addr_type(&ip6->saddr)) & IPV6_ADDR_LINKLOCAL;
}

/* Finds the ends of the tunnel for a packet; false when there is no binding. */
static bool mip_steer(struct mip_net *mn, u16 bid, const struct in6_addr *saddr,
		      const struct in6_addr *daddr, struct flowi6 *fl6)
{
	struct mip_binding *b = NULL;
	enum mip_stat stat = MIP_STAT_TX_HOME_AGENT;
	struct mip_set *set;

	rcu_read_lock();
	if (READ_ONCE(mn->bc.n_bindings)) {
		set = mip_table_find_longest(&mn->bc, daddr);
		if (set)
			b = mip_set_binding(set, bid);
	}
	if (!b && READ_ONCE(mn->bul_home.n_bindings)) {
		set = mip_table_find_longest(&mn->bul_home, saddr);
		if (set)
			b = mip_set_binding(set, bid);
		stat = MIP_STAT_TX_MOBILE;
	}
	if (b) {
		fl6->saddr = b->local;
		fl6->daddr = b->remote;
		/* With two uplinks alive, the one that has the care-of address. */
		if (stat == MIP_STAT_TX_MOBILE)
			fl6->flowi6_oif = b->ifindex;
	}
	rcu_read_unlock();
	mip_count(mn, b ? stat : MIP_STAT_TX_NO_BINDING);
	return b;
}

/*
 * The outer flow label comes from the packet's hash (RFC 6438). Without one the
 * core would hash the outer addresses only, and that with a slower function.
 */
static void mip_set_flow_hash(struct sk_buff *skb, const struct mip_device *md,
			      const struct in6_addr *saddr, const struct in6_addr *daddr, u32 label)
{
	u32 hash;

	if (skb->l4_hash || skb->sw_hash)
		return;
	hash = jhash2((__force const u32 *)saddr->s6_addr32, 4, md->hash_seed ^ label);
	hash = jhash2((__force const u32 *)daddr->s6_addr32, 4, hash);
	__skb_set_sw_hash(skb, hash, false);
}

static void mip_tell_unreachable(struct sk_buff *skb, bool v6)
{
	if (v6)
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
	else
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
}

static void mip_tell_too_big(struct sk_buff *skb, bool v6, u32 mtu)
{
	if (v6)
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	else
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
}

static netdev_tx_t mip_device_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct mip_device *md = netdev_priv(dev);
	struct mip_net *mn = mip_net(md->tunnel.net);
	bool v6 = skb->protocol == htons(ETH_P_IPV6);
	struct in6_addr saddr, daddr;
	struct flowi6 fl6 = {};
	u32 label = 0;
	u8 dsfield;
	__u32 mtu;
	int err;

	if ((!v6 && skb->protocol != htons(ETH_P_IP)) || !pskb_inet_may_pull(skb)) {
		mip_count(mn, MIP_STAT_TX_MALFORMED);
		goto drop;
	}
	if (v6) {
		const struct ipv6hdr *ip6 = ipv6_hdr(skb);

		if (mip_is_link_scope(ip6)) {
			mip_count(mn, MIP_STAT_TX_LINK_SCOPE);
			if (!ipv6_addr_is_multicast(&ip6->daddr))
				mip_tell_unreachable(skb, true);
			goto drop;
		}
		saddr = ip6->saddr;
		daddr = ip6->daddr;
		dsfield = ipv6_get_dsfield(ip6);
		label = (__force u32)ip6_flowlabel(ip6);
	} else {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &saddr);
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &daddr);
		dsfield = ipv4_get_dsfield(ip_hdr(skb));
	}
	if (!mip_steer(mn, md->bid, &saddr, &daddr, &fl6)) {
		mip_tell_unreachable(skb, v6);
		goto drop;
	}
	mip_set_flow_hash(skb, md, &saddr, &daddr, label);
	fl6.flowi6_proto = v6 ? IPPROTO_IPV6 : IPPROTO_IPIP;
	fl6.flowi6_uid = sock_net_uid(md->tunnel.net, NULL);

	if (iptunnel_handle_offloads(skb, SKB_GSO_IPXIP6)) {
		mip_count(mn, MIP_STAT_TX_ERROR);
		goto drop;
	}
	skb_set_inner_ipproto(skb, fl6.flowi6_proto);
	err = ip6_tnl_xmit(skb, dev, INET_ECN_encapsulate(0, dsfield), &fl6, -1, &mtu,
			   fl6.flowi6_proto);
	if (!err)
		return NETDEV_TX_OK;
	if (err == -EMSGSIZE) {
		mip_count(mn, MIP_STAT_TX_TOO_BIG);
		mip_tell_too_big(skb, v6, mtu);
	} else {
		mip_count(mn, MIP_STAT_TX_ERROR);
	}
drop:
	DEV_STATS_INC(dev, tx_dropped);
	kfree_skb(skb);
	return NETDEV_TX_OK;
}

static int mip_device_init(struct net_device *dev)
{
	struct mip_device *md = netdev_priv(dev);
	struct ip6_tnl *t = &md->tunnel;
	int err;

	t->dev = dev;
	t->net = dev_net(dev);
	strscpy(t->parms.name, dev->name, sizeof(t->parms.name));
	t->parms.raddr = in6addr_loopback;
	t->parms.hop_limit = MIP_HOP_LIMIT;
	/* Bindings to an address of this node are refused: no need to look for each packet. */
	t->parms.flags = IP6_TNL_F_CAP_XMIT | IP6_TNL_F_IGN_ENCAP_LIMIT |
			 IP6_TNL_F_ALLOW_LOCAL_REMOTE;
	t->encap.type = mip_have_encap_slot ? MIP_ENCAP_SLOT : TUNNEL_ENCAP_NONE;
	err = mip_compat_alloc_tstats(dev);
	if (err)
		return err;
	err = gro_cells_init(&t->gro_cells, dev);
	if (err)
		mip_compat_free_tstats(dev);
	return err;
}

static void mip_device_uninit(struct net_device *dev)
{
	struct mip_device *md = netdev_priv(dev);

	ASSERT_RTNL();
	if (md->node.next)
		list_del_rcu(&md->node);
}

static void mip_device_free(struct net_device *dev)
{
	struct mip_device *md = netdev_priv(dev);

	gro_cells_destroy(&md->tunnel.gro_cells);
	mip_compat_free_tstats(dev);
}

static const struct net_device_ops mip_device_ops = {
	.ndo_init = mip_device_init,
	.ndo_uninit = mip_device_uninit,
	.ndo_start_xmit = mip_device_xmit,
#ifdef MIP_HAVE_DEV_GET_TSTATS64
	.ndo_get_stats64 = dev_get_tstats64,
#endif
};

static void mip_device_setup(struct net_device *dev)
{
	dev->netdev_ops = &mip_device_ops;
	dev->type = ARPHRD_TUNNEL6;
	dev->flags = IFF_NOARP;
	dev->mtu = ETH_DATA_LEN - sizeof(struct ipv6hdr);
	dev->min_mtu = IPV6_MIN_MTU;
	dev->max_mtu = IP6_MAX_MTU - sizeof(struct ipv6hdr);
	dev->features |= MIP_DEVICE_FEATURES;
	dev->hw_features |= MIP_DEVICE_FEATURES;
	mip_compat_set_lltx(dev);
	mip_compat_set_tstats(dev);
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->needs_free_netdev = true;
	dev->priv_destructor = mip_device_free;
	dev->needed_headroom = LL_MAX_HEADER + sizeof(struct ipv6hdr);
	netif_keep_dst(dev);
}

static struct mip_device *mip_device_find(struct mip_net *mn, u16 bid)
{
	struct mip_device *md;

	list_for_each_entry(md, &mn->devices, node) {
		if (md->bid == bid)
			return md;
	}
	return NULL;
}

static int mip_device_new(struct net_device *dev, struct nlattr *data[],
			  struct netlink_ext_ack *extack)
{
	struct mip_net *mn = mip_net(dev_net(dev));
	struct mip_device *md = netdev_priv(dev);
	int err;

	md->hash_seed = get_random_u32();
	md->bid = data && data[IFLA_MIP_BID] ? nla_get_u16(data[IFLA_MIP_BID]) : 0;
	if (mip_device_find(mn, md->bid)) {
		NL_SET_ERR_MSG(extack, "there is a mip device with this BID already");
		return -EEXIST;
	}
	err = register_netdevice(dev);
	if (!err)
		list_add_rcu(&md->node, &mn->devices);
	return err;
}

#ifdef MIP_HAVE_NEWLINK_PARAMS
static int mip_device_newlink(struct net_device *dev, struct rtnl_newlink_params *params,
			      struct netlink_ext_ack *extack)
{
	return mip_device_new(dev, params->data, extack);
}
#else
static int mip_device_newlink(struct net *src_net, struct net_device *dev, struct nlattr *tb[],
			      struct nlattr *data[], struct netlink_ext_ack *extack)
{
	return mip_device_new(dev, data, extack);
}
#endif

static int mip_device_validate(struct nlattr *tb[], struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS]) {
		NL_SET_ERR_MSG(extack, "a mip device has no link-layer address");
		return -EINVAL;
	}
	return 0;
}

static size_t mip_device_get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(u16));
}

static int mip_device_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct mip_device *md = netdev_priv(dev);

	return nla_put_u16(skb, IFLA_MIP_BID, md->bid);
}

static const struct nla_policy mip_device_policy[IFLA_MIP_MAX + 1] = {
	[IFLA_MIP_BID] = { .type = NLA_U16 },
};

static struct rtnl_link_ops mip_link_ops __read_mostly = {
	.kind = MIPSOCK_LINK_KIND,
	.maxtype = IFLA_MIP_MAX,
	.policy = mip_device_policy,
	.priv_size = sizeof(struct mip_device),
	.setup = mip_device_setup,
	.validate = mip_device_validate,
	.newlink = mip_device_newlink,
	.get_size = mip_device_get_size,
	.fill_info = mip_device_fill_info,
	.get_link_net = ip6_tnl_get_link_net,
};

/**
 * mip_device_for - finds the device that receives what comes by a binding
 * @mn: the namespace
 * @bid: identifier of the binding
 *
 * The one with that identifier, else the primary one.
 *
 * Context: RCU read side.
 * Return: the device, or NULL when there is none that is up.
 */
struct net_device *mip_device_for(struct mip_net *mn, u16 bid)
{
	struct net_device *primary = NULL;
	struct mip_device *md;

	list_for_each_entry_rcu(md, &mn->devices, node) {
		struct net_device *dev = md->tunnel.dev;

		if (!(dev->flags & IFF_UP))
			continue;
		if (md->bid == bid)
			return dev;
		if (!md->bid)
			primary = dev;
	}
	return primary;
}

/**
 * mip_device_exit - deletes the devices that send into a namespace
 * @mn: the namespace, about to go
 * @kill: list for unregister_netdevice_many()
 *
 * Those that are in the namespace have gone already; what is left was moved to
 * another one.
 *
 * Context: RTNL.
 */
void mip_device_exit(struct mip_net *mn, struct list_head *kill)
{
	struct mip_device *md;

	list_for_each_entry(md, &mn->devices, node)
		unregister_netdevice_queue(md->tunnel.dev, kill);
}

int mip_device_module_init(void)
{
	int err;

	err = ip6_tnl_encap_add_ops(&mip_encap_ops, MIP_ENCAP_SLOT);
	if (err)
		pr_notice(
			"mipsock: ip6_tunnel has no slot free (%d): path MTUs below 1320 will lose packets\n",
			err);
	mip_have_encap_slot = !err;
	err = rtnl_link_register(&mip_link_ops);
	if (err && mip_have_encap_slot)
		ip6_tnl_encap_del_ops(&mip_encap_ops, MIP_ENCAP_SLOT);
	return err;
}

void mip_device_module_exit(void)
{
	rtnl_link_unregister(&mip_link_ops);
	if (mip_have_encap_slot)
		ip6_tnl_encap_del_ops(&mip_encap_ops, MIP_ENCAP_SLOT);
}

MODULE_ALIAS_RTNL_LINK(MIPSOCK_LINK_KIND);
