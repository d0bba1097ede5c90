// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sim [--seed N] [--runs N] [--fault NAME] [--verbose]
 * sim --self-test
 *
 * Runs with the seeds N, N + 1, ...; the first one that fails is told with its
 * seed and the command that runs it again. Many runs must also have seen
 * everything that they are for, else they prove little. The self-test puts in one fault
 * after the other and fails unless a checker notices each of them.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mip/log.h>

#include "sim.h"

/* A fault must be noticed within so many runs. */
#define SELF_TEST_RUNS 300

static const struct {
	const char *name;
	const char *help;
} faults[] = {
#define X(id, name, help) { name, help },
	SIM_FAULTS(X)
#undef X
};

/* With so many runs each of these must have happened. */
#define COVERAGE_RUNS 1000

static const enum mip_log_event must_log[] = {
	MIP_LOG_HOME_REG_NEW,	  MIP_LOG_HOME_REG_HANDOVER, MIP_LOG_HOME_REG_REFRESHED,
	MIP_LOG_HOME_REG_EXPIRED, MIP_LOG_HOME_REG_ADOPTED,  MIP_LOG_HOME_REG_DEREGISTERED,
	MIP_LOG_HOME_REG_REFUSED, MIP_LOG_DAD_DUPLICATE,     MIP_LOG_MN_MOVED,
	MIP_LOG_MN_REGISTERED,	  MIP_LOG_MN_RESYNC,	     MIP_LOG_MN_TIMEOUT,
	MIP_LOG_MN_AT_HOME,	  MIP_LOG_MN_ADOPTED,	     MIP_LOG_MN_REFUSED,
	MIP_LOG_MESSAGE_DROPPED,
};
static const uint8_t must_answer[] = {
	MIP_ST_ACCEPTED,   MIP_ST_INSUFFICIENT_RESOURCES, MIP_ST_NOT_HOME_AGENT,
	MIP_ST_DAD_FAILED, MIP_ST_SEQ_OUT_OF_WINDOW,	  MIP_ST_ID_MISMATCH,
	MIP_ST_AUTH_FAIL,
};

struct totals {
	uint64_t logged[_MIP_LOG_EVENT_MAX];
	uint64_t status[256];
	uint64_t excused;
	uint64_t events;
	uint64_t settle_usec;
	uint64_t settle_max_usec;
};

static bool run(uint64_t seed, enum sim_fault fault, FILE *trace, char *failure, size_t size,
		struct totals *totals)
{
	struct sim *sim = calloc(1, sizeof(*sim));
	bool ok;

	if (!sim)
		abort();
	sim->seed = seed;
	sim->fault = fault;
	sim->trace = trace;
	ok = sim_run(sim);
	snprintf(failure, size, "%s", sim->failure);
	for (unsigned int i = 0; i < _MIP_LOG_EVENT_MAX; i++)
		totals->logged[i] += sim->logged[i];
	for (unsigned int i = 0; i < 256; i++)
		totals->status[i] += sim->status[i];
	totals->excused += sim->excused;
	totals->events += sim->n_events;
	totals->settle_usec += sim->settle_usec;
	if (sim->settle_usec > totals->settle_max_usec)
		totals->settle_max_usec = sim->settle_usec;
	sim_done(sim);
	free(sim);
	return ok;
}

static bool covered(const struct totals *totals)
{
	bool all = true;

	for (size_t i = 0; i < sizeof(must_log) / sizeof(must_log[0]); i++) {
		if (totals->logged[must_log[i]] > 0)
			continue;
		printf("FAILED %s was never seen\n", mip_log_event_name(must_log[i]));
		all = false;
	}
	for (size_t i = 0; i < sizeof(must_answer); i++) {
		if (totals->status[must_answer[i]] > 0)
			continue;
		printf("FAILED status %u (%s) was never answered\n", must_answer[i],
		       mip_status_str(must_answer[i]));
		all = false;
	}
	return all;
}

static int self_test(uint64_t seed)
{
	struct totals totals = { 0 };
	char failure[512];
	int missed = 0;

	for (unsigned int fault = 1; fault < SIM_FAULT_COUNT; fault++) {
		unsigned int i = 0;

		while (i < SELF_TEST_RUNS && run(seed + i, (enum sim_fault)fault, NULL, failure,
						 sizeof(failure), &totals))
			i++;
		if (i < SELF_TEST_RUNS) {
			printf("%-13s noticed in run %u: %s\n", faults[fault].name, i + 1, failure);
		} else {
			printf("%-13s NOT NOTICED in %u runs (%s)\n", faults[fault].name, i,
			       faults[fault].help);
			missed++;
		}
	}
	return missed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int usage(FILE *out, int code)
{
	fprintf(out, "usage: sim [--seed N] [--runs N] [--fault NAME] [--verbose] | --self-test\n"
		     "faults:\n");
	for (unsigned int i = 1; i < SIM_FAULT_COUNT; i++)
		fprintf(out, "  %-13s %s\n", faults[i].name, faults[i].help);
	return code;
}

static bool number(const char *text, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(text, &end, 0);
	return errno == 0 && *text && !*end;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "runs", required_argument, NULL, 'n' },
		{ "fault", required_argument, NULL, 'f' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "self-test", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	enum sim_fault fault = SIM_FAULT_NONE;
	struct totals totals = { 0 };
	uint64_t seed = 1, runs = 1;
	bool verbose = false, testing = false;
	char failure[512];
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			if (!number(optarg, &seed))
				return usage(stderr, 2);
			break;
		case 'n':
			if (!number(optarg, &runs))
				return usage(stderr, 2);
			break;
		case 'f':
			while (fault < SIM_FAULT_COUNT && strcmp(faults[fault].name, optarg) != 0)
				fault++;
			if (fault == SIM_FAULT_COUNT)
				return usage(stderr, 2);
			break;
		case 'v':
			verbose = true;
			break;
		case 't':
			testing = true;
			break;
		case 'h':
			return usage(stdout, 0);
		default:
			return usage(stderr, 2);
		}
	}
	if (optind != argc)
		return usage(stderr, 2);
	if (testing)
		return self_test(seed);

	for (uint64_t i = 0; i < runs; i++) {
		if (run(seed + i, fault, verbose ? stdout : NULL, failure, sizeof(failure),
			&totals))
			continue;
		printf("FAILED seed %" PRIu64 " %s\n", seed + i, failure);
		printf("again: %s --seed %" PRIu64 "%s%s --verbose\n", argv[0], seed + i,
		       fault ? " --fault " : "", fault ? faults[fault].name : "");
		return EXIT_FAILURE;
	}
	if (runs >= COVERAGE_RUNS && !covered(&totals))
		return EXIT_FAILURE;
	printf("%" PRIu64 " runs from seed %" PRIu64 " passed: %" PRIu64
	       " events, settled after %.1f s on average, %.1f s at most\n",
	       runs, seed, totals.events,
	       (double)totals.settle_usec / 1e6 / (double)(runs ? runs : 1),
	       (double)totals.settle_max_usec / 1e6);
	printf("handovers %" PRIu64 ", de-registrations %" PRIu64 ", adopted %" PRIu64
	       ", refused 134: %" PRIu64 ", 135: %" PRIu64 ", 144: %" PRIu64 ", 146: %" PRIu64
	       ", replays that cannot be told %" PRIu64 "\n",
	       totals.logged[MIP_LOG_HOME_REG_HANDOVER],
	       totals.logged[MIP_LOG_HOME_REG_DEREGISTERED],
	       totals.logged[MIP_LOG_HOME_REG_ADOPTED], totals.status[MIP_ST_DAD_FAILED],
	       totals.status[MIP_ST_SEQ_OUT_OF_WINDOW], totals.status[MIP_ST_ID_MISMATCH],
	       totals.status[MIP_ST_AUTH_FAIL], totals.excused);
	return EXIT_SUCCESS;
}
