/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MIPSOCK_RELAY_H
#define _MIPSOCK_RELAY_H

#include "message.h"

int mip_relay(struct mip_net *mn, struct genl_info *info, enum mip_group group, u8 cmd);

#endif /* _MIPSOCK_RELAY_H */
