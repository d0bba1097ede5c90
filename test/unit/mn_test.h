/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mobile node in a glass: its actions are collected, its Binding Updates are
 * read with the codec, and a few lines play the home agent.
 */
#ifndef MN_TEST_H
#define MN_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <errno.h>

#include <cmocka.h>

#include <mip/auth.h>
#include <mip/mn.h>

#define SEC	   MIP_USEC_PER_SEC
#define MSEC	   MIP_USEC_PER_MSEC
#define T_ACTS_MAX 128
#define HOME_IF	   2
#define IF_A	   3
#define IF_B	   4

static const uint8_t t_key[16] = "sixteen octets!";

struct t_mn {
	struct mip_mn *mn;
	struct mip_time now;
	struct mip_mn_config config;
	unsigned int n_act;
	struct mip_action act[T_ACTS_MAX];
	/* The last Binding Update that went out. */
	struct mip_act_send_mh bu_act;
	struct mip_msg bu;
	struct mip_mh_info bu_info;
	unsigned int n_bu;
	unsigned int n_be;
};

static inline struct in6_addr ip(const char *text)
{
	struct in6_addr addr;

	assert_int_equal(inet_pton(AF_INET6, text, &addr), 1);
	return addr;
}

#define HOA   ip("2001:db8:1::5")
#define HA    ip("2001:db8:1::1")
#define COA_A ip("2001:db8:a::5")
#define COA_B ip("2001:db8:b::5")

#define assert_addr(a, b)                                  \
	do {                                               \
		struct in6_addr a_ = (a), b_ = (b);        \
		assert_memory_equal(&a_, &b_, sizeof(a_)); \
	} while (0)

static inline void t_random(void *userdata, void *buf, size_t len)
{
	(void)userdata;
	memset(buf, 0x12, len);
}

/* Takes all actions out; those before are forgotten. */
static inline void t_drain(struct t_mn *t)
{
	t->n_act = 0;
	while (mip_mn_next_action(t->mn, &t->act[t->n_act])) {
		const struct mip_action *act = &t->act[t->n_act];
		static struct mip_msg msg;
		struct mip_mh_info info;

		if (act->type == MIP_ACT_SEND_MH) {
			assert_int_equal(mip_mh_decode(act->send_mh.data, act->send_mh.len, &msg,
						       &info),
					 MIP_OK);
			assert_true(mip_mh_checksum_ok(
				act->send_mh.has_hao ? &act->send_mh.hao : &act->send_mh.src,
				&act->send_mh.dst, act->send_mh.data, act->send_mh.len));
			if (msg.type == MIP_MH_BU) {
				t->bu = msg;
				t->bu_info = info;
				t->bu_act = act->send_mh;
				t->n_bu++;
			} else {
				t->n_be++;
			}
		}
		t->n_act++;
		assert_true(t->n_act < T_ACTS_MAX);
	}
}

static inline const struct mip_action *t_find(const struct t_mn *t, enum mip_action_type type)
{
	for (unsigned int i = 0; i < t->n_act; i++) {
		if (t->act[i].type == type)
			return &t->act[i];
	}
	return NULL;
}

static inline const struct mip_action *t_last(const struct t_mn *t, enum mip_action_type type)
{
	for (unsigned int i = t->n_act; i-- > 0;) {
		if (t->act[i].type == type)
			return &t->act[i];
	}
	return NULL;
}

static inline int t_index(const struct t_mn *t, enum mip_action_type type)
{
	for (unsigned int i = 0; i < t->n_act; i++) {
		if (t->act[i].type == type)
			return (int)i;
	}
	return -1;
}

static inline bool t_logged(const struct t_mn *t, enum mip_log_event event)
{
	for (unsigned int i = 0; i < t->n_act; i++) {
		if (t->act[i].type == MIP_ACT_LOG && t->act[i].log.event == event)
			return true;
	}
	return false;
}

/* Something the kernel or the network is asked for; words for the log do not count. */
static inline unsigned int t_deeds(const struct t_mn *t)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->n_act; i++)
		n += t->act[i].type != MIP_ACT_LOG;
	return n;
}

static inline void t_status_fn(void *userdata, const struct mip_mn_status *status)
{
	struct mip_mn_status *out = userdata;

	if (IN6_ARE_ADDR_EQUAL(&out->hoa, &status->hoa))
		*out = *status;
}

static inline struct mip_mn_status t_status(const struct t_mn *t)
{
	struct mip_mn_status status = { .hoa = HOA };

	mip_mn_foreach(t->mn, &t->now, t_status_fn, &status);
	return status;
}

#define assert_state(t, s) assert_string_equal(mip_reg_state_name(t_status(t).state), s)

static inline void t_config(struct t_mn *t)
{
	struct mip_mn_home *home = &t->config.home[0];

	memset(t, 0, sizeof(*t));
	t->now.usec = 1000 * SEC;
	t->now.ntp = mip_ntp_from_usec(UINT64_C(1700000000) * SEC);
	t->config.n_home = 1;
	t->config.random = t_random;
	home->hoa = HOA;
	home->plen = 64;
	home->home_agent = HA;
	home->lifetime_usec = 400 * SEC;
	home->sa.spi = 0x1234;
	home->sa.key_len = sizeof(t_key);
	memcpy(home->sa.key, t_key, sizeof(t_key));
	home->sa.nai_len = 15;
	memcpy(home->sa.nai, "mn1@example.com", 15);
}

static inline void t_start(struct t_mn *t)
{
	assert_int_equal(mip_mn_new(&t->config, &t->now, &t->mn), 0);
	t_drain(t);
}

static inline void t_new(struct t_mn *t)
{
	t_config(t);
	t_start(t);
}

static inline void t_free(struct t_mn *t)
{
	t->mn = mip_mn_free(t->mn);
	assert_null(t->mn);
}

static inline int t_input(struct t_mn *t, const struct mip_event *event)
{
	int r = mip_mn_input(t->mn, event, &t->now);

	t_drain(t);
	return r;
}

static inline int t_md(struct t_mn *t, enum mip_md_cmd cmd, struct in6_addr coa, uint32_t ifindex)
{
	const struct mip_event event = {
		.type = MIP_EV_MD,
		.md = { .cmd = cmd, .coa = coa, .ifindex = ifindex },
	};

	return t_input(t, &event);
}

static inline void t_home(struct t_mn *t)
{
	assert_int_equal(t_md(t, MIP_MD_DEREG_HOME, in6addr_any, HOME_IF), 0);
}

static inline void t_to_a(struct t_mn *t)
{
	assert_int_equal(t_md(t, MIP_MD_REREG, COA_A, IF_A), 0);
}

static inline void t_to_b(struct t_mn *t)
{
	assert_int_equal(t_md(t, MIP_MD_REREG, COA_B, IF_B), 0);
}

/* Both clocks. */
static inline void t_wait(struct t_mn *t, uint64_t usec)
{
	t->now.usec += usec;
	t->now.ntp = t->now.ntp + (usec << 32) / SEC;
}

/* To the next deadline, which is answered; how far it was. */
static inline uint64_t t_run(struct t_mn *t)
{
	uint64_t next = mip_mn_next_deadline(t->mn), step;

	assert_true(next != MIP_USEC_INFINITY);
	step = next > t->now.usec ? next - t->now.usec : 0;
	t_wait(t, step);
	mip_mn_expire(t->mn, &t->now);
	t_drain(t);
	return step;
}

/* What a Binding Acknowledgement may be spoiled by. */
struct t_ba {
	uint8_t status;
	uint16_t seq;
	uint16_t lifetime_wire;
	uint16_t advice_wire; /* 0: none */
	bool no_timestamp, no_auth, no_rh2, with_hao, bad_mac, bad_checksum;
	uint64_t timestamp; /* 0: that of the Binding Update */
	uint32_t spi;
	struct in6_addr src;
	const uint8_t *key;
};

/* The answer to the last Binding Update, with nothing wrong. */
static inline struct t_ba t_good(const struct t_mn *t, uint8_t status)
{
	return (struct t_ba){
		.status = status,
		.seq = t->bu.bu.seq,
		.lifetime_wire = status < 128 ? t->bu.bu.lifetime_wire : 0,
		.spi = 0x1234,
		.src = HA,
		.key = t_key,
	};
}

/* To the source of the last Binding Update. */
static inline void t_deliver(struct t_mn *t, const struct t_ba *ba)
{
	struct mip_msg msg = { .type = MIP_MH_BA };
	bool away = t->bu_act.has_hao;
	const struct in6_addr *mac_coa = t->bu.opts.present & MIP_HAS_ALTCOA ? &t->bu.opts.altcoa :
									       &t->bu_act.src;
	struct mip_event event = { .type = MIP_EV_MH };
	static uint8_t buf[MIP_MSG_MAX];
	struct mip_mh_info info;
	const struct in6_addr hoa = HOA;
	size_t len;

	msg.ba.status = ba->status;
	msg.ba.seq = ba->seq;
	msg.ba.lifetime_wire = ba->lifetime_wire;
	if (ba->advice_wire) {
		msg.opts.present |= MIP_HAS_REFRESH_ADVICE;
		msg.opts.refresh_advice_wire = ba->advice_wire;
	}
	if ((t->bu.opts.present & MIP_HAS_TIMESTAMP) && !ba->no_timestamp) {
		msg.opts.present |= MIP_HAS_TIMESTAMP;
		msg.opts.timestamp = ba->timestamp ? ba->timestamp : t->bu.opts.timestamp;
	}
	if (!ba->no_auth) {
		msg.opts.present |= MIP_HAS_MN_HA;
		msg.opts.mn_ha.spi = ba->spi;
		msg.opts.mn_ha.len = MIP_MAC_OCTETS;
	}
	assert_int_equal(mip_mh_encode(&msg, buf, sizeof(buf), &len, &info), MIP_OK);
	if (!ba->no_auth)
		assert_int_equal(mip_auth_mn_ha_sign(ba->key, 16, mac_coa, &hoa, buf, len, &info),
				 MIP_OK);
	if (ba->bad_mac)
		buf[info.mn_ha_offset] ^= 1;

	event.mh.data = buf;
	event.mh.len = len;
	event.mh.src = ba->src;
	event.mh.dst = t->bu_act.src;
	event.mh.has_hao = ba->with_hao;
	event.mh.hao = HOA;
	event.mh.has_rh2 = away != ba->no_rh2;
	event.mh.rh2 = HOA;
	mip_mh_set_checksum(event.mh.has_hao ? &event.mh.hao : &event.mh.src,
			    event.mh.has_rh2 ? &event.mh.rh2 : &event.mh.dst, buf, len);
	if (ba->bad_checksum)
		buf[4] ^= 0x55;
	assert_int_equal(t_input(t, &event), 0);
}

static inline void t_answer(struct t_mn *t, uint8_t status)
{
	const struct t_ba ba = t_good(t, status);

	t_deliver(t, &ba);
}

/* On link A, registered, the queue empty. */
static inline void t_registered(struct t_mn *t)
{
	t_new(t);
	t_to_a(t);
	t_answer(t, 0);
	assert_state(t, "registered");
}

static inline uint64_t t_dropped(const struct t_mn *t, enum mip_drop_reason reason)
{
	return mip_mn_get_counters(t->mn)->drop[reason];
}

#endif /* MN_TEST_H */
