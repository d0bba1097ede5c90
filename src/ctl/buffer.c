// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * varlink's framing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "buffer.h"

#define ROOM_MIN 4096

void ctl_buffer_done(struct ctl_buffer *b)
{
	free(b->data);
	*b = (struct ctl_buffer){ 0 };
}

/* Makes room for n octets behind end. */
static int reserve(struct ctl_buffer *b, size_t n)
{
	size_t len = ctl_buffer_len(b), size = b->size ? b->size : ROOM_MIN;
	char *data;

	if (b->size - b->end >= n)
		return 0;
	if (b->start) {
		memmove(b->data, b->data + b->start, len);
		b->scanned -= b->start;
		b->start = 0;
		b->end = len;
	}
	while (size - len < n)
		size *= 2;
	if (size == b->size)
		return 0;
	data = realloc(b->data, size);
	if (!data)
		return -ENOMEM;
	b->data = data;
	b->size = size;
	return 0;
}

int ctl_buffer_put_text(struct ctl_buffer *b, const char *text, size_t len, size_t max)
{
	int r;

	if (len >= max || ctl_buffer_len(b) > max - len - 1)
		return -ENOBUFS;
	r = reserve(b, len + 1);
	if (r < 0)
		return r;
	memcpy(b->data + b->end, text, len);
	b->data[b->end + len] = '\0';
	b->end += len + 1;
	return 0;
}

int ctl_buffer_put(struct ctl_buffer *b, const json_t *message, size_t max)
{
	char *text = json_dumps(message, JSON_COMPACT);
	int r;

	if (!text)
		return -ENOMEM;
	r = ctl_buffer_put_text(b, text, strlen(text), max);
	free(text);
	return r;
}

int ctl_buffer_read(struct ctl_buffer *b, int fd, size_t max)
{
	ssize_t n;
	int r;

	if (ctl_buffer_len(b) > max)
		return -ENOBUFS;
	r = reserve(b, ROOM_MIN);
	if (r < 0)
		return r;
	do {
		n = recv(fd, b->data + b->end, b->size - b->end, MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	b->end += (size_t)n;
	return n > 0;
}

int ctl_buffer_write(struct ctl_buffer *b, int fd)
{
	while (ctl_buffer_len(b)) {
		ssize_t n = send(fd, b->data + b->start, ctl_buffer_len(b),
				 MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (n < 0)
			return -errno;
		b->start += (size_t)n;
	}
	/* A long answer's memory is not kept. */
	ctl_buffer_done(b);
	return 1;
}

int ctl_buffer_get(struct ctl_buffer *b, json_t **ret)
{
	size_t from = b->scanned > b->start ? b->scanned : b->start;
	const char *end = b->end > from ? memchr(b->data + from, '\0', b->end - from) : NULL;
	json_t *message;

	if (!end) {
		b->scanned = b->end;
		return -EAGAIN;
	}
	message = json_loadb(b->data + b->start, (size_t)(end - b->data) - b->start,
			     JSON_REJECT_DUPLICATES, NULL);
	b->start = b->scanned = (size_t)(end - b->data) + 1;
	if (!json_is_object(message)) {
		json_decref(message);
		return -EBADMSG;
	}
	*ret = message;
	return 0;
}

int ctl_socket_address(const char *run_dir, const char *name, struct sockaddr_un *ret)
{
	int n;

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s/%s.sock", run_dir, name);
	return n < 0 || (size_t)n >= sizeof(ret->sun_path) ? -ENAMETOOLONG : 0;
}
