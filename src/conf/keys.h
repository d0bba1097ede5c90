/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The key file: mobility security associations (RFC 4285 section 5.1), one a
 * line, readable by its owner alone:
 *
 *   # NAI (or -)       HOME-ADDRESS[/LEN]  SPI   KEY                  [replay=timestamp|sequence]
 *   mn1@example.com    2001:db8:1::100     256   hex:00112233...
 *   -                  2001:db8:1::200     0x101 base64:AAEC...       replay=sequence
 *
 * A key is for one home address, or with a NAI for every home address of a
 * prefix. It has 16 to 64 octets (MIP_KEY_MIN, MIP_KEY_MAX), in hexadecimal
 * or in base64. SPIs 0 to 255 are reserved (RFC 4285 section 5).
 *
 * Key octets never get into a report: since a field may stand where another
 * belongs, nothing of a line is quoted. Every buffer that held keys is wiped
 * before it is given back.
 */
#ifndef SHISA_CONF_KEYS_H
#define SHISA_CONF_KEYS_H

#include <mip/keys.h>

#include "conf.h"

#define CONF_KEYS_FILE_MAX   (64u * 1024 * 1024) /* octets */
#define CONF_KEYS_MAX	     200000
#define CONF_KEYS_LINE_MAX   1024 /* octets */
#define CONF_KEYS_CREDENTIAL "keys" /* name in $CREDENTIALS_DIRECTORY */

struct conf_keys {
	struct mip_keys *table; /* owns the keys; a home agent's role works on it */
	size_t n;
	const struct mip_key **key; /* those in table, in the order of the file */
};

/*
 * Reads a key file. $CREDENTIALS_DIRECTORY/keys is read instead where it
 * exists (systemd's LoadCredential=), so that the daemon need not be root.
 * A file that is not there, or holds no key, is a problem when must_exist is
 * set. Other problems: unreadable, not a regular file, owned by
 * neither root nor ourselves, open to group or others (all of that of what a
 * symbolic link points to), too big, and what conf_keys_parse() finds.
 * Return 0, or -EINVAL with *ret untouched.
 */
int conf_keys_load(const char *file, bool must_exist, struct conf_keys *ret,
		   struct conf_report *report);

/*
 * The same from memory. Two lines for the same SPI and home address, or the
 * same SPI and NAI, are a problem that names both. Return 0, or -EINVAL with
 * *ret untouched. The caller wipes text.
 */
int conf_keys_parse(const char *name, const char *text, size_t len, struct conf_keys *ret,
		    struct conf_report *report);

/* Wipes and frees what it holds, and empties it. */
void conf_keys_done(struct conf_keys *keys);

/*
 * The key of a home address of mnd. spi 0 and nai "" leave that open, and a
 * key without a NAI goes with any; there must be one candidate, where a key
 * for the very address goes before those for a prefix. NULL when there is none
 * (*ret_candidates 0) or several.
 */
const struct mip_key *conf_keys_find(const struct conf_keys *keys, const struct in6_addr *hoa,
				     uint32_t spi, const char *nai, size_t *ret_candidates);

#endif /* SHISA_CONF_KEYS_H */
