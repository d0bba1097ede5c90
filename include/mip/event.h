/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes into a role. Everything that a role knows of the world comes as
 * one of these events, together with the time.
 */
#ifndef MIP_EVENT_H
#define MIP_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include <mip/binding.h>

enum mip_event_type {
	MIP_EV_MH,		/* a Mobility Header message came in */
	MIP_EV_MD,		/* word from a movement detector */
	MIP_EV_DAD_RESULT,	/* answer to MIP_ACT_DAD_START */
	MIP_EV_BC_RESULT,	/* answer to MIP_ACT_BC_SET */
	MIP_EV_BCE_FOUND,	/* at start: an entry that the kernel holds */
	MIP_EV_BCE_GONE,	/* an entry left the kernel and it was not us */
	MIP_EV_BULE_FOUND,
	MIP_EV_BULE_GONE,
	MIP_EV_HOME_PREFIX,	/* home agent: lifetimes of a home prefix */
	MIP_EV_SEND_FAILED,	/* a message could not be sent */
};

/*
 * A received Mobility Header message. Addresses are those on the wire; a
 * Home Address option or type 2 routing header has been taken off and is told
 * apart, since the checks differ (RFC 6275 sections 9.3.1 and 6.4). data
 * belongs to the caller and is only read during the call. The checksum was
 * verified when checksum_ok is set; otherwise the role does it.
 */
struct mip_ev_mh {
	const uint8_t *data;
	size_t len;
	struct in6_addr src;		/* source on the wire: the care-of address when away */
	struct in6_addr dst;		/* destination on the wire */
	bool has_hao;
	struct in6_addr hao;		/* home address in the Home Address option */
	bool has_rh2;
	struct in6_addr rh2;		/* home address in the type 2 routing header */
	uint32_t ifindex;
	bool checksum_ok;
	bool tunnelled;			/* came out of a tunnel device */
};

enum mip_md_cmd {			/* values of the uAPI */
	MIP_MD_REREG = 1,
	MIP_MD_DEREG_HOME,
	MIP_MD_DEREG_FOREIGN,
	MIP_MD_SCAN,
};

struct mip_ev_md {
	enum mip_md_cmd cmd;
	bool has_hoa;			/* else: every home address */
	struct in6_addr hoa;
	struct in6_addr coa;		/* :: where the command has none */
	uint16_t bid;
	uint32_t ifindex;
};

struct mip_ev_dad_result {
	struct in6_addr hoa;
	uint32_t ifindex;
	enum { MIP_DAD_UNIQUE = 1, MIP_DAD_DUPLICATE, MIP_DAD_FAILED } result;
};

struct mip_ev_result {
	uint64_t id;			/* of the action */
	int err;			/* 0 or -errno */
};

enum mip_gone_reason {			/* values of the uAPI's enum mipsock_reason */
	MIP_GONE_REMOVED = 4,
	MIP_GONE_EXPIRED,
	MIP_GONE_FLUSHED,
};

struct mip_ev_bce {
	struct mip_bce bce;
	enum mip_gone_reason reason;	/* only MIP_EV_BCE_GONE */
};

struct mip_ev_bule {
	struct mip_bule bule;
	enum mip_gone_reason reason;	/* only MIP_EV_BULE_GONE */
};

/* Lifetimes count from now on; MIP_USEC_INFINITY: for ever. valid 0: the prefix is gone. */
struct mip_ev_home_prefix {
	struct mip_prefix prefix;
	uint64_t valid_usec;
	uint64_t preferred_usec;
};

struct mip_event {
	enum mip_event_type type;
	union {
		struct mip_ev_mh mh;
		struct mip_ev_md md;
		struct mip_ev_dad_result dad_result;
		struct mip_ev_result bc_result;
		struct mip_ev_bce bce;
		struct mip_ev_bule bule;
		struct mip_ev_home_prefix home_prefix;
		struct mip_ev_result send_failed;
	};
};

#endif /* MIP_EVENT_H */
