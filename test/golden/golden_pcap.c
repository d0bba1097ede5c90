// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes every golden message, encoded by us, as a packet into the capture file
 * argv[1], and what is in it as one JSON object a line to standard output:
 * check-decoders compares that with what other programs read in the capture.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mip/auth.h>

#include "vectors.h"

#define LINKTYPE_RAW 101
#define NH_ICMPV6    58
#define IPV6_HDR     40

/* Options that no golden vector has; other decoders vouch for them. */
static const struct mip_msg extra_bu = {
	.type = MIP_MH_BU,
	.bu = { 7, MIP_BU_A | MIP_BU_H | MIP_BU_L | MIP_BU_K, 2 },
	.opts = { .present = MIP_HAS_ALTCOA | MIP_HAS_NAI | MIP_HAS_TIMESTAMP | MIP_HAS_MN_HA,
		  .altcoa = { .s6_addr = { 0x20, 1, 0x0d, 0xb8, [15] = 7 } },
		  .n_mnp = 2,
		  .mnp = { { { .s6_addr = { 0xfd, 1 } }, 48 }, { { .s6_addr = { 0xfd, 2 } }, 64 } },
		  .nai_len = 3,
		  .nai = "a@b",
		  .timestamp = UINT64_C(0xe1234567) << 32 | 0x80000000,
		  .mn_ha = { .spi = 4711, .len = 12 } },
};

/* Apart, because scapy still reads this one by RFC 4068 and stumbles. */
static const struct mip_msg extra_lla = {
	.type = MIP_MH_BU,
	.bu = { 8, MIP_BU_A | MIP_BU_H, 2 },
	.opts = { .present = MIP_HAS_MH_LLA,
		  .n_bid = 1,
		  .bid = { { .bid = 2, .home_and_foreign = true } },
		  .lla_len = 6,
		  .lla = { 2, 0, 0, 0, 0, 9 } },
};

static const struct mip_icmp6 icmp6_msgs[] = {
	{ .type = MIP_ICMP6_DHAAD_REQUEST, .id = 0x1234, .dhaad = { .mobile_router = true } },
	{ .type = MIP_ICMP6_DHAAD_REPLY,
	  .id = 0x1234,
	  .dhaad = { .n_addr = 2,
		     .addr = { { .s6_addr = { 0x20, 1, [15] = 1 } },
			       { .s6_addr = { 0x20, 1, [15] = 2 } } } } },
	{ .type = MIP_ICMP6_MPS, .id = 9 },
	{ .type = MIP_ICMP6_MPA,
	  .id = 9,
	  .mpa = { .managed = true,
		   .n_pio = 1,
		   .pio = { { .prefix = { { .s6_addr = { 0x20, 1, 0x0d, 0xb8 } }, 64 },
			      .on_link = true,
			      .router = true,
			      .valid_sec = 3600,
			      .preferred_sec = 1800 } } } },
};

static FILE *capture;
static unsigned int n_packets;

static void fail(const char *what)
{
	fprintf(stderr, "golden_pcap: %s\n", what);
	exit(1);
}

static void put(const void *data, size_t len)
{
	if (fwrite(data, 1, len, capture) != len)
		fail("cannot write the capture");
}

static void put_packet(const struct in6_addr *src, const struct in6_addr *dst, uint8_t next_header,
		       const uint8_t *payload, size_t len)
{
	uint32_t record[4] = { n_packets++, 0, (uint32_t)(IPV6_HDR + len),
			       (uint32_t)(IPV6_HDR + len) };
	uint8_t ip[IPV6_HDR] = { 0x60, 0, 0, 0, (uint8_t)(len >> 8), (uint8_t)len, next_header, 64 };

	memcpy(ip + 8, src, 16);
	memcpy(ip + 24, dst, 16);
	put(record, sizeof(record));
	put(ip, sizeof(ip));
	put(payload, len);
}

static void print_hex(const char *key, const uint8_t *p, size_t len)
{
	printf(", \"%s\": \"", key);
	for (size_t i = 0; i < len; i++)
		printf("%02x", p[i]);
	printf("\"");
}

static void print_addr(const char *key, const struct in6_addr *a)
{
	char s[INET6_ADDRSTRLEN];

	printf(", \"%s\": \"%s\"", key, inet_ntop(AF_INET6, a, s, sizeof(s)));
}

static void print_ipv4(const char *key, const struct in_addr *a)
{
	char s[INET_ADDRSTRLEN];

	printf(", \"%s\": \"%s\"", key, inet_ntop(AF_INET, a, s, sizeof(s)));
}

static void print_opts(const struct mip_opts *o)
{
	char s[INET6_ADDRSTRLEN];

	if (o->present & MIP_HAS_REFRESH_ADVICE)
		printf(", \"refresh_advice\": %u", o->refresh_advice_wire);
	if (o->present & MIP_HAS_ALTCOA)
		print_addr("altcoa", &o->altcoa);
	if (o->present & MIP_HAS_NONCE_INDICES)
		printf(", \"home_nonce\": %u, \"coa_nonce\": %u", o->home_nonce_idx,
		       o->coa_nonce_idx);
	if (o->present & MIP_HAS_BAD)
		print_hex("bad", o->bad.data, o->bad.len);
	if (o->n_mnp) {
		printf(", \"mnp\": [");
		for (unsigned int i = 0; i < o->n_mnp; i++)
			printf("%s\"%s/%u\"", i ? ", " : "",
			       inet_ntop(AF_INET6, &o->mnp[i].addr, s, sizeof(s)), o->mnp[i].plen);
		printf("]");
	}
	if (o->present & MIP_HAS_MH_LLA)
		print_hex("lla", o->lla, o->lla_len);
	if (o->present & MIP_HAS_NAI)
		printf(", \"nai\": \"%s\"", o->nai);
	if (o->present & MIP_HAS_TIMESTAMP)
		printf(", \"timestamp\": %llu", (unsigned long long)o->timestamp);
	if (o->present & MIP_HAS_MN_HA) {
		printf(", \"spi\": %u", o->mn_ha.spi);
		print_hex("mn_ha", o->mn_ha.data, o->mn_ha.len);
	}
	if (o->n_ipv4_hoa)
		print_ipv4("ipv4_hoa", &o->ipv4_hoa[0].addr);
	if (o->present & MIP_HAS_IPV4_COA)
		print_ipv4("ipv4_coa", &o->ipv4_coa);
	if (o->n_ipv4_ack)
		printf(", \"ipv4_ack_status\": %u", o->ipv4_ack[0].status);
	if (o->present & MIP_HAS_NAT_DETECTION)
		printf(", \"nat_refresh\": %u", o->nat_refresh_sec);
	if (o->n_bid) {
		printf(", \"bid\": %u", o->bid[0].bid);
		if (o->bid[0].coa_type == MIP_BID_COA_IPV6)
			print_addr("bid_coa", &o->bid[0].coa);
	}
	if (o->n_raw)
		printf(", \"raw\": %u", o->raw[0].type);
}

static void print_mh(const char *name, const struct mip_msg *m)
{
	printf("{\"name\": \"%s\", \"type\": %u", name, m->type);
	switch ((enum mip_mh_type)m->type) {
	case MIP_MH_BRR:
		break;
	case MIP_MH_HOTI:
	case MIP_MH_COTI:
		print_hex("cookie", m->hoti.cookie, 8);
		break;
	case MIP_MH_HOT:
	case MIP_MH_COT:
		printf(", \"nonce\": %u", m->hot.nonce_idx);
		print_hex("cookie", m->hot.cookie, 8);
		print_hex("token", m->hot.token, 8);
		break;
	case MIP_MH_BU:
		printf(", \"seq\": %u, \"flags\": %u, \"lifetime\": %u", m->bu.seq, m->bu.flags,
		       m->bu.lifetime_wire);
		break;
	case MIP_MH_BA:
		printf(", \"status\": %u, \"flags\": %u, \"seq\": %u, \"lifetime\": %u",
		       m->ba.status, m->ba.flags, m->ba.seq, m->ba.lifetime_wire);
		break;
	case MIP_MH_BE:
		printf(", \"status\": %u", m->be.status);
		print_addr("hoa", &m->be.hoa);
		break;
	}
	print_opts(&m->opts);
	printf("}\n");
}

static void put_mh(const char *name, const struct mip_msg *msg, const struct in6_addr *src,
		   const struct in6_addr *dst)
{
	uint8_t buf[MIP_MSG_MAX];
	size_t len;

	if (mip_mh_encode(msg, buf, sizeof(buf), &len, NULL))
		fail(name);
	mip_mh_set_checksum(src, dst, buf, len);
	put_packet(src, dst, MIP_IPPROTO_MH, buf, len);
	print_mh(name, msg);
}

static void put_extra(void)
{
	struct mip_msg msg = extra_bu;
	struct mip_mh_info info;
	uint8_t buf[MIP_MSG_MAX];
	size_t len;

	if (mip_mh_encode(&msg, buf, sizeof(buf), &len, &info) ||
	    mip_auth_mn_ha_sign(vector_mn_ha_key, sizeof(vector_mn_ha_key), &msg.opts.altcoa,
				&vector_hoa, buf, len, &info) ||
	    mip_mh_decode(buf, len, &msg, &info))
		fail("X1");
	put_mh("X1", &msg, &vector_hoa, &vector_ha);
}

/* RFC 4443 section 2.3: as of the Mobility Header, with another next header. */
static void set_icmp6_checksum(uint8_t *buf, size_t len)
{
	uint32_t sum = (uint16_t)~mip_mh_checksum(&vector_ha, &vector_hoa, buf, len);

	/* That took octets 4 and 5 as zero, not 2 and 3, which are zero here. */
	sum += (uint32_t)(buf[4] << 8 | buf[5]) + (uint16_t)~MIP_IPPROTO_MH + NH_ICMPV6;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	buf[2] = (uint8_t)(~sum >> 8);
	buf[3] = (uint8_t)~sum;
}

static void put_icmp6(const struct mip_icmp6 *m)
{
	uint8_t buf[1280];
	size_t len;

	if (mip_icmp6_encode(m, buf, sizeof(buf), &len))
		fail("ICMPv6");
	set_icmp6_checksum(buf, len);
	put_packet(&vector_ha, &vector_hoa, NH_ICMPV6, buf, len);
	printf("{\"name\": \"icmp6-%u\", \"icmp6\": %u, \"id\": %u", m->type, m->type, m->id);
	if (m->type == MIP_ICMP6_DHAAD_REPLY) {
		print_addr("ha1", &m->dhaad.addr[0]);
		print_addr("ha2", &m->dhaad.addr[1]);
	} else if (m->type == MIP_ICMP6_MPA) {
		print_addr("prefix", &m->mpa.pio[0].prefix.addr);
		printf(", \"plen\": %u, \"valid\": %u, \"preferred\": %u",
		       m->mpa.pio[0].prefix.plen, m->mpa.pio[0].valid_sec,
		       m->mpa.pio[0].preferred_sec);
	}
	printf("}\n");
}

int main(int argc, char **argv)
{
	const uint32_t header[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, LINKTYPE_RAW };

	if (argc != 2)
		fail("usage: golden_pcap CAPTURE");
	capture = fopen(argv[1], "wb");
	if (!capture)
		fail("cannot create the capture");
	put(header, sizeof(header));
	for (size_t i = 0; i < n_vectors; i++)
		put_mh(vectors[i].name, &vectors[i].msg, vectors[i].src, vectors[i].dst);
	put_extra();
	put_mh("X2", &extra_lla, &vector_hoa, &vector_ha);
	for (size_t i = 0; i < sizeof(icmp6_msgs) / sizeof(icmp6_msgs[0]); i++)
		put_icmp6(&icmp6_msgs[i]);
	if (fclose(capture))
		fail("cannot write the capture");
	return 0;
}
