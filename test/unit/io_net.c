// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Netlink batches, rtnetlink and the Mobility Header sockets against the real
 * kernel, in a network namespace of the test's own with nothing but lo. Skipped
 * (exit 77) where no such namespace may be made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mip/wire.h>

#include "io/icmp6.h"
#include "io/mh.h"
#include "io/mipsock.h"
#include "io/nlbatch.h"
#include "io/rtnl.h"

#define LO 1U

static struct in6_addr ip(const char *text)
{
	struct in6_addr addr;

	assert_int_equal(inet_pton(AF_INET6, text, &addr), 1);
	return addr;
}

static int lo_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int r = ioctl(fd, SIOCSIFFLAGS, &ifr);

	close(fd);
	return r;
}

static struct rtnl *open_rtnl(void)
{
	struct rtnl *rt;

	assert_int_equal(rtnl_open(&rt), 0);
	return rt;
}

/* ---- Batches ------------------------------------------------------------ */

struct answers {
	unsigned int n;
	unsigned int failed;
	uint64_t next;
	struct rtnl *again; /* queue one more request from within the first answer */
};

static void on_answer(void *userdata, uint64_t id, int err, const char *text)
{
	struct answers *a = userdata;
	struct in6_addr addr = ip("2001:db8::ffff");

	assert_int_equal(id, a->next);
	a->next++;
	a->n++;
	assert_true((err < 0) == (text != NULL));
	if (err < 0)
		a->failed++;
	if (a->again && id == 0)
		assert_int_equal(
			rtnl_addr_set(a->again, LO, &addr, 128, IFA_F_NODAD, NULL, NULL, 0), 0);
}

/* More requests than one batch holds: every one is answered, in order, whatever became of others. */
static void batches(void **state)
{
	struct rtnl *rt = open_rtnl();
	struct answers a = { .again = rt };
	struct in6_addr addr = ip("2001:db8::");

	(void)state;
	for (uint64_t i = 0; i < 200; i++) {
		addr.s6_addr[15] = (uint8_t)i;
		/* every third is for an interface that is not there */
		assert_int_equal(rtnl_addr_set(rt, i % 3 == 2 ? 4711 : LO, &addr, 128, IFA_F_NODAD,
					       on_answer, &a, i),
				 0);
	}
	assert_int_equal(rtnl_sync(rt), 0);
	assert_int_equal(a.n, 200);
	assert_int_equal(a.failed, 66);
	/* what the callback queued went out too */
	addr = ip("2001:db8::ffff");
	assert_int_equal(rtnl_addr_del(rt, LO, &addr, 128, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), 0);
	for (unsigned int i = 0; i < 200; i++) {
		addr = ip("2001:db8::");
		addr.s6_addr[15] = (uint8_t)i;
		if (i % 3 != 2)
			assert_int_equal(rtnl_addr_del(rt, LO, &addr, 128, NULL, NULL, 0), 0);
	}
	assert_int_equal(rtnl_sync(rt), 0);
	rtnl_close(rt);
}

/* Without a done function the first error is sync()'s, with the kernel's words. */
static void errors(void **state)
{
	struct rtnl *rt = open_rtnl();
	struct in6_addr addr = ip("2001:db8::1");

	(void)state;
	assert_int_equal(rtnl_addr_del(rt, LO, &addr, 128, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), -EADDRNOTAVAIL);
	assert_true(strlen(rtnl_error(rt)) > 0);
	assert_int_equal(rtnl_sync(rt), 0);
	rtnl_close(rt);
}

/* ---- Addresses, routes, rules ------------------------------------------- */

struct find {
	struct in6_addr addr;
	unsigned int n;
	uint32_t flags;
};

static int on_addr(const struct rtnl_addr *addr, void *userdata)
{
	struct find *f = userdata;

	if (IN6_ARE_ADDR_EQUAL(&addr->addr, &f->addr)) {
		f->n++;
		f->flags = addr->flags;
	}
	return 0;
}

static int give_up(const struct rtnl_addr *addr, void *userdata)
{
	(void)addr;
	(void)userdata;
	return -ECANCELED;
}

static void addresses(void **state)
{
	struct rtnl *rt = open_rtnl();
	struct find f = { .addr = ip("2001:db8:1::100") };

	(void)state;
	for (int i = 0; i < 2; i++) { /* twice: a "set" may be repeated */
		assert_int_equal(rtnl_addr_set(rt, LO, &f.addr, 128,
					       IFA_F_HOMEADDRESS | IFA_F_NODAD |
						       IFA_F_NOPREFIXROUTE,
					       NULL, NULL, 0),
				 0);
		assert_int_equal(rtnl_sync(rt), 0);
	}
	assert_int_equal(rtnl_addr_dump(rt, on_addr, &f), 0);
	assert_int_equal(f.n, 1);
	assert_true(f.flags & IFA_F_HOMEADDRESS);
	/* a dump that was broken off leaves the socket usable */
	assert_int_equal(rtnl_addr_dump(rt, give_up, NULL), -ECANCELED);
	f.n = 0;
	assert_int_equal(rtnl_addr_dump(rt, on_addr, &f), 0);
	assert_int_equal(f.n, 1);
	assert_int_equal(rtnl_addr_del(rt, LO, &f.addr, 128, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), 0);
	rtnl_close(rt);
}

static void rules(void **state)
{
	struct rtnl *rt = open_rtnl();
	struct in6_addr hoa = ip("2001:db8:1::100");

	(void)state;
	assert_int_equal(rtnl_source_rule_set(rt, &hoa, 6275, 6275, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), 0);
	/* a second copy would have to be removed twice */
	assert_int_equal(rtnl_source_rule_set(rt, &hoa, 6275, 6275, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), -EEXIST);
	assert_int_equal(rtnl_source_rule_del(rt, &hoa, 6275, 6275, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), 0);
	assert_int_equal(rtnl_source_rule_del(rt, &hoa, 6275, 6275, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), -ENOENT);
	rtnl_close(rt);
}

static void absent_things(void **state)
{
	struct rtnl *rt = open_rtnl();
	struct mip_prefix prefix = { .addr = ip("2001:db8:1::"), .plen = 64 };
	struct in6_addr gw = ip("fe80::1");
	struct mipsock *ms;
	uint32_t ifindex;

	(void)state;
	assert_int_equal(rtnl_default_route_del(rt, LO, &gw, 0), -ESRCH);
	assert_int_equal(rtnl_onlink_route_del(rt, LO, &prefix), -ESRCH);
	assert_int_equal(rtnl_onlink_routes_flush(rt, LO, &prefix), 0);
	assert_int_equal(rtnl_neigh_probe(rt, LO, &gw), -ENOENT);
	/* these two only where the module is absent, as on a machine that builds */
	if (mipsock_open(&ms, NULL, NULL) == -ENOENT)
		assert_int_equal(rtnl_mip_device(rt, "mip0", 0, &ifindex), -EOPNOTSUPP);
	rtnl_close(rt);
}

/* ---- Monitor ------------------------------------------------------------ */

struct heard {
	struct in6_addr addr;
	unsigned int added, gone, links, overruns;
};

static void on_monitor(const struct mip_md_event *ev, void *userdata)
{
	struct heard *h = userdata;

	if (ev->type == MIP_MD_EV_LINK) {
		h->links++;
		assert_string_equal(ev->link.name, "lo");
		assert_false(ev->link.managed);
	}
	if (ev->type != MIP_MD_EV_ADDR || !IN6_ARE_ADDR_EQUAL(&ev->addr.addr, &h->addr))
		return;
	if (ev->addr.gone) {
		h->gone++;
	} else {
		h->added++;
		assert_true(ev->addr.flags & MIP_MD_ADDR_PERMANENT);
		assert_int_equal(ev->addr.valid_usec, MIP_USEC_INFINITY);
	}
}

static void on_overrun(void *userdata)
{
	struct heard *h = userdata;

	h->overruns++;
}

static void monitor(void **state)
{
	static const struct rtnl_monitor_ops ops = { .event = on_monitor, .overrun = on_overrun };
	struct heard h = { .addr = ip("2001:db8::7") };
	struct rtnl *rt = open_rtnl();
	struct rtnl_monitor *mon;
	struct pollfd p;

	(void)state;
	assert_int_equal(rtnl_monitor_open(&mon, RTNL_WATCH_LINK | RTNL_WATCH_ADDR, &ops, &h), 0);
	assert_int_equal(rtnl_monitor_dump(mon), 0);
	assert_int_equal(h.links, 1);
	assert_int_equal(rtnl_addr_set(rt, LO, &h.addr, 128, IFA_F_NODAD, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), 0);
	p = (struct pollfd){ .fd = rtnl_monitor_fd(mon), .events = POLLIN };
	while (h.added == 0) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_true(rtnl_monitor_dispatch(mon) >= 0);
	}
	assert_int_equal(rtnl_addr_del(rt, LO, &h.addr, 128, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), 0);
	while (h.gone == 0) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_true(rtnl_monitor_dispatch(mon) >= 0);
	}
	assert_int_equal(h.overruns, 0);

	/* a buffer that is too small for what happens: it is told, once it is read */
	nlbatch_set_rcvbuf(rtnl_monitor_fd(mon), 4096);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(rtnl_addr_set(rt, LO, &h.addr, 128, IFA_F_NODAD, NULL, NULL, 0),
				 0);
		assert_int_equal(rtnl_addr_del(rt, LO, &h.addr, 128, NULL, NULL, 0), 0);
	}
	assert_int_equal(rtnl_sync(rt), 0);
	assert_true(rtnl_monitor_dispatch(mon) >= 0);
	assert_true(h.overruns > 0);
	rtnl_monitor_close(mon);
	rtnl_close(rt);
}

/* ---- Mobility Header sockets -------------------------------------------- */

struct inbox {
	unsigned int n;
	struct mip_ev_mh last;
	uint8_t data[64];
	unsigned int failed;
	int err;
	uint64_t id;
};

static void on_mh(void *userdata, const struct mip_event *ev)
{
	struct inbox *in = userdata;

	in->n++;
	in->last = ev->mh;
	assert_true(ev->mh.len <= sizeof(in->data));
	memcpy(in->data, ev->mh.data, ev->mh.len);
}

static void on_failed(void *userdata, uint64_t id, int err)
{
	struct inbox *in = userdata;

	in->failed++;
	in->id = id;
	in->err = err;
}

static struct mip_act_send_mh a_message(const char *src, const char *dst)
{
	struct mip_act_send_mh act = { .id = 99, .src = ip(src), .dst = ip(dst) };
	struct mip_msg msg = { .type = MIP_MH_BU, .bu = { .seq = 1, .lifetime_wire = 15 } };
	size_t len;

	assert_int_equal(mip_mh_encode(&msg, act.data, sizeof(act.data), &len, NULL), MIP_OK);
	act.len = (uint16_t)len;
	mip_mh_set_checksum(&act.src, &act.dst, act.data, len);
	return act;
}

static void on_arrival(const struct mip_md_event *ev, void *userdata)
{
	unsigned int *n = userdata;

	if (ev->type == MIP_MD_EV_ADDR && !ev->addr.gone)
		(*n)++;
}

static void on_no_overrun(void *userdata)
{
	(void)userdata;
	fail();
}

/* Adds addresses, and returns when packets for them are taken in: that comes a little later. */
static void add_and_wait(struct rtnl *rt, const struct in6_addr *a, const struct in6_addr *b)
{
	static const struct rtnl_monitor_ops ops = { .event = on_arrival,
						     .overrun = on_no_overrun };
	struct rtnl_monitor *mon;
	unsigned int n = 0;
	struct pollfd p;

	assert_int_equal(rtnl_monitor_open(&mon, RTNL_WATCH_ADDR, &ops, &n), 0);
	assert_int_equal(rtnl_addr_set(rt, LO, a, 128, IFA_F_NODAD, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_addr_set(rt, LO, b, 128, IFA_F_NODAD, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), 0);
	p = (struct pollfd){ .fd = rtnl_monitor_fd(mon), .events = POLLIN };
	while (n < 2) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_true(rtnl_monitor_dispatch(mon) >= 0);
	}
	rtnl_monitor_close(mon);
	/* the route follows the word under the same lock: one more request waits for it */
	assert_int_equal(rtnl_addr_set(rt, LO, a, 128, IFA_F_NODAD, NULL, NULL, 0), 0);
	assert_int_equal(rtnl_sync(rt), 0);
}

static void mh_sockets(void **state)
{
	struct rtnl *rt = open_rtnl();
	struct in6_addr a = ip("2001:db8::a"), b = ip("2001:db8::b");
	struct inbox in = { 0 };
	struct mip_act_send_mh act;
	struct pollfd p;
	struct mh *mh;

	(void)state;
	add_and_wait(rt, &a, &b);
	assert_int_equal(mh_open(&mh, on_failed, &in), 0);
	mh_set_tunnel(mh, LO);
	p = (struct pollfd){ .fd = mh_fd(mh), .events = POLLIN };
	assert_int_equal(mh_receive(mh, on_mh, &in), 0); /* nothing there: it does not wait */

	/* one with a wrong checksum, then a good one: only that arrives, with its addresses */
	act = a_message("2001:db8::a", "2001:db8::b");
	act.data[4] ^= 0xff;
	mh_send(mh, &act);
	act.data[4] ^= 0xff;
	mh_send(mh, &act);
	mh_flush(mh);
	while (in.n == 0) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_true(mh_receive(mh, on_mh, &in) >= 0);
	}
	assert_int_equal(in.n, 1);
	assert_int_equal(in.failed, 0);
	assert_memory_equal(&in.last.src, &a, sizeof(a));
	assert_memory_equal(&in.last.dst, &b, sizeof(b));
	assert_int_equal(in.last.len, act.len);
	assert_memory_equal(in.data, act.data, act.len);
	assert_false(in.last.has_hao);
	assert_false(in.last.has_rh2);
	assert_true(in.last.checksum_ok);
	assert_true(in.last.tunnelled);
	assert_int_equal(in.last.ifindex, LO);

	/* from an address that is not ours: told at once, and what is queued behind it goes out */
	act = a_message("2001:db8::c", "2001:db8::b");
	mh_send(mh, &act);
	act = a_message("2001:db8::b", "2001:db8::a");
	mh_send(mh, &act);
	mh_flush(mh);
	assert_int_equal(in.failed, 1);
	assert_int_equal(in.id, 99);
	assert_int_equal(in.err, -EINVAL);
	while (in.n < 2) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_true(mh_receive(mh, on_mh, &in) >= 0);
	}
	assert_memory_equal(&in.last.src, &b, sizeof(b));

	/* more than a batch */
	for (int i = 0; i < 3 * MH_BATCH; i++)
		mh_send(mh, &act);
	mh_flush(mh);
	while (in.n < 2 + 3 * MH_BATCH) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_true(mh_receive(mh, on_mh, &in) >= 0);
	}
	assert_int_equal(mh_get_counters(mh)->sent, 3 + 3 * MH_BATCH);
	assert_int_equal(mh_get_counters(mh)->send_errors, 1);
	mh_close(mh);
	rtnl_close(rt);
}

/* That they go out, and look right, is for the lab to see: lo carries no multicast. */
static void nd_messages(void **state)
{
	struct mip_act_na na = { .ifindex = 4711, .target = ip("2001:db8:1::100") };
	struct icmp6 *ic;

	(void)state;
	assert_int_equal(icmp6_open(&ic), 0);
	assert_true(icmp6_send_na(ic, &na) < 0);
	assert_true(icmp6_send_rs(ic, 4711) < 0);
	icmp6_close(ic);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batches),	 cmocka_unit_test(errors),
		cmocka_unit_test(addresses),	 cmocka_unit_test(rules),
		cmocka_unit_test(absent_things), cmocka_unit_test(monitor),
		cmocka_unit_test(mh_sockets),	 cmocka_unit_test(nd_messages),
	};

	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) {
		fprintf(stderr, "skipped: no network namespace may be made: %s\n", strerror(errno));
		return 77;
	}
	if (lo_up() < 0) {
		fprintf(stderr, "skipped: lo cannot be brought up: %s\n", strerror(errno));
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
