/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mobility options of a message; internal to the codec. */
#ifndef MIP_CORE_WIRE_OPTS_H
#define MIP_CORE_WIRE_OPTS_H

#include <mip/wire.h>

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
