// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values of the configuration.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mip/binding.h>
#include <mip/time.h>
#include <mip/wire.h>

#include "value.h"

#define Q(value) conf_quote(value, (char[CONF_QUOTE_MAX]){ 0 }, CONF_QUOTE_MAX)

__attribute__((format(printf, 2, 3))) static int refuse(char why[CONF_WHY_MAX], const char *format,
							...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, CONF_WHY_MAX, format, ap);
	va_end(ap);
	return -EINVAL;
}

int conf_parse_u64(const char *text, uint64_t *ret)
{
	unsigned long long v;
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	char *end;

	/* strtoull would take a sign and leading white space. */
	if (!(hex ? isxdigit((unsigned char)*digits) : isdigit((unsigned char)*digits)))
		return -EINVAL;
	errno = 0;
	v = strtoull(digits, &end, hex ? 16 : 10);
	if (*end)
		return -EINVAL;
	if (errno)
		return -ERANGE;
	*ret = v;
	return 0;
}

int conf_value_bool(const struct conf_word *word, const char *value, void *dest,
		    char why[CONF_WHY_MAX])
{
	bool *ret = dest;

	(void)word;
	if (!strcmp(value, "yes"))
		*ret = true;
	else if (!strcmp(value, "no"))
		*ret = false;
	else
		return refuse(why, "%s is neither yes nor no; write one of them", Q(value));
	return 0;
}

int conf_value_choice(const struct conf_word *word, const char *value, void *dest,
		      char why[CONF_WHY_MAX])
{
	char all[160] = "";
	size_t n = 0;

	for (; word->choices[n]; n++) {
		size_t len = strlen(all);

		if (!strcmp(value, word->choices[n])) {
			*(int *)dest = (int)(word->min + n);
			return 0;
		}
		snprintf(all + len, sizeof(all) - len, "%s%s", n ? ", " : "", word->choices[n]);
	}
	return refuse(why, "%s is not known here; write one of: %s", Q(value), all);
}

int conf_value_uint(const struct conf_word *word, const char *value, void *dest,
		    char why[CONF_WHY_MAX])
{
	uint64_t v;
	int r = conf_parse_u64(value, &v);

	if (r == -EINVAL)
		return refuse(why, "%s is not a number; write digits only, such as %llu", Q(value),
			      (unsigned long long)word->min);
	if (r < 0 || v < word->min || v > word->max)
		return refuse(why, "%s is out of range; write a number from %llu to %llu", Q(value),
			      (unsigned long long)word->min, (unsigned long long)word->max);
	*(uint32_t *)dest = (uint32_t)v;
	return 0;
}

static void format_duration(uint64_t usec, char *buf, size_t size)
{
	if (usec % MIP_USEC_PER_SEC)
		snprintf(buf, size, "%llums", (unsigned long long)(usec / MIP_USEC_PER_MSEC));
	else
		snprintf(buf, size, "%llus", (unsigned long long)(usec / MIP_USEC_PER_SEC));
}

int conf_value_duration(const struct conf_word *word, const char *value, void *dest,
			char why[CONF_WHY_MAX])
{
	static const struct {
		const char *name;
		uint64_t usec;
	} units[] = {
		{ "ms", MIP_USEC_PER_MSEC },
		{ "s", MIP_USEC_PER_SEC },
		{ "min", 60 * MIP_USEC_PER_SEC },
		{ "h", 3600 * MIP_USEC_PER_SEC },
	};
	char number[24], low[24], high[24];
	size_t digits = strspn(value, "0123456789");
	const char *unit = value + digits + strspn(value + digits, " ");
	uint64_t v, usec = 0;

	if (!digits || digits >= sizeof(number))
		return refuse(
			why,
			"%s is not a duration; write a number with ms, s, min or h, such as 10min",
			Q(value));
	memcpy(number, value, digits);
	number[digits] = '\0';
	if (conf_parse_u64(number, &v) < 0)
		return refuse(why, "%s is far too long a time; write a shorter one", Q(value));
	if (!*unit && v)
		return refuse(why, "%s has no unit; write ms, s, min or h behind the number",
			      Q(value));
	for (size_t i = 0; *unit && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name))
			continue;
		if (__builtin_mul_overflow(v, units[i].usec, &usec))
			usec = UINT64_MAX;
		unit = "";
	}
	if (*unit)
		return refuse(why, "%s has an unknown unit; use ms, s, min or h", Q(value));
	if (usec < word->min || usec > word->max) {
		format_duration(word->min, low, sizeof(low));
		format_duration(word->max, high, sizeof(high));
		return refuse(why, "%s is out of range; write a duration from %s to %s", Q(value),
			      low, high);
	}
	*(uint64_t *)dest = usec;
	return 0;
}

static int parse_address(const char *value, struct in6_addr *ret, char why[CONF_WHY_MAX])
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, value, &addr) != 1) {
		if (strchr(value, '/'))
			return refuse(why, "%s has a prefix length; write the address alone",
				      Q(value));
		return refuse(why, "%s is not an IPv6 address; write one such as 2001:db8:1::1",
			      Q(value));
	}
	if (!mip_addr_is_unicast_routable(&addr))
		return refuse(
			why,
			"%s cannot be used on the Internet; write a global or unique-local unicast address",
			Q(value));
	*ret = addr;
	return 0;
}

int conf_value_address(const struct conf_word *word, const char *value, void *dest,
		       char why[CONF_WHY_MAX])
{
	(void)word;
	return parse_address(value, dest, why);
}

static int split_prefix(const char *value, struct mip_prefix *ret, char why[CONF_WHY_MAX])
{
	char addr[INET6_ADDRSTRLEN];
	const char *slash = strchr(value, '/');
	struct mip_prefix p;
	uint64_t plen;

	if (!slash || (size_t)(slash - value) >= sizeof(addr))
		return refuse(
			why,
			"%s has no prefix length; write it behind a slash, such as 2001:db8:1::/64",
			Q(value));
	memcpy(addr, value, (size_t)(slash - value));
	addr[slash - value] = '\0';
	if (inet_pton(AF_INET6, addr, &p.addr) != 1)
		return refuse(why, "%s is not an IPv6 address; write one such as 2001:db8:1::/64",
			      Q(addr));
	if (conf_parse_u64(slash + 1, &plen) < 0 || plen < 1 || plen > 128)
		return refuse(why, "%s has a wrong prefix length; write a number from 1 to 128",
			      Q(value));
	if (!mip_addr_is_unicast_routable(&p.addr))
		return refuse(
			why,
			"%s cannot be used on the Internet; write a global or unique-local unicast address",
			Q(addr));
	p.plen = (uint8_t)plen;
	*ret = p;
	return 0;
}

bool conf_prefix_mask(struct mip_prefix *prefix)
{
	bool set = false;

	for (unsigned int bit = prefix->plen; bit < 128; bit++) {
		uint8_t *octet = &prefix->addr.s6_addr[bit / 8];
		uint8_t mask = (uint8_t)(0x80U >> (bit % 8));

		set = set || (*octet & mask);
		*octet &= (uint8_t)~mask;
	}
	return set;
}

int conf_value_prefix(const struct conf_word *word, const char *value, void *dest,
		      char why[CONF_WHY_MAX])
{
	struct mip_prefix p, net;
	char text[INET6_ADDRSTRLEN];

	(void)word;
	if (split_prefix(value, &p, why) < 0)
		return -EINVAL;
	net = p;
	if (conf_prefix_mask(&net)) {
		inet_ntop(AF_INET6, &net.addr, text, sizeof(text));
		return refuse(why, "%s has bits behind the prefix; write %s/%u", Q(value), text,
			      (unsigned int)p.plen);
	}
	*(struct mip_prefix *)dest = p;
	return 0;
}

int conf_value_interface_address(const struct conf_word *word, const char *value, void *dest,
				 char why[CONF_WHY_MAX])
{
	struct mip_prefix p;

	(void)word;
	if (split_prefix(value, &p, why) < 0)
		return -EINVAL;
	if (p.plen == 128)
		return refuse(
			why,
			"%s says nothing of the prefix; write the length of the home prefix, such as 64",
			Q(value));
	*(struct mip_prefix *)dest = p;
	return 0;
}

bool conf_interface_name_ok(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len >= IFNAMSIZ || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isgraph((unsigned char)name[i]) || strchr("/:%", name[i]))
			return false;
	return true;
}

int conf_value_interface(const struct conf_word *word, const char *value, void *dest,
			 char why[CONF_WHY_MAX])
{
	(void)word;
	if (!conf_interface_name_ok(value))
		return refuse(
			why,
			"%s cannot name an interface; write a name of up to 15 characters, as `ip link` shows it",
			Q(value));
	memcpy(dest, value, strlen(value) + 1);
	return 0;
}

int conf_value_path(const struct conf_word *word, const char *value, void *dest,
		    char why[CONF_WHY_MAX])
{
	(void)word;
	if (value[0] != '/' || strlen(value) >= PATH_MAX)
		return refuse(why, "%s is not an absolute path; begin it with /", Q(value));
	memcpy(dest, value, strlen(value) + 1);
	return 0;
}

bool conf_nai_ok(const char *nai)
{
	size_t len = strlen(nai);
	const char *at = strchr(nai, '@');

	if (len == 0 || len > MIP_NAI_MAX)
		return false;
	if (at && (!at[1] || strchr(at + 1, '@')))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)nai[i] <= ' ' || nai[i] == 0x7f)
			return false;
	return true;
}

int conf_value_nai(const struct conf_word *word, const char *value, void *dest,
		   char why[CONF_WHY_MAX])
{
	(void)word;
	if (!conf_nai_ok(value))
		return refuse(
			why,
			"%s is not a network access identifier; write one such as mn1@example.com",
			Q(value));
	memcpy(dest, value, strlen(value) + 1);
	return 0;
}

const char *conf_quote(const char *text, char *buf, size_t size)
{
	/* Room for one escaped octet, the dots, the quote and the final 0. */
	const size_t end = size - 9;
	size_t n = 0;

	buf[n++] = '\'';
	for (; *text && n < end; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= ' ' && c < 0x7f)
			buf[n++] = (char)c;
		else
			n += (size_t)snprintf(buf + n, size - n, "\\x%02x", c);
	}
	snprintf(buf + n, size - n, "%s", *text ? "...'" : "'");
	return buf;
}

/* Optimal string alignment distance; words here are short. */
static unsigned int distance(const char *a, const char *b)
{
	enum { MAX = 24 };
	size_t la = strlen(a), lb = strlen(b);
	unsigned int d[MAX + 1][MAX + 1];

	if (la > MAX || lb > MAX)
		return UINT_MAX;
	for (size_t i = 0; i <= la; i++)
		d[i][0] = (unsigned int)i;
	for (size_t j = 0; j <= lb; j++)
		d[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= la; i++) {
		for (size_t j = 1; j <= lb; j++) {
			unsigned int best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[la][lb];
}

/* "Home_Address" is "home-address" to a human. */
static void fold(const char *word, char *buf, size_t size)
{
	size_t i = 0;

	for (; word[i] && i < size - 1; i++)
		buf[i] = word[i] == '_' ? '-' : (char)tolower((unsigned char)word[i]);
	buf[i] = '\0';
}

const char *conf_suggest(const char *word, const char *const *candidates, size_t n)
{
	unsigned int best = strlen(word) <= 4 ? 2 : 3;
	const char *found = NULL;
	char folded[32];

	fold(word, folded, sizeof(folded));
	for (size_t i = 0; i < n; i++) {
		unsigned int d = distance(folded, candidates[i]);

		if (d < best) {
			best = d;
			found = candidates[i];
		}
	}
	return found;
}
