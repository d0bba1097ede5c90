/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes out of a role: messages to send, requests to the kernel, words
 * for the log. Each is idempotent where it asks for a state (..._SET, PLACE),
 * so that whoever carries it out may repeat it.
 *
 * A role keeps its actions in a queue, in order. The caller takes them out
 * after every call into the role, until none is left.
 */
#ifndef MIP_ACTION_H
#define MIP_ACTION_H

#include <stdbool.h>

#include <mip/binding.h>

enum mip_action_type {
	MIP_ACT_SEND_MH,
	MIP_ACT_BC_SET,		/* answered by MIP_EV_BC_RESULT with the same id */
	MIP_ACT_BC_DEL,
	MIP_ACT_BUL_SET,
	MIP_ACT_BUL_DEL,
	MIP_ACT_DAD_START,	/* answered by MIP_EV_DAD_RESULT */
	MIP_ACT_DAD_STOP,
	MIP_ACT_NA,		/* unsolicited Neighbor Advertisement to all nodes */
	MIP_ACT_HOA_PLACE,
	MIP_ACT_MD_SCAN,	/* tell the movement detector a home address and ask it to look again */
	MIP_ACT_LOG,
};

/*
 * A complete Mobility Header message: MAC and checksum are in. src and dst are
 * those on the wire. With has_hao the message goes behind a Home Address
 * option, with has_rh2 behind a type 2 routing header.
 */
struct mip_act_send_mh {
	uint64_t id;			/* comes back in MIP_EV_SEND_FAILED */
	struct in6_addr src;
	struct in6_addr dst;
	bool has_hao;
	struct in6_addr hao;
	bool has_rh2;
	struct in6_addr rh2;
	uint32_t ifindex;		/* 0: let routing decide */
	uint16_t len;
	uint8_t data[MIP_MSG_MAX];
};

struct mip_act_bc {
	uint64_t id;
	struct mip_bce bce;		/* MIP_ACT_BC_DEL: hoa, bid, and for removing routes home_ifindex and mnp */
};

struct mip_act_dad {
	struct in6_addr hoa;
	uint32_t ifindex;
	bool link_local;		/* L: the link-local address too */
};

struct mip_act_na {
	uint32_t ifindex;
	struct in6_addr target;
	bool router;			/* R */
	bool override;			/* O */
};

/*
 * Where a home address stands. HOME: on the interface of the home link.
 * TUNNEL: on the `mip` device, with all traffic from it steered in there.
 * NONE: nowhere (refused, a duplicate). nodad: do not probe for it (a binding
 * may exist and the home agent defends it, RFC 6275 section 11.5.5).
 */
enum mip_hoa_place {
	MIP_HOA_NONE,
	MIP_HOA_HOME,
	MIP_HOA_TUNNEL,
};

struct mip_act_hoa {
	struct in6_addr hoa;
	uint8_t plen;
	enum mip_hoa_place place;
	uint32_t ifindex;		/* MIP_HOA_HOME: the interface */
	bool nodad;
};

/* Goes out as MIPM_MD_INFO with command SCAN, MIPA_HOA and MIPA_HOA_PLEN. */
struct mip_act_scan {
	struct in6_addr hoa;
	uint8_t plen;			/* of the home prefix */
};

/* Stable words; people and tests read them. One row each in src/core/log.c. */
enum mip_log_event {
	MIP_LOG_HOME_REG_NEW,		/* HA: binding accepted, none before */
	MIP_LOG_HOME_REG_HANDOVER,	/* HA: new care-of address */
	MIP_LOG_HOME_REG_REFRESHED,
	MIP_LOG_HOME_REG_DEREGISTERED,
	MIP_LOG_HOME_REG_REFUSED,	/* HA: answered with status >= 128 */
	MIP_LOG_HOME_REG_EXPIRED,
	MIP_LOG_HOME_REG_REMOVED,	/* HA: by the administrator, not by us */
	MIP_LOG_HOME_REG_ADOPTED,	/* found in the kernel at start */
	MIP_LOG_DAD_DUPLICATE,
	MIP_LOG_MN_MOVED,		/* MN: new care-of address chosen */
	MIP_LOG_MN_BU_SENT,
	MIP_LOG_MN_REGISTERED,
	MIP_LOG_MN_REFUSED,
	MIP_LOG_MN_RESYNC,		/* sequence number or clock taken over from the home agent */
	MIP_LOG_MN_TIMEOUT,		/* no answer, sending again */
	MIP_LOG_MN_AT_HOME,		/* de-registered, or nothing to de-register */
	MIP_LOG_MN_HOA_LOST,		/* the home address may not be used any more */
	MIP_LOG_MN_ADOPTED,
	MIP_LOG_UNPROTECTED,		/* the lab setting is on */
	MIP_LOG_MESSAGE_DROPPED,	/* rate-limited by the caller */

	_MIP_LOG_EVENT_MAX
};

enum mip_log_level { MIP_LOG_ERROR, MIP_LOG_WARNING, MIP_LOG_NOTICE, MIP_LOG_INFO, MIP_LOG_DEBUG };

/* Fields that do not apply are zero (:: for addresses). */
struct mip_act_log {
	enum mip_log_event event;
	enum mip_log_level level;
	struct in6_addr hoa;
	struct in6_addr coa;
	struct in6_addr peer;
	uint16_t bid;
	uint16_t seq;
	uint8_t status;			/* of a Binding Acknowledgement */
	uint64_t lifetime_usec;
	int drop_reason;		/* enum mip_drop_reason, MIP_LOG_MESSAGE_DROPPED and _REFUSED */
};

struct mip_action {
	enum mip_action_type type;
	union {
		struct mip_act_send_mh send_mh;
		struct mip_act_bc bc;
		struct mip_bule bule;
		struct mip_act_dad dad;
		struct mip_act_na na;
		struct mip_act_hoa hoa;
		struct mip_act_scan scan;
		struct mip_act_log log;
	};
};

#endif /* MIP_ACTION_H */
