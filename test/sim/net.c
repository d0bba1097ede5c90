// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packets on their way. Each is lost, doubled and delayed on its own, so that
 * they overtake each other. Where one arrives is decided when it arrives: a
 * mobile node that has moved on does not get it.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

static struct in6_addr addr_of(uint16_t a, uint16_t b, uint16_t host)
{
	struct in6_addr addr = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } };

	addr.s6_addr[4] = (uint8_t)(a >> 8);
	addr.s6_addr[5] = (uint8_t)a;
	addr.s6_addr[6] = (uint8_t)(b >> 8);
	addr.s6_addr[7] = (uint8_t)b;
	addr.s6_addr[14] = (uint8_t)(host >> 8);
	addr.s6_addr[15] = (uint8_t)host;
	return addr;
}

struct in6_addr sim_ha_addr(void)
{
	return addr_of(1, 0, 1);
}

struct in6_addr sim_hoa(unsigned int mn)
{
	return addr_of(1, 0, (uint16_t)(0x100 + mn));
}

struct in6_addr sim_coa(unsigned int mn, unsigned int foreign)
{
	return addr_of((uint16_t)(0xf0 + foreign), 0, (uint16_t)(0x10 + mn));
}

struct mip_prefix sim_home_prefix(void)
{
	return (struct mip_prefix){ addr_of(1, 0, 0), 64 };
}

void sim_packet_of(const struct mip_act_send_mh *send, struct sim_packet *ret)
{
	*ret = (struct sim_packet){
		.src = send->src,
		.dst = send->dst,
		.has_hao = send->has_hao,
		.hao = send->hao,
		.has_rh2 = send->has_rh2,
		.rh2 = send->rh2,
		.ifindex = send->ifindex,
		.len = send->len,
	};
	memcpy(ret->data, send->data, send->len);
}

struct mip_event sim_received(const struct sim_packet *packet)
{
	struct mip_event ev = { .type = MIP_EV_MH };

	ev.mh.data = packet->data;
	ev.mh.len = packet->len;
	ev.mh.src = packet->src;
	ev.mh.dst = packet->dst;
	ev.mh.has_hao = packet->has_hao;
	ev.mh.hao = packet->hao;
	ev.mh.has_rh2 = packet->has_rh2;
	ev.mh.rh2 = packet->rh2;
	return ev;
}

static void say_packet(struct sim *sim, const char *who, const char *what,
		       const struct sim_packet *packet)
{
	char line[MIP_MH_FORMAT_MAX];
	struct mip_mh_info info;
	struct mip_msg msg;

	if (!sim->trace)
		return;
	if (mip_mh_decode(packet->data, packet->len, &msg, &info) != MIP_OK)
		snprintf(line, sizeof(line), "(%zu octets that do not decode)", packet->len);
	else
		mip_mh_format(&msg, line, sizeof(line));
	sim_say(sim, who, "%s %s > %s%s%s: %s", what, sim_addr(&packet->src),
		sim_addr(&packet->dst),
		packet->has_hao ? " hao " :
		packet->has_rh2 ? " rh2 " :
				  "",
		packet->has_hao ? sim_addr(&packet->hao) :
		packet->has_rh2 ? sim_addr(&packet->rh2) :
				  "",
		line);
}

static void arrive(struct sim *sim, struct sim_event *ev)
{
	sim_deliver(sim, ev->packet);
}

void sim_deliver(struct sim *sim, const struct sim_packet *packet)
{
	struct in6_addr ha = sim_ha_addr();

	if (sim_same(&packet->dst, &ha)) {
		say_packet(sim, "ha", "<-", packet);
		sim_ha_mh(sim, packet);
		return;
	}
	for (unsigned int i = 0; i < sim->plan.n_mn; i++) {
		struct sim_mn *mn = &sim->mn[i];
		const struct sim_bc *bc;

		/* From the home agent to the home address: on the link, or into the tunnel */
		if (sim_same(&packet->dst, &mn->hoa) && !packet->ifindex &&
		    (bc = sim_ha_find(sim, &mn->hoa))) {
			if (sim_mn_has_addr(sim, mn, &bc->bce.coa)) {
				say_packet(sim, mn->nai, "<- (tunnel)", packet);
				sim_mn_mh(sim, mn, packet, true);
			}
			return;
		}
		if (sim_mn_has_addr(sim, mn, &packet->dst)) {
			say_packet(sim, mn->nai, "<-", packet);
			sim_mn_mh(sim, mn, packet, false);
			return;
		}
	}
	say_packet(sim, "net", "nobody:", packet);
}

static void launch(struct sim *sim, const struct sim_packet *packet)
{
	uint64_t delay = sim->plan.delay_usec + sim_random(sim, sim->plan.jitter_usec + 1);
	struct sim_event *ev;

	/* After the rough time the net is a good one. */
	if (sim->now_usec >= sim->plan.rough_usec && delay > 50 * MSEC)
		delay = 50 * MSEC;
	ev = sim_after(sim, delay, arrive);
	ev->packet = malloc(sizeof(*packet));
	if (!ev->packet)
		abort();
	*ev->packet = *packet;
}

void sim_send(struct sim *sim, const char *who, const struct sim_packet *packet)
{
	bool rough = sim->now_usec < sim->plan.rough_usec;
	struct in6_addr ha = sim_ha_addr();

	say_packet(sim, who, "->", packet);
	sim_attacker_sees(sim, packet);
	if (sim->fault == SIM_FAULT_MUTE_HA && sim_same(&packet->src, &ha))
		return;
	if (rough && sim_chance(sim, sim->plan.loss)) {
		sim_say(sim, "net", "lost");
		return;
	}
	launch(sim, packet);
	if (rough && sim_chance(sim, sim->plan.copy))
		launch(sim, packet);
}
