/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What had, mnd and babymdd have in common: command line, event loop, signals,
 * systemd's notifications and exit codes.
 *
 * A daemon stays in the foreground; a service manager or a shell puts it where
 * it belongs. One sd-event loop, one timer: after every round (whatever was
 * handled in it) the daemon's post function carries out what is left to do and
 * says when it wants to be woken.
 */
#ifndef MIP_IO_DAEMON_H
#define MIP_IO_DAEMON_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

enum daemon_exit {
	DAEMON_EXIT_OK = 0,
	DAEMON_EXIT_FAILED = 1,
	DAEMON_EXIT_USAGE = 2,
	DAEMON_EXIT_ABSENT = 3, /* the module, or another program that is needed */
};

struct daemon_options {
	const char *name;
	const char *summary; /* one line for --help */
	const char *config; /* NULL: the daemon's default */
	const char *run_dir; /* NULL: the default */
	bool debug;
};

/* Functions for a round of the loop; any may be NULL but post. */
struct daemon_ops {
	void (*expire)(void *userdata); /* the deadline has come */
	uint64_t (*post)(void *userdata); /* returns the next deadline, MIP_USEC_INFINITY for none */
	void (*reload)(void *userdata); /* SIGHUP */
};

struct daemon {
	struct daemon_options options;
	struct daemon_ops ops;
	void *userdata;
	sd_event *event;
	sd_event_source *timer;
	uint64_t deadline;
};

/*
 * Reads --config FILE, --run-dir DIR, --debug, --version, --help. Returns -1
 * to go on, or the exit code.
 */
int daemon_parse(struct daemon_options *options, int argc, char **argv);

/* Loop, signals and watchdog. 0 or -errno. Opens the log too. */
int daemon_open(struct daemon *d, const struct daemon_options *options,
		const struct daemon_ops *ops, void *userdata);
void daemon_close(struct daemon *d);

/* fn is called when fd can be read. 0 or -errno. */
int daemon_watch(struct daemon *d, int fd, void (*fn)(void *userdata));

/* To be called when the daemon serves: READY=1 and a line for systemctl status. */
void daemon_ready(struct daemon *d, const char *status);

/* Until SIGTERM or SIGINT; returns the exit code. */
int daemon_run(struct daemon *d);

/* Ends the loop, from within it. */
void daemon_quit(struct daemon *d, enum daemon_exit code);

/* Says in the log why MIPSOCK cannot be had, and returns the exit code for it. */
int daemon_explain_mipsock(int err);

#endif /* MIP_IO_DAEMON_H */
