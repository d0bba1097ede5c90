// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lab-plug: pulls the cable of a node's interface and plugs it in elsewhere.
 *
 *   lab-plug out NODE IF          carrier down; ends when NODE's kernel has announced it
 *   lab-plug in NODE IF LINK      carrier up, on LINK
 *   lab-plug move NODE IF LINK    both at once: some milliseconds without a cable
 *
 * The far end of the interface is the port NODE.IF of a bridge on the node "wire". Prints the times
 * in microseconds of CLOCK_REALTIME (as EPOCHREALTIME in bash): of pulling, for out and move, and of
 * the cable being in again, for in and move.
 *
 * One program, because with a process for each step the cable would be out for a tenth of a second.
 */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* net/if.h and linux/if.h do not go together */
unsigned int if_nametoindex(const char *name);

#define ANNOUNCE_LIMIT (60 * LAB_USEC_PER_SEC)

struct link_request {
	struct nlmsghdr header;
	struct ifinfomsg info;
	struct rtattr attribute;
	uint32_t master;
};

static void enter_network(const char *node)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", node);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		lab_die(errno, "node %s", node);
	close(fd);
}

static uint32_t index_of(const char *node, const char *name)
{
	uint32_t index = if_nametoindex(name);

	if (!index)
		lab_die(errno, "%s on %s", name, node);
	return index;
}

static int open_rtnetlink(uint32_t groups)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		lab_die(errno, "rtnetlink");
	return fd;
}

/* Puts a port under a bridge (0: none) and up or down, in that order, and waits for the answer. */
static void set_port(int fd, uint32_t port, uint32_t bridge, bool up)
{
	struct link_request request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_NEWLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.info = {
			.ifi_family = AF_UNSPEC,
			.ifi_index = (int)port,
			.ifi_flags = up ? IFF_UP : 0,
			.ifi_change = IFF_UP,
		},
		.attribute = { .rta_len = RTA_LENGTH(sizeof(uint32_t)), .rta_type = IFLA_MASTER },
		.master = bridge,
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char quoted[1024];
	} answer;
	ssize_t n;

	if (send(fd, &request, sizeof(request), 0) != (ssize_t)sizeof(request))
		lab_die(errno, "rtnetlink");
	n = recv(fd, &answer, sizeof(answer), 0);
	if (n < (ssize_t)(sizeof(answer.header) + sizeof(answer.error)) ||
	    answer.header.nlmsg_type != NLMSG_ERROR)
		lab_die(n < 0 ? errno : 0, "no answer from rtnetlink");
	if (answer.error.error)
		lab_die(-answer.error.error, "the port");
}

/* True if one of the messages says that the interface has no carrier. */
static bool says_no_carrier(const uint8_t *data, size_t length, uint32_t index)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
	} m;

	while (length >= sizeof(m)) {
		size_t step;

		memcpy(&m, data, sizeof(m));
		if (m.header.nlmsg_len < sizeof(m))
			return false;
		if (m.header.nlmsg_type == RTM_NEWLINK && m.info.ifi_index == (int)index &&
		    !(m.info.ifi_flags & IFF_RUNNING))
			return true;
		step = NLMSG_ALIGN((size_t)m.header.nlmsg_len);
		if (step >= length)
			return false;
		data += step;
		length -= step;
	}
	return false;
}

/* Plugging in again before the node's kernel has told its programs would hide the loss from them. */
static void wait_for_announcement(int fd, uint32_t index, const char *node)
{
	const uint64_t end = lab_mono_usec() + ANNOUNCE_LIMIT;
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	uint8_t buffer[32768];

	while (lab_mono_usec() < end) {
		ssize_t n;

		if (poll(&polled, 1, 100) <= 0)
			continue;
		n = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
		if (n > 0 && says_no_carrier(buffer, (size_t)n, index))
			return;
	}
	lab_die(0, "%s did not see the carrier go down", node);
}

int main(int argc, char **argv)
{
	const bool out = argc > 1 && (!strcmp(argv[1], "out") || !strcmp(argv[1], "move"));
	const bool in = argc > 1 && (!strcmp(argv[1], "in") || !strcmp(argv[1], "move"));
	uint32_t index, port, bridge = 0;
	int events, wire;
	char name[64];

	if ((!in && !out) || argc != (in ? 5 : 4)) {
		fputs("usage: lab-plug out NODE IF\n"
		      "       lab-plug in NODE IF LINK\n"
		      "       lab-plug move NODE IF LINK\n",
		      stderr);
		return 2;
	}
	enter_network(argv[2]);
	events = open_rtnetlink(RTMGRP_LINK);
	index = index_of(argv[2], argv[3]);
	enter_network("wire");
	wire = open_rtnetlink(0);
	snprintf(name, sizeof(name), "%s.%s", argv[2], argv[3]);
	port = index_of("wire", name);
	if (in)
		bridge = index_of("wire", argv[4]);
	if (out) {
		printf("%llu\n", (unsigned long long)lab_real_usec());
		set_port(wire, port, 0, false);
		wait_for_announcement(events, index, argv[2]);
	}
	if (in) {
		set_port(wire, port, bridge, true);
		printf("%llu\n", (unsigned long long)lab_real_usec());
	}
	return 0;
}
