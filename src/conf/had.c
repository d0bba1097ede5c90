// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * had.conf: home links, limits of a registration, protection.
 */
#include <errno.h>
#include <string.h>

#include <mip/time.h>
#include <mip/wire.h>

#include "schema.h"

/* What the 16 bits of a lifetime on the wire can say (RFC 6275 section 6.1.7). */
#define LIFETIME_MIN_USEC MIP_USEC_PER_LIFETIME_UNIT
#define LIFETIME_MAX_USEC (UINT16_MAX * MIP_USEC_PER_LIFETIME_UNIT)

#define LINK(member) offsetof(struct had_conf_link, member)

static const char *const dad_choices[] = {
	[CONF_DAD_NO] = "no",
	[CONF_DAD_YES] = "yes",
	[CONF_DAD_OPTIMISTIC] = "optimistic",
	NULL,
};

_Static_assert(sizeof(enum conf_dad) == sizeof(int), "conf_value_choice writes an int");

static const struct conf_word link_words[] = {
	{ .name = "interface", .parse = conf_value_interface, .offset = LINK(interface) },
	{ .name = "virtual", .parse = conf_value_bool, .offset = LINK(is_virtual) },
	{ .name = "prefix", .parse = conf_value_prefix, .offset = LINK(prefix) },
	{ .name = "address", .parse = conf_value_address, .offset = LINK(address) },
	{ .name = "dad", .parse = conf_value_choice, .offset = LINK(dad), .choices = dad_choices },
	{ .name = "advertisements",
	  .parse = conf_value_uint,
	  .offset = LINK(na_repeat),
	  .min = 1,
	  .max = 5 },
	{ 0 },
};

static const struct conf_word registration_words[] = {
	{ .name = "max-lifetime",
	  .parse = conf_value_duration,
	  .offset = offsetof(struct had_conf, max_lifetime_usec),
	  .min = LIFETIME_MIN_USEC,
	  .max = LIFETIME_MAX_USEC },
	{ .name = "max-bindings",
	  .parse = conf_value_uint,
	  .offset = offsetof(struct had_conf, max_bindings),
	  .min = 1,
	  .max = MIP_BINDINGS_MAX },
	{ .name = "refresh-advice",
	  .parse = conf_value_duration,
	  .offset = offsetof(struct had_conf, refresh_advice_usec),
	  .min = 0,
	  .max = LIFETIME_MAX_USEC },
	{ 0 },
};

static const struct conf_word kernel_words[] = {
	{ .name = "device",
	  .parse = conf_value_interface,
	  .offset = offsetof(struct conf_kernel, device) },
	{ 0 },
};

static void *link_object(void *conf, const char *name, char why[CONF_WHY_MAX])
{
	struct had_conf *had = conf;
	unsigned int n = had->n_home_link;
	struct had_conf_link *link = conf_named_object(had->home_link, &had->n_home_link,
						       CONF_HOME_LINKS_MAX, sizeof(*link),
						       "home-link", name, why);

	if (had->n_home_link != n) {
		link->dad = CONF_DAD_OPTIMISTIC;
		link->na_repeat = 1;
	}
	return link;
}

static const struct conf_section sections[] = {
	{ .name = "home-link",
	  .naming = CONF_SECTION_MAY_BE_NAMED,
	  .words = link_words,
	  .object = link_object },
	{ .name = "registration", .words = registration_words },
	{ .name = "security",
	  .words = conf_security_words,
	  .offset = offsetof(struct had_conf, security) },
	{ .name = "kernel", .words = kernel_words, .offset = offsetof(struct had_conf, kernel) },
	{ 0 },
};

static void check_link(struct conf_reader *reader, struct had_conf_link *link)
{
	bool address = conf_reader_good(reader, link, "address");
	bool prefix = conf_reader_good(reader, link, "prefix");

	if (link->is_virtual && conf_reader_given(reader, link, "interface"))
		conf_reader_problem(
			reader, link, "interface",
			"a virtual home link has no interface; remove this line or virtual = yes");
	if (!link->is_virtual && !conf_reader_given(reader, link, "interface") &&
	    (conf_reader_good(reader, link, "virtual") ||
	     !conf_reader_given(reader, link, "virtual")))
		conf_reader_problem(
			reader, link, NULL,
			"the home link has no interface; add interface = NAME, or virtual = yes for one without");
	if (!conf_reader_given(reader, link, "prefix"))
		conf_reader_problem(reader, link, NULL,
				    "the home link has no prefix; add prefix = PREFIX/LENGTH");
	if (!conf_reader_given(reader, link, "address"))
		conf_reader_problem(
			reader, link, NULL,
			"the home link has no address of the home agent; add address = ADDRESS");
	if (!link->is_virtual && address && prefix &&
	    !mip_addr_in_prefix(&link->address, &link->prefix))
		conf_reader_problem(
			reader, link, "address",
			"address lies outside the home prefix; write the home agent's address on this link");
	if (link->is_virtual) {
		if (conf_reader_good(reader, link, "dad") && link->dad != CONF_DAD_NO)
			conf_reader_problem(
				reader, link, "dad",
				"nothing can be probed on a virtual home link; remove this line");
		link->dad = CONF_DAD_NO;
	}
}

static void check(struct conf_reader *reader, void *conf)
{
	struct had_conf *had = conf;

	for (unsigned int i = 0; i < had->n_home_link; i++) {
		struct had_conf_link *link = &had->home_link[i];

		check_link(reader, link);
		for (unsigned int j = 0; j < i; j++) {
			const struct had_conf_link *other = &had->home_link[j];

			if (!conf_reader_good(reader, link, "prefix") ||
			    !conf_reader_good(reader, other, "prefix"))
				continue;
			if (mip_addr_in_prefix(&link->prefix.addr, &other->prefix) ||
			    mip_addr_in_prefix(&other->prefix.addr, &link->prefix))
				conf_reader_problem(
					reader, link, "prefix",
					"this prefix overlaps the one of [home-link%s%s]; a home prefix can be served by one section only",
					other->name[0] ? " " : "", other->name);
		}
	}
	if (had->n_home_link == 0 && conf_report_ok(conf_reader_report(reader)))
		conf_reader_problem(
			reader, NULL, NULL,
			"no home link; add a [home-link] section with interface, prefix and address");
}

static void set_defaults(void *ret)
{
	struct had_conf *conf = ret;

	*conf = (struct had_conf){
		.max_lifetime_usec = 3600 * MIP_USEC_PER_SEC,
		.max_bindings = MIP_BINDINGS_MAX,
	};
	conf_security_default(&conf->security);
	conf_kernel_default(&conf->kernel);
}

static const struct conf_schema schema = {
	.sections = sections,
	.size = sizeof(struct had_conf),
	.must_exist = true,
	.defaults = set_defaults,
	.check = check,
};

int conf_load_had(const char *file, struct had_conf *ret, struct conf_report *report)
{
	return conf_load(&schema, file, ret, report);
}

int conf_parse_had(const char *name, const char *text, size_t len, struct had_conf *ret,
		   struct conf_report *report)
{
	return conf_parse(&schema, name, text, len, ret, report);
}
