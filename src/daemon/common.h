/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Glue that had, mnd and babymdd have in common. */
#ifndef SHISA_DAEMON_COMMON_H
#define SHISA_DAEMON_COMMON_H

#include <jansson.h>

#include <mip/action.h>
#include <mip/counter.h>

#include "conf/conf.h"
#include "ctl/ctl.h"
#include "io/daemon.h"
#include "io/mh.h"
#include "io/mipsock.h"

/* Writes each problem to the log as "file:line: reason; what to do", and frees the report. */
void common_log_report(struct conf_report *report);

/* The file to read: what --config said, else NAME.conf in the configuration's folder. */
void common_config_file(const struct daemon *d, char *buf, size_t size);

/*
 * The control socket, the first thing that a daemon opens: a second instance
 * ends here. Returns an exit code, or -1 to go on. methods and config_file
 * last as long as the server.
 */
int common_open_ctl(struct daemon *d, const char *config_file, const struct ctl_method *methods,
		    void *userdata, struct ctl_server **ret);

/*
 * The mobility socket with topics, and the node's function enabled. Returns an
 * exit code, or -1 to go on; why is in the log.
 */
int common_open_mipsock(const struct mipsock_ops *ops, void *userdata, unsigned int topics,
			uint32_t nodetype, struct mipsock **ret);

/* One of the role's log actions: to the log, and to whoever watches the control socket. */
void common_log_action(struct ctl_server *ctl, const struct mip_act_log *log);

/* The answer to GetCounters; mh may be NULL. A new reference, NULL without memory. */
json_t *common_counters(const struct mip_counters *counters, const struct mh_counters *mh);

/* "state": what is wrong, in words, appended to an array of sentences. */
void common_problem(json_t *problems, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Writes value to /proc/sys/net/ipv6/conf/IFNAME/KEY unless it stands there.
 * Returns 1 when it was changed, 0, or -errno.
 */
int common_sysctl(const char *ifname, const char *key, int value);
/* The value that stands there, or -errno. */
int common_sysctl_get(const char *ifname, const char *key);

#endif /* SHISA_DAEMON_COMMON_H */
