// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was found wrong, kept until somebody prints it.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

void conf_report_add(struct conf_report *report, const char *file, unsigned int line,
		     const char *format, ...)
{
	struct conf_problem problem = { .line = line };
	va_list ap;
	int r;

	if (report->n_problem == CONF_PROBLEMS_MAX) {
		report->n_dropped++;
		return;
	}
	va_start(ap, format);
	r = vasprintf(&problem.text, format, ap);
	va_end(ap);
	if (r < 0) {
		report->n_dropped++;
		return;
	}
	problem.file = strdup(file);
	if (!problem.file) {
		free(problem.text);
		report->n_dropped++;
		return;
	}
	report->problem[report->n_problem++] = problem;
}

void conf_report_print(const struct conf_report *report, FILE *out)
{
	for (unsigned int i = 0; i < report->n_problem; i++) {
		const struct conf_problem *p = &report->problem[i];

		if (p->line)
			fprintf(out, "%s:%u: %s\n", p->file, p->line, p->text);
		else
			fprintf(out, "%s: %s\n", p->file, p->text);
	}
	if (report->n_dropped)
		fprintf(out, "and %u more\n", report->n_dropped);
}

void conf_report_done(struct conf_report *report)
{
	for (unsigned int i = 0; i < report->n_problem; i++) {
		free(report->problem[i].file);
		free(report->problem[i].text);
	}
	report->n_problem = 0;
	report->n_dropped = 0;
}
