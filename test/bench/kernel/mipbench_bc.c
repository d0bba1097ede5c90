// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times changes of the binding cache from inside the kernel, without netlink.
 * Needs mipsock.ko built with MIPSOCK_BENCH=1.
 *
 * One line written to /proc/mipbench_bc works on the cache of the writer's
 * network namespace (function HA enabled):
 *
 *	set FIRST COUNT GEN SEED
 *
 * sets the bindings FIRST .. FIRST + COUNT - 1 (bench-addr.h) to the care-of
 * addresses of generation GEN, each once, in an order that SEED chooses; COUNT
 * is a power of two. Where a binding of another generation stands, that is a
 * handover. The first error ends it and is the write's. Reading gives the
 * result of the last run: ns=TOTAL done=N
 */
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>

#include <linux/mipsock.h>

#include "bench-addr.h"
#include "bench-clock.h"
#include "bench.h"

#define BC_COUNT_MAX	 (1U << 20)
#define BC_LIFETIME_MSEC (3600U * 1000U)

static DEFINE_MUTEX(bc_lock);
static u64 bc_ns;
static u32 bc_done;

static int bc_set(struct net *net, u32 first, u32 count, u32 gen, u32 seed)
{
	const struct in6_addr ha = bench_ha();
	u32 step = seed * 2654435761U | 1; /* odd: visits every number modulo a power of two */
	u32 i = seed;
	u64 start = bench_clock_ns();
	int err = 0;

	for (bc_done = 0; bc_done < count; bc_done++) {
		u32 n = first + (i & (count - 1));
		struct in6_addr hoa = bench_hoa(n), coa = bench_coa(n, gen);

		err = mip_bench_bc_set(net, &hoa, &ha, &coa, MIPSOCK_F_ACK | MIPSOCK_F_HOME,
				       BC_LIFETIME_MSEC);
		if (err)
			break;
		i += step;
		if (!(bc_done & 127))
			cond_resched();
	}
	bc_ns = bench_clock_ns() - start;
	return err;
}

static ssize_t bc_write(struct file *file, const char __user *ubuf, size_t len, loff_t *pos)
{
	u32 first, count, gen, seed;
	char line[64];
	int err;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, ubuf, len))
		return -EFAULT;
	line[len] = '\0';
	if (sscanf(line, "set %u %u %u %u", &first, &count, &gen, &seed) != 4)
		return -EINVAL;
	if (!is_power_of_2(count) || count > BC_COUNT_MAX)
		return -ERANGE;
	mutex_lock(&bc_lock);
	err = bc_set(current->nsproxy->net_ns, first, count, gen, seed);
	mutex_unlock(&bc_lock);
	return err ? err : (ssize_t)len;
}

static int bc_show(struct seq_file *m, void *v)
{
	mutex_lock(&bc_lock);
	seq_printf(m, "ns=%llu done=%u\n", bc_ns, bc_done);
	mutex_unlock(&bc_lock);
	return 0;
}

static int bc_open(struct inode *inode, struct file *file)
{
	return single_open(file, bc_show, NULL);
}

static const struct proc_ops bc_proc_ops = {
	.proc_open = bc_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_write = bc_write,
	.proc_release = single_release,
};

static int __init bc_init(void)
{
	return proc_create("mipbench_bc", 0600, NULL, &bc_proc_ops) ? 0 : -ENOMEM;
}

static void __exit bc_exit(void)
{
	remove_proc_entry("mipbench_bc", NULL);
}

module_init(bc_init);
module_exit(bc_exit);
MODULE_DESCRIPTION("Times mipsock's binding cache for SHISA's benchmarks");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(MIPSOCK_BENCH);
