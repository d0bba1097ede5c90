/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A movement detector in a glass: what the kernel would tell, and what comes of it. */
#ifndef MD_TEST_H
#define MD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <errno.h>

#include <cmocka.h>

#include <mip/md.h>

#define SEC	   MIP_USEC_PER_SEC
#define MSEC	   MIP_USEC_PER_MSEC
#define D_ACTS_MAX 256
#define ETH0	   2
#define ETH1	   3

struct d_md {
	struct mip_md *md;
	uint64_t now;
	unsigned int n_act;
	struct mip_md_action act[D_ACTS_MAX];
};

static inline struct in6_addr ip(const char *text)
{
	struct in6_addr addr;

	assert_int_equal(inet_pton(AF_INET6, text, &addr), 1);
	return addr;
}

#define assert_addr(a, b)                                  \
	do {                                               \
		struct in6_addr a_ = (a), b_ = (b);        \
		assert_memory_equal(&a_, &b_, sizeof(a_)); \
	} while (0)

static inline void d_drain(struct d_md *d)
{
	d->n_act = 0;
	while (mip_md_next_action(d->md, &d->act[d->n_act])) {
		d->n_act++;
		assert_true(d->n_act < D_ACTS_MAX);
	}
}

static inline int d_input(struct d_md *d, const struct mip_md_event *event)
{
	int r = mip_md_input(d->md, event, d->now);

	d_drain(d);
	return r;
}

static inline unsigned int d_count(const struct d_md *d, enum mip_md_action_type type)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < d->n_act; i++)
		n += d->act[i].type == type;
	return n;
}

static inline const struct mip_md_action *d_find(const struct d_md *d, enum mip_md_action_type type)
{
	for (unsigned int i = 0; i < d->n_act; i++) {
		if (d->act[i].type == type)
			return &d->act[i];
	}
	return NULL;
}

static inline bool d_logged(const struct d_md *d, enum mip_md_log_event event)
{
	for (unsigned int i = 0; i < d->n_act; i++) {
		if (d->act[i].type == MIP_MD_ACT_LOG && d->act[i].log.event == event)
			return true;
	}
	return false;
}

static inline int d_simple(struct d_md *d, enum mip_md_event_type type)
{
	const struct mip_md_event event = { .type = type };

	return d_input(d, &event);
}

static inline void d_link(struct d_md *d, uint32_t ifindex, bool carrier, uint32_t preference)
{
	struct mip_md_event event = { .type = MIP_MD_EV_LINK };

	event.link = (struct mip_md_ev_link){
		.ifindex = ifindex,
		.managed = true,
		.up = true,
		.carrier = carrier,
		.preference = preference,
	};
	snprintf(event.link.name, sizeof(event.link.name), "eth%u", ifindex - ETH0);
	assert_int_equal(d_input(d, &event), 0);
}

static inline void d_addr(struct d_md *d, uint32_t ifindex, const char *addr, uint32_t flags)
{
	struct mip_md_event event = { .type = MIP_MD_EV_ADDR };

	event.addr = (struct mip_md_ev_addr){
		.ifindex = ifindex,
		.addr = ip(addr),
		.plen = 64,
		.flags = flags,
		.valid_usec = 86400 * SEC,
		.preferred_usec = 14400 * SEC,
	};
	assert_int_equal(d_input(d, &event), 0);
}

static inline void d_addr_gone(struct d_md *d, uint32_t ifindex, const char *addr)
{
	struct mip_md_event event = { .type = MIP_MD_EV_ADDR };

	event.addr = (struct mip_md_ev_addr){ .ifindex = ifindex, .addr = ip(addr), .gone = true };
	assert_int_equal(d_input(d, &event), 0);
}

static inline void d_route(struct d_md *d, uint32_t ifindex, const char *gateway, bool gone)
{
	struct mip_md_event event = { .type = MIP_MD_EV_ROUTE };

	event.route = (struct mip_md_ev_route){
		.ifindex = ifindex,
		.gateway = ip(gateway),
		.metric = 1024,
		.gone = gone,
	};
	assert_int_equal(d_input(d, &event), 0);
}

static inline void d_prefix(struct d_md *d, uint32_t ifindex, const char *prefix)
{
	struct mip_md_event event = { .type = MIP_MD_EV_PREFIX };

	event.prefix = (struct mip_md_ev_prefix){
		.ifindex = ifindex,
		.prefix = { .addr = ip(prefix), .plen = 64 },
		.on_link = true,
		.autoconf = true,
		.valid_usec = 86400 * SEC,
		.preferred_usec = 14400 * SEC,
	};
	assert_int_equal(d_input(d, &event), 0);
}

static inline void d_router(struct d_md *d, uint32_t ifindex, const char *gateway, bool reachable)
{
	struct mip_md_event event = { .type = MIP_MD_EV_ROUTER };

	event.router = (struct mip_md_ev_router){
		.ifindex = ifindex,
		.gateway = ip(gateway),
		.reachable = reachable,
	};
	assert_int_equal(d_input(d, &event), 0);
}

static inline void d_home(struct d_md *d, const char *hoa)
{
	struct mip_md_event event = { .type = MIP_MD_EV_HOME };

	event.home = (struct mip_md_ev_home){ .hoa = ip(hoa), .plen = 64 };
	assert_int_equal(d_input(d, &event), 0);
}

/* What the kernel tells, in its order, of an advertisement on a link that is new to it. */
static inline void d_new_ra(struct d_md *d, uint32_t ifindex, const char *gateway,
			    const char *prefix, const char *addr)
{
	d_route(d, ifindex, gateway, false);
	d_addr(d, ifindex, addr, MIP_MD_ADDR_TENTATIVE | MIP_MD_ADDR_OPTIMISTIC);
	d_prefix(d, ifindex, prefix);
}

static inline void d_new(struct d_md *d)
{
	const struct mip_md_config config = { .hysteresis_usec = 500 * MSEC };

	memset(d, 0, sizeof(*d));
	d->now = 100 * SEC;
	d->md = mip_md_new(&config);
	assert_non_null(d->md);
}

/* Started, with no link and one home address. */
static inline void d_start(struct d_md *d)
{
	d_new(d);
	d_simple(d, MIP_MD_EV_DUMP_BEGIN);
	d_simple(d, MIP_MD_EV_DUMP_END);
	d_home(d, "2001:db8:1::5");
}

/* To the next deadline, which is answered; how far it was. */
static inline uint64_t d_run(struct d_md *d)
{
	uint64_t next = mip_md_next_deadline(d->md), step;

	assert_true(next != MIP_USEC_INFINITY);
	step = next > d->now ? next - d->now : 0;
	d->now += step;
	mip_md_expire(d->md, d->now);
	d_drain(d);
	return step;
}

static inline void d_wait(struct d_md *d, uint64_t usec)
{
	uint64_t end = d->now + usec;

	d->n_act = 0;
	while (mip_md_next_deadline(d->md) <= end)
		d_run(d);
	d->now = end;
}

static inline void d_free(struct d_md *d)
{
	d->md = mip_md_free(d->md);
	assert_null(d->md);
}

#define assert_told(d, cmd_, if_, coa_)                                        \
	do {                                                                   \
		const struct mip_md_action *act_ = d_find(d, MIP_MD_ACT_INFO); \
		assert_non_null(act_);                                         \
		assert_int_equal(d_count(d, MIP_MD_ACT_INFO), 1);              \
		assert_int_equal(act_->info.md.cmd, cmd_);                     \
		assert_int_equal(act_->info.md.ifindex, if_);                  \
		assert_addr(act_->info.md.coa, ip(coa_));                      \
	} while (0)

#define assert_untold(d) assert_int_equal(d_count(d, MIP_MD_ACT_INFO), 0)

#endif /* MD_TEST_H */
