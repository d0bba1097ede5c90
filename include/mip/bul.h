/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine of one home registration: states, events, and what a status of
 * the home agent leads to. (The second machine of an entry, return
 * routability, joins it when there are correspondents.)
 *
 * The machine is a table; mn.h is what drives it. This header is what people
 * and tests need of it: names, and the policy for each status.
 */
#ifndef MIP_BUL_H
#define MIP_BUL_H

#include <stdint.h>

#include <mip/binding.h>

/* RFC 6275 section 12 */
#define MIP_INITIAL_BINDACK_TIMEOUT_USEC	   UINT64_C(1000000)
#define MIP_INITIAL_BINDACK_TIMEOUT_FIRST_REG_USEC UINT64_C(1500000)
#define MIP_MAX_BINDACK_TIMEOUT_USEC		   UINT64_C(32000000)
#define MIP_MAX_UPDATE_RATE			   3 /* per second */

/* X(identifier, word): states of a home registration. */
#define MIP_REG_STATES(X)                                                               \
	/* nothing is registered, and no detector has said where we are */              \
	X(IDLE, "idle")                                                                 \
	/* Binding Update for a (new) care-of address sent or about to be; no answer */ \
	X(WAIT_ACK, "registering")                                                      \
	X(BOUND, "registered")                                                          \
	/* bound, and a refresh is under way */                                         \
	X(WAIT_REFRESH, "refreshing")                                                   \
	/* at home; lifetime 0 sent, no answer yet */                                   \
	X(WAIT_DEREG, "deregistering")                                                  \
	/* away; lifetime 0 sent, no answer yet */                                      \
	X(WAIT_DEREG_FOREIGN, "deregistering-away")                                     \
	X(HOME, "home")                                                                 \
	/* refused for a reason that time may heal: the timer sends again */            \
	X(BACKOFF, "backoff")                                                           \
	/* refused for good: only word from a detector makes it try again */            \
	X(FAILED, "failed")                                                             \
	/* the home address is somebody else's: never used again (status 134) */        \
	X(LOST, "lost")

enum mip_reg_state {
#define X(id, word) MIP_REG_##id,
	MIP_REG_STATES(X)
#undef X
		_MIP_REG_STATE_MAX
};

/* X(identifier, word): what a home registration may be told. */
#define MIP_REG_EVENTS(X)                                                         \
	X(MOVED, "moved") /* a care-of address other than the one in use */       \
	X(SAME_COA, "same-coa") /* the detector repeats itself */                 \
	X(AT_HOME, "at-home") /* on the home link */                              \
	X(LEAVE, "leave") /* de-register while away */                            \
	X(ACCEPTED, "accepted") /* acknowledgement below 128 */                   \
	X(RESYNC, "resync") /* refused; what it said is adopted, send again */    \
	X(LATER, "later") /* refused, time may heal it */                         \
	X(REFUSED, "refused") /* refused for good */                              \
	X(NO_BINDING, "no-binding") /* status 133 */                              \
	X(DUPLICATE, "duplicate") /* status 134, or detected at home */           \
	X(TIMEOUT, "timeout") /* retransmission, or end of a back-off */          \
	X(REFRESH_DUE, "refresh-due")                                             \
	X(EXPIRED, "expired") /* what we had registered has ended */              \
	X(GONE, "gone") /* the kernel's entry was removed by somebody */          \
	X(SEND_FAILED, "send-failed") /* the last Binding Update did not leave */ \
	X(ASKED, "asked") /* the home agent asks: BRR, or BE status 1 */

enum mip_reg_event {
#define X(id, word) MIP_REG_EV_##id,
	MIP_REG_EVENTS(X)
#undef X
		_MIP_REG_EVENT_MAX
};

/* Static words; "unknown" for a number that is none of ours. */
const char *mip_reg_state_name(enum mip_reg_state state);
const char *mip_reg_event_name(enum mip_reg_event event);

/* What a status of a Binding Acknowledgement from the home agent leads to. */
enum mip_ba_policy {
	MIP_BA_ACCEPTED,
	MIP_BA_RESYNC_SEQ, /* 135: adopt the number, send again at once */
	MIP_BA_RESYNC_CLOCK, /* 144: adopt the clock, send again at once */
	MIP_BA_ADD_TIMESTAMP, /* 145: send again at once with the replay protection option */
	MIP_BA_LATER, /* with back-off */
	MIP_BA_FAIL, /* only word from a detector makes us try again */
	MIP_BA_NO_BINDING, /* 133: what a de-registration wanted; otherwise as FAIL */
	MIP_BA_DUPLICATE, /* 134 */
};

/* For every number there is a policy; those that nobody has assigned are ACCEPTED below 128 and LATER above. */
enum mip_ba_policy mip_ba_policy(uint8_t status);

#endif /* MIP_BUL_H */
