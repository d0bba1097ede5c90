/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A binding as it is handed between the core and whoever carries it out: the
 * content of a binding cache entry and of a binding update list entry
 * (RFC 6275 sections 9.1 and 11.1). It says what the kernel must hold; timers
 * and protocol state stay inside the roles.
 */
#ifndef MIP_BINDING_H
#define MIP_BINDING_H

#include <netinet/in.h>
#include <stdint.h>

#include <mip/limits.h>

/* An IPv4 prefix stands in IPv4-mapped form with a length of 96 to 128. */
struct mip_prefix {
	struct in6_addr addr;
	uint8_t plen;
};

/* Binding cache entry; flags are those of the Binding Update, host byte order. */
struct mip_bce {
	struct in6_addr hoa;
	struct in6_addr local;		/* own address: the home agent's or correspondent's */
	struct in6_addr coa;
	uint16_t bid;			/* 0: none */
	uint16_t flags;
	uint16_t seq;			/* last accepted sequence number */
	uint32_t home_ifindex;		/* home link where hoa is defended; 0: virtual home link */
	uint64_t lifetime_usec;		/* from now on */
	uint64_t timestamp;		/* last accepted RFC 4285 timestamp, 0: none */
	unsigned int n_mnp;
	struct mip_prefix mnp[MIP_MNP_MAX];
};

/* State of a binding update list entry, for people and for who adopts it. The values are those of the uAPI. */
enum mip_bul_state {
	MIP_BUL_REGISTERING = 1,	/* Binding Update sent, no answer yet */
	MIP_BUL_REGISTERED,
	MIP_BUL_REFRESHING,		/* registered, a refresh is under way */
	MIP_BUL_DEREGISTERING,
	MIP_BUL_HOME,			/* at home, nothing registered */
	MIP_BUL_FAILED,			/* refused by the peer */
};

/* Binding update list entry. coa equal to hoa: at home. */
struct mip_bule {
	struct in6_addr hoa;
	uint8_t hoa_plen;		/* length of the home prefix */
	struct in6_addr peer;		/* home agent or correspondent */
	struct in6_addr coa;
	uint16_t bid;
	uint16_t flags;
	uint16_t seq;			/* last sequence number sent */
	uint32_t ifindex;		/* interface of coa */
	enum mip_bul_state state;
	uint64_t lifetime_usec;		/* from now on */
	uint64_t timestamp;		/* last RFC 4285 timestamp sent, 0: none */
	unsigned int n_mnp;
	struct mip_prefix mnp[MIP_MNP_MAX];
};

#endif /* MIP_BINDING_H */
