/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of the configuration: text in, one typed object out.
 *
 * Every parser returns 0 and writes *dest, or returns -EINVAL, leaves *dest
 * alone and writes into why what is wrong and, after "; ", what to do. No
 * state, no allocation.
 */
#ifndef SHISA_CONF_VALUE_H
#define SHISA_CONF_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mip/binding.h>

#define CONF_WHY_MAX 320

struct conf_word;

/* dest is of the type that stands behind the parser. */
typedef int (*conf_value_fn)(const struct conf_word *word, const char *value, void *dest,
			     char why[CONF_WHY_MAX]);

/* A key of a section: its name, how its value is read, and where it goes. */
struct conf_word {
	const char *name;
	conf_value_fn parse;
	size_t offset; /* in the object of the section */
	uint64_t min;
	uint64_t max;
	const char *const *choices; /* conf_value_choice: ends with NULL */
};

int conf_value_bool(const struct conf_word *word, const char *value, void *dest,
		    char why[CONF_WHY_MAX]); /* bool */
int conf_value_choice(const struct conf_word *word, const char *value, void *dest,
		      char why[CONF_WHY_MAX]); /* int: an enum, min for the first choice */
int conf_value_uint(const struct conf_word *word, const char *value, void *dest,
		    char why[CONF_WHY_MAX]); /* uint32_t within min, max */
int conf_value_duration(const struct conf_word *word, const char *value, void *dest,
			char why[CONF_WHY_MAX]); /* uint64_t, microseconds within min, max */
int conf_value_address(const struct conf_word *word, const char *value, void *dest,
		       char why[CONF_WHY_MAX]); /* struct in6_addr, unicast routable */
int conf_value_prefix(const struct conf_word *word, const char *value, void *dest,
		      char why[CONF_WHY_MAX]); /* struct mip_prefix, host bits zero */
/* struct mip_prefix: an address with the length of its prefix, at most 127 */
int conf_value_interface_address(const struct conf_word *word, const char *value, void *dest,
				 char why[CONF_WHY_MAX]);
int conf_value_interface(const struct conf_word *word, const char *value, void *dest,
			 char why[CONF_WHY_MAX]); /* char[IFNAMSIZ] */
int conf_value_path(const struct conf_word *word, const char *value, void *dest,
		    char why[CONF_WHY_MAX]); /* char[PATH_MAX], absolute */
int conf_value_nai(const struct conf_word *word, const char *value, void *dest,
		   char why[CONF_WHY_MAX]); /* char[MIP_NAI_MAX + 1] */

/* Numbers as they stand everywhere: decimal or 0x..., nothing around them. -EINVAL, -ERANGE. */
int conf_parse_u64(const char *text, uint64_t *ret);

/* Clears the bits behind the prefix. True when one of them was set. */
bool conf_prefix_mask(struct mip_prefix *prefix);

/* Whether it may name a network interface. */
bool conf_interface_name_ok(const char *name);

/* A Network Access Identifier (RFC 4282 section 2.1), in shape only. */
bool conf_nai_ok(const char *nai);

/* Hostile text made printable, in quotes, shortened to fit. Returns buf. */
const char *conf_quote(const char *text, char *buf, size_t size);
#define CONF_QUOTE_MAX 80

/*
 * The candidate that word was probably meant to be, or NULL: at most two
 * letters wrong, missing, added or swapped (one in words of up to four).
 */
const char *conf_suggest(const char *word, const char *const *candidates, size_t n);

#endif /* SHISA_CONF_VALUE_H */
