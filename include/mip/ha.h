/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The home agent role (RFC 6275 section 10): home registrations in, bindings
 * out.
 *
 * Sans-IO: events go in with the time, actions come out of a queue. After
 * every call of mip_ha_input(), mip_ha_expire() and mip_ha_set_...() the
 * caller takes the actions out with mip_ha_next_action() until it says false,
 * and sees to it that mip_ha_expire() is called at mip_ha_next_deadline().
 *
 * Actions: SEND_MH, BC_SET, BC_DEL, DAD_START, DAD_STOP, NA, LOG.
 * Events: MH, DAD_RESULT, BC_RESULT, BCE_FOUND, BCE_GONE, HOME_PREFIX,
 * SEND_FAILED.
 *
 * Who speaks to a role from one thread only needs no lock; there are no
 * globals.
 */
#ifndef MIP_HA_H
#define MIP_HA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mip/action.h>
#include <mip/counter.h>
#include <mip/event.h>
#include <mip/keys.h>
#include <mip/time.h>

#define MIP_HOME_LINKS_MAX 16
#define MIP_NA_REPEATS_MAX 3 /* MAX_NEIGHBOR_ADVERTISEMENT, RFC 4861 section 10 */

/*
 * Duplicate address detection for a home address without binding, before the
 * Binding Acknowledgement is returned (HA-BU-11, RFC 6275 section 10.3.1).
 * Optimistic: the binding is installed at once and carries traffic while the
 * probe runs (the idea of RFC 4429; the home address is tied to an
 * authenticated key). The acknowledgement and the advertisement wait for the
 * outcome all the same; a duplicate takes the binding away again.
 */
enum mip_ha_dad {
	MIP_HA_DAD_OFF, /* only where addresses cannot collide */
	MIP_HA_DAD_STRICT,
	MIP_HA_DAD_OPTIMISTIC,
};

/* A home link that we serve. */
struct mip_ha_link {
	struct mip_prefix prefix; /* home addresses are in here */
	struct in6_addr addr; /* our own address, the one that Binding Updates go to */
	uint32_t ifindex; /* 0: virtual home link, neither DAD nor advertisements */
	enum mip_ha_dad dad;
	unsigned int na_repeats; /* advertisements on registration, 1..MIP_NA_REPEATS_MAX */
};

struct mip_ha_config {
	unsigned int n_links;
	struct mip_ha_link links[MIP_HOME_LINKS_MAX];
	uint64_t max_lifetime_usec; /* granted at most; 4 s and more */
	uint32_t max_bindings; /* those in delete-hold included; 0: MIP_BINDINGS_MAX */
	bool allow_unprotected; /* lab only: take Binding Updates without authentication
					   for home addresses that no key covers */
	enum mip_replay replay; /* for keys that leave it open; DEFAULT means TIMESTAMP */
	uint64_t timestamp_tolerance_usec; /* above 3 s; 0: 7 s (RFC 4285 section 5.1) */
	uint64_t refresh_advice_usec; /* 0: no Binding Refresh Advice */
};

struct mip_ha;

/*
 * config is copied. keys is used, not owned, and outlives the role or is
 * replaced by mip_ha_set_keys(). seed: 16 random octets, for hash tables that
 * no sender can fill at will. NULL: out of memory or a config that breaks the
 * rules above.
 */
struct mip_ha *mip_ha_new(const struct mip_ha_config *config, const struct mip_keys *keys,
			  const uint8_t seed[16], const struct mip_time *now);

/* Takes NULL; returns NULL. Nothing happens to what the kernel holds. */
struct mip_ha *mip_ha_free(struct mip_ha *ha);

/*
 * Returns 0, or -ENOMEM (the event was then counted and dropped), -EINVAL for
 * an event that does not belong to this role. What a message did wrong is no
 * error of this function: see the counters.
 */
int mip_ha_input(struct mip_ha *ha, const struct mip_event *ev, const struct mip_time *now);

/* Does what is due. When much is due it stops early and leaves the deadline in the past. */
void mip_ha_expire(struct mip_ha *ha, const struct mip_time *now);

/* Monotonic time in microseconds; MIP_USEC_INFINITY: nothing to wait for. */
uint64_t mip_ha_next_deadline(const struct mip_ha *ha);

/* Takes out the oldest action; false when there is none. */
bool mip_ha_next_action(struct mip_ha *ha, struct mip_action *ret);

/*
 * New keys; from now on the old ones are not used any more. Bindings stay
 * until they end; what waits for an answer and has lost its key is given up.
 */
void mip_ha_set_keys(struct mip_ha *ha, const struct mip_keys *keys);

/*
 * New configuration, for reloading and for interfaces that come and go (a new
 * ifindex). Bindings outside of all home links stay until they end, but are
 * not extended. Returns 0 or -EINVAL (nothing changed).
 */
int mip_ha_set_config(struct mip_ha *ha, const struct mip_ha_config *config);

/* Reading, for the status. */

struct mip_ha_stats {
	uint32_t bindings; /* in use */
	uint32_t held; /* ended, kept for their sequence number and timestamp */
	uint32_t pending; /* registrations that wait for DAD or for the kernel */
	uint64_t overflows; /* of the action queue; not 0: an error in the role */
};

void mip_ha_get_stats(const struct mip_ha *ha, struct mip_ha_stats *ret);
const struct mip_counters *mip_ha_counters(const struct mip_ha *ha);

/* Lifetimes of *ret are what is left at now. False: no such binding. */
bool mip_ha_get_binding(const struct mip_ha *ha, const struct in6_addr *hoa, uint16_t bid,
			const struct mip_time *now, struct mip_bce *ret);

/*
 * Calls fn for each binding in use, in no order, until it returns false. fn
 * does not call into the role.
 */
void mip_ha_for_each_binding(const struct mip_ha *ha, const struct mip_time *now,
			     bool (*fn)(void *userdata, const struct mip_bce *bce), void *userdata);

#endif /* MIP_HA_H */
