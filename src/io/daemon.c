// SPDX-License-Identifier: GPL-2.0-or-later
#include "daemon.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <systemd/sd-daemon.h>

#include <mip/time.h>

#include "clock.h"
#include "log.h"
#include "mip-build.h"

static void help(const struct daemon_options *options)
{
	printf("Usage: %s [OPTION...]\n"
	       "%s\n\n"
	       "  --config FILE   read FILE and FILE.d/*.conf (default: %s/%s.conf)\n"
	       "  --run-dir DIR   place of the control socket (default: /run/shisa)\n"
	       "  --debug         log more\n"
	       "  --version       print the version and end\n"
	       "  --help          print this and end\n\n"
	       "It stays in the foreground. SIGHUP: read the files again. SIGTERM: end, and leave\n"
	       "the bindings in the kernel, where the next start finds them.\n"
	       "Exit status: 0 done, 1 failed, 2 usage, 3 kernel module absent.\n",
	       options->name, options->summary, MIP_SYSCONFDIR, options->name);
}

int daemon_parse(struct daemon_options *options, int argc, char **argv)
{
	static const struct option longopts[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "run-dir", required_argument, NULL, 'r' },
		{ "debug", no_argument, NULL, 'd' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longopts, NULL)) != -1) {
		switch (c) {
		case 'c':
			options->config = optarg;
			break;
		case 'r':
			options->run_dir = optarg;
			break;
		case 'd':
			options->debug = true;
			break;
		case 'V':
			printf("%s %s\n", options->name, MIP_VERSION);
			return DAEMON_EXIT_OK;
		case 'h':
			help(options);
			return DAEMON_EXIT_OK;
		default: /* getopt has said what is wrong */
			fprintf(stderr, "Try '%s --help'.\n", options->name);
			return DAEMON_EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "%s: unexpected argument '%s'\nTry '%s --help'.\n", options->name,
			argv[optind], options->name);
		return DAEMON_EXIT_USAGE;
	}
	return -1;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct daemon *d = userdata;

	(void)source;
	(void)usec;
	d->deadline = MIP_USEC_INFINITY;
	if (d->ops.expire)
		d->ops.expire(d->userdata);
	return 0;
}

/* Runs whenever another source was handled; sets the one timer. */
static int on_post(sd_event_source *source, void *userdata)
{
	struct daemon *d = userdata;
	uint64_t deadline = d->ops.post(d->userdata);
	int r;

	(void)source;
	if (deadline == d->deadline)
		return 0;
	d->deadline = deadline;
	if (deadline == MIP_USEC_INFINITY)
		return sd_event_source_set_enabled(d->timer, SD_EVENT_OFF);
	r = sd_event_source_set_time(d->timer, deadline);
	return r < 0 ? r : sd_event_source_set_enabled(d->timer, SD_EVENT_ONESHOT);
}

static int on_terminate(sd_event_source *source, const struct signalfd_siginfo *si, void *userdata)
{
	struct daemon *d = userdata;

	(void)source;
	log_notice("STOPPING", "signal=%s", strsignal((int)si->ssi_signo));
	sd_notify(0, "STOPPING=1");
	daemon_quit(d, DAEMON_EXIT_OK);
	return 0;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *si, void *userdata)
{
	struct daemon *d = userdata;

	(void)source;
	(void)si;
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu", (unsigned long long)clock_usec());
	if (d->ops.reload)
		d->ops.reload(d->userdata);
	sd_notify(0, "READY=1");
	return 0;
}

int daemon_open(struct daemon *d, const struct daemon_options *options,
		const struct daemon_ops *ops, void *userdata)
{
	sigset_t mask;
	int r;

	*d = (struct daemon){
		.options = *options,
		.ops = *ops,
		.userdata = userdata,
		.deadline = MIP_USEC_INFINITY,
	};
	log_open(options->name, options->debug);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0)
		return -errno;
	r = sd_event_default(&d->event);
	if (r >= 0)
		r = sd_event_add_signal(d->event, NULL, SIGTERM, on_terminate, d);
	if (r >= 0)
		r = sd_event_add_signal(d->event, NULL, SIGINT, on_terminate, d);
	if (r >= 0)
		r = sd_event_add_signal(d->event, NULL, SIGHUP, on_reload, d);
	/* An accuracy of 0 would mean 250 ms. */
	if (r >= 0)
		r = sd_event_add_time(d->event, &d->timer, CLOCK_MONOTONIC, 0, 1, on_timer, d);
	if (r >= 0)
		r = sd_event_source_set_enabled(d->timer, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_post(d->event, NULL, on_post, d);
	if (r >= 0)
		r = sd_event_set_watchdog(d->event, true);
	if (r < 0)
		daemon_close(d);
	return r < 0 ? r : 0;
}

void daemon_close(struct daemon *d)
{
	d->timer = sd_event_source_unref(d->timer);
	d->event = sd_event_unref(d->event);
}

/* What sd-event hands back for a descriptor. Lives as long as the process, like the descriptor. */
struct watch {
	struct daemon *d;
	void (*fn)(void *userdata);
};

static int on_readable(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct watch *w = userdata;

	(void)source;
	(void)fd;
	(void)revents;
	w->fn(w->d->userdata);
	return 0;
}

int daemon_watch(struct daemon *d, int fd, void (*fn)(void *userdata))
{
	struct watch *w = malloc(sizeof(*w));
	sd_event_source *source;
	int r;

	if (!w)
		return -ENOMEM;
	*w = (struct watch){ .d = d, .fn = fn };
	r = sd_event_add_io(d->event, &source, fd, EPOLLIN, on_readable, w);
	if (r >= 0)
		r = sd_event_source_set_destroy_callback(source, free);
	else
		free(w);
	if (r >= 0)
		r = sd_event_source_set_floating(source, true);
	if (r >= 0)
		sd_event_source_unref(source);
	return r < 0 ? r : 0;
}

void daemon_ready(struct daemon *d, const char *status)
{
	(void)d;
	sd_notifyf(0, "READY=1\nSTATUS=%s", status);
	log_notice("READY", "version=%s %s", MIP_VERSION, status);
}

int daemon_run(struct daemon *d)
{
	int r;

	on_post(NULL, d); /* what starting up has left to do */
	r = sd_event_loop(d->event);
	if (r < 0) {
		log_error("LOOP", "the event loop ended: %s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	return r;
}

void daemon_quit(struct daemon *d, enum daemon_exit code)
{
	sd_event_exit(d->event, (int)code);
}

int daemon_explain_mipsock(int err)
{
	if (err == -ENOENT || err == -EPROTONOSUPPORT) {
		log_error("MODULE_ABSENT",
			  "the kernel has no MIPSOCK; load the module: modprobe mipsock");
		return DAEMON_EXIT_ABSENT;
	}
	if (err == -EPERM || err == -EACCES)
		log_error("NOT_PERMITTED",
			  "CAP_NET_ADMIN and CAP_NET_RAW are needed; run as root or from the unit");
	else
		log_error("MIPSOCK", "cannot open the mobility socket: %s", strerror(-err));
	return DAEMON_EXIT_FAILED;
}
