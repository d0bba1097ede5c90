// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * babymdd.conf: which interfaces to use and how eagerly. All of it has
 * defaults; the file may be missing.
 */
#include <string.h>

#include <mip/time.h>

#include "schema.h"

#define INTERFACE(member)  offsetof(struct babymdd_conf_interface, member)
#define PREFERENCE_DEFAULT 100

static const struct conf_word interface_words[] = {
	{ .name = "preference",
	  .parse = conf_value_uint,
	  .offset = INTERFACE(preference),
	  .min = 0,
	  .max = 1000 },
	{ .name = "ignore", .parse = conf_value_bool, .offset = INTERFACE(ignore) },
	{ 0 },
};

static const struct conf_word detector_words[] = {
	{ .name = "hysteresis",
	  .parse = conf_value_duration,
	  .offset = offsetof(struct babymdd_conf, hysteresis_usec),
	  .min = 0,
	  .max = 60 * MIP_USEC_PER_SEC },
	{ .name = "set-sysctls",
	  .parse = conf_value_bool,
	  .offset = offsetof(struct babymdd_conf, set_sysctls) },
	{ 0 },
};

static void *interface_object(void *conf, const char *name, char why[CONF_WHY_MAX])
{
	struct babymdd_conf *md = conf;
	unsigned int n = md->n_interface;
	struct babymdd_conf_interface *interface;

	if (!conf_interface_name_ok(name)) {
		snprintf(
			why, CONF_WHY_MAX,
			"the section's name cannot name an interface; write a name of up to 15 characters, as `ip link` shows it, or *");
		return NULL;
	}
	interface = conf_named_object(md->interface, &md->n_interface, CONF_MD_INTERFACES_MAX,
				      sizeof(*interface), "interface", name, why);
	if (md->n_interface != n)
		interface->preference = PREFERENCE_DEFAULT;
	return interface;
}

static const struct conf_section sections[] = {
	{ .name = "interface",
	  .naming = CONF_SECTION_NAMED,
	  .words = interface_words,
	  .object = interface_object },
	{ .name = "detector", .words = detector_words },
	{ 0 },
};

static void set_defaults(void *ret)
{
	struct babymdd_conf *conf = ret;

	*conf = (struct babymdd_conf){
		.hysteresis_usec = 500 * MIP_USEC_PER_MSEC,
		.set_sysctls = true,
	};
}

static const struct conf_schema schema = {
	.sections = sections,
	.size = sizeof(struct babymdd_conf),
	.defaults = set_defaults,
};

int conf_load_babymdd(const char *file, struct babymdd_conf *ret, struct conf_report *report)
{
	return conf_load(&schema, file, ret, report);
}

int conf_parse_babymdd(const char *name, const char *text, size_t len, struct babymdd_conf *ret,
		       struct conf_report *report)
{
	return conf_parse(&schema, name, text, len, ret, report);
}

struct babymdd_conf_interface babymdd_conf_find(const struct babymdd_conf *conf, const char *name)
{
	const struct babymdd_conf_interface *any = NULL;

	for (unsigned int i = 0; i < conf->n_interface; i++) {
		if (!strcmp(conf->interface[i].name, name))
			return conf->interface[i];
		if (!strcmp(conf->interface[i].name, "*"))
			any = &conf->interface[i];
	}
	return any ? *any :
		     (struct babymdd_conf_interface){ .name = "*",
						      .preference = PREFERENCE_DEFAULT };
}
