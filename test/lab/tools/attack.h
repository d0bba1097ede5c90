/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of lab-attack, the generator of hostile signalling: attack-packet.c puts packets on the
 * wire and reads what comes back, lab-attack.c reads the script, attack-bulk.c sends many.
 *
 * Addresses as usual, numbers in host byte order, times in microseconds. Errors end the program.
 */
#ifndef LAB_ATTACK_H
#define LAB_ATTACK_H

#include <stdbool.h>

#include <mip/wire.h>

#define ATTACK_PAYLOAD_MAX \
	4096 /* behind the IPv6 header; more than one frame is sent in fragments */

/* What stands around a Mobility Header message. */
struct attack_path {
	struct in6_addr src, dst; /* of the IPv6 header */
	bool has_hao, has_rh2;
	struct in6_addr hao, rh2;
};

/* A packet without its IPv6 header, ready to be sent again. */
struct attack_packet {
	struct in6_addr src, dst;
	uint8_t next_header;
	size_t len;
	uint8_t payload[ATTACK_PAYLOAD_MAX];
};

/* What came back from the node under attack. */
enum attack_answer_kind { ANSWER_BA, ANSWER_BE, ANSWER_MH, ANSWER_ICMP6 };

struct attack_answer {
	enum attack_answer_kind kind;
	unsigned int type,
		code; /* ANSWER_MH: type; ANSWER_ICMP6: both; ANSWER_BE: code is the status */
	bool checksum_ok;
	bool has_rh2;
	struct in6_addr rh2; /* the home address that the message is for */
	struct mip_msg msg; /* ANSWER_BA, ANSWER_BE */
	struct mip_mh_info info;
	size_t mh_len;
	uint8_t mh[MIP_MH_OCTETS_MAX];
};

/* Raw socket for packets with our own IPv6 header, and a tap on dev for what comes back. */
void attack_open(const char *dev);

/* Message mh of len octets behind the extension headers of path; with the right checksum if set. */
void attack_build(const struct attack_path *path, uint8_t *mh, size_t len, bool checksum,
		  struct attack_packet *ret);
/* An IPv6 packet in another one (RFC 2473): UDP from inner_src to inner_dst, both at port. */
void attack_build_tunnel(const struct attack_path *outer, const struct in6_addr *inner_src,
			 const struct in6_addr *inner_dst, uint16_t port,
			 struct attack_packet *ret);

void attack_send(const struct attack_packet *packet);
/* Fills the socket's queue with n packets at once; fragments none of them. */
void attack_send_many(const struct attack_packet *packets, unsigned int n);

/* The next answer of target before deadline (lab_mono_usec()); false: none came. */
bool attack_receive(const struct in6_addr *target, uint64_t deadline, struct attack_answer *ret);
/* Forgets what has come so far. */
void attack_drain(void);

/* Text for people, in a static buffer. */
const char *attack_answer_text(const struct attack_answer *answer);

/* ---- attack-bulk.c ------------------------------------------------------ */

struct attack_bulk {
	struct in6_addr source, target; /* the last 8 octets of source vary */
	struct in6_addr hoa; /* the last 4 octets vary in a flood */
	uint64_t count;
	uint32_t rate; /* flood: messages a second */
	uint32_t seed;
	bool to_mobile; /* fuzz: for a mobile node, so with type 2 routing headers */
	uint32_t spi; /* of a key that the target has, with its nai */
	const char *nai;
};

/* count broken messages of every type: octets changed, cut, repeated, checksum mostly right. */
void attack_fuzz(const struct attack_bulk *bulk);
/* count Binding Updates of senders that nobody knows, rate of them a second. */
void attack_flood(const struct attack_bulk *bulk);

#endif
