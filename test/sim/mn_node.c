// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A mobile node: the role in a process that may die, a kernel that holds its
 * binding update list entry and addresses, and a detector that tells, after a
 * moment, where the node is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

static void drain(struct sim *sim, struct sim_mn *mn);

static struct mip_time mn_time(const struct sim *sim, const struct sim_mn *mn)
{
	return sim_time(sim, mn->wall_usec);
}

static void input(struct sim *sim, struct sim_mn *mn, const struct mip_event *ev)
{
	struct mip_time now = mn_time(sim, mn);

	mip_mn_input(mn->role, ev, &now);
	drain(sim, mn);
}

bool sim_mn_has_addr(const struct sim *sim, const struct sim_mn *mn, const struct in6_addr *addr)
{
	struct in6_addr coa = sim_coa(mn->i, mn->foreign);

	(void)sim;
	switch (mn->link) {
	case SIM_LINK_NONE:
		return false;
	case SIM_LINK_HOME:
		return mn->place == MIP_HOA_HOME && sim_same(addr, &mn->hoa);
	case SIM_LINK_FOREIGN:
		return sim_same(addr, &coa);
	}
	return false;
}

/* ---- Detector ----------------------------------------------------------- */

static void detector_says(struct sim *sim, struct sim_event *ev)
{
	struct sim_mn *mn = &sim->mn[ev->node];
	struct mip_event md = { .type = MIP_EV_MD };

	if (!mn->up || ev->gen != mn->link_gen || mn->link == SIM_LINK_NONE)
		return;
	md.md.ifindex = SIM_MN_IFINDEX;
	if (mn->link == SIM_LINK_HOME) {
		md.md.cmd = MIP_MD_DEREG_HOME;
		sim_say(sim, mn->nai, "detector: home");
	} else {
		md.md.cmd = MIP_MD_REREG;
		md.md.coa = sim_coa(mn->i, mn->foreign);
		sim_say(sim, mn->nai, "detector: %s", sim_addr(&md.md.coa));
	}
	input(sim, mn, &md);
}

static void detector_later(struct sim *sim, const struct sim_mn *mn, uint64_t usec)
{
	struct sim_event *ev = sim_after(sim, usec, detector_says);

	ev->node = mn->i;
	ev->gen = mn->link_gen;
}

void sim_mn_move(struct sim *sim, struct sim_mn *mn, enum sim_link link, unsigned int foreign)
{
	struct in6_addr coa = sim_coa(mn->i, foreign);

	/* The virtual home link has nobody on it. */
	if (link == SIM_LINK_HOME && sim->plan.home_is_virtual)
		link = SIM_LINK_FOREIGN;
	mn->link = link;
	mn->foreign = foreign;
	mn->link_gen++;
	mn->moved_usec = sim->now_usec;
	sim_say(sim, mn->nai, "moves to %s",
		link == SIM_LINK_NONE ? "nowhere" :
		link == SIM_LINK_HOME ? "home" :
					sim_addr(&coa));
	detector_later(sim, mn, sim_between(sim, 5 * MSEC, 300 * MSEC));
	/* and says it twice sometimes */
	if (sim_chance(sim, 200))
		detector_later(sim, mn, sim_between(sim, 5 * MSEC, 5 * SEC));
}

/* ---- The kernel --------------------------------------------------------- */

static void kernel_expires(struct sim *sim, struct sim_event *ev)
{
	struct sim_mn *mn = &sim->mn[ev->node];
	struct mip_event gone = { .type = MIP_EV_BULE_GONE };

	if (!mn->has_bule || ev->gen != mn->bule_gen)
		return;
	sim_say(sim, mn->nai, "kernel: entry expired");
	mn->has_bule = false;
	if (!mn->up)
		return;
	gone.bule.bule = mn->bule;
	gone.bule.reason = MIP_GONE_EXPIRED;
	input(sim, mn, &gone);
}

static void kernel_set(struct sim *sim, struct sim_mn *mn, const struct mip_bule *bule)
{
	struct sim_event *ev;

	mn->has_bule = true;
	mn->bule = *bule;
	mn->bule_gen++;
	mn->bule_expires_usec = MIP_USEC_INFINITY;
	if (bule->lifetime_usec == MIP_USEC_INFINITY)
		return;
	mn->bule_expires_usec = sim->now_usec + bule->lifetime_usec;
	ev = sim_after(sim, bule->lifetime_usec, kernel_expires);
	ev->node = mn->i;
	ev->gen = mn->bule_gen;
}

/* Duplicate address detection at home: the home agent may hold the address. */
static void dad_result(struct sim *sim, struct sim_event *ev)
{
	struct sim_mn *mn = &sim->mn[ev->node];
	struct mip_event result = { .type = MIP_EV_DAD_RESULT };

	if (!mn->up || ev->gen != mn->place_gen || mn->link != SIM_LINK_HOME)
		return;
	result.dad_result.hoa = mn->hoa;
	result.dad_result.ifindex = SIM_MN_IFINDEX;
	result.dad_result.result = sim_ha_find(sim, &mn->hoa) ? MIP_DAD_DUPLICATE : MIP_DAD_UNIQUE;
	sim_say(sim, mn->nai, "kernel: DAD %s",
		result.dad_result.result == MIP_DAD_UNIQUE ? "unique" : "duplicate");
	input(sim, mn, &result);
}

/* ---- Actions ------------------------------------------------------------ */

static void send_failed(struct sim *sim, struct sim_event *ev)
{
	struct sim_mn *mn = &sim->mn[ev->node];
	struct mip_event failed = { .type = MIP_EV_SEND_FAILED };

	if (!mn->up || ev->gen != mn->gen)
		return;
	failed.send_failed.id = ev->id;
	failed.send_failed.err = -EADDRNOTAVAIL;
	input(sim, mn, &failed);
}

static void apply_send(struct sim *sim, struct sim_mn *mn, const struct mip_act_send_mh *send)
{
	struct sim_packet packet;

	check_bu_sent(sim, mn, send);
	if (!sim_mn_has_addr(sim, mn, &send->src)) {
		struct sim_event *ev = sim_after(sim, 0, send_failed);

		sim_say(sim, mn->nai, "cannot send from %s", sim_addr(&send->src));
		ev->node = mn->i;
		ev->gen = mn->gen;
		ev->id = send->id;
		return;
	}
	sim_packet_of(send, &packet);
	packet.ifindex = 0; /* the sender's own number */
	sim_send(sim, mn->nai, &packet);
}

static void apply_place(struct sim *sim, struct sim_mn *mn, const struct mip_act_hoa *act)
{
	if (sim->fault == SIM_FAULT_NO_PLACE)
		return;
	mn->place = act->place;
	mn->place_gen++;
	sim_say(sim, mn->nai, "home address: %s",
		act->place == MIP_HOA_NONE ? "nowhere" :
		act->place == MIP_HOA_HOME ? "home" :
					     "tunnel");
	if (act->place == MIP_HOA_HOME && !act->nodad) {
		struct sim_event *ev = sim_after(sim, SEC, dad_result);

		ev->node = mn->i;
		ev->gen = mn->place_gen;
	}
}

static void apply(struct sim *sim, struct sim_mn *mn, const struct mip_action *act)
{
	switch (act->type) {
	case MIP_ACT_SEND_MH:
		apply_send(sim, mn, &act->send_mh);
		return;
	case MIP_ACT_BUL_SET:
		check_bul_set(sim, mn, &act->bule);
		kernel_set(sim, mn, &act->bule);
		return;
	case MIP_ACT_BUL_DEL:
		mn->has_bule = false;
		return;
	case MIP_ACT_HOA_PLACE:
		apply_place(sim, mn, &act->hoa);
		return;
	case MIP_ACT_MD_SCAN:
		detector_later(sim, mn, sim_between(sim, MSEC, 50 * MSEC));
		return;
	case MIP_ACT_LOG:
		sim_log(sim, mn->nai, &act->log);
		return;
	case MIP_ACT_NA:
		return;
	case MIP_ACT_BC_SET:
	case MIP_ACT_BC_DEL:
	case MIP_ACT_DAD_START:
	case MIP_ACT_DAD_STOP:
		sim_fail(sim, "%s asks for action %d", mn->nai, (int)act->type);
		return;
	}
}

/* ---- The process -------------------------------------------------------- */

static void timer(struct sim *sim, struct sim_event *ev)
{
	struct sim_mn *mn = &sim->mn[ev->node];
	struct mip_time now = mn_time(sim, mn);

	if (!mn->up || ev->gen != mn->gen || ev->usec != mn->timer_usec)
		return;
	mn->timer_usec = MIP_USEC_INFINITY;
	mip_mn_expire(mn->role, &now);
	drain(sim, mn);
}

static void drain(struct sim *sim, struct sim_mn *mn)
{
	struct mip_action act;
	struct sim_event *ev;
	uint64_t next;

	while (mip_mn_next_action(mn->role, &act))
		apply(sim, mn, &act);
	next = mip_mn_next_deadline(mn->role);
	if (next == MIP_USEC_INFINITY || next == mn->timer_usec)
		return;
	if (next < sim->now_usec)
		next = sim->now_usec;
	mn->timer_usec = next;
	ev = sim_after(sim, next - sim->now_usec, timer);
	ev->node = mn->i;
	ev->gen = mn->gen;
}

void sim_mn_mh(struct sim *sim, struct sim_mn *mn, const struct sim_packet *packet, bool tunnelled)
{
	struct mip_event ev;

	if (!mn->up)
		return;
	ev = sim_received(packet);
	ev.mh.ifindex = SIM_MN_IFINDEX;
	ev.mh.tunnelled = tunnelled;
	input(sim, mn, &ev);
}

static void take_random(void *userdata, void *buf, size_t len)
{
	sim_random_octets(userdata, buf, len);
}

void sim_mn_start(struct sim *sim, struct sim_mn *mn)
{
	struct mip_mn_config config = {
		.n_home = 1,
		.home = { { .hoa = mn->hoa,
			    .plen = 64,
			    .home_agent = sim_ha_addr(),
			    .lifetime_usec = mn->lifetime_usec } },
		.random = take_random,
		.random_userdata = sim,
	};
	struct mip_mn_sa *sa = &config.home[0].sa;
	struct mip_time now = mn_time(sim, mn);
	struct mip_event found = { .type = MIP_EV_BULE_FOUND };

	sa->spi = mn->spi;
	sa->key_len = sizeof(mn->key);
	memcpy(sa->key, mn->key, sizeof(mn->key));
	sa->nai_len = (uint8_t)strlen(mn->nai);
	memcpy(sa->nai, mn->nai, sa->nai_len);
	sa->replay = sim->plan.sequence_replay ? MIP_REPLAY_SEQUENCE : MIP_REPLAY_TIMESTAMP;

	sim_say(sim, mn->nai, "starts");
	mn->up = true;
	mn->gen++;
	mn->timer_usec = MIP_USEC_INFINITY;
	if (mip_mn_new(&config, &now, &mn->role) != 0)
		abort();
	if (mn->has_bule) {
		found.bule.bule = mn->bule;
		if (mn->bule_expires_usec != MIP_USEC_INFINITY)
			found.bule.bule.lifetime_usec = mn->bule_expires_usec - sim->now_usec;
		input(sim, mn, &found);
	}
	drain(sim, mn);
}

void sim_mn_kill(struct sim *sim, struct sim_mn *mn, bool reboot)
{
	sim_say(sim, mn->nai, reboot ? "reboots" : "killed");
	if (reboot) {
		mn->has_bule = false;
		mn->place = MIP_HOA_NONE;
		mn->place_gen++;
	}
	mn->role = mip_mn_free(mn->role);
	mn->up = false;
	mn->gen++;
}

static void copy_status(void *userdata, const struct mip_mn_status *status)
{
	*(struct mip_mn_status *)userdata = *status;
}

void sim_mn_status(const struct sim *sim, const struct sim_mn *mn, struct mip_mn_status *ret)
{
	struct mip_time now = mn_time(sim, mn);

	*ret = (struct mip_mn_status){ 0 };
	mip_mn_foreach(mn->role, &now, copy_status, ret);
}

void sim_mn_done(struct sim *sim, struct sim_mn *mn)
{
	(void)sim;
	mn->role = mip_mn_free(mn->role);
}
