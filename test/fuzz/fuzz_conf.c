// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any octets as a configuration of each program: it is taken or every problem
 * has a text and a line of the file; what is taken keeps its limits.
 */
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int r, struct conf_report *report, const uint8_t *data, size_t size)
{
	unsigned int lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	if ((r == 0) != conf_report_ok(report))
		abort();
	for (unsigned int i = 0; i < report->n_problem; i++) {
		const struct conf_problem *p = &report->problem[i];

		if (p->line > lines || !*p->text)
			abort();
		for (const char *c = p->text; *c; c++)
			if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
				abort();
	}
	conf_report_done(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conf_report report;
	const char *text = (const char *)data;
	struct babymdd_conf md;
	struct had_conf had;
	struct mnd_conf mnd;
	int r;

	r = conf_parse_had("f", text, size, &had, &report);
	if (r == 0 && (had.n_home_link < 1 || had.n_home_link > CONF_HOME_LINKS_MAX))
		abort();
	check(r, &report, data, size);
	r = conf_parse_mnd("f", text, size, &mnd, &report);
	if (r == 0 && (mnd.n_home < 1 || mnd.n_home > MIP_HOA_PER_MN_MAX))
		abort();
	check(r, &report, data, size);
	r = conf_parse_babymdd("f", text, size, &md, &report);
	if (r == 0 && md.n_interface > CONF_MD_INTERFACES_MAX)
		abort();
	check(r, &report, data, size);
	return 0;
}
