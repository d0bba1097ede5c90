/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemons' log: to the journal with fields when standard error is the
 * journal's, else to standard error with the time. Libraries do not log; only
 * the daemons call this.
 *
 * Lines begin with a stable event word. More than LOG_BURST lines with the
 * same word in a second are counted and left out, and the number is told when
 * the second is over: nobody can fill the disk by sending packets.
 */
#ifndef MIP_IO_LOG_H
#define MIP_IO_LOG_H

#include <stdbool.h>

#define LOG_BURST 100

/* name must last; debug: lines of level debug too. */
void log_open(const char *name, bool debug);

/* False: log_event() would leave it out, so there is no need to make the text. */
bool log_wanted(int priority);

/* priority as in syslog(3), 3 (error) to 7 (debug). event: the word, "" for none. */
void log_event(int priority, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define log_error(event, ...)	log_event(3, event, __VA_ARGS__)
#define log_warning(event, ...) log_event(4, event, __VA_ARGS__)
#define log_notice(event, ...)	log_event(5, event, __VA_ARGS__)
#define log_info(event, ...)	log_event(6, event, __VA_ARGS__)
#define log_debug(event, ...)	log_event(7, event, __VA_ARGS__)

#endif /* MIP_IO_LOG_H */
