// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * [security] and [kernel]: the same words with the same meaning in all
 * programs that have them.
 */
#include <string.h>

#include <mip/time.h>

#include "schema.h"

static const char *const replay_choices[] = {
	"timestamp",
	"sequence",
	NULL,
};

_Static_assert(sizeof(enum mip_replay) == sizeof(int), "conf_value_choice writes an int");
_Static_assert(MIP_REPLAY_SEQUENCE == MIP_REPLAY_TIMESTAMP + 1, "the order of the choices");

/* Tolerance: more than 3 s of clock difference must be accepted, 7 s is the default (RFC 4285 section 6). */
const struct conf_word conf_security_words[] = {
	{ .name = "keys", .parse = conf_value_path, .offset = offsetof(struct conf_security, keys) },
	{ .name = "replay",
	  .parse = conf_value_choice,
	  .offset = offsetof(struct conf_security, replay),
	  .min = MIP_REPLAY_TIMESTAMP,
	  .choices = replay_choices },
	{ .name = "timestamp-tolerance",
	  .parse = conf_value_duration,
	  .offset = offsetof(struct conf_security, timestamp_tolerance_usec),
	  .min = 3 * MIP_USEC_PER_SEC,
	  .max = 300 * MIP_USEC_PER_SEC },
	{ .name = "allow-unprotected",
	  .parse = conf_value_bool,
	  .offset = offsetof(struct conf_security, allow_unprotected) },
	{ 0 },
};

void conf_security_default(struct conf_security *security)
{
	*security = (struct conf_security){
		.keys = CONF_DIR "/keys",
		.replay = MIP_REPLAY_TIMESTAMP,
		.timestamp_tolerance_usec = 7 * MIP_USEC_PER_SEC,
	};
}

void conf_kernel_default(struct conf_kernel *kernel)
{
	*kernel = (struct conf_kernel){
		.device = "mip0",
		.table = CONF_TABLE_DEFAULT,
		.priority = CONF_PRIORITY_DEFAULT,
	};
}

void *conf_named_object(void *table, unsigned int *n, unsigned int max, size_t size,
			const char *section, const char *name, char why[CONF_WHY_MAX])
{
	char *entry = table;

	/* Every object of a table begins with its name. */
	for (unsigned int i = 0; i < *n; i++, entry += size)
		if (!strcmp(entry, name))
			return entry;
	if (*n == max) {
		snprintf(why, CONF_WHY_MAX, "there are more than %u [%s] sections; remove some",
			 max, section);
		return NULL;
	}
	(*n)++;
	memset(entry, 0, size);
	memcpy(entry, name, strlen(name) + 1);
	return entry;
}
