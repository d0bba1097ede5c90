// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packet generator for measuring forwarding and decapsulation.
 *
 * It runs inside the kernel, because a system call would cost more than the
 * path that is to be measured. A run puts packets into the receive path of one
 * device and takes the time until they all have left through another one. It
 * believes nothing: what came out is counted at the egress device, and a run
 * with a check looks at the addresses of every packet on its way out (such a
 * run is no measurement, the check costs time).
 *
 * One line written to /proc/mipbench_gen runs in the network namespace of the
 * writer:
 *
 *	KIND CHECK INGRESS EGRESS COUNT SEED RANGE GEN SIZE
 *
 *	KIND	none	 make packets and free them: what the generator itself costs
 *		forward	 correspondent -> random home address
 *		decap	 random care-of address -> home agent, in it home address -> correspondent
 *		forged	 the same from a care-of address that is another binding's
 *	CHECK	-	 count only
 *		binding	 outer destination must be the care-of address of the inner one
 *		static	 outer destination must be the static tunnel's end
 *		plain	 no outer header may be left, addresses as the mobile node sent them
 *	RANGE	how many home addresses, a power of two
 *	GEN	generation of the care-of addresses (bench-addr.h)
 *	SIZE	octets of the inner packet, header included
 *
 * Reading gives the result of the last run:
 *
 *	ns=TOTAL sent=N out=N good=N bad=N refused=N
 */
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/prandom.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>

#include "bench-addr.h"
#include "bench-clock.h"

#define GEN_HEADROOM	128
#define GEN_SIZE_MIN	(sizeof(struct ipv6hdr) + sizeof(struct udphdr))
#define GEN_SIZE_MAX	1400
#define GEN_COUNT_MAX	10000000
#define GEN_SETTLE_MSEC 1000

enum gen_kind { GEN_NONE, GEN_FORWARD, GEN_DECAP, GEN_FORGED };
enum gen_check { GEN_CHECK_OFF, GEN_CHECK_BINDING, GEN_CHECK_STATIC, GEN_CHECK_PLAIN };

static const char *const gen_kinds[] = { "none", "forward", "decap", "forged" };
static const char *const gen_checks[] = { "-", "binding", "static", "plain" };

/**
 * struct gen_run - one run and its result
 * @kind: what to make
 * @check: what to look at on the way out
 * @in: device that receives
 * @out: device through which the packets have to leave
 * @count: how many packets
 * @range: how many home addresses; power of two
 * @gen: generation of the care-of addresses
 * @size: octets of the inner packet
 * @rnd: state of the pseudo random sequence
 * @tap: sees what leaves, in runs with a check
 * @ns: time of the whole run
 * @sent: packets put in
 * @came_out: packets that left through @out
 * @refused: packets that netif_receive_skb() said it dropped
 * @good: packets with the expected addresses
 * @bad: the others
 */
struct gen_run {
	enum gen_kind kind;
	enum gen_check check;
	struct net_device *in;
	struct net_device *out;
	u32 count;
	u32 range;
	u32 gen;
	u32 size;
	struct rnd_state rnd;
	struct packet_type tap;
	u64 ns;
	u32 sent;
	u64 came_out;
	u32 refused;
	u32 good;
	u32 bad;
};

static DEFINE_MUTEX(gen_lock);
static struct gen_run gen_last;

static void *gen_put_ipv6(struct sk_buff *skb, u8 nexthdr, u32 payload, struct in6_addr src,
			  struct in6_addr dst)
{
	struct ipv6hdr *hdr = skb_put_zero(skb, sizeof(*hdr));

	hdr->version = 6;
	hdr->payload_len = htons((u16)payload);
	hdr->nexthdr = nexthdr;
	hdr->hop_limit = 64;
	hdr->saddr = src;
	hdr->daddr = dst;
	return hdr;
}

static void gen_put_udp(struct sk_buff *skb, u32 len)
{
	struct udphdr *udp = skb_put_zero(skb, len);

	udp->source = htons(9);
	udp->dest = htons(9);
	udp->len = htons((u16)len);
	udp->check = htons(0x1234); /* nobody on the path looks */
}

static struct sk_buff *gen_packet(struct gen_run *run)
{
	u32 i = prandom_u32_state(&run->rnd) & (run->range - 1);
	u32 udp_len = run->size - sizeof(struct ipv6hdr);
	struct in6_addr coa;
	struct sk_buff *skb;

	skb = alloc_skb(GEN_HEADROOM + sizeof(struct ipv6hdr) + run->size, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, GEN_HEADROOM);
	switch (run->kind) {
	case GEN_NONE:
	case GEN_FORWARD:
		gen_put_ipv6(skb, IPPROTO_UDP, udp_len, bench_host(), bench_hoa(i));
		break;
	case GEN_DECAP:
	case GEN_FORGED:
		coa = bench_coa(run->kind == GEN_FORGED ? i ^ 1 : i, run->gen);
		gen_put_ipv6(skb, IPPROTO_IPV6, run->size, coa, bench_ha());
		gen_put_ipv6(skb, IPPROTO_UDP, udp_len, bench_hoa(i), bench_host());
		break;
	}
	gen_put_udp(skb, udp_len);

	skb->dev = run->in;
	skb->protocol = htons(ETH_P_IPV6);
	skb->pkt_type = PACKET_HOST;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	return skb;
}

static bool gen_addresses_right(const struct gen_run *run, const struct sk_buff *skb)
{
	const struct ipv6hdr *outer = ipv6_hdr(skb);
	const struct ipv6hdr *inner = outer + 1;
	const u8 *end = skb_tail_pointer(skb);
	struct in6_addr want, ha = bench_ha(), host = bench_host();
	u32 i;

	if ((const u8 *)(outer + 1) > end)
		return false;
	if (run->check == GEN_CHECK_PLAIN) {
		i = ntohl(outer->saddr.s6_addr32[3]);
		want = bench_hoa(i);
		return i < run->range && outer->nexthdr == IPPROTO_UDP &&
		       ipv6_addr_equal(&outer->saddr, &want) &&
		       ipv6_addr_equal(&outer->daddr, &host);
	}
	if ((const u8 *)(inner + 1) > end || outer->nexthdr != IPPROTO_IPV6)
		return false;
	i = ntohl(inner->daddr.s6_addr32[3]);
	want = bench_hoa(i);
	if (i >= run->range || !ipv6_addr_equal(&inner->daddr, &want) ||
	    !ipv6_addr_equal(&inner->saddr, &host) || !ipv6_addr_equal(&outer->saddr, &ha))
		return false;
	want = run->check == GEN_CHECK_STATIC ? bench_static_end() : bench_coa(i, run->gen);
	return ipv6_addr_equal(&outer->daddr, &want);
}

static int gen_tap(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		   struct net_device *orig_dev)
{
	struct gen_run *run = container_of(pt, struct gen_run, tap);

	/* Everything else that the device sends (router solicitations) is not ours to judge. */
	if (skb->pkt_type == PACKET_OUTGOING && ipv6_hdr(skb)->nexthdr != IPPROTO_ICMPV6) {
		if (gen_addresses_right(run, skb))
			run->good++;
		else
			run->bad++;
	}
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static u64 gen_tx_packets(struct net_device *dev)
{
	struct rtnl_link_stats64 stats;

	return dev_get_stats(dev, &stats)->tx_packets;
}

static int gen_go(struct gen_run *run)
{
	u64 before = gen_tx_packets(run->out);
	unsigned int wait;
	u64 start;
	int err = 0;

	if (run->check != GEN_CHECK_OFF) {
		run->tap.type = htons(ETH_P_ALL);
		run->tap.dev = run->out;
		run->tap.func = gen_tap;
		dev_add_pack(&run->tap);
	}

	start = bench_clock_ns();
	while (run->sent < run->count) {
		struct sk_buff *skb = gen_packet(run);

		if (!skb) {
			err = -ENOMEM;
			break;
		}
		if (run->kind == GEN_NONE) {
			kfree_skb(skb);
		} else {
			local_bh_disable();
			if (netif_receive_skb(skb) == NET_RX_DROP)
				run->refused++;
			local_bh_enable();
		}
		run->sent++;
		if (!(run->sent & 127))
			cond_resched();
		/* Deferred to ksoftirqd: let it work before its queue overflows. */
		while (unlikely(local_softirq_pending() & BIT(NET_RX_SOFTIRQ)))
			yield();
	}
	run->ns = bench_clock_ns() - start;

	/* Decapsulated packets pass a NAPI queue: give a deferred softirq its time. */
	for (wait = 0; wait < GEN_SETTLE_MSEC && run->kind != GEN_NONE; wait += 10) {
		run->came_out = gen_tx_packets(run->out) - before;
		if (run->came_out >= run->sent || run->kind == GEN_FORGED)
			break;
		schedule_timeout_uninterruptible(msecs_to_jiffies(10));
	}
	if (run->check != GEN_CHECK_OFF)
		dev_remove_pack(&run->tap);
	return err;
}

static int gen_parse(struct gen_run *run, const char *line, char in[IFNAMSIZ], char out[IFNAMSIZ])
{
	char kind[16], check[16];
	u32 seed;
	int n;

	if (sscanf(line, "%15s %15s %15s %15s %u %u %u %u %u", kind, check, in, out, &run->count,
		   &seed, &run->range, &run->gen, &run->size) != 9)
		return -EINVAL;
	n = match_string(gen_kinds, ARRAY_SIZE(gen_kinds), kind);
	if (n < 0)
		return n;
	run->kind = n;
	n = match_string(gen_checks, ARRAY_SIZE(gen_checks), check);
	if (n < 0)
		return n;
	run->check = n;
	if (run->count > GEN_COUNT_MAX || !is_power_of_2(run->range) || run->size < GEN_SIZE_MIN ||
	    run->size > GEN_SIZE_MAX)
		return -ERANGE;
	prandom_seed_state(&run->rnd, seed);
	return 0;
}

static ssize_t gen_write(struct file *file, const char __user *ubuf, size_t len, loff_t *pos)
{
	char line[128], in[IFNAMSIZ], out[IFNAMSIZ];
	struct net *net = current->nsproxy->net_ns;
	struct gen_run *run;
	int err;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, ubuf, len))
		return -EFAULT;
	line[len] = '\0';
	run = kzalloc(sizeof(*run), GFP_KERNEL);
	if (!run)
		return -ENOMEM;
	err = gen_parse(run, line, in, out);
	if (err)
		goto free;

	run->in = dev_get_by_name(net, in);
	run->out = dev_get_by_name(net, out);
	err = -ENODEV;
	if (run->in && run->out) {
		mutex_lock(&gen_lock);
		err = gen_go(run);
		gen_last = *run;
		mutex_unlock(&gen_lock);
	}
	dev_put(run->in);
	dev_put(run->out);
free:
	kfree(run);
	return err ? err : (ssize_t)len;
}

static int gen_show(struct seq_file *m, void *v)
{
	mutex_lock(&gen_lock);
	seq_printf(m, "ns=%llu sent=%u out=%llu good=%u bad=%u refused=%u\n", gen_last.ns,
		   gen_last.sent, gen_last.came_out, gen_last.good, gen_last.bad, gen_last.refused);
	mutex_unlock(&gen_lock);
	return 0;
}

static int gen_open(struct inode *inode, struct file *file)
{
	return single_open(file, gen_show, NULL);
}

static const struct proc_ops gen_proc_ops = {
	.proc_open = gen_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_write = gen_write,
	.proc_release = single_release,
};

static int __init gen_init(void)
{
	return proc_create("mipbench_gen", 0600, NULL, &gen_proc_ops) ? 0 : -ENOMEM;
}

static void __exit gen_exit(void)
{
	remove_proc_entry("mipbench_gen", NULL);
}

module_init(gen_init);
module_exit(gen_exit);
MODULE_DESCRIPTION("Packet generator for SHISA's benchmarks");
MODULE_LICENSE("GPL");
