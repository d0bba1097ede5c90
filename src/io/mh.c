// SPDX-License-Identifier: GPL-2.0-or-later
#include "mh.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mip/wire.h>

#include "nlbatch.h"

/*
 * A burst of some 2,000 Binding Updates. Not more: in a flood the queue is
 * always full, and who waits in it for seconds has a timestamp that is stale
 * (RFC 4285 section 6) when its turn comes, however often it tries.
 */
#define RCVBUF_OCTETS (1024 * 1024)
#define RECV_OCTETS \
	(MIP_MH_OCTETS_MAX + 8) /* no Mobility Header is longer: more is cut, and seen */
/* Packet info, one Destination Options and one routing header, of a size that makes sense. */
#define RECV_CONTROL_OCTETS 512
#define SEND_CONTROL_OCTETS                                                        \
	(CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(MIP_HAO_HDR_OCTETS) + \
	 CMSG_SPACE(MIP_RH2_OCTETS))

struct in_slot {
	struct sockaddr_in6 from;
	struct iovec iov;
	uint8_t data[RECV_OCTETS];
	char control[RECV_CONTROL_OCTETS] __attribute__((aligned(8)));
};

struct out_slot {
	uint64_t id;
	struct sockaddr_in6 to;
	struct iovec iov;
	uint8_t data[MIP_MSG_MAX];
	char control[SEND_CONTROL_OCTETS] __attribute__((aligned(8)));
};

struct mh {
	int recv_fd, send_fd;
	uint32_t tunnel;
	mh_failed_fn failed;
	void *userdata;
	struct mh_counters counters;
	struct mmsghdr in_hdr[MH_BATCH];
	struct in_slot in[MH_BATCH];
	unsigned int n_out;
	struct mmsghdr out_hdr[MH_BATCH];
	struct out_slot out[MH_BATCH];
};

static int open_recv(struct mh *mh)
{
	int on = 1;

	mh->recv_fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, MIP_IPPROTO_MH);
	if (mh->recv_fd < 0 ||
	    setsockopt(mh->recv_fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0 ||
	    setsockopt(mh->recv_fd, IPPROTO_IPV6, IPV6_RECVDSTOPTS, &on, sizeof(on)) < 0 ||
	    setsockopt(mh->recv_fd, IPPROTO_IPV6, IPV6_RECVRTHDR, &on, sizeof(on)) < 0)
		return -errno;
	nlbatch_set_rcvbuf(mh->recv_fd, RCVBUF_OCTETS);
	return 0;
}

static int open_send(struct mh *mh)
{
	/* A raw socket gets a copy of everything that comes in. This one must not. */
	struct sock_filter none[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog prog = { .len = 1, .filter = none };
	int off = -1;

	mh->send_fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, MIP_IPPROTO_MH);
	if (mh->send_fd < 0 ||
	    setsockopt(mh->send_fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0 ||
	    setsockopt(mh->send_fd, IPPROTO_IPV6, IPV6_CHECKSUM, &off, sizeof(off)) < 0)
		return -errno;
	return 0;
}

int mh_open(struct mh **ret, mh_failed_fn failed, void *userdata)
{
	struct mh *mh = calloc(1, sizeof(*mh));
	int r;

	if (!mh)
		return -ENOMEM;
	mh->recv_fd = mh->send_fd = -1;
	mh->failed = failed;
	mh->userdata = userdata;
	r = open_recv(mh);
	if (r >= 0)
		r = open_send(mh);
	if (r < 0) {
		mh_close(mh);
		return r;
	}
	*ret = mh;
	return 0;
}

struct mh *mh_close(struct mh *mh)
{
	if (!mh)
		return NULL;
	if (mh->recv_fd >= 0)
		close(mh->recv_fd);
	if (mh->send_fd >= 0)
		close(mh->send_fd);
	free(mh);
	return NULL;
}

int mh_fd(const struct mh *mh)
{
	return mh->recv_fd;
}

void mh_set_tunnel(struct mh *mh, uint32_t ifindex)
{
	mh->tunnel = ifindex;
}

const struct mh_counters *mh_get_counters(const struct mh *mh)
{
	return &mh->counters;
}

/* Turns one received message into an event; false: counted and left out. */
static bool read_message(struct mh *mh, struct msghdr *hdr, const struct in_slot *slot, size_t len,
			 struct mip_ev_mh *ev)
{
	struct cmsghdr *c;
	bool has_info = false;
	int r;

	if (hdr->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		mh->counters.truncated++;
		return false;
	}
	memset(ev, 0, sizeof(*ev));
	ev->data = slot->data;
	ev->len = len;
	ev->src = slot->from.sin6_addr;
	ev->checksum_ok = true;
	for (c = CMSG_FIRSTHDR(hdr); c; c = CMSG_NXTHDR(hdr, c)) {
		size_t n = c->cmsg_len - CMSG_LEN(0);
		struct in6_addr other;

		if (c->cmsg_level != IPPROTO_IPV6)
			continue;
		if (c->cmsg_type == IPV6_PKTINFO && n >= sizeof(struct in6_pktinfo)) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			/* With a routing header that was seen before, this is the home address. */
			if (ev->has_rh2)
				ev->rh2 = info.ipi6_addr;
			else
				ev->dst = info.ipi6_addr;
			ev->ifindex = info.ipi6_ifindex;
			has_info = true;
		} else if (c->cmsg_type == IPV6_DSTOPTS) {
			r = mip_hao_decode(CMSG_DATA(c), n, &other);
			if (r == MIP_ERR_ABSENT)
				continue;
			if (r != MIP_OK || ev->has_hao) {
				mh->counters.bad_header++;
				return false;
			}
			ev->has_hao = true;
			ev->hao = ev->src;
			ev->src = other;
		} else if (c->cmsg_type == IPV6_RTHDR) {
			r = mip_rh2_decode(CMSG_DATA(c), n, &other);
			if (r != MIP_OK || ev->has_rh2) {
				mh->counters.bad_header++;
				return false;
			}
			ev->has_rh2 = true;
			ev->rh2 = ev->dst;
			ev->dst = other;
		}
	}
	if (!has_info) {
		mh->counters.no_pktinfo++;
		return false;
	}
	ev->tunnelled = mh->tunnel != 0 && ev->ifindex == mh->tunnel;
	return true;
}

int mh_receive(struct mh *mh, mh_receive_fn fn, void *userdata)
{
	int n;

	for (unsigned int i = 0; i < MH_BATCH; i++) {
		struct in_slot *slot = &mh->in[i];

		slot->iov = (struct iovec){ slot->data, sizeof(slot->data) };
		mh->in_hdr[i].msg_hdr = (struct msghdr){
			.msg_name = &slot->from,
			.msg_namelen = sizeof(slot->from),
			.msg_iov = &slot->iov,
			.msg_iovlen = 1,
			.msg_control = slot->control,
			.msg_controllen = sizeof(slot->control),
		};
	}
	n = recvmmsg(mh->recv_fd, mh->in_hdr, MH_BATCH, 0, NULL);
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return 0;
		if (errno == EBADF || errno == ENOTSOCK || errno == EFAULT || errno == EINVAL)
			return -errno;
		/* An ICMPv6 error for something that we sent; reading has cleared it. */
		mh->counters.icmp_errors++;
		return 0;
	}
	for (int i = 0; i < n; i++) {
		struct mip_event ev = { .type = MIP_EV_MH };

		mh->counters.received++;
		if (read_message(mh, &mh->in_hdr[i].msg_hdr, &mh->in[i], mh->in_hdr[i].msg_len,
				 &ev.mh))
			fn(userdata, &ev);
	}
	return n;
}

static void add_control(struct msghdr *hdr, size_t *used, int type, const void *data, size_t len)
{
	struct cmsghdr *c = (void *)((char *)hdr->msg_control + *used);

	c->cmsg_level = IPPROTO_IPV6;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), data, len);
	*used += CMSG_SPACE(len);
}

void mh_send(struct mh *mh, const struct mip_act_send_mh *msg)
{
	struct in6_pktinfo info = { .ipi6_addr = msg->src, .ipi6_ifindex = msg->ifindex };
	struct out_slot *slot;
	struct msghdr *hdr;
	size_t used = 0;

	if (mh->n_out == MH_BATCH)
		mh_flush(mh);
	if (msg->len > MIP_MSG_MAX) {
		mh->counters.send_errors++;
		mh->failed(mh->userdata, msg->id, -EMSGSIZE);
		return;
	}
	slot = &mh->out[mh->n_out];
	hdr = &mh->out_hdr[mh->n_out].msg_hdr;
	mh->n_out++;

	slot->id = msg->id;
	memcpy(slot->data, msg->data, msg->len);
	slot->iov = (struct iovec){ slot->data, msg->len };
	slot->to = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_addr = msg->dst };
	memset(slot->control, 0, sizeof(slot->control));
	*hdr = (struct msghdr){
		.msg_name = &slot->to,
		.msg_namelen = sizeof(slot->to),
		.msg_iov = &slot->iov,
		.msg_iovlen = 1,
		.msg_control = slot->control,
	};
	add_control(hdr, &used, IPV6_PKTINFO, &info, sizeof(info));
	if (msg->has_hao) {
		uint8_t opt[MIP_HAO_HDR_OCTETS];

		mip_hao_encode(&msg->hao, MIP_IPPROTO_MH, opt);
		add_control(hdr, &used, IPV6_DSTOPTS, opt, sizeof(opt));
	}
	if (msg->has_rh2) {
		uint8_t rh[MIP_RH2_OCTETS];

		/* The kernel puts the destination into the header and the header's address first. */
		mip_rh2_encode(&msg->dst, MIP_IPPROTO_MH, rh);
		add_control(hdr, &used, IPV6_RTHDR, rh, sizeof(rh));
		slot->to.sin6_addr = msg->rh2;
	}
	if (IN6_IS_ADDR_LINKLOCAL(&slot->to.sin6_addr))
		slot->to.sin6_scope_id = msg->ifindex;
	hdr->msg_controllen = used;
}

void mh_flush(struct mh *mh)
{
	unsigned int done = 0, n = mh->n_out;
	struct {
		uint64_t id;
		int err;
	} failed[MH_BATCH];
	unsigned int n_failed = 0;

	while (done < n) {
		int r = sendmmsg(mh->send_fd, mh->out_hdr + done, n - done, MSG_DONTWAIT);

		if (r > 0) {
			done += (unsigned int)r;
			mh->counters.sent += (unsigned int)r;
			continue;
		}
		if (r < 0 && errno == EINTR)
			continue;
		failed[n_failed].id = mh->out[done].id;
		failed[n_failed].err = r < 0 ? -errno : -EIO;
		n_failed++;
		mh->counters.send_errors++;
		done++;
	}
	mh->n_out = 0;
	/* Only now: who is told may send again at once. */
	for (unsigned int i = 0; i < n_failed; i++)
		mh->failed(mh->userdata, failed[i].id, failed[i].err);
}
