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
	X(BC_ADDED, "bc_added", "bindings added to the binding cache")                             \
	X(BC_REPLACED, "bc_replaced", "bindings of the binding cache refreshed or moved")          \
	X(BC_REMOVED, "bc_removed", "bindings removed from the binding cache by request")          \
	X(BC_EXPIRED, "bc_expired", "bindings of the binding cache whose lifetime ended")          \
	X(BUL_ADDED, "bul_added", "entries added to the binding update list")                      \
	X(BUL_REPLACED, "bul_replaced", "entries of the binding update list replaced")             \
	X(BUL_REMOVED, "bul_removed", "entries removed from the binding update list by request")   \
	X(BUL_EXPIRED, "bul_expired", "entries of the binding update list whose lifetime ended")   \
	X(TABLE_FULL, "table_full", "bindings refused because of max_bindings")                    \
	X(TX_HOME_AGENT, "tx_home_agent", "packets tunnelled to a care-of address")                \
	X(TX_MOBILE, "tx_mobile", "packets tunnelled to a home agent")                             \
	X(TX_NO_BINDING, "tx_no_binding",                                                          \
	  "dropped: no binding for the packet sent to a mip device")                               \
	X(TX_LINK_SCOPE, "tx_link_scope", "dropped: link-local packet sent to a mip device")       \
	X(TX_MALFORMED, "tx_malformed",                                                            \
	  "dropped: neither IPv6 nor IPv4, or cut short, sent to a mip device")                    \
	X(TX_TOO_BIG, "tx_too_big", "dropped: larger than the tunnel's path MTU, sender told")     \
	X(TX_ERROR, "tx_error", "dropped: no route to the other end of the tunnel, or no memory")  \
	X(RX_HOME_AGENT, "rx_home_agent", "packets taken from the tunnel of a mobile node")        \
	X(RX_MOBILE, "rx_mobile", "packets taken from the tunnel of a home agent")                 \
	X(RX_FORGED_COA, "rx_forged_coa",                                                          \
	  "dropped: inner source is bound, but not to the outer source")                           \
	X(RX_FORGED_HA, "rx_forged_ha",                                                            \
	  "dropped: inner destination is ours, but the outer source is not its home agent")        \
	X(RX_NO_DEVICE, "rx_no_device", "dropped: tunnelled packet, but no mip device is up")      \
	X(RX_POLICY, "rx_policy", "dropped: refused by IPsec policy")                              \
	X(RX_MALFORMED, "rx_malformed", "dropped: tunnelled packet is cut short")                  \
	X(ICMP_PMTU, "icmp_pmtu", "Packet Too Big from inside a tunnel, path MTU noted")           \
	X(ICMP_RELAYED, "icmp_relayed",                                                            \
	  "errors from inside a tunnel relayed to the sender (RFC 2473)")                          \
	X(ICMP_IGNORED, "icmp_ignored", "errors quoting a tunnel packet that is no binding's")     \
	X(ND_ANSWERED, "nd_answered", "Neighbor Solicitations answered for home addresses")        \
	X(ND_INVALID, "nd_invalid",                                                                \
	  "dropped: Neighbor Solicitation or Advertisement that fails RFC 4861")                   \
	X(ND_ERROR, "nd_error", "Neighbor Solicitations that could not be answered")               \
	X(DAD_STARTED, "dad_started", "duplicate address detections started")                      \
	X(DAD_DUPLICATE, "dad_duplicate", "duplicate address detections that found another owner") \
	X(DAD_REFUSED, "dad_refused", "duplicate address detections refused: too many under way")  \
	X(HINT_SENT, "hint_sent", "hints sent to the daemons")                                     \
	X(HINT_LIMITED, "hint_limited", "hints not sent because of the rate limit")                \
	X(EVENT_LOST, "event_lost",                                                                \
	  "events that found no memory; listeners were told to dump again")

enum mip_stat {
#define X(id, name, help) MIP_STAT_##id,
	MIP_STATS(X)
#undef X
		MIP_STAT_COUNT
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
