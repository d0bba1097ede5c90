// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What several commands need: arguments, errors, the way to the kernel.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mip/wire.h>

#include "conf/value.h"
#include "io/mipsock.h"
#include "mipctl.h"

const char *const mipctl_daemons[] = { "had", "mnd", "babymdd", NULL };

int mipctl_fail(int status, const char *format, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("mipctl: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return status;
}

static int parse_arg(const struct mipctl_arg *arg, const char *value, char why[CONF_WHY_MAX])
{
	struct conf_word word = { .name = arg->word };
	struct mip_prefix *prefix;
	uint32_t number;
	int r;

	switch (arg->type) {
	case MIPCTL_ADDRESS:
		return conf_value_address(&word, value, arg->dest, why);
	case MIPCTL_PREFIX:
		if (strchr(value, '/'))
			return conf_value_prefix(&word, value, arg->dest, why);
		prefix = arg->dest;
		prefix->plen = 128;
		return conf_value_address(&word, value, &prefix->addr, why);
	case MIPCTL_BID:
		word.min = 1;
		word.max = UINT16_MAX;
		r = conf_value_uint(&word, value, &number, why);
		if (r == 0)
			*(uint16_t *)arg->dest = (uint16_t)number;
		return r;
	case MIPCTL_SPI:
		word.min = MIP_SPI_MIN;
		word.max = UINT32_MAX;
		return conf_value_uint(&word, value, arg->dest, why);
	case MIPCTL_INTERFACE:
		number = if_nametoindex(value);
		if (!number) {
			snprintf(
				why, CONF_WHY_MAX,
				"there is no such interface; `ip link` shows those that there are");
			return -EINVAL;
		}
		*(uint32_t *)arg->dest = number;
		return 0;
	case MIPCTL_NAI:
		if (!conf_nai_ok(value)) {
			snprintf(
				why, CONF_WHY_MAX,
				"not a network access identifier; write one such as mn1@example.com");
			return -EINVAL;
		}
		*(const char **)arg->dest = value;
		return 0;
	}
	return -EINVAL;
}

int mipctl_args(char **argv, struct mipctl_arg *args, size_t n)
{
	char why[CONF_WHY_MAX] = "", quoted[CONF_QUOTE_MAX];
	const char *names[8];
	const char *suggestion;

	for (; *argv; argv += 2) {
		struct mipctl_arg *arg = NULL;

		for (size_t i = 0; i < n; i++) {
			names[i] = args[i].word;
			if (!strcmp(args[i].word, *argv))
				arg = &args[i];
		}
		conf_quote(*argv, quoted, sizeof(quoted));
		if (!arg) {
			suggestion = conf_suggest(*argv, names, n);
			return mipctl_fail(MIPCTL_USAGE, "%s is not known here; %s%s%s", quoted,
					   suggestion ? "did you mean " : "see mipctl --help",
					   suggestion ? suggestion : "", suggestion ? "?" : "");
		}
		if (arg->given)
			return mipctl_fail(MIPCTL_USAGE, "%s was given twice", arg->word);
		if (!argv[1])
			return mipctl_fail(MIPCTL_USAGE, "%s lacks its value; see mipctl --help",
					   arg->word);
		if (parse_arg(arg, argv[1], why) < 0)
			return mipctl_fail(MIPCTL_USAGE, "%s: %s", arg->word, why);
		arg->given = true;
	}
	for (size_t i = 0; i < n; i++)
		if (args[i].required && !args[i].given)
			return mipctl_fail(MIPCTL_USAGE, "%s is missing; see mipctl --help",
					   args[i].word);
	return MIPCTL_DONE;
}

int mipctl_open(struct mipsock **ret, const struct mipsock_ops *ops, void *userdata)
{
	int r = mipsock_open(ret, ops, userdata);

	if (r == -ENOENT)
		return mipctl_fail(
			MIPCTL_ABSENT,
			"the kernel module mipsock is not loaded; run: modprobe mipsock");
	if (r < 0)
		return mipctl_fail(MIPCTL_FAILED, "no way to the kernel module: %s", strerror(-r));
	return MIPCTL_DONE;
}

int mipctl_start(char **argv, struct mipctl_arg *args, size_t n, struct mipsock **ret)
{
	int status = mipctl_args(argv, args, n);

	return status == MIPCTL_DONE ? mipctl_open(ret, NULL, NULL) : status;
}

int mipctl_refused(const struct mipsock *ms, int r)
{
	if (r == -EPERM)
		return mipctl_fail(
			MIPCTL_FAILED,
			"this needs CAP_NET_ADMIN in the network namespace; run it as root");
	return mipctl_fail(MIPCTL_FAILED, "%s", mipsock_error(ms));
}

int mipctl_request(struct mipsock *ms, int r)
{
	int status = MIPCTL_DONE;

	if (r >= 0)
		r = mipsock_sync(ms);
	if (r < 0)
		status = mipctl_refused(ms, r);
	mipsock_close(ms);
	return status;
}

int mipctl_list_add(struct mipctl_list *list, const struct in6_addr *hoa, json_t *entry)
{
	if (!entry)
		return -ENOMEM;
	if (!list->only || IN6_ARE_ADDR_EQUAL(list->only, hoa))
		print_list_add(&list->print, entry);
	json_decref(entry);
	return 0;
}

int mipctl_list(struct mipctl *ctl, char **argv, const char *name, const struct print_field *fields,
		int (*dump)(struct mipsock *ms, struct mipctl_list *list))
{
	struct in6_addr hoa;
	struct mipctl_arg args[] = { { "hoa", MIPCTL_ADDRESS, &hoa, false, false } };
	struct mipctl_list list = {
		.print = { .print = &ctl->print, .name = name, .fields = fields },
	};
	struct mipsock *ms;
	int status = mipctl_start(argv, args, 1, &ms);
	int r;

	if (status != MIPCTL_DONE)
		return status;
	list.only = args[0].given ? &hoa : NULL;
	r = dump(ms, &list);
	/* What came before a failure is shown, and is well-formed. */
	if (r >= 0 || list.print.n)
		print_list_end(&list.print);
	if (r < 0)
		status = mipctl_refused(ms, r);
	mipsock_close(ms);
	return status;
}

const char *mipctl_interface(uint32_t ifindex, char buf[24])
{
	if (!if_indextoname(ifindex, buf))
		snprintf(buf, 24, "%u", ifindex);
	return buf;
}

int mipctl_daemon_failed(const char *name, int r)
{
	if (r == -ENOENT || r == -ECONNREFUSED)
		return mipctl_fail(MIPCTL_ABSENT, "%s does not run; run: systemctl start %s", name,
				   name);
	if (r == -EACCES || r == -EPERM)
		return mipctl_fail(MIPCTL_FAILED,
				   "%s answers only root and its own user; run this as root", name);
	return mipctl_fail(MIPCTL_FAILED, "%s does not answer: %s", name, strerror(-r));
}
