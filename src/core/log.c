// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Log events as text. One row per event: its word, and the fields that are
 * written even when they are zero.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include <mip/counter.h>
#include <mip/log.h>
#include <mip/time.h>
#include <mip/wire.h>

enum {
	HOA = 1,
	COA = 2,
	PEER = 4,
	SEQ = 8,
	STATUS = 16,
	LIFETIME = 32,
	REASON = 64,
};

static const struct {
	const char *word;
	unsigned int always;
} rows[_MIP_LOG_EVENT_MAX] = {
	[MIP_LOG_HOME_REG_NEW] = { "HOME_REG_NEW", HOA | COA | SEQ | LIFETIME },
	[MIP_LOG_HOME_REG_HANDOVER] = { "HOME_REG_HANDOVER", HOA | COA | SEQ | LIFETIME },
	[MIP_LOG_HOME_REG_REFRESHED] = { "HOME_REG_REFRESHED", HOA | COA | SEQ | LIFETIME },
	[MIP_LOG_HOME_REG_DEREGISTERED] = { "HOME_REG_DEREGISTERED", HOA | SEQ },
	[MIP_LOG_HOME_REG_REFUSED] = { "HOME_REG_REFUSED", HOA | SEQ | STATUS },
	[MIP_LOG_HOME_REG_EXPIRED] = { "HOME_REG_EXPIRED", HOA },
	[MIP_LOG_HOME_REG_REMOVED] = { "HOME_REG_REMOVED", HOA },
	[MIP_LOG_HOME_REG_ADOPTED] = { "HOME_REG_ADOPTED", HOA | COA | SEQ | LIFETIME },
	[MIP_LOG_DAD_DUPLICATE] = { "DAD_DUPLICATE", HOA },
	[MIP_LOG_MN_MOVED] = { "MN_MOVED", HOA },
	[MIP_LOG_MN_BU_SENT] = { "MN_BU_SENT", HOA | SEQ | LIFETIME },
	[MIP_LOG_MN_REGISTERED] = { "MN_REGISTERED", HOA | COA | SEQ | STATUS | LIFETIME },
	[MIP_LOG_MN_REFUSED] = { "MN_REFUSED", HOA | SEQ | STATUS },
	[MIP_LOG_MN_RESYNC] = { "MN_RESYNC", HOA | SEQ },
	[MIP_LOG_MN_TIMEOUT] = { "MN_TIMEOUT", HOA | SEQ },
	[MIP_LOG_MN_AT_HOME] = { "MN_AT_HOME", HOA },
	[MIP_LOG_MN_HOA_LOST] = { "MN_HOA_LOST", HOA },
	[MIP_LOG_MN_ADOPTED] = { "MN_ADOPTED", HOA | COA | SEQ | LIFETIME },
	[MIP_LOG_UNPROTECTED] = { "UNPROTECTED", 0 },
	[MIP_LOG_MESSAGE_DROPPED] = { "MESSAGE_DROPPED", REASON },
};

/* Text that grows behind pos, cut at size, with the whole length in pos. */
struct line {
	char *buf;
	size_t size;
	size_t pos;
};

static void put(struct line *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct line *l, const char *format, ...)
{
	bool room = l->pos < l->size;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(room ? l->buf + l->pos : NULL, room ? l->size - l->pos : 0, format, ap);
	va_end(ap);
	if (n > 0)
		l->pos += (size_t)n;
}

static void put_addr(struct line *l, const char *key, const struct in6_addr *addr, bool always)
{
	char text[INET6_ADDRSTRLEN];

	if (!always && IN6_IS_ADDR_UNSPECIFIED(addr))
		return;
	inet_ntop(AF_INET6, addr, text, sizeof(text));
	put(l, " %s=%s", key, text);
}

const char *mip_log_event_name(enum mip_log_event event)
{
	if ((unsigned int)event >= _MIP_LOG_EVENT_MAX || !rows[event].word)
		return "UNKNOWN";
	return rows[event].word;
}

const char *mip_log_level_name(enum mip_log_level level)
{
	switch (level) {
	case MIP_LOG_ERROR:
		return "error";
	case MIP_LOG_WARNING:
		return "warning";
	case MIP_LOG_NOTICE:
		return "notice";
	case MIP_LOG_INFO:
		return "info";
	case MIP_LOG_DEBUG:
		return "debug";
	}
	return "unknown";
}

int mip_log_level_priority(enum mip_log_level level)
{
	switch (level) {
	case MIP_LOG_ERROR:
		return 3;
	case MIP_LOG_WARNING:
		return 4;
	case MIP_LOG_NOTICE:
		return 5;
	case MIP_LOG_INFO:
		return 6;
	case MIP_LOG_DEBUG:
		return 7;
	}
	return 7;
}

int mip_log_format(const struct mip_act_log *log, char *buf, size_t size)
{
	struct line l = { .buf = buf, .size = size };
	unsigned int always = 0;

	if ((unsigned int)log->event < _MIP_LOG_EVENT_MAX)
		always = rows[log->event].always;
	if (size > 0)
		buf[0] = '\0';

	put(&l, "%s", mip_log_event_name(log->event));
	put_addr(&l, "hoa", &log->hoa, always & HOA);
	put_addr(&l, "coa", &log->coa, always & COA);
	put_addr(&l, "peer", &log->peer, always & PEER);
	if (log->bid)
		put(&l, " bid=%u", log->bid);
	if (always & SEQ || log->seq)
		put(&l, " seq=%u", log->seq);
	if (always & STATUS || log->status)
		put(&l, " status=%u (%s)", log->status, mip_status_str(log->status));
	if (always & LIFETIME || log->lifetime_usec)
		put(&l, " lifetime=%" PRIu64 "s", log->lifetime_usec / MIP_USEC_PER_SEC);
	if (always & REASON || log->drop_reason)
		put(&l, " reason=%s", mip_drop_name(log->drop_reason));
	return (int)l.pos;
}
