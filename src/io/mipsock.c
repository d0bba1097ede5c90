// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The MIPSOCK client: see mipsock.h for how it is used, mipsock-msg.c for what
 * the messages look like.
 */
#include "mipsock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "mipsock-msg.h"
#include "nlbatch.h"

/* Enough for some 20,000 events between two looks at the socket. */
#define EVENT_RCVBUF_OCTETS (16 * 1024 * 1024)
#define EVENT_OCTETS	    8192
#define MSG_OCTETS	    1024 /* a binding with MIP_MNP_MAX prefixes takes about 700 */

struct mipsock {
	struct nlbatch *nb;
	struct nl_sock *event_sock;
	int family;
	struct mipsock_ops ops;
	void *userdata;
};

static const struct {
	unsigned int topic;
	const char *group;
} groups[] = {
	{ MIPSOCK_TOPIC_BC, MIPSOCK_MCGRP_BC },
	{ MIPSOCK_TOPIC_BUL, MIPSOCK_MCGRP_BUL },
	{ MIPSOCK_TOPIC_MD, MIPSOCK_MCGRP_MD },
	{ MIPSOCK_TOPIC_HINT, MIPSOCK_MCGRP_HINT },
};

static int resolve_family_cb(struct nlmsghdr *nlh, void *userdata)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	int *ret = userdata;

	if (genlmsg_valid_hdr(nlh, 0) && genlmsg_parse(nlh, 0, tb, CTRL_ATTR_MAX, NULL) == 0 &&
	    tb[CTRL_ATTR_FAMILY_ID] && nla_len(tb[CTRL_ATTR_FAMILY_ID]) == sizeof(uint16_t))
		*ret = nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	return 0;
}

/* Asked by hand, not by libnl's resolver, which turns -ENOENT into a number of its own. */
static int resolve_family(struct mipsock *ms)
{
	struct nl_msg *msg = nlmsg_alloc_size(MSG_OCTETS);
	int family = 0;
	int r;

	if (!msg || !genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, CTRL_CMD_GETFAMILY, 1) ||
	    nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, MIPSOCK_GENL_NAME) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	r = nlbatch_ask(ms->nb, msg, resolve_family_cb, &family);
	if (r < 0)
		return r;
	if (family < NLMSG_MIN_TYPE)
		return -ENOENT;
	ms->family = family;
	return 0;
}

int mipsock_open(struct mipsock **ret, const struct mipsock_ops *ops, void *userdata)
{
	struct mipsock *ms = calloc(1, sizeof(*ms));
	int r;

	if (!ms)
		return -ENOMEM;
	if (ops)
		ms->ops = *ops;
	ms->userdata = userdata;
	r = nlbatch_open(&ms->nb, NETLINK_GENERIC);
	if (r >= 0)
		r = resolve_family(ms);
	if (r < 0) {
		mipsock_close(ms);
		return r;
	}
	*ret = ms;
	return 0;
}

struct mipsock *mipsock_close(struct mipsock *ms)
{
	if (!ms)
		return NULL;
	nlbatch_close(ms->nb);
	nl_socket_free(ms->event_sock);
	free(ms);
	return NULL;
}

const char *mipsock_error(const struct mipsock *ms)
{
	return nlbatch_error(ms->nb);
}

int mipsock_request_fd(const struct mipsock *ms)
{
	return nlbatch_fd(ms->nb);
}

int mipsock_event_fd(const struct mipsock *ms)
{
	return ms->event_sock ? nl_socket_get_fd(ms->event_sock) : -EBADF;
}

static int open_events(struct mipsock *ms)
{
	ms->event_sock = nl_socket_alloc();
	if (!ms->event_sock)
		return -ENOMEM;
	nl_socket_disable_seq_check(ms->event_sock);
	if (nl_connect(ms->event_sock, NETLINK_GENERIC) < 0) {
		int r = errno ? -errno : -EIO;

		nl_socket_free(ms->event_sock);
		ms->event_sock = NULL;
		nlbatch_set_error(ms->nb, r, NULL);
		return r;
	}
	nlbatch_set_rcvbuf(nl_socket_get_fd(ms->event_sock), EVENT_RCVBUF_OCTETS);
	return 0;
}

int mipsock_subscribe(struct mipsock *ms, unsigned int topics)
{
	int r;

	if (!ms->event_sock) {
		r = open_events(ms);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		int group;

		if (!(topics & groups[i].topic))
			continue;
		group = genl_ctrl_resolve_grp(nlbatch_sock(ms->nb), MIPSOCK_GENL_NAME,
					      groups[i].group);
		if (group < 0) {
			nlbatch_set_error(ms->nb, -ENOENT, "the module has no such topic");
			return -ENOENT;
		}
		errno = 0;
		if (nl_socket_add_membership(ms->event_sock, group) < 0) {
			r = errno ? -errno : -EIO;
			nlbatch_set_error(ms->nb, r, NULL);
			return r;
		}
	}
	return 0;
}

static int hand_out(struct nlmsghdr *nlh, void *userdata)
{
	struct mipsock *ms = userdata;
	struct mipsock_event ev;

	if (nlh->nlmsg_type != ms->family || mipsock_read_event(nlh, &ev) < 0)
		return 0;
	ev.own = nlh->nlmsg_pid != 0 && nlh->nlmsg_pid == nlbatch_portid(ms->nb);
	if (ms->ops.event)
		ms->ops.event(&ev, ms->userdata);
	return 0;
}

int mipsock_dispatch(struct mipsock *ms, unsigned int max)
{
	char buf[EVENT_OCTETS] __attribute__((aligned(8)));
	int count = nlbatch_dispatch(ms->nb, hand_out, ms);

	if (count < 0 || !ms->event_sock)
		return count;
	while (max == 0 || (unsigned int)count < max) {
		struct sockaddr_nl from;
		socklen_t from_len = sizeof(from);
		struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
		ssize_t n = recvfrom(nl_socket_get_fd(ms->event_sock), buf, sizeof(buf),
				     MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&from, &from_len);
		int rem;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0 && errno == ENOBUFS) {
			nlbatch_discard(nl_socket_get_fd(ms->event_sock));
			if (ms->ops.overrun)
				ms->ops.overrun(ms->userdata);
			continue;
		}
		if (n < 0) {
			nlbatch_set_error(ms->nb, -errno, NULL);
			return -errno;
		}
		if (from.nl_pid != 0)
			continue;
		if ((size_t)n >
		    sizeof(buf)) { /* nothing that we know is so long: as good as lost */
			if (ms->ops.overrun)
				ms->ops.overrun(ms->userdata);
			continue;
		}
		rem = (int)n;
		for (; nlmsg_ok(nlh, rem); nlh = nlmsg_next(nlh, &rem)) {
			hand_out(nlh, ms);
			count++;
		}
	}
	return count;
}

int mipsock_sync(struct mipsock *ms)
{
	return nlbatch_sync(ms->nb);
}

static struct nl_msg *new_msg(struct mipsock *ms, enum mipsock_msg cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(MSG_OCTETS);

	if (msg &&
	    !genlmsg_put(msg, 0, 0, ms->family, 0, flags, (uint8_t)cmd, MIPSOCK_GENL_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

/* Queues msg unless putting its attributes failed (r < 0). */
static int queue(struct mipsock *ms, struct nl_msg *msg, int r, mipsock_done_fn done,
		 void *userdata, uint64_t id)
{
	if (msg && r < 0) {
		nlmsg_free(msg);
		nlbatch_set_error(ms->nb, -EMSGSIZE, NULL);
		return -EMSGSIZE;
	}
	return nlbatch_add(ms->nb, msg, done, userdata, id);
}

int mipsock_nodetype_set(struct mipsock *ms, uint32_t nodetype, uint32_t mask, mipsock_done_fn done,
			 void *userdata, uint64_t id)
{
	struct nl_msg *msg = new_msg(ms, MIPM_NODETYPE_INFO, 0);
	int r = 0;

	if (msg) {
		r |= nla_put_u32(msg, MIPA_NODETYPE, nodetype);
		r |= nla_put_u32(msg, MIPA_NODETYPE_MASK, mask);
	}
	return queue(ms, msg, r, done, userdata, id);
}

int mipsock_bc_add(struct mipsock *ms, const struct mip_bce *bce, mipsock_done_fn done,
		   void *userdata, uint64_t id)
{
	struct nl_msg *msg = new_msg(ms, MIPM_BC_ADD, 0);

	return queue(ms, msg, msg ? mipsock_put_bce(msg, bce) : 0, done, userdata, id);
}

int mipsock_bc_remove(struct mipsock *ms, const struct in6_addr *hoa, uint16_t bid, bool all_bids,
		      mipsock_done_fn done, void *userdata, uint64_t id)
{
	struct nl_msg *msg = new_msg(ms, MIPM_BC_REMOVE, 0);
	int r = 0;

	if (msg) {
		r |= mipsock_put_addr(msg, MIPA_HOA, hoa);
		if (!all_bids)
			r |= nla_put_u16(msg, MIPA_BID, bid);
	}
	return queue(ms, msg, r, done, userdata, id);
}

static int flush(struct mipsock *ms, enum mipsock_msg cmd, uint32_t flags, mipsock_done_fn done,
		 void *userdata, uint64_t id)
{
	struct nl_msg *msg = new_msg(ms, cmd, 0);

	return queue(ms, msg, msg && flags ? nla_put_u32(msg, MIPA_FLAGS, flags) : 0, done,
		     userdata, id);
}

int mipsock_bc_flush(struct mipsock *ms, uint32_t flags, mipsock_done_fn done, void *userdata,
		     uint64_t id)
{
	return flush(ms, MIPM_BC_FLUSH, flags, done, userdata, id);
}

int mipsock_bul_flush(struct mipsock *ms, uint32_t flags, mipsock_done_fn done, void *userdata,
		      uint64_t id)
{
	return flush(ms, MIPM_BUL_FLUSH, flags, done, userdata, id);
}

int mipsock_bul_add(struct mipsock *ms, const struct mip_bule *bule, mipsock_done_fn done,
		    void *userdata, uint64_t id)
{
	struct nl_msg *msg = new_msg(ms, MIPM_BUL_ADD, 0);

	return queue(ms, msg, msg ? mipsock_put_bule(msg, bule) : 0, done, userdata, id);
}

static int put_bul_key(struct nl_msg *msg, const struct in6_addr *hoa, const struct in6_addr *peer,
		       uint16_t bid)
{
	int r = 0;

	r |= mipsock_put_addr(msg, MIPA_HOA, hoa);
	r |= mipsock_put_addr(msg, MIPA_PEER, peer);
	if (bid)
		r |= nla_put_u16(msg, MIPA_BID, bid);
	return r;
}

int mipsock_bul_delete(struct mipsock *ms, const struct in6_addr *hoa, const struct in6_addr *peer,
		       uint16_t bid, mipsock_done_fn done, void *userdata, uint64_t id)
{
	struct nl_msg *msg = new_msg(ms, MIPM_BUL_DELETE, 0);

	return queue(ms, msg, msg ? put_bul_key(msg, hoa, peer, bid) : 0, done, userdata, id);
}

int mipsock_md_info(struct mipsock *ms, const struct mipsock_md *md, mipsock_done_fn done,
		    void *userdata, uint64_t id)
{
	struct nl_msg *msg = new_msg(ms, MIPM_MD_INFO, 0);

	return queue(ms, msg, msg ? mipsock_put_md(msg, md) : 0, done, userdata, id);
}

int mipsock_hint(struct mipsock *ms, const struct mipsock_hint *hint, mipsock_done_fn done,
		 void *userdata, uint64_t id)
{
	struct nl_msg *msg = new_msg(ms, hint->type, 0);

	return queue(ms, msg, msg ? mipsock_put_hint(msg, hint) : 0, done, userdata, id);
}

static int dad(struct mipsock *ms, enum mipsock_dad_cmd cmd, const struct in6_addr *hoa,
	       uint32_t ifindex, bool link_local, mipsock_done_fn done, void *userdata, uint64_t id)
{
	struct nl_msg *msg = new_msg(ms, MIPM_DAD, 0);
	int r = 0;

	if (msg) {
		r |= nla_put_u8(msg, MIPA_DAD_CMD, (uint8_t)cmd);
		r |= mipsock_put_addr(msg, MIPA_HOA, hoa);
		r |= nla_put_u32(msg, MIPA_IFINDEX, ifindex);
		if (link_local)
			r |= nla_put_u32(msg, MIPA_FLAGS, MIPSOCK_F_LINK_LOCAL);
	}
	return queue(ms, msg, r, done, userdata, id);
}

int mipsock_dad_start(struct mipsock *ms, const struct in6_addr *hoa, uint32_t ifindex,
		      bool link_local, mipsock_done_fn done, void *userdata, uint64_t id)
{
	return dad(ms, MIPSOCK_DAD_START, hoa, ifindex, link_local, done, userdata, id);
}

int mipsock_dad_stop(struct mipsock *ms, const struct in6_addr *hoa, uint32_t ifindex,
		     mipsock_done_fn done, void *userdata, uint64_t id)
{
	return dad(ms, MIPSOCK_DAD_STOP, hoa, ifindex, false, done, userdata, id);
}

/* What a question's answers go to: exactly one of the functions or places is set. */
struct question {
	mipsock_bc_fn bc_fn;
	mipsock_bul_fn bul_fn;
	mipsock_stat_fn stat_fn;
	void *userdata;
	struct mipsock_bc *bc;
	struct mipsock_bul *bul;
	uint32_t *nodetype;
	bool answered;
};

static int answer(struct nlmsghdr *nlh, void *userdata)
{
	struct question *q = userdata;
	struct nlattr *tb[MIPA_MAX + 1];
	int r = mipsock_parse(nlh, tb);

	if (r < 0)
		return r;
	if (q->bc_fn || q->bc) {
		struct mipsock_bc bc;

		r = mipsock_read_bc(tb, &bc);
		if (r == 0 && q->bc_fn)
			return q->bc_fn(&bc, q->userdata);
		if (r == 0)
			*q->bc = bc;
	} else if (q->bul_fn || q->bul) {
		struct mipsock_bul bul;

		r = mipsock_read_bul(tb, &bul);
		if (r == 0 && q->bul_fn)
			return q->bul_fn(&bul, q->userdata);
		if (r == 0)
			*q->bul = bul;
	} else if (q->stat_fn) {
		struct mipsock_stat stat;

		r = mipsock_read_stat(tb, &stat);
		if (r == 0)
			return q->stat_fn(&stat, q->userdata);
	} else if (q->nodetype) {
		if (!tb[MIPA_NODETYPE])
			return -EBADMSG;
		*q->nodetype = nla_get_u32(tb[MIPA_NODETYPE]);
	}
	if (r == 0)
		q->answered = true;
	return r;
}

static int ask(struct mipsock *ms, struct nl_msg *msg, int r, struct question *q)
{
	if (msg && r < 0) {
		nlmsg_free(msg);
		nlbatch_set_error(ms->nb, -EMSGSIZE, NULL);
		return -EMSGSIZE;
	}
	return nlbatch_ask(ms->nb, msg, answer, q);
}

/* For questions with one answer: none at all is a broken kernel. */
static int ask_one(struct mipsock *ms, struct nl_msg *msg, int r, struct question *q)
{
	r = ask(ms, msg, r, q);
	if (r == 0 && !q->answered) {
		nlbatch_set_error(ms->nb, -EBADMSG, NULL);
		r = -EBADMSG;
	}
	return r;
}

int mipsock_nodetype_get(struct mipsock *ms, uint32_t *ret)
{
	struct question q = { .nodetype = ret };

	return ask_one(ms, new_msg(ms, MIPM_NODETYPE_GET, 0), 0, &q);
}

int mipsock_bc_dump(struct mipsock *ms, mipsock_bc_fn fn, void *userdata)
{
	struct question q = { .bc_fn = fn, .userdata = userdata };

	return ask(ms, new_msg(ms, MIPM_BC_GET, NLM_F_DUMP), 0, &q);
}

int mipsock_bul_dump(struct mipsock *ms, mipsock_bul_fn fn, void *userdata)
{
	struct question q = { .bul_fn = fn, .userdata = userdata };

	return ask(ms, new_msg(ms, MIPM_BUL_GET, NLM_F_DUMP), 0, &q);
}

int mipsock_stats_dump(struct mipsock *ms, mipsock_stat_fn fn, void *userdata)
{
	struct question q = { .stat_fn = fn, .userdata = userdata };

	return ask(ms, new_msg(ms, MIPM_STATS_GET, NLM_F_DUMP), 0, &q);
}

int mipsock_bc_get(struct mipsock *ms, const struct in6_addr *hoa, uint16_t bid,
		   struct mipsock_bc *ret)
{
	struct nl_msg *msg = new_msg(ms, MIPM_BC_GET, 0);
	struct question q = { .bc = ret };
	int r = 0;

	if (msg) {
		r |= mipsock_put_addr(msg, MIPA_HOA, hoa);
		r |= nla_put_u16(msg, MIPA_BID, bid);
	}
	return ask_one(ms, msg, r, &q);
}

int mipsock_bul_get(struct mipsock *ms, const struct in6_addr *hoa, const struct in6_addr *peer,
		    uint16_t bid, struct mipsock_bul *ret)
{
	struct nl_msg *msg = new_msg(ms, MIPM_BUL_GET, 0);
	struct question q = { .bul = ret };

	return ask_one(ms, msg, msg ? put_bul_key(msg, hoa, peer, bid) : 0, &q);
}
