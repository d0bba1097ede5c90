/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the roles count: one table of drop reasons (why a message was not
 * acted upon, or was refused), one of plain counters. Names are stable, they
 * appear in mipctl and in metrics.
 */
#ifndef MIP_COUNTER_H
#define MIP_COUNTER_H

#include <stdint.h>

/* X(identifier, name, help) */
#define MIP_DROP_REASONS(X)                                                                        \
	X(NONE, "none", "Not dropped")                                                             \
	/* any role: the message itself */                                                         \
	X(TRUNCATED, "truncated", "Shorter than its header says, or too short for its type")       \
	X(PAYLOAD_PROTO, "payload-proto", "Payload Proto is not 59")                               \
	X(MALFORMED, "malformed", "An option overruns the message or has a wrong length")          \
	X(CHECKSUM, "checksum", "Wrong checksum")                                                  \
	X(UNKNOWN_TYPE, "unknown-type", "Mobility Header type not known here")                     \
	X(UNEXPECTED_TYPE, "unexpected-type", "Message that this role does not receive")           \
	X(UNEXPECTED_HAO, "unexpected-hao", "Home Address option where none belongs")              \
	X(UNEXPECTED_RH2, "unexpected-rh2", "Type 2 routing header where none belongs")            \
	X(NOT_UNICAST, "not-unicast", "Source, home or care-of address is not unicast routable")   \
	X(NOT_OURS, "not-ours", "Sent to an address that does not serve this role")                \
	X(NO_MEMORY, "no-memory", "Out of memory")                                                 \
	X(LIMIT, "limit", "A limit is reached")                                                    \
	/* any role: RFC 4285 authentication */                                                    \
	X(NO_AUTH, "no-auth", "Mobility message authentication option missing")                    \
	X(AUTH_ORDER, "auth-order", "Authentication options out of order, or identifier missing")  \
	X(NO_KEY, "no-key", "No security association for this SPI, identifier and home address")   \
	X(AUTH_FAIL, "auth-fail", "Wrong authentication data")                                     \
	X(STALE_TIMESTAMP, "stale-timestamp", "Timestamp too far off, or not later than the last") \
	X(NO_TIMESTAMP, "no-timestamp", "Replay protection option required and missing")           \
	X(RATE, "rate", "Answer or request left out by a rate limit")                              \
	/* home agent */                                                                           \
	X(NO_HAO, "no-hao", "Binding Update away from home without Home Address option")           \
	X(NONCE_INDICES, "nonce-indices", "Home registration with Nonce Indices option")           \
	X(NOT_HOME_REG, "not-home-reg", "Binding Update without H: for the correspondent node")    \
	X(TYPE_CHANGE, "type-change", "Registration type may not change (status 139)")             \
	X(SEQ, "seq", "Sequence number not later than the last accepted (status 135)")             \
	X(DUPLICATE, "duplicate", "Copy of a Binding Update that is being worked on")              \
	X(NOT_HA, "not-ha", "No home link configured (status 131)")                                \
	X(NOT_HOME_SUBNET, "not-home-subnet",                                                      \
	  "Home address outside the home prefixes (status 132)")                                   \
	X(PROHIBITED, "prohibited", "Refused by policy (status 129)")                              \
	X(RESOURCES, "resources", "Limit of bindings reached, or the kernel refused (status 130)") \
	X(BAD_COA, "bad-coa", "Care-of address is a home address, or our own (status 174)")        \
	X(NOT_MOBILE_ROUTER, "not-mobile-router",                                                  \
	  "Mobile router operation not permitted (status 140)")                                    \
	X(NO_MCOA, "no-mcoa", "Multiple care-of addresses not permitted (status 166)")             \
	X(NO_BINDING, "no-binding", "De-registration without binding (status 133)")                \
	X(DAD, "dad", "Home address is in use on the home link (status 134)")                      \
	/* mobile node */                                                                          \
	X(NOT_PEER, "not-peer", "Not from a node that a binding stands with")                      \
	X(NO_PENDING, "no-pending", "Answer to nothing that is outstanding")                       \
	X(SEQ_MISMATCH, "seq-mismatch", "Acknowledgement's sequence number matches nothing sent")  \
	X(TIMESTAMP_MISMATCH, "timestamp-mismatch",                                                \
	  "Acknowledgement's timestamp is not the one sent")                                       \
	X(NO_RH2, "no-rh2", "Acknowledgement away from home without type 2 routing header")        \
	X(REFUSED, "refused", "Binding Update refused by the peer")

enum mip_drop_reason {
#define X(id, name, help) MIP_DROP_##id,
	MIP_DROP_REASONS(X)
#undef X
		_MIP_DROP_MAX
};

#define MIP_COUNTERS(X)                                                                    \
	X(MH_RECEIVED, "mh-received", "Mobility Header messages received")                 \
	X(MH_SENT, "mh-sent", "Mobility Header messages sent")                             \
	X(UNKNOWN_OPTIONS, "unknown-options", "Mobility options skipped as unknown")       \
	X(BU_RECEIVED, "bu-received", "Binding Updates received")                          \
	X(BU_SENT, "bu-sent", "Binding Updates sent")                                      \
	X(BU_RETRANSMITTED, "bu-retransmitted", "Binding Updates sent again")              \
	X(BA_RECEIVED, "ba-received", "Binding Acknowledgements received")                 \
	X(BA_SENT, "ba-sent", "Binding Acknowledgements sent")                             \
	X(BE_SENT, "be-sent", "Binding Errors sent")                                       \
	X(BE_RECEIVED, "be-received", "Binding Errors received")                           \
	X(BRR_RECEIVED, "brr-received", "Binding Refresh Requests received")               \
	X(REG_NEW, "registered", "Registrations where no binding was before")              \
	X(REG_HANDOVER, "handovers", "Registrations with a new care-of address")           \
	X(REG_REFRESHED, "refreshed", "Registrations with the same care-of address")       \
	X(REG_DEREGISTERED, "deregistered", "De-registrations")                            \
	X(REG_EXPIRED, "expired", "Bindings that reached the end of their lifetime")       \
	X(REG_ADOPTED, "adopted", "Bindings found in the kernel at start")                 \
	X(REG_REFUSED, "refused", "Binding Updates answered with a status of 128 or more") \
	X(DAD_STARTED, "dad-started", "Duplicate address detections begun")                \
	X(KERNEL_ERRORS, "kernel-errors", "Requests that the kernel refused")              \
	X(SEND_ERRORS, "send-errors", "Messages that could not be sent")

enum mip_counter {
#define X(id, name, help) MIP_COUNT_##id,
	MIP_COUNTERS(X)
#undef X
		_MIP_COUNT_MAX
};

struct mip_counters {
	uint64_t drop[_MIP_DROP_MAX];
	uint64_t count[_MIP_COUNT_MAX];
};

static inline void mip_count(struct mip_counters *c, enum mip_counter which)
{
	c->count[which]++;
}

static inline void mip_count_drop(struct mip_counters *c, enum mip_drop_reason reason)
{
	c->drop[reason]++;
}

/* Why a message is dropped that mip_mh_decode() refuses with err; not for MIP_ERR_MH_TYPE. */
enum mip_drop_reason mip_drop_of_error(int err);

/* Names and one-line helps; "unknown" and "" for a number that is none of ours. */
const char *mip_drop_name(int reason);
const char *mip_drop_help(int reason);
const char *mip_counter_name(int which);
const char *mip_counter_help(int which);

#endif /* MIP_COUNTER_H */
