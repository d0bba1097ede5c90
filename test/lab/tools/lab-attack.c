// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lab-attack: hostile signalling, by a script on standard input, a command a line, words KEY=VALUE.
 *
 *   set dev=IF source=ADDR target=ADDR    needed first; where answers arrive, and whom we attack
 *   sa NAME hoa=ADDR nai=NAI spi=N key=HEX
 *                                         keys, by a name of our own. The one named "probe" asks
 *                                         whether the target has worked off all that came before
 *   bu sa=NAME seq=N ...                  a Binding Update, right unless told otherwise
 *     lifetime=UNITS (15)  flags=AHLKR (AH)  time=now|none|+SEC|-SEC (now)  mac=good|bad|none
 *     hoa=ADDR  altcoa=ADDR|none  spi=N  nai=NAI  hao=no  rh2=ADDR  src=ADDR  dst=ADDR
 *   ba sa=NAME seq=N status=N ...         a Binding Acknowledgement; dst is the mobile node's
 *     lifetime=UNITS  time=...  mac=...  hoa=ADDR  rh2=no  src=ADDR  dst=ADDR
 *   mh hex=OCTETS ...                     any message: its octets, with the checksum put in
 *     fill=N (zero octets behind it)  repeat=N (of the octets in tail=)  tail=OCTETS  sum=bad
 *     hao=ADDR  rh2=ADDR  src=ADDR  dst=ADDR
 *   resend NAME                           what a command with keep=NAME has sent, octet by octet
 *   tunnel inner-src=ADDR inner-dst=ADDR port=N [src=ADDR] [dst=ADDR]
 *                                         a UDP packet within a tunnel packet
 *   fuzz count=N seed=N [sa=NAME] [to=mobile]   broken messages (attack-bulk.c)
 *   flood rate=N seconds=N [sa=NAME]      Binding Updates of senders that nobody knows; until SIGINT
 *
 * Any command that sends one packet takes
 *   keep=NAME   remember it
 *   send=no     only that
 *   answer=ba:STATUS[:SEQ] | be:STATUS | icmp:TYPE | none
 *               what must come back, before anything else does. "none" sends a probe after it and
 *               fails if something comes before the probe's answer, so silence takes no time.
 *
 * Exits with 0 when all was as the script says; else it names the line.
 */
#include "attack.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mip/auth.h>

#include "util.h"

#define WORDS_MAX 24
#define KEEP_MAX  16
#define SA_MAX	  8
#define NAME_MAX_ 32

struct sa {
	char name[NAME_MAX_];
	struct in6_addr hoa;
	char nai[64];
	uint32_t spi;
	size_t key_len;
	uint8_t key[MIP_KEY_MAX];
};

struct kept {
	char name[NAME_MAX_];
	struct attack_packet packet;
	struct attack_path path;
	const struct sa *sa; /* NULL: none that an answer could be tested with */
	struct in6_addr hoa, coa;
	uint16_t seq;
};

static struct in6_addr source, target;
static uint64_t limit_usec = 5 * LAB_USEC_PER_SEC;
static struct sa sas[SA_MAX];
static unsigned int n_sa, n_kept, n_word, line_no;
static struct kept kept[KEEP_MAX];
static char *words[WORDS_MAX];
static char line_text[16384];

#define DIE(...) die_at_line(__VA_ARGS__)

__attribute__((noreturn, format(printf, 1, 2))) static void die_at_line(const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	lab_die(0, "line %u, '%.120s': %s", line_no, line_text, text);
}

/* The value of a word, NULL without it. */
static const char *word(const char *key)
{
	size_t n = strlen(key);

	for (unsigned int i = 0; i < n_word; i++)
		if (!strncmp(words[i], key, n) && words[i][n] == '=')
			return words[i] + n + 1;
	return NULL;
}

static bool word_is(const char *key, const char *value)
{
	const char *w = word(key);

	return w && !strcmp(w, value);
}

static uint64_t number(const char *key, uint64_t otherwise, uint64_t max)
{
	const char *w = word(key);

	return w ? lab_number(w, key, 0, max) : otherwise;
}

static void address(const char *key, struct in6_addr *ret)
{
	const char *w = word(key);

	if (w && inet_pton(AF_INET6, w, ret) != 1)
		DIE("%s is not an address", w);
}

static size_t octets(const char *hex, uint8_t *buf, size_t size)
{
	size_t n = 0;

	for (; hex && *hex; hex += 2, n++) {
		unsigned int value;

		if (n == size || sscanf(hex, "%2x", &value) != 1 || !hex[1])
			DIE("bad octets");
		buf[n] = (uint8_t)value;
	}
	return n;
}

static const struct sa *find_sa(const char *name)
{
	for (unsigned int i = 0; i < n_sa; i++)
		if (name && !strcmp(sas[i].name, name))
			return &sas[i];
	return NULL;
}

static void do_sa(void)
{
	struct sa *sa = &sas[n_sa++];

	if (n_sa > SA_MAX || n_word < 2 || !word("nai"))
		DIE("sa NAME hoa= nai= spi= key=");
	snprintf(sa->name, sizeof(sa->name), "%s", words[1]);
	snprintf(sa->nai, sizeof(sa->nai), "%s", word("nai"));
	address("hoa", &sa->hoa);
	sa->spi = (uint32_t)number("spi", 0, UINT32_MAX);
	sa->key_len = octets(word("key"), sa->key, sizeof(sa->key));
}

/* time=: of the Message Identification (timestamp) option. */
static void timestamp(struct mip_opts *opts)
{
	const char *w = word("time");
	int64_t usec = (int64_t)lab_real_usec();

	if (w && !strcmp(w, "none"))
		return;
	if (w && strcmp(w, "now"))
		usec += strtoll(w, NULL, 10) * (int64_t)LAB_USEC_PER_SEC;
	opts->present |= MIP_HAS_TIMESTAMP;
	opts->timestamp = mip_ntp_from_usec((uint64_t)usec);
}

/* Encodes and signs as mac= says; returns the length. */
static size_t encode(struct mip_msg *msg, const struct sa *sa, const struct in6_addr *coa,
		     const struct in6_addr *hoa, const char *mac, uint8_t *buf, size_t size)
{
	struct mip_mh_info info;
	size_t len;
	int r;

	if (strcmp(mac, "none")) {
		msg->opts.present |= MIP_HAS_MN_HA;
		msg->opts.mn_ha.len = MIP_MAC_OCTETS;
	}
	r = mip_mh_encode(msg, buf, size, &len, &info);
	if (r == MIP_OK && strcmp(mac, "none"))
		r = mip_auth_mn_ha_sign(sa->key, sa->key_len, coa, hoa, buf, len, &info);
	if (r != MIP_OK)
		DIE("cannot be encoded: %s", mip_strerror(r));
	if (!strcmp(mac, "bad"))
		buf[info.mn_ha_offset] ^= 1;
	return len;
}

static void common_opts(struct mip_msg *msg, const struct sa *sa)
{
	const char *nai = word("nai") ? word("nai") : sa->nai;

	if (strcmp(nai, "none")) {
		msg->opts.present |= MIP_HAS_NAI;
		msg->opts.nai_len = (uint8_t)strlen(nai);
		memcpy(msg->opts.nai, nai, msg->opts.nai_len);
	}
	msg->opts.mn_ha.spi = (uint32_t)number("spi", sa->spi, UINT32_MAX);
	timestamp(&msg->opts);
}

static void path_words(struct attack_path *path)
{
	address("src", &path->src);
	address("dst", &path->dst);
	if (word("rh2") && !word_is("rh2", "no")) {
		path->has_rh2 = true;
		address("rh2", &path->rh2);
	}
	if (word("hao") && !word_is("hao", "no")) {
		path->has_hao = true;
		address("hao", &path->hao);
	}
}

static void make_bu(struct kept *k, const struct sa *sa, bool plain)
{
	static const struct {
		char letter;
		uint16_t flag;
	} flags[] = { { 'A', MIP_BU_A },
		      { 'H', MIP_BU_H },
		      { 'L', MIP_BU_L },
		      { 'K', MIP_BU_K },
		      { 'R', MIP_BU_R } };
	const char *letters = plain || !word("flags") ? "AH" : word("flags");
	struct mip_msg msg = { .type = MIP_MH_BU };
	uint8_t buf[MIP_MSG_MAX];
	size_t len;

	*k = (struct kept){ .path = { .src = source, .dst = target }, .sa = sa, .hoa = sa->hoa };
	if (!plain) {
		address("hoa", &k->hoa);
		path_words(&k->path);
		k->seq = (uint16_t)number("seq", 0, UINT16_MAX);
		msg.bu.lifetime_wire = (uint16_t)number("lifetime", 15, UINT16_MAX);
	}
	msg.bu.seq = k->seq;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strchr(letters, flags[i].letter))
			msg.bu.flags |= flags[i].flag;
	if (plain || !word_is("hao", "no")) {
		k->path.has_hao = true;
		k->path.hao = k->hoa;
	}
	k->coa = k->path.src;
	if (plain || !word_is("altcoa", "none")) {
		msg.opts.present |= MIP_HAS_ALTCOA;
		if (!plain)
			address("altcoa", &k->coa);
		msg.opts.altcoa = k->coa;
	}
	if (plain) {
		msg.opts.present |= MIP_HAS_NAI | MIP_HAS_TIMESTAMP;
		msg.opts.nai_len = (uint8_t)strlen(sa->nai);
		memcpy(msg.opts.nai, sa->nai, msg.opts.nai_len);
		msg.opts.mn_ha.spi = sa->spi;
		msg.opts.timestamp = mip_ntp_from_usec(lab_real_usec());
	} else {
		common_opts(&msg, sa);
	}
	if (!plain && word_is("mac", "none"))
		k->sa = NULL; /* nor has the answer a MAC */
	len = encode(&msg, sa, &k->coa, &k->hoa, plain || !word("mac") ? "good" : word("mac"), buf,
		     sizeof(buf));
	attack_build(&k->path, buf, len, plain || !word_is("sum", "bad"), &k->packet);
}

static void make_ba(struct kept *k, const struct sa *sa)
{
	struct mip_msg msg = { .type = MIP_MH_BA };
	uint8_t buf[MIP_MSG_MAX];
	size_t len;

	*k = (struct kept){ .path = { .src = source, .dst = target }, .hoa = sa->hoa };
	address("hoa", &k->hoa);
	k->path.has_rh2 = !word_is("rh2", "no");
	k->path.rh2 = k->hoa;
	path_words(&k->path);
	msg.ba.seq = (uint16_t)number("seq", 0, UINT16_MAX);
	msg.ba.status = (uint8_t)number("status", 0, UINT8_MAX);
	msg.ba.lifetime_wire = (uint16_t)number("lifetime", 15, UINT16_MAX);
	common_opts(&msg, sa);
	len = encode(&msg, sa, &k->path.dst, &k->hoa, word("mac") ? word("mac") : "good", buf,
		     sizeof(buf));
	attack_build(&k->path, buf, len, !word_is("sum", "bad"), &k->packet);
}

static void make_mh(struct kept *k)
{
	uint8_t buf[ATTACK_PAYLOAD_MAX] = { 0 };
	uint8_t tail[256];
	size_t len, tail_len;

	*k = (struct kept){ .path = { .src = source, .dst = target } };
	path_words(&k->path);
	len = octets(word("hex"), buf, sizeof(buf));
	len += number("fill", 0, sizeof(buf) - len);
	tail_len = octets(word("tail"), tail, sizeof(tail));
	for (uint64_t n = number("repeat", tail_len ? 1 : 0, 4096); n > 0; n--) {
		if (tail_len > sizeof(buf) - len)
			DIE("too long");
		memcpy(buf + len, tail, tail_len);
		len += tail_len;
	}
	attack_build(&k->path, buf, len, true, &k->packet);
	if (word_is("sum", "bad"))
		k->packet.payload[k->packet.len - len + 4] ^= 0x55;
}

static void make_tunnel(struct kept *k)
{
	struct in6_addr inner_src = source, inner_dst = target;

	*k = (struct kept){ .path = { .src = source, .dst = target } };
	path_words(&k->path);
	address("inner-src", &inner_src);
	address("inner-dst", &inner_dst);
	attack_build_tunnel(&k->path, &inner_src, &inner_dst, (uint16_t)number("port", 7, 65535),
			    &k->packet);
}

/* An acknowledgement has to be right in all that it says about itself. */
static void check_ba(const struct kept *k, const struct attack_answer *a, uint16_t seq)
{
	if (!a->checksum_ok)
		DIE("%s with a wrong checksum", attack_answer_text(a));
	if (a->msg.ba.seq != seq)
		DIE("%s, wanted seq=%u", attack_answer_text(a), seq);
	if (a->has_rh2 != k->path.has_hao ||
	    (a->has_rh2 && memcmp(&a->rh2, &k->hoa, sizeof(k->hoa))))
		DIE("%s %s", attack_answer_text(a),
		    a->has_rh2 ? "with a wrong home address" : "without type 2 routing header");
	if (k->sa && mip_auth_mn_ha_verify(k->sa->key, k->sa->key_len, &k->coa, &k->hoa, a->mh,
					   a->mh_len, &a->info) != MIP_OK)
		DIE("%s with a wrong MAC", attack_answer_text(a));
}

static bool is_probe(const struct kept *probe, const struct attack_answer *a)
{
	return a->kind == ANSWER_BA && a->has_rh2 &&
	       !memcmp(&a->rh2, &probe->hoa, sizeof(probe->hoa));
}

static void expect_none(void)
{
	static struct kept probe;
	const struct sa *sa = find_sa("probe");
	struct attack_answer a;

	if (!sa)
		DIE("answer=none needs a key named probe");
	make_bu(&probe, sa, true);
	attack_send(&probe.packet);
	if (!attack_receive(&target, lab_mono_usec() + limit_usec, &a))
		DIE("the target no longer answers");
	if (!is_probe(&probe, &a))
		DIE("wanted no answer, got %s", attack_answer_text(&a));
	if (a.code != MIP_ST_NOT_HOME_AGENT)
		DIE("the probe got %s, wanted status=133", attack_answer_text(&a));
}

static void expect(const struct kept *k)
{
	const char *want = word("answer");
	struct attack_answer a;
	unsigned int value = 0;
	uint16_t seq = k->seq;
	const char *colon, *second;

	if (!strcmp(want, "none")) {
		expect_none();
		return;
	}
	colon = strchr(want, ':');
	if (!colon)
		DIE("answer=ba:STATUS[:SEQ], be:STATUS, icmp:TYPE or none");
	value = (unsigned int)strtoul(colon + 1, NULL, 10);
	second = strchr(colon + 1, ':');
	if (second)
		seq = (uint16_t)strtoul(second + 1, NULL, 10);
	if (!attack_receive(&target, lab_mono_usec() + limit_usec, &a))
		DIE("wanted %s, got no answer", want);
	if (!strncmp(want, "ba:", 3)) {
		if (a.kind != ANSWER_BA || a.code != value)
			DIE("wanted %s, got %s", want, attack_answer_text(&a));
		check_ba(k, &a, seq);
	} else if (!strncmp(want, "be:", 3)) {
		if (a.kind != ANSWER_BE || a.code != value || !a.checksum_ok)
			DIE("wanted %s, got %s", want, attack_answer_text(&a));
		if (memcmp(&a.msg.be.hoa, &k->path.hao, sizeof(k->path.hao)))
			DIE("the Binding Error names another home address");
	} else if (!strncmp(want, "icmp:", 5)) {
		if (a.kind != ANSWER_ICMP6 || a.type != value)
			DIE("wanted %s, got %s", want, attack_answer_text(&a));
	} else {
		DIE("answer=ba:STATUS[:SEQ], be:STATUS, icmp:TYPE or none");
	}
}

static struct kept *find_kept(const char *name)
{
	for (unsigned int i = 0; i < n_kept; i++)
		if (!strcmp(kept[i].name, name))
			return &kept[i];
	return NULL;
}

static void finish(const struct kept *k)
{
	struct kept *to;

	if (word("keep")) {
		to = find_kept(word("keep"));
		if (!to && n_kept == KEEP_MAX)
			DIE("too much to keep");
		if (!to)
			to = &kept[n_kept++];
		*to = *k;
		snprintf(to->name, sizeof(to->name), "%s", word("keep"));
	}
	if (word_is("send", "no"))
		return;
	if (word("answer"))
		attack_drain();
	attack_send(&k->packet);
	if (word("answer"))
		expect(k);
}

static void do_bulk(const char *command)
{
	const struct sa *sa = find_sa(word("sa"));
	struct attack_bulk bulk = {
		.source = source,
		.target = target,
		.count = number("count", 1000, 10000000),
		.rate = (uint32_t)number("rate", 10000, 1000000),
		.seed = (uint32_t)number("seed", 1, UINT32_MAX),
		.to_mobile = word_is("to", "mobile"),
		.spi = sa ? sa->spi : 256,
		.nai = sa ? sa->nai : "nobody@example.com",
	};

	if (sa)
		bulk.hoa = sa->hoa;
	address("hoa", &bulk.hoa);
	if (word("seconds"))
		bulk.count = bulk.rate * number("seconds", 1, 3600);
	if (!strcmp(command, "fuzz"))
		attack_fuzz(&bulk);
	else
		attack_flood(&bulk);
}

static void do_line(void)
{
	static struct kept k;
	const char *command = words[0];
	const struct sa *sa = find_sa(word("sa"));

	if (word("sa") && !sa)
		DIE("no key named %s", word("sa"));
	if (!strcmp(command, "set")) {
		address("source", &source);
		address("target", &target);
		limit_usec = number("limit", limit_usec / LAB_USEC_PER_SEC, 600) * LAB_USEC_PER_SEC;
		if (word("dev"))
			attack_open(word("dev"));
		return;
	}
	if (!strcmp(command, "sa")) {
		do_sa();
		return;
	}
	if (!strcmp(command, "fuzz") || !strcmp(command, "flood")) {
		do_bulk(command);
		return;
	}
	if (!strcmp(command, "bu") && sa) {
		make_bu(&k, sa, false);
	} else if (!strcmp(command, "ba") && sa) {
		make_ba(&k, sa);
	} else if (!strcmp(command, "mh")) {
		make_mh(&k);
	} else if (!strcmp(command, "tunnel")) {
		make_tunnel(&k);
	} else if (!strcmp(command, "resend") && n_word > 1 && find_kept(words[1])) {
		k = *find_kept(words[1]);
	} else {
		DIE("not a command, or a word is missing");
	}
	finish(&k);
}

int main(int argc, char **argv)
{
	static char line[sizeof(line_text)];
	char *rest;

	(void)argv;
	if (argc > 1)
		lab_die(0, "takes no arguments; the script comes from standard input");
	while (fgets(line, sizeof(line), stdin)) {
		line_no++;
		line[strcspn(line, "\n")] = '\0';
		memcpy(line_text, line, sizeof(line_text));
		n_word = 0;
		for (rest = line; (words[n_word] = strtok_r(rest, " \t", &rest)); n_word++)
			if (n_word == WORDS_MAX - 1)
				DIE("too many words");
		if (n_word == 0 || words[0][0] == '#')
			continue;
		do_line();
	}
	return 0;
}
