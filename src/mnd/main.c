// SPDX-License-Identifier: GPL-2.0-or-later
/* mnd: the mobile node (RFC 6275 section 11). Here it is put together. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/log.h"
#include "mnd.h"

#define EVENTS_PER_ROUND 256

static void on_log(void *userdata, const struct mip_act_log *log)
{
	struct mnd *m = userdata;

	common_log_action(m->ctl, log);
}

static void on_mh(void *userdata)
{
	struct mnd *m = userdata;

	(void)mh_receive(m->mh, mnd_feed, m);
}

static void on_mipsock(void *userdata)
{
	struct mnd *m = userdata;

	if (mipsock_dispatch(m->ms, EVENTS_PER_ROUND) < 0)
		log_error("MIPSOCK", "%s", mipsock_error(m->ms));
}

static void on_overrun(void *userdata)
{
	struct mnd *m = userdata;

	m->resync = true;
}

static void on_rtnl(void *userdata)
{
	struct mnd *m = userdata;

	(void)rtnl_monitor_dispatch(m->mon);
}

static void on_rtnl_overrun(void *userdata)
{
	struct mnd *m = userdata;

	(void)rtnl_monitor_dump(m->mon);
}

static void on_expire(void *userdata)
{
	struct mnd *m = userdata;
	struct mip_time now = clock_now();

	mip_mn_expire(m->mn, &now);
	mnd_drain(m);
}

static int open_device(struct mnd *m)
{
	int r = rtnl_mip_device(m->rt, m->conf.kernel.device, 0, &m->mip_ifindex);

	if (r < 0) {
		log_error("DEVICE", "cannot make %s: %s", m->conf.kernel.device, rtnl_error(m->rt));
		return r == -EOPNOTSUPP ? DAEMON_EXIT_ABSENT : DAEMON_EXIT_FAILED;
	}
	mh_set_tunnel(m->mh, m->mip_ifindex);
	return -1;
}

static int open_table(struct mnd *m)
{
	int r = apply_tunnel_table(m->apply);

	if (r < 0) {
		log_error("ROUTE_FAILED", "default route of table %u: %s", m->conf.kernel.table,
			  rtnl_error(m->rt));
		return DAEMON_EXIT_FAILED;
	}
	return -1;
}

/* Route and home address went with the device; the role, made anew, puts the address back. */
static void replace_device(struct mnd *m)
{
	int r;

	m->device_gone = false;
	log_warning("DEVICE", "%s was deleted; making it again", m->conf.kernel.device);
	r = open_device(m);
	if (r < 0) {
		apply_set_device(m->apply, m->mip_ifindex);
		r = open_table(m);
	}
	if (r < 0 && !mnd_role_open(m))
		r = DAEMON_EXIT_FAILED;
	if (r >= 0)
		daemon_quit(&m->d, (enum daemon_exit)r);
}

static uint64_t on_post(void *userdata)
{
	struct mnd *m = userdata;

	if (m->device_gone)
		replace_device(m);
	apply_flush(m->apply);
	if (m->resync) {
		m->resync = false;
		mnd_resync(m);
		apply_flush(m->apply);
	}
	return mip_mn_next_deadline(m->mn);
}

/* Reads files and keys; *conf and *keys are not touched on failure. */
static bool load(struct mnd *m, struct mnd_conf *conf, struct conf_keys *keys)
{
	struct conf_report report = { 0 };
	struct mnd_conf new_conf;

	if (conf_load_mnd(m->config_file, &new_conf, &report) < 0 ||
	    conf_keys_load(new_conf.security.keys, !new_conf.security.allow_unprotected, keys,
			   &report) < 0) {
		common_log_report(&report);
		return false;
	}
	*conf = new_conf;
	conf_report_done(&report);
	return true;
}

static void on_reload(void *userdata)
{
	struct mnd *m = userdata;
	struct mnd_conf old = m->conf;
	struct conf_keys old_keys = m->keys, keys = { 0 };

	if (!load(m, &m->conf, &keys)) {
		log_error("RELOAD_FAILED", "going on with the old configuration");
		return;
	}
	if (strcmp(old.kernel.device, m->conf.kernel.device) != 0 ||
	    old.kernel.table != m->conf.kernel.table ||
	    old.kernel.priority != m->conf.kernel.priority) {
		log_warning("RELOAD", "[kernel] changes at the next start");
		m->conf.kernel = old.kernel;
	}
	m->keys = keys;
	if (!mnd_role_open(m)) {
		log_error("RELOAD_FAILED", "going on with the old configuration");
		conf_keys_done(&m->keys);
		m->conf = old;
		m->keys = old_keys;
		return;
	}
	conf_keys_done(&old_keys);
	log_notice("RELOADED", "keys=%zu", m->keys.n);
}

static int open_sockets(struct mnd *m)
{
	static const struct mipsock_ops ms_ops = { .event = mnd_mipsock_event,
						   .overrun = on_overrun };
	static const struct rtnl_monitor_ops mon_ops = { .event = mnd_rtnl_event,
							 .overrun = on_rtnl_overrun };
	int r;

	r = common_open_mipsock(&ms_ops, m, MIPSOCK_TOPIC_BUL | MIPSOCK_TOPIC_MD,
				MIPSOCK_NODETYPE_MN, &m->ms);
	if (r >= 0)
		return r;
	r = rtnl_open(&m->rt);
	if (r >= 0)
		r = rtnl_monitor_open(&m->mon, RTNL_WATCH_LINK | RTNL_WATCH_ADDR, &mon_ops, m);
	if (r >= 0)
		r = mh_open(&m->mh, apply_send_failed, &m->apply);
	if (r >= 0)
		r = icmp6_open(&m->ic);
	if (r < 0) {
		log_error("SOCKET", "cannot open a raw or netlink socket: %s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	return open_device(m);
}

static int start(struct mnd *m)
{
	struct apply_tools tools = {
		.log = on_log,
		.feed = mnd_feed,
		.userdata = m,
		.table = m->conf.kernel.table,
		.priority = m->conf.kernel.priority,
	};
	int r;

	r = common_open_ctl(&m->d, m->config_file, mnd_methods, m, &m->ctl);
	if (r >= 0)
		return r;
	r = open_sockets(m);
	if (r >= 0)
		return r;
	tools.ms = m->ms;
	tools.rt = m->rt;
	tools.mh = m->mh;
	tools.ic = m->ic;
	tools.mip_ifindex = m->mip_ifindex;
	m->apply = apply_mn_new(&tools);
	if (!m->apply)
		return DAEMON_EXIT_FAILED;
	r = open_table(m);
	if (r >= 0)
		return r;
	if (!mnd_role_open(m))
		return DAEMON_EXIT_FAILED;
	r = daemon_watch(&m->d, mh_fd(m->mh), on_mh);
	if (r >= 0)
		r = daemon_watch(&m->d, mipsock_request_fd(m->ms), on_mipsock);
	if (r >= 0)
		r = daemon_watch(&m->d, mipsock_event_fd(m->ms), on_mipsock);
	if (r >= 0)
		r = daemon_watch(&m->d, rtnl_monitor_fd(m->mon), on_rtnl);
	if (r < 0) {
		log_error("LOOP", "%s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	daemon_ready(&m->d, "serving as mobile node");
	return -1;
}

int main(int argc, char **argv)
{
	static const struct daemon_ops ops = {
		.expire = on_expire,
		.post = on_post,
		.reload = on_reload,
	};
	struct daemon_options options = {
		.name = "mnd",
		.summary =
			"The mobile node of Mobile IPv6 (RFC 6275): registers where this node is.",
	};
	static struct mnd m;
	int r = daemon_parse(&options, argc, argv);

	if (r >= 0)
		return r;
	r = daemon_open(&m.d, &options, &ops, &m);
	if (r < 0) {
		log_error("LOOP", "%s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	common_config_file(&m.d, m.config_file, sizeof(m.config_file));
	r = load(&m, &m.conf, &m.keys) ? start(&m) : DAEMON_EXIT_FAILED;
	if (r < 0)
		r = daemon_run(&m.d);

	/* Binding, home address and rule stay: the next start takes them over. */
	m.ctl = ctl_server_free(m.ctl);
	m.mn = mip_mn_free(m.mn);
	m.apply = apply_free(m.apply);
	m.ic = icmp6_close(m.ic);
	m.mh = mh_close(m.mh);
	m.mon = rtnl_monitor_close(m.mon);
	m.rt = rtnl_close(m.rt);
	m.ms = mipsock_close(m.ms);
	conf_keys_done(&m.keys);
	daemon_close(&m.d);
	return r;
}
