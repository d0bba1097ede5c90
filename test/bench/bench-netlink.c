// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes bindings of the kernel over MIPSOCK in batches, and says what one
 * change costs: many messages in one sendmsg(), an acknowledgement asked for
 * with the last one only. An error of any message ends the run, so a figure
 * stands for changes that all succeeded.
 *
 *	bench-netlink nodetype MASK
 *	bench-netlink add FIRST COUNT GEN SEED BATCH	bindings FIRST .. FIRST + COUNT - 1
 *	bench-netlink remove FIRST COUNT GEN SEED BATCH
 *	bench-netlink route-add FIRST COUNT GEN SEED BATCH	for comparison: a plain /128 route each
 *	bench-netlink route-del FIRST COUNT GEN SEED BATCH
 *	bench-netlink flush
 *
 * SEED 0 keeps the order, another one shuffles it. Addresses: bench-addr.h.
 * Adding what is there, with another GEN, is a handover. On standard output:
 * one line "count=N usec=T".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/mipsock.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-tool.h"
#include "kernel/bench-addr.h"

#define BATCH_MAX      1000
#define COUNT_MAX      1048576
#define MSG_OCTETS_MAX 256
#define ROUTE_DEV      "out0"
#define LIFETIME_MSEC  (3600U * 1000U)

enum op { OP_ADD, OP_REMOVE, OP_ROUTE_ADD, OP_ROUTE_DEL };

struct client {
	struct mnl_socket *sock;
	unsigned int portid;
	uint16_t family;
	uint32_t seq;
	uint32_t oif;
};

static void client_open(struct client *c, int bus)
{
	memset(c, 0, sizeof(*c));
	c->sock = mnl_socket_open(bus);
	if (!c->sock || mnl_socket_bind(c->sock, 0, MNL_SOCKET_AUTOPID) < 0)
		lab_die(errno, "netlink socket");
	c->portid = mnl_socket_get_portid(c->sock);
	c->seq = 1;
}

/* Takes answers until the one to seq has come; the first error ends the program. */
static void client_wait(struct client *c, uint32_t seq)
{
	char buf[16384];

	for (;;) {
		ssize_t n = mnl_socket_recvfrom(c->sock, buf, sizeof(buf));
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)(const void *)buf;
		int left = (int)n;

		if (n < 0)
			lab_die(errno, "recv");
		for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
			const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

			if (nlh->nlmsg_type != NLMSG_ERROR)
				continue;
			if (err->error)
				lab_die(-err->error, "message %u refused", nlh->nlmsg_seq);
			if (nlh->nlmsg_seq == seq)
				return;
		}
	}
}

static int family_attr(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		*(uint16_t *)data = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static int family_msg(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), family_attr, data);
}

static struct nlmsghdr *genl_begin(void *buf, uint16_t family, uint8_t cmd, uint8_t version)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	genl->cmd = cmd;
	genl->version = version;
	return nlh;
}

static void client_open_mipsock(struct client *c)
{
	char buf[16384];
	struct nlmsghdr *nlh;
	ssize_t n;

	client_open(c, NETLINK_GENERIC);
	nlh = genl_begin(buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	nlh->nlmsg_seq = c->seq++;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, MIPSOCK_GENL_NAME);
	if (mnl_socket_sendto(c->sock, nlh, nlh->nlmsg_len) < 0)
		lab_die(errno, "send");
	n = mnl_socket_recvfrom(c->sock, buf, sizeof(buf));
	if (n < 0 || mnl_cb_run(buf, (size_t)n, 0, c->portid, family_msg, &c->family) < 0 ||
	    !c->family)
		lab_die(errno, "no family " MIPSOCK_GENL_NAME ": is the module loaded?");
}

static void put_addr(struct nlmsghdr *nlh, uint16_t type, struct in6_addr addr)
{
	mnl_attr_put(nlh, type, sizeof(addr), &addr);
}

static struct nlmsghdr *put_bc(const struct client *c, void *buf, enum op op, unsigned int i,
			       unsigned int gen)
{
	struct nlmsghdr *nlh = genl_begin(
		buf, c->family, op == OP_ADD ? MIPM_BC_ADD : MIPM_BC_REMOVE, MIPSOCK_GENL_VERSION);

	put_addr(nlh, MIPA_HOA, bench_hoa(i));
	if (op == OP_ADD) {
		put_addr(nlh, MIPA_LOCAL, bench_ha());
		put_addr(nlh, MIPA_COA, bench_coa(i, gen));
		mnl_attr_put_u32(nlh, MIPA_LIFETIME, LIFETIME_MSEC);
		mnl_attr_put_u32(nlh, MIPA_FLAGS, MIPSOCK_F_ACK | MIPSOCK_F_HOME);
		mnl_attr_put_u16(nlh, MIPA_SEQ, (uint16_t)gen);
	}
	return nlh;
}

static struct nlmsghdr *put_route(const struct client *c, void *buf, enum op op, unsigned int i)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	nlh->nlmsg_type = op == OP_ROUTE_ADD ? RTM_NEWROUTE : RTM_DELROUTE;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	if (op == OP_ROUTE_ADD)
		nlh->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	rtm->rtm_family = AF_INET6;
	rtm->rtm_dst_len = 128;
	rtm->rtm_table = RT_TABLE_MAIN;
	rtm->rtm_protocol = RTPROT_STATIC;
	rtm->rtm_scope = RT_SCOPE_UNIVERSE;
	rtm->rtm_type = RTN_UNICAST;
	put_addr(nlh, RTA_DST, bench_addr(BENCH_NET_STATIC + 1, i));
	mnl_attr_put_u32(nlh, RTA_OIF, c->oif);
	return nlh;
}

static void run(struct client *c, enum op op, unsigned int first, unsigned int count,
		unsigned int gen, unsigned int seed, unsigned int batch)
{
	unsigned int *order = bench_order(first, count, seed);
	char *buf = malloc((size_t)batch * MSG_OCTETS_MAX);
	unsigned int done = 0;
	uint64_t start;

	if (!buf)
		lab_die(ENOMEM, "messages");
	start = lab_mono_usec();
	while (done < count) {
		unsigned int n = count - done < batch ? count - done : batch;
		struct nlmsghdr *nlh = NULL;
		size_t len = 0;

		for (unsigned int k = 0; k < n; k++) {
			unsigned int i = order[done + k];

			if (op == OP_ADD || op == OP_REMOVE)
				nlh = put_bc(c, buf + len, op, i, gen);
			else
				nlh = put_route(c, buf + len, op, i);
			nlh->nlmsg_seq = c->seq++;
			len += NLMSG_ALIGN(nlh->nlmsg_len);
		}
		nlh->nlmsg_flags |= NLM_F_ACK;
		if (mnl_socket_sendto(c->sock, buf, len) < 0)
			lab_die(errno, "send");
		client_wait(c, nlh->nlmsg_seq);
		done += n;
	}
	printf("count=%u usec=%llu\n", count, (unsigned long long)(lab_mono_usec() - start));
	free(buf);
	free(order);
}

static void run_single(struct client *c, uint8_t cmd, uint32_t mask)
{
	char buf[MSG_OCTETS_MAX];
	struct nlmsghdr *nlh = genl_begin(buf, c->family, cmd, MIPSOCK_GENL_VERSION);
	uint64_t start = lab_mono_usec();

	nlh->nlmsg_flags |= NLM_F_ACK;
	nlh->nlmsg_seq = c->seq++;
	if (cmd == MIPM_NODETYPE_INFO) {
		mnl_attr_put_u32(nlh, MIPA_NODETYPE, mask);
		mnl_attr_put_u32(nlh, MIPA_NODETYPE_MASK, mask);
	}
	if (mnl_socket_sendto(c->sock, nlh, nlh->nlmsg_len) < 0)
		lab_die(errno, "send");
	client_wait(c, nlh->nlmsg_seq);
	printf("count=1 usec=%llu\n", (unsigned long long)(lab_mono_usec() - start));
}

int main(int argc, char **argv)
{
	static const char *const ops[] = {
		[OP_ADD] = "add",
		[OP_REMOVE] = "remove",
		[OP_ROUTE_ADD] = "route-add",
		[OP_ROUTE_DEL] = "route-del",
	};
	struct client c;

	if (argc == 3 && !strcmp(argv[1], "nodetype")) {
		client_open_mipsock(&c);
		run_single(&c, MIPM_NODETYPE_INFO, bench_number(argv[2], "MASK", UINT32_MAX));
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "flush")) {
		client_open_mipsock(&c);
		run_single(&c, MIPM_BC_FLUSH, 0);
		return 0;
	}
	for (unsigned int k = 0; argc == 7 && k < sizeof(ops) / sizeof(*ops); k++) {
		if (strcmp(argv[1], ops[k]))
			continue;
		if (k == OP_ADD || k == OP_REMOVE) {
			client_open_mipsock(&c);
		} else {
			client_open(&c, NETLINK_ROUTE);
			c.oif = if_nametoindex(ROUTE_DEV);
		}
		run(&c, (enum op)k, bench_number(argv[2], "FIRST", UINT32_MAX),
		    bench_number(argv[3], "COUNT", COUNT_MAX),
		    bench_number(argv[4], "GEN", UINT32_MAX),
		    bench_number(argv[5], "SEED", UINT32_MAX),
		    (unsigned int)lab_number(argv[6], "BATCH", 1, BATCH_MAX));
		return 0;
	}
	fputs("usage: bench-netlink nodetype MASK | flush |\n"
	      "       bench-netlink add|remove|route-add|route-del FIRST COUNT GEN SEED BATCH\n",
	      stderr);
	return 2;
}
