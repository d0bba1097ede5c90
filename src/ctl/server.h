/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The server's insides, shared by server.c and dispatch.c. */
#ifndef SHISA_CTL_SERVER_H
#define SHISA_CTL_SERVER_H

#include <sys/un.h>
#include <time.h>

#include "buffer.h"
#include "ctl.h"

struct ctl_client {
	struct ctl_client *next;
	struct ctl_server *server;
	sd_event_source *source;
	int fd;
	bool monitor; /* called Monitor: gets events, and no more answers */
	struct ctl_buffer in;
	struct ctl_buffer out;
};

struct ctl_server {
	struct ctl_config config;
	sd_event *event;
	sd_event_source *listener;
	sd_event_source *pause; /* no descriptors left: listens again when this is over */
	struct sockaddr_un address;
	int fd;
	int lock_fd;
	struct timespec since;
	struct timespec since_monotonic;
	struct ctl_client *clients;
	unsigned int n_client;
	unsigned int n_monitor;
};

/* Answers one request into client->out. -errno: the client is to be dropped. */
int ctl_dispatch(struct ctl_client *client, const json_t *request);

/* "2026-11-23T16:31:05.123Z" */
json_t *ctl_json_time(const struct timespec *t);
json_t *ctl_json_now(void);

#endif /* SHISA_CTL_SERVER_H */
