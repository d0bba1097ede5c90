// SPDX-License-Identifier: GPL-2.0-or-later
#include "icmp6.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip6.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define ND_HOP_LIMIT	 255
#define ETHER_LLA_OCTETS 6
#define LLA_OPT_OCTETS	 8 /* type, length and an Ethernet address */

struct icmp6 {
	int fd; /* the kernel makes the header */
	int raw_fd; /* we make it: the only way to send from :: */
};

/* Nothing that comes in is of interest here. */
static int deaf(int fd)
{
	struct sock_filter none[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog prog = { .len = 1, .filter = none };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

int icmp6_open(struct icmp6 **ret)
{
	struct icmp6 *ic = calloc(1, sizeof(*ic));
	int hops = ND_HOP_LIMIT, off = 0;
	int r;

	if (!ic)
		return -ENOMEM;
	ic->raw_fd = -1;
	ic->fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMPV6);
	if (ic->fd < 0 || deaf(ic->fd) < 0 ||
	    setsockopt(ic->fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) < 0 ||
	    setsockopt(ic->fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &off, sizeof(off)) < 0)
		goto fail;
	ic->raw_fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW);
	if (ic->raw_fd < 0 ||
	    setsockopt(ic->raw_fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &off, sizeof(off)) < 0)
		goto fail;
	*ret = ic;
	return 0;
fail:
	r = -errno;
	icmp6_close(ic);
	return r;
}

struct icmp6 *icmp6_close(struct icmp6 *ic)
{
	if (!ic)
		return NULL;
	if (ic->fd >= 0)
		close(ic->fd);
	if (ic->raw_fd >= 0)
		close(ic->raw_fd);
	free(ic);
	return NULL;
}

/* The link-layer address option; returns its octets: 0 for a link that has no such address. */
static size_t put_lla(const struct icmp6 *ic, uint32_t ifindex, uint8_t type,
		      uint8_t opt[LLA_OPT_OCTETS])
{
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	if (!if_indextoname(ifindex, ifr.ifr_name) || ioctl(ic->fd, SIOCGIFHWADDR, &ifr) < 0 ||
	    ifr.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return 0;
	opt[0] = type;
	opt[1] = 1; /* units of 8 octets */
	memcpy(opt + 2, ifr.ifr_hwaddr.sa_data, ETHER_LLA_OCTETS);
	return LLA_OPT_OCTETS;
}

static int send_to(int fd, const char *group, uint32_t ifindex, const struct in6_addr *src,
		   const void *buf, size_t len)
{
	union {
		struct cmsghdr align;
		char octets[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control = { 0 };
	struct in6_pktinfo info = { .ipi6_addr = *src, .ipi6_ifindex = ifindex };
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_scope_id = ifindex };
	struct iovec iov = { .iov_base = (void *)(uintptr_t)buf, .iov_len = len };
	struct msghdr hdr = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.octets,
		.msg_controllen = sizeof(control.octets),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&hdr);

	inet_pton(AF_INET6, group, &to.sin6_addr);
	c->cmsg_level = IPPROTO_IPV6;
	c->cmsg_type = IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	return sendmsg(fd, &hdr, MSG_DONTWAIT) < 0 ? -errno : 0;
}

int icmp6_send_na(struct icmp6 *ic, const struct mip_act_na *na)
{
	uint8_t buf[sizeof(struct nd_neighbor_advert) + LLA_OPT_OCTETS];
	struct nd_neighbor_advert msg = {
		.nd_na_hdr = { .icmp6_type = ND_NEIGHBOR_ADVERT },
		.nd_na_target = na->target,
	};
	size_t len = sizeof(msg);

	if (na->router)
		msg.nd_na_flags_reserved |= ND_NA_FLAG_ROUTER;
	if (na->override)
		msg.nd_na_flags_reserved |= ND_NA_FLAG_OVERRIDE;
	memcpy(buf, &msg, sizeof(msg));
	len += put_lla(ic, na->ifindex, ND_OPT_TARGET_LINKADDR, buf + len);
	return send_to(ic->fd, "ff02::1", na->ifindex, &in6addr_any, buf, len);
}

/* The interface's link-local address; from /proc, which needs no answer from anybody. */
static bool find_link_local(uint32_t ifindex, struct in6_addr *ret, unsigned int *ret_flags)
{
	FILE *f = fopen("/proc/self/net/if_inet6", "re");
	char hex[33], name[IFNAMSIZ];
	unsigned int idx, plen, scope, flags;
	bool found = false;

	if (!f)
		return false;
	while (!found &&
	       fscanf(f, "%32s %x %x %x %x %15s", hex, &idx, &plen, &scope, &flags, name) == 6) {
		struct in6_addr addr;
		unsigned int octet;
		size_t i;

		if (idx != ifindex)
			continue;
		for (i = 0; i < 16 && sscanf(hex + 2 * i, "%2x", &octet) == 1; i++)
			addr.s6_addr[i] = (uint8_t)octet;
		if (i < 16 || !IN6_IS_ADDR_LINKLOCAL(&addr))
			continue;
		*ret = addr;
		*ret_flags = flags;
		found = true;
	}
	fclose(f);
	return found;
}

static uint16_t checksum(const struct in6_addr *src, const struct in6_addr *dst, const void *buf,
			 size_t len)
{
	const uint8_t *p = buf;
	uint32_t sum = (uint32_t)len + IPPROTO_ICMPV6;

	for (size_t i = 0; i < 16; i += 2) {
		sum += ((uint32_t)src->s6_addr[i] << 8) + src->s6_addr[i + 1];
		sum += ((uint32_t)dst->s6_addr[i] << 8) + dst->s6_addr[i + 1];
	}
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += ((uint32_t)p[i] << 8) + p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static int send_rs_unspecified(struct icmp6 *ic, uint32_t ifindex)
{
	struct {
		struct ip6_hdr ip;
		struct nd_router_solicit rs;
	} packet;

	memset(&packet, 0, sizeof(packet));
	packet.ip.ip6_flow = htonl(6U << 28);
	packet.ip.ip6_plen = htons(sizeof(packet.rs));
	packet.ip.ip6_nxt = IPPROTO_ICMPV6;
	packet.ip.ip6_hlim = ND_HOP_LIMIT;
	inet_pton(AF_INET6, "ff02::2", &packet.ip.ip6_dst);
	packet.rs.nd_rs_type = ND_ROUTER_SOLICIT;
	packet.rs.nd_rs_cksum =
		checksum(&packet.ip.ip6_src, &packet.ip.ip6_dst, &packet.rs, sizeof(packet.rs));
	return send_to(ic->raw_fd, "ff02::2", ifindex, &in6addr_any, &packet, sizeof(packet));
}

int icmp6_send_rs(struct icmp6 *ic, uint32_t ifindex)
{
	uint8_t buf[sizeof(struct nd_router_solicit) + LLA_OPT_OCTETS];
	struct nd_router_solicit msg = { .nd_rs_hdr = { .icmp6_type = ND_ROUTER_SOLICIT } };
	struct in6_addr src;
	unsigned int flags;
	size_t len = sizeof(msg);

	if (!find_link_local(ifindex, &src, &flags) ||
	    (flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC | IFA_F_DADFAILED)))
		return send_rs_unspecified(ic, ifindex);
	memcpy(buf, &msg, sizeof(msg));
	len += put_lla(ic, ifindex, ND_OPT_SOURCE_LINKADDR, buf + len);
	return send_to(ic->fd, "ff02::2", ifindex, &src, buf, len);
}
