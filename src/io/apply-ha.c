// SPDX-License-Identifier: GPL-2.0-or-later
/* The home agent's actions; the order is told in apply.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mip/time.h>

#include "apply-priv.h"
#include "log.h"

/* A binding on its way into the kernel: entry first, then the route on a physical home link. */
struct op {
	struct apply *ap;
	struct in6_addr hoa;
	uint16_t bid;
	bool routed;
	uint64_t lifetime_usec;
	uint64_t id;
};

static struct mip_prefix host(const struct in6_addr *addr)
{
	return (struct mip_prefix){ .addr = *addr, .plen = 128 };
}

static void finish(struct op *op, int err)
{
	apply_result(op->ap, MIP_EV_BC_RESULT, op->id, err);
	free(op);
}

static void undone(void *userdata, uint64_t id, int err, const char *text)
{
	(void)userdata;
	(void)id;
	if (err < 0 && err != -ENOENT)
		log_warning("BC_REMOVE_FAILED", "%s", text);
}

static void route_done(void *userdata, uint64_t id, int err, const char *text)
{
	struct op *op = userdata;

	(void)id;
	if (err < 0) {
		log_error("ROUTE_FAILED", "%s", text);
		/* A binding that no packet reaches must not be acknowledged. */
		(void)mipsock_bc_remove(op->ap->tools.ms, &op->hoa, op->bid, false, undone, NULL,
					0);
	}
	finish(op, err);
}

static uint32_t seconds(uint64_t lifetime_usec)
{
	uint64_t sec = lifetime_usec / MIP_USEC_PER_SEC + 1;

	/* The kernel counts in ticks; a lifetime on the wire is 262,140 s at most. */
	return sec > INT32_MAX / 1000 ? INT32_MAX / 1000 : (uint32_t)sec;
}

static void bc_set_done(void *userdata, uint64_t id, int err, const char *text)
{
	struct op *op = userdata;
	struct mip_prefix dst = host(&op->hoa);
	int r;

	(void)id;
	if (err < 0)
		log_error("BC_ADD_FAILED", "%s", text);
	if (err < 0 || !op->routed) {
		finish(op, err);
		return;
	}
	r = rtnl_mip_route_set(op->ap->tools.rt, &dst, op->ap->tools.mip_ifindex, 0,
			       seconds(op->lifetime_usec), route_done, op, 0);
	if (r < 0)
		route_done(op, 0, r, strerror(-r));
}

static void bc_set(struct apply *ap, const struct mip_act_bc *bc)
{
	struct op *op = malloc(sizeof(*op));
	int r;

	if (!op) {
		apply_result(ap, MIP_EV_BC_RESULT, bc->id, -ENOMEM);
		return;
	}
	*op = (struct op){
		.ap = ap,
		.hoa = bc->bce.hoa,
		.bid = bc->bce.bid,
		.routed = bc->bce.home_ifindex != 0,
		.lifetime_usec = bc->bce.lifetime_usec,
		.id = bc->id,
	};
	r = mipsock_bc_add(ap->tools.ms, &bc->bce, bc_set_done, op, 0);
	if (r < 0)
		finish(op, r);
}

static void route_gone(void *userdata, uint64_t id, int err, const char *text)
{
	(void)userdata;
	(void)id;
	/* It may have expired already, or with the device. */
	if (err < 0 && err != -ESRCH && err != -ENODEV)
		log_warning("ROUTE_DEL_FAILED", "%s", text);
}

void apply_forget_bce(struct apply *ap, const struct mip_bce *bce)
{
	struct mip_prefix dst = host(&bce->hoa);

	if (bce->home_ifindex != 0)
		(void)rtnl_mip_route_del(ap->tools.rt, &dst, ap->tools.mip_ifindex, 0, route_gone,
					 NULL, 0);
}

static void route_adopted(void *userdata, uint64_t id, int err, const char *text)
{
	(void)userdata;
	(void)id;
	if (err < 0)
		log_error("ROUTE_FAILED", "%s", text);
}

void apply_adopt_bce(struct apply *ap, const struct mip_bce *bce)
{
	struct mip_prefix dst = host(&bce->hoa);

	if (bce->home_ifindex != 0)
		(void)rtnl_mip_route_set(ap->tools.rt, &dst, ap->tools.mip_ifindex, 0,
					 seconds(bce->lifetime_usec), route_adopted, NULL, 0);
}

static void bc_del(struct apply *ap, const struct mip_act_bc *bc)
{
	struct mip_prefix dst = host(&bc->bce.hoa);

	if (bc->bce.home_ifindex != 0) {
		/* An earlier BC_SET of this round must not bring the route back afterwards. */
		(void)mipsock_sync(ap->tools.ms);
		(void)rtnl_mip_route_del(ap->tools.rt, &dst, ap->tools.mip_ifindex, 0, route_gone,
					 NULL, 0);
		(void)rtnl_sync(ap->tools.rt);
	}
	(void)mipsock_bc_remove(ap->tools.ms, &bc->bce.hoa, bc->bce.bid, false, undone, NULL, 0);
}

struct dad_op {
	struct apply *ap;
	struct mip_act_dad dad;
	bool again;
};

static void dad_request(struct dad_op *op);

static void dad_stopped(void *userdata, uint64_t id, int err, const char *text)
{
	(void)userdata;
	(void)id;
	if (err < 0)
		log_debug("DAD_STOP_FAILED", "%s", text);
}

/* The kernel's answer to DAD_START; what it found out comes as an event. */
static void dad_started(void *userdata, uint64_t id, int err, const char *text)
{
	struct dad_op *op = userdata;
	struct apply *ap = op->ap;

	(void)id;
	if (err == -EALREADY && !op->again) {
		/* Begun by a had that is no more: its result would go nowhere. */
		op->again = true;
		(void)mipsock_dad_stop(ap->tools.ms, &op->dad.hoa, op->dad.ifindex, dad_stopped,
				       NULL, 0);
		dad_request(op);
		return;
	}
	if (err < 0) {
		struct mip_event ev = { .type = MIP_EV_DAD_RESULT };

		log_warning("DAD_REFUSED", "%s", text);
		ev.dad_result.hoa = op->dad.hoa;
		ev.dad_result.ifindex = op->dad.ifindex;
		ev.dad_result.result = MIP_DAD_FAILED;
		apply_answer(ap, &ev);
	}
	free(op);
}

static void dad_request(struct dad_op *op)
{
	int r = mipsock_dad_start(op->ap->tools.ms, &op->dad.hoa, op->dad.ifindex,
				  op->dad.link_local, dad_started, op, 0);

	if (r < 0) {
		op->again = true;
		dad_started(op, 0, r, strerror(-r));
	}
}

static void dad_start(struct apply *ap, const struct mip_act_dad *dad)
{
	struct dad_op *op = malloc(sizeof(*op));

	if (!op) {
		log_error("NO_MEMORY", "duplicate address detection not begun");
		return;
	}
	*op = (struct dad_op){ .ap = ap, .dad = *dad };
	dad_request(op);
}

static void ha_action(struct apply *ap, const struct mip_action *action)
{
	switch (action->type) {
	case MIP_ACT_SEND_MH:
		mh_send(ap->tools.mh, &action->send_mh);
		break;
	case MIP_ACT_BC_SET:
		bc_set(ap, &action->bc);
		break;
	case MIP_ACT_BC_DEL:
		bc_del(ap, &action->bc);
		break;
	case MIP_ACT_DAD_START:
		dad_start(ap, &action->dad);
		break;
	case MIP_ACT_DAD_STOP:
		(void)mipsock_dad_stop(ap->tools.ms, &action->dad.hoa, action->dad.ifindex,
				       dad_stopped, NULL, 0);
		break;
	case MIP_ACT_NA:
	case MIP_ACT_LOG:
		apply_common(ap, action);
		break;
	case MIP_ACT_BUL_SET:
	case MIP_ACT_BUL_DEL:
	case MIP_ACT_HOA_PLACE:
	case MIP_ACT_MD_SCAN:
		break; /* the mobile node's */
	}
}

static void ha_flush(struct apply *ap)
{
	int r = mipsock_sync(ap->tools.ms);

	if (r < 0)
		log_error("MIPSOCK", "%s", mipsock_error(ap->tools.ms));
	r = rtnl_sync(ap->tools.rt);
	if (r < 0)
		log_error("RTNETLINK", "%s", rtnl_error(ap->tools.rt));
	/* Undoing after a failed route. */
	(void)mipsock_sync(ap->tools.ms);
	mh_flush(ap->tools.mh);
}

struct apply *apply_ha_new(const struct apply_tools *tools)
{
	static const struct apply_kind kind = { .action = ha_action, .flush = ha_flush };

	return apply_new(tools, &kind);
}
