// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many messages. A fuzz run is the same for the same seed. A flood has the kinds of sender that are
 * to cost a home agent nothing: without protection, with an SPI that it does not have, with one
 * that it has and a wrong MAC, and with message types that nobody knows.
 */
#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mip/auth.h>

#include "util.h"

#define TICK_USEC 10000
#define MANY	  256

static uint64_t state;

/* splitmix64 */
static uint32_t rnd(void)
{
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z >> 32);
}

static void vary(struct in6_addr *addr, unsigned int octets)
{
	for (unsigned int i = 16 - octets; i < 16; i++)
		addr->s6_addr[i] = (uint8_t)rnd();
}

static size_t encode(const struct mip_msg *msg, uint8_t *buf, size_t size)
{
	size_t len;
	int r = mip_mh_encode(msg, buf, size, &len, NULL);

	if (r != MIP_OK)
		lab_die(0, "cannot be encoded: %s", mip_strerror(r));
	return len;
}

static size_t bulk_message(const struct attack_bulk *bulk, uint8_t type, uint8_t *buf, size_t size)
{
	struct mip_msg msg = { .type = type };

	if (type == MIP_MH_BU) {
		msg.bu.seq = (uint16_t)rnd();
		msg.bu.flags = MIP_BU_A | MIP_BU_H;
		msg.bu.lifetime_wire = 100;
		msg.opts.present = MIP_HAS_ALTCOA;
		msg.opts.altcoa = bulk->source;
	} else if (type == MIP_MH_BA) {
		msg.ba.seq = (uint16_t)rnd();
		msg.ba.lifetime_wire = 100;
	}
	if (type == MIP_MH_BU || type == MIP_MH_BA) {
		msg.opts.present |= MIP_HAS_NAI | MIP_HAS_TIMESTAMP | MIP_HAS_MN_HA;
		msg.opts.nai_len = (uint8_t)strlen(bulk->nai);
		memcpy(msg.opts.nai, bulk->nai, msg.opts.nai_len);
		msg.opts.timestamp = (uint64_t)rnd() << 32 | rnd();
		msg.opts.mn_ha.spi = bulk->spi;
		msg.opts.mn_ha.len = MIP_MAC_OCTETS;
	}
	return encode(&msg, buf, size);
}

/* One to four changes; the length may become anything up to size. */
static size_t damage(uint8_t *buf, size_t len, size_t size)
{
	for (unsigned int n = 1 + rnd() % 4; n > 0; n--) {
		size_t at = rnd() % (len + 1), k;

		switch (rnd() % 6) {
		case 0: /* an octet */
			if (at < len)
				buf[at] = (uint8_t)rnd();
			break;
		case 1: /* the header: Payload Proto, Header Len, MH Type */
			buf[rnd() % 3] = (uint8_t)rnd();
			break;
		case 2: /* cut */
			len = at < 8 ? 8 : at;
			break;
		case 3: /* an option type or length that means something */
			if (at < len)
				buf[at] = (uint8_t)(rnd() % 48);
			break;
		case 4: /* a piece of it again, as long as it has room */
			k = rnd() % 32;
			if (at >= k && len + k <= size) {
				memcpy(buf + len, buf + at - k, k);
				len += k;
				buf[1] = (uint8_t)(len / 8 - 1);
			}
			break;
		case 5: /* anything behind it */
			k = rnd() % 64;
			for (; k > 0 && len < size; k--)
				buf[len++] = (uint8_t)rnd();
			buf[1] = (uint8_t)(len / 8 - 1);
			break;
		}
	}
	return len;
}

void attack_fuzz(const struct attack_bulk *bulk)
{
	static struct attack_packet packet;

	state = bulk->seed;
	for (uint64_t i = 0; i < bulk->count; i++) {
		struct attack_path path = { .src = bulk->source, .dst = bulk->target };
		uint8_t buf[1280] = { 0 };
		size_t len;

		len = bulk_message(bulk, (uint8_t)(rnd() % 3 ? MIP_MH_BU + rnd() % 2 : rnd() % 8),
				   buf, sizeof(buf));
		len = damage(buf, len, sizeof(buf));
		path.has_hao = rnd() % (bulk->to_mobile ? 8 : 2) == 0;
		path.hao = bulk->hoa;
		path.has_rh2 = rnd() % (bulk->to_mobile ? 2 : 8) == 0;
		path.rh2 = bulk->hoa;
		attack_build(&path, buf, len, rnd() % 16 != 0, &packet);
		attack_send(&packet);
	}
	printf("fuzz count=%llu seed=%u\n", (unsigned long long)bulk->count, bulk->seed);
}

static void flood_packet(const struct attack_bulk *bulk, struct attack_packet *ret)
{
	struct attack_path path = {
		.src = bulk->source, .dst = bulk->target, .has_hao = true, .hao = bulk->hoa
	};
	struct mip_msg msg = {
		.type = MIP_MH_BU,
		.bu = { .flags = MIP_BU_A | MIP_BU_H, .lifetime_wire = 900 },
	};
	unsigned int kind = rnd() % 8;
	uint8_t buf[MIP_MSG_MAX];
	size_t len;

	vary(&path.src, 8);
	msg.bu.seq = (uint16_t)rnd();
	msg.opts.present = MIP_HAS_ALTCOA;
	msg.opts.altcoa = path.src;
	/* With a known key the home address must be the key's, or the MAC is never looked at. */
	if (kind != 0)
		vary(&path.hao, 4);
	if (kind < 4) {
		msg.opts.present |= MIP_HAS_NAI | MIP_HAS_TIMESTAMP | MIP_HAS_MN_HA;
		msg.opts.nai_len = (uint8_t)strlen(bulk->nai);
		memcpy(msg.opts.nai, bulk->nai, msg.opts.nai_len);
		msg.opts.timestamp = mip_ntp_from_usec(lab_real_usec());
		msg.opts.mn_ha.spi = kind == 0 ? bulk->spi : bulk->spi + 1 + rnd() % 1000;
		msg.opts.mn_ha.len = MIP_MAC_OCTETS;
	}
	len = encode(&msg, buf, sizeof(buf));
	if (kind == 7)
		buf[2] = (uint8_t)(64 + rnd() % 64);
	attack_build(&path, buf, len, true, ret);
}

static volatile sig_atomic_t interrupted;

static void interrupt(int signo)
{
	(void)signo;
	interrupted = 1;
}

void attack_flood(const struct attack_bulk *bulk)
{
	static struct attack_packet packets[MANY];
	const uint64_t start = lab_mono_usec();
	uint64_t begin = start, sent = 0, now;

	state = bulk->seed;
	signal(SIGINT, interrupt);
	while (sent < bulk->count && !interrupted) {
		uint64_t due;

		now = lab_mono_usec();
		due = (now - begin) * bulk->rate / LAB_USEC_PER_SEC + bulk->rate / 100;
		if (due > bulk->count)
			due = bulk->count;
		/* Who cannot keep up does not catch up: that would be another rate. */
		if (due - sent > bulk->rate / 10) {
			begin += (due - sent - bulk->rate / 10) * LAB_USEC_PER_SEC / bulk->rate;
			due = sent + bulk->rate / 10;
		}
		while (sent < due && !interrupted) {
			unsigned int n = due - sent < MANY ? (unsigned int)(due - sent) : MANY;

			for (unsigned int i = 0; i < n; i++)
				flood_packet(bulk, &packets[i]);
			attack_send_many(packets, n);
			sent += n;
		}
		nanosleep(&(struct timespec){ .tv_nsec = TICK_USEC * 1000 }, NULL);
	}
	now = lab_mono_usec() - start;
	printf("flood count=%llu usec=%llu rate=%llu\n", (unsigned long long)sent,
	       (unsigned long long)now,
	       (unsigned long long)(sent * LAB_USEC_PER_SEC / (now ? now : 1)));
}
