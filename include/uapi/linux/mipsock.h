/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause */
/*
 * MIPSOCK - the Mobility Socket: the contract between mipsock.ko and user space.
 *
 * A generic netlink family, one instance per network namespace. Messages keep
 * the names of SHISA's mobility socket. The same in a form for programs:
 * mipsock.yaml beside this file.
 *
 * Writes and dumps of bindings need CAP_NET_ADMIN in the network namespace;
 * MIPM_NODETYPE_GET and MIPM_STATS_GET are free. A refused request gets errno
 * and an extack sentence, and nobody else hears of it. An event goes out on
 * the topic's multicast group after success, and carries what was done; its
 * nlmsg_pid is the port of who asked for it, or 0 when the kernel did it by
 * itself. A listener that was overrun (ENOBUFS) dumps again.
 *
 * Byte order: addresses are in network byte order, all other numbers in host
 * byte order. An IPv4 address stands in the IPv4-mapped form ::ffff:a.b.c.d,
 * and an IPv4 prefix length then counts from 96 to 128.
 *
 * What each message carries (! needed, ? may be there):
 *
 *  MIPM_NODETYPE_INFO   MIPA_NODETYPE! MIPA_NODETYPE_MASK!
 *    The bits of NODETYPE under MASK become the enabled functions; the others
 *    stay. Enabling twice is fine. Disabling a function whose table still has
 *    entries is refused with EBUSY: flush first.
 *  MIPM_NODETYPE_GET    -> MIPA_NODETYPE
 *
 *  MIPM_BC_ADD          MIPA_HOA! MIPA_LOCAL! MIPA_COA! MIPA_LIFETIME!
 *                       MIPA_BID? MIPA_FLAGS? MIPA_SEQ? MIPA_IFINDEX? MIPA_TIMESTAMP?
 *                       MIPA_MNPS? { MIPA_MNP { MIPA_MNP_PREFIX! MIPA_MNP_PLEN! } ... }
 *    Adds the binding (HOA, BID) or replaces it whole: with a new COA this is
 *    the handover. LOCAL is the node's own address of the binding (the home
 *    agent's or correspondent's, outer source of the tunnel). IFINDEX with
 *    flag H names the home link on which the address is defended; without it
 *    the home link is virtual. The kernel removes the entry at the end of
 *    LIFETIME, daemon alive or not; 0xffffffff has no end. With flag H it needs
 *    the home agent function, without it the correspondent's. A mobile network
 *    prefix belongs to one home address: EEXIST for another one. ENOSPC at a
 *    limit: 16 BIDs of a home address (E2BIG: 16 prefixes of a binding), and
 *    the module's parameter max_bindings.
 *  MIPM_BC_REMOVE       MIPA_HOA! MIPA_BID?      (without BID: all of the HOA)
 *  MIPM_BC_FLUSH        MIPA_FLAGS?              (with FLAGS: only those having all these flags)
 *  MIPM_BC_GET          dump, or one with MIPA_HOA! MIPA_BID?
 *    -> MIPM_BC_ADD messages, with MIPA_LIFETIME what is left and
 *       MIPA_LIFETIME_INITIAL what was given. Without BID one gets the first
 *       one. A dump may show an entry twice when the table grows meanwhile.
 *  events on group bc: MIPM_BC_ADD, MIPM_BC_REMOVE (one for each entry,
 *    whole, with MIPA_REASON)
 *
 *  MIPM_BUL_ADD         MIPA_HOA! MIPA_PEER! MIPA_COA! MIPA_LIFETIME!
 *                       MIPA_BID? MIPA_FLAGS? MIPA_SEQ? MIPA_IFINDEX? MIPA_STATE?
 *                       MIPA_HOA_PLEN? MIPA_TIMESTAMP? MIPA_MNPS?
 *    PEER is the home agent (flag H) or a correspondent. IFINDEX is the
 *    interface of the care-of address. STATE and TIMESTAMP are kept for the
 *    daemon and for who watches. COA equal to HOA says that the node is at
 *    home: such an entry steers nothing (nor does one in state FAILED), and may
 *    have LIFETIME 0, which is then without end.
 *  MIPM_BUL_DELETE      MIPA_HOA! MIPA_PEER! MIPA_BID?
 *  MIPM_BUL_FLUSH       MIPA_FLAGS?
 *  MIPM_BUL_GET         dump, or one with MIPA_HOA! MIPA_PEER! MIPA_BID?
 *    -> MIPM_BUL_ADD messages, as above
 *  events on group bul: MIPM_BUL_ADD, MIPM_BUL_DELETE (with MIPA_REASON)
 *
 *  MIPM_MD_INFO         MIPA_MD_CMD! MIPA_HOA? MIPA_IFINDEX? MIPA_COA? MIPA_BID? MIPA_HOA_PLEN?
 *    From a movement detector to the mobile node or router: relayed to group
 *    md. REREG and DEREG_FOREIGN need COA (the address to use), DEREG_HOME
 *    and SCAN do not. A message without HOA speaks of every home address.
 *
 *  MIPM_HOME_HINT       MIPA_HOA! MIPA_IFINDEX?
 *  MIPM_RR_HINT         MIPA_HOA! MIPA_PEER!     tunnelled traffic from PEER that could go direct
 *  MIPM_BE_HINT         MIPA_HOA! MIPA_PEER! MIPA_LOCAL! MIPA_BE_STATUS!
 *                       packet from PEER to LOCAL asks for a Binding Error with this status;
 *                       HOA is the Home Address option seen, or ::
 *    Hints come from the kernel or from whoever sees it first; group hint.
 *    Those from the kernel are limited in rate, per source and in total.
 *
 *  MIPM_DAD             MIPA_DAD_CMD! MIPA_HOA! MIPA_IFINDEX!
 *    START: the kernel probes for HOA on the link (RFC 4862 section 5.4); with
 *    MIPA_FLAGS having L, also for the link-local address with the same
 *    interface identifier. It answers the request at once (errno), and the
 *    outcome comes to the requester alone as an MIPM_DAD message with
 *    MIPA_DAD_CMD = RESULT and MIPA_DAD_RESULT. STOP: forget about it.
 *
 *  MIPM_STATS_GET       dump -> MIPA_STAT_ID MIPA_STAT_NAME MIPA_STAT_HELP MIPA_STAT_VALUE
 */
#ifndef _UAPI_LINUX_MIPSOCK_H
#define _UAPI_LINUX_MIPSOCK_H

#define MIPSOCK_GENL_NAME	"MIPSOCK"
#define MIPSOCK_GENL_VERSION	1

/* Multicast groups, one per topic. */
#define MIPSOCK_MCGRP_BC	"bc"
#define MIPSOCK_MCGRP_BUL	"bul"
#define MIPSOCK_MCGRP_MD	"md"
#define MIPSOCK_MCGRP_HINT	"hint"

enum mipsock_msg {
	MIPM_UNSPEC,
	MIPM_NODETYPE_INFO,
	MIPM_NODETYPE_GET,
	MIPM_BC_ADD,
	MIPM_BC_REMOVE,
	MIPM_BC_FLUSH,
	MIPM_BC_GET,
	MIPM_BUL_ADD,
	MIPM_BUL_DELETE,
	MIPM_BUL_FLUSH,
	MIPM_BUL_GET,
	MIPM_MD_INFO,
	MIPM_HOME_HINT,
	MIPM_RR_HINT,
	MIPM_BE_HINT,
	MIPM_DAD,
	MIPM_STATS_GET,

	__MIPM_MAX,
	MIPM_MAX = __MIPM_MAX - 1
};

enum mipsock_attr {
	MIPA_UNSPEC,
	MIPA_NODETYPE,		/* u32, MIPSOCK_NODETYPE_* */
	MIPA_NODETYPE_MASK,	/* u32 */
	MIPA_HOA,		/* 16 octets, home address */
	MIPA_HOA_PLEN,		/* u8, length of the home prefix, 1..128 */
	MIPA_LOCAL,		/* 16 octets, own address of a binding cache entry */
	MIPA_PEER,		/* 16 octets, other end of a binding update list entry */
	MIPA_COA,		/* 16 octets, care-of address */
	MIPA_BID,		/* u16, binding identifier (RFC 5648); 0 = none */
	MIPA_FLAGS,		/* u32, MIPSOCK_F_* */
	MIPA_SEQ,		/* u16, sequence number */
	MIPA_LIFETIME,		/* u32, milliseconds */
	MIPA_LIFETIME_INITIAL,	/* u32, milliseconds */
	MIPA_STATE,		/* u8, enum mipsock_bul_state */
	MIPA_IFINDEX,		/* u32 */
	MIPA_TIMESTAMP,		/* u64, the last accepted RFC 4285 timestamp (NTP format); kept, not looked at */
	MIPA_MNPS,		/* nest of MIPA_MNP */
	MIPA_MNP,		/* nest: one mobile network prefix */
	MIPA_MNP_PREFIX,	/* 16 octets */
	MIPA_MNP_PLEN,		/* u8, 1..128 */
	MIPA_REASON,		/* u8, enum mipsock_reason */
	MIPA_MD_CMD,		/* u8, enum mipsock_md_cmd */
	MIPA_BE_STATUS,		/* u8, RFC 6275 section 6.1.9 */
	MIPA_DAD_CMD,		/* u8, enum mipsock_dad_cmd */
	MIPA_DAD_RESULT,	/* u8, enum mipsock_dad_result */
	MIPA_STAT_ID,		/* u32 */
	MIPA_STAT_NAME,		/* string */
	MIPA_STAT_HELP,		/* string */
	MIPA_STAT_VALUE,	/* u64 */
	MIPA_PAD,

	__MIPA_MAX,
	MIPA_MAX = __MIPA_MAX - 1
};

/* Functions of the node (MIPA_NODETYPE). */
#define MIPSOCK_NODETYPE_CN	0x01	/* correspondent node */
#define MIPSOCK_NODETYPE_HA	0x02	/* home agent */
#define MIPSOCK_NODETYPE_MN	0x04	/* mobile node */
#define MIPSOCK_NODETYPE_MR	0x08	/* mobile router */

/*
 * Flags of a binding (MIPA_FLAGS). The low 16 bits are those of the Binding
 * Update (RFC 6275 section 6.1.7, RFC 3963 section 4.1).
 */
#define MIPSOCK_F_ACK		0x8000	/* A */
#define MIPSOCK_F_HOME		0x4000	/* H, home registration */
#define MIPSOCK_F_LINK_LOCAL	0x2000	/* L, link-local address compatibility */
#define MIPSOCK_F_KEY_MGMT	0x1000	/* K, key management mobility capability */
#define MIPSOCK_F_ROUTER	0x0400	/* R, mobile router */

enum mipsock_bul_state {
	MIPSOCK_BUL_STATE_UNSPEC,
	MIPSOCK_BUL_STATE_REGISTERING,	/* Binding Update sent, no answer yet */
	MIPSOCK_BUL_STATE_REGISTERED,	/* accepted by the peer */
	MIPSOCK_BUL_STATE_REFRESHING,	/* accepted; a refresh is under way */
	MIPSOCK_BUL_STATE_DEREGISTERING, /* lifetime 0 sent, no answer yet */
	MIPSOCK_BUL_STATE_HOME,		/* at home, nothing registered */
	MIPSOCK_BUL_STATE_FAILED,	/* refused; see the daemon's log for the status */

	__MIPSOCK_BUL_STATE_MAX,
	MIPSOCK_BUL_STATE_MAX = __MIPSOCK_BUL_STATE_MAX - 1
};

/* Why an entry appeared, changed or went (MIPA_REASON). */
enum mipsock_reason {
	MIPSOCK_REASON_UNSPEC,
	MIPSOCK_REASON_NEW,		/* no entry stood there */
	MIPSOCK_REASON_HANDOVER,	/* the care-of address changed */
	MIPSOCK_REASON_REFRESHED,	/* same care-of address */
	MIPSOCK_REASON_REMOVED,		/* by request */
	MIPSOCK_REASON_EXPIRED,		/* its lifetime ended */
	MIPSOCK_REASON_FLUSHED,

	__MIPSOCK_REASON_MAX,
	MIPSOCK_REASON_MAX = __MIPSOCK_REASON_MAX - 1
};

/* Commands of a movement detector (MIPA_MD_CMD), SHISA's four. */
enum mipsock_md_cmd {
	MIPSOCK_MD_UNSPEC,
	MIPSOCK_MD_REREG,		/* register COA */
	MIPSOCK_MD_DEREG_HOME,		/* the node is at home: de-register from there */
	MIPSOCK_MD_DEREG_FOREIGN,	/* de-register while away, sending from COA */
	MIPSOCK_MD_SCAN,		/* ask the detector to look again */

	__MIPSOCK_MD_MAX,
	MIPSOCK_MD_MAX = __MIPSOCK_MD_MAX - 1
};

enum mipsock_dad_cmd {
	MIPSOCK_DAD_UNSPEC,
	MIPSOCK_DAD_START,
	MIPSOCK_DAD_STOP,
	MIPSOCK_DAD_RESULT,		/* kernel to requester */

	__MIPSOCK_DAD_CMD_MAX,
	MIPSOCK_DAD_CMD_MAX = __MIPSOCK_DAD_CMD_MAX - 1
};

enum mipsock_dad_result {
	MIPSOCK_DAD_RESULT_UNSPEC,
	MIPSOCK_DAD_UNIQUE,
	MIPSOCK_DAD_DUPLICATE,
	MIPSOCK_DAD_FAILED,		/* could not be carried out: link gone */

	__MIPSOCK_DAD_RESULT_MAX,
	MIPSOCK_DAD_RESULT_MAX = __MIPSOCK_DAD_RESULT_MAX - 1
};

/* The `mip` device (rtnl_link kind). */
#define MIPSOCK_LINK_KIND	"mip"

enum {
	IFLA_MIP_UNSPEC,
	IFLA_MIP_BID,			/* u16, binding identifier; 0 = primary */

	__IFLA_MIP_MAX
};
#define IFLA_MIP_MAX (__IFLA_MIP_MAX - 1)

#endif /* _UAPI_LINUX_MIPSOCK_H */
