// SPDX-License-Identifier: GPL-2.0-or-later
#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "util.h"

#define FRAME_OCTETS  1400 /* of payload in one packet; a multiple of 8 */
#define PACKET_OCTETS (sizeof(struct ip6_hdr) + ATTACK_PAYLOAD_MAX)
#define BATCH	      64
#define TUNNEL_UDP    32 /* octets of data in a tunnelled packet */

static int raw_fd = -1, tap_fd = -1;

void attack_open(const char *dev)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IPV6),
		.sll_ifindex = (int)if_nametoindex(dev),
	};
	int size = 8 << 20, on = 1;

	if (!sll.sll_ifindex)
		lab_die(errno, "no interface %s", dev);
	raw_fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (raw_fd < 0 || setsockopt(raw_fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		lab_die(errno, "raw socket");
	tap_fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (tap_fd < 0 || setsockopt(tap_fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(tap_fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
	    bind(tap_fd, (struct sockaddr *)&sll, sizeof(sll)))
		lab_die(errno, "packet socket");
}

static uint8_t *put(struct attack_packet *p, const void *data, size_t len)
{
	uint8_t *at = p->payload + p->len;

	if (len > sizeof(p->payload) - p->len)
		lab_die(0, "the packet is too long");
	if (data)
		memcpy(at, data, len);
	p->len += len;
	return at;
}

/* Of any length, also of what no codec would make. The field itself has to be zero. */
static uint16_t checksum_of(const struct in6_addr *src, const struct in6_addr *dst,
			    uint8_t next_header, const uint8_t *data, size_t len)
{
	uint32_t sum = (uint32_t)len + next_header;

	for (size_t i = 0; i < 16; i += 2)
		sum += ((uint32_t)src->s6_addr[i] << 8) + src->s6_addr[i + 1] +
		       ((uint32_t)dst->s6_addr[i] << 8) + dst->s6_addr[i + 1];
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? data[i] : (uint32_t)data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

void attack_build(const struct attack_path *path, uint8_t *mh, size_t len, bool checksum,
		  struct attack_packet *ret)
{
	uint8_t header[MIP_HAO_HDR_OCTETS];
	uint8_t *next = &ret->next_header;

	*ret = (struct attack_packet){ .src = path->src, .dst = path->dst };
	if (checksum && len >= 6) {
		uint16_t sum;

		mh[4] = mh[5] = 0;
		sum = checksum_of(path->has_hao ? &path->hao : &path->src,
				  path->has_rh2 ? &path->rh2 : &path->dst, MIP_IPPROTO_MH, mh, len);
		mh[4] = (uint8_t)(sum >> 8);
		mh[5] = (uint8_t)sum;
	}
	if (path->has_rh2) {
		mip_rh2_encode(&path->rh2, MIP_IPPROTO_MH, header);
		*next = IPPROTO_ROUTING;
		next = put(ret, header, MIP_RH2_OCTETS);
	}
	if (path->has_hao) {
		mip_hao_encode(&path->hao, MIP_IPPROTO_MH, header);
		*next = IPPROTO_DSTOPTS;
		next = put(ret, header, MIP_HAO_HDR_OCTETS);
	}
	*next = MIP_IPPROTO_MH;
	put(ret, mh, len);
}

static void ip6_header(struct ip6_hdr *ip6, const struct in6_addr *src, const struct in6_addr *dst,
		       uint8_t next_header, size_t len)
{
	memset(ip6, 0, sizeof(*ip6));
	ip6->ip6_vfc = 0x60;
	ip6->ip6_plen = htons((uint16_t)len);
	ip6->ip6_nxt = next_header;
	ip6->ip6_hlim = 64;
	ip6->ip6_src = *src;
	ip6->ip6_dst = *dst;
}

void attack_build_tunnel(const struct attack_path *outer, const struct in6_addr *inner_src,
			 const struct in6_addr *inner_dst, uint16_t port, struct attack_packet *ret)
{
	const size_t len = sizeof(struct udphdr) + TUNNEL_UDP;
	uint8_t inner[sizeof(struct ip6_hdr) + sizeof(struct udphdr) + TUNNEL_UDP] = { 0 };
	struct ip6_hdr ip6;
	struct udphdr udp = { 0 };

	*ret = (struct attack_packet){ .src = outer->src,
				       .dst = outer->dst,
				       .next_header = IPPROTO_IPV6 };
	ip6_header(&ip6, inner_src, inner_dst, IPPROTO_UDP, len);
	udp.source = udp.dest = htons(port);
	udp.len = htons((uint16_t)len);
	memcpy(inner, &ip6, sizeof(ip6));
	memcpy(inner + sizeof(ip6), &udp, sizeof(udp));
	memcpy(inner + sizeof(ip6) + sizeof(udp), "lab-attack", 10);
	udp.check = htons(checksum_of(inner_src, inner_dst, IPPROTO_UDP, inner + sizeof(ip6), len));
	memcpy(inner + sizeof(ip6), &udp, sizeof(udp));
	put(ret, inner, sizeof(inner));
}

static void send_frame(const struct attack_packet *p, uint8_t next_header, const void *head,
		       size_t head_len, const uint8_t *data, size_t len)
{
	uint8_t buf[PACKET_OCTETS];
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = p->dst };
	struct ip6_hdr ip6;

	ip6_header(&ip6, &p->src, &p->dst, next_header, head_len + len);
	memcpy(buf, &ip6, sizeof(ip6));
	if (head_len)
		memcpy(buf + sizeof(ip6), head, head_len);
	memcpy(buf + sizeof(ip6) + head_len, data, len);
	len += sizeof(ip6) + head_len;
	if (sendto(raw_fd, buf, len, 0, (struct sockaddr *)&to, sizeof(to)) != (ssize_t)len)
		lab_die(errno, "sending %zu octets", len);
}

void attack_send(const struct attack_packet *packet)
{
	static uint32_t ident;

	if (packet->len <= FRAME_OCTETS) {
		send_frame(packet, packet->next_header, NULL, 0, packet->payload, packet->len);
		return;
	}
	ident++;
	for (size_t at = 0; at < packet->len; at += FRAME_OCTETS) {
		size_t n = packet->len - at < FRAME_OCTETS ? packet->len - at : FRAME_OCTETS;
		struct ip6_frag frag = {
			.ip6f_nxt = packet->next_header,
			.ip6f_offlg = htons((uint16_t)at),
			.ip6f_ident = htonl(ident),
		};

		if (at + n < packet->len)
			frag.ip6f_offlg |= IP6F_MORE_FRAG;
		send_frame(packet, IPPROTO_FRAGMENT, &frag, sizeof(frag), packet->payload + at, n);
	}
}

void attack_send_many(const struct attack_packet *packets, unsigned int n)
{
	static struct ip6_hdr ip6[BATCH];
	struct sockaddr_in6 to[BATCH];
	struct iovec iov[BATCH][2];
	struct mmsghdr msg[BATCH];

	while (n > 0) {
		unsigned int k = n < BATCH ? n : BATCH, done = 0;

		memset(msg, 0, sizeof(msg));
		for (unsigned int i = 0; i < k; i++) {
			const struct attack_packet *p = &packets[i];

			ip6_header(&ip6[i], &p->src, &p->dst, p->next_header, p->len);
			to[i] = (struct sockaddr_in6){ .sin6_family = AF_INET6,
						       .sin6_addr = p->dst };
			iov[i][0] = (struct iovec){ &ip6[i], sizeof(ip6[i]) };
			iov[i][1] = (struct iovec){ (void *)(uintptr_t)p->payload, p->len };
			msg[i].msg_hdr.msg_name = &to[i];
			msg[i].msg_hdr.msg_namelen = sizeof(to[i]);
			msg[i].msg_hdr.msg_iov = iov[i];
			msg[i].msg_hdr.msg_iovlen = 2;
		}
		while (done < k) {
			int r = sendmmsg(raw_fd, msg + done, k - done, 0);

			if (r < 0 && errno != ENOBUFS && errno != EINTR)
				lab_die(errno, "sending");
			done += r > 0 ? (unsigned int)r : 0;
		}
		packets += k;
		n -= k;
	}
}

/* Mobility Header messages and ICMPv6 errors; false: something else. */
static bool read_answer(const uint8_t *packet, size_t len, const struct in6_addr *target,
			struct attack_answer *ret)
{
	struct in6_addr dst;
	struct ip6_hdr ip6;
	uint8_t next;
	size_t at = sizeof(ip6);

	if (len < sizeof(ip6))
		return false;
	memcpy(&ip6, packet, sizeof(ip6));
	if (memcmp(&ip6.ip6_src, target, sizeof(*target)))
		return false;
	if (sizeof(ip6) + ntohs(ip6.ip6_plen) < len)
		len = sizeof(ip6) + ntohs(ip6.ip6_plen);
	memset(ret, 0, sizeof(*ret));
	next = ip6.ip6_nxt;
	dst = ip6.ip6_dst;
	if (next == IPPROTO_ROUTING) {
		if (mip_rh2_decode(packet + at, len - at, &ret->rh2) != MIP_OK)
			return false;
		next = packet[at];
		at += MIP_RH2_OCTETS;
		ret->has_rh2 = true;
		dst = ret->rh2;
	}
	if (next == IPPROTO_ICMPV6 && len >= at + 8) {
		ret->kind = ANSWER_ICMP6;
		ret->type = packet[at];
		ret->code = packet[at + 1];
		return ret->type < 128;
	}
	if (next != MIP_IPPROTO_MH || len < at + 8 || len - at > sizeof(ret->mh))
		return false;
	ret->mh_len = len - at;
	memcpy(ret->mh, packet + at, ret->mh_len);
	ret->checksum_ok = mip_mh_checksum_ok(target, &dst, ret->mh, ret->mh_len);
	ret->type = ret->mh[2];
	ret->kind = ANSWER_MH;
	if (mip_mh_decode(ret->mh, ret->mh_len, &ret->msg, &ret->info) != MIP_OK)
		return true;
	if (ret->msg.type == MIP_MH_BA) {
		ret->kind = ANSWER_BA;
		ret->code = ret->msg.ba.status;
	} else if (ret->msg.type == MIP_MH_BE) {
		ret->kind = ANSWER_BE;
		ret->code = ret->msg.be.status;
	}
	return true;
}

bool attack_receive(const struct in6_addr *target, uint64_t deadline, struct attack_answer *ret)
{
	struct pollfd pfd = { .fd = tap_fd, .events = POLLIN };
	uint8_t buf[PACKET_OCTETS];

	for (;;) {
		uint64_t now = lab_mono_usec();
		ssize_t n = recv(tap_fd, buf, sizeof(buf), MSG_DONTWAIT);

		if (n >= 0) {
			if (read_answer(buf, (size_t)n, target, ret))
				return true;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			lab_die(errno, "receiving");
		if (now >= deadline)
			return false;
		poll(&pfd, 1, (int)((deadline - now) / LAB_USEC_PER_MSEC) + 1);
	}
}

void attack_drain(void)
{
	uint8_t buf[8];

	while (recv(tap_fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC) >= 0)
		;
}

const char *attack_answer_text(const struct attack_answer *a)
{
	static char text[128];

	switch (a->kind) {
	case ANSWER_BA:
		snprintf(text, sizeof(text), "BA status=%u (%s) seq=%u", a->code,
			 mip_status_str((uint8_t)a->code), a->msg.ba.seq);
		break;
	case ANSWER_BE:
		snprintf(text, sizeof(text), "BE status=%u", a->code);
		break;
	case ANSWER_MH:
		snprintf(text, sizeof(text), "Mobility Header message of type %u", a->type);
		break;
	case ANSWER_ICMP6:
		snprintf(text, sizeof(text), "ICMPv6 error type=%u code=%u", a->type, a->code);
		break;
	}
	return text;
}
