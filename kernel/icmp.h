/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MIPSOCK_ICMP_H
#define _MIPSOCK_ICMP_H

#include <linux/ipv6.h>
#include <linux/skbuff.h>

int mip_icmp_err6(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type, u8 code, int offset,
		  __be32 info);
int mip_icmp_err4(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type, u8 code, int offset,
		  __be32 info);

#endif /* _MIPSOCK_ICMP_H */
