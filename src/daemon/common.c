// SPDX-License-Identifier: GPL-2.0-or-later
#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mip/log.h>

#include "io/log.h"

void common_log_report(struct conf_report *report)
{
	for (unsigned int i = 0; i < report->n_problem; i++) {
		const struct conf_problem *p = &report->problem[i];

		if (p->line)
			log_error("CONFIG", "%s:%u: %s", p->file, p->line, p->text);
		else
			log_error("CONFIG", "%s: %s", p->file, p->text);
	}
	if (report->n_dropped)
		log_error("CONFIG", "and %u more problems", report->n_dropped);
	conf_report_done(report);
}

void common_config_file(const struct daemon *d, char *buf, size_t size)
{
	if (d->options.config)
		snprintf(buf, size, "%s", d->options.config);
	else
		snprintf(buf, size, "%s/%s.conf", CONF_DIR, d->options.name);
}

int common_open_ctl(struct daemon *d, const char *config_file, const struct ctl_method *methods,
		    void *userdata, struct ctl_server **ret)
{
	struct ctl_config config = {
		.run_dir = d->options.run_dir,
		.name = d->options.name,
		.config_file = config_file,
		.methods = methods,
		.userdata = userdata,
	};
	int r = ctl_server_new(d->event, &config, ret);
	char text[512];

	if (r >= 0)
		return -1;
	ctl_server_explain(r, &config, text, sizeof(text));
	log_error(r == -EADDRINUSE ? "SECOND_INSTANCE" : "CONTROL_SOCKET", "%s", text);
	return DAEMON_EXIT_FAILED;
}

int common_open_mipsock(const struct mipsock_ops *ops, void *userdata, unsigned int topics,
			uint32_t nodetype, struct mipsock **ret)
{
	struct mipsock *ms;
	int r = mipsock_open(&ms, ops, userdata);

	if (r < 0)
		return daemon_explain_mipsock(r);
	/* First listen, then look: nothing that changes in between is missed. */
	r = mipsock_subscribe(ms, topics);
	if (r >= 0 && nodetype) {
		r = mipsock_nodetype_set(ms, nodetype, nodetype, NULL, NULL, 0);
		if (r >= 0)
			r = mipsock_sync(ms);
	}
	if (r == -EPERM || r == -EACCES) {
		r = daemon_explain_mipsock(r);
		mipsock_close(ms);
		return r;
	}
	if (r < 0) {
		log_error("NODETYPE", "the kernel refuses this node's function: %s",
			  mipsock_error(ms));
		mipsock_close(ms);
		return DAEMON_EXIT_FAILED;
	}
	*ret = ms;
	return -1;
}

void common_log_action(struct ctl_server *ctl, const struct mip_act_log *log)
{
	const char *word = mip_log_event_name(log->event);
	char line[MIP_LOG_LINE_MAX];
	const char *rest;

	/* One for each message that somebody sends us: it must cost nothing when nobody reads it. */
	if (!log_wanted(mip_log_level_priority(log->level)) && !ctl_server_watched(ctl))
		return;
	if (mip_log_format(log, line, sizeof(line)) < 0)
		return;
	/* The line begins with the word, which the log puts there itself. */
	rest = strncmp(line, word, strlen(word)) == 0 ? line + strlen(word) : line;
	while (*rest == ' ')
		rest++;
	log_event(mip_log_level_priority(log->level), word, "%s", rest);
	if (ctl_server_watched(ctl))
		ctl_server_event(ctl, ctl_json_log(log));
}

static void add_counter(json_t *list, const char *prefix, const char *name, const char *help,
			uint64_t value)
{
	char full[96];

	snprintf(full, sizeof(full), "%s%s", prefix, name);
	json_array_append_new(list, ctl_json_counter(full, help, value));
}

json_t *common_counters(const struct mip_counters *counters, const struct mh_counters *mh)
{
	json_t *list = json_array();

	if (!list)
		return NULL;
	for (int i = 0; i < _MIP_COUNT_MAX; i++)
		add_counter(list, "", mip_counter_name(i), mip_counter_help(i), counters->count[i]);
	for (int i = MIP_DROP_NONE + 1; i < _MIP_DROP_MAX; i++)
		add_counter(list, "drop-", mip_drop_name(i), mip_drop_help(i), counters->drop[i]);
	if (mh) {
		add_counter(list, "socket-", "received", "Messages read from the socket",
			    mh->received);
		add_counter(list, "socket-", "sent", "Messages given to the kernel", mh->sent);
		add_counter(list, "socket-", "send-errors", "Messages that the kernel did not send",
			    mh->send_errors);
		add_counter(list, "socket-", "icmp-errors",
			    "Errors that came back for messages, ignored", mh->icmp_errors);
		add_counter(list, "drop-socket-", "truncated",
			    "Longer than a Mobility Header can be, or too many extension headers",
			    mh->truncated);
		add_counter(list, "drop-socket-", "bad-header",
			    "Home Address option or type 2 routing header that cannot be read",
			    mh->bad_header);
		add_counter(list, "drop-socket-", "no-pktinfo",
			    "The kernel did not tell the destination", mh->no_pktinfo);
	}
	return json_pack("{s:o}", "counters", list);
}

void common_problem(json_t *problems, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	json_array_append_new(problems, json_string(text));
}

static int open_sysctl(const char *ifname, const char *key, int flags)
{
	char path[128];
	int fd;

	if (strchr(ifname, '/') || strcmp(ifname, "..") == 0)
		return -EINVAL;
	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/%s", ifname, key);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int common_sysctl_get(const char *ifname, const char *key)
{
	int fd = open_sysctl(ifname, key, O_RDONLY);
	char text[32];
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, text, sizeof(text) - 1);
	if (n <= 0) {
		int r = n < 0 ? -errno : -EIO;

		close(fd);
		return r;
	}
	close(fd);
	text[n] = '\0';
	return atoi(text);
}

int common_sysctl(const char *ifname, const char *key, int value)
{
	char text[32];
	int fd, n, r;

	r = common_sysctl_get(ifname, key);
	if (r < 0 || r == value)
		return r < 0 ? r : 0;
	fd = open_sysctl(ifname, key, O_WRONLY);
	if (fd < 0)
		return fd;
	n = snprintf(text, sizeof(text), "%d\n", value);
	r = write(fd, text, (size_t)n) == n ? 1 : -errno;
	close(fd);
	return r;
}
