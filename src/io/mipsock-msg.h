/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MIPSOCK messages to and from structures; part of mipsock.c.
 *
 * The put functions return 0 or -EMSGSIZE when the message has no more room.
 * The read functions return 0, or -EBADMSG when an attribute that belongs
 * there is missing or makes no sense; *ret is then not touched.
 */
#ifndef MIP_IO_MIPSOCK_MSG_H
#define MIP_IO_MIPSOCK_MSG_H

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "mipsock.h"

/* Microseconds to the kernel's milliseconds, rounded up, the longest at most; and back. */
uint32_t mipsock_msec(uint64_t usec);
uint64_t mipsock_usec(uint32_t msec);

int mipsock_put_bce(struct nl_msg *msg, const struct mip_bce *bce);
int mipsock_put_bule(struct nl_msg *msg, const struct mip_bule *bule);
int mipsock_put_md(struct nl_msg *msg, const struct mipsock_md *md);
int mipsock_put_hint(struct nl_msg *msg, const struct mipsock_hint *hint);
int mipsock_put_addr(struct nl_msg *msg, int attr, const struct in6_addr *addr);

/* ret_tb: MIPA_MAX + 1 pointers. */
int mipsock_parse(struct nlmsghdr *nlh, struct nlattr **ret_tb);
int mipsock_read_bc(struct nlattr **tb, struct mipsock_bc *ret);
int mipsock_read_bul(struct nlattr **tb, struct mipsock_bul *ret);
int mipsock_read_md(struct nlattr **tb, struct mipsock_md *ret);
int mipsock_read_hint(struct nlattr **tb, enum mipsock_msg type, struct mipsock_hint *ret);
int mipsock_read_dad(struct nlattr **tb, struct mipsock_dad *ret);
int mipsock_read_stat(struct nlattr **tb, struct mipsock_stat *ret);

/* An event from its message; own is for the caller to set. -EBADMSG: not an event that we know. */
int mipsock_read_event(struct nlmsghdr *nlh, struct mipsock_event *ret);

#endif /* MIP_IO_MIPSOCK_MSG_H */
