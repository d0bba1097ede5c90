// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The binding cache in the kernel outlives had. At start had takes over what
 * stands there; later it hears of what others do to it, and after lost events
 * it compares.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "had.h"
#include "io/clock.h"
#include "io/log.h"

struct key {
	struct in6_addr hoa;
	uint16_t bid;
	/* not compared: of what is gone, for the role and for the route */
	uint16_t seq;
	uint32_t home_ifindex;
};

struct keys {
	struct key *key;
	size_t n, max;
};

struct walk {
	struct had *h;
	struct keys there; /* in the kernel */
	struct keys gone; /* in the role only */
	bool failed;
};

static int compare(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int r = memcmp(&x->hoa, &y->hoa, sizeof(x->hoa));

	return r ? r : (int)x->bid - (int)y->bid;
}

static bool remember(struct keys *keys, const struct mip_bce *bce)
{
	if (keys->n == keys->max) {
		size_t max = keys->max ? 2 * keys->max : 1024;
		struct key *key = realloc(keys->key, max * sizeof(*key));

		if (!key)
			return false;
		keys->key = key;
		keys->max = max;
	}
	keys->key[keys->n++] = (struct key){
		.hoa = bce->hoa,
		.bid = bce->bid,
		.seq = bce->seq,
		.home_ifindex = bce->home_ifindex,
	};
	return true;
}

static int found(const struct mipsock_bc *bc, void *userdata)
{
	struct walk *w = userdata;
	struct mip_event ev = { .type = MIP_EV_BCE_FOUND };

	if (!(bc->bce.flags & MIPSOCK_F_HOME))
		return 0; /* cnd's */
	if (!remember(&w->there, &bc->bce))
		return -ENOMEM;
	ev.bce.bce = bc->bce;
	had_feed(w->h, &ev);
	apply_adopt_bce(w->h->apply, &bc->bce);
	return 0;
}

static bool missing(void *userdata, const struct mip_bce *bce)
{
	struct walk *w = userdata;
	struct key key = { .hoa = bce->hoa, .bid = bce->bid };

	if (!w->there.n || !bsearch(&key, w->there.key, w->there.n, sizeof(key), compare))
		w->failed |= !remember(&w->gone, bce);
	return true;
}

int had_adopt(struct had *h)
{
	struct walk w = { .h = h };
	int r = mipsock_bc_dump(h->ms, found, &w);

	free(w.there.key);
	return r == -EINTR ? 0 : r;
}

int had_resync(struct had *h)
{
	struct walk w = { .h = h };
	struct mip_time now;
	int r = mipsock_bc_dump(h->ms, found, &w);

	if (r == -EINTR) {
		/* It changed meanwhile, so what is missing may only have been passed by: once more. */
		h->resync = true;
		r = 0;
	} else if (r >= 0) {
		qsort(w.there.key, w.there.n, sizeof(*w.there.key), compare);
		now = clock_now();
		mip_ha_for_each_binding(h->ha, &now, missing, &w);
		for (size_t i = 0; i < w.gone.n; i++) {
			struct mip_event ev = { .type = MIP_EV_BCE_GONE };

			ev.bce.bce.hoa = w.gone.key[i].hoa;
			ev.bce.bce.bid = w.gone.key[i].bid;
			ev.bce.bce.seq = w.gone.key[i].seq;
			ev.bce.bce.home_ifindex = w.gone.key[i].home_ifindex;
			ev.bce.reason = MIP_GONE_EXPIRED;
			apply_forget_bce(h->apply, &ev.bce.bce);
			had_feed(h, &ev);
		}
		log_notice("RESYNC", "bindings=%zu gone=%zu", w.there.n, w.gone.n);
		if (w.failed)
			r = -ENOMEM;
	}
	free(w.there.key);
	free(w.gone.key);
	return r;
}

void had_mipsock_event(const struct mipsock_event *ev, void *userdata)
{
	struct had *h = userdata;
	struct mipsock_bc now;
	struct mip_event out;

	memset(&out, 0, sizeof(out));
	switch (ev->type) {
	case MIPM_BC_ADD:
		if (ev->own || !(ev->bc.bce.flags & MIPSOCK_F_HOME))
			return;
		out.type = MIP_EV_BCE_FOUND;
		out.bce.bce = ev->bc.bce;
		break;
	case MIPM_BC_REMOVE:
		if (ev->own || !(ev->bc.bce.flags & MIPSOCK_F_HOME))
			return;
		/* We may have set it again since: then this is about its predecessor. */
		if (mipsock_bc_get(h->ms, &ev->bc.bce.hoa, ev->bc.bce.bid, &now) == 0)
			return;
		out.type = MIP_EV_BCE_GONE;
		out.bce.bce = ev->bc.bce;
		out.bce.reason = ev->bc.reason == MIPSOCK_REASON_EXPIRED ? MIP_GONE_EXPIRED :
				 ev->bc.reason == MIPSOCK_REASON_FLUSHED ? MIP_GONE_FLUSHED :
									   MIP_GONE_REMOVED;
		apply_forget_bce(h->apply, &ev->bc.bce);
		break;
	case MIPM_DAD:
		out.type = MIP_EV_DAD_RESULT;
		out.dad_result.hoa = ev->dad.hoa;
		out.dad_result.ifindex = ev->dad.ifindex;
		out.dad_result.result = ev->dad.result == MIPSOCK_DAD_UNIQUE ? MIP_DAD_UNIQUE :
					ev->dad.result == MIPSOCK_DAD_DUPLICATE ?
									       MIP_DAD_DUPLICATE :
									       MIP_DAD_FAILED;
		break;
	case MIPM_UNSPEC:
	case MIPM_NODETYPE_INFO:
	case MIPM_NODETYPE_GET:
	case MIPM_BC_FLUSH:
	case MIPM_BC_GET:
	case MIPM_BUL_ADD:
	case MIPM_BUL_DELETE:
	case MIPM_BUL_FLUSH:
	case MIPM_BUL_GET:
	case MIPM_MD_INFO:
	case MIPM_HOME_HINT:
	case MIPM_RR_HINT:
	case MIPM_BE_HINT:
	case MIPM_STATS_GET:
	case __MIPM_MAX:
		return;
	}
	had_feed(h, &out);
}
