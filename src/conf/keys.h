/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The key file: mobility security associations (RFC 4285 section 3), one a
 * line, readable by its owner alone:
 *
 *   # NAI (or -)       HOME-ADDRESS[/LEN]  SPI   KEY                  [replay=timestamp|sequence]
 *   mn1@example.com    2001:db8:1::100     256   hex:00112233...
 *   -                  2001:db8:1::200     0x101 base64:AAEC...       replay=sequence
 *
 * A key is for one home address, or for every home address of a prefix. It
 * has 16 to 64 octets (MIP_KEY_MIN, MIP_KEY_MAX). SPIs 0 to 255 are reserved
 * (RFC 4285 section 5). Without "hex:" or "base64:" a key is hexadecimal.
 *
 * Key octets never get into a report, and every buffer that held them is
 * wiped before it is given back.
 */
#ifndef SHISA_CONF_KEYS_H
#define SHISA_CONF_KEYS_H

#include "conf.h"

#define CONF_KEYS_FILE_MAX (64u * 1024 * 1024) /* octets */
#define CONF_KEYS_MAX	   200000
#define CONF_SPI_MIN	   256

struct conf_key {
	char *nai; /* NULL: none */
	struct mip_prefix hoa; /* plen 128: this home address alone */
	uint32_t spi;
	bool has_replay;
	enum conf_replay replay;
	uint8_t key_len;
	uint8_t key[MIP_KEY_MAX];
	unsigned int line;
};

struct conf_keys {
	size_t n;
	struct conf_key *key; /* in the order of the file */
};

/*
 * Reads a key file. $CREDENTIALS_DIRECTORY/keys, where it exists, is read
 * instead (systemd's LoadCredential=), so that the daemon need not be root.
 * Problems in the report: missing, unreadable, not a regular file, owned by
 * neither root nor ourselves, open to group or others, too big, and all that
 * conf_keys_parse() finds. Return 0, or -EINVAL with *ret untouched.
 */
int conf_keys_load(const char *file, struct conf_keys *ret, struct conf_report *report);

/*
 * The same from memory. Two lines with the same SPI and home address, or the
 * same SPI and NAI, are a problem that names both. Return 0, or -EINVAL with
 * *ret untouched. The caller wipes text.
 */
int conf_keys_parse(const char *name, const char *text, size_t len, struct conf_keys *ret,
		    struct conf_report *report);

/* Wipes and frees what it holds, and empties it. */
void conf_keys_done(struct conf_keys *keys);

/*
 * The key of a home address of mnd: with the spi if that is not 0, else the
 * only one for that address (an entry for the address itself goes before one
 * for a prefix). NULL when there is none, or several and no spi tells them
 * apart; *ret_ambiguous says which.
 */
const struct conf_key *conf_keys_find(const struct conf_keys *keys, const struct in6_addr *hoa,
				      uint32_t spi, bool *ret_ambiguous);

#endif /* SHISA_CONF_KEYS_H */
