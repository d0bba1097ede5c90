/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MIPSOCK_NDPROXY_H
#define _MIPSOCK_NDPROXY_H

#include <linux/types.h>

struct mip_net;

int mip_nd_enable(struct mip_net *mn, bool enable);

#endif /* _MIPSOCK_NDPROXY_H */
