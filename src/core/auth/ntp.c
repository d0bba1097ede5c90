// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NTP timestamps: 32 bits of seconds since 1900 and 32 bits of fraction
 * (RFC 1305 section 3.1). The seconds wrap in 2036, so differences are taken
 * modulo 2^64 and read as signed.
 */
#include <mip/auth.h>

#define NTP_UNIX_OFFSET_SEC UINT64_C(2208988800) /* from 1900 to 1970 */

uint64_t mip_ntp_from_usec(uint64_t unix_usec)
{
	uint64_t sec = unix_usec / MIP_USEC_PER_SEC + NTP_UNIX_OFFSET_SEC;
	uint64_t frac = ((unix_usec % MIP_USEC_PER_SEC) << 32) / MIP_USEC_PER_SEC;

	return sec << 32 | frac;
}

/* Seconds and fraction apart, so that nothing overflows; rounds towards the past. */
int64_t mip_ntp_diff_usec(uint64_t a, uint64_t b)
{
	uint64_t diff = a - b;
	int64_t sec = (int32_t)(uint32_t)(diff >> 32);
	uint64_t frac_usec = ((diff & UINT32_MAX) * MIP_USEC_PER_SEC) >> 32;

	return sec * (int64_t)MIP_USEC_PER_SEC + (int64_t)frac_usec;
}
