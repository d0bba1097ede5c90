// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl status: what runs here, and what is wrong, in words.
 */
#include <errno.h>
#include <string.h>

#include "ctl/ctl.h"
#include "io/mipsock.h"
#include "mipctl.h"

static const struct {
	uint32_t bit;
	const char *name;
	const char *daemon[2]; /* that such a node runs */
} node_types[] = {
	{ MIPSOCK_NODETYPE_CN, "correspondent-node", { NULL, NULL } },
	{ MIPSOCK_NODETYPE_HA, "home-agent", { "had", NULL } },
	{ MIPSOCK_NODETYPE_MN, "mobile-node", { "mnd", "babymdd" } },
	{ MIPSOCK_NODETYPE_MR, "mobile-router", { NULL, "babymdd" } },
};
#define N_NODE_TYPES (sizeof(node_types) / sizeof(node_types[0]))

static void add_problem(json_t *problems, const char *text)
{
	json_array_append_new(problems, json_string(text));
}

/* Returns whether the module is there. */
static bool ask_kernel(json_t *status, json_t *problems, uint32_t *ret_types)
{
	json_t *names = json_array();
	struct mipsock *ms = NULL;
	uint32_t types = 0;
	int r = mipsock_open(&ms, NULL, NULL);
	bool present = r >= 0;

	if (r == -ENOENT)
		add_problem(problems,
			    "the kernel module mipsock is not loaded; run: modprobe mipsock");
	else if (r < 0)
		json_array_append_new(problems, json_sprintf("no way to the kernel module: %s",
							     strerror(-r)));
	else if (mipsock_nodetype_get(ms, &types) < 0)
		json_array_append_new(problems,
				      json_sprintf("the kernel module does not answer: %s",
						   mipsock_error(ms)));
	mipsock_close(ms);
	for (size_t i = 0; i < N_NODE_TYPES; i++)
		if (types & node_types[i].bit)
			json_array_append_new(names, json_string(node_types[i].name));
	json_object_set_new(status, "module", json_string(present ? "present" : "absent"));
	json_object_set_new(status, "node_types", names);
	*ret_types = types;
	return present;
}

static bool expected(uint32_t types, const char *daemon)
{
	for (size_t i = 0; i < N_NODE_TYPES; i++)
		for (size_t j = 0; j < 2; j++)
			if ((types & node_types[i].bit) && node_types[i].daemon[j] &&
			    !strcmp(node_types[i].daemon[j], daemon))
				return true;
	return false;
}

static void adopt_problems(const char *daemon, const json_t *reply, json_t *problems)
{
	const json_t *text;
	size_t i;

	json_array_foreach(json_object_get(reply, "problems"), i, text)
		if (json_is_string(text))
			json_array_append_new(problems, json_sprintf("%s: %s", daemon,
								     json_string_value(text)));
}

/* Returns false when it should run and does not. */
static bool ask_daemon(struct mipctl *ctl, const char *daemon, bool is_expected, json_t *daemons,
		       json_t *problems)
{
	json_t *reply = NULL;
	int r = ctl_call(ctl->run_dir, daemon, CTL_INTERFACE ".GetStatus", NULL, MIPCTL_CALL_MSEC,
			 &reply);
	bool absent = r == -ENOENT || r == -ECONNREFUSED;

	if (r == 0) {
		adopt_problems(daemon, reply, problems);
		json_object_set_new(reply, "state", json_string("running"));
	} else {
		json_decref(reply);
		reply = json_pack("{s:s, s:s}", "name", daemon, "state",
				  absent ? "not running" : "unknown");
	}
	if (absent && is_expected)
		json_array_append_new(
			problems,
			json_sprintf(
				"%s does not run, although its node type is enabled; run: systemctl start %s",
				daemon, daemon));
	else if (r == -EACCES || r == -EPERM)
		json_array_append_new(
			problems,
			json_sprintf("%s answers only root and its own user; run this as root",
				     daemon));
	else if (r < 0 && !absent)
		json_array_append_new(problems,
				      json_sprintf("%s does not answer: %s", daemon, strerror(-r)));
	json_array_append_new(daemons, reply);
	return !(absent && is_expected);
}

static void print_part(const struct print *print, const json_t *reply, const char *key,
		       const struct print_field *fields)
{
	const json_t *record, *candidate;
	size_t i, j;

	json_array_foreach(json_object_get(reply, key), i, record) {
		/* Loopback, tunnels and the like: for programs, not for people. */
		if (json_is_true(json_object_get(record, "ignored")))
			continue;
		print_record(print, fields, record);
		json_array_foreach(json_object_get(record, "candidates"), j, candidate)
			print_record(print, print_candidate_fields, candidate);
	}
}

static void print_text(const struct print *print, const json_t *status)
{
	static const struct print_field module_fields[] = {
		{ .key = "module", .style = PRINT_STATE },
		{ .key = "node_types", .label = "node-types", .skip_zero = true },
		{ 0 },
	};
	const json_t *item;
	size_t i;

	print_record(print, module_fields, status);
	json_array_foreach(json_object_get(status, "daemons"), i, item) {
		print_record(print, print_daemon_fields, item);
		print_part(print, item, "home_links", print_home_link_fields);
		print_part(print, item, "home_addresses", print_home_address_fields);
		print_part(print, item, "interfaces", print_interface_fields);
	}
	json_array_foreach(json_object_get(status, "problems"), i, item) {
		print_styled(print, PRINT_BAD, "problem");
		fputs(": ", print->out);
		print_styled(print, PRINT_PLAIN, json_string_value(item));
		fputc('\n', print->out);
	}
}

int mipctl_status(struct mipctl *ctl, char **argv)
{
	json_t *status, *daemons, *problems;
	uint32_t types = 0;
	bool complete;
	int r = mipctl_args(argv, NULL, 0);

	if (r != MIPCTL_DONE)
		return r;
	status = json_object();
	daemons = json_array();
	problems = json_array();
	complete = ask_kernel(status, problems, &types);
	for (size_t i = 0; mipctl_daemons[i]; i++)
		complete &= ask_daemon(ctl, mipctl_daemons[i], expected(types, mipctl_daemons[i]),
				       daemons, problems);
	json_object_set_new(status, "daemons", daemons);
	json_object_set_new(status, "problems", problems);
	if (ctl->print.json)
		print_object(&ctl->print, status);
	else
		print_text(&ctl->print, status);
	json_decref(status);
	return complete ? MIPCTL_DONE : MIPCTL_ABSENT;
}
