// SPDX-License-Identifier: GPL-2.0-or-later
/* Names and helps of what the roles count; the tables stand in mip/counter.h. */
#include <stddef.h>

#include <mip/counter.h>
#include <mip/error.h>

struct row {
	const char *name;
	const char *help;
};

#define X(id, name, help) { name, help },
static const struct row drops[] = { MIP_DROP_REASONS(X) };
static const struct row counters[] = { MIP_COUNTERS(X) };
#undef X

static const struct row *row_of(const struct row *rows, size_t n, int i)
{
	static const struct row unknown = { "unknown", "" };

	return i >= 0 && (size_t)i < n ? &rows[i] : &unknown;
}

const char *mip_drop_name(int reason)
{
	return row_of(drops, _MIP_DROP_MAX, reason)->name;
}

const char *mip_drop_help(int reason)
{
	return row_of(drops, _MIP_DROP_MAX, reason)->help;
}

const char *mip_counter_name(int which)
{
	return row_of(counters, _MIP_COUNT_MAX, which)->name;
}

const char *mip_counter_help(int which)
{
	return row_of(counters, _MIP_COUNT_MAX, which)->help;
}

enum mip_drop_reason mip_drop_of_error(int err)
{
	switch (err) {
	case MIP_ERR_TRUNCATED:
	case MIP_ERR_HDR_LEN: /* GEN-MH-04: the kernel sends the Parameter Problem */
		return MIP_DROP_TRUNCATED;
	case MIP_ERR_PAYLOAD_PROTO: /* GEN-MH-03: likewise */
		return MIP_DROP_PAYLOAD_PROTO;
	case MIP_ERR_OPT_LIMIT:
		return MIP_DROP_LIMIT;
	default:
		return MIP_DROP_MALFORMED; /* GEN-MH-06, GEN-MH-10 */
	}
}
