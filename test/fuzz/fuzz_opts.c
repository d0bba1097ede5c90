// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any octets as the options of a message; the header around them is right. What
 * is read can be written again, and then reads as the same.
 */
#include <stdlib.h>
#include <string.h>

#include <mip/wire.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Forms that we read, for the role to answer, but never write. */
static int is_unwritable(const struct mip_msg *msg)
{
	if ((msg->opts.present & MIP_HAS_BAD) &&
	    (msg->opts.present & (MIP_HAS_MN_HA | MIP_HAS_MN_AAA)))
		return 1;
	for (unsigned int i = 0; i < msg->opts.n_bid; i++)
		if (msg->opts.bid[i].coa_type == MIP_BID_COA_MALFORMED)
			return 1;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[MIP_MH_OCTETS_MAX];
	struct mip_msg msg, msg2;
	struct mip_mh_info info;
	size_t n, len, again_len;
	uint8_t *buf;
	int err;

	if (size < 1)
		return 0;
	n = min_size(size - 1, MIP_MH_OCTETS_MAX - 24);
	len = (12 + n + 7) / 8 * 8;
	buf = calloc(1, len);
	if (!buf)
		return 0;
	buf[0] = 59;
	buf[1] = (uint8_t)(len / 8 - 1);
	buf[2] = data[0] & 1 ? MIP_MH_BU : MIP_MH_BA;
	memcpy(buf + 12, data + 1, n);
	err = mip_mh_decode(buf, len, &msg, &info);
	free(buf);
	if (err)
		return 0;
	err = mip_mh_encode(&msg, again, sizeof(again), &again_len, NULL);
	if (err == MIP_ERR_INVAL && is_unwritable(&msg))
		return 0;
	/* Alignment may need more octets than there are in the longest message. */
	if (err == MIP_ERR_SPACE && len > MIP_MH_OCTETS_MAX / 2)
		return 0;
	if (err || mip_mh_decode(again, again_len, &msg2, &info))
		abort();
	if (memcmp(&msg, &msg2, sizeof(msg)) != 0)
		abort();
	return 0;
}
