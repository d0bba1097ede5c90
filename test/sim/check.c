// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What must hold, whatever happens.
 *
 * The checkers keep books of their own: every genuine Binding Update and
 * acknowledgement as it leaves a role, and what the home agent has asked its
 * kernel for. From these they judge; they do not look into the roles. Held:
 *
 *  - the home agent installs nothing but what a genuine Binding Update asked
 *    for, no longer than asked for, and each only once (sections 5.1, 10.3.1;
 *    RFC 4285 sections 5 and 6);
 *  - as long as a binding, or the ten seconds after its end, give it a memory,
 *    sequence numbers it accepts go up (section 9.5.1);
 *  - a binding is in the kernel, and duplicate address detection through, before
 *    it is acknowledged; and it is out of the kernel before its end is;
 *  - no binding lives past its lifetime, in the kernel or for the roles, and
 *    the mobile node never counts on one for longer than the home agent;
 *  - at most one home binding per (home address, BID);
 *  - the mobile node believes in a binding only on a genuine acknowledgement;
 *  - what the home agent's role and its kernel hold is the same, but for the
 *    moments in between;
 *  - the home address stands where the binding update list says;
 *  - memory follows the number of mobile nodes, not of messages.
 *
 * Once nobody disturbs any more, check_settled() says whether all have come to
 * rest in the right state.
 *
 * "Only once" has limits that RFC 4285 draws: a message can be replayed when
 * the home agent's process lost its memory of ended bindings, or when its clock
 * was set back. Such a replay is excused, and settling is given the time that
 * the binding so won may last.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

/* The kernel counts a lifetime from when it comes to it; that adds up when it is asked again. */
#define KERNEL_LATE_USEC (50 * MSEC)

struct bu_record {
	struct in6_addr hoa;
	struct in6_addr coa;
	uint16_t seq;
	uint16_t lifetime_wire;
	uint64_t timestamp;
	uint64_t sent_usec;
	bool installed;
	bool accepted; /* acknowledged */
	unsigned int accepted_life; /* of the home agent */
	unsigned int accepted_clock;
};

struct ba_record {
	struct in6_addr hoa;
	uint8_t status;
	uint16_t seq;
	uint16_t lifetime_wire;
};

/* What the home agent is held to for one home address. */
struct books {
	bool has_seq;
	uint16_t seq;
	uint64_t ends_usec; /* of the last grant */
	uint64_t hold_usec; /* memory lasts at least so long after a de-registration */
	unsigned int hold_life;
};

struct sim_checks {
	struct bu_record bu[SIM_LEDGER_MAX];
	unsigned int n_bu;
	struct ba_record ba[SIM_LEDGER_MAX];
	unsigned int n_ba;
	struct books books[SIM_MN_MAX];
	unsigned int ha_lives;
	unsigned int clock_steps;
	uint64_t excused_until; /* replays that nobody could tell may last until then */
};

void check_new(struct sim *sim)
{
	sim->checks = calloc(1, sizeof(*sim->checks));
	if (!sim->checks)
		abort();
}

void check_free(struct sim *sim)
{
	free(sim->checks);
	sim->checks = NULL;
}

void check_ha_restarted(struct sim *sim)
{
	sim->checks->ha_lives++;
}

void check_clock_stepped(struct sim *sim)
{
	sim->checks->clock_steps++;
}

static struct books *books_of(struct sim *sim, const struct in6_addr *hoa)
{
	for (unsigned int i = 0; i < sim->plan.n_mn; i++) {
		if (sim_same(&sim->mn[i].hoa, hoa))
			return &sim->checks->books[i];
	}
	return NULL;
}

/*
 * The newest with this number that registers coa, or de-registers (coa NULL),
 * with this timestamp unless that is 0.
 * Numbers repeat when a mobile node boots and begins at random.
 */
static struct bu_record *find_bu(struct sim *sim, const struct in6_addr *hoa, uint16_t seq,
				 const struct in6_addr *coa, uint64_t timestamp)
{
	for (unsigned int i = sim->checks->n_bu; i > 0; i--) {
		struct bu_record *bu = &sim->checks->bu[i - 1];

		if (bu->seq != seq || !sim_same(&bu->hoa, hoa) ||
		    (timestamp && bu->timestamp != timestamp))
			continue;
		if (coa ? bu->lifetime_wire && sim_same(&bu->coa, coa) : !bu->lifetime_wire)
			return bu;
	}
	return NULL;
}

void check_bu_sent(struct sim *sim, const struct sim_mn *mn, const struct mip_act_send_mh *send)
{
	struct sim_checks *checks = sim->checks;
	struct mip_mh_info info;
	struct bu_record *bu;
	struct mip_msg msg;

	if (mip_mh_decode(send->data, send->len, &msg, &info) != MIP_OK) {
		sim_fail(sim, "%s sends what does not decode", mn->nai);
		return;
	}
	if (msg.type != MIP_MH_BU)
		return;
	if (checks->n_bu == SIM_LEDGER_MAX) {
		sim_fail(sim, "more than %u Binding Updates", SIM_LEDGER_MAX);
		return;
	}
	bu = &checks->bu[checks->n_bu++];
	*bu = (struct bu_record){
		.hoa = mn->hoa,
		.coa = msg.opts.present & MIP_HAS_ALTCOA ? msg.opts.altcoa : send->src,
		.seq = msg.bu.seq,
		.lifetime_wire = msg.bu.lifetime_wire,
		.timestamp = msg.opts.present & MIP_HAS_TIMESTAMP ? msg.opts.timestamp : 0,
		.sent_usec = sim->now_usec,
	};
}

/* May this Binding Update be accepted a second time? */
static bool replay_excused(const struct sim *sim, const struct bu_record *bu)
{
	const struct sim_checks *checks = sim->checks;

	return bu->accepted_life != checks->ha_lives || bu->accepted_clock != checks->clock_steps;
}

void check_bc_set(struct sim *sim, const struct mip_act_bc *act, int err)
{
	const struct mip_bce *bce = &act->bce;
	struct sim_checks *checks = sim->checks;
	struct books *books = books_of(sim, &bce->hoa);
	struct bu_record *bu = find_bu(sim, &bce->hoa, bce->seq, &bce->coa, bce->timestamp);
	bool bound = sim_ha_find(sim, &bce->hoa) != NULL;
	bool remembered;

	if (!books || !bu || (bce->timestamp && bu->timestamp != bce->timestamp)) {
		sim_fail(sim, "home agent installs %s at %s seq=%u that nobody asked for",
			 sim_addr(&bce->hoa), sim_addr(&bce->coa), bce->seq);
		return;
	}
	if (bce->lifetime_usec > mip_lifetime_usec(bu->lifetime_wire) ||
	    bce->lifetime_usec > sim->plan.max_lifetime_usec) {
		sim_fail(sim, "home agent grants more than asked for or allowed");
		return;
	}
	if (act->id == 0) {
		/* Puts back what stood before a refusal of the kernel. */
		if (!bu->installed ||
		    sim->now_usec + bce->lifetime_usec > books->ends_usec + KERNEL_LATE_USEC)
			sim_fail(sim, "home agent puts back what was not there");
		return;
	}
	remembered = bound ||
		     (books->hold_usec > sim->now_usec && books->hold_life == checks->ha_lives);
	if (bu->accepted) {
		if (!replay_excused(sim, bu)) {
			sim_fail(sim, "home agent accepts %s seq=%u a second time",
				 sim_addr(&bce->hoa), bce->seq);
			return;
		}
		sim_say(sim, "check", "a replay that cannot be told");
		sim->excused++;
		checks->excused_until = sim->now_usec + bce->lifetime_usec;
	}
	if (remembered && books->has_seq && !mip_seq_newer(bce->seq, books->seq)) {
		sim_fail(sim, "home agent's sequence number for %s goes from %u back to %u",
			 sim_addr(&bce->hoa), books->seq, bce->seq);
		return;
	}
	if (err)
		return;
	books->has_seq = true;
	books->seq = bce->seq;
	books->ends_usec = sim->now_usec + bce->lifetime_usec;
	books->hold_usec = 0;
	bu->installed = true;
}

void check_duplicate(struct sim *sim, const struct in6_addr *hoa)
{
	struct books *books = books_of(sim, hoa);

	if (!sim_ha_find(sim, hoa))
		return;
	books->hold_usec = sim->now_usec + 10 * SEC;
	books->hold_life = sim->checks->ha_lives;
}

/* Then the kernel holds what is not acknowledged yet (MIP_HA_DAD_OPTIMISTIC). */
static bool dad_runs(const struct sim *sim, const struct in6_addr *hoa)
{
	for (unsigned int i = 0; i < sim->plan.n_mn; i++) {
		if (sim_same(&sim->mn[i].hoa, hoa))
			return sim->ha.dad_runs[i];
	}
	return false;
}

static void accepted_ba(struct sim *sim, const struct mip_act_send_mh *send,
			const struct in6_addr *hoa, const struct mip_ba *ba)
{
	const struct sim_bc *bc = sim_ha_find(sim, hoa);
	struct books *books = books_of(sim, hoa);
	struct bu_record *bu;

	if (send->has_rh2 == sim_same(&send->dst, hoa))
		sim_fail(sim, "type 2 routing header where none belongs, or none where it does");
	if (ba->lifetime_wire != 0) {
		if (!bc || bc->bce.seq != ba->seq) {
			sim_fail(sim, "home agent acknowledges %s seq=%u before it is installed",
				 sim_addr(hoa), ba->seq);
			return;
		}
		if (dad_runs(sim, hoa))
			sim_fail(sim, "home agent acknowledges %s before the outcome of DAD",
				 sim_addr(hoa));
		bu = find_bu(sim, hoa, ba->seq, &bc->bce.coa, bc->bce.timestamp);
		if (!bu || !books || ba->lifetime_wire > bu->lifetime_wire) {
			sim_fail(sim, "home agent grants more than asked for");
			return;
		}
		bu->accepted = true;
		bu->accepted_life = sim->checks->ha_lives;
		bu->accepted_clock = sim->checks->clock_steps;
		return;
	}
	bu = find_bu(sim, hoa, ba->seq, NULL, 0);
	if (!bu || !books) {
		sim_fail(sim, "home agent acknowledges %s seq=%u that nobody sent", sim_addr(hoa),
			 ba->seq);
		return;
	}
	if (bc)
		sim_fail(sim, "home agent acknowledges the end of a binding that stands");
	books->has_seq = true;
	books->seq = ba->seq;
	/* Repeated, it does not begin anew (HA-DE-06). */
	if (books->hold_usec <= sim->now_usec || books->hold_life != sim->checks->ha_lives) {
		books->hold_usec = sim->now_usec + 10 * SEC;
		books->hold_life = sim->checks->ha_lives;
	}
}

void check_ba_sent(struct sim *sim, const struct mip_act_send_mh *send)
{
	struct sim_checks *checks = sim->checks;
	const struct in6_addr *hoa = send->has_rh2 ? &send->rh2 : &send->dst;
	struct mip_mh_info info;
	struct mip_msg msg;

	if (mip_mh_decode(send->data, send->len, &msg, &info) != MIP_OK) {
		sim_fail(sim, "home agent sends what does not decode");
		return;
	}
	if (msg.type != MIP_MH_BA)
		return;
	if (msg.ba.status < 128)
		accepted_ba(sim, send, hoa, &msg.ba);
	else if (msg.ba.lifetime_wire != 0)
		sim_fail(sim, "home agent grants a lifetime with status %u", msg.ba.status);
	sim->status[msg.ba.status]++;
	if (checks->n_ba == SIM_LEDGER_MAX) {
		sim_fail(sim, "more than %u Binding Acknowledgements", SIM_LEDGER_MAX);
		return;
	}
	checks->ba[checks->n_ba++] = (struct ba_record){
		.hoa = *hoa,
		.status = msg.ba.status,
		.seq = msg.ba.seq,
		.lifetime_wire = msg.ba.lifetime_wire,
	};
}

/* The mobile node believes that it is registered: by which acknowledgement? */
void check_bul_set(struct sim *sim, const struct sim_mn *mn, const struct mip_bule *bule)
{
	const struct sim_checks *checks = sim->checks;

	if (bule->state != MIP_BUL_REGISTERED && bule->state != MIP_BUL_REFRESHING)
		return;
	for (unsigned int i = checks->n_ba; i > 0; i--) {
		const struct ba_record *ba = &checks->ba[i - 1];
		const struct bu_record *bu;

		if (ba->status >= 128 || ba->lifetime_wire == 0 || !sim_same(&ba->hoa, &mn->hoa))
			continue;
		bu = find_bu(sim, &mn->hoa, ba->seq, &bule->coa, 0);
		if (bu && sim->now_usec + bule->lifetime_usec <=
				  bu->sent_usec + mip_lifetime_usec(ba->lifetime_wire) + MSEC)
			return;
	}
	sim_fail(sim, "%s believes in a binding at %s that was not acknowledged for so long",
		 mn->nai, sim_addr(&bule->coa));
}

static bool judge_binding(void *userdata, const struct mip_bce *bce)
{
	struct sim *sim = userdata;
	const struct books *books = books_of(sim, &bce->hoa);
	const struct sim_bc *bc = sim_ha_find(sim, &bce->hoa);

	if (!books)
		sim_fail(sim, "home agent holds a binding for %s", sim_addr(&bce->hoa));
	else if (sim->now_usec + bce->lifetime_usec > books->ends_usec + KERNEL_LATE_USEC)
		sim_fail(sim, "home agent counts on the binding of %s for too long",
			 sim_addr(&bce->hoa));
	else if (sim->ha.kernel_sets == 0 && (!bc || !sim_same(&bc->bce.coa, &bce->coa)))
		sim_fail(sim, "the home agent counts on a binding of %s that its kernel has not",
			 sim_addr(&bce->hoa));
	return !sim->failure[0];
}

static void check_ha(struct sim *sim)
{
	struct mip_time now = sim_time(sim, sim->ha.wall_usec);
	struct mip_ha_stats stats;

	for (unsigned int i = 0; i < SIM_BC_MAX; i++) {
		const struct sim_bc *bc = &sim->ha.bc[i];
		const struct books *books;

		if (!bc->used)
			continue;
		books = books_of(sim, &bc->bce.hoa);
		if (sim->now_usec > bc->expires_usec || !books ||
		    (sim->ha.kernel_sets == 0 &&
		     bc->expires_usec > books->ends_usec + KERNEL_LATE_USEC))
			sim_fail(sim, "the binding of %s lives past its lifetime",
				 sim_addr(&bc->bce.hoa));
		for (unsigned int j = 0; j < i; j++) {
			if (sim->ha.bc[j].used && sim->ha.bc[j].bce.bid == bc->bce.bid &&
			    sim_same(&sim->ha.bc[j].bce.hoa, &bc->bce.hoa))
				sim_fail(sim, "two bindings of %s", sim_addr(&bc->bce.hoa));
		}
	}
	if (!sim->ha.up)
		return;
	mip_ha_for_each_binding(sim->ha.role, &now, judge_binding, sim);
	mip_ha_get_stats(sim->ha.role, &stats);
	for (unsigned int i = 0; i < SIM_BC_MAX; i++) {
		const struct sim_bc *bc = &sim->ha.bc[i];
		struct mip_bce bce;

		if (bc->used && sim->ha.kernel_sets == 0 && !dad_runs(sim, &bc->bce.hoa) &&
		    bc->expires_usec > sim->now_usec + KERNEL_LATE_USEC &&
		    !mip_ha_get_binding(sim->ha.role, &bc->bce.hoa, bc->bce.bid, &now, &bce))
			sim_fail(sim,
				 "the kernel holds a binding of %s that the home agent has not",
				 sim_addr(&bc->bce.hoa));
	}
	if (stats.overflows)
		sim_fail(sim, "the home agent's queue overflowed");
	if (stats.bindings > sim->plan.n_mn || stats.held > sim->plan.n_mn ||
	    stats.pending > sim->plan.n_mn)
		sim_fail(sim, "home agent holds more than there are mobile nodes");
}

static void check_mn(struct sim *sim, const struct sim_mn *mn)
{
	const struct sim_bc *bc = sim_ha_find(sim, &mn->hoa);
	struct mip_mn_status status;
	bool away;

	if (!mn->up)
		return;
	sim_mn_status(sim, mn, &status);
	if (status.state == MIP_REG_LOST)
		sim_fail(sim, "%s gave up its home address", mn->nai);
	if (status.bound && bc && sim_same(&bc->bce.coa, &status.coa) &&
	    sim->now_usec + status.lifetime_left_usec > bc->expires_usec)
		sim_fail(sim, "%s counts on its binding for longer than the home agent", mn->nai);
	if (!mn->has_bule)
		return;
	if (sim->now_usec > mn->bule_expires_usec)
		sim_fail(sim, "%s: the kernel's entry lives past its lifetime", mn->nai);
	away = !sim_same(&mn->bule.coa, &mn->hoa);
	if (away && mn->place != MIP_HOA_TUNNEL && mn->bule.state != MIP_BUL_FAILED &&
	    mn->bule.state != MIP_BUL_DEREGISTERING)
		sim_fail(sim, "%s is away, and its home address is not in the tunnel", mn->nai);
	if (!away && mn->bule.state == MIP_BUL_HOME && mn->place != MIP_HOA_HOME)
		sim_fail(sim, "%s is at home, and its home address is not", mn->nai);
}

void check_world(struct sim *sim)
{
	check_ha(sim);
	for (unsigned int i = 0; i < sim->plan.n_mn; i++)
		check_mn(sim, &sim->mn[i]);
}

static const char *unsettled(const struct sim *sim, const struct sim_mn *mn)
{
	const struct sim_bc *bc = sim_ha_find(sim, &mn->hoa);
	struct in6_addr coa = sim_coa(mn->i, mn->foreign);
	struct mip_mn_status status;

	if (!mn->up)
		return "it is down";
	sim_mn_status(sim, mn, &status);
	if (mn->link == SIM_LINK_HOME) {
		if (bc)
			return "at home, and the home agent holds a binding";
		if (status.state != MIP_REG_HOME)
			return "at home, and does not know";
		return NULL;
	}
	if (!bc)
		return "away, and the home agent holds no binding";
	if (!sim_same(&bc->bce.coa, &coa))
		return "the home agent has another care-of address";
	if (!status.bound || !status.has_coa || !sim_same(&status.coa, &coa))
		return "away, and does not know that it is registered";
	return NULL;
}

bool check_settled(struct sim *sim, const char **why)
{
	if (sim->now_usec < sim->checks->excused_until) {
		*why = "a replayed binding may still stand";
		return false;
	}
	for (unsigned int i = 0; i < sim->plan.n_mn; i++) {
		*why = unsettled(sim, &sim->mn[i]);
		if (*why)
			return false;
	}
	return sim->ha.up;
}
