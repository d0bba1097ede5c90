// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mnd.conf: home addresses and their home agents, protection, names in the
 * kernel.
 */
#include <errno.h>
#include <string.h>

#include <mip/time.h>
#include <mip/wire.h>

#include "schema.h"

#define HOME(member) offsetof(struct mnd_conf_home, member)

static int parse_home_address(const struct conf_word *word, const char *value, void *dest,
			      char why[CONF_WHY_MAX])
{
	struct mip_prefix p;
	struct mnd_conf_home *home = dest; /* not one member: two of them */

	if (conf_value_interface_address(word, value, &p, why) < 0)
		return -EINVAL;
	home->hoa = p.addr;
	home->hoa_plen = p.plen;
	return 0;
}

static const struct conf_word home_words[] = {
	{ .name = "home-address", .parse = parse_home_address, .offset = 0 },
	{ .name = "home-agent", .parse = conf_value_address, .offset = HOME(home_agent) },
	{ .name = "lifetime",
	  .parse = conf_value_duration,
	  .offset = HOME(lifetime_usec),
	  .min = 2 * MIP_USEC_PER_LIFETIME_UNIT,
	  .max = UINT16_MAX * MIP_USEC_PER_LIFETIME_UNIT },
	{ .name = "spi",
	  .parse = conf_value_uint,
	  .offset = HOME(spi),
	  .min = 256,
	  .max = UINT32_MAX },
	{ .name = "nai", .parse = conf_value_nai, .offset = HOME(nai) },
	{ 0 },
};

static const struct conf_word kernel_words[] = {
	{ .name = "device",
	  .parse = conf_value_interface,
	  .offset = offsetof(struct conf_kernel, device) },
	{ .name = "table",
	  .parse = conf_value_uint,
	  .offset = offsetof(struct conf_kernel, table),
	  .min = 256,
	  .max = UINT32_MAX },
	/* Below 32766, where the main table is looked up. */
	{ .name = "priority",
	  .parse = conf_value_uint,
	  .offset = offsetof(struct conf_kernel, priority),
	  .min = 1,
	  .max = 32765 },
	{ 0 },
};

static void *home_object(void *conf, const char *name, char why[CONF_WHY_MAX])
{
	struct mnd_conf *mnd = conf;
	unsigned int n = mnd->n_home;
	struct mnd_conf_home *home = conf_named_object(mnd->home, &mnd->n_home, MIP_HOA_PER_MN_MAX,
						       sizeof(*home), "home", name, why);

	if (mnd->n_home != n)
		home->lifetime_usec = 3600 * MIP_USEC_PER_SEC;
	return home;
}

static const struct conf_section sections[] = {
	{ .name = "home",
	  .naming = CONF_SECTION_MAY_BE_NAMED,
	  .words = home_words,
	  .object = home_object },
	{ .name = "security",
	  .words = conf_security_words,
	  .offset = offsetof(struct mnd_conf, security) },
	{ .name = "kernel", .words = kernel_words, .offset = offsetof(struct mnd_conf, kernel) },
	{ 0 },
};

static void check_home(struct conf_reader *reader, struct mnd_conf *mnd, unsigned int i)
{
	const struct mnd_conf_home *home = &mnd->home[i];

	if (!conf_reader_given(reader, home, "home-address"))
		conf_reader_problem(reader, home, NULL,
				    "there is no home address; add home-address = ADDRESS/LENGTH");
	if (!conf_reader_given(reader, home, "home-agent"))
		conf_reader_problem(reader, home, NULL,
				    "there is no home agent; add home-agent = ADDRESS");
	if (!conf_reader_good(reader, home, "home-address"))
		return;
	if (conf_reader_good(reader, home, "home-agent") &&
	    IN6_ARE_ADDR_EQUAL(&home->hoa, &home->home_agent))
		conf_reader_problem(
			reader, home, "home-agent",
			"this is the home address itself; write the home agent's own address");
	for (unsigned int j = 0; j < i; j++)
		if (conf_reader_good(reader, &mnd->home[j], "home-address") &&
		    IN6_ARE_ADDR_EQUAL(&home->hoa, &mnd->home[j].hoa))
			conf_reader_problem(
				reader, home, "home-address",
				"[home%s%s] has the same home address; remove one of the two",
				mnd->home[j].name[0] ? " " : "", mnd->home[j].name);
}

static void check(struct conf_reader *reader, void *conf)
{
	struct mnd_conf *mnd = conf;

	for (unsigned int i = 0; i < mnd->n_home; i++)
		check_home(reader, mnd, i);
	if (mnd->n_home == 0 && conf_report_ok(conf_reader_report(reader)))
		conf_reader_problem(
			reader, NULL, NULL,
			"no home address; add a [home] section with home-address and home-agent");
}

static void set_defaults(void *ret)
{
	struct mnd_conf *conf = ret;

	*conf = (struct mnd_conf){ 0 };
	conf_security_default(&conf->security);
	conf_kernel_default(&conf->kernel);
}

static const struct conf_schema schema = {
	.sections = sections,
	.size = sizeof(struct mnd_conf),
	.must_exist = true,
	.defaults = set_defaults,
	.check = check,
};

int conf_load_mnd(const char *file, struct mnd_conf *ret, struct conf_report *report)
{
	return conf_load(&schema, file, ret, report);
}

int conf_parse_mnd(const char *name, const char *text, size_t len, struct mnd_conf *ret,
		   struct conf_report *report)
{
	return conf_parse(&schema, name, text, len, ret, report);
}
