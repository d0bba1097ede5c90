/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MIPSOCK_TUNNEL_H
#define _MIPSOCK_TUNNEL_H

int mip_tunnel_module_init(void);
void mip_tunnel_module_exit(void);

#endif /* _MIPSOCK_TUNNEL_H */
