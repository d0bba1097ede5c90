// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtnl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/mipsock.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <mip/wire.h>

#include "nlbatch.h"

#ifndef FIB_RULE_FIND_SADDR
#define FIB_RULE_FIND_SADDR 0x00010000 /* linux/fib_rules.h */
#endif

#define MSG_OCTETS 512

struct rtnl {
	struct nlbatch *nb;
};

int rtnl_open(struct rtnl **ret)
{
	struct rtnl *rt = calloc(1, sizeof(*rt));
	int r;

	if (!rt)
		return -ENOMEM;
	r = nlbatch_open(&rt->nb, NETLINK_ROUTE);
	if (r < 0) {
		free(rt);
		return r;
	}
	*ret = rt;
	return 0;
}

struct rtnl *rtnl_close(struct rtnl *rt)
{
	if (!rt)
		return NULL;
	nlbatch_close(rt->nb);
	free(rt);
	return NULL;
}

const char *rtnl_error(const struct rtnl *rt)
{
	return nlbatch_error(rt->nb);
}

int rtnl_sync(struct rtnl *rt)
{
	return nlbatch_sync(rt->nb);
}

/* A request whose header structure is in place; NULL without memory. */
static struct nl_msg *new_msg(int type, int flags, const void *hdr, size_t len)
{
	struct nl_msg *msg = nlmsg_alloc_size(MSG_OCTETS);

	if (!msg)
		return NULL;
	if (!nlmsg_put(msg, 0, 0, type, 0, flags) ||
	    nlmsg_append(msg, (void *)(uintptr_t)hdr, len, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static int queue(struct rtnl *rt, struct nl_msg *msg, int r, rtnl_done_fn done, void *userdata,
		 uint64_t id)
{
	if (msg && r < 0) {
		nlmsg_free(msg);
		nlbatch_set_error(rt->nb, -EMSGSIZE, NULL);
		return -EMSGSIZE;
	}
	return nlbatch_add(rt->nb, msg, done, userdata, id);
}

static int link_kind(struct nlmsghdr *nlh, void *userdata)
{
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];
	bool *is_mip = userdata;

	if (nlmsg_parse(nlh, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0)
		return -EBADMSG;
	*is_mip = tb[IFLA_LINKINFO] &&
		  nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], NULL) == 0 &&
		  info[IFLA_INFO_KIND] && nla_strcmp(info[IFLA_INFO_KIND], MIPSOCK_LINK_KIND) == 0;
	return 0;
}

static int create_mip_device(struct rtnl *rt, const char *name, uint16_t bid)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct nl_msg *msg = new_msg(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi, sizeof(ifi));
	struct nlattr *info, *data;
	int r = 0;

	if (msg) {
		r |= nla_put_string(msg, IFLA_IFNAME, name);
		info = nla_nest_start(msg, IFLA_LINKINFO);
		if (!info || nla_put_string(msg, IFLA_INFO_KIND, MIPSOCK_LINK_KIND) < 0)
			r = -EMSGSIZE;
		data = nla_nest_start(msg, IFLA_INFO_DATA);
		if (!data || nla_put_u16(msg, IFLA_MIP_BID, bid) < 0)
			r = -EMSGSIZE;
		if (r == 0) {
			nla_nest_end(msg, data);
			nla_nest_end(msg, info);
		}
	}
	r = queue(rt, msg, r, NULL, NULL, 0);
	return r < 0 ? r : rtnl_sync(rt);
}

/* Up, and without a link-local address of its own: nobody would answer to it. */
static int set_up(struct rtnl *rt, unsigned int ifindex)
{
	struct ifinfomsg ifi = {
		.ifi_index = (int)ifindex,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	struct nl_msg *msg = new_msg(RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	struct nlattr *spec, *inet6;
	int r = 0;

	if (msg) {
		spec = nla_nest_start(msg, IFLA_AF_SPEC);
		inet6 = spec ? nla_nest_start(msg, AF_INET6) : NULL;
		if (!inet6 ||
		    nla_put_u8(msg, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE) < 0) {
			r = -EMSGSIZE;
		} else {
			nla_nest_end(msg, inet6);
			nla_nest_end(msg, spec);
		}
	}
	r = queue(rt, msg, r, NULL, NULL, 0);
	return r < 0 ? r : rtnl_sync(rt);
}

int rtnl_mip_device(struct rtnl *rt, const char *name, uint16_t bid, uint32_t *ret_ifindex)
{
	struct ifinfomsg which = { .ifi_family = AF_UNSPEC };
	unsigned int ifindex;
	bool is_mip = true;
	int r, created;

	created = create_mip_device(rt, name, bid);
	if (created < 0 && created != -EEXIST)
		return created;
	ifindex = if_nametoindex(name);
	if (ifindex == 0) /* -EEXIST without the name: another device has this binding identifier */
		return created < 0 ? created : -errno;
	if (created == -EEXIST) {
		which.ifi_index = (int)ifindex;
		r = nlbatch_ask(rt->nb, new_msg(RTM_GETLINK, 0, &which, sizeof(which)), link_kind,
				&is_mip);
		if (r < 0)
			return r;
	}
	if (!is_mip) {
		nlbatch_set_error(rt->nb, -EEXIST, "an interface of that name is no mip device");
		return -EEXIST;
	}
	r = set_up(rt, ifindex);
	if (r < 0)
		return r;
	*ret_ifindex = ifindex;
	return 0;
}

static struct nl_msg *addr_msg(int type, int flags, uint32_t ifindex, const struct in6_addr *addr,
			       uint8_t plen, int *r)
{
	struct ifaddrmsg ifa = {
		.ifa_family = AF_INET6,
		.ifa_prefixlen = plen,
		.ifa_index = ifindex,
	};
	struct nl_msg *msg = new_msg(type, flags, &ifa, sizeof(ifa));

	*r = msg ? nla_put(msg, IFA_LOCAL, sizeof(*addr), addr) : 0;
	return msg;
}

int rtnl_addr_set(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr, uint8_t plen,
		  uint32_t flags, rtnl_done_fn done, void *userdata, uint64_t id)
{
	int r;
	struct nl_msg *msg =
		addr_msg(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, ifindex, addr, plen, &r);

	if (msg)
		r |= nla_put_u32(msg, IFA_FLAGS, flags);
	return queue(rt, msg, r, done, userdata, id);
}

int rtnl_addr_del(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr, uint8_t plen,
		  rtnl_done_fn done, void *userdata, uint64_t id)
{
	int r;
	struct nl_msg *msg = addr_msg(RTM_DELADDR, 0, ifindex, addr, plen, &r);

	return queue(rt, msg, r, done, userdata, id);
}

struct addr_dump {
	int (*fn)(const struct rtnl_addr *addr, void *userdata);
	void *userdata;
};

static int addr_found(struct nlmsghdr *nlh, void *userdata)
{
	struct addr_dump *dump = userdata;
	struct nlattr *tb[IFA_MAX + 1];
	struct ifaddrmsg *ifa = nlmsg_data(nlh);
	struct rtnl_addr addr;
	struct nlattr *a;

	if (nlh->nlmsg_type != RTM_NEWADDR || nlmsg_parse(nlh, sizeof(*ifa), tb, IFA_MAX, NULL) < 0)
		return -EBADMSG;
	a = tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS];
	if (ifa->ifa_family != AF_INET6 || !a || nla_len(a) != sizeof(addr.addr))
		return 0;
	addr.ifindex = ifa->ifa_index;
	addr.plen = ifa->ifa_prefixlen;
	addr.flags = ifa->ifa_flags;
	if (tb[IFA_FLAGS] && nla_len(tb[IFA_FLAGS]) == sizeof(uint32_t))
		addr.flags = nla_get_u32(tb[IFA_FLAGS]);
	memcpy(&addr.addr, nla_data(a), sizeof(addr.addr));
	return dump->fn(&addr, dump->userdata);
}

int rtnl_addr_dump(struct rtnl *rt, int (*fn)(const struct rtnl_addr *addr, void *userdata),
		   void *userdata)
{
	struct addr_dump dump = { .fn = fn, .userdata = userdata };
	struct ifaddrmsg ifa = { .ifa_family = AF_INET6 };

	return nlbatch_ask(rt->nb, new_msg(RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa)), addr_found,
			   &dump);
}

static struct nl_msg *route_msg(int type, int flags, const struct mip_prefix *dst, uint8_t protocol,
				uint32_t table, uint32_t ifindex, int *r)
{
	struct rtmsg rtm = {
		.rtm_family = AF_INET6,
		.rtm_dst_len = dst->plen,
		.rtm_table = table < 256 ? (unsigned char)table : RT_TABLE_UNSPEC,
		.rtm_protocol = protocol,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	struct nl_msg *msg = new_msg(type, flags, &rtm, sizeof(rtm));

	*r = 0;
	if (msg) {
		*r |= nla_put_u32(msg, RTA_TABLE, table);
		*r |= nla_put_u32(msg, RTA_OIF, ifindex);
		if (dst->plen > 0)
			*r |= nla_put(msg, RTA_DST, sizeof(dst->addr), &dst->addr);
	}
	return msg;
}

static int put_gateway(struct nl_msg *msg)
{
	struct in6_addr gw;

	inet_pton(AF_INET6, RTNL_MIP_GATEWAY, &gw);
	return nla_put(msg, RTA_GATEWAY, sizeof(gw), &gw);
}

int rtnl_mip_route_set(struct rtnl *rt, const struct mip_prefix *dst, uint32_t ifindex,
		       uint32_t table, uint32_t expires_sec, rtnl_done_fn done, void *userdata,
		       uint64_t id)
{
	int r;
	struct nl_msg *msg = route_msg(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, dst,
				       RTNL_PROTOCOL, table ? table : RT_TABLE_MAIN, ifindex, &r);

	if (msg) {
		r |= put_gateway(msg);
		if (expires_sec)
			r |= nla_put_u32(msg, RTA_EXPIRES, expires_sec);
	}
	return queue(rt, msg, r, done, userdata, id);
}

int rtnl_mip_route_del(struct rtnl *rt, const struct mip_prefix *dst, uint32_t ifindex,
		       uint32_t table, rtnl_done_fn done, void *userdata, uint64_t id)
{
	int r;
	struct nl_msg *msg = route_msg(RTM_DELROUTE, 0, dst, RTNL_PROTOCOL,
				       table ? table : RT_TABLE_MAIN, ifindex, &r);

	if (msg)
		r |= put_gateway(msg);
	return queue(rt, msg, r, done, userdata, id);
}

int rtnl_default_route_del(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *gateway,
			   uint32_t metric)
{
	struct mip_prefix any = { .plen = 0 };
	int r;
	struct nl_msg *msg =
		route_msg(RTM_DELROUTE, 0, &any, RTPROT_UNSPEC, RT_TABLE_MAIN, ifindex, &r);

	if (msg) {
		if (!IN6_IS_ADDR_UNSPECIFIED(gateway))
			r |= nla_put(msg, RTA_GATEWAY, sizeof(*gateway), gateway);
		if (metric)
			r |= nla_put_u32(msg, RTA_PRIORITY, metric);
	}
	r = queue(rt, msg, r, NULL, NULL, 0);
	return r < 0 ? r : rtnl_sync(rt);
}

int rtnl_onlink_route_del(struct rtnl *rt, uint32_t ifindex, const struct mip_prefix *prefix)
{
	int r;
	struct nl_msg *msg =
		route_msg(RTM_DELROUTE, 0, prefix, RTPROT_KERNEL, RT_TABLE_MAIN, ifindex, &r);

	r = queue(rt, msg, r, NULL, NULL, 0);
	return r < 0 ? r : rtnl_sync(rt);
}

#define FLUSH_MAX 64

struct onlink {
	uint32_t ifindex;
	const struct mip_prefix *home;
	unsigned int n;
	struct mip_prefix found[FLUSH_MAX];
};

static int find_onlink(struct nlmsghdr *nlh, void *userdata)
{
	struct onlink *o = userdata;
	struct nlattr *tb[RTA_MAX + 1];
	struct rtmsg *rtm = nlmsg_data(nlh);
	struct rta_cacheinfo ci = { 0 };
	struct mip_prefix p;
	bool is_home;

	if (nlmsg_parse(nlh, sizeof(*rtm), tb, RTA_MAX, NULL) < 0)
		return -EBADMSG;
	if (rtm->rtm_family != AF_INET6 || rtm->rtm_protocol != RTPROT_KERNEL ||
	    rtm->rtm_type != RTN_UNICAST || rtm->rtm_dst_len == 0 || tb[RTA_GATEWAY] ||
	    !tb[RTA_DST] || nla_len(tb[RTA_DST]) != sizeof(p.addr) || !tb[RTA_OIF] ||
	    nla_len(tb[RTA_OIF]) != sizeof(uint32_t) || nla_get_u32(tb[RTA_OIF]) != o->ifindex)
		return 0;
	p.plen = rtm->rtm_dst_len;
	memcpy(&p.addr, nla_data(tb[RTA_DST]), sizeof(p.addr));
	if (IN6_IS_ADDR_LINKLOCAL(&p.addr) || IN6_IS_ADDR_MULTICAST(&p.addr))
		return 0;
	if (tb[RTA_CACHEINFO] && nla_len(tb[RTA_CACHEINFO]) >= (int)sizeof(ci))
		memcpy(&ci, nla_data(tb[RTA_CACHEINFO]), sizeof(ci));
	is_home = o->home && o->home->plen == p.plen && mip_addr_in_prefix(&p.addr, o->home);
	if ((is_home || ci.rta_expires != 0) && o->n < FLUSH_MAX)
		o->found[o->n++] = p;
	return 0;
}

int rtnl_onlink_routes_flush(struct rtnl *rt, uint32_t ifindex, const struct mip_prefix *home)
{
	struct rtmsg rtm = { .rtm_family = AF_INET6, .rtm_table = RT_TABLE_MAIN };
	struct onlink o = { .ifindex = ifindex, .home = home };
	int count = 0;
	int r = nlbatch_ask(rt->nb, new_msg(RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof(rtm)),
			    find_onlink, &o);

	if (r < 0 && r != -EINTR)
		return r;
	for (unsigned int i = 0; i < o.n; i++)
		if (rtnl_onlink_route_del(rt, ifindex, &o.found[i]) == 0)
			count++;
	return count;
}

static struct nl_msg *rule_msg(int type, int flags, const struct in6_addr *src, uint32_t table,
			       uint32_t priority, int *r)
{
	struct fib_rule_hdr frh = {
		.family = AF_INET6,
		.src_len = 128,
		.table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC,
		.action = FR_ACT_TO_TBL,
		.flags = FIB_RULE_FIND_SADDR,
	};
	struct nl_msg *msg = new_msg(type, flags, &frh, sizeof(frh));

	*r = 0;
	if (msg) {
		*r |= nla_put(msg, FRA_SRC, sizeof(*src), src);
		*r |= nla_put_u32(msg, FRA_TABLE, table);
		*r |= nla_put_u32(msg, FRA_PRIORITY, priority);
		*r |= nla_put_u8(msg, FRA_PROTOCOL, RTNL_PROTOCOL);
	}
	return msg;
}

int rtnl_source_rule_set(struct rtnl *rt, const struct in6_addr *src, uint32_t table,
			 uint32_t priority, rtnl_done_fn done, void *userdata, uint64_t id)
{
	int r;
	/* NLM_F_EXCL: without it every repetition would add the same rule once more. */
	struct nl_msg *msg =
		rule_msg(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, src, table, priority, &r);

	return queue(rt, msg, r, done, userdata, id);
}

int rtnl_source_rule_del(struct rtnl *rt, const struct in6_addr *src, uint32_t table,
			 uint32_t priority, rtnl_done_fn done, void *userdata, uint64_t id)
{
	int r;
	struct nl_msg *msg = rule_msg(RTM_DELRULE, 0, src, table, priority, &r);

	return queue(rt, msg, r, done, userdata, id);
}

static int set_neigh(struct rtnl *rt, uint16_t type, uint32_t ifindex, const struct in6_addr *addr,
		     uint16_t state, uint8_t ntf, int flags)
{
	struct ndmsg ndm = {
		.ndm_family = AF_INET6,
		.ndm_ifindex = (int)ifindex,
		.ndm_state = state,
		.ndm_flags = ntf,
	};
	struct nl_msg *msg = new_msg(type, flags, &ndm, sizeof(ndm));
	int r = msg ? nla_put(msg, NDA_DST, sizeof(*addr), addr) : 0;

	r = queue(rt, msg, r, NULL, NULL, 0);
	return r < 0 ? r : rtnl_sync(rt);
}

int rtnl_neigh_use(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr)
{
	return set_neigh(rt, RTM_NEWNEIGH, ifindex, addr, NUD_NONE, NTF_USE, NLM_F_CREATE);
}

int rtnl_neigh_probe(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr)
{
	return set_neigh(rt, RTM_NEWNEIGH, ifindex, addr, NUD_PROBE, 0, NLM_F_REPLACE);
}

int rtnl_neigh_del(struct rtnl *rt, uint32_t ifindex, const struct in6_addr *addr)
{
	return set_neigh(rt, RTM_DELNEIGH, ifindex, addr, NUD_NONE, 0, 0);
}
