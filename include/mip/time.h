/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time as the protocol core sees it: a parameter, never a call.
 */
#ifndef MIP_TIME_H
#define MIP_TIME_H

#include <stdint.h>

#define MIP_USEC_PER_SEC  UINT64_C(1000000)
#define MIP_USEC_PER_MSEC UINT64_C(1000)

/* "Never": what next_deadline() answers when nothing is waited for. */
#define MIP_USEC_INFINITY UINT64_MAX

/* One unit of a lifetime on the wire is 4 seconds (RFC 6275 section 6.1.7). */
#define MIP_USEC_PER_LIFETIME_UNIT (4 * MIP_USEC_PER_SEC)

/*
 * Two clocks, read by the caller at the same moment. usec never goes back and
 * carries every timer. ntp may step; it is used for nothing but RFC 4285
 * timestamps (NTP format: seconds since 1900 in the high 32 bits).
 */
struct mip_time {
	uint64_t usec;
	uint64_t ntp;
};

#endif /* MIP_TIME_H */
