// SPDX-License-Identifier: GPL-2.0-or-later
/* Time, chance and trace: see sim.h. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <mip/log.h>

#include "sim.h"

/* The day the world begins, microseconds since 1970. */
#define EPOCH_USEC (UINT64_C(1700000000) * SEC)

static uint64_t rotl(uint64_t x, unsigned int n)
{
	return x << n | x >> (64 - n);
}

/* xoshiro256** (Blackman and Vigna), seeded by splitmix64 in sim_run() */
static uint64_t next64(struct sim *sim)
{
	uint64_t *s = sim->rng;
	uint64_t result = rotl(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

uint64_t sim_random(struct sim *sim, uint64_t below)
{
	return below ? next64(sim) % below : 0;
}

bool sim_chance(struct sim *sim, unsigned int in_thousand)
{
	return sim_random(sim, 1000) < in_thousand;
}

uint64_t sim_between(struct sim *sim, uint64_t low, uint64_t high)
{
	return low + sim_random(sim, high - low + 1);
}

void sim_random_octets(struct sim *sim, void *buf, size_t len)
{
	uint8_t *p = buf;

	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)next64(sim);
}

struct mip_time sim_time(const struct sim *sim, int64_t wall_usec)
{
	return (struct mip_time){
		.usec = sim->now_usec,
		.ntp = mip_ntp_from_usec(EPOCH_USEC + sim->now_usec + (uint64_t)wall_usec),
	};
}

static bool before(const struct sim_event *a, const struct sim_event *b)
{
	return a->usec != b->usec ? a->usec < b->usec : a->order < b->order;
}

struct sim_event *sim_after(struct sim *sim, uint64_t usec, sim_fn *fn)
{
	struct sim_event *ev = calloc(1, sizeof(*ev));
	size_t i;

	if (!ev)
		abort();
	if (sim->n_heap == sim->size_heap) {
		sim->size_heap = sim->size_heap ? 2 * sim->size_heap : 64;
		sim->heap = realloc(sim->heap, sim->size_heap * sizeof(struct sim_event *));
		if (!sim->heap)
			abort();
	}
	ev->usec = sim->now_usec + usec;
	ev->order = sim->order++;
	ev->fn = fn;
	for (i = sim->n_heap++; i > 0 && before(ev, sim->heap[(i - 1) / 2]); i = (i - 1) / 2)
		sim->heap[i] = sim->heap[(i - 1) / 2];
	sim->heap[i] = ev;
	return ev;
}

static struct sim_event *take_first(struct sim *sim)
{
	struct sim_event *first = sim->heap[0];
	struct sim_event *last = sim->heap[--sim->n_heap];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= sim->n_heap)
			break;
		if (child + 1 < sim->n_heap && before(sim->heap[child + 1], sim->heap[child]))
			child++;
		if (!before(sim->heap[child], last))
			break;
		sim->heap[i] = sim->heap[child];
		i = child;
	}
	sim->heap[i] = last;
	return first;
}

static void event_free(struct sim_event *ev)
{
	free(ev->packet);
	free(ev->bce);
	free(ev);
}

bool sim_step(struct sim *sim)
{
	struct sim_event *ev;

	if (sim->n_heap == 0 || sim->failure[0])
		return false;
	ev = take_first(sim);
	sim->now_usec = ev->usec;
	sim->n_events++;
	ev->fn(sim, ev);
	event_free(ev);
	if (!sim->failure[0])
		check_world(sim);
	return true;
}

void sim_say(struct sim *sim, const char *who, const char *format, ...)
{
	va_list ap;

	if (!sim->trace)
		return;
	fprintf(sim->trace, "%5" PRIu64 ".%06" PRIu64 " %-8s ", sim->now_usec / SEC,
		sim->now_usec % SEC, who);
	va_start(ap, format);
	vfprintf(sim->trace, format, ap);
	va_end(ap);
	fputc('\n', sim->trace);
}

void sim_fail(struct sim *sim, const char *format, ...)
{
	va_list ap;
	int n;

	if (sim->failure[0])
		return;
	n = snprintf(sim->failure, sizeof(sim->failure),
		     "at %" PRIu64 ".%06" PRIu64 " s: ", sim->now_usec / SEC, sim->now_usec % SEC);
	va_start(ap, format);
	vsnprintf(sim->failure + n, sizeof(sim->failure) - (size_t)n, format, ap);
	va_end(ap);
	sim_say(sim, "CHECK", "%s", sim->failure);
}

void sim_log(struct sim *sim, const char *who, const struct mip_act_log *log)
{
	char line[MIP_LOG_LINE_MAX];

	sim->logged[log->event]++;
	if (!sim->trace)
		return;
	mip_log_format(log, line, sizeof(line));
	sim_say(sim, who, "   %s", line);
}

void sim_done(struct sim *sim)
{
	while (sim->n_heap > 0)
		event_free(sim->heap[--sim->n_heap]);
	free(sim->heap);
	for (unsigned int i = 0; i < sim->n_captured; i++)
		free(sim->captured[i]);
	sim_ha_done(sim);
	for (unsigned int i = 0; i < SIM_MN_MAX; i++)
		sim_mn_done(sim, &sim->mn[i]);
	check_free(sim);
}

bool sim_same(const struct in6_addr *a, const struct in6_addr *b)
{
	return IN6_ARE_ADDR_EQUAL(a, b);
}

const char *sim_addr(const struct in6_addr *a)
{
	static char buf[4][INET6_ADDRSTRLEN];
	static unsigned int i;

	i = (i + 1) % 4;
	inet_ntop(AF_INET6, a, buf[i], sizeof(buf[i]));
	return buf[i];
}
