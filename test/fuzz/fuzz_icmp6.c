// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any octets as an ICMPv6 message, a Router Advertisement, a Home Address option,
 * a type 2 routing header.
 */
#include <stdlib.h>
#include <string.h>

#include <mip/wire.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void icmp6(const uint8_t *data, size_t size)
{
	static struct mip_icmp6 msg, msg2;
	static uint8_t again[2048];
	static char text[8192];
	size_t len;

	if (mip_icmp6_decode(data, size, &msg))
		return;
	if (mip_icmp6_format(&msg, text, sizeof(text)) < 0)
		abort();
	if (mip_icmp6_encode(&msg, again, sizeof(again), &len) ||
	    mip_icmp6_decode(again, len, &msg2) || memcmp(&msg, &msg2, sizeof(msg)) != 0)
		abort();
}

static void extension_headers(const uint8_t *data, size_t size)
{
	uint8_t buf[MIP_HAO_HDR_OCTETS];
	struct in6_addr hoa, again;

	if (mip_hao_decode(data, size, &hoa) == MIP_OK) {
		mip_hao_encode(&hoa, 59, buf);
		if (mip_hao_decode(buf, sizeof(buf), &again) || memcmp(&hoa, &again, 16) != 0)
			abort();
	}
	if (mip_rh2_decode(data, size, &hoa) == MIP_OK) {
		mip_rh2_encode(&hoa, 59, buf);
		if (mip_rh2_decode(buf, sizeof(buf), &again) || memcmp(&hoa, &again, 16) != 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mip_ra ra;

	icmp6(data, size);
	extension_headers(data, size);
	if (mip_ra_decode(data, size, &ra) == MIP_OK && ra.n_pio > MIP_PIO_MAX)
		abort();
	return 0;
}
