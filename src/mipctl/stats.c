// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl stats: counters of the kernel module and of the daemons.
 */
#include <errno.h>
#include <string.h>

#include "ctl/ctl.h"
#include "io/mipsock.h"
#include "mipctl.h"

#define KERNEL "kernel"

static int add_kernel(const struct mipsock_stat *stat, void *userdata)
{
	json_t *counter = ctl_json_counter(stat->name, stat->help, stat->value);

	if (counter)
		json_object_set_new(counter, "source", json_string(KERNEL));
	return json_array_append_new(userdata, counter) < 0 ? -ENOMEM : 0;
}

/* wanted: asked for by name, so that its absence is a failure. */
static int read_kernel(json_t *list, bool wanted)
{
	int status = MIPCTL_DONE, r;
	struct mipsock *ms;

	if (!wanted && mipsock_open(&ms, NULL, NULL) < 0)
		return MIPCTL_ABSENT;
	if (wanted)
		status = mipctl_open(&ms, NULL, NULL);
	if (status != MIPCTL_DONE)
		return status;
	r = mipsock_stats_dump(ms, add_kernel, list);
	if (r < 0)
		status = mipctl_refused(ms, r);
	mipsock_close(ms);
	return status;
}

static int read_daemon(struct mipctl *ctl, const char *name, json_t *list, bool wanted)
{
	json_t *reply = NULL, *counter;
	size_t i;
	int r = ctl_call(ctl->run_dir, name, CTL_INTERFACE ".GetCounters", NULL, MIPCTL_CALL_MSEC,
			 &reply);

	if (r < 0) {
		json_decref(reply);
		if (!wanted && (r == -ENOENT || r == -ECONNREFUSED))
			return MIPCTL_ABSENT;
		return mipctl_daemon_failed(name, r);
	}
	json_array_foreach(json_object_get(reply, "counters"), i, counter) {
		json_object_set_new(counter, "source", json_string(name));
		json_array_append(list, counter);
	}
	json_decref(reply);
	return MIPCTL_DONE;
}

static bool named(char **argv, const char *source)
{
	for (; *argv; argv++)
		if (!strcmp(*argv, source))
			return true;
	return false;
}

static int check_sources(char **argv, bool *ret_any)
{
	for (; *argv; argv++) {
		bool known = !strcmp(*argv, KERNEL);

		for (size_t i = 0; mipctl_daemons[i]; i++)
			known = known || !strcmp(*argv, mipctl_daemons[i]);
		*ret_any = *ret_any || known;
		if (!known && strcmp(*argv, "all"))
			return mipctl_fail(
				MIPCTL_USAGE,
				"no such source; there are kernel, had, mnd and babymdd");
	}
	return MIPCTL_DONE;
}

/* As text only those that say something. */
static void print_counters(const struct print *print, const json_t *list, bool all)
{
	struct print_list printed = {
		.print = print,
		.name = "counters",
		.fields = print_counter_fields,
	};
	const json_t *counter;
	size_t i, zero = 0;

	json_array_foreach((json_t *)(uintptr_t)list, i, counter) {
		if (!all && json_integer_value(json_object_get(counter, "value")) == 0)
			zero++;
		else
			print_list_add(&printed, counter);
	}
	print_list_end(&printed);
	if (zero)
		fprintf(print->out, "(%zu counters are zero; mipctl stats all shows them)\n", zero);
}

int mipctl_stats(struct mipctl *ctl, char **argv)
{
	bool any = false, found = false;
	json_t *list;
	int status = check_sources(argv, &any), r;

	if (status != MIPCTL_DONE)
		return status;
	list = json_array();
	if (!any || named(argv, KERNEL)) {
		r = read_kernel(list, any);
		found = found || r == MIPCTL_DONE;
		status = any ? r : status;
	}
	for (size_t i = 0; mipctl_daemons[i]; i++) {
		if (any && !named(argv, mipctl_daemons[i]))
			continue;
		r = read_daemon(ctl, mipctl_daemons[i], list, any);
		found = found || r == MIPCTL_DONE;
		if (r != MIPCTL_DONE && (any || r != MIPCTL_ABSENT))
			status = r;
	}
	if (!found && status == MIPCTL_DONE)
		status = mipctl_fail(
			MIPCTL_ABSENT,
			"neither the kernel module nor a daemon is there to be asked; run: mipctl status");
	if (found)
		print_counters(&ctl->print, list, ctl->print.json || named(argv, "all"));
	json_decref(list);
	return status;
}
