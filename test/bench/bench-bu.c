// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many mobile nodes at once: sends authenticated Binding Updates (RFC 6275
 * section 6.1.7, RFC 4285) to a home agent and counts the Acknowledgements.
 *
 *	bench-bu keys COUNT				the key file for nodes 0 .. COUNT - 1
 *	bench-bu send DEV FIRST COUNT SEQ WINDOW SEED	one Binding Update from each node
 *
 * Messages are made and signed before the clock starts and answers are
 * verified after it has stopped, since both happen on machines of their own in
 * the field. In between, at most WINDOW nodes wait for their answer at any
 * moment, so that no queue overflows. Every node must be answered with status
 * 0 in an Acknowledgement with a right checksum and MAC, or the run fails.
 * SEED 0 keeps the order of the nodes, another one shuffles it.
 *
 * The nodes' care-of addresses are nobody's in this network namespace: sending
 * takes a raw socket with own headers, and DEV is tapped for the answers.
 * Addresses: bench-addr.h. On standard output: "count=N usec=T".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip6.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mip/auth.h>
#include <mip/wire.h>

#include "bench-tool.h"
#include "kernel/bench-addr.h"

#define SPI	      256
#define KEY_OCTETS    16
#define LIFETIME_WIRE 900 /* an hour */
#define NODES_MAX     1000000
#define WINDOW_MAX    1024
#define BATCH	      64
#define SILENCE_MSEC  3000
#define PACKET_OCTETS 320

enum state { TO_SEND, SENT, ANSWERED };

struct node {
	unsigned int i;
	enum state state;
	size_t len;
	uint8_t packet[PACKET_OCTETS];
	size_t ba_len;
	uint8_t ba[PACKET_OCTETS]; /* the answer, from its IPv6 header on */
};

struct nodes {
	unsigned int first, count;
	struct node *node; /* by number - first */
	unsigned int *order;
};

/* Any key will do, as long as each node has its own. */
static void node_key(unsigned int i, uint8_t key[KEY_OCTETS])
{
	for (unsigned int k = 0; k < KEY_OCTETS; k++)
		key[k] = (uint8_t)((i >> (k % 4 * 8)) + k * 37);
}

static int node_nai(unsigned int i, char *buf, size_t size)
{
	return snprintf(buf, size, "mn%u@bench.example", i);
}

static int print_keys(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		struct in6_addr hoa = bench_hoa(i);
		char nai[64], addr[INET6_ADDRSTRLEN];
		uint8_t key[KEY_OCTETS];

		node_nai(i, nai, sizeof(nai));
		node_key(i, key);
		printf("%s %s %d hex:", nai, inet_ntop(AF_INET6, &hoa, addr, sizeof(addr)), SPI);
		for (unsigned int k = 0; k < KEY_OCTETS; k++)
			printf("%02x", key[k]);
		putchar('\n');
	}
	return fflush(stdout) ? 1 : 0;
}

/* IPv6 header, Home Address option, Binding Update. */
static void make_bu(struct node *n, uint16_t seq, uint64_t timestamp)
{
	struct in6_addr hoa = bench_hoa(n->i), coa = bench_coa(n->i, 0), ha = bench_ha();
	struct ip6_hdr *ip6 = (struct ip6_hdr *)(void *)n->packet;
	uint8_t *mh = n->packet + sizeof(*ip6) + MIP_HAO_HDR_OCTETS;
	struct mip_msg msg = { .type = MIP_MH_BU };
	struct mip_mh_info info;
	uint8_t key[KEY_OCTETS];
	size_t len;
	int r;

	msg.bu.seq = seq;
	msg.bu.flags = MIP_BU_A | MIP_BU_H;
	msg.bu.lifetime_wire = LIFETIME_WIRE;
	msg.opts.present = MIP_HAS_ALTCOA | MIP_HAS_NAI | MIP_HAS_TIMESTAMP | MIP_HAS_MN_HA;
	msg.opts.altcoa = coa;
	msg.opts.nai_len = (uint8_t)node_nai(n->i, msg.opts.nai, sizeof(msg.opts.nai));
	msg.opts.timestamp = timestamp;
	msg.opts.mn_ha.spi = SPI;
	msg.opts.mn_ha.len = MIP_MAC_OCTETS;

	r = mip_mh_encode(&msg, mh, (size_t)(n->packet + sizeof(n->packet) - mh), &len, &info);
	node_key(n->i, key);
	if (r == MIP_OK)
		r = mip_auth_mn_ha_sign(key, sizeof(key), &coa, &hoa, mh, len, &info);
	if (r != MIP_OK)
		lab_die(0, "encoding failed: %d", r);
	mip_mh_set_checksum(&hoa, &ha, mh, len);
	mip_hao_encode(&hoa, MIP_IPPROTO_MH, n->packet + sizeof(*ip6));

	memset(ip6, 0, sizeof(*ip6));
	ip6->ip6_vfc = 0x60;
	ip6->ip6_plen = htons((uint16_t)(MIP_HAO_HDR_OCTETS + len));
	ip6->ip6_nxt = IPPROTO_DSTOPTS;
	ip6->ip6_hlim = 64;
	ip6->ip6_src = coa;
	ip6->ip6_dst = ha;
	n->len = sizeof(*ip6) + MIP_HAO_HDR_OCTETS + len;
	n->state = TO_SEND;
}

static void nodes_make(struct nodes *all, unsigned int first, unsigned int count, uint16_t seq,
		       unsigned int seed)
{
	uint64_t ntp = mip_ntp_from_usec(lab_real_usec());

	all->first = first;
	all->count = count;
	all->node = calloc(count, sizeof(*all->node));
	all->order = bench_order(0, count, seed);
	if (!all->node)
		lab_die(ENOMEM, "nodes");
	for (unsigned int k = 0; k < count; k++) {
		all->node[k].i = first + k;
		make_bu(&all->node[k], seq, ntp);
	}
}

static int open_raw(void)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	int size = 4 << 20;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		lab_die(errno, "raw socket");
	return fd;
}

static int open_tap(const char *dev)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int size = 16 << 20, on = 1;

	if (!sll.sll_ifindex)
		lab_die(0, "no interface %s", dev);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&sll, sizeof(sll)))
		lab_die(errno, "packet socket");
	return fd;
}

/* Sends to the next nodes in order, n of them at most; returns how many. */
static unsigned int send_some(int fd, struct nodes *all, unsigned int next, unsigned int n)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = bench_ha() };
	struct mmsghdr msg[BATCH] = {};
	struct iovec iov[BATCH];
	int sent;

	if (n > BATCH)
		n = BATCH;
	for (unsigned int k = 0; k < n; k++) {
		struct node *node = &all->node[all->order[next + k]];

		iov[k] = (struct iovec){ node->packet, node->len };
		msg[k].msg_hdr.msg_name = &to;
		msg[k].msg_hdr.msg_namelen = sizeof(to);
		msg[k].msg_hdr.msg_iov = &iov[k];
		msg[k].msg_hdr.msg_iovlen = 1;
		node->state = SENT;
	}
	sent = sendmmsg(fd, msg, n, 0);
	if (sent < 0)
		lab_die(errno, "send");
	return (unsigned int)sent;
}

/*
 * Whose answer is it? Only the addresses are looked at now: a type 2 routing
 * header behind the IPv6 header, in it the home address. NULL: none of ours.
 */
static struct node *whose(struct nodes *all, const uint8_t *packet, size_t len)
{
	const struct ip6_hdr *ip6 = (const struct ip6_hdr *)(const void *)packet;
	struct in6_addr hoa, want;
	unsigned int i;

	if (len < sizeof(*ip6) + MIP_RH2_OCTETS || ip6->ip6_nxt != IPPROTO_ROUTING ||
	    mip_rh2_decode(packet + sizeof(*ip6), MIP_RH2_OCTETS, &hoa) != MIP_OK)
		return NULL;
	i = ntohl(hoa.s6_addr32[3]);
	want = bench_hoa(i);
	if (i < all->first || i - all->first >= all->count || memcmp(&hoa, &want, sizeof(hoa)))
		return NULL;
	return &all->node[i - all->first];
}

/* Takes what has come in; returns how many nodes got their answer by it. */
static unsigned int receive_some(int fd, struct nodes *all)
{
	static uint8_t buf[BATCH][PACKET_OCTETS];
	struct mmsghdr msg[BATCH] = {};
	struct iovec iov[BATCH];
	unsigned int answered = 0;
	int n;

	for (unsigned int k = 0; k < BATCH; k++) {
		iov[k] = (struct iovec){ buf[k], sizeof(buf[k]) };
		msg[k].msg_hdr.msg_iov = &iov[k];
		msg[k].msg_hdr.msg_iovlen = 1;
	}
	n = recvmmsg(fd, msg, BATCH, MSG_DONTWAIT, NULL);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		lab_die(errno, "receive");
	for (int k = 0; k < n; k++) {
		struct node *node = whose(all, buf[k], msg[k].msg_len);

		if (!node || node->state != SENT)
			continue;
		node->state = ANSWERED;
		node->ba_len = msg[k].msg_len;
		memcpy(node->ba, buf[k], node->ba_len);
		answered++;
	}
	return answered;
}

/* After the clock has stopped: is every answer what the node has to accept? */
static void verify(const struct nodes *all, uint16_t seq)
{
	struct in6_addr ha = bench_ha();

	for (unsigned int k = 0; k < all->count; k++) {
		const struct node *node = &all->node[k];
		struct in6_addr hoa = bench_hoa(node->i), coa = bench_coa(node->i, 0);
		const struct ip6_hdr *ip6 = (const struct ip6_hdr *)(const void *)node->ba;
		const size_t before = sizeof(*ip6) + MIP_RH2_OCTETS;
		const uint8_t *mh = node->ba + before;
		struct mip_mh_info info;
		uint8_t key[KEY_OCTETS];
		struct mip_msg msg;
		size_t len = node->ba_len - before;
		int r;

		if (memcmp(&ip6->ip6_src, &ha, sizeof(ha)) ||
		    memcmp(&ip6->ip6_dst, &coa, sizeof(coa)))
			lab_die(0, "node %u: answer with wrong addresses", node->i);
		if (!mip_mh_checksum_ok(&ha, &hoa, mh, len))
			lab_die(0, "node %u: answer with a wrong checksum", node->i);
		r = mip_mh_decode(mh, len, &msg, &info);
		if (r != MIP_OK || msg.type != MIP_MH_BA)
			lab_die(0, "node %u: answer is no Binding Acknowledgement (%d)", node->i,
				r);
		if (msg.ba.status)
			lab_die(0, "node %u: status %u, %s", node->i, msg.ba.status,
				mip_status_str(msg.ba.status));
		if (msg.ba.seq != seq || !msg.ba.lifetime_wire)
			lab_die(0, "node %u: sequence number %u, lifetime %u", node->i, msg.ba.seq,
				msg.ba.lifetime_wire);
		node_key(node->i, key);
		r = mip_auth_mn_ha_verify(key, sizeof(key), &coa, &hoa, mh, len, &info);
		if (r != MIP_OK)
			lab_die(0, "node %u: answer with a wrong MAC (%d)", node->i, r);
	}
}

static void run(const char *dev, unsigned int first, unsigned int count, uint16_t seq,
		unsigned int window, unsigned int seed)
{
	unsigned int sent = 0, answered = 0;
	struct nodes all = {};
	int raw = open_raw(), tap = open_tap(dev);
	uint64_t start, spent;

	nodes_make(&all, first, count, seq, seed);
	start = lab_mono_usec();
	while (answered < count) {
		struct pollfd pfd = { .fd = tap, .events = POLLIN };
		unsigned int room = window - (sent - answered);

		/* Refill in large steps: a system call for each message would measure system calls. */
		if (sent < count && (room >= window / 2 || sent == answered))
			sent += send_some(raw, &all, sent,
					  room < count - sent ? room : count - sent);
		if (poll(&pfd, 1, SILENCE_MSEC) == 0)
			lab_die(0,
				"%u of %u nodes have no answer after %d ms of silence (sent: %u)",
				count - answered, count, SILENCE_MSEC, sent);
		answered += receive_some(tap, &all);
	}
	spent = lab_mono_usec() - start;
	verify(&all, seq);
	printf("count=%u usec=%llu\n", count, (unsigned long long)spent);
	free(all.node);
	free(all.order);
	close(raw);
	close(tap);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "keys"))
		return print_keys(bench_number(argv[2], "COUNT", NODES_MAX));
	if (argc == 8 && !strcmp(argv[1], "send")) {
		run(argv[2], bench_number(argv[3], "FIRST", NODES_MAX),
		    bench_number(argv[4], "COUNT", NODES_MAX),
		    (uint16_t)bench_number(argv[5], "SEQ", UINT16_MAX),
		    (unsigned int)lab_number(argv[6], "WINDOW", 2, WINDOW_MAX),
		    bench_number(argv[7], "SEED", UINT32_MAX));
		return 0;
	}
	fputs("usage: bench-bu keys COUNT |\n"
	      "       bench-bu send DEV FIRST COUNT SEQ WINDOW SEED\n",
	      stderr);
	return 2;
}
