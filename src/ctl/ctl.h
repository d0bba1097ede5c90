/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control sockets: RUNDIR/NAME.sock, one for each daemon.
 *
 * The framing and the calling convention are varlink's (one JSON object, one
 * 0 octet; method, parameters, more; parameters, continues, error), so that
 * varlink's own tools work on them too. Interface org.shisa.Control is that of
 * src/ctl/org.shisa.Control.varlink; the server itself answers
 * org.varlink.service, GetStatus's common part and Monitor.
 *
 * Whoever is neither root nor of the daemon's uid is refused. A request has
 * at most CTL_REQUEST_MAX octets, a client that does not read its answers is
 * dropped when more than CTL_BACKLOG_MAX octets wait for it, and there are at
 * most CTL_CLIENTS_MAX clients.
 *
 * Server functions return 0 or -errno and do not log.
 */
#ifndef SHISA_CTL_H
#define SHISA_CTL_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <systemd/sd-event.h>

#include <mip/action.h>
#include <mip/binding.h>

#define CTL_RUN_DIR		"/run/shisa"
#define CTL_INTERFACE		"org.shisa.Control"
#define CTL_CLIENTS_MAX		32
#define CTL_REQUEST_MAX		65536
#define CTL_BACKLOG_MAX		(16u * 1024 * 1024)
#define CTL_MONITOR_BACKLOG_MAX (1024u * 1024)

struct ctl_server;

/*
 * A method that the daemon serves. parameters is an object (never NULL) and
 * belongs to the server. Returns 0 with an object in *ret_reply, which the
 * server takes over; or -errno (-EINVAL: a parameter is wrong, -ENOENT: no
 * such thing, others: as they are), which the client gets as an error.
 */
typedef int (*ctl_method_fn)(json_t *parameters, json_t **ret_reply, void *userdata);

struct ctl_method {
	const char *name; /* as in the interface, without its name: "GetStatus" */
	ctl_method_fn call;
};

struct ctl_config {
	const char *run_dir; /* NULL: CTL_RUN_DIR; made (mode 0755) when it is missing */
	const char *name; /* "had", "mnd", "babymdd" */
	const char *config_file; /* for the status */
	const struct ctl_method *methods; /* ends with a NULL name */
	void *userdata;
};

/*
 * Binds the socket and serves it from event's loop. The strings and methods
 * of config must last as long as the server. Errors:
 *   -EADDRINUSE    another process holds RUNDIR/NAME.lock: a second instance
 *   -ENAMETOOLONG  run_dir is too long for a socket's address
 *   -EACCES, -EROFS, -ENOENT, -ENOTDIR ...  as from bind() and mkdir()
 * A socket that an earlier process left is replaced.
 *
 * GetStatus: the daemon's own method is asked for its part, an object, and
 * the server adds name, version, pid, since, uptime and config to it.
 */
int ctl_server_new(sd_event *event, const struct ctl_config *config, struct ctl_server **ret);

/* Closes everything and removes the socket. Takes NULL. Returns NULL. */
struct ctl_server *ctl_server_free(struct ctl_server *server);

/* A sentence for people about an error of ctl_server_new(): what, and what to do. */
void ctl_server_explain(int err, const struct ctl_config *config, char *buf, size_t size);

/*
 * Sends event to every client that called Monitor: an object with "event",
 * the stable word, and what else belongs to it; "time" and "daemon" are added. Takes over the
 * reference, NULL is nothing. Without a watcher it costs nothing: ask
 * ctl_server_watched() before building one.
 */
void ctl_server_event(struct ctl_server *server, json_t *event);
bool ctl_server_watched(const struct ctl_server *server);

/*
 * Pieces of answers. Each returns a new reference, NULL without memory
 * (json_object_set_new() and its relatives take that for an error).
 */
json_t *ctl_json_addr(const struct in6_addr *addr);
json_t *ctl_json_prefix(const struct in6_addr *addr, uint8_t plen);
json_t *ctl_json_seconds(uint64_t usec); /* real, with milliseconds; null for MIP_USEC_INFINITY */
json_t *ctl_json_flags(uint16_t flags); /* "AHL", bits without a letter as "0x0008" */
json_t *ctl_json_counter(const char *name, const char *help, uint64_t value);
/* For ctl_server_event(): event, level, seq, status, lifetime; hoa, coa, peer, bid, reason if any. */
json_t *ctl_json_log(const struct mip_act_log *log);
json_t *ctl_json_bce(const struct mip_bce *bce);
json_t *ctl_json_bule(const struct mip_bule *bule);
const char *ctl_bul_state_str(enum mip_bul_state state); /* "registered"; "unknown" */

/*
 * The other side, for mipctl: one call, blocking, at most timeout_msec.
 * Returns 0 with the reply's parameters in *ret, or
 *   -ENOENT, -ECONNREFUSED  nobody serves the socket
 *   -EACCES, -EPERM         not for this user
 *   -ETIMEDOUT              no answer
 *   -EREMOTE                an error was answered; *ret is {"error", "parameters"}
 *   -EBADMSG                what came is no answer
 */
int ctl_call(const char *run_dir, const char *name, const char *method, json_t *parameters,
	     int timeout_msec, json_t **ret);

/*
 * Monitor, for mipctl: connects and asks for events, and waits until the
 * daemon has said that it will send them. *ret_fd is a non-blocking
 * socket to poll; ctl_monitor_read() then gives the next event (0 and *ret),
 * -EAGAIN when there is none yet, -EPIPE when the daemon has gone. Other errors
 * are those of ctl_call().
 */
struct ctl_monitor;
int ctl_monitor_new(const char *run_dir, const char *name, struct ctl_monitor **ret, int *ret_fd);
int ctl_monitor_read(struct ctl_monitor *monitor, json_t **ret);
struct ctl_monitor *ctl_monitor_free(struct ctl_monitor *monitor);

#endif /* SHISA_CTL_H */
