/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink requests in batches: many messages in one system call, each with its
 * own answer. The kernel handles a request inside send(), so the answers are
 * there when send() returns and nothing here waits for anybody.
 *
 * Used by mipsock (generic netlink) and rtnl. Functions return 0 or a positive
 * number, or -errno.
 */
#ifndef MIP_IO_NLBATCH_H
#define MIP_IO_NLBATCH_H

#include <stddef.h>
#include <stdint.h>

#include <netlink/msg.h>
#include <netlink/socket.h>

#define NLBATCH_REQUESTS_MAX 64
#define NLBATCH_MSG_MAX	     4096 /* octets of one request */
#define NLBATCH_TEXT_MAX     256
#define NLBATCH_UNASKED_MAX  8192 /* messages kept that answer no request */

struct nlbatch;

/* err is 0 or -errno, text is NULL when err is 0, else a sentence, good during the call. */
typedef void (*nlbatch_done_fn)(void *userdata, uint64_t id, int err, const char *text);
/* Returns 0 to go on or -errno to end. */
typedef int (*nlbatch_msg_fn)(struct nlmsghdr *nlh, void *userdata);

int nlbatch_open(struct nlbatch **ret, int protocol);
struct nlbatch *nlbatch_close(struct nlbatch *nb); /* takes NULL, returns NULL */

struct nl_sock *nlbatch_sock(const struct nlbatch *nb);
int nlbatch_fd(const struct nlbatch *nb);
uint32_t nlbatch_portid(const struct nlbatch *nb);
/* Text of the last failure; never NULL. */
const char *nlbatch_error(const struct nlbatch *nb);
void nlbatch_set_error(struct nlbatch *nb, int err, const char *text);

/*
 * Queues a request and takes msg over (also on failure; NULL gives -ENOMEM, so
 * that a failed constructor needs no test). done may be NULL. A full queue is
 * sent first.
 */
int nlbatch_add(struct nlbatch *nb, struct nl_msg *msg, nlbatch_done_fn done, void *userdata,
		uint64_t id);

/*
 * Sends the queue and takes all answers. Returns the first error among the
 * requests without done function, or that of the socket.
 */
int nlbatch_sync(struct nlbatch *nb);

/*
 * Sends one request and hands every message of the answer to fn (several with
 * NLM_F_DUMP). Takes msg over. -EINTR: the table changed during the dump; what
 * was handed out stays valid but may be incomplete.
 */
int nlbatch_ask(struct nlbatch *nb, struct nl_msg *msg, nlbatch_msg_fn fn, void *userdata);

/* Hands out, without waiting, what came in on the socket and answers nothing. Returns how many. */
int nlbatch_dispatch(struct nlbatch *nb, nlbatch_msg_fn fn, void *userdata);

/* Makes room for bursts: octets of receive buffer, by privilege where there is one. */
void nlbatch_set_rcvbuf(int fd, int octets);

/*
 * After an overrun: throws away what is still queued on a socket of events.
 * It is older than the dump that follows, and would undo what that says.
 */
void nlbatch_discard(int fd);

#endif /* MIP_IO_NLBATCH_H */
