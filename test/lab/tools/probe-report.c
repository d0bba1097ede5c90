// SPDX-License-Identifier: GPL-2.0-or-later
/* lab-probe report: from a log of arrivals to the gap and the losses of each window. */
#include "probe.h"
#include "util.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PACKETS (UINT64_C(1) << 22)
#define MAX_WINDOWS 1024

struct arrival {
	uint64_t seq, sent, arrived;
};

struct window {
	uint64_t start; /* monotonic; the window ends where the next one begins */
	char label[64];
	uint64_t gap, gap_from, gap_until, lost, received;
};

struct report {
	uint64_t interval, offset, sent, duplicates, lost, count;
	struct arrival *arrivals;
	struct window *windows;
	size_t window_count;
};

static void read_log(struct report *r, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[256];
	uint64_t room = 0, number = 0;

	if (!file)
		lab_die(errno, "%s", path);
	while (fgets(line, sizeof(line), file)) {
		struct arrival a;

		number++;
		if (sscanf(line, "# lab-probe interval_usec %" SCNu64 " offset_usec %" SCNu64,
			   &r->interval, &r->offset) == 2 ||
		    sscanf(line, "# sent %" SCNu64, &r->sent) == 1)
			continue;
		if (sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNu64, &a.seq, &a.sent, &a.arrived) !=
		    3) {
			/* a sender that was killed may leave half a line at the end */
			if (!strchr(line, '\n'))
				break;
			lab_die(0, "%s:%" PRIu64 ": not a line of a lab-probe log", path, number);
		}
		if (a.seq >= MAX_PACKETS || r->count >= 2 * MAX_PACKETS)
			lab_die(0, "%s: more packets than a report can hold", path);
		if (r->count == room) {
			room = room ? room * 2 : 4096;
			r->arrivals = reallocarray(r->arrivals, room, sizeof(*r->arrivals));
			if (!r->arrivals)
				lab_die(errno, "%s", path);
		}
		r->arrivals[r->count++] = a;
	}
	fclose(file);
	if (!r->interval)
		lab_die(0, "%s is not a log of lab-probe", path);
}

static void read_marks(struct report *r, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[256];

	if (!file)
		lab_die(errno, "%s", path);
	while (fgets(line, sizeof(line), file)) {
		struct window *w = &r->windows[r->window_count];
		uint64_t when;

		if (r->window_count == MAX_WINDOWS)
			lab_die(0, "%s: more than %d marks", path, MAX_WINDOWS);
		if (sscanf(line, "%" SCNu64 " %63[^\n]", &when, w->label) != 2 || when < r->offset)
			lab_die(0, "%s: '%s' is not TIME LABEL", path, line);
		w->start = when - r->offset;
		if (r->window_count && w->start < w[-1].start)
			lab_die(0, "%s: the marks are not in order of time", path);
		r->window_count++;
	}
	fclose(file);
}

/* The window that holds a moment, or NULL before the first mark. */
static struct window *window_at(const struct report *r, uint64_t when)
{
	struct window *found = NULL;

	for (size_t i = 0; i < r->window_count && r->windows[i].start <= when; i++)
		found = &r->windows[i];
	return found;
}

static void count_silences(const struct report *r)
{
	for (uint64_t i = 0; i < r->count; i++) {
		const uint64_t until = r->arrivals[i].arrived;
		struct window *w = window_at(r, until);

		if (!w)
			continue;
		w->received++;
		if (i && until - r->arrivals[i - 1].arrived > w->gap) {
			w->gap_from = r->arrivals[i - 1].arrived;
			w->gap_until = until;
			w->gap = until - w->gap_from;
		}
	}
}

static int by_seq(const void *left, const void *right)
{
	const struct arrival *a = left, *b = right;

	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static void lose(struct report *r, uint64_t when)
{
	struct window *w = window_at(r, when);

	r->lost++;
	if (w)
		w->lost++;
}

/* A packet that never arrived was sent one interval after the one before it. */
static void count_losses(struct report *r)
{
	uint64_t expected = 0, sent = 0;

	qsort(r->arrivals, r->count, sizeof(*r->arrivals), by_seq);
	if (r->count)
		sent = r->arrivals[0].sent - r->arrivals[0].seq * r->interval - r->interval;
	for (uint64_t i = 0; i < r->count; i++) {
		const struct arrival *a = &r->arrivals[i];

		if (a->seq < expected) {
			r->duplicates++;
			continue;
		}
		for (; expected < a->seq; expected++) {
			sent += r->interval;
			/* never after its successor, though the sender may have been slow */
			lose(r, sent < a->sent ? sent : a->sent);
		}
		expected = a->seq + 1;
		sent = a->sent;
	}
	for (; expected < r->sent; expected++) {
		sent += r->interval;
		lose(r, sent);
	}
	if (r->sent < expected)
		r->sent = expected; /* no footer: as many as are known */
}

static void print_string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if ((unsigned char)*text < ' ')
			printf("\\u%04x", (unsigned int)(unsigned char)*text);
		else
			putchar(*text);
	}
	putchar('"');
}

static double msec(uint64_t usec)
{
	return (double)usec / 1000;
}

static void print_json(const struct report *r)
{
	printf("{\"interval_ms\":%.3f,\"sent\":%" PRIu64 ",\"received\":%" PRIu64
	       ",\"lost\":%" PRIu64 ",\"duplicates\":%" PRIu64 ",\"windows\":[",
	       msec(r->interval), r->sent, r->count, r->lost, r->duplicates);
	for (size_t i = 0; i < r->window_count; i++) {
		const struct window *w = &r->windows[i];

		printf("%s{\"label\":", i ? "," : "");
		print_string(w->label);
		printf(",\"start_usec\":%" PRIu64 ",\"gap_ms\":%.3f,\"gap_from_usec\":%" PRIu64
		       ",\"gap_until_usec\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"received\":%" PRIu64
		       "}",
		       w->start + r->offset, msec(w->gap), w->gap ? w->gap_from + r->offset : 0,
		       w->gap ? w->gap_until + r->offset : 0, w->lost, w->received);
	}
	puts("]}");
}

static void print_text(const struct report *r)
{
	printf("sent %" PRIu64 ", received %" PRIu64 ", lost %" PRIu64 ", duplicates %" PRIu64
	       ", one every %.3f ms\n",
	       r->sent, r->count, r->lost, r->duplicates, msec(r->interval));
	for (size_t i = 0; i < r->window_count; i++) {
		const struct window *w = &r->windows[i];

		printf("%-32s longest silence %9.3f ms, lost %" PRIu64 ", received %" PRIu64 "\n",
		       w->label, msec(w->gap), w->lost, w->received);
	}
}

int probe_report(const char *log_path, const char *marks_path, bool json)
{
	struct report r = { 0 };
	int status;

	r.windows = calloc(MAX_WINDOWS, sizeof(*r.windows));
	if (!r.windows)
		lab_die(errno, "windows");
	read_log(&r, log_path);
	if (marks_path) {
		read_marks(&r, marks_path);
	} else {
		strcpy(r.windows[0].label, "all");
		r.window_count = 1;
		r.windows[0].start = r.count ? r.arrivals[0].arrived : 0;
	}
	count_silences(&r);
	count_losses(&r);
	if (json)
		print_json(&r);
	else
		print_text(&r);
	status = r.count ? 0 : 1;
	free(r.arrivals);
	free(r.windows);
	return status;
}
