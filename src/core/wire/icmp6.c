// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ICMPv6 messages of Mobile IPv6 (RFC 6275 sections 6.5 to 6.8, RFC 3963
 * section 7) and the parts of a Router Advertisement that mobility reads
 * (RFC 4861 section 4.2, RFC 6275 section 7, RFC 3963 section 7.3).
 *
 *   0 Type   1 Code   2 Checksum   4 Identifier   6 flags or Reserved   8 ...
 */
#include "octets.h"

#include <mip/wire.h>

#define ICMP6_HDR     8
#define RA_FIXED      16
#define ND_OPT_SLLA   1
#define ND_OPT_PIO    3
#define ND_OPT_MTU    5
#define ND_OPT_ADVINT 7
#define ND_OPT_HAINFO 8
#define PIO_OCTETS    32

/*
 * Steps to the next Neighbor Discovery option. Returns 1 and the option, 0 at
 * the end, or an error. A length of zero would loop for ever (RFC 4861
 * section 4.6: discard the packet).
 */
static int next_nd_option(const uint8_t *buf, size_t len, size_t *pos, const uint8_t **ret_opt,
			  size_t *ret_octets)
{
	size_t octets;

	if (*pos == len)
		return 0;
	if (len - *pos < 2)
		return MIP_ERR_OPT_TRUNCATED;
	octets = buf[*pos + 1] * 8u;
	if (octets == 0)
		return MIP_ERR_OPT_LEN;
	if (octets > len - *pos)
		return MIP_ERR_OPT_TRUNCATED;
	*ret_opt = buf + *pos;
	*ret_octets = octets;
	*pos += octets;
	return 1;
}

/* Options of a wrong length are left out, as the kernel does. */
static void read_pio(const uint8_t *opt, size_t octets, struct mip_pio *pio, unsigned int *n)
{
	struct mip_pio *p = &pio[*n];

	if (octets != PIO_OCTETS || opt[2] > 128 || *n == MIP_PIO_MAX)
		return;
	p->prefix.plen = opt[2];
	p->on_link = opt[3] & 0x80;
	p->autonomous = opt[3] & 0x40;
	p->router = opt[3] & 0x20;
	p->valid_sec = get32(opt + 4);
	p->preferred_sec = get32(opt + 8);
	memcpy(&p->prefix.addr, opt + 16, 16);
	(*n)++;
}

static void write_pio(const struct mip_pio *pio, uint8_t *opt)
{
	memset(opt, 0, PIO_OCTETS);
	opt[0] = ND_OPT_PIO;
	opt[1] = PIO_OCTETS / 8;
	opt[2] = pio->prefix.plen;
	opt[3] = (uint8_t)((pio->on_link ? 0x80 : 0) | (pio->autonomous ? 0x40 : 0) |
			   (pio->router ? 0x20 : 0));
	put32(opt + 4, pio->valid_sec);
	put32(opt + 8, pio->preferred_sec);
	memcpy(opt + 16, &pio->prefix.addr, 16);
}

static int decode_dhaad_reply(const uint8_t *buf, size_t len, struct mip_dhaad *dhaad)
{
	size_t n = (len - ICMP6_HDR) / 16;

	if ((len - ICMP6_HDR) % 16)
		return MIP_ERR_TRUNCATED;
	if (n > MIP_DHAAD_ADDR_MAX)
		n = MIP_DHAAD_ADDR_MAX;
	memcpy(dhaad->addr, buf + ICMP6_HDR, n * 16);
	dhaad->n_addr = (unsigned int)n;
	return MIP_OK;
}

static int decode_mpa(const uint8_t *buf, size_t len, struct mip_mpa *mpa)
{
	size_t pos = ICMP6_HDR, octets;
	const uint8_t *opt;
	int more;

	mpa->managed = buf[6] & 0x80;
	mpa->other = buf[6] & 0x40;
	while ((more = next_nd_option(buf, len, &pos, &opt, &octets)) > 0)
		if (opt[0] == ND_OPT_PIO)
			read_pio(opt, octets, mpa->pio, &mpa->n_pio);
	if (more < 0)
		return more;
	return mpa->n_pio ? MIP_OK : MIP_ERR_ABSENT;
}

int mip_icmp6_decode(const uint8_t *buf, size_t len, struct mip_icmp6 *ret_msg)
{
	struct mip_icmp6 msg;
	int err = MIP_OK;

	if (len < ICMP6_HDR)
		return MIP_ERR_TRUNCATED;
	if (buf[0] < MIP_ICMP6_DHAAD_REQUEST || buf[0] > MIP_ICMP6_MPA)
		return MIP_ERR_ICMP6_TYPE;
	if (buf[1] != 0)
		return MIP_ERR_ICMP6_CODE;
	memset(&msg, 0, sizeof(msg));
	msg.type = buf[0];
	msg.id = get16(buf + 4);
	if (msg.type == MIP_ICMP6_DHAAD_REQUEST || msg.type == MIP_ICMP6_DHAAD_REPLY)
		msg.dhaad.mobile_router = buf[6] & 0x80;
	if (msg.type == MIP_ICMP6_DHAAD_REPLY)
		err = decode_dhaad_reply(buf, len, &msg.dhaad);
	else if (msg.type == MIP_ICMP6_MPA)
		err = decode_mpa(buf, len, &msg.mpa);
	if (err)
		return err;
	*ret_msg = msg;
	return MIP_OK;
}

/* The limits of msg, and how many octets it takes; 0: it cannot be written. */
static size_t icmp6_octets(const struct mip_icmp6 *msg)
{
	switch (msg->type) {
	case MIP_ICMP6_DHAAD_REQUEST:
	case MIP_ICMP6_MPS:
		return ICMP6_HDR;
	case MIP_ICMP6_DHAAD_REPLY:
		if (msg->dhaad.n_addr > MIP_DHAAD_ADDR_MAX)
			return 0;
		return ICMP6_HDR + msg->dhaad.n_addr * 16;
	case MIP_ICMP6_MPA:
		if (msg->mpa.n_pio == 0 || msg->mpa.n_pio > MIP_PIO_MAX)
			return 0;
		return ICMP6_HDR + msg->mpa.n_pio * PIO_OCTETS;
	}
	return 0;
}

int mip_icmp6_encode(const struct mip_icmp6 *msg, uint8_t *buf, size_t size, size_t *ret_len)
{
	size_t len = icmp6_octets(msg);

	if (len == 0)
		return MIP_ERR_INVAL;
	if (len > size)
		return MIP_ERR_SPACE;
	memset(buf, 0, ICMP6_HDR);
	buf[0] = msg->type;
	put16(buf + 4, msg->id);
	switch (msg->type) {
	case MIP_ICMP6_DHAAD_REPLY:
		memcpy(buf + ICMP6_HDR, msg->dhaad.addr, msg->dhaad.n_addr * 16);
		/* fallthrough */
	case MIP_ICMP6_DHAAD_REQUEST:
		buf[6] = msg->dhaad.mobile_router ? 0x80 : 0;
		break;
	case MIP_ICMP6_MPA:
		buf[6] = (uint8_t)((msg->mpa.managed ? 0x80 : 0) | (msg->mpa.other ? 0x40 : 0));
		for (unsigned int i = 0; i < msg->mpa.n_pio; i++) {
			if (msg->mpa.pio[i].prefix.plen > 128)
				return MIP_ERR_INVAL;
			write_pio(&msg->mpa.pio[i], buf + ICMP6_HDR + i * PIO_OCTETS);
		}
		break;
	}
	*ret_len = len;
	return MIP_OK;
}

static void read_ra_option(const uint8_t *opt, size_t octets, struct mip_ra *ra)
{
	switch (opt[0]) {
	case ND_OPT_SLLA:
		if (octets - 2 > MIP_LLA_OCTETS_MAX)
			return;
		ra->lla_len = (uint8_t)(octets - 2);
		memcpy(ra->lla, opt + 2, octets - 2);
		break;
	case ND_OPT_PIO:
		read_pio(opt, octets, ra->pio, &ra->n_pio);
		break;
	case ND_OPT_MTU:
		if (octets == 8)
			ra->mtu = get32(opt + 4);
		break;
	case ND_OPT_ADVINT:
		if (octets == 8)
			ra->adv_interval_msec = get32(opt + 4);
		break;
	case ND_OPT_HAINFO:
		if (octets != 8)
			return;
		ra->has_ha_info = true;
		ra->ha_mobile_router = opt[2] & 0x80;
		ra->ha_preference = get16(opt + 4);
		ra->ha_lifetime_sec = get16(opt + 6);
		break;
	}
}

int mip_ra_decode(const uint8_t *buf, size_t len, struct mip_ra *ret_ra)
{
	size_t pos = RA_FIXED, octets;
	const uint8_t *opt;
	struct mip_ra ra;
	int more;

	if (len < ICMP6_HDR)
		return MIP_ERR_TRUNCATED;
	if (buf[0] != MIP_ICMP6_RA)
		return MIP_ERR_ICMP6_TYPE;
	if (buf[1] != 0)
		return MIP_ERR_ICMP6_CODE;
	if (len < RA_FIXED)
		return MIP_ERR_TRUNCATED;
	memset(&ra, 0, sizeof(ra));
	ra.hop_limit = buf[4];
	ra.managed = buf[5] & 0x80;
	ra.other = buf[5] & 0x40;
	ra.home_agent = buf[5] & 0x20;
	ra.router_preference = buf[5] >> 3 & 3;
	ra.router_lifetime_sec = get16(buf + 6);
	ra.reachable_msec = get32(buf + 8);
	ra.retrans_msec = get32(buf + 12);
	while ((more = next_nd_option(buf, len, &pos, &opt, &octets)) > 0)
		read_ra_option(opt, octets, &ra);
	if (more < 0)
		return more;
	*ret_ra = ra;
	return MIP_OK;
}
