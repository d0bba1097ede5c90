/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mobility options of a message; internal to the codec. */
#ifndef MIP_CORE_WIRE_OPTS_H
#define MIP_CORE_WIRE_OPTS_H

#include <mip/wire.h>

#define MIP_OPT_DATA_MAX   255
#define MIP_OPT_AUTH_FIXED 5 /* subtype and SPI, before the data of an authentication option */

/* An option about to be written; align and align_off come from the row and may be refined. */
struct mip_opt_out {
	uint8_t type;
	uint8_t align, align_off; /* begins at align * n + align_off */
	uint8_t len;
	uint8_t data[MIP_OPT_DATA_MAX];
};

struct mip_opt_row {
	uint8_t type;
	int subtype; /* the first data octet must be this; negative: any */
	uint8_t min, max; /* Option Length */
	uint8_t align, align_off;
	uint32_t once; /* presence bit; 0: may be there several times */
	int (*read)(struct mip_opts *opts, const uint8_t *data, uint8_t len);
	unsigned int (*count)(const struct mip_opts *opts); /* only without presence bit */
	int (*write)(const struct mip_opts *opts, unsigned int i, struct mip_opt_out *out);
};

/* The row that writes what we do not read; as a type it is unassigned. */
#define MIP_OPT_ROW_RAW 255

extern const struct mip_opt_row mip_opt_rows[];
extern const size_t mip_n_opt_rows;

/* The row that reads the option, or NULL. ret_known_type: some subtype of it is read. */
const struct mip_opt_row *mip_opt_find_row(uint8_t type, const uint8_t *data, uint8_t len,
					   bool *ret_known_type);

/*
 * Reads the options in buf[start .. end) into opts, which is all zero, and
 * fills in the option part of info. Errors as mip_mh_decode(), with
 * info->error_offset and error_opt.
 */
int mip_opts_decode(const uint8_t *buf, size_t start, size_t end, struct mip_opts *opts,
		    struct mip_mh_info *info);

/*
 * Writes the options behind buf[0 .. pos) and pads the message to a multiple
 * of 8 octets. Returns the length of the message, MIP_ERR_SPACE or
 * MIP_ERR_INVAL.
 */
int mip_opts_encode(const struct mip_opts *opts, uint8_t *buf, size_t pos, size_t size,
		    struct mip_mh_info *info);

#endif /* MIP_CORE_WIRE_OPTS_H */
