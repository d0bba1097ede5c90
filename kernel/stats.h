/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of a network namespace: one row for each, with the name and the
 * sentence that MIPM_STATS_GET shows. The order is the numbering that programs
 * see: new ones go to the end.
 */
#ifndef _MIPSOCK_STATS_H
#define _MIPSOCK_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

struct mip_net;

#define MIP_STATS(X)                                                                               \
	X(BC_ADDED, "bc-added", "bindings added to the binding cache")                             \
	X(BC_REPLACED, "bc-replaced", "bindings of the binding cache refreshed or moved")          \
	X(BC_REMOVED, "bc-removed", "bindings removed from the binding cache by request")          \
	X(BC_EXPIRED, "bc-expired", "bindings of the binding cache whose lifetime ended")          \
	X(BUL_ADDED, "bul-added", "entries added to the binding update list")                      \
	X(BUL_REPLACED, "bul-replaced", "entries of the binding update list replaced")             \
	X(BUL_REMOVED, "bul-removed", "entries removed from the binding update list by request")   \
	X(BUL_EXPIRED, "bul-expired", "entries of the binding update list whose lifetime ended")   \
	X(TABLE_FULL, "table-full", "bindings refused because of max_bindings")                    \
	X(TX_HOME_AGENT, "tx-home-agent", "packets tunnelled to a care-of address")                \
	X(TX_MOBILE, "tx-mobile", "packets tunnelled to a home agent")                             \
	X(TX_NO_BINDING, "tx-no-binding",                                                          \
	  "dropped: no binding for the packet sent to a mip device")                               \
	X(TX_LINK_SCOPE, "tx-link-scope", "dropped: link-local packet sent to a mip device")       \
	X(TX_MALFORMED, "tx-malformed",                                                            \
	  "dropped: neither IPv6 nor IPv4, or cut short, sent to a mip device")                    \
	X(TX_TOO_BIG, "tx-too-big", "dropped: larger than the tunnel's path MTU, sender told")     \
	X(TX_ERROR, "tx-error", "dropped: no route to the other end of the tunnel, or no memory")  \
	X(RX_HOME_AGENT, "rx-home-agent", "packets taken from the tunnel of a mobile node")        \
	X(RX_MOBILE, "rx-mobile", "packets taken from the tunnel of a home agent")                 \
	X(RX_FORGED_COA, "rx-forged-coa",                                                          \
	  "dropped: inner source is bound, but not to the outer source")                           \
	X(RX_FORGED_HA, "rx-forged-ha",                                                            \
	  "dropped: inner destination is ours, but the outer source is not its home agent")        \
	X(RX_NO_DEVICE, "rx-no-device", "dropped: tunnelled packet, but no mip device is up")      \
	X(RX_POLICY, "rx-policy", "dropped: refused by IPsec policy")                              \
	X(RX_MALFORMED, "rx-malformed", "dropped: tunnelled packet is cut short")                  \
	X(ICMP_PMTU, "icmp-pmtu", "Packet Too Big from inside a tunnel, path MTU noted")           \
	X(ICMP_RELAYED, "icmp-relayed",                                                            \
	  "errors from inside a tunnel relayed to the sender (RFC 2473)")                          \
	X(ICMP_IGNORED, "icmp-ignored", "errors quoting a tunnel packet that is no binding's")     \
	X(ND_ANSWERED, "nd-answered", "Neighbor Solicitations answered for home addresses")        \
	X(ND_INVALID, "nd-invalid",                                                                \
	  "dropped: Neighbor Solicitation or Advertisement that fails RFC 4861")                   \
	X(ND_ERROR, "nd-error", "Neighbor Solicitations that could not be answered")               \
	X(DAD_STARTED, "dad-started", "duplicate address detections started")                      \
	X(DAD_DUPLICATE, "dad-duplicate", "duplicate address detections that found another owner") \
	X(DAD_REFUSED, "dad-refused", "duplicate address detections refused: too many under way")  \
	X(HINT_SENT, "hint-sent", "hints sent to the daemons")                                     \
	X(HINT_LIMITED, "hint-limited", "hints not sent because of the rate limit")                \
	X(EVENT_LOST, "event-lost",                                                                \
	  "events that found no memory; listeners were told to dump again")

enum mip_stat {
#define X(id, name, help) MIP_STAT_##id,
	MIP_STATS(X) MIP_STAT_COUNT
#undef X
};

struct mip_stats {
	u64 value[MIP_STAT_COUNT];
};

struct mip_stat_info {
	const char *name;
	const char *help;
};

extern const struct mip_stat_info mip_stat_info[MIP_STAT_COUNT];

void mip_count(struct mip_net *mn, enum mip_stat stat);
u64 mip_stat_read(const struct mip_net *mn, enum mip_stat stat);

#endif /* _MIPSOCK_STATS_H */
