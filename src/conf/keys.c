// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The key file.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nettle/base16.h>
#include <nettle/base64.h>

#include <mip/wire.h>

#include "keys.h"
#include "schema.h"

#define FIELDS_MAX	8
#define HOW_TO_GENERATE "mipctl key generate prints a new one"

struct parser {
	const char *name;
	unsigned int line;
	struct conf_report *report;
	struct conf_keys keys;
	size_t n_room;
};

#define PROBLEM(p, ...) conf_report_add((p)->report, (p)->name, (p)->line, __VA_ARGS__)

/* Octets of a key in its text form, or -EINVAL; more than MIP_KEY_MAX are counted, not kept. */
static ssize_t decode_hex(const char *text, uint8_t key[MIP_KEY_MAX])
{
	uint8_t octets[BASE16_DECODE_LENGTH(CONF_KEYS_LINE_MAX)];
	struct base16_decode_ctx ctx;
	size_t n = sizeof(octets);
	ssize_t r = -EINVAL;

	base16_decode_init(&ctx);
	if (base16_decode_update(&ctx, &n, octets, strlen(text), text) &&
	    base16_decode_final(&ctx)) {
		memcpy(key, octets, n < MIP_KEY_MAX ? n : MIP_KEY_MAX);
		r = (ssize_t)n;
	}
	mip_wipe(octets, sizeof(octets));
	mip_wipe(&ctx, sizeof(ctx));
	return r;
}

static ssize_t decode_base64(const char *text, uint8_t key[MIP_KEY_MAX])
{
	uint8_t octets[BASE64_DECODE_LENGTH(CONF_KEYS_LINE_MAX)];
	struct base64_decode_ctx ctx;
	size_t n = sizeof(octets);
	ssize_t r = -EINVAL;

	base64_decode_init(&ctx);
	if (base64_decode_update(&ctx, &n, octets, strlen(text), text) &&
	    base64_decode_final(&ctx)) {
		memcpy(key, octets, n < MIP_KEY_MAX ? n : MIP_KEY_MAX);
		r = (ssize_t)n;
	}
	mip_wipe(octets, sizeof(octets));
	mip_wipe(&ctx, sizeof(ctx));
	return r;
}

static int parse_key(struct parser *p, const char *text, struct mip_key *ret)
{
	ssize_t n;

	if (!strncmp(text, "base64:", 7))
		n = decode_base64(text + 7, ret->key);
	else
		n = decode_hex(strncmp(text, "hex:", 4) ? text : text + 4, ret->key);
	if (n < 0) {
		PROBLEM(p,
			"the key (field 4) is neither hexadecimal nor base64; write hex:... or base64:... (" HOW_TO_GENERATE
			")");
		return -EINVAL;
	}
	if (n < MIP_KEY_MIN || n > MIP_KEY_MAX) {
		PROBLEM(p,
			"the key (field 4) has %zd octets; it takes %d to %d (" HOW_TO_GENERATE ")",
			n, MIP_KEY_MIN, MIP_KEY_MAX);
		return -EINVAL;
	}
	ret->key_len = (uint8_t)n;
	return 0;
}

static int parse_hoa(struct parser *p, char *text, struct mip_key *ret)
{
	char *slash = strchr(text, '/');
	struct mip_prefix prefix;
	uint64_t plen = 128;

	if (slash) {
		*slash = '\0';
		if (conf_parse_u64(slash + 1, &plen) < 0 || plen < 1 || plen > 128) {
			PROBLEM(p,
				"field 2 has a wrong prefix length; write a number from 1 to 128");
			return -EINVAL;
		}
	}
	if (inet_pton(AF_INET6, text, &prefix.addr) != 1 ||
	    !mip_addr_is_unicast_routable(&prefix.addr)) {
		PROBLEM(p,
			"field 2 is not a home address; write one such as 2001:db8:1::100, or a prefix such as 2001:db8:1::/64");
		return -EINVAL;
	}
	prefix.plen = (uint8_t)plen;
	if (conf_prefix_mask(&prefix)) {
		PROBLEM(p,
			"field 2 has bits behind the prefix; write the prefix alone, or the address without a length");
		return -EINVAL;
	}
	ret->hoa = prefix.addr;
	ret->hoa_plen = prefix.plen;
	return 0;
}

static int parse_options(struct parser *p, char *const *field, size_t n, struct mip_key *ret)
{
	for (size_t i = 4; i < n; i++) {
		if (strncmp(field[i], "replay=", 7)) {
			PROBLEM(p,
				"field %zu is not known; write replay=timestamp or replay=sequence, or remove it",
				i + 1);
			return -EINVAL;
		}
		if (!strcmp(field[i] + 7, "timestamp")) {
			ret->replay = MIP_REPLAY_TIMESTAMP;
		} else if (!strcmp(field[i] + 7, "sequence")) {
			ret->replay = MIP_REPLAY_SEQUENCE;
		} else {
			PROBLEM(p,
				"field %zu asks for an unknown replay protection; write replay=timestamp or replay=sequence",
				i + 1);
			return -EINVAL;
		}
	}
	return 0;
}

static void add_key(struct parser *p, const struct mip_key *key)
{
	const struct mip_key *other = NULL;
	int r;

	if (p->keys.n == CONF_KEYS_MAX) {
		PROBLEM(p, "there are more than %d keys; use keys for prefixes", CONF_KEYS_MAX);
		return;
	}
	if (p->keys.n == p->n_room) {
		size_t room = p->n_room ? p->n_room * 2 : 16;
		const struct mip_key **more =
			reallocarray(p->keys.key, room, sizeof(struct mip_key *));

		if (!more) {
			PROBLEM(p, "out of memory; free some and try again");
			return;
		}
		p->keys.key = more;
		p->n_room = room;
	}
	r = mip_keys_add(p->keys.table, key, &other);
	if (r == MIP_KEYS_DUPLICATE && other) {
		PROBLEM(p,
			"this SPI with this home address or NAI stands in line %u already; remove one of the two",
			(unsigned int)other->line);
		return;
	}
	if (r != MIP_KEYS_OK) {
		PROBLEM(p, "%s; correct this line", mip_keys_strerror(r));
		return;
	}
	other = mip_keys_find(p->keys.table, key->spi, &key->hoa, key->nai, key->nai_len);
	if (other)
		p->keys.key[p->keys.n++] = other;
}

static void parse_fields(struct parser *p, char *const *field, size_t n)
{
	struct mip_key key = { .line = p->line };
	uint64_t spi;
	int r = 0;

	if (n < 4) {
		PROBLEM(p, "only %zu fields; write NAI (or -), home address, SPI and key", n);
		return;
	}
	if (n == FIELDS_MAX) {
		PROBLEM(p,
			"too many fields; write NAI (or -), home address, SPI, key and replay=...");
		return;
	}
	if (strcmp(field[0], "-")) {
		if (!conf_nai_ok(field[0])) {
			PROBLEM(p,
				"field 1 is not a network access identifier; write one such as mn1@example.com, or -");
			r = -EINVAL;
		} else {
			key.nai = field[0];
			key.nai_len = (uint8_t)strlen(field[0]);
		}
	}
	if (parse_hoa(p, field[1], &key) < 0)
		r = -EINVAL;
	else if (key.hoa_plen < 128 && !key.nai && !strcmp(field[0], "-")) {
		PROBLEM(p, "a key for a prefix needs a NAI to be told apart; write it in field 1");
		r = -EINVAL;
	}
	if (conf_parse_u64(field[2], &spi) < 0 || spi > UINT32_MAX || spi < MIP_SPI_MIN) {
		PROBLEM(p,
			"field 3 is not an SPI; write a number from %u to %u (those below are reserved)",
			(unsigned int)MIP_SPI_MIN, UINT32_MAX);
		r = -EINVAL;
	} else {
		key.spi = (uint32_t)spi;
	}
	if (parse_key(p, field[3], &key) < 0 || parse_options(p, field, n, &key) < 0)
		r = -EINVAL;
	if (r == 0)
		add_key(p, &key);
	mip_wipe(&key, sizeof(key));
}

static void parse_line(struct parser *p, const char *start, size_t len)
{
	char line[CONF_KEYS_LINE_MAX + 1];
	char *field[FIELDS_MAX], *rest = line;
	size_t n = 0;

	if (len > CONF_KEYS_LINE_MAX) {
		PROBLEM(p, "line of %zu characters; at most %d are read", len, CONF_KEYS_LINE_MAX);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)start[i];

		if ((c < ' ' && c != '\t' && !(c == '\r' && i == len - 1)) || c == 0x7f) {
			PROBLEM(p, "control character in the line; remove it");
			return;
		}
	}
	memcpy(line, start, len);
	line[len] = '\0';
	if (line[strspn(line, " \t")] != '#') {
		while (n < FIELDS_MAX && (field[n] = strtok_r(rest, " \t\r", &rest)))
			n++;
		if (n)
			parse_fields(p, field, n);
	}
	mip_wipe(line, sizeof(line));
}

int conf_keys_parse(const char *name, const char *text, size_t len, struct conf_keys *ret,
		    struct conf_report *report)
{
	struct parser p = { .name = name, .report = report };

	p.keys.table = mip_keys_new();
	if (!p.keys.table) {
		conf_report_add(report, name, 0, "out of memory; free some and try again");
		return -EINVAL;
	}
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;

		p.line++;
		parse_line(&p, text, n);
		n += end != NULL;
		text += n;
		len -= n;
	}
	if (!conf_report_ok(report)) {
		conf_keys_done(&p.keys);
		return -EINVAL;
	}
	*ret = p.keys;
	return 0;
}

void conf_keys_done(struct conf_keys *keys)
{
	mip_keys_free(keys->table);
	free(keys->key);
	*keys = (struct conf_keys){ 0 };
}

/* The file, or systemd's copy of it; which one in path. */
static int open_keys(const char *file, char path[PATH_MAX], bool *ret_credential)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	int fd;

	*ret_credential = false;
	if (dir &&
	    (size_t)snprintf(path, PATH_MAX, "%s/%s", dir, CONF_KEYS_CREDENTIAL) < PATH_MAX) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		if (fd >= 0 || errno != ENOENT) {
			*ret_credential = true;
			return fd < 0 ? -errno : fd;
		}
	}
	snprintf(path, PATH_MAX, "%s", file);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static void check_file(const struct stat *st, const char *path, bool credential,
		       struct conf_report *report)
{
	/* systemd grants its copy to the service by an ACL, whose mask shows as the group's bits. */
	mode_t closed = credential ? S_IRWXO : S_IRWXG | S_IRWXO;

	if (!S_ISREG(st->st_mode))
		conf_report_add(report, path, 0, "is not a regular file; put one there");
	else if (st->st_uid != 0 && st->st_uid != geteuid())
		conf_report_add(
			report, path, 0,
			"belongs to user %u, who could read and change the keys; run: chown root %s",
			(unsigned int)st->st_uid, path);
	else if (st->st_mode & closed)
		conf_report_add(
			report, path, 0,
			"is open to other users (mode %04o), its keys may be known to them; run: chmod 600 %s, and consider new keys",
			(unsigned int)st->st_mode & 07777, path);
	else if (st->st_size > CONF_KEYS_FILE_MAX)
		conf_report_add(report, path, 0, "has more than %u octets; make it shorter",
				CONF_KEYS_FILE_MAX);
}

int conf_keys_load(const char *file, bool must_exist, struct conf_keys *ret,
		   struct conf_report *report)
{
	char path[PATH_MAX];
	char *text = NULL;
	bool credential;
	struct stat st;
	size_t len = 0;
	int fd, r;

	fd = open_keys(file, path, &credential);
	if (fd == -ENOENT && !must_exist)
		return conf_keys_parse(path, "", 0, ret, report);
	if (fd < 0) {
		conf_report_add(
			report, path, 0,
			fd == -ENOENT ?
				"is not there: %s; write the keys into it, for its owner alone (" HOW_TO_GENERATE
				")" :
				"cannot be opened: %s; let the unit load it (LoadCredential=keys:FILE) or make it readable for its owner",
			strerror(-fd));
		return -EINVAL;
	}
	if (fstat(fd, &st) < 0)
		conf_report_add(report, path, 0, "cannot be looked at: %s", strerror(errno));
	else
		check_file(&st, path, credential, report);
	if (!conf_report_ok(report)) {
		close(fd);
		return -EINVAL;
	}
	r = conf_read_file(fd, CONF_KEYS_FILE_MAX, &text, &len);
	close(fd);
	if (r < 0) {
		conf_report_add(report, path, 0, "cannot be read: %s", strerror(-r));
		return -EINVAL;
	}
	r = conf_keys_parse(path, text, len, ret, report);
	mip_wipe(text, len);
	free(text);
	if (r == 0 && ret->n == 0 && must_exist) {
		conf_report_add(report, path, 0,
				"holds no key; write keys into %s (" HOW_TO_GENERATE ")", file);
		conf_keys_done(ret);
		r = -EINVAL;
	}
	return r;
}

const struct mip_key *conf_keys_find(const struct conf_keys *keys, const struct in6_addr *hoa,
				     uint32_t spi, const char *nai, size_t *ret_candidates)
{
	const struct mip_key *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < keys->n; i++) {
		const struct mip_key *k = keys->key[i];
		struct mip_prefix prefix = { .addr = k->hoa, .plen = k->hoa_plen };

		if (!mip_addr_in_prefix(hoa, &prefix) || (spi && k->spi != spi))
			continue;
		/* A key without a NAI goes with any. */
		if (nai[0] && k->nai_len &&
		    (k->nai_len != strlen(nai) || memcmp(k->nai, nai, k->nai_len) != 0))
			continue;
		if (found && (found->hoa_plen == 128) != (k->hoa_plen == 128)) {
			if (found->hoa_plen == 128)
				continue;
			n = 0;
		}
		found = k;
		n++;
	}
	*ret_candidates = n;
	return n == 1 ? found : NULL;
}
