// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any octets as a key file. Every key that is taken is found again, and no run
 * of digits of the file gets into the problems.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "conf/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A run of ten hexadecimal digits that stands in the file and in a problem would be a key's. */
static void check_secrecy(const char *text, const uint8_t *data, size_t size)
{
	enum { RUN = 10 };
	size_t len = strlen(text);

	for (size_t i = 0; i + RUN <= len; i++) {
		size_t n = 0;

		while (n < RUN && isxdigit((unsigned char)text[i + n]))
			n++;
		if (n == RUN && memmem(data, size, text + i, RUN) &&
		    strncmp(text + i, "4294967295", RUN))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conf_report report;
	struct conf_keys keys;
	size_t n;

	if (conf_keys_parse("f", (const char *)data, size, &keys, &report) < 0) {
		if (conf_report_ok(&report))
			abort();
		for (unsigned int i = 0; i < report.n_problem; i++)
			check_secrecy(report.problem[i].text, data, size);
		conf_report_done(&report);
		return 0;
	}
	for (size_t i = 0; i < keys.n; i++) {
		const struct mip_key *k = keys.key[i];

		if (k->key_len < MIP_KEY_MIN || k->key_len > MIP_KEY_MAX || k->spi < MIP_SPI_MIN)
			abort();
		if (mip_keys_find(keys.table, k->spi, &k->hoa, k->nai, k->nai_len) != k)
			abort();
		conf_keys_find(&keys, &k->hoa, k->spi, "", &n);
		if (n == 0)
			abort();
	}
	conf_keys_done(&keys);
	return 0;
}
