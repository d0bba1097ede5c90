// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl: look at and control mobility.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/value.h"
#include "ctl/ctl.h"
#include "mip-build.h"
#include "mipctl.h"

static const char *const options_help[][2] = {
	{ "--json", "print JSON, one object a command (monitor: one a line)" },
	{ "--pretty", "print JSON over several lines" },
	{ "--oneline", "print each record on one line" },
	{ "--timestamp", "begin each event with its time" },
	{ "--color=WHEN",
	  "color the text: auto, always, never (default auto; NO_COLOR is heeded)" },
	{ "-n, --netns NAME", "act in the network namespace NAME, as ip -n does" },
	{ "--run-dir DIR", "where the daemons' control sockets are (default " CTL_RUN_DIR ")" },
	{ "-h, --help", "print this help" },
	{ "--version", "print the version" },
};

static void print_help(FILE *out)
{
	char line[128];

	fputs("usage: mipctl [OPTION...] OBJECT [VERB] [WORD VALUE]...\n\n", out);
	for (const struct mipctl_command *c = mipctl_commands; c->object; c++) {
		snprintf(line, sizeof(line), "%s%s%s%s%s", c->object, c->verb ? " " : "",
			 c->verb ? c->verb : "", *c->args ? " " : "", c->args);
		fprintf(out, "  %s\n        %s\n", line, c->help);
	}
	fputs("\nSHISA's names bc and bul stand for binding-cache and binding-update-list.\n\noptions:\n",
	      out);
	for (size_t i = 0; i < sizeof(options_help) / sizeof(options_help[0]); i++)
		fprintf(out, "  %-18s %s\n", options_help[i][0], options_help[i][1]);
	fputs("\nexit status: 0 done, 1 failed, 2 wrong usage, 3 daemon or module absent\n", out);
}

static bool is_object(const struct mipctl_command *c, const char *word)
{
	return !strcmp(c->object, word) || (c->short_object && !strcmp(c->short_object, word));
}

/* What may have been meant, among objects (object NULL) or the object's verbs. */
static int unknown(const char *object, const char *word)
{
	const char *names[32];
	const char *suggestion;
	char quoted[CONF_QUOTE_MAX];
	size_t n = 0;

	for (const struct mipctl_command *c = mipctl_commands; c->object && n < 32; c++) {
		if (!object)
			names[n++] = c->object;
		else if (c->verb && is_object(c, object))
			names[n++] = c->verb;
	}
	conf_quote(word, quoted, sizeof(quoted));
	suggestion = conf_suggest(word, names, n);
	if (suggestion)
		return mipctl_fail(MIPCTL_USAGE, "%s is not known; did you mean %s?", quoted,
				   suggestion);
	return mipctl_fail(MIPCTL_USAGE, "%s is not known; see mipctl --help", quoted);
}

static int run_command(struct mipctl *ctl, char **argv)
{
	bool object = false;

	for (const struct mipctl_command *c = mipctl_commands; c->object; c++) {
		if (!is_object(c, argv[0]))
			continue;
		object = true;
		if (!c->verb)
			return c->run(ctl, argv + 1);
		if (argv[1] && !strcmp(c->verb, argv[1]))
			return c->run(ctl, argv + 2);
	}
	if (!object)
		return unknown(NULL, argv[0]);
	if (!argv[1])
		return mipctl_fail(MIPCTL_USAGE, "%s lacks a verb; see mipctl --help", argv[0]);
	return unknown(argv[0], argv[1]);
}

static int enter_netns(const char *name)
{
	char path[4096];
	int fd, r;

	if (!*name || strchr(name, '/') || strlen(name) > 255)
		return mipctl_fail(MIPCTL_USAGE,
				   "that cannot name a network namespace; `ip netns` shows them");
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return mipctl_fail(
			MIPCTL_FAILED,
			"no network namespace %s: %s; `ip netns` shows those that there are", name,
			strerror(errno));
	r = setns(fd, CLONE_NEWNET) < 0 ? -errno : 0;
	close(fd);
	if (r < 0)
		return mipctl_fail(MIPCTL_FAILED, "cannot enter %s: %s%s", path, strerror(-r),
				   r == -EPERM ? "; run this as root" : "");
	return MIPCTL_DONE;
}

static int choose_color(const char *when, bool *ret)
{
	const char *no_color = getenv("NO_COLOR");

	if (!strcmp(when, "always"))
		*ret = true;
	else if (!strcmp(when, "never"))
		*ret = false;
	else if (!strcmp(when, "auto"))
		*ret = isatty(STDOUT_FILENO) && !(no_color && *no_color);
	else
		return mipctl_fail(MIPCTL_USAGE, "--color takes auto, always or never");
	return MIPCTL_DONE;
}

enum {
	OPT_JSON = 256,
	OPT_PRETTY,
	OPT_ONELINE,
	OPT_TIMESTAMP,
	OPT_COLOR,
	OPT_RUN_DIR,
	OPT_VERSION,
};

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "pretty", no_argument, NULL, OPT_PRETTY },
	{ "oneline", no_argument, NULL, OPT_ONELINE },
	{ "timestamp", no_argument, NULL, OPT_TIMESTAMP },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "netns", required_argument, NULL, 'n' },
	{ "run-dir", required_argument, NULL, OPT_RUN_DIR },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ 0 },
};

int main(int argc, char **argv)
{
	struct mipctl ctl = { .print = { .out = stdout }, .run_dir = CTL_RUN_DIR };
	const char *netns = NULL, *color = "auto";
	int opt, status;

	/* Options stand anywhere, also behind the command. */
	while ((opt = getopt_long(argc, argv, "n:h", options, NULL)) >= 0) {
		switch (opt) {
		case OPT_PRETTY:
			ctl.print.pretty = true;
			ctl.print.json = true;
			break;
		case OPT_JSON:
			ctl.print.json = true;
			break;
		case OPT_ONELINE:
			ctl.print.oneline = true;
			break;
		case OPT_TIMESTAMP:
			ctl.print.timestamp = true;
			break;
		case OPT_COLOR:
			color = optarg;
			break;
		case OPT_RUN_DIR:
			ctl.run_dir = optarg;
			break;
		case OPT_VERSION:
			puts("mipctl " MIP_VERSION);
			return MIPCTL_DONE;
		case 'n':
			netns = optarg;
			break;
		case 'h':
			print_help(stdout);
			return MIPCTL_DONE;
		default:
			return mipctl_fail(MIPCTL_USAGE, "see mipctl --help");
		}
	}
	if (optind == argc) {
		print_help(stderr);
		return MIPCTL_USAGE;
	}
	status = choose_color(color, &ctl.print.color);
	if (status == MIPCTL_DONE && netns)
		status = enter_netns(netns);
	if (status != MIPCTL_DONE)
		return status;
	signal(SIGPIPE, SIG_DFL);
	status = run_command(&ctl, argv + optind);
	if (fflush(stdout) != 0 || ferror(stdout))
		return mipctl_fail(MIPCTL_FAILED, "cannot write the output: %s", strerror(errno));
	return status;
}
