/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Neighbor Discovery messages that we send of our own accord (RFC 4861): the
 * unsolicited advertisement and the router solicitation, both with hop limit
 * 255 and without the random delays, and nothing waits for an answer.
 *
 * Functions return 0 or -errno.
 */
#ifndef MIP_IO_ICMP6_H
#define MIP_IO_ICMP6_H

#include <stdint.h>

#include <mip/action.h>

struct icmp6;

int icmp6_open(struct icmp6 **ret); /* -EPERM without CAP_NET_RAW */
struct icmp6 *icmp6_close(struct icmp6 *ic); /* takes NULL, returns NULL */

/*
 * To all nodes of the link, with our link-layer address (RFC 6275 sections
 * 10.4.1 and 11.5.5). An interface without one (-ENODEV: gone) sends it
 * without the option.
 */
int icmp6_send_na(struct icmp6 *ic, const struct mip_act_na *na);

/*
 * To all routers of the link. From the interface's link-local address with our
 * link-layer address; while there is none that may be used, or only an
 * optimistic one (RFC 4429 section 3.2), without the option and from ::.
 */
int icmp6_send_rs(struct icmp6 *ic, uint32_t ifindex);

#endif /* MIP_IO_ICMP6_H */
