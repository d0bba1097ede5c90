/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mobility Header messages on raw sockets (RFC 3542, RFC 4584).
 *
 * Two sockets: on the one that receives, the kernel verifies the checksum
 * (with the home address in the pseudo-header, since it has swapped it in by
 * then); on the one that sends it keeps its hands off, because the codec has
 * put the checksum in.
 *
 * What the kernel hands up after swapping is turned back into what was on the
 * wire: with a Home Address option the packet's source is the home address and
 * the option holds the care-of address; the same with destination and type 2
 * routing header.
 *
 * Functions return 0 or a positive number, or -errno.
 */
#ifndef MIP_IO_MH_H
#define MIP_IO_MH_H

#include <stdint.h>

#include <mip/action.h>
#include <mip/event.h>

#define MH_BATCH 64 /* messages of one system call */

struct mh;

/* Why a message did not reach the role, or could not be sent. */
struct mh_counters {
	uint64_t received;
	uint64_t sent;
	uint64_t truncated; /* longer than any Mobility Header, or with too long extension headers */
	uint64_t no_pktinfo; /* the kernel did not say where it came from */
	uint64_t bad_header; /* HAO or RH2 that cannot be read */
	uint64_t icmp_errors; /* errors that came back for what we sent; not acted upon */
	uint64_t send_errors;
};

/* ev is good during the call. */
typedef void (*mh_receive_fn)(void *userdata, const struct mip_event *ev);
/* id of the action, err = -errno. */
typedef void (*mh_failed_fn)(void *userdata, uint64_t id, int err);

/* -EPERM without CAP_NET_RAW. failed is called by mh_flush(). */
int mh_open(struct mh **ret, mh_failed_fn failed, void *userdata);
struct mh *mh_close(struct mh *mh); /* takes NULL, returns NULL */
int mh_fd(const struct mh *mh); /* poll for reading, then mh_receive() */

/* Messages that come in on this interface are marked as tunnelled. 0: none. */
void mh_set_tunnel(struct mh *mh, uint32_t ifindex);

/* Reads one batch, without waiting, and calls fn for each message. Returns how many were read. */
int mh_receive(struct mh *mh, mh_receive_fn fn, void *userdata);

/* Queues a copy of the message; a full queue is flushed first. */
void mh_send(struct mh *mh, const struct mip_act_send_mh *msg);

/* Sends what is queued. */
void mh_flush(struct mh *mh);

const struct mh_counters *mh_get_counters(const struct mh *mh);

#endif /* MIP_IO_MH_H */
