// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The home agent's node: the role in a process that may die, and a kernel that
 * lives on, holds bindings and ends them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

static void drain(struct sim *sim);

static struct mip_time ha_time(const struct sim *sim)
{
	return sim_time(sim, sim->ha.wall_usec);
}

static void input(struct sim *sim, const struct mip_event *ev)
{
	struct mip_time now = ha_time(sim);

	mip_ha_input(sim->ha.role, ev, &now);
	drain(sim);
}

const struct sim_bc *sim_ha_find(const struct sim *sim, const struct in6_addr *hoa)
{
	for (unsigned int i = 0; i < SIM_BC_MAX; i++) {
		if (sim->ha.bc[i].used && sim_same(&sim->ha.bc[i].bce.hoa, hoa))
			return &sim->ha.bc[i];
	}
	return NULL;
}

/* ---- The kernel --------------------------------------------------------- */

static void tell_gone(struct sim *sim, struct sim_event *ev)
{
	struct mip_event gone = { .type = MIP_EV_BCE_GONE };

	sim->ha.kernel_gone--;
	if (!sim->ha.up || ev->gen != sim->ha.gen)
		return;
	gone.bce.bce.hoa = ev->addr;
	gone.bce.bce.seq = (uint16_t)ev->value;
	gone.bce.reason = MIP_GONE_EXPIRED;
	input(sim, &gone);
}

static void kernel_expires(struct sim *sim, struct sim_event *ev)
{
	struct sim_bc *bc = &sim->ha.bc[ev->id];

	if (!bc->used || bc->gen != ev->gen || sim->fault == SIM_FAULT_NO_EXPIRY)
		return;
	bc->used = false;
	sim_say(sim, "ha-krnl", "%s expired", sim_addr(&bc->bce.hoa));
	/* Word of it takes its time, and sometimes gets lost. */
	if (sim->now_usec >= sim->plan.rough_usec || !sim_chance(sim, 50)) {
		struct sim_event *tell =
			sim_after(sim, sim_random(sim, sim_chance(sim, 200) ? 2 * SEC : 20 * MSEC),
				  tell_gone);

		sim->ha.kernel_gone++;
		tell->gen = sim->ha.gen;
		tell->addr = bc->bce.hoa;
		tell->value = bc->bce.seq;
	}
}

static void kernel_set(struct sim *sim, const struct mip_bce *bce)
{
	struct sim_bc *bc = NULL;
	struct sim_event *ev;

	for (unsigned int i = 0; i < SIM_BC_MAX; i++) {
		struct sim_bc *at = &sim->ha.bc[i];

		if (at->used && sim_same(&at->bce.hoa, &bce->hoa) && at->bce.bid == bce->bid &&
		    sim->fault != SIM_FAULT_DOUBLE_ENTRY) {
			bc = at;
			break;
		}
		if (!at->used && !bc)
			bc = at;
	}
	if (!bc) {
		sim_fail(sim, "the kernel's table is full");
		return;
	}
	bc->used = true;
	bc->gen = ++sim->ha.bc_gen;
	bc->bce = *bce;
	bc->expires_usec = sim->now_usec + bce->lifetime_usec;
	if (sim->fault == SIM_FAULT_LONG_GRANT)
		bc->expires_usec += bce->lifetime_usec;
	ev = sim_after(sim, bc->expires_usec - sim->now_usec, kernel_expires);
	ev->id = (uint64_t)(bc - sim->ha.bc);
	ev->gen = bc->gen;
	sim_say(sim, "ha-krnl", "%s at %s seq=%u", sim_addr(&bce->hoa), sim_addr(&bce->coa),
		bce->seq);
}

static void kernel_del(struct sim *sim, const struct in6_addr *hoa)
{
	for (unsigned int i = 0; i < SIM_BC_MAX; i++) {
		if (sim->ha.bc[i].used && sim_same(&sim->ha.bc[i].bce.hoa, hoa)) {
			sim->ha.bc[i].used = false;
			sim_say(sim, "ha-krnl", "%s removed", sim_addr(hoa));
		}
	}
}

/* ---- Answers to actions ------------------------------------------------- */

static void bc_result(struct sim *sim, uint64_t id, int err)
{
	struct mip_event result = { .type = MIP_EV_BC_RESULT };

	result.bc_result.id = id;
	result.bc_result.err = err;
	input(sim, &result);
}

/*
 * The kernel comes to what it was asked for, also when who asked has died. A
 * refusal may come after the entry was changed, as when a route cannot be set.
 */
static void set_done(struct sim *sim, struct sim_event *ev)
{
	sim->ha.kernel_sets--;
	if (ev->bce && (ev->value == 0 || sim_chance(sim, 500)))
		kernel_set(sim, ev->bce);
	if (ev->id && sim->ha.up && ev->gen == sim->ha.gen)
		bc_result(sim, ev->id, ev->value);
}

/* Waits until the kernel has done all that it was asked for: netlink keeps the order. */
static void kernel_catch_up(struct sim *sim)
{
	for (size_t i = 0; i < sim->n_heap; i++) {
		struct sim_event *ev = sim->heap[i];

		if (ev->fn != set_done || !ev->bce)
			continue;
		/* those before it in the heap need not be before it in time */
		for (size_t j = 0; j < sim->n_heap; j++) {
			struct sim_event *other = sim->heap[j];

			if (other->fn == set_done && other->bce && other->order < ev->order)
				ev = other;
		}
		if (ev->value == 0)
			kernel_set(sim, ev->bce);
		free(ev->bce);
		ev->bce = NULL;
		i = SIZE_MAX; /* from the beginning */
	}
}

static unsigned int mn_of(const struct sim *sim, const struct in6_addr *hoa)
{
	unsigned int i = 0;

	while (i < sim->plan.n_mn && !sim_same(&sim->mn[i].hoa, hoa))
		i++;
	return i;
}

/* Whoever has the address on the home link answers the probe. */
static void dad_result(struct sim *sim, struct sim_event *ev)
{
	struct mip_event result = { .type = MIP_EV_DAD_RESULT };
	const struct sim_mn *mn = &sim->mn[ev->node];

	if (!sim->ha.up || (uint32_t)ev->id != sim->ha.gen || ev->gen != sim->ha.dad_gen[ev->node])
		return;
	sim->ha.dad_gen[ev->node]++;
	sim->ha.dad_runs[ev->node] = false;
	result.dad_result.hoa = mn->hoa;
	result.dad_result.ifindex = SIM_HOME_IFINDEX;
	result.dad_result.result = mn->link == SIM_LINK_HOME && mn->place == MIP_HOA_HOME ?
					   MIP_DAD_DUPLICATE :
					   MIP_DAD_UNIQUE;
	sim_say(sim, "ha-krnl", "DAD for %s: %s", sim_addr(&mn->hoa),
		result.dad_result.result == MIP_DAD_UNIQUE ? "unique" : "duplicate");
	if (result.dad_result.result == MIP_DAD_DUPLICATE)
		check_duplicate(sim, &mn->hoa);
	input(sim, &result);
}

static void apply_set(struct sim *sim, const struct mip_act_bc *act)
{
	bool rough = sim->now_usec < sim->plan.rough_usec;
	uint64_t delay = sim_random(sim, 3 * MSEC);
	struct sim_event *ev;
	int err = 0;

	if (rough && sim->plan.errors && act->id && sim_chance(sim, 30))
		err = -ENOMEM;
	check_bc_set(sim, act, err);
	if (sim->now_usec + delay < sim->ha.kernel_usec)
		delay = sim->ha.kernel_usec - sim->now_usec;
	sim->ha.kernel_usec = sim->now_usec + delay;
	if (sim->fault == SIM_FAULT_EARLY_BA)
		delay += 30 * MSEC;
	ev = sim_after(sim, delay, set_done);
	ev->bce = malloc(sizeof(*ev->bce));
	if (!ev->bce)
		abort();
	*ev->bce = act->bce;
	ev->gen = sim->ha.gen;
	ev->id = act->id;
	ev->value = err;
	sim->ha.kernel_sets++;
	if (sim->fault == SIM_FAULT_EARLY_BA && act->id) {
		ev->id = 0;
		bc_result(sim, act->id, 0);
	}
}

static void apply(struct sim *sim, const struct mip_action *act)
{
	struct sim_packet packet;
	struct sim_event *ev;
	unsigned int i;

	switch (act->type) {
	case MIP_ACT_SEND_MH:
		check_ba_sent(sim, &act->send_mh);
		sim_packet_of(&act->send_mh, &packet);
		sim_send(sim, "ha", &packet);
		return;
	case MIP_ACT_BC_SET:
		apply_set(sim, &act->bc);
		return;
	case MIP_ACT_BC_DEL:
		kernel_catch_up(sim);
		kernel_del(sim, &act->bc.bce.hoa);
		return;
	case MIP_ACT_DAD_START:
		i = mn_of(sim, &act->dad.hoa);
		if (i == sim->plan.n_mn)
			return;
		ev = sim_after(sim, SEC, dad_result);
		ev->node = i;
		ev->id = sim->ha.gen;
		ev->gen = ++sim->ha.dad_gen[i];
		sim->ha.dad_runs[i] = true;
		return;
	case MIP_ACT_DAD_STOP:
		i = mn_of(sim, &act->dad.hoa);
		if (i < sim->plan.n_mn) {
			sim->ha.dad_gen[i]++;
			sim->ha.dad_runs[i] = false;
		}
		return;
	case MIP_ACT_LOG:
		sim_log(sim, "ha", &act->log);
		return;
	case MIP_ACT_NA:
		return;
	case MIP_ACT_BUL_SET:
	case MIP_ACT_BUL_DEL:
	case MIP_ACT_HOA_PLACE:
	case MIP_ACT_MD_SCAN:
		sim_fail(sim, "the home agent asks for action %d", (int)act->type);
		return;
	}
}

/* ---- The process -------------------------------------------------------- */

static void timer(struct sim *sim, struct sim_event *ev)
{
	struct mip_time now = ha_time(sim);

	if (!sim->ha.up || ev->gen != sim->ha.gen || ev->usec != sim->ha.timer_usec)
		return;
	sim->ha.timer_usec = MIP_USEC_INFINITY;
	if (sim->fault == SIM_FAULT_NO_EXPIRY)
		return;
	mip_ha_expire(sim->ha.role, &now);
	drain(sim);
}

static void drain(struct sim *sim)
{
	struct mip_action act;
	struct sim_event *ev;
	uint64_t next;

	while (sim->ha.up && mip_ha_next_action(sim->ha.role, &act))
		apply(sim, &act);
	next = mip_ha_next_deadline(sim->ha.role);
	if (next == MIP_USEC_INFINITY || next == sim->ha.timer_usec)
		return;
	if (next < sim->now_usec)
		next = sim->now_usec;
	sim->ha.timer_usec = next;
	ev = sim_after(sim, next - sim->now_usec, timer);
	ev->gen = sim->ha.gen;
}

void sim_ha_mh(struct sim *sim, const struct sim_packet *packet)
{
	struct mip_event ev;
	bool from_home = false;

	if (!sim->ha.up)
		return;
	for (unsigned int i = 0; i < sim->plan.n_mn; i++)
		from_home |= sim_same(&packet->src, &sim->mn[i].hoa);
	ev = sim_received(packet);
	ev.mh.ifindex = from_home && !sim->plan.home_is_virtual ? SIM_HOME_IFINDEX : 2;
	input(sim, &ev);
}

static void fill_keys(struct sim *sim)
{
	sim->ha.keys = mip_keys_new();
	if (!sim->ha.keys)
		abort();
	for (unsigned int i = 0; i < sim->plan.n_mn; i++) {
		const struct sim_mn *mn = &sim->mn[i];
		struct mip_key key = {
			.spi = mn->spi,
			.hoa = mn->hoa,
			.hoa_plen = 128,
			.key_len = sizeof(mn->key),
			.nai = mn->nai,
			.nai_len = (uint8_t)strlen(mn->nai),
		};

		memcpy(key.key, mn->key, sizeof(mn->key));
		if (mip_keys_add(sim->ha.keys, &key, NULL) != MIP_KEYS_OK)
			abort();
	}
}

void sim_ha_start(struct sim *sim)
{
	struct mip_ha_config config = {
		.n_links = 1,
		.links = { { .prefix = sim_home_prefix(),
			     .addr = sim_ha_addr(),
			     .ifindex = sim->plan.home_is_virtual ? 0 : SIM_HOME_IFINDEX,
			     .dad = sim->plan.dad,
			     .na_repeats = sim->plan.na_repeats } },
		.max_lifetime_usec = sim->plan.max_lifetime_usec,
		.max_bindings = 100,
		.replay = sim->plan.sequence_replay ? MIP_REPLAY_SEQUENCE : MIP_REPLAY_TIMESTAMP,
		.refresh_advice_usec = sim->plan.refresh_advice_usec,
	};
	struct mip_time now = ha_time(sim);
	uint8_t seed[16];

	sim_random_octets(sim, seed, sizeof(seed));
	if (!sim->ha.keys)
		fill_keys(sim);
	sim_say(sim, "ha", "starts");
	sim->ha.up = true;
	sim->ha.gen++;
	sim->ha.timer_usec = MIP_USEC_INFINITY;
	sim->ha.role = mip_ha_new(&config, sim->ha.keys, seed, &now);
	if (!sim->ha.role)
		abort();
	for (unsigned int i = 0; i < SIM_BC_MAX && sim->fault != SIM_FAULT_NO_ADOPTION; i++) {
		const struct sim_bc *bc = &sim->ha.bc[i];
		struct mip_event found = { .type = MIP_EV_BCE_FOUND };

		if (!bc->used)
			continue;
		found.bce.bce = bc->bce;
		found.bce.bce.lifetime_usec = bc->expires_usec - sim->now_usec;
		if (sim->fault == SIM_FAULT_OLD_SEQ) {
			found.bce.bce.seq -= 5;
			found.bce.bce.timestamp = 0;
		}
		input(sim, &found);
	}
	drain(sim);
}

void sim_ha_kill(struct sim *sim)
{
	sim_say(sim, "ha", "killed");
	kernel_catch_up(sim);
	sim->ha.role = mip_ha_free(sim->ha.role);
	sim->ha.up = false;
	sim->ha.gen++;
	for (unsigned int i = 0; i < SIM_MN_MAX; i++)
		sim->ha.dad_runs[i] = false;
	check_ha_restarted(sim);
}

void sim_ha_done(struct sim *sim)
{
	sim->ha.role = mip_ha_free(sim->ha.role);
	sim->ha.keys = mip_keys_free(sim->ha.keys);
}
