/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mobile node: home registration (RFC 6275 section 11), one machine per
 * home address, sans-IO. It does not look for movement; a detector says where
 * the node is (MIP_EV_MD) and the role sees to it that the home agent and the
 * kernel know.
 *
 * How to drive it: mip_mn_new(); for every entry of the kernel's binding
 * update list a MIP_EV_BULE_FOUND; then events as they come. After each call
 * to mip_mn_new(), _input() or _expire() take the actions out until there are
 * none, carry them out in order, and set one timer to mip_mn_next_deadline().
 * Time never goes back (struct mip_time.usec); the NTP clock in it may.
 *
 * Addresses are in network byte order, numbers in host byte order, times in
 * microseconds.
 */
#ifndef MIP_MN_H
#define MIP_MN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mip/action.h>
#include <mip/bul.h>
#include <mip/counter.h>
#include <mip/event.h>
#include <mip/keys.h>
#include <mip/limits.h>
#include <mip/time.h>

/* What the role holds of a mobility security association with a home agent (RFC 4285 section 5.1). */
struct mip_mn_sa {
	uint32_t spi; /* MIP_SPI_MIN and above */
	uint8_t key_len; /* MIP_KEY_MIN..MIP_KEY_MAX octets; 0: none, messages go unprotected */
	uint8_t key[MIP_KEY_MAX];
	uint8_t nai_len; /* 1..MIP_NAI_MAX octets (RFC 4285 section 4: with a key a NAI is a must) */
	char nai[MIP_NAI_MAX + 1]; /* need not end in NUL */
	enum mip_replay replay; /* MIP_REPLAY_DEFAULT: timestamp */
};

struct mip_mn_home {
	struct in6_addr hoa;
	uint8_t plen; /* of the home prefix, 1..128 */
	struct in6_addr home_agent;
	uint64_t lifetime_usec; /* to ask for; 4 s .. 65535 units of 4 s, rounded down to units */
	bool link_local; /* L: hoa and our link-local address on the home link share the interface identifier */
	struct mip_mn_sa sa;
};

struct mip_mn_config {
	unsigned int n_home;
	struct mip_mn_home home[MIP_HOA_PER_MN_MAX];
	/*
	 * For a lab only: home addresses without a key are registered
	 * unprotected, and acknowledgements without protection are believed.
	 */
	bool allow_unprotected;
	/* Fills buf with len octets of randomness for initial sequence numbers. Never fails. */
	void (*random)(void *userdata, void *buf, size_t len);
	void *random_userdata;
};

struct mip_mn;

/*
 * Takes a copy of config, keys included. The first actions are there at once:
 * MIP_ACT_LOG (UNPROTECTED) where it applies, and a MIP_ACT_MD_SCAN for each
 * home address, which tells the detector the home prefix and asks it to say
 * where the node is. now: the time, as in every call.
 *
 * Returns 0; -EINVAL: no or too many home addresses, an address that is not
 * unicast routable, the same one twice, prefix length, lifetime, SPI, key or
 * NAI length out of range, no random(), or no key without allow_unprotected;
 * -ENOMEM. *ret is written on success only.
 */
int mip_mn_new(const struct mip_mn_config *config, const struct mip_time *now, struct mip_mn **ret);

/* Wipes the keys. What the kernel holds stays there. Takes NULL; returns NULL. */
struct mip_mn *mip_mn_free(struct mip_mn *mn);

/*
 * One event. What comes from the network never makes this fail: it is counted
 * by drop reason. Returns 0, or
 *   -EINVAL  word from a detector that makes no sense: an unknown command, an
 *            address that is not unicast routable, a home link without interface;
 *   -ENOENT  a home address (or binding update list entry) that is not ours.
 * MIP_EV_BC_RESULT, MIP_EV_BCE_FOUND, MIP_EV_BCE_GONE and MIP_EV_HOME_PREFIX
 * are the home agent's and ignored here.
 *
 * MIP_EV_DAD_RESULT is taken too, although no MIP_ACT_DAD_START goes out: with
 * it the caller says how the kernel's own duplicate address detection of a
 * home address placed with nodad = false ended. A duplicate that our stale
 * binding may be the cause of is de-registered, a real one is given up.
 */
int mip_mn_input(struct mip_mn *mn, const struct mip_event *event, const struct mip_time *now);

/* Carries out what is due. To be called when next_deadline() has come; too early does no harm. */
void mip_mn_expire(struct mip_mn *mn, const struct mip_time *now);

/* struct mip_time.usec at which mip_mn_expire() wants to be called; MIP_USEC_INFINITY: not at all. */
uint64_t mip_mn_next_deadline(const struct mip_mn *mn);

/* Takes out the oldest action. False when there is none; ret is not touched then. */
bool mip_mn_next_action(struct mip_mn *mn, struct mip_action *ret);

/* One home address as it stands, for people. */
struct mip_mn_status {
	struct in6_addr hoa;
	uint8_t plen;
	struct in6_addr home_agent;
	enum mip_reg_state state; /* mip_reg_state_name() */
	enum mip_hoa_place place;
	bool has_coa;
	struct in6_addr coa;
	uint32_t ifindex; /* of coa, or of the home link */
	uint16_t seq; /* last sequence number sent */
	bool bound; /* the home agent holds a binding for coa, as far as we know */
	uint64_t lifetime_usec; /* granted; 0: unknown or none */
	uint64_t lifetime_left_usec;
	int last_status; /* of a Binding Acknowledgement; -1: none yet */
	uint64_t last_handover_usec; /* from the last move to its acknowledgement; 0: none yet */
	bool protected_by_key;
	bool duplicate; /* somebody at home has the address; the home agent is asked whether it is that */
};

/* Calls fn for each home address in the order of the configuration. */
void mip_mn_foreach(const struct mip_mn *mn, const struct mip_time *now,
		    void (*fn)(void *userdata, const struct mip_mn_status *status), void *userdata);

/* Belongs to mn. */
const struct mip_counters *mip_mn_get_counters(const struct mip_mn *mn);

#endif /* MIP_MN_H */
