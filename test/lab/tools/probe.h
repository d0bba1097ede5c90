/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAB_PROBE_H
#define LAB_PROBE_H

#include <stdbool.h>

/*
 * Prints silences and losses of a lab-probe log to standard output, per window of the marks file
 * (NULL: one window, the whole log), as text or as one JSON object. Returns the exit status: 0, or
 * 1 if the log holds no arrival. Exits with a message if a file cannot be read or understood.
 */
int probe_report(const char *log_path, const char *marks_path, bool json);

#endif
