// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From rtnetlink to movement detection's events. Two sockets: one listens, the
 * other one asks for dumps, so that a dump is not mixed up with changes that
 * happen meanwhile; they wait in the first one and come after it.
 */
#include "rtnl.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "nlbatch.h"

#define RCVBUF_OCTETS (4 * 1024 * 1024)
#define EVENT_OCTETS  32768
#define LINKS_MAX     MIP_MD_LINK_MAX

/*
 * prefixmsg.prefix_flags has no header for user space. Newer kernels (6.7, and
 * stable ones from then on) hand up the octet of the advertisement, L and A of
 * RFC 4861 section 4.6.2; older ones have bits of their own. The low bits are
 * reserved in an advertisement, so that both can be read at once.
 */
#define PREFIX_ONLINK	(0x80 | 0x01)
#define PREFIX_AUTOCONF (0x40 | 0x02)

struct rtnl_monitor {
	struct nl_sock *sock;
	struct nlbatch *dump;
	unsigned int watch;
	struct rtnl_monitor_ops ops;
	void *userdata;
};

static const struct {
	unsigned int watch;
	int group;
} groups[] = {
	{ RTNL_WATCH_LINK, RTNLGRP_LINK },	  { RTNL_WATCH_ADDR, RTNLGRP_IPV6_IFADDR },
	{ RTNL_WATCH_ROUTE, RTNLGRP_IPV6_ROUTE }, { RTNL_WATCH_PREFIX, RTNLGRP_IPV6_PREFIX },
	{ RTNL_WATCH_NEIGH, RTNLGRP_NEIGH },
};

int rtnl_monitor_open(struct rtnl_monitor **ret, unsigned int watch,
		      const struct rtnl_monitor_ops *ops, void *userdata)
{
	struct rtnl_monitor *mon = calloc(1, sizeof(*mon));
	int r;

	if (!mon)
		return -ENOMEM;
	mon->watch = watch;
	mon->ops = *ops;
	mon->userdata = userdata;
	r = nlbatch_open(&mon->dump, NETLINK_ROUTE);
	if (r < 0)
		goto fail;
	mon->sock = nl_socket_alloc();
	if (!mon->sock) {
		r = -ENOMEM;
		goto fail;
	}
	nl_socket_disable_seq_check(mon->sock);
	errno = 0;
	if (nl_connect(mon->sock, NETLINK_ROUTE) < 0)
		goto fail_errno;
	nlbatch_set_rcvbuf(nl_socket_get_fd(mon->sock), RCVBUF_OCTETS);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if ((watch & groups[i].watch) &&
		    nl_socket_add_membership(mon->sock, groups[i].group) < 0)
			goto fail_errno;
	*ret = mon;
	return 0;
fail_errno:
	r = errno ? -errno : -EIO;
fail:
	rtnl_monitor_close(mon);
	return r;
}

struct rtnl_monitor *rtnl_monitor_close(struct rtnl_monitor *mon)
{
	if (!mon)
		return NULL;
	nl_socket_free(mon->sock);
	nlbatch_close(mon->dump);
	free(mon);
	return NULL;
}

int rtnl_monitor_fd(const struct rtnl_monitor *mon)
{
	return nl_socket_get_fd(mon->sock);
}

static uint32_t get_u32(const struct nlattr *a, uint32_t otherwise)
{
	return a && nla_len(a) >= (int)sizeof(uint32_t) ? nla_get_u32(a) : otherwise;
}

static struct in6_addr get_addr(const struct nlattr *a)
{
	struct in6_addr addr = IN6ADDR_ANY_INIT;

	if (a && nla_len(a) == sizeof(addr))
		memcpy(&addr, nla_data(a), sizeof(addr));
	return addr;
}

static uint64_t seconds(uint32_t sec)
{
	return sec == UINT32_MAX ? MIP_USEC_INFINITY : sec * MIP_USEC_PER_SEC;
}

static int read_link(struct nlmsghdr *nlh, struct mip_md_event *ev)
{
	struct nlattr *tb[IFLA_MAX + 1];
	struct ifinfomsg *ifi = nlmsg_data(nlh);

	if (nlmsg_parse(nlh, sizeof(*ifi), tb, IFLA_MAX, NULL) < 0 || ifi->ifi_index <= 0)
		return -EBADMSG;
	/* A bridge's port is told a second time, for the bridge; that one is not about the link. */
	if (ifi->ifi_family != AF_UNSPEC)
		return -ENOENT;
	ev->type = MIP_MD_EV_LINK;
	ev->link = (struct mip_md_ev_link){
		.ifindex = (uint32_t)ifi->ifi_index,
		.gone = nlh->nlmsg_type == RTM_DELLINK,
		.managed = !(ifi->ifi_flags & (IFF_LOOPBACK | IFF_NOARP)),
		.up = ifi->ifi_flags & IFF_UP,
		.carrier = ifi->ifi_flags & IFF_LOWER_UP,
		.carrier_downs = get_u32(tb[IFLA_CARRIER_DOWN_COUNT], 0),
	};
	if (tb[IFLA_IFNAME])
		nla_strlcpy(ev->link.name, tb[IFLA_IFNAME], sizeof(ev->link.name));
	return 0;
}

static const struct {
	uint32_t ifa;
	uint32_t md;
} addr_flags[] = {
	{ IFA_F_TENTATIVE, MIP_MD_ADDR_TENTATIVE },
	{ IFA_F_OPTIMISTIC, MIP_MD_ADDR_OPTIMISTIC },
	{ IFA_F_DADFAILED, MIP_MD_ADDR_DADFAILED },
	{ IFA_F_DEPRECATED, MIP_MD_ADDR_DEPRECATED },
	{ IFA_F_HOMEADDRESS, MIP_MD_ADDR_HOMEADDRESS },
	{ IFA_F_TEMPORARY, MIP_MD_ADDR_TEMPORARY },
	{ IFA_F_PERMANENT, MIP_MD_ADDR_PERMANENT },
};

static int read_addr(struct nlmsghdr *nlh, struct mip_md_event *ev)
{
	struct nlattr *tb[IFA_MAX + 1];
	struct ifaddrmsg *ifa = nlmsg_data(nlh);
	uint32_t flags;

	if (nlmsg_parse(nlh, sizeof(*ifa), tb, IFA_MAX, NULL) < 0)
		return -EBADMSG;
	if (ifa->ifa_family != AF_INET6)
		return -ENOENT;
	flags = get_u32(tb[IFA_FLAGS], ifa->ifa_flags);
	ev->type = MIP_MD_EV_ADDR;
	ev->addr = (struct mip_md_ev_addr){
		.ifindex = ifa->ifa_index,
		.gone = nlh->nlmsg_type == RTM_DELADDR,
		.addr = get_addr(tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS]),
		.plen = ifa->ifa_prefixlen,
		.valid_usec = MIP_USEC_INFINITY,
		.preferred_usec = MIP_USEC_INFINITY,
	};
	for (size_t i = 0; i < sizeof(addr_flags) / sizeof(addr_flags[0]); i++)
		if (flags & addr_flags[i].ifa)
			ev->addr.flags |= addr_flags[i].md;
	if (tb[IFA_CACHEINFO] && nla_len(tb[IFA_CACHEINFO]) >= (int)sizeof(struct ifa_cacheinfo)) {
		struct ifa_cacheinfo ci;

		memcpy(&ci, nla_data(tb[IFA_CACHEINFO]), sizeof(ci));
		ev->addr.valid_usec = seconds(ci.ifa_valid);
		ev->addr.preferred_usec = seconds(ci.ifa_prefered);
	}
	return 0;
}

static int read_route(struct nlmsghdr *nlh, struct mip_md_event *ev)
{
	struct nlattr *tb[RTA_MAX + 1];
	struct rtmsg *rtm = nlmsg_data(nlh);

	if (nlmsg_parse(nlh, sizeof(*rtm), tb, RTA_MAX, NULL) < 0)
		return -EBADMSG;
	if (rtm->rtm_family != AF_INET6 || rtm->rtm_dst_len != 0 || rtm->rtm_src_len != 0 ||
	    rtm->rtm_type != RTN_UNICAST || (rtm->rtm_flags & RTM_F_CLONED) ||
	    get_u32(tb[RTA_TABLE], rtm->rtm_table) != RT_TABLE_MAIN || !tb[RTA_OIF])
		return -ENOENT;
	ev->type = MIP_MD_EV_ROUTE;
	ev->route = (struct mip_md_ev_route){
		.ifindex = get_u32(tb[RTA_OIF], 0),
		.gone = nlh->nlmsg_type == RTM_DELROUTE,
		.gateway = get_addr(tb[RTA_GATEWAY]),
		.metric = get_u32(tb[RTA_PRIORITY], 0),
		.permanent = rtm->rtm_protocol != RTPROT_RA,
	};
	return 0;
}

static int read_prefix(struct nlmsghdr *nlh, struct mip_md_event *ev)
{
	struct nlattr *tb[PREFIX_MAX + 1];
	struct prefixmsg *p = nlmsg_data(nlh);
	struct prefix_cacheinfo ci;

	if (nlmsg_parse(nlh, sizeof(*p), tb, PREFIX_MAX, NULL) < 0 || p->prefix_ifindex <= 0 ||
	    !tb[PREFIX_ADDRESS] || !tb[PREFIX_CACHEINFO] ||
	    nla_len(tb[PREFIX_CACHEINFO]) < (int)sizeof(ci))
		return -EBADMSG;
	memcpy(&ci, nla_data(tb[PREFIX_CACHEINFO]), sizeof(ci));
	ev->type = MIP_MD_EV_PREFIX;
	ev->prefix = (struct mip_md_ev_prefix){
		.ifindex = (uint32_t)p->prefix_ifindex,
		.prefix = { .addr = get_addr(tb[PREFIX_ADDRESS]), .plen = p->prefix_len },
		.on_link = p->prefix_flags & PREFIX_ONLINK,
		.autoconf = p->prefix_flags & PREFIX_AUTOCONF,
		.valid_usec = seconds(ci.valid_time),
		.preferred_usec = seconds(ci.preferred_time),
	};
	return 0;
}

static int read_neigh(struct nlmsghdr *nlh, struct mip_md_event *ev)
{
	struct nlattr *tb[NDA_MAX + 1];
	struct ndmsg *ndm = nlmsg_data(nlh);

	if (nlmsg_parse(nlh, sizeof(*ndm), tb, NDA_MAX, NULL) < 0 || ndm->ndm_ifindex <= 0)
		return -EBADMSG;
	/* An entry that is taken away, or one just begun, says nothing about the neighbour. */
	if (ndm->ndm_family != AF_INET6 || nlh->nlmsg_type != RTM_NEWNEIGH || !tb[NDA_DST] ||
	    (ndm->ndm_flags & NTF_PROXY) || ndm->ndm_state == NUD_NONE ||
	    (ndm->ndm_state & (NUD_NOARP | NUD_INCOMPLETE)))
		return -ENOENT;
	ev->type = MIP_MD_EV_ROUTER;
	ev->router = (struct mip_md_ev_router){
		.ifindex = (uint32_t)ndm->ndm_ifindex,
		.gateway = get_addr(tb[NDA_DST]),
		.reachable = !(ndm->ndm_state & NUD_FAILED),
	};
	return 0;
}

static int hand_out(struct nlmsghdr *nlh, void *userdata)
{
	struct rtnl_monitor *mon = userdata;
	struct mip_md_event ev;
	int r = -ENOENT;

	memset(&ev, 0, sizeof(ev));
	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		r = read_link(nlh, &ev);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		r = read_addr(nlh, &ev);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		r = read_route(nlh, &ev);
		break;
	case RTM_NEWPREFIX:
		r = read_prefix(nlh, &ev);
		break;
	case RTM_NEWNEIGH:
	case RTM_DELNEIGH:
		r = read_neigh(nlh, &ev);
		break;
	default: /* the kernel's number, and not one that we asked for */
		break;
	}
	if (r == 0)
		mon->ops.event(&ev, mon->userdata);
	return 0;
}

int rtnl_monitor_dispatch(struct rtnl_monitor *mon)
{
	static char buf[EVENT_OCTETS] __attribute__((aligned(8)));
	int count = 0;

	for (;;) {
		struct sockaddr_nl from;
		socklen_t from_len = sizeof(from);
		struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
		ssize_t n = recvfrom(nl_socket_get_fd(mon->sock), buf, sizeof(buf),
				     MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&from, &from_len);
		int rem;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return count;
		if (n < 0 && errno != ENOBUFS)
			return -errno;
		if (n < 0 || (size_t)n > sizeof(buf)) {
			nlbatch_discard(nl_socket_get_fd(mon->sock));
			mon->ops.overrun(mon->userdata);
			continue;
		}
		if (from.nl_pid != 0)
			continue;
		rem = (int)n;
		for (; nlmsg_ok(nlh, rem); nlh = nlmsg_next(nlh, &rem)) {
			hand_out(nlh, mon);
			count++;
		}
	}
}

static int dump(struct rtnl_monitor *mon, unsigned int watch, int type, const void *hdr, size_t len)
{
	struct nl_msg *msg;
	int r = 0;

	if (!(mon->watch & watch))
		return 0;
	msg = nlmsg_alloc_size(128);
	if (!msg || !nlmsg_put(msg, 0, 0, type, 0, NLM_F_DUMP) ||
	    nlmsg_append(msg, (void *)(uintptr_t)hdr, len, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	r = nlbatch_ask(mon->dump, msg, hand_out, mon);
	/* Changed meanwhile: the changes are waiting on the other socket. */
	return r == -EINTR ? 0 : r;
}

int rtnl_monitor_dump(struct rtnl_monitor *mon)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct ifaddrmsg ifa = { .ifa_family = AF_INET6 };
	struct rtmsg rtm = { .rtm_family = AF_INET6, .rtm_table = RT_TABLE_MAIN };
	struct ndmsg ndm = { .ndm_family = AF_INET6 };
	int r;

	r = dump(mon, RTNL_WATCH_LINK, RTM_GETLINK, &ifi, sizeof(ifi));
	if (r >= 0)
		r = dump(mon, RTNL_WATCH_ADDR, RTM_GETADDR, &ifa, sizeof(ifa));
	if (r >= 0)
		r = dump(mon, RTNL_WATCH_ROUTE, RTM_GETROUTE, &rtm, sizeof(rtm));
	if (r >= 0)
		r = dump(mon, RTNL_WATCH_NEIGH, RTM_GETNEIGH, &ndm, sizeof(ndm));
	return r;
}
