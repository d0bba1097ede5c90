// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Netlink requests in batches. One buffer holds the messages of a batch, one
 * array their owners; sync() moves the array to its stack before it calls
 * anybody, so a done function may queue and even sync again.
 */
#include "nlbatch.h"

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <netlink/attr.h>
#include <netlink/netlink.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

#define RCVBUF_OCTETS (1024 * 1024)
#define DISCARD_MAX   1000000
#define RECV_OCTETS   65536 /* the kernel fills at most 32 kB for a dump */
#define ANSWER_MSEC   10000 /* an answer that takes longer will not come */

struct request {
	uint32_t seq;
	bool answered;
	int err;
	char *text;
	nlbatch_done_fn done;
	void *userdata;
	uint64_t id;
};

struct unasked {
	struct unasked *next;
	uint32_t len;
	struct nlmsghdr nlh[]; /* the message, aligned */
};

struct nlbatch {
	struct nl_sock *sock;
	int fd;
	uint32_t seq;
	unsigned int n;
	struct request request[NLBATCH_REQUESTS_MAX];
	size_t used;
	char error[NLBATCH_TEXT_MAX];
	struct unasked *unasked, **unasked_tail;
	unsigned int n_unasked;
	bool asking; /* recv_buf is in use */
	char buf[NLBATCH_REQUESTS_MAX * 1024] __attribute__((aligned(8)));
	char recv_buf[RECV_OCTETS] __attribute__((aligned(8)));
};

void nlbatch_set_rcvbuf(int fd, int octets)
{
	/* Without the privilege the system's limit holds; an overrun is then earlier, not worse. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
}

void nlbatch_discard(int fd)
{
	char octet;

	/* Bounded, so that a flood of events cannot hold us; then it overruns again. */
	for (unsigned int i = 0; i < DISCARD_MAX; i++)
		if (recv(fd, &octet, sizeof(octet), MSG_DONTWAIT | MSG_TRUNC) < 0 &&
		    errno != ENOBUFS && errno != EINTR)
			return;
}

int nlbatch_open(struct nlbatch **ret, int protocol)
{
	struct nlbatch *nb = calloc(1, sizeof(*nb));
	struct timespec now;
	int on = 1;
	int r;

	if (!nb)
		return -ENOMEM;
	nb->fd = -1;
	nb->unasked_tail = &nb->unasked;
	nb->sock = nl_socket_alloc();
	if (!nb->sock) {
		nlbatch_close(nb);
		return -ENOMEM;
	}
	nl_socket_disable_seq_check(nb->sock);
	r = nl_connect(nb->sock, protocol);
	if (r < 0) {
		/* libnl has numbers of its own; the socket call's errno is still the reason. */
		r = errno ? -errno : -EIO;
		nlbatch_close(nb);
		return r;
	}
	nb->fd = nl_socket_get_fd(nb->sock);
	nlbatch_set_rcvbuf(nb->fd, RCVBUF_OCTETS);
	(void)setsockopt(nb->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	(void)setsockopt(nb->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	(void)setsockopt(nb->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	clock_gettime(CLOCK_MONOTONIC, &now);
	nb->seq = (uint32_t)now.tv_nsec | 1;
	*ret = nb;
	return 0;
}

struct nlbatch *nlbatch_close(struct nlbatch *nb)
{
	struct unasked *u;

	if (!nb)
		return NULL;
	while ((u = nb->unasked)) {
		nb->unasked = u->next;
		free(u);
	}
	nl_socket_free(nb->sock);
	free(nb);
	return NULL;
}

struct nl_sock *nlbatch_sock(const struct nlbatch *nb)
{
	return nb->sock;
}

int nlbatch_fd(const struct nlbatch *nb)
{
	return nb->fd;
}

uint32_t nlbatch_portid(const struct nlbatch *nb)
{
	return nl_socket_get_local_port(nb->sock);
}

const char *nlbatch_error(const struct nlbatch *nb)
{
	return nb->error;
}

void nlbatch_set_error(struct nlbatch *nb, int err, const char *text)
{
	snprintf(nb->error, sizeof(nb->error), "%s", text ? text : strerror(-err));
}

int nlbatch_add(struct nlbatch *nb, struct nl_msg *msg, nlbatch_done_fn done, void *userdata,
		uint64_t id)
{
	struct nlmsghdr *nlh;
	struct request *req;
	size_t len;
	int r;

	if (!msg) {
		nlbatch_set_error(nb, -ENOMEM, NULL);
		return -ENOMEM;
	}
	nlh = nlmsg_hdr(msg);
	len = NLMSG_ALIGN(nlh->nlmsg_len);
	if (len > NLBATCH_MSG_MAX) {
		nlmsg_free(msg);
		nlbatch_set_error(nb, -EMSGSIZE, NULL);
		return -EMSGSIZE;
	}
	if (nb->n == NLBATCH_REQUESTS_MAX || nb->used + len > sizeof(nb->buf)) {
		r = nlbatch_sync(nb);
		if (r < 0) {
			nlmsg_free(msg);
			return r;
		}
	}
	if (++nb->seq == 0)
		nb->seq = 1;
	nlh->nlmsg_seq = nb->seq;
	nlh->nlmsg_pid = nlbatch_portid(nb);
	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	memset(nb->buf + nb->used, 0, len);
	memcpy(nb->buf + nb->used, nlh, nlh->nlmsg_len);
	nb->used += len;
	nlmsg_free(msg);

	req = &nb->request[nb->n++];
	*req = (struct request){
		.seq = nb->seq,
		.done = done,
		.userdata = userdata,
		.id = id,
	};
	return 0;
}

static int send_all(struct nlbatch *nb, const void *buf, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t n;

	do
		n = sendto(nb->fd, buf, len, 0, (struct sockaddr *)&kernel, sizeof(kernel));
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* One datagram from the kernel into recv_buf, or -EAGAIN when none is there and we may not wait. */
static ssize_t receive(struct nlbatch *nb, bool wait)
{
	struct sockaddr_nl from;
	socklen_t from_len;
	ssize_t n;

	for (;;) {
		from_len = sizeof(from);
		n = recvfrom(nb->fd, nb->recv_buf, sizeof(nb->recv_buf), MSG_DONTWAIT | MSG_TRUNC,
			     (struct sockaddr *)&from, &from_len);
		if (n >= 0) {
			/* Only the kernel speaks to us, whatever another process sends. */
			if (from_len != sizeof(from) || from.nl_pid != 0)
				continue;
			if ((size_t)n > sizeof(nb->recv_buf))
				return -EMSGSIZE;
			return n;
		}
		if (errno == EINTR)
			continue;
		if (errno == EAGAIN && wait) {
			struct pollfd p = { .fd = nb->fd, .events = POLLIN };
			int r = poll(&p, 1, ANSWER_MSEC);

			if (r == 0)
				return -ETIMEDOUT;
			if (r < 0 && errno != EINTR)
				return -errno;
			continue;
		}
		return -errno;
	}
}

/* err and text (or NULL) of an NLMSG_ERROR; -EBADMSG when it is cut short. */
static int read_error(struct nlmsghdr *nlh, const char **ret_text)
{
	struct nlmsgerr *e = NLMSG_DATA(nlh);
	struct nlattr *attr;
	size_t off = sizeof(*e);
	int rem;

	*ret_text = NULL;
	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*e)))
		return -EBADMSG;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || e->error > 0)
		return e->error > 0 ? -EBADMSG : e->error;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
		if (e->msg.nlmsg_len < sizeof(e->msg))
			return e->error;
		off += NLMSG_ALIGN(e->msg.nlmsg_len) - sizeof(e->msg);
	}
	if (nlh->nlmsg_len < NLMSG_LENGTH(off))
		return e->error;
	rem = (int)(nlh->nlmsg_len - NLMSG_LENGTH(off));
	nla_for_each_attr(attr, (struct nlattr *)(void *)((char *)e + off), rem, rem) {
		const char *s = nla_data(attr);

		if (nla_type(attr) == NLMSGERR_ATTR_MSG && nla_len(attr) > 1 &&
		    s[nla_len(attr) - 1] == '\0')
			*ret_text = s;
	}
	return e->error;
}

/* Keeps a message that answers none of our requests for nlbatch_dispatch(). */
static void keep_unasked(struct nlbatch *nb, const struct nlmsghdr *nlh)
{
	struct unasked *u;

	if (nlh->nlmsg_type < NLMSG_MIN_TYPE || nb->n_unasked == NLBATCH_UNASKED_MAX)
		return;
	u = malloc(sizeof(*u) + NLMSG_ALIGN(nlh->nlmsg_len));
	if (!u)
		return;
	u->next = NULL;
	u->len = nlh->nlmsg_len;
	memcpy(u->nlh, nlh, nlh->nlmsg_len);
	*nb->unasked_tail = u;
	nb->unasked_tail = &u->next;
	nb->n_unasked++;
}

static struct request *find_request(struct request *req, unsigned int n, uint32_t seq)
{
	for (unsigned int i = 0; i < n; i++)
		if (req[i].seq == seq)
			return &req[i];
	return NULL;
}

static int take_answers(struct nlbatch *nb, struct request *req, unsigned int n)
{
	unsigned int left = n;

	while (left > 0) {
		struct nlmsghdr *nlh = (void *)nb->recv_buf;
		ssize_t got = receive(nb, true);
		int rem = (int)got;

		if (got < 0)
			return (int)got;
		for (; nlmsg_ok(nlh, rem); nlh = nlmsg_next(nlh, &rem)) {
			struct request *q = find_request(req, n, nlh->nlmsg_seq);
			const char *text;

			if (nlh->nlmsg_type != NLMSG_ERROR || !q) {
				keep_unasked(nb, nlh);
				continue;
			}
			if (q->answered)
				continue;
			q->answered = true;
			left--;
			q->err = read_error(nlh, &text);
			if (q->err < 0 && text)
				q->text = strdup(text);
		}
	}
	return 0;
}

int nlbatch_sync(struct nlbatch *nb)
{
	int result = 0;

	if (nb->asking && nb->n > 0)
		return -EBUSY;
	while (nb->n > 0) {
		struct request req[NLBATCH_REQUESTS_MAX];
		unsigned int n = nb->n;
		size_t used = nb->used;
		int r;

		memcpy(req, nb->request, n * sizeof(*req));
		nb->n = 0;
		nb->used = 0;
		r = send_all(nb, nb->buf, used);
		if (r == 0)
			r = take_answers(nb, req, n);
		if (r < 0) {
			if (result == 0)
				result = r;
			nlbatch_set_error(nb, r, NULL);
		}
		for (unsigned int i = 0; i < n; i++) {
			const char *text;

			if (!req[i].answered)
				req[i].err = r < 0 ? r : -EIO;
			text = req[i].text ? req[i].text : strerror(-req[i].err);
			if (req[i].err < 0)
				nlbatch_set_error(nb, req[i].err, text);
			if (req[i].done)
				req[i].done(req[i].userdata, req[i].id, req[i].err,
					    req[i].err < 0 ? text : NULL);
			else if (req[i].err < 0 && result == 0)
				result = req[i].err;
			free(req[i].text);
		}
	}
	return result;
}

int nlbatch_ask(struct nlbatch *nb, struct nl_msg *msg, nlbatch_msg_fn fn, void *userdata)
{
	bool interrupted = false, end = false;
	struct nlmsghdr *nlh;
	int result = 0;
	uint32_t seq;
	int r;

	if (!msg) {
		nlbatch_set_error(nb, -ENOMEM, NULL);
		return -ENOMEM;
	}
	r = nlbatch_sync(nb);
	if (r < 0) {
		nlmsg_free(msg);
		return r;
	}
	if (++nb->seq == 0)
		nb->seq = 1;
	seq = nb->seq;
	nlh = nlmsg_hdr(msg);
	nlh->nlmsg_seq = seq;
	nlh->nlmsg_pid = nlbatch_portid(nb);
	/* A dump ends with NLMSG_DONE, everything else with the acknowledgement. */
	nlh->nlmsg_flags |= NLM_F_REQUEST;
	if (!(nlh->nlmsg_flags & NLM_F_DUMP))
		nlh->nlmsg_flags |= NLM_F_ACK;
	r = send_all(nb, nlh, nlh->nlmsg_len);
	nlmsg_free(msg);
	if (r < 0) {
		nlbatch_set_error(nb, r, NULL);
		return r;
	}
	/* Read to the end even when fn gives up: the socket is used again. */
	while (!end) {
		ssize_t got = receive(nb, true);
		int rem = (int)got;

		if (got < 0) {
			nlbatch_set_error(nb, (int)got, NULL);
			return (int)got;
		}
		nlh = (void *)nb->recv_buf;
		for (; nlmsg_ok(nlh, rem); nlh = nlmsg_next(nlh, &rem)) {
			const char *text = NULL;

			if (nlh->nlmsg_seq != seq) {
				keep_unasked(nb, nlh);
				continue;
			}
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = true;
			if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
				if (nlh->nlmsg_type == NLMSG_ERROR)
					r = read_error(nlh, &text);
				else if (nlh->nlmsg_len >= NLMSG_LENGTH(sizeof(int)))
					memcpy(&r, NLMSG_DATA(nlh), sizeof(r));
				end = true;
				if (r < 0 && result == 0) {
					result = r;
					nlbatch_set_error(nb, r, text);
				}
				break;
			}
			if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && result == 0) {
				nb->asking = true;
				result = fn(nlh, userdata);
				nb->asking = false;
				if (result < 0)
					nlbatch_set_error(nb, result, NULL);
			}
		}
	}
	if (result == 0 && interrupted)
		result = -EINTR;
	return result;
}

int nlbatch_dispatch(struct nlbatch *nb, nlbatch_msg_fn fn, void *userdata)
{
	unsigned int budget;
	int count = 0;

	for (;;) {
		struct nlmsghdr *nlh = (void *)nb->recv_buf;
		ssize_t got = receive(nb, false);
		int rem = (int)got;

		if (got == -EAGAIN || got == -ENOBUFS)
			break;
		if (got < 0)
			return (int)got;
		for (; nlmsg_ok(nlh, rem); nlh = nlmsg_next(nlh, &rem))
			keep_unasked(nb, nlh);
	}
	/* fn may make requests whose answers bring more of these; those are for the next call. */
	for (budget = nb->n_unasked; budget > 0 && nb->unasked; budget--) {
		struct unasked *u = nb->unasked;
		int r;

		nb->unasked = u->next;
		if (!nb->unasked)
			nb->unasked_tail = &nb->unasked;
		nb->n_unasked--;
		r = fn(u->nlh, userdata);
		free(u);
		if (r < 0)
			return r;
		count++;
	}
	return count;
}
