/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MIPSOCK from user space: a typed client of the generic netlink family of
 * include/uapi/linux/mipsock.h. Daemons and mipctl use the same functions.
 *
 * An object has two sockets. On one, requests go out and answers come in; the
 * other one hears the topics that were subscribed to, so that an overrun of
 * events never loses an answer. The object acts in the network namespace in
 * which it was opened.
 *
 * Requests are queued and go out many in one system call. mipsock_sync() sends
 * what is queued and waits until all of it is answered (the kernel answers
 * before send() returns, so this does not block). For one request at a time:
 *
 *	r = mipsock_bc_remove(ms, &hoa, bid, false, NULL, NULL, 0);
 *	if (r >= 0)
 *		r = mipsock_sync(ms);
 *	if (r < 0)
 *		fprintf(stderr, "%s\n", mipsock_error(ms));
 *
 * Times are in microseconds, lifetimes count from now on; the kernel keeps
 * milliseconds and we round up, so that an entry never goes too early, and a
 * lifetime which the kernel cannot hold becomes the longest that it can.
 * Addresses are in network byte order, other numbers in host byte order.
 *
 * Every function returns 0 or a positive number on success and -errno on
 * failure. ret_ parameters are not touched on failure. Nothing here logs.
 */
#ifndef MIP_IO_MIPSOCK_H
#define MIP_IO_MIPSOCK_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/mipsock.h>
#include <mip/binding.h>

struct mipsock;

/* Topics for mipsock_subscribe(), one bit each. */
#define MIPSOCK_TOPIC_BC   0x01U
#define MIPSOCK_TOPIC_BUL  0x02U
#define MIPSOCK_TOPIC_MD   0x04U
#define MIPSOCK_TOPIC_HINT 0x08U
#define MIPSOCK_TOPIC_ALL  0x0fU

/* A binding cache entry as the kernel tells it. */
struct mipsock_bc {
	struct mip_bce bce; /* lifetime_usec: what is left */
	uint64_t lifetime_initial_usec; /* what was given; 0 in MIPM_BC_REMOVE events without it */
	enum mipsock_reason reason; /* events only, else MIPSOCK_REASON_UNSPEC */
};

struct mipsock_bul {
	struct mip_bule bule;
	uint64_t lifetime_initial_usec;
	enum mipsock_reason reason;
};

/* MIPM_MD_INFO. coa is :: and ifindex 0 where the command has none. */
struct mipsock_md {
	enum mipsock_md_cmd cmd;
	bool has_hoa; /* else it speaks of every home address */
	struct in6_addr hoa;
	uint8_t hoa_plen; /* 0: not told */
	struct in6_addr coa;
	uint16_t bid;
	uint32_t ifindex;
};

/* MIPM_HOME_HINT, MIPM_RR_HINT, MIPM_BE_HINT; fields that a hint has not are zero. */
struct mipsock_hint {
	enum mipsock_msg type;
	struct in6_addr hoa;
	struct in6_addr peer;
	struct in6_addr local;
	uint32_t ifindex;
	uint8_t be_status;
};

/* Outcome of mipsock_dad_start(). */
struct mipsock_dad {
	struct in6_addr hoa;
	uint32_t ifindex;
	enum mipsock_dad_result result;
};

/* name and help are good during the call only. */
struct mipsock_stat {
	uint32_t id;
	const char *name;
	const char *help;
	uint64_t value;
};

/*
 * What is heard. type says which member is set:
 *   MIPM_BC_ADD, MIPM_BC_REMOVE	bc
 *   MIPM_BUL_ADD, MIPM_BUL_DELETE	bul
 *   MIPM_MD_INFO			md
 *   MIPM_HOME_HINT, _RR_HINT, _BE_HINT	hint
 *   MIPM_DAD				dad (only to who asked)
 * own: it came about by a request of this very object.
 */
struct mipsock_event {
	enum mipsock_msg type;
	bool own;
	union {
		struct mipsock_bc bc;
		struct mipsock_bul bul;
		struct mipsock_md md;
		struct mipsock_hint hint;
		struct mipsock_dad dad;
	};
};

/*
 * event: called by mipsock_dispatch() for every event.
 * overrun: events were lost (ENOBUFS); whoever keeps a picture of a table must
 * dump it again. May be NULL where nobody keeps one.
 */
struct mipsock_ops {
	void (*event)(const struct mipsock_event *ev, void *userdata);
	void (*overrun)(void *userdata);
};

/*
 * Answer to one request: err is 0 or -errno; text is the kernel's sentence
 * (extack) or strerror's, NULL when err is 0, and good during the call only.
 * May queue new requests.
 */
typedef void (*mipsock_done_fn)(void *userdata, uint64_t id, int err, const char *text);

/*
 * Opens both sockets and finds the family (which loads the module where the
 * kernel can do so). ops may be NULL when no topic will be subscribed to.
 * -ENOENT: the kernel has no family MIPSOCK, the module is absent.
 */
int mipsock_open(struct mipsock **ret, const struct mipsock_ops *ops, void *userdata);
struct mipsock *mipsock_close(struct mipsock *ms); /* takes NULL, returns NULL */

/* Text for the last failure of any function on this object; never NULL. */
const char *mipsock_error(const struct mipsock *ms);

/*
 * To be polled for reading; on either, call mipsock_dispatch(). -EBADF before
 * mipsock_subscribe() for the events' descriptor.
 */
int mipsock_request_fd(const struct mipsock *ms);
int mipsock_event_fd(const struct mipsock *ms);

/* Takes part in topics from now on. -ENOENT: the kernel has no such group. */
int mipsock_subscribe(struct mipsock *ms, unsigned int topics);

/*
 * Hands out what has come in on both sockets, without waiting, at most about
 * max events (0: all). Returns how many, or -errno when a socket is broken.
 */
int mipsock_dispatch(struct mipsock *ms, unsigned int max);

/*
 * Sends what is queued and takes all answers. Returns the first error among
 * requests that had no done function (those with one are told there), or a
 * socket's error. Events that come in on the request socket (MIPM_DAD) are
 * kept for mipsock_dispatch().
 */
int mipsock_sync(struct mipsock *ms);

/*
 * Requests. Each is queued (-ENOMEM, -EMSGSIZE; when the queue is full it is
 * synced first) and answered at mipsock_sync(). done may be NULL.
 */
int mipsock_nodetype_set(struct mipsock *ms, uint32_t nodetype, uint32_t mask, mipsock_done_fn done,
			 void *userdata, uint64_t id);
int mipsock_bc_add(struct mipsock *ms, const struct mip_bce *bce, mipsock_done_fn done,
		   void *userdata, uint64_t id);
/* Takes away (hoa, bid); with all_bids every binding of hoa. -ENOENT: none there. */
int mipsock_bc_remove(struct mipsock *ms, const struct in6_addr *hoa, uint16_t bid, bool all_bids,
		      mipsock_done_fn done, void *userdata, uint64_t id);
/* flags: only entries that have all of these; 0: every one. */
int mipsock_bc_flush(struct mipsock *ms, uint32_t flags, mipsock_done_fn done, void *userdata,
		     uint64_t id);
int mipsock_bul_add(struct mipsock *ms, const struct mip_bule *bule, mipsock_done_fn done,
		    void *userdata, uint64_t id);
int mipsock_bul_delete(struct mipsock *ms, const struct in6_addr *hoa, const struct in6_addr *peer,
		       uint16_t bid, mipsock_done_fn done, void *userdata, uint64_t id);
int mipsock_bul_flush(struct mipsock *ms, uint32_t flags, mipsock_done_fn done, void *userdata,
		      uint64_t id);
int mipsock_md_info(struct mipsock *ms, const struct mipsock_md *md, mipsock_done_fn done,
		    void *userdata, uint64_t id);
int mipsock_hint(struct mipsock *ms, const struct mipsock_hint *hint, mipsock_done_fn done,
		 void *userdata, uint64_t id);
/* The outcome comes as an MIPM_DAD event. */
int mipsock_dad_start(struct mipsock *ms, const struct in6_addr *hoa, uint32_t ifindex,
		      bool link_local, mipsock_done_fn done, void *userdata, uint64_t id);
int mipsock_dad_stop(struct mipsock *ms, const struct in6_addr *hoa, uint32_t ifindex,
		     mipsock_done_fn done, void *userdata, uint64_t id);

/*
 * Questions, answered before they return (queued requests are synced first).
 * A dump calls fn for each entry; fn returns 0 to go on, or -errno which ends
 * the dump and is returned. A table that changes meanwhile may show an entry
 * twice or (added just now) not at all.
 */
int mipsock_nodetype_get(struct mipsock *ms, uint32_t *ret);
typedef int (*mipsock_bc_fn)(const struct mipsock_bc *bc, void *userdata);
int mipsock_bc_dump(struct mipsock *ms, mipsock_bc_fn fn, void *userdata);
int mipsock_bc_get(struct mipsock *ms, const struct in6_addr *hoa, uint16_t bid,
		   struct mipsock_bc *ret);
typedef int (*mipsock_bul_fn)(const struct mipsock_bul *bul, void *userdata);
int mipsock_bul_dump(struct mipsock *ms, mipsock_bul_fn fn, void *userdata);
int mipsock_bul_get(struct mipsock *ms, const struct in6_addr *hoa, const struct in6_addr *peer,
		    uint16_t bid, struct mipsock_bul *ret);
typedef int (*mipsock_stat_fn)(const struct mipsock_stat *stat, void *userdata);
int mipsock_stats_dump(struct mipsock *ms, mipsock_stat_fn fn, void *userdata);

#endif /* MIP_IO_MIPSOCK_H */
