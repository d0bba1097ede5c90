// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages as one line of text, for logs, the monitor and tests. What stands in
 * a message is hostile, and what authenticates it is secret: an address or a
 * number cannot do harm, a NAI is escaped, and tokens, cookies and MACs are
 * left out.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mip/wire.h>

struct text {
	char *buf;
	size_t size;
	size_t len;
	bool full;
};

static void text_start(struct text *t, char *buf, size_t size)
{
	*t = (struct text){ .buf = buf, .size = size, .full = size == 0 };
	if (size)
		buf[0] = '\0';
}

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	if (t->full)
		return;
	va_start(args, format);
	n = vsnprintf(t->buf + t->len, t->size - t->len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= t->size - t->len) {
		t->len = t->size - 1;
		t->full = true;
		return;
	}
	t->len += (size_t)n;
}

static int text_end(const struct text *t)
{
	return t->full ? MIP_ERR_SPACE : (int)t->len;
}

static void add_addr(struct text *t, const char *key, const struct in6_addr *addr)
{
	char s[INET6_ADDRSTRLEN];

	add(t, " %s=%s", key, inet_ntop(AF_INET6, addr, s, sizeof(s)));
}

static void add_ipv4(struct text *t, const char *key, const struct in_addr *addr)
{
	char s[INET_ADDRSTRLEN];

	add(t, " %s=%s", key, inet_ntop(AF_INET, addr, s, sizeof(s)));
}

static void add_escaped(struct text *t, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c <= ' ' || c >= 0x7f || c == '\\' || c == '"' || c == '\'')
			add(t, "\\x%02x", c);
		else
			add(t, "%c", c);
	}
}

int mip_format_escaped(const char *data, size_t len, char *buf, size_t size)
{
	struct text t;

	text_start(&t, buf, size);
	add_escaped(&t, data, len);
	return text_end(&t);
}

struct flag_letter {
	uint16_t bit;
	char letter;
};

static void add_flags(struct text *t, uint16_t flags, const struct flag_letter *letters, size_t n)
{
	if (!flags)
		add(t, "-");
	for (size_t i = 0; i < n; i++) {
		if (flags & letters[i].bit)
			add(t, "%c", letters[i].letter);
		flags &= (uint16_t)~letters[i].bit;
	}
	if (flags)
		add(t, "+0x%x", flags);
}

/* 0x0040 is O with a BID option and without P (RFC 5648), B with P (RFC 6602), else nobody's. */
static void add_bu_flags(struct text *t, uint16_t flags, bool has_bid)
{
	const struct flag_letter letters[] = {
		{ MIP_BU_A, 'A' }, { MIP_BU_H, 'H' },
		{ MIP_BU_L, 'L' }, { MIP_BU_K, 'K' },
		{ 0x0800, 'M' },   { MIP_BU_R, 'R' },
		{ MIP_BU_P, 'P' }, { MIP_BU_F, 'F' },
		{ 0x0080, 'T' },   { MIP_BU_O, flags & MIP_BU_P ? 'B' : 'O' },
	};
	bool known = flags & MIP_BU_P || has_bid;

	add_flags(t, flags, letters, sizeof(letters) / sizeof(letters[0]) - !known);
}

char *mip_bu_flags_str(const struct mip_bu *bu, bool has_bid, char *buf, size_t size)
{
	struct text t;

	text_start(&t, buf, size);
	add_bu_flags(&t, bu->flags, has_bid);
	return buf;
}

static void add_ba_flags(struct text *t, uint8_t flags)
{
	static const struct flag_letter letters[] = {
		{ MIP_BA_K, 'K' },
		{ MIP_BA_R, 'R' },
		{ 0x20, 'P' },
		{ 0x10, 'T' },
	};

	add_flags(t, flags, letters, sizeof(letters) / sizeof(letters[0]));
}

static void add_bid(struct text *t, const struct mip_opt_bid *bid, bool with_status)
{
	struct in_addr v4;

	add(t, " bid=%u", bid->bid);
	if (bid->home_and_foreign)
		add(t, " bid-flags=H");
	if (bid->pri)
		add(t, " bid-pri=%u", bid->pri);
	if (with_status)
		add(t, " bid-status=%u", bid->status);
	switch (bid->coa_type) {
	case MIP_BID_COA_NONE:
		break;
	case MIP_BID_COA_IPV4:
		memcpy(&v4, bid->coa.s6_addr + 12, 4);
		add_ipv4(t, "coa", &v4);
		break;
	case MIP_BID_COA_IPV6:
		add_addr(t, "coa", &bid->coa);
		break;
	case MIP_BID_COA_MALFORMED:
		add(t, " coa=malformed");
		break;
	}
}

static void add_ipv4_opts(struct text *t, const struct mip_opts *o)
{
	for (unsigned int i = 0; i < o->n_ipv4_hoa && i < MIP_IPV4_HOA_MAX; i++) {
		add_ipv4(t, "ipv4-hoa", &o->ipv4_hoa[i].addr);
		add(t, "/%u%s", o->ipv4_hoa[i].plen,
		    o->ipv4_hoa[i].prefix ? " ipv4-hoa-flags=P" : "");
	}
	if (o->present & MIP_HAS_IPV4_COA)
		add_ipv4(t, "ipv4-coa", &o->ipv4_coa);
	for (unsigned int i = 0; i < o->n_ipv4_ack && i < MIP_IPV4_HOA_MAX; i++) {
		add_ipv4(t, "ipv4-ack", &o->ipv4_ack[i].addr);
		add(t, "/%u ipv4-status=%u", o->ipv4_ack[i].plen, o->ipv4_ack[i].status);
	}
	if (o->present & MIP_HAS_NAT_DETECTION)
		add(t, " nat-refresh=%us nat-flags=%s", o->nat_refresh_sec,
		    o->nat_force ? "F" : "-");
}

static void add_auth(struct text *t, const char *word, const struct mip_opt_auth *auth)
{
	add(t, " auth=%s spi=%u", word, auth->spi);
}

static void add_opts(struct text *t, const struct mip_opts *o, uint8_t mh_type)
{
	if (o->present & MIP_HAS_REFRESH_ADVICE)
		add(t, " refresh-advice=%us", o->refresh_advice_wire * 4u);
	if (o->present & MIP_HAS_ALTCOA)
		add_addr(t, "altcoa", &o->altcoa);
	for (unsigned int i = 0; i < o->n_mnp && i < MIP_MNP_MAX; i++) {
		add_addr(t, "mnp", &o->mnp[i].addr);
		add(t, "/%u", o->mnp[i].plen);
	}
	add_ipv4_opts(t, o);
	for (unsigned int i = 0; i < o->n_bid && i < MIP_BID_MAX; i++)
		add_bid(t, &o->bid[i], mh_type == MIP_MH_BA || mh_type == MIP_MH_COT);
	if (o->present & MIP_HAS_MH_LLA) {
		add(t, " lla=");
		for (unsigned int i = 0; i < o->lla_len && i < MIP_LLA_OCTETS_MAX; i++)
			add(t, i ? ":%02x" : "%02x", o->lla[i]);
	}
	for (unsigned int i = 0; i < o->n_raw && i < MIP_RAW_OPT_MAX; i++)
		add(t, " opt%u=%uoctets", o->raw[i].type, o->raw[i].len);
	if (o->present & MIP_HAS_TIMESTAMP)
		add(t, " timestamp=%u.%06u", (unsigned int)(o->timestamp >> 32),
		    (unsigned int)((o->timestamp & UINT32_MAX) * 1000000 >> 32));
	if (o->present & MIP_HAS_NONCE_INDICES)
		add(t, " home-nonce=%u coa-nonce=%u", o->home_nonce_idx, o->coa_nonce_idx);
	if (o->present & MIP_HAS_BAD)
		add(t, " auth=rr");
	if (o->present & MIP_HAS_MN_HA)
		add_auth(t, "mn-ha", &o->mn_ha);
	if (o->present & MIP_HAS_MN_AAA)
		add_auth(t, "mn-aaa", &o->mn_aaa);
	if (o->present & MIP_HAS_NAI) {
		add(t, " nai=");
		add_escaped(t, o->nai, o->nai_len);
	}
}

static void add_fixed(struct text *t, const struct mip_msg *msg)
{
	switch ((enum mip_mh_type)msg->type) {
	case MIP_MH_BRR:
	case MIP_MH_HOTI:
	case MIP_MH_COTI:
		break;
	case MIP_MH_HOT:
	case MIP_MH_COT:
		add(t, " nonce=%u", msg->hot.nonce_idx);
		break;
	case MIP_MH_BU:
		add(t, " seq=%u flags=", msg->bu.seq);
		add_bu_flags(t, msg->bu.flags, msg->opts.n_bid > 0);
		add(t, " lifetime=%us", msg->bu.lifetime_wire * 4u);
		break;
	case MIP_MH_BA:
		add(t, " status=%u (%s) seq=%u flags=", msg->ba.status,
		    mip_status_str(msg->ba.status), msg->ba.seq);
		add_ba_flags(t, msg->ba.flags);
		add(t, " lifetime=%us", msg->ba.lifetime_wire * 4u);
		break;
	case MIP_MH_BE:
		add(t, " status=%u (%s)", msg->be.status, mip_be_status_str(msg->be.status));
		add_addr(t, "hoa", &msg->be.hoa);
		break;
	}
}

int mip_mh_format(const struct mip_msg *msg, char *buf, size_t size)
{
	struct text t;

	text_start(&t, buf, size);
	add(&t, "%s", mip_mh_type_str(msg->type));
	add_fixed(&t, msg);
	add_opts(&t, &msg->opts, msg->type);
	return text_end(&t);
}

static void add_pio(struct text *t, const struct mip_pio *pio)
{
	add_addr(t, "prefix", &pio->prefix.addr);
	add(t, "/%u prefix-flags=%s%s%s%s valid=%us preferred=%us", pio->prefix.plen,
	    pio->on_link ? "L" : "", pio->autonomous ? "A" : "", pio->router ? "R" : "",
	    pio->on_link || pio->autonomous || pio->router ? "" : "-", pio->valid_sec,
	    pio->preferred_sec);
}

int mip_icmp6_format(const struct mip_icmp6 *msg, char *buf, size_t size)
{
	struct text t;

	text_start(&t, buf, size);
	add(&t, "%s id=%u", mip_icmp6_type_str(msg->type), msg->id);
	switch (msg->type) {
	case MIP_ICMP6_DHAAD_REQUEST:
	case MIP_ICMP6_DHAAD_REPLY:
		add(&t, " flags=%s", msg->dhaad.mobile_router ? "R" : "-");
		for (unsigned int i = 0; i < msg->dhaad.n_addr && i < MIP_DHAAD_ADDR_MAX; i++)
			add_addr(&t, "ha", &msg->dhaad.addr[i]);
		break;
	case MIP_ICMP6_MPA:
		add(&t, " flags=%s%s%s", msg->mpa.managed ? "M" : "", msg->mpa.other ? "O" : "",
		    msg->mpa.managed || msg->mpa.other ? "" : "-");
		for (unsigned int i = 0; i < msg->mpa.n_pio && i < MIP_PIO_MAX; i++)
			add_pio(&t, &msg->mpa.pio[i]);
		break;
	}
	return text_end(&t);
}
