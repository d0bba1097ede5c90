// SPDX-License-Identifier: GPL-2.0-or-later
#include "clock.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

/* Seconds from the NTP era (1900) to the Unix epoch, RFC 5905 section 6. */
#define NTP_UNIX_OFFSET UINT64_C(2208988800)

uint64_t clock_usec(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * MIP_USEC_PER_SEC + (uint64_t)ts.tv_nsec / 1000;
}

struct mip_time clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (struct mip_time){
		.usec = clock_usec(),
		.ntp = (((uint64_t)ts.tv_sec + NTP_UNIX_OFFSET) << 32) |
		       (((uint64_t)ts.tv_nsec << 32) / 1000000000),
	};
}

void random_fill(void *userdata, void *buf, size_t len)
{
	unsigned char *p = buf;

	(void)userdata;
	while (len > 0) {
		ssize_t n = getrandom(p, len, 0);

		if (n > 0) {
			p += n;
			len -= (size_t)n;
		} else if (errno != EINTR) {
			/* No kernel that we run on is without it, and nothing may go on unpredictable. */
			abort();
		}
	}
}
