// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One run. The seed decides how rough it is and what happens when: moves,
 * processes that die, clocks that step. After the rough time nothing disturbs
 * any more, and all must come to rest within a bounded time and stay there.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

/*
 * The longest a role may take to come to rest by itself: 32 s between
 * retransmissions at most (section 11.8), the answer, DAD, once more because a
 * number or a clock had to be adopted.
 */
#define SETTLE_USEC (45 * SEC)
/* A few set-backs of a clock in a row make it give up for 32 s, then 64 s (mn_internal.h). */
#define SETTLE_CLOCKS_USEC (200 * SEC)
/* After refusals it backs off up to 512 s, and lifetimes end meanwhile. */
#define SETTLE_REFUSED_USEC (700 * SEC)
/* Stays settled so long. */
#define REST_USEC (5 * SEC)

static uint64_t splitmix64(uint64_t *x)
{
	uint64_t z = (*x += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void make_plan(struct sim *sim)
{
	struct sim_plan *plan = &sim->plan;

	*plan = (struct sim_plan){
		.n_mn = (unsigned int)sim_between(sim, 1, SIM_MN_MAX),
		.rough_usec = sim_between(sim, 20 * SEC, 200 * SEC),
		.loss = sim_chance(sim, 300) ? 0 : (unsigned int)sim_random(sim, 500),
		.copy = sim_chance(sim, 500) ? 0 : (unsigned int)sim_random(sim, 200),
		.delay_usec = sim_between(sim, MSEC, 100 * MSEC),
		.jitter_usec = sim_chance(sim, 300) ? sim_random(sim, 3 * SEC) :
						      sim_random(sim, 30 * MSEC),
		.home_is_virtual = sim_chance(sim, 250),
		.dad = (enum mip_ha_dad)sim_between(sim, MIP_HA_DAD_STRICT, MIP_HA_DAD_OPTIMISTIC),
		.sequence_replay = sim_chance(sim, 250),
		.attacker = sim_chance(sim, 400),
		.clocks = sim_chance(sim, 300),
		.restarts = sim_chance(sim, 500),
		.errors = sim_chance(sim, 200),
		.na_repeats = (unsigned int)sim_between(sim, 1, MIP_NA_REPEATS_MAX),
		.max_lifetime_usec = sim_between(sim, 5, 50) * 4 * SEC,
		.refresh_advice_usec = sim_chance(sim, 200) ? sim_between(sim, 1, 20) * 4 * SEC : 0,
	};
}

static bool rough(const struct sim *sim)
{
	return sim->now_usec < sim->plan.rough_usec;
}

static void move(struct sim *sim, struct sim_event *ev)
{
	struct sim_mn *mn = &sim->mn[ev->node];
	struct sim_event *next;
	uint64_t where = sim_random(sim, 10);
	uint64_t stay;

	if (!rough(sim))
		return;
	if (where == 0)
		sim_mn_move(sim, mn, SIM_LINK_NONE, 0);
	else if (where <= 3)
		sim_mn_move(sim, mn, SIM_LINK_HOME, 0);
	else
		sim_mn_move(sim, mn, SIM_LINK_FOREIGN,
			    (unsigned int)sim_random(sim, SIM_FOREIGN_LINKS));
	stay = sim_chance(sim, 300) ? sim_between(sim, 100 * MSEC, 2 * SEC) :
				      sim_between(sim, SEC, 60 * SEC);
	next = sim_after(sim, stay, move);
	next->node = ev->node;
}

static void mn_comes_back(struct sim *sim, struct sim_event *ev)
{
	sim_mn_start(sim, &sim->mn[ev->node]);
}

static void mn_dies(struct sim *sim, struct sim_event *ev)
{
	struct sim_event *next;

	if (!rough(sim))
		return;
	sim_mn_kill(sim, &sim->mn[ev->node], sim_chance(sim, 300));
	next = sim_after(sim, sim_between(sim, 0, 5 * SEC), mn_comes_back);
	next->node = ev->node;
	next = sim_after(sim, sim_between(sim, 6 * SEC, 100 * SEC), mn_dies);
	next->node = ev->node;
}

static void ha_comes_back(struct sim *sim, struct sim_event *ev)
{
	(void)ev;
	sim_ha_start(sim);
}

static void ha_dies(struct sim *sim, struct sim_event *ev)
{
	(void)ev;
	if (!rough(sim))
		return;
	sim_ha_kill(sim);
	sim_after(sim, sim_between(sim, 0, 5 * SEC), ha_comes_back);
	sim_after(sim, sim_between(sim, 6 * SEC, 100 * SEC), ha_dies);
}

static void clock_steps(struct sim *sim, struct sim_event *ev)
{
	/* by less than a second up to hours, to either side */
	int64_t most = (int64_t)(sim_chance(sim, 500) ? 20 * SEC : 10000 * SEC);
	int64_t step = (int64_t)sim_random(sim, (uint64_t)(2 * most)) - most;
	unsigned int who = (unsigned int)sim_random(sim, sim->plan.n_mn + 1);

	(void)ev;
	if (!rough(sim))
		return;
	if (who == sim->plan.n_mn) {
		sim->ha.wall_usec += step;
		check_clock_stepped(sim);
	} else {
		sim->mn[who].wall_usec += step;
	}
	sim_say(sim, who == sim->plan.n_mn ? "ha" : sim->mn[who].nai, "clock steps by %.1f s",
		(double)step / 1e6);
	sim_after(sim, sim_between(sim, SEC, 60 * SEC), clock_steps);
}

static void smooth(struct sim *sim, struct sim_event *ev)
{
	(void)ev;
	sim_say(sim, "plan", "nothing disturbs any more");
	for (unsigned int i = 0; i < sim->plan.n_mn; i++) {
		if (sim->mn[i].link == SIM_LINK_NONE)
			sim_mn_move(sim, &sim->mn[i], SIM_LINK_FOREIGN, 0);
	}
}

static void build(struct sim *sim)
{
	for (unsigned int i = 0; i < sim->plan.n_mn; i++) {
		struct sim_mn *mn = &sim->mn[i];
		struct sim_event *ev;

		mn->i = i;
		mn->hoa = sim_hoa(i);
		mn->spi = 256 + i;
		snprintf(mn->nai, sizeof(mn->nai), "mn%u@sim", i);
		sim_random_octets(sim, mn->key, sizeof(mn->key));
		mn->lifetime_usec = sim_between(sim, 5, 40) * 4 * SEC;
		mn->link = SIM_LINK_NONE;
		/* clocks that agree within what RFC 4285 allows */
		mn->wall_usec = (int64_t)sim_random(sim, 5 * SEC) - (int64_t)(5 * SEC / 2);
		ev = sim_after(sim, sim_random(sim, 2 * SEC), move);
		ev->node = i;
		if (sim->plan.restarts) {
			ev = sim_after(sim, sim_between(sim, SEC, 100 * SEC), mn_dies);
			ev->node = i;
		}
	}
	sim_ha_start(sim);
	for (unsigned int i = 0; i < sim->plan.n_mn; i++)
		sim_mn_start(sim, &sim->mn[i]);
	if (sim->plan.restarts)
		sim_after(sim, sim_between(sim, SEC, 100 * SEC), ha_dies);
	if (sim->plan.clocks)
		sim_after(sim, sim_between(sim, SEC, 30 * SEC), clock_steps);
	if (sim->plan.attacker)
		sim_attacker_start(sim);
	sim_after(sim, sim->plan.rough_usec, smooth);
}

bool sim_run(struct sim *sim)
{
	uint64_t x = sim->seed;
	uint64_t settled_usec = MIP_USEC_INFINITY;
	uint64_t last_usec;
	const char *why = "";

	for (unsigned int i = 0; i < 4; i++)
		sim->rng[i] = splitmix64(&x);
	make_plan(sim);
	check_new(sim);
	build(sim);
	last_usec = sim->plan.rough_usec;
	if (sim->plan.attacker || sim->plan.errors)
		last_usec += SETTLE_REFUSED_USEC;
	else if (sim->plan.clocks)
		last_usec += SETTLE_CLOCKS_USEC;
	else
		last_usec += SETTLE_USEC;

	while (sim_step(sim)) {
		if (rough(sim))
			continue;
		if (!check_settled(sim, &why)) {
			if (settled_usec != MIP_USEC_INFINITY)
				sim_say(sim, "plan", "not settled any more: %s", why);
			settled_usec = MIP_USEC_INFINITY;
			if (sim->now_usec > last_usec)
				sim_fail(sim, "not settled: %s", why);
		} else if (settled_usec == MIP_USEC_INFINITY) {
			settled_usec = sim->now_usec;
			sim_say(sim, "plan", "settled");
		} else if (sim->now_usec >= settled_usec + REST_USEC) {
			break;
		}
	}
	sim->settle_usec = settled_usec == MIP_USEC_INFINITY ? 0 :
							       settled_usec - sim->plan.rough_usec;
	if (!sim->failure[0] && settled_usec == MIP_USEC_INFINITY)
		sim_fail(sim, "nothing happens any more, and not settled: %s", why);
	return !sim->failure[0];
}
