/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every resource that somebody else can make us use has its limit here.
 */
#ifndef MIP_LIMITS_H
#define MIP_LIMITS_H

#define MIP_MSG_MAX	  1232	/* octets of a Mobility Header message that we send: IPv6 minimum MTU less 48 */
#define MIP_MNP_MAX	  16	/* mobile network prefixes of one binding */
#define MIP_BID_MAX	  16	/* care-of addresses of one home address */
#define MIP_NAI_MAX	  253	/* octets, RFC 4282 section 2.2 */
#define MIP_KEY_MIN	  16	/* octets of a mobility security association's key, RFC 4285 section 5.1 */
#define MIP_KEY_MAX	  64	/* octets */
#define MIP_HOA_PER_MN_MAX 8	/* home addresses of one mobile node */
#define MIP_BINDINGS_MAX  1048576 /* default limit of a home agent's binding cache */
#define MIP_DAD_PENDING_MAX 4096 /* registrations that wait for duplicate address detection */

#endif /* MIP_LIMITS_H */
