// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Watches what happens on a mobile node's interface from the moment a link is
 * attached: carrier, addresses, router solicitation and advertisement, Binding
 * Update and Acknowledgement, first tunnelled packet. From one clock, so that a
 * handover can be taken apart.
 *
 *	bench-attach DEV	until it is ended by a signal
 *
 * Standard output, one line an event: "TIME WORD", TIME in microseconds of
 * CLOCK_MONOTONIC. Words: down, up, rs, ra, addr, bu, ba, data-out, data-in.
 * Of rs, ra, addr, bu, ba and data only the first one after each up is told.
 * Packets carry the kernel's time stamp; carrier and addresses the time at
 * which the kernel's message was read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <linux/if.h> /* IFF_LOWER_UP; wants to come after net/if.h */
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <mip/wire.h>

#include "util.h"

enum word { DOWN, UP, RS, RA, ADDR, BU, BA, DATA_OUT, DATA_IN, N_WORDS };

static const char *const words[N_WORDS] = { "down", "up", "rs",	      "ra",	"addr",
					    "bu",   "ba", "data-out", "data-in" };

static bool said[N_WORDS];
static bool is_up;

static void tell(enum word word, int64_t when)
{
	if (said[word] || (!is_up && word > UP))
		return;
	said[word] = true;
	printf("%lld %s\n", (long long)when, words[word]);
	fflush(stdout);
}

static void carrier(bool up)
{
	int64_t now = (int64_t)lab_mono_usec();

	if (up == is_up)
		return;
	is_up = up;
	memset(said, 0, sizeof(said));
	tell(up ? UP : DOWN, now);
}

static int open_route(void)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK,
				  .nl_groups = RTMGRP_LINK | RTMGRP_IPV6_IFADDR };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (struct sockaddr *)&nl, sizeof(nl)))
		lab_die(errno, "netlink");
	return fd;
}

static void read_route(int fd, int ifindex)
{
	char buf[16384];
	ssize_t n = recv(fd, buf, sizeof(buf), 0);
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)(const void *)buf;
	int left = (int)n;

	if (n < 0 && errno != EINTR)
		lab_die(errno, "netlink");
	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		const struct ifinfomsg *link = mnl_nlmsg_get_payload(nlh);
		const struct ifaddrmsg *addr = mnl_nlmsg_get_payload(nlh);

		if (nlh->nlmsg_type == RTM_NEWLINK && link->ifi_index == ifindex)
			carrier(link->ifi_flags & IFF_LOWER_UP);
		if (nlh->nlmsg_type == RTM_NEWADDR && (int)addr->ifa_index == ifindex &&
		    addr->ifa_scope == RT_SCOPE_UNIVERSE)
			tell(ADDR, (int64_t)lab_mono_usec());
	}
}

static int open_tap(int ifindex)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET,
				   .sll_protocol = htons(ETH_P_ALL),
				   .sll_ifindex = ifindex };
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&sll, sizeof(sll)))
		lab_die(errno, "packet socket");
	return fd;
}

/* What a packet is, or N_WORDS. */
static enum word classify(const uint8_t *p, size_t len, bool outgoing)
{
	const struct ip6_hdr *ip6 = (const struct ip6_hdr *)(const void *)p;
	size_t at = sizeof(*ip6);
	uint8_t next;

	if (len < at + 8)
		return N_WORDS;
	next = ip6->ip6_nxt;
	while ((next == IPPROTO_DSTOPTS || next == IPPROTO_ROUTING) && at + 8 <= len) {
		next = p[at];
		at += 8 + (size_t)p[at + 1] * 8;
	}
	if (at + 8 > len)
		return N_WORDS;
	switch (next) {
	case IPPROTO_ICMPV6:
		if (p[at] == ND_ROUTER_SOLICIT && outgoing)
			return RS;
		return p[at] == ND_ROUTER_ADVERT && !outgoing ? RA : N_WORDS;
	case MIP_IPPROTO_MH:
		if (p[at + 2] == MIP_MH_BU && outgoing)
			return BU;
		return p[at + 2] == MIP_MH_BA && !outgoing ? BA : N_WORDS;
	case IPPROTO_IPV6:
		return outgoing ? DATA_OUT : DATA_IN;
	}
	return N_WORDS;
}

static void read_tap(int fd)
{
	uint8_t packet[256], control[128];
	struct sockaddr_ll from;
	struct iovec iov = { packet, sizeof(packet) };
	struct msghdr msg = { .msg_name = &from,
			      .msg_namelen = sizeof(from),
			      .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &msg, 0);
	int64_t when = (int64_t)lab_mono_usec();
	enum word word;

	if (n < 0) {
		if (errno == EINTR || errno == ENETDOWN)
			return;
		lab_die(errno, "packet socket");
	}
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		struct timespec ts;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&ts, CMSG_DATA(c), sizeof(ts));
		when -= (int64_t)lab_real_usec() -
			((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
	}
	if (from.sll_protocol != htons(ETH_P_IPV6))
		return;
	word = classify(packet, (size_t)n, from.sll_pkttype == PACKET_OUTGOING);
	if (word != N_WORDS)
		tell(word, when);
}

int main(int argc, char **argv)
{
	int ifindex = argc == 2 ? (int)if_nametoindex(argv[1]) : 0;
	const struct sched_param first = { .sched_priority = 1 };
	struct pollfd pfd[2] = { { .events = POLLIN }, { .events = POLLIN } };

	if (!ifindex) {
		fputs("usage: bench-attach DEV\n", stderr);
		return 2;
	}
	/* First of all processes: the carrier's time is that of our reading. */
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		lab_die(errno, "real-time scheduling");
	pfd[0].fd = open_route();
	pfd[1].fd = open_tap(ifindex);
	puts("0 watching");
	fflush(stdout);
	for (;;) {
		if (poll(pfd, 2, -1) < 0 && errno != EINTR)
			lab_die(errno, "poll");
		/* The carrier first: packets count from it on. */
		if (pfd[0].revents)
			read_route(pfd[0].fd, ifindex);
		else if (pfd[1].revents)
			read_tap(pfd[1].fd);
	}
}
