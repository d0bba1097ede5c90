// SPDX-License-Identifier: GPL-2.0-or-later
#include "log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The caller's line is not here but in the event word. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "clock.h"

#define LINE_MAX_OCTETS 1024
#define WORDS		64 /* more event words than there are; a collision only shares a limit */

static const char *program = "shisa";
static bool debugging, journal;

static struct {
	uint64_t second;
	unsigned int count;
	unsigned int left_out;
} limits[WORDS];

/* systemd.exec(5): $JOURNAL_STREAM names the device and inode that standard error should have. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	uintmax_t dev, ino;
	struct stat st;

	return stream && sscanf(stream, "%ju:%ju", &dev, &ino) == 2 &&
	       fstat(STDERR_FILENO, &st) == 0 && st.st_dev == dev && st.st_ino == ino;
}

void log_open(const char *name, bool debug)
{
	program = name;
	debugging = debug;
	journal = stderr_is_journal();
}

static void write_line(int priority, const char *event, const char *line)
{
	const char *gap = *event && *line ? " " : "";
	struct timespec now;
	struct tm tm;
	char stamp[32];

	if (journal &&
	    sd_journal_send("MESSAGE=%s%s%s", event, gap, line, "PRIORITY=%i", priority,
			    "SYSLOG_IDENTIFIER=%s", program, "SHISA_EVENT=%s", event, NULL) == 0)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(stamp, sizeof(stamp), "%H:%M:%S", &tm);
	fprintf(stderr, "%s.%03ld %s: %s%s%s%s\n", stamp, now.tv_nsec / 1000000, program,
		priority <= 3 ? "error: " :
		priority == 4 ? "warning: " :
				"",
		event, gap, line);
}

/* May a line with this word be written now? Tells of those left out in an earlier second. */
static bool within_limit(const char *event)
{
	uint64_t second = clock_usec() / MIP_USEC_PER_SEC;
	unsigned int hash = 5381;
	char text[80];

	for (const char *p = event; *p; p++)
		hash = hash * 33 + (unsigned char)*p;
	hash %= WORDS;
	if (limits[hash].second != second) {
		if (limits[hash].left_out) {
			snprintf(text, sizeof(text), "event=%s lines=%u", event,
				 limits[hash].left_out);
			write_line(4, "SUPPRESSED", text);
		}
		limits[hash].second = second;
		limits[hash].count = 0;
		limits[hash].left_out = 0;
	}
	if (++limits[hash].count <= LOG_BURST)
		return true;
	limits[hash].left_out++;
	return false;
}

bool log_wanted(int priority)
{
	return priority < 7 || debugging;
}

void log_event(int priority, const char *event, const char *format, ...)
{
	char line[LINE_MAX_OCTETS];
	va_list ap;

	if (!log_wanted(priority) || !within_limit(event))
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	write_line(priority, event, line);
}
