// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Somebody who sees every packet and can send any, from any address, but does
 * not hold a key: replays, with the addresses of then or others, flips bits
 * and mends the checksum, forges Binding Updates and acknowledgements, asks
 * for refreshes, sends garbage.
 *
 * Where sequence numbers alone protect, he does not replay Binding Updates:
 * they do not stand that. A binding that has ended is forgotten, and after a
 * mobile node has booted and begun at a random number, old messages lead
 * around the circle in steps of less than half of it (RFC 4285 appendix A).
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

void sim_attacker_sees(struct sim *sim, const struct sim_packet *packet)
{
	struct sim_packet **slot;

	if (!sim->plan.attacker)
		return;
	if (sim->n_captured < SIM_CAPTURE_MAX)
		slot = &sim->captured[sim->n_captured++];
	else
		slot = &sim->captured[sim_random(sim, SIM_CAPTURE_MAX)];
	if (!*slot)
		*slot = malloc(sizeof(**slot));
	if (!*slot)
		abort();
	**slot = *packet;
}

static void mend_checksum(struct sim_packet *packet)
{
	if (packet->len >= 8)
		mip_mh_set_checksum(packet->has_hao ? &packet->hao : &packet->src,
				    packet->has_rh2 ? &packet->rh2 : &packet->dst, packet->data,
				    packet->len);
}

static struct in6_addr attackers_addr(struct sim *sim)
{
	struct in6_addr addr = sim_coa(0xee, SIM_FOREIGN_LINKS + 1);

	addr.s6_addr[13] = (uint8_t)sim_random(sim, 256);
	return addr;
}

static void forge_bu(struct sim *sim, struct sim_packet *packet)
{
	const struct sim_mn *mn = &sim->mn[sim_random(sim, sim->plan.n_mn)];
	struct mip_msg msg = { .type = MIP_MH_BU };
	struct mip_time now = sim_time(sim, sim->ha.wall_usec);
	struct mip_mh_info info;

	*packet = (struct sim_packet){
		.src = attackers_addr(sim), .dst = sim_ha_addr(), .has_hao = true, .hao = mn->hoa
	};
	msg.bu.seq = (uint16_t)sim_random(sim, 65536);
	msg.bu.flags = MIP_BU_A | MIP_BU_H;
	msg.bu.lifetime_wire = (uint16_t)sim_random(sim, 30);
	msg.opts.present = MIP_HAS_ALTCOA;
	msg.opts.altcoa = packet->src;
	if (sim_chance(sim, 900)) {
		msg.opts.present |= MIP_HAS_NAI | MIP_HAS_MN_HA | MIP_HAS_TIMESTAMP;
		msg.opts.timestamp = now.ntp;
		msg.opts.nai_len = (uint8_t)strlen(mn->nai);
		memcpy(msg.opts.nai, mn->nai, msg.opts.nai_len);
		msg.opts.mn_ha.spi = sim_chance(sim, 900) ? mn->spi : 9999;
		msg.opts.mn_ha.len = MIP_MAC_OCTETS;
		sim_random_octets(sim, msg.opts.mn_ha.data, MIP_MAC_OCTETS);
	}
	if (mip_mh_encode(&msg, packet->data, sizeof(packet->data), &packet->len, &info) != MIP_OK)
		abort();
	if (sim->fault == SIM_FAULT_LEAKED_KEY && info.mn_ha_offset)
		mip_auth_mn_ha_sign(mn->key, sizeof(mn->key), &packet->src, &mn->hoa, packet->data,
				    packet->len, &info);
	mend_checksum(packet);
}

/* An acknowledgement, a Binding Refresh Request or a Binding Error, as from the home agent */
static void forge_to_mn(struct sim *sim, struct sim_packet *packet)
{
	const struct sim_mn *mn = &sim->mn[sim_random(sim, sim->plan.n_mn)];
	struct mip_msg msg = { .type = MIP_MH_BA };
	struct mip_mh_info info;

	*packet = (struct sim_packet){ .src = sim_ha_addr(), .dst = mn->hoa };
	if (mn->link == SIM_LINK_FOREIGN) {
		packet->dst = sim_coa(mn->i, mn->foreign);
		packet->has_rh2 = true;
		packet->rh2 = mn->hoa;
	}
	switch (sim_random(sim, 4)) {
	case 0:
		msg.type = MIP_MH_BRR;
		break;
	case 1:
		msg.type = MIP_MH_BE;
		msg.be.status = MIP_BE_UNKNOWN_BINDING;
		msg.be.hoa = mn->hoa;
		packet->has_rh2 = false;
		break;
	default:
		msg.ba.status = sim_chance(sim, 500) ? 0 : (uint8_t)sim_random(sim, 256);
		msg.ba.seq = sim_chance(sim, 700) ? mn->bule.seq : (uint16_t)sim_random(sim, 65536);
		msg.ba.lifetime_wire = (uint16_t)sim_random(sim, 65536);
		msg.opts.present = MIP_HAS_NAI | MIP_HAS_MN_HA | MIP_HAS_TIMESTAMP;
		msg.opts.timestamp = mn->bule.timestamp;
		msg.opts.nai_len = (uint8_t)strlen(mn->nai);
		memcpy(msg.opts.nai, mn->nai, msg.opts.nai_len);
		msg.opts.mn_ha.spi = mn->spi;
		msg.opts.mn_ha.len = MIP_MAC_OCTETS;
		break;
	}
	if (mip_mh_encode(&msg, packet->data, sizeof(packet->data), &packet->len, &info) != MIP_OK)
		abort();
	if (sim->fault == SIM_FAULT_LEAKED_KEY_BA && info.mn_ha_offset)
		mip_auth_mn_ha_sign(mn->key, sizeof(mn->key), &packet->dst, &mn->hoa, packet->data,
				    packet->len, &info);
	mend_checksum(packet);
}

static void garbage(struct sim *sim, struct sim_packet *packet)
{
	*packet = (struct sim_packet){ .src = attackers_addr(sim), .dst = sim_ha_addr() };
	if (sim_chance(sim, 500)) {
		packet->has_hao = true;
		packet->hao = sim_hoa((unsigned int)sim_random(sim, 4));
	}
	packet->len = (size_t)sim_random(sim, 120);
	sim_random_octets(sim, packet->data, packet->len);
	if (packet->len >= 8 && sim_chance(sim, 800)) {
		packet->data[0] = 59;
		packet->data[1] = (uint8_t)(packet->len / 8 - 1);
		packet->data[2] = (uint8_t)sim_random(sim, 9);
		mend_checksum(packet);
	}
}

static void act(struct sim *sim, struct sim_event *ev)
{
	const struct sim_packet *seen = NULL;
	struct sim_packet packet;

	(void)ev;
	if (sim->now_usec >= sim->plan.rough_usec)
		return;
	sim_after(sim, sim_between(sim, 10 * MSEC, 800 * MSEC), act);

	if (sim->n_captured)
		seen = sim->captured[sim_random(sim, sim->n_captured)];
	switch (sim_random(sim, 6)) {
	case 0: /* as it was */
		if (!seen)
			return;
		packet = *seen;
		break;
	case 1: /* from somewhere else */
		if (!seen)
			return;
		packet = *seen;
		packet.src = attackers_addr(sim);
		mend_checksum(&packet);
		break;
	case 2: /* with bits flipped */
		if (!seen || seen->len == 0)
			return;
		packet = *seen;
		for (uint64_t n = sim_between(sim, 1, 3); n > 0; n--)
			packet.data[sim_random(sim, packet.len)] ^=
				(uint8_t)(1u << sim_random(sim, 8));
		mend_checksum(&packet);
		break;
	case 3:
		forge_bu(sim, &packet);
		break;
	case 4:
		forge_to_mn(sim, &packet);
		break;
	default:
		garbage(sim, &packet);
		break;
	}
	if (sim->plan.sequence_replay && seen && seen->len > 2 && seen->data[2] == MIP_MH_BU &&
	    packet.len == seen->len && memcmp(packet.data, seen->data, packet.len) == 0)
		return;
	sim_say(sim, "attacker", "sends");
	sim_deliver(sim, &packet);
}

void sim_attacker_start(struct sim *sim)
{
	sim_after(sim, sim_between(sim, SEC, 3 * SEC), act);
}
