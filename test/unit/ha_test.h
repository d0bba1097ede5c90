/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A home agent in a test's hands: one physical home link (interface 3), one
 * virtual one, a key for MN1 and one for a prefix. Binding Updates are built,
 * signed and put in; what comes out is kept in act[] until ha_clear().
 */
#ifndef MIP_TEST_HA_TEST_H
#define MIP_TEST_HA_TEST_H

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <mip/auth.h>
#include <mip/ha.h>
#include <mip/log.h>
#include <mip/queue.h>

#define HA1	     "2001:db8:1::1"
#define MN1	     "2001:db8:1::100"
#define MN2	     "2001:db8:1:0:a::2" /* by the prefix key */
#define COA_A	     "2001:db8:a::5"
#define COA_B	     "2001:db8:b::5"
#define HA_V	     "2001:db8:2::1" /* virtual home link 2001:db8:2::/64 */
#define MN_V	     "2001:db8:2::100"
#define HOME_IFINDEX 3
#define KEY	     "0123456789abcdef"
#define SEC	     MIP_USEC_PER_SEC

struct env {
	struct mip_ha_config config;
	struct mip_keys *keys;
	struct mip_ha *ha;
	struct mip_time now;
	struct mip_action act[256];
	unsigned int n_act;
};

/* A Binding Update, or what looks like one. Zero: as a mobile node would send it. */
struct bu {
	const char *hoa; /* NULL: MN1 */
	const char *coa; /* wire source; NULL: COA_A */
	const char *altcoa; /* NULL: as coa; "": none */
	const char *dst; /* NULL: HA1 */
	uint16_t seq;
	uint16_t flags; /* 0: A and H */
	bool no_h;
	uint16_t lifetime; /* units; 0: 150, unless dereg */
	bool dereg;
	bool no_hao;
	bool no_auth;
	bool no_nai;
	const char *nai; /* NULL: "mn1@example.com" */
	uint32_t spi; /* 0: 256 */
	const char *key;
	bool bad_mac;
	bool no_timestamp;
	uint64_t timestamp; /* 0: now */
	bool nonce_indices;
	bool bid;
	bool rh2;
	bool bad_checksum;
	uint32_t ifindex;
	bool from_home; /* wire source is the home address, over the home link */
};

static inline struct in6_addr addr(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

static inline void assert_addr(const struct in6_addr *got, const char *want)
{
	char text[INET6_ADDRSTRLEN];
	char normal[INET6_ADDRSTRLEN];
	struct in6_addr a = addr(want);

	inet_ntop(AF_INET6, got, text, sizeof(text));
	inet_ntop(AF_INET6, &a, normal, sizeof(normal));
	assert_string_equal(text, normal);
}

static inline void ha_drain(struct env *env)
{
	struct mip_action act;

	while (mip_ha_next_action(env->ha, &act)) {
		assert_true(env->n_act < sizeof(env->act) / sizeof(env->act[0]));
		env->act[env->n_act++] = act;
	}
}

static inline void ha_clear(struct env *env)
{
	env->n_act = 0;
}

/* The last action of a type, NULL if there is none. */
static inline const struct mip_action *ha_last(const struct env *env, enum mip_action_type type)
{
	for (unsigned int i = env->n_act; i > 0; i--) {
		if (env->act[i - 1].type == type)
			return &env->act[i - 1];
	}
	return NULL;
}

static inline unsigned int ha_count(const struct env *env, enum mip_action_type type)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < env->n_act; i++)
		n += env->act[i].type == type;
	return n;
}

/* Place of the first action of a type in the order of events. */
static inline unsigned int ha_place(const struct env *env, enum mip_action_type type)
{
	for (unsigned int i = 0; i < env->n_act; i++) {
		if (env->act[i].type == type)
			return i;
	}
	fail_msg("no action %d", (int)type);
	return 0;
}

static inline const struct mip_act_log *ha_logged(const struct env *env, enum mip_log_event event)
{
	for (unsigned int i = env->n_act; i > 0; i--) {
		if (env->act[i - 1].type == MIP_ACT_LOG && env->act[i - 1].log.event == event)
			return &env->act[i - 1].log;
	}
	return NULL;
}

static inline uint64_t ha_dropped(const struct env *env, enum mip_drop_reason reason)
{
	return mip_ha_counters(env->ha)->drop[reason];
}

static inline void ha_add_key(struct env *env, uint32_t spi, const char *nai, const char *hoa,
			      uint8_t plen, const char *key, enum mip_replay replay)
{
	struct mip_key k = {
		.spi = spi,
		.replay = replay,
		.hoa = addr(hoa),
		.hoa_plen = plen,
		.key_len = (uint8_t)strlen(key),
		.nai_len = (uint8_t)strlen(nai),
		.nai = nai,
	};

	memcpy(k.key, key, strlen(key));
	assert_int_equal(mip_keys_add(env->keys, &k, NULL), MIP_KEYS_OK);
}

static inline void ha_start(struct env *env)
{
	static const uint8_t seed[16] = "a test's seed";

	env->ha = mip_ha_new(&env->config, env->keys, seed, &env->now);
	assert_non_null(env->ha);
	ha_drain(env);
	/* timestamps from before the start are not believed */
	env->now.usec += SEC;
	env->now.ntp += UINT64_C(1) << 32;
}

static inline void ha_restart(struct env *env)
{
	mip_ha_free(env->ha);
	ha_clear(env);
	ha_start(env);
}

static inline int ha_setup(void **state)
{
	struct env *env = calloc(1, sizeof(*env));

	assert_non_null(env);
	env->now.usec = 1000 * SEC;
	env->now.ntp = mip_ntp_from_usec(UINT64_C(1700000000) * SEC);
	env->keys = mip_keys_new();
	ha_add_key(env, 256, "mn1@example.com", MN1, 128, KEY, MIP_REPLAY_DEFAULT);
	ha_add_key(env, 257, "mn2@example.com", "2001:db8:1:0:a::", 80, KEY, MIP_REPLAY_SEQUENCE);
	ha_add_key(env, 258, "mnv@example.com", MN_V, 128, KEY, MIP_REPLAY_DEFAULT);
	ha_add_key(env, 259, "stray@example.com", "2001:db8:99::1", 128, KEY, MIP_REPLAY_DEFAULT);
	env->config = (struct mip_ha_config){
		.n_links = 2,
		.links = { { .prefix = { addr("2001:db8:1::"), 64 },
			     .addr = addr(HA1),
			     .ifindex = HOME_IFINDEX,
			     .dad = MIP_HA_DAD_STRICT,
			     .na_repeats = 1 },
			   { .prefix = { addr("2001:db8:2::"), 64 }, .addr = addr(HA_V) } },
		.max_lifetime_usec = 600 * SEC,
		.max_bindings = 100,
	};
	ha_start(env);
	*state = env;
	return 0;
}

static inline int ha_teardown(void **state)
{
	struct env *env = *state;
	struct mip_ha_stats stats;

	mip_ha_get_stats(env->ha, &stats);
	assert_int_equal(stats.overflows, 0);
	mip_ha_free(env->ha);
	mip_keys_free(env->keys);
	free(env);
	return 0;
}

static inline void ha_restart_optimistic(struct env *env)
{
	env->config.links[0].dad = MIP_HA_DAD_OPTIMISTIC;
	ha_restart(env);
}

/* Both clocks. */
static inline void ha_wait(struct env *env, uint64_t usec)
{
	env->now.usec += usec;
	env->now.ntp += mip_ntp_from_usec(usec) - mip_ntp_from_usec(0);
}

static inline void ha_expire(struct env *env)
{
	mip_ha_expire(env->ha, &env->now);
	ha_drain(env);
}

/* Goes from deadline to deadline until so much time has passed. */
static inline void ha_run(struct env *env, uint64_t usec)
{
	uint64_t end = env->now.usec + usec;

	while (mip_ha_next_deadline(env->ha) <= end) {
		uint64_t next = mip_ha_next_deadline(env->ha);

		if (next > env->now.usec)
			ha_wait(env, next - env->now.usec);
		ha_expire(env);
	}
	ha_wait(env, end - env->now.usec);
}

static inline int ha_event(struct env *env, const struct mip_event *ev)
{
	int err = mip_ha_input(env->ha, ev, &env->now);

	ha_drain(env);
	return err;
}

/* Builds the message into buf, which is MIP_MSG_MAX large, and says how it came in. */
static inline struct mip_event ha_build_bu(const struct env *env, const struct bu *bu, uint8_t *buf)
{
	const char *nai = bu->nai ? bu->nai : "mn1@example.com";
	const char *key = bu->key ? bu->key : KEY;
	struct in6_addr hoa = addr(bu->hoa ? bu->hoa : MN1);
	struct in6_addr src = addr(bu->coa ? bu->coa : COA_A);
	struct in6_addr dst = addr(bu->dst ? bu->dst : HA1);
	struct in6_addr coa;
	struct mip_msg msg = { .type = MIP_MH_BU };
	struct mip_mh_info info;
	struct mip_event ev = { .type = MIP_EV_MH };
	size_t len;

	if (bu->from_home)
		src = hoa;
	coa = src;
	msg.bu.seq = bu->seq;
	msg.bu.flags = bu->flags ? bu->flags : MIP_BU_A | (bu->no_h ? 0 : MIP_BU_H);
	msg.bu.lifetime_wire = bu->dereg ? 0 : bu->lifetime ? bu->lifetime : 150;
	if (!bu->altcoa || *bu->altcoa) {
		if (bu->altcoa)
			coa = addr(bu->altcoa);
		msg.opts.present |= MIP_HAS_ALTCOA;
		msg.opts.altcoa = coa;
	}
	if (bu->nonce_indices)
		msg.opts.present |= MIP_HAS_NONCE_INDICES;
	if (bu->bid) {
		msg.opts.n_bid = 1;
		msg.opts.bid[0].bid = 5;
	}
	if (!bu->no_timestamp) {
		msg.opts.present |= MIP_HAS_TIMESTAMP;
		msg.opts.timestamp = bu->timestamp ? bu->timestamp : env->now.ntp;
	}
	if (!bu->no_nai) {
		msg.opts.present |= MIP_HAS_NAI;
		msg.opts.nai_len = (uint8_t)strlen(nai);
		memcpy(msg.opts.nai, nai, strlen(nai));
	}
	if (!bu->no_auth) {
		msg.opts.present |= MIP_HAS_MN_HA;
		msg.opts.mn_ha.spi = bu->spi ? bu->spi : 256;
		msg.opts.mn_ha.len = MIP_MAC_OCTETS;
	}
	assert_int_equal(mip_mh_encode(&msg, buf, MIP_MSG_MAX, &len, &info), MIP_OK);
	if (!bu->no_auth)
		assert_int_equal(mip_auth_mn_ha_sign((const uint8_t *)key, strlen(key), &coa, &hoa,
						     buf, len, &info),
				 MIP_OK);
	if (bu->bad_mac)
		buf[info.mn_ha_offset + 3] ^= 0x10;
	mip_mh_set_checksum(&hoa, &dst, buf, len);
	if (bu->bad_checksum)
		buf[5] ^= 1;

	ev.mh = (struct mip_ev_mh){
		.data = buf,
		.len = len,
		.src = src,
		.dst = dst,
		.has_hao = !bu->no_hao,
		.hao = hoa,
		.has_rh2 = bu->rh2,
		.ifindex = bu->from_home ? HOME_IFINDEX :
			   bu->ifindex	 ? bu->ifindex :
					   2,
	};
	if (bu->no_hao)
		memset(&ev.mh.hao, 0, sizeof(ev.mh.hao));
	if (bu->rh2)
		ev.mh.rh2 = dst;
	return ev;
}

/* What came out before is forgotten. */
static inline void ha_send_bu(struct env *env, const struct bu *bu)
{
	uint8_t buf[MIP_MSG_MAX];
	struct mip_event ev = ha_build_bu(env, bu, buf);

	ha_clear(env);
	assert_int_equal(ha_event(env, &ev), 0);
}

/* The last Binding Acknowledgement that went out; its checksum is tested. */
static inline struct mip_msg ha_ba_info(const struct env *env, struct mip_mh_info *ret_info)
{
	const struct mip_action *act = ha_last(env, MIP_ACT_SEND_MH);
	const struct mip_act_send_mh *send;
	struct mip_msg msg;

	assert_non_null(act);
	send = &act->send_mh;
	assert_int_equal(mip_mh_decode(send->data, send->len, &msg, ret_info), MIP_OK);
	assert_int_equal(msg.type, MIP_MH_BA);
	assert_true(mip_mh_checksum_ok(&send->src, send->has_rh2 ? &send->rh2 : &send->dst,
				       send->data, send->len));
	return msg;
}

static inline struct mip_msg ha_ba(const struct env *env)
{
	struct mip_mh_info info;

	return ha_ba_info(env, &info);
}

/* Refused with this status, signed, nothing else done. */
static inline void assert_refused(const struct env *env, uint8_t status, uint16_t seq)
{
	const struct mip_act_log *log = ha_logged(env, MIP_LOG_HOME_REG_REFUSED);
	struct mip_msg ba = ha_ba(env);

	assert_int_equal(ba.ba.status, status);
	assert_int_equal(ba.ba.seq, seq);
	assert_int_equal(ba.ba.lifetime_wire, 0);
	assert_int_equal(ha_count(env, MIP_ACT_BC_SET), 0);
	assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 0);
	assert_non_null(log);
	assert_int_equal(log->status, status);
}

/* Neither answered nor acted upon, and counted under this reason. */
static inline void assert_silent(const struct env *env, enum mip_drop_reason reason)
{
	const struct mip_act_log *log = ha_logged(env, MIP_LOG_MESSAGE_DROPPED);

	assert_int_equal(ha_count(env, MIP_ACT_SEND_MH), 0);
	assert_int_equal(ha_count(env, MIP_ACT_BC_SET), 0);
	assert_int_equal(ha_count(env, MIP_ACT_BC_DEL), 0);
	assert_int_equal(ha_count(env, MIP_ACT_DAD_START), 0);
	assert_int_equal(ha_dropped(env, reason), 1);
	assert_non_null(log);
	assert_int_equal(log->drop_reason, reason);
}

static inline void ha_dad(struct env *env, const char *hoa, int result)
{
	struct mip_event ev = { .type = MIP_EV_DAD_RESULT };

	ev.dad_result.hoa = addr(hoa);
	ev.dad_result.ifindex = HOME_IFINDEX;
	ev.dad_result.result = (__typeof__(ev.dad_result.result))result;
	assert_int_equal(ha_event(env, &ev), 0);
}

/* The kernel answers the last BC_SET. */
static inline void ha_kernel(struct env *env, int err)
{
	const struct mip_action *act = ha_last(env, MIP_ACT_BC_SET);
	struct mip_event ev = { .type = MIP_EV_BC_RESULT };

	assert_non_null(act);
	ev.bc_result.id = act->bc.id;
	ev.bc_result.err = err;
	assert_int_equal(ha_event(env, &ev), 0);
}

/* Registers with all that belongs to it. */
static inline void ha_bind(struct env *env, const struct bu *bu)
{
	ha_send_bu(env, bu);
	if (ha_count(env, MIP_ACT_DAD_START))
		ha_dad(env, bu->hoa ? bu->hoa : MN1, MIP_DAD_UNIQUE);
	ha_kernel(env, 0);
	assert_int_equal(ha_ba(env).ba.status, 0);
}

static inline bool ha_bound(const struct env *env, const char *hoa, struct mip_bce *ret)
{
	struct in6_addr a = addr(hoa);
	struct mip_bce bce;

	return mip_ha_get_binding(env->ha, &a, 0, &env->now, ret ? ret : &bce);
}

#endif /* MIP_TEST_HA_TEST_H */
