// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control socket's daemon side: listening, clients, their bytes. What a
 * request means is dispatch.c's.
 *
 * A client is read from only while nothing waits to be written to it, so one
 * that asks without listening holds one answer and is served no further. Only
 * Monitor sends unasked; who does not keep up with it is dropped.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "server.h"

#define ACCEPT_BATCH  8
#define REQUEST_BATCH 16
/* Out of descriptors: look again after this long. */
#define ACCEPT_PAUSE_USEC 1000000

static void client_drop(struct ctl_client *client)
{
	struct ctl_server *server = client->server;
	struct ctl_client **at = &server->clients;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	server->n_client--;
	if (client->monitor)
		server->n_monitor--;
	sd_event_source_disable_unref(client->source);
	close(client->fd);
	ctl_buffer_done(&client->in);
	ctl_buffer_done(&client->out);
	free(client);
}

/* Writes what waits and asks to be woken for what is next. -errno: the client is to go. */
static int client_flush(struct ctl_client *client)
{
	int r = ctl_buffer_write(&client->out, client->fd);

	if (r < 0)
		return r;
	return sd_event_source_set_io_events(client->source, r ? EPOLLIN : EPOLLOUT);
}

static int client_serve(struct ctl_client *client)
{
	json_t *request;
	int r;

	for (int i = 0; i < REQUEST_BATCH && ctl_buffer_len(&client->out) == 0; i++) {
		r = ctl_buffer_get(&client->in, &request);
		if (r == -EAGAIN) {
			r = ctl_buffer_read(&client->in, client->fd, CTL_REQUEST_MAX);
			if (r == -EAGAIN)
				return 0;
			if (r <= 0)
				return r < 0 ? r : -EPIPE;
			continue;
		}
		if (r < 0)
			return r;
		r = ctl_dispatch(client, request);
		json_decref(request);
		if (r == 0)
			r = client_flush(client);
		if (r < 0)
			return r;
	}
	return 0;
}

static int on_client(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct ctl_client *client = userdata;
	int r;

	(void)source;
	(void)fd;
	r = events & (EPOLLOUT | EPOLLERR | EPOLLHUP) ? client_flush(client) : 0;
	/* What came before the other end hung up is still answered, as far as it listens. */
	if (r >= 0 && ctl_buffer_len(&client->out) == 0)
		r = client_serve(client);
	if (r < 0)
		client_drop(client);
	return 0;
}

static bool may_use(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return false;
	return peer.uid == 0 || peer.uid == geteuid();
}

/* One line to somebody who is not served; whether it arrives does not matter. */
static void turn_away(int fd, const char *message)
{
	(void)!send(fd, message, strlen(message) + 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int client_new(struct ctl_server *server, int fd)
{
	struct ctl_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	r = sd_event_add_io(server->event, &client->source, fd, EPOLLIN, on_client, client);
	if (r < 0) {
		free(client);
		return r;
	}
	client->server = server;
	client->fd = fd;
	client->next = server->clients;
	server->clients = client;
	server->n_client++;
	return 0;
}

static int on_pause_over(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct ctl_server *server = userdata;

	(void)source;
	(void)usec;
	return sd_event_source_set_enabled(server->listener, SD_EVENT_ON);
}

static int on_listener(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct ctl_server *server = userdata;

	(void)events;
	for (int i = 0; i < ACCEPT_BATCH; i++) {
		int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (client < 0) {
			if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS &&
			    errno != ENOMEM)
				return 0;
			/* The connection stays pending, and would wake us over and over. */
			server->pause = sd_event_source_disable_unref(server->pause);
			if (sd_event_add_time_relative(server->event, &server->pause,
						       CLOCK_MONOTONIC, ACCEPT_PAUSE_USEC, 0,
						       on_pause_over, server) >= 0)
				sd_event_source_set_enabled(source, SD_EVENT_OFF);
			return 0;
		}
		if (!may_use(client)) {
			turn_away(client, "{\"error\":\"org.varlink.service.PermissionDenied\","
					  "\"parameters\":{}}");
			close(client);
		} else if (server->n_client >= CTL_CLIENTS_MAX) {
			turn_away(client,
				  "{\"error\":\"" CTL_INTERFACE ".Busy\",\"parameters\":{}}");
			close(client);
		} else if (client_new(server, client) < 0) {
			close(client);
		}
	}
	return 0;
}

/* Held as long as we live; tells a second instance apart from what a dead one left. */
static int take_lock(const char *run_dir, const char *name)
{
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	int fd, r;

	snprintf(path, sizeof(path), "%s/%s.lock", run_dir, name);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? -EADDRINUSE : -errno;
		close(fd);
		return r;
	}
	return fd;
}

static int listen_at(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r;

	if (fd < 0)
		return -errno;
	/* The mode is the inode's from the moment when it appears. */
	if (fchmod(fd, 0600) < 0 || (unlink(address->sun_path) < 0 && errno != ENOENT) ||
	    bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ||
	    listen(fd, CTL_CLIENTS_MAX) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

int ctl_server_new(sd_event *event, const struct ctl_config *config, struct ctl_server **ret)
{
	const char *run_dir = config->run_dir ? config->run_dir : CTL_RUN_DIR;
	struct ctl_server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	server->config = *config;
	server->lock_fd = server->fd = -1;
	clock_gettime(CLOCK_REALTIME, &server->since);
	clock_gettime(CLOCK_MONOTONIC, &server->since_monotonic);

	r = ctl_socket_address(run_dir, config->name, &server->address);
	if (r < 0)
		goto fail;
	if (mkdir(run_dir, 0755) < 0 && errno != EEXIST) {
		r = -errno;
		goto fail;
	}
	r = server->lock_fd = take_lock(run_dir, config->name);
	if (r < 0)
		goto fail;
	r = server->fd = listen_at(&server->address);
	if (r < 0)
		goto fail;
	server->event = sd_event_ref(event);
	r = sd_event_add_io(event, &server->listener, server->fd, EPOLLIN, on_listener, server);
	if (r < 0)
		goto fail;
	*ret = server;
	return 0;

fail:
	ctl_server_free(server);
	return r;
}

struct ctl_server *ctl_server_free(struct ctl_server *server)
{
	if (!server)
		return NULL;
	while (server->clients)
		client_drop(server->clients);
	sd_event_source_disable_unref(server->listener);
	sd_event_source_disable_unref(server->pause);
	if (server->fd >= 0) {
		close(server->fd);
		unlink(server->address.sun_path);
	}
	/* The lock's file stays: who removed it could remove that of a newer instance. */
	if (server->lock_fd >= 0)
		close(server->lock_fd);
	sd_event_unref(server->event);
	free(server);
	return NULL;
}

void ctl_server_explain(int err, const struct ctl_config *config, char *buf, size_t size)
{
	const char *run_dir = config->run_dir ? config->run_dir : CTL_RUN_DIR;

	switch (-err) {
	case EADDRINUSE:
		snprintf(
			buf, size,
			"another %s is running with %s; stop it first, or give this one its own --run-dir",
			config->name, run_dir);
		break;
	case ENAMETOOLONG:
		snprintf(buf, size, "%s is too long for a socket; name a shorter --run-dir",
			 run_dir);
		break;
	case EACCES:
	case EPERM:
		snprintf(
			buf, size,
			"%s may not be written to by user %u; start %s as root or by its unit, or name another --run-dir",
			run_dir, (unsigned int)geteuid(), config->name);
		break;
	case ENOENT:
	case ENOTDIR:
		snprintf(
			buf, size,
			"%s cannot be made: %s; make the directory above it, or name another --run-dir",
			run_dir, strerror(-err));
		break;
	default:
		snprintf(buf, size, "no control socket %s/%s.sock: %s", run_dir, config->name,
			 strerror(-err));
		break;
	}
}

bool ctl_server_watched(const struct ctl_server *server)
{
	return server && server->n_monitor > 0;
}

void ctl_server_event(struct ctl_server *server, json_t *event)
{
	struct ctl_client *client, *next;
	json_t *message = NULL;
	char *text = NULL;
	int r;

	if (!ctl_server_watched(server) || !event)
		goto out;
	json_object_set_new(event, "time", ctl_json_now());
	json_object_set_new(event, "daemon", json_string(server->config.name));
	message = json_pack("{s:{s:O}, s:b}", "parameters", "event", event, "continues", 1);
	text = message ? json_dumps(message, JSON_COMPACT) : NULL;
	if (!text)
		goto out;
	for (client = server->clients; client; client = next) {
		next = client->next;
		if (!client->monitor)
			continue;
		r = ctl_buffer_put_text(&client->out, text, strlen(text), CTL_MONITOR_BACKLOG_MAX);
		if (r == 0)
			r = client_flush(client);
		if (r < 0)
			client_drop(client);
	}
out:
	free(text);
	json_decref(message);
	json_decref(event);
}
