/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * varlink's framing for both ends: JSON objects, each followed by a 0 octet.
 * Private to src/ctl.
 */
#ifndef SHISA_CTL_BUFFER_H
#define SHISA_CTL_BUFFER_H

#include <stddef.h>

#include <jansson.h>

/* Octets from start to end wait; what lies before start is done with. */
struct ctl_buffer {
	char *data;
	size_t start;
	size_t end;
	size_t size;
	size_t scanned; /* up to here there is no 0 octet */
};

static inline size_t ctl_buffer_len(const struct ctl_buffer *b)
{
	return b->end - b->start;
}

void ctl_buffer_done(struct ctl_buffer *b);

/* Appends message and its 0. -ENOBUFS when more than max octets would wait; -ENOMEM. */
int ctl_buffer_put(struct ctl_buffer *b, const json_t *message, size_t max);
int ctl_buffer_put_text(struct ctl_buffer *b, const char *text, size_t len, size_t max);

/*
 * Reads once from a non-blocking socket. 1: something came; -EAGAIN: nothing
 * now; 0: end of file; -ENOBUFS: a message longer than max; -errno.
 */
int ctl_buffer_read(struct ctl_buffer *b, int fd, size_t max);

/* Writes what can be written. 1: all is gone; 0: something waits; -errno. */
int ctl_buffer_write(struct ctl_buffer *b, int fd);

/*
 * Takes the next whole message out: 0 and a new reference; -EAGAIN: not there
 * yet; -EBADMSG: it is not a JSON object; -ENOMEM cannot be told from that.
 */
int ctl_buffer_get(struct ctl_buffer *b, json_t **ret);

/* Address of RUNDIR/NAME.sock. -ENAMETOOLONG. */
struct sockaddr_un;
int ctl_socket_address(const char *run_dir, const char *name, struct sockaddr_un *ret);

#endif /* SHISA_CTL_BUFFER_H */
