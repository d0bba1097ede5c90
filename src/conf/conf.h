/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration of had, mnd and babymdd.
 *
 * Each program reads /etc/shisa/NAME.conf and then /etc/shisa/NAME.conf.d/ *.conf
 * in the order of their names; a later word replaces an earlier one. The files
 * have sections, keys and values ("[section]", "key = value", "#" begins a
 * comment line). The same words mean the same thing in all of them; man pages
 * had(8), mnd(8) and babymdd(8) list them.
 *
 * The parsers work on memory and never stop at the first problem: every one
 * is reported with file, line, reason and what to do. Nothing here logs.
 *
 * Units: lifetimes and other times in microseconds (_usec). Numbers are in
 * host byte order, addresses in network byte order.
 */
#ifndef SHISA_CONF_H
#define SHISA_CONF_H

#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mip-build.h"

#include <mip/binding.h>
#include <mip/keys.h>
#include <mip/limits.h>

#define CONF_DIR	       MIP_SYSCONFDIR
#define CONF_FILE_MAX	       65536 /* octets of one configuration file */
#define CONF_DROPINS_MAX       64
#define CONF_PROBLEMS_MAX      100 /* kept in a report; more are only counted */
#define CONF_NAME_MAX	       32 /* octets of a section's own name, with the final 0 */
#define CONF_HOME_LINKS_MAX    16
#define CONF_MD_INTERFACES_MAX 32

/* Routes and rules that we add carry these unless the file says otherwise. */
#define CONF_TABLE_DEFAULT    6275
#define CONF_PRIORITY_DEFAULT 6275

/*
 * What was found wrong. The strings belong to the report.
 */
struct conf_problem {
	char *file;
	unsigned int line; /* from 1; 0: the file as a whole */
	char *text; /* the reason, and after "; " what to do about it */
};

struct conf_report {
	struct conf_problem problem[CONF_PROBLEMS_MAX];
	unsigned int n_problem;
	unsigned int n_dropped; /* more than fit */
};

/* Notes a problem. Never fails: without memory the problem is still counted in n_dropped. */
void conf_report_add(struct conf_report *report, const char *file, unsigned int line,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Writes every problem as "file:line: reason; what to do", one a line. */
void conf_report_print(const struct conf_report *report, FILE *out);
static inline bool conf_report_ok(const struct conf_report *report)
{
	return report->n_problem == 0 && report->n_dropped == 0;
}
/* Frees what the report holds and empties it. */
void conf_report_done(struct conf_report *report);

/* [security], the same in had and mnd */
struct conf_security {
	char keys[PATH_MAX]; /* keys = PATH; $CREDENTIALS_DIRECTORY/keys is taken before it */
	enum mip_replay replay; /* replay = timestamp | sequence; a key may have its own */
	uint64_t timestamp_tolerance_usec; /* timestamp-tolerance = DURATION */
	bool allow_unprotected; /* allow-unprotected = yes: for a lab only, warn at every start */
};

/* [kernel] */
struct conf_kernel {
	char device[IFNAMSIZ]; /* device = NAME of the `mip` device */
	uint32_t table; /* table = NUMBER of the routing table, mnd only */
	uint32_t priority; /* priority = NUMBER of the rule, mnd only */
};

/*
 * Duplicate address detection for a new home address: none; before the binding
 * is used (RFC 6275 section 10.3.1 to the letter); or beside it, the Binding
 * Acknowledgement alone waits.
 */
enum conf_dad {
	CONF_DAD_NO,
	CONF_DAD_YES,
	CONF_DAD_OPTIMISTIC,
};

/* [home-link NAME]: a link on which we are home agent. */
struct had_conf_link {
	char name[CONF_NAME_MAX]; /* "" for a plain [home-link] */
	bool is_virtual; /* virtual = yes: no link, the prefix is routed to us */
	char interface[IFNAMSIZ]; /* interface = NAME; "" when virtual */
	struct mip_prefix prefix; /* prefix = the home prefix, host bits zero */
	struct in6_addr address; /* address = of the home agent */
	enum conf_dad dad; /* dad = no|yes|optimistic; CONF_DAD_NO when virtual */
	unsigned int na_repeat; /* advertisements = how many on registration, 1..5 */
};

struct had_conf {
	unsigned int n_home_link;
	struct had_conf_link home_link[CONF_HOME_LINKS_MAX];
	uint64_t max_lifetime_usec; /* [registration] max-lifetime, granted at most, 4 s .. 65535 units */
	uint32_t max_bindings; /* [registration] max-bindings */
	uint64_t refresh_advice_usec; /* [registration] refresh-advice, 0: none (RFC 6275 section 6.2.4) */
	struct conf_security security;
	struct conf_kernel kernel;
};

/* [home NAME]: a home address and its home agent. */
struct mnd_conf_home {
	char name[CONF_NAME_MAX];
	struct in6_addr hoa; /* home-address = ADDRESS/LENGTH */
	uint8_t hoa_plen; /* length of the home prefix */
	struct in6_addr home_agent;
	uint64_t lifetime_usec; /* lifetime = asked for */
	uint32_t spi; /* spi = of the key; 0: the only one for this home address */
	char nai[MIP_NAI_MAX + 1]; /* nai = identity sent; "": that of the key */
};

struct mnd_conf {
	unsigned int n_home;
	struct mnd_conf_home home[MIP_HOA_PER_MN_MAX];
	struct conf_security security;
	struct conf_kernel kernel;
};

/* [interface NAME], and [interface *] for all that have no section of their own */
struct babymdd_conf_interface {
	char name[IFNAMSIZ]; /* "*": the others */
	uint32_t preference; /* preference = 0..1000, the higher one is used */
	bool ignore; /* ignore = yes: leave it alone */
};

struct babymdd_conf {
	unsigned int n_interface;
	struct babymdd_conf_interface interface[CONF_MD_INTERFACES_MAX];
	uint64_t hysteresis_usec; /* [detector] hysteresis: a better interface must last this long */
	bool set_sysctls; /* [detector] set-sysctls = yes|no: optimistic_dad, use_optimistic,
			     keep_addr_on_down of the interfaces that it manages */
};

/*
 * Read FILE and its drop-ins into *ret. A file that does not exist is a
 * problem for had and mnd, and means the default values for babymdd.
 * Return 0, or -EINVAL when the report has problems; *ret is then not touched.
 * The report must be empty ({}) at first and is freed by conf_report_done().
 */
int conf_load_had(const char *file, struct had_conf *ret, struct conf_report *report);
int conf_load_mnd(const char *file, struct mnd_conf *ret, struct conf_report *report);
int conf_load_babymdd(const char *file, struct babymdd_conf *ret, struct conf_report *report);

/* The same from memory, without drop-ins; name is for the report. */
int conf_parse_had(const char *name, const char *text, size_t len, struct had_conf *ret,
		   struct conf_report *report);
int conf_parse_mnd(const char *name, const char *text, size_t len, struct mnd_conf *ret,
		   struct conf_report *report);
int conf_parse_babymdd(const char *name, const char *text, size_t len, struct babymdd_conf *ret,
		       struct conf_report *report);

/*
 * The settings for an interface: its own section, that of "*", or the default
 * (preference 100). Never fails.
 */
struct babymdd_conf_interface babymdd_conf_find(const struct babymdd_conf *conf, const char *name);

#endif /* SHISA_CONF_H */
