// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mobile node's actions.
 *
 * Where a home address stands. In the tunnel: the address on the `mip` device,
 * and a rule "from HOA lookup TABLE", so that packets from it take the tunnel
 * and sockets that have not bound themselves choose it. At home: the address
 * on the interface of the home link, and no rule. Both with a prefix length of
 * 128, so that the address brings no route along: what is on-link the routers
 * advertise.
 *
 * It is added in the new place before it leaves the old one. The kernel says
 * yes to a new address before packets for it are taken in (its route comes
 * from a work queue), so the old copy goes only when RTM_NEWADDR has told of
 * the new one: connections never see a moment without their address, and the
 * answers to a Binding Update's own neighbour solicitation come in.
 */
#include <errno.h>
#include <linux/if_addr.h>
#include <string.h>

#include "apply-priv.h"
#include "log.h"

#define COPIES_MAX 64

/* Fine where a repetition finds the work done. */
static void log_unless(void *userdata, uint64_t harmless, int err, const char *text)
{
	if (err < 0 && err != -(int)harmless)
		log_warning("HOA_PLACE_FAILED", "%s: %s", (const char *)userdata, text);
}

struct copies {
	const struct in6_addr *hoa;
	struct rtnl_addr addr[COPIES_MAX];
	unsigned int n;
};

static int find_copy(const struct rtnl_addr *addr, void *userdata)
{
	struct copies *c = userdata;

	if (IN6_ARE_ADDR_EQUAL(&addr->addr, c->hoa) && c->n < COPIES_MAX)
		c->addr[c->n++] = *addr;
	return 0;
}

static void find_copies(struct apply *ap, struct copies *copies)
{
	int r = rtnl_addr_dump(ap->tools.rt, find_copy, copies);

	if (r < 0 && r != -EINTR)
		log_warning("HOA_PLACE_FAILED", "list of addresses: %s", strerror(-r));
}

static void delete_copies(struct apply *ap, const struct copies *copies, uint32_t but)
{
	for (unsigned int i = 0; i < copies->n; i++)
		if (copies->addr[i].ifindex != but)
			(void)rtnl_addr_del(ap->tools.rt, copies->addr[i].ifindex, copies->hoa,
					    copies->addr[i].plen, log_unless,
					    (void *)(uintptr_t) "old address", EADDRNOTAVAIL);
}

void apply_address_seen(struct apply *ap, uint32_t ifindex, const struct in6_addr *addr)
{
	for (unsigned int i = 0; i < MIP_HOA_PER_MN_MAX; i++) {
		struct apply_move *move = &ap->move[i];
		struct copies copies = { .hoa = addr };

		if (move->target != ifindex || ifindex == 0 ||
		    !IN6_ARE_ADDR_EQUAL(&move->hoa, addr))
			continue;
		move->target = 0;
		find_copies(ap, &copies);
		delete_copies(ap, &copies, ifindex);
		(void)rtnl_sync(ap->tools.rt);
	}
}

/* Remembers that the old copies go when the new one is there; false: no room, they go now. */
static bool remember_move(struct apply *ap, const struct in6_addr *hoa, uint32_t target)
{
	struct apply_move *slot = NULL;

	for (unsigned int i = 0; i < MIP_HOA_PER_MN_MAX; i++) {
		if (ap->move[i].target && IN6_ARE_ADDR_EQUAL(&ap->move[i].hoa, hoa))
			ap->move[i].target = 0;
		if (!ap->move[i].target && !slot)
			slot = &ap->move[i];
	}
	if (!slot || !target)
		return false;
	*slot = (struct apply_move){ .hoa = *hoa, .target = target };
	return true;
}

static void hoa_place(struct apply *ap, const struct mip_act_hoa *hoa)
{
	const struct apply_tools *t = &ap->tools;
	struct copies copies = { .hoa = &hoa->hoa };
	uint32_t target = 0, flags = IFA_F_HOMEADDRESS | IFA_F_NOPREFIXROUTE;
	bool standing = false;
	int r;

	switch (hoa->place) {
	case MIP_HOA_NONE:
		break;
	case MIP_HOA_HOME:
		target = hoa->ifindex;
		if (hoa->nodad)
			flags |= IFA_F_NODAD;
		break;
	case MIP_HOA_TUNNEL:
		target = t->mip_ifindex;
		flags |= IFA_F_NODAD;
		break;
	}
	find_copies(ap, &copies);
	for (unsigned int i = 0; i < copies.n; i++)
		if (copies.addr[i].ifindex == target &&
		    (copies.addr[i].flags & IFA_F_HOMEADDRESS) &&
		    !(copies.addr[i].flags & (IFA_F_DADFAILED | IFA_F_TENTATIVE)))
			standing = true;

	if (target && !standing)
		(void)rtnl_addr_set(t->rt, target, &hoa->hoa, 128, flags, log_unless,
				    (void *)(uintptr_t) "address", 0);
	if (hoa->place == MIP_HOA_TUNNEL)
		(void)rtnl_source_rule_set(t->rt, &hoa->hoa, t->table, t->priority, log_unless,
					   (void *)(uintptr_t) "rule", EEXIST);
	else
		(void)rtnl_source_rule_del(t->rt, &hoa->hoa, t->table, t->priority, log_unless,
					   (void *)(uintptr_t) "rule", ENOENT);
	if (!remember_move(ap, &hoa->hoa, standing ? 0 : target))
		delete_copies(ap, &copies, target);
	r = rtnl_sync(t->rt);
	if (r < 0)
		log_warning("HOA_PLACE_FAILED", "%s", rtnl_error(t->rt));
}

static void scan(struct apply *ap, const struct mip_act_scan *act)
{
	struct mipsock_md md = {
		.cmd = MIPSOCK_MD_SCAN,
		.has_hoa = true,
		.hoa = act->hoa,
		.hoa_plen = act->plen,
	};
	int r = mipsock_md_info(ap->tools.ms, &md, NULL, NULL, 0);

	if (r >= 0)
		r = mipsock_sync(ap->tools.ms);
	if (r < 0)
		log_warning("SCAN_FAILED", "%s", mipsock_error(ap->tools.ms));
}

static void mn_action(struct apply *ap, const struct mip_action *action)
{
	const struct mip_bule *b = &action->bule;
	int r;

	switch (action->type) {
	case MIP_ACT_SEND_MH:
		/*
		 * On the home link the home address may not be seen before the Binding Update
		 * is out, not even as the source of the solicitation for the home agent
		 * (RFC 6275 section 11.5.5).
		 */
		if (!action->send_mh.has_hao && action->send_mh.ifindex) {
			r = rtnl_neigh_use(ap->tools.rt, action->send_mh.ifindex,
					   &action->send_mh.dst);
			if (r < 0)
				log_debug("NEIGHBOUR_FAILED", "%s", rtnl_error(ap->tools.rt));
		}
		mh_send(ap->tools.mh, &action->send_mh);
		mh_flush(ap->tools.mh);
		break;
	case MIP_ACT_BUL_SET:
		r = mipsock_bul_add(ap->tools.ms, b, NULL, NULL, 0);
		if (r >= 0)
			r = mipsock_sync(ap->tools.ms);
		if (r < 0)
			log_error("BUL_ADD_FAILED", "%s", mipsock_error(ap->tools.ms));
		break;
	case MIP_ACT_BUL_DEL:
		r = mipsock_bul_delete(ap->tools.ms, &b->hoa, &b->peer, b->bid, NULL, NULL, 0);
		if (r >= 0)
			r = mipsock_sync(ap->tools.ms);
		if (r < 0 && r != -ENOENT)
			log_error("BUL_DELETE_FAILED", "%s", mipsock_error(ap->tools.ms));
		break;
	case MIP_ACT_HOA_PLACE:
		hoa_place(ap, &action->hoa);
		break;
	case MIP_ACT_MD_SCAN:
		scan(ap, &action->scan);
		break;
	case MIP_ACT_NA:
	case MIP_ACT_LOG:
		apply_common(ap, action);
		break;
	case MIP_ACT_BC_SET:
	case MIP_ACT_BC_DEL:
	case MIP_ACT_DAD_START:
	case MIP_ACT_DAD_STOP:
		break; /* the home agent's */
	}
}

static void mn_flush(struct apply *ap)
{
	mh_flush(ap->tools.mh);
}

struct apply *apply_mn_new(const struct apply_tools *tools)
{
	static const struct apply_kind kind = { .action = mn_action, .flush = mn_flush };

	return apply_new(tools, &kind);
}
