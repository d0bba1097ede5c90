// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control socket's other side, for mipctl.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "ctl.h"

#define MONITOR_START_MSEC 5000

static int64_t now_msec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int wait_for(int fd, short events, int64_t deadline)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = deadline - now_msec();
		int r = poll(&pfd, 1, left > 0 ? (int)left : 0);

		if (r > 0)
			return 0;
		if (r == 0)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}

/* Connects and sends one request. Returns a descriptor. */
static int start(const char *run_dir, const char *name, const char *method, json_t *parameters,
		 bool more, int64_t deadline)
{
	struct ctl_buffer out = { 0 };
	struct sockaddr_un address;
	json_t *request;
	int fd, r;

	r = ctl_socket_address(run_dir ? run_dir : CTL_RUN_DIR, name, &address);
	if (r < 0)
		return r;
	request = json_pack("{s:s, s:o}", "method", method, "parameters",
			    parameters ? json_incref(parameters) : json_object());
	if (!request || (more && json_object_set_new(request, "more", json_true()) < 0)) {
		json_decref(request);
		return -ENOMEM;
	}
	r = ctl_buffer_put(&out, request, CTL_REQUEST_MAX);
	json_decref(request);
	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		r = -errno;
		goto fail;
	}
	while ((r = ctl_buffer_write(&out, fd)) == 0) {
		r = wait_for(fd, POLLOUT, deadline);
		if (r < 0)
			break;
	}
	/* Who turned us away has said why before it closed. */
	if (r < 0 && r != -EPIPE)
		goto fail;
	ctl_buffer_done(&out);
	return fd;

fail:
	ctl_buffer_done(&out);
	if (fd >= 0)
		close(fd);
	return r;
}

/* The next whole answer, waiting until deadline. */
static int receive(struct ctl_buffer *in, int fd, int64_t deadline, json_t **ret)
{
	int r;

	while ((r = ctl_buffer_get(in, ret)) == -EAGAIN) {
		r = ctl_buffer_read(in, fd, CTL_BACKLOG_MAX);
		if (r == -EAGAIN)
			r = wait_for(fd, POLLIN, deadline);
		else if (r == 0)
			r = -ECONNRESET;
		if (r < 0)
			return r == -ENOBUFS ? -EBADMSG : r;
	}
	return r;
}

/* An answer's parameters, or the error in it. Takes over message. */
static int unwrap(json_t *message, json_t **ret)
{
	const char *error = json_string_value(json_object_get(message, "error"));
	json_t *parameters = json_object_get(message, "parameters");
	int r = 0;

	if (error && !strcmp(error, "org.varlink.service.PermissionDenied"))
		r = -EPERM;
	else if (error && !strcmp(error, CTL_INTERFACE ".Busy"))
		r = -EBUSY;
	else if (error)
		r = -EREMOTE;
	else if (!json_is_object(parameters))
		r = -EBADMSG;
	if (r == 0)
		*ret = json_incref(parameters);
	else if (r == -EREMOTE)
		*ret = json_incref(message);
	json_decref(message);
	return r;
}

int ctl_call(const char *run_dir, const char *name, const char *method, json_t *parameters,
	     int timeout_msec, json_t **ret)
{
	int64_t deadline = now_msec() + timeout_msec;
	struct ctl_buffer in = { 0 };
	json_t *message;
	int fd, r;

	fd = start(run_dir, name, method, parameters, false, deadline);
	if (fd < 0)
		return fd;
	r = receive(&in, fd, deadline, &message);
	ctl_buffer_done(&in);
	close(fd);
	return r < 0 ? r : unwrap(message, ret);
}

struct ctl_monitor {
	struct ctl_buffer in;
	int fd;
};

static int take_event(json_t *message, json_t **ret)
{
	json_t *parameters = NULL, *event;
	int r = unwrap(message, &parameters);

	if (r == 0) {
		event = json_object_get(parameters, "event");
		if (json_is_object(event))
			*ret = json_incref(event);
		else
			r = -EBADMSG;
	}
	json_decref(parameters);
	return r;
}

int ctl_monitor_new(const char *run_dir, const char *name, struct ctl_monitor **ret, int *ret_fd)
{
	int64_t deadline = now_msec() + MONITOR_START_MSEC;
	struct ctl_monitor *monitor = calloc(1, sizeof(*monitor));
	json_t *message, *first = NULL;
	int r;

	if (!monitor)
		return -ENOMEM;
	r = monitor->fd = start(run_dir, name, CTL_INTERFACE ".Monitor", NULL, true, deadline);
	if (r >= 0)
		r = receive(&monitor->in, monitor->fd, deadline, &message);
	if (r >= 0)
		r = take_event(message, &first);
	json_decref(first);
	if (r < 0) {
		ctl_monitor_free(monitor);
		return r;
	}
	*ret = monitor;
	*ret_fd = monitor->fd;
	return 0;
}

int ctl_monitor_read(struct ctl_monitor *monitor, json_t **ret)
{
	json_t *message;
	int r;

	while ((r = ctl_buffer_get(&monitor->in, &message)) == -EAGAIN) {
		r = ctl_buffer_read(&monitor->in, monitor->fd, CTL_BACKLOG_MAX);
		if (r == 0)
			return -EPIPE;
		if (r < 0)
			return r;
	}
	return r < 0 ? r : take_event(message, ret);
}

struct ctl_monitor *ctl_monitor_free(struct ctl_monitor *monitor)
{
	if (!monitor)
		return NULL;
	if (monitor->fd >= 0)
		close(monitor->fd);
	ctl_buffer_done(&monitor->in);
	free(monitor);
	return NULL;
}
