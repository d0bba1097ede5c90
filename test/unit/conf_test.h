/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of src/conf share: looking for a problem in a report. */
#ifndef CONF_TEST_H
#define CONF_TEST_H

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "conf/conf.h"

static inline struct in6_addr addr(const char *text)
{
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		fail_msg("'%s' is not an address", text);
	return a;
}

/* A problem at this line whose text has this in it. */
static inline void expect_problem(const struct conf_report *report, unsigned int line,
				  const char *text)
{
	for (unsigned int i = 0; i < report->n_problem; i++)
		if (report->problem[i].line == line && strstr(report->problem[i].text, text))
			return;
	conf_report_print(report, stderr);
	fail_msg("no problem at line %u with '%s'", line, text);
}

static inline void expect_count(const struct conf_report *report, unsigned int n)
{
	if (report->n_problem == n)
		return;
	conf_report_print(report, stderr);
	fail_msg("%u problems, expected %u", report->n_problem, n);
}

#endif /* CONF_TEST_H */
