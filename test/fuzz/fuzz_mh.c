// SPDX-License-Identifier: GPL-2.0-or-later
/* Any octets as a Mobility Header message: decode, show, authenticate. */
#include <stdlib.h>

#include <mip/auth.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nobody knows this key, so that nothing can be right by accident. */
static const uint8_t key[MIP_KBM_OCTETS] = { 0x5f, 0xc3, 0x11 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct in6_addr addr = { .s6_addr = { 0x20, 1, 0x0d, 0xb8 } };
	static char text[MIP_MH_FORMAT_MAX];
	struct mip_mh_info info;
	struct mip_msg msg;

	mip_mh_checksum_ok(&addr, &addr, data, size);
	if (mip_mh_decode(data, size, &msg, &info)) {
		if (info.error_offset >= size && size >= 8)
			abort();
		return 0;
	}
	if (info.len > size || info.error_offset)
		abort();
	if (mip_mh_format(&msg, text, sizeof(text)) < 0)
		abort();
	for (const char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			abort();
	if (!mip_auth_mn_ha_verify(key, sizeof(key), &addr, &addr, data, size, &info) ||
	    !mip_auth_mn_aaa_verify(key, sizeof(key), &addr, &addr, data, size, &info) ||
	    !mip_rr_verify(key, &addr, &addr, data, size, &info))
		abort();
	return 0;
}
