// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which functions of a node are enabled, and what each brings along: the XFRM
 * states for signalling (ro.c) and the neighbour discovery hook (ndproxy.c).
 */
#include "mipsock.h"
#include "ndproxy.h"
#include "nodetype.h"
#include "ro.h"

static int mip_nodetype_check_leaving(struct mip_net *mn, u32 leaving, u32 staying,
				      struct netlink_ext_ack *extack)
{
	if ((leaving & MIPSOCK_NODETYPE_HA) && mn->bc.n_home) {
		NL_SET_ERR_MSG(extack, "the binding cache has home registrations: flush it first");
		return -EBUSY;
	}
	if ((leaving & MIPSOCK_NODETYPE_CN) && mn->bc.n_bindings != mn->bc.n_home) {
		NL_SET_ERR_MSG(extack,
			       "the binding cache has correspondent registrations: flush it first");
		return -EBUSY;
	}
	if ((leaving & MIP_NODETYPE_MOBILE) && !(staying & MIP_NODETYPE_MOBILE) &&
	    (mn->bul_home.n_bindings || mn->bul_cn.n_bindings)) {
		NL_SET_ERR_MSG(extack, "the binding update list has entries: flush it first");
		return -EBUSY;
	}
	return 0;
}

/**
 * mip_nodetype_set - enables and disables functions
 * @mn: the namespace; its configuration is locked
 * @types: new value of the bits under @mask
 * @mask: which to change
 * @extack: why not
 *
 * Return: 0; -EBUSY when a function to be disabled still has entries; what XFRM
 * or netfilter say when they have no memory.
 */
int mip_nodetype_set(struct mip_net *mn, u32 types, u32 mask, struct netlink_ext_ack *extack)
{
	u32 now = mn->nodetype, next = (now & ~mask) | (types & mask);
	int err;

	err = mip_nodetype_check_leaving(mn, now & ~next, next, extack);
	if (err)
		return err;
	err = mip_nd_enable(mn, next & MIPSOCK_NODETYPE_HA);
	if (err) {
		NL_SET_ERR_MSG(extack, "the neighbour discovery hook could not be set");
		return err;
	}
	err = mip_ro_set(mn, next, extack);
	if (err) {
		mip_nd_enable(mn, now & MIPSOCK_NODETYPE_HA);
		return err;
	}
	WRITE_ONCE(mn->nodetype, next);
	return 0;
}
