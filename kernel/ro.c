// SPDX-License-Identifier: GPL-2.0-only
/*
 * XFRM states and policies for route optimization headers.
 *
 * The in-tree mip6 code turns a packet with a Home Address option or a type 2
 * routing header around only if a state says so. A state with all addresses ::
 * and the flag WILDRECV does that for every packet, at no cost for each
 * binding; and a policy says which of these packets may go on: the Mobility
 * Header only. What carries anything else behind such a header has no policy
 * and is dropped by the XFRM layer (seen as XfrmInNoPols).
 *
 * A home agent or correspondent takes Home Address options (Binding Updates,
 * RFC 6275 section 9.3.1), a mobile node or router type 2 routing headers
 * (Binding Acknowledgements, section 6.4). The policy's two templates are
 * optional, as a message may come with one, both, or none of them.
 */
#include <linux/slab.h>
#include <net/xfrm.h>

#include "mipsock.h"
#include "ro.h"

enum mip_ro_header { MIP_RO_HAO, MIP_RO_RH2, MIP_RO_HEADERS };

static const u8 mip_ro_proto[MIP_RO_HEADERS] = {
	[MIP_RO_HAO] = IPPROTO_DSTOPTS,
	[MIP_RO_RH2] = IPPROTO_ROUTING,
};

/**
 * struct mip_ro - what the module has put into the XFRM layer
 * @state: the wildcard state of each header, or NULL; we hold a reference
 * @policy: the policy for the Mobility Header, or NULL; we hold a reference
 */
struct mip_ro {
	struct xfrm_state *state[MIP_RO_HEADERS];
	struct xfrm_policy *policy;
};

static struct xfrm_state *mip_ro_state_new(struct mip_net *mn, u8 proto,
					   struct netlink_ext_ack *extack)
{
	struct xfrm_state *x = xfrm_state_alloc(mn->net);
	int err = -ENOMEM;

	if (!x)
		goto out;
	x->id.proto = proto;
	x->props.family = AF_INET6;
	x->props.mode = XFRM_MODE_ROUTEOPTIMIZATION;
	x->props.flags = XFRM_STATE_WILDRECV;
	x->sel.family = AF_INET6;
	x->coaddr = kzalloc(sizeof(*x->coaddr), GFP_KERNEL);
	if (!x->coaddr)
		goto out_dead;
	err = mip_compat_xfrm_init_state(x, extack);
	if (err)
		goto out_dead;
	x->km.state = XFRM_STATE_VALID;
	xfrm_state_hold(x);
	err = xfrm_state_add(x);
	if (!err)
		return x;
	xfrm_state_put(x);
out_dead:
	x->km.state = XFRM_STATE_DEAD;
	xfrm_state_put(x);
out:
	NL_SET_ERR_MSG(extack, "the XFRM state for route optimization headers could not be set");
	return ERR_PTR(err);
}

static void mip_ro_state_delete(struct xfrm_state *x)
{
	xfrm_state_delete(x); /* -ESRCH when an administrator was quicker: fine */
	xfrm_state_put(x);
}

static struct xfrm_policy *mip_ro_policy_new(struct mip_net *mn, struct netlink_ext_ack *extack)
{
	struct xfrm_policy *pol = xfrm_policy_alloc(mn->net, GFP_KERNEL);
	int i, err;

	if (!pol) {
		NL_SET_ERR_MSG(extack, "no memory for the XFRM policy for the Mobility Header");
		return ERR_PTR(-ENOMEM);
	}
	pol->type = XFRM_POLICY_TYPE_SUB;
	pol->family = AF_INET6;
	pol->action = XFRM_POLICY_ALLOW;
	pol->priority = 10;
	pol->selector.family = AF_INET6;
	pol->selector.proto = IPPROTO_MH;
	pol->lft.soft_byte_limit = XFRM_INF;
	pol->lft.hard_byte_limit = XFRM_INF;
	pol->lft.soft_packet_limit = XFRM_INF;
	pol->lft.hard_packet_limit = XFRM_INF;
	pol->xfrm_nr = MIP_RO_HEADERS;
	for (i = 0; i < MIP_RO_HEADERS; i++) {
		struct xfrm_tmpl *tmpl = &pol->xfrm_vec[i];

		tmpl->id.proto = mip_ro_proto[i];
		tmpl->mode = XFRM_MODE_ROUTEOPTIMIZATION;
		tmpl->encap_family = AF_INET6;
		tmpl->optional = 1;
		tmpl->allalgs = 1;
		tmpl->aalgos = ~0;
		tmpl->ealgos = ~0;
		tmpl->calgos = ~0;
	}
	err = xfrm_policy_insert(XFRM_POLICY_IN, pol, 1);
	if (!err)
		return pol;
	NL_SET_ERR_MSG(extack, "the XFRM policy for the Mobility Header could not be set");
	pol->walk.dead = 1;
	xfrm_policy_destroy(pol);
	return ERR_PTR(err);
}

static void mip_ro_policy_delete(struct xfrm_policy *pol)
{
	xfrm_policy_delete(pol, XFRM_POLICY_IN); /* -ENOENT when it was flushed: fine */
	xfrm_pol_put(pol);
}

static bool mip_ro_wants(u32 nodetype, enum mip_ro_header header)
{
	switch (header) {
	case MIP_RO_HAO:
		return nodetype & MIP_NODETYPE_HOME_SIDE;
	case MIP_RO_RH2:
		return nodetype & MIP_NODETYPE_MOBILE;
	case MIP_RO_HEADERS:
		break;
	}
	return false;
}

static void mip_ro_drop_unwanted(struct mip_ro *ro, u32 nodetype)
{
	int i;

	for (i = 0; i < MIP_RO_HEADERS; i++) {
		if (ro->state[i] && !mip_ro_wants(nodetype, i)) {
			mip_ro_state_delete(ro->state[i]);
			ro->state[i] = NULL;
		}
	}
	if (ro->policy && !nodetype) {
		struct xfrm_policy *pol = ro->policy;

		WRITE_ONCE(ro->policy, NULL);
		mip_ro_policy_delete(pol);
	}
}

/* A state or policy that someone flushed is no longer in force, though we hold it. */
static void mip_ro_drop_dead(struct mip_ro *ro)
{
	int i;

	for (i = 0; i < MIP_RO_HEADERS; i++) {
		if (ro->state[i] && ro->state[i]->km.state != XFRM_STATE_VALID) {
			mip_ro_state_delete(ro->state[i]);
			ro->state[i] = NULL;
		}
	}
	if (ro->policy && ro->policy->walk.dead) {
		struct xfrm_policy *pol = ro->policy;

		WRITE_ONCE(ro->policy, NULL);
		mip_ro_policy_delete(pol);
	}
}

/**
 * mip_ro_set - brings states and policy in line with the node type
 * @mn: the namespace; its configuration is locked
 * @nodetype: MIPSOCK_NODETYPE_*, 0 removes all
 * @extack: why not
 *
 * Enabling a function again repairs what was flushed behind our back.
 *
 * Return: 0 or what the XFRM layer says; then what was there before still is.
 */
int mip_ro_set(struct mip_net *mn, u32 nodetype, struct netlink_ext_ack *extack)
{
	struct mip_ro *ro = mn->ro;
	int i;

	mip_ro_drop_dead(ro);
	if (nodetype && !ro->policy) {
		struct xfrm_policy *pol = mip_ro_policy_new(mn, extack);

		if (IS_ERR(pol))
			return PTR_ERR(pol);
		WRITE_ONCE(ro->policy, pol);
	}
	for (i = 0; i < MIP_RO_HEADERS; i++) {
		struct xfrm_state *x;

		if (ro->state[i] || !mip_ro_wants(nodetype, i))
			continue;
		x = mip_ro_state_new(mn, mip_ro_proto[i], extack);
		if (IS_ERR(x)) {
			mip_ro_drop_unwanted(ro, mn->nodetype);
			return PTR_ERR(x);
		}
		ro->state[i] = x;
	}
	mip_ro_drop_unwanted(ro, nodetype);
	return 0;
}

/**
 * mip_ro_policy_check - what xfrm6_policy_check() says of a packet from a tunnel
 * @mn: the namespace
 * @skb: the packet, its outer header removed
 *
 * The mere presence of our own policy would cost each packet a lookup of some
 * 250 ns, though it speaks of Mobility Headers only. As long as there is no
 * other policy for what comes in, and nothing of the packet was decrypted, the
 * answer is known without.
 *
 * Context: RCU read side.
 * Return: true when the packet may go on.
 */
bool mip_ro_policy_check(struct mip_net *mn, struct sk_buff *skb)
{
#ifdef MIP_HAVE_POLICY_DEFAULT
	const struct xfrm_policy *pol = READ_ONCE(mn->ro->policy);
	const struct netns_xfrm *xfrm = &mn->net->xfrm;
	unsigned int ours = pol && !READ_ONCE(pol->walk.dead);

	if (READ_ONCE(xfrm->policy_count[XFRM_POLICY_IN]) == ours && !skb_sec_path(skb) &&
	    READ_ONCE(xfrm->policy_default[XFRM_POLICY_IN]) == XFRM_USERPOLICY_ACCEPT)
		return true;
#endif
	return xfrm6_policy_check(NULL, XFRM_POLICY_IN, skb);
}

/* Memory for the namespace. */
int mip_ro_init(struct mip_net *mn)
{
	mn->ro = kzalloc(sizeof(*mn->ro), GFP_KERNEL);
	return mn->ro ? 0 : -ENOMEM;
}

/* Removes all. */
void mip_ro_exit(struct mip_net *mn)
{
	if (!mn->ro)
		return;
	mip_ro_drop_unwanted(mn->ro, 0);
	kfree(mn->ro);
}
