// SPDX-License-Identifier: GPL-2.0-or-later
/* babymdd: a basic movement detector (RFC 6275 section 11.5). Here it is put together. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "babymdd.h"
#include "io/clock.h"
#include "io/log.h"

#define EVENTS_PER_ROUND 256

static void on_rtnl(void *userdata)
{
	struct babymdd *b = userdata;
	int r = rtnl_monitor_dispatch(b->mon);

	if (r < 0)
		log_error("RTNETLINK", "%s", strerror(-r));
}

static void on_mipsock(void *userdata)
{
	struct babymdd *b = userdata;

	if (mipsock_dispatch(b->ms, EVENTS_PER_ROUND) < 0)
		log_error("MIPSOCK", "%s", mipsock_error(b->ms));
}

static void on_overrun(void *userdata)
{
	struct babymdd *b = userdata;

	b->resync = true;
}

static void on_expire(void *userdata)
{
	struct babymdd *b = userdata;

	mip_md_expire(b->md, clock_usec());
	babymdd_drain(b);
}

static uint64_t on_post(void *userdata)
{
	/* Among what was lost there may be the question where we are. */
	const struct mip_md_event scan = { .type = MIP_MD_EV_SCAN };
	struct babymdd *b = userdata;

	if (b->resync) {
		b->resync = false;
		log_notice("RESYNC", "looking at everything again");
		if (babymdd_look(b) < 0)
			log_error("RTNETLINK", "cannot list links, addresses and routes");
		babymdd_input(b, &scan);
	}
	return mip_md_next_deadline(b->md);
}

static bool load(const struct babymdd *b, struct babymdd_conf *conf)
{
	struct conf_report report = { 0 };

	if (conf_load_babymdd(b->config_file, conf, &report) < 0) {
		common_log_report(&report);
		return false;
	}
	conf_report_done(&report);
	return true;
}

/* The detection begins anew; what it says first tells the mobile node nothing new. */
static bool open_detection(struct babymdd *b)
{
	struct mip_md_config config = { .hysteresis_usec = b->conf.hysteresis_usec };
	struct mip_md *md = mip_md_new(&config);

	if (!md) {
		log_error("NO_MEMORY", "the detection could not be set up");
		return false;
	}
	mip_md_free(b->md);
	b->md = md;
	memset(b->link, 0, sizeof(b->link));
	if (babymdd_look(b) < 0) {
		log_error("RTNETLINK", "cannot list links, addresses and routes");
		return false;
	}
	return true;
}

static void on_reload(void *userdata)
{
	struct babymdd *b = userdata;

	if (!load(b, &b->conf) || !open_detection(b))
		log_error("RELOAD_FAILED", "going on with the old configuration");
	else
		log_notice("RELOADED", "interfaces=%u", b->conf.n_interface);
}

static int start(struct babymdd *b)
{
	static const struct mipsock_ops ms_ops = { .event = babymdd_mipsock_event,
						   .overrun = on_overrun };
	static const struct rtnl_monitor_ops mon_ops = { .event = babymdd_rtnl_event,
							 .overrun = on_overrun };
	int r;

	r = common_open_ctl(&b->d, b->config_file, babymdd_methods, b, &b->ctl);
	if (r >= 0)
		return r;
	r = common_open_mipsock(&ms_ops, b, MIPSOCK_TOPIC_BUL | MIPSOCK_TOPIC_MD, 0, &b->ms);
	if (r >= 0)
		return r;
	r = rtnl_open(&b->rt);
	if (r >= 0)
		r = icmp6_open(&b->ic);
	if (r >= 0)
		r = rtnl_monitor_open(&b->mon,
				      RTNL_WATCH_LINK | RTNL_WATCH_ADDR | RTNL_WATCH_ROUTE |
					      RTNL_WATCH_PREFIX | RTNL_WATCH_NEIGH,
				      &mon_ops, b);
	if (r < 0) {
		log_error("SOCKET", "cannot open a raw or netlink socket: %s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	if (!open_detection(b))
		return DAEMON_EXIT_FAILED;
	r = daemon_watch(&b->d, rtnl_monitor_fd(b->mon), on_rtnl);
	if (r >= 0)
		r = daemon_watch(&b->d, mipsock_request_fd(b->ms), on_mipsock);
	if (r >= 0)
		r = daemon_watch(&b->d, mipsock_event_fd(b->ms), on_mipsock);
	if (r < 0) {
		log_error("LOOP", "%s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	daemon_ready(&b->d, "detecting movement");
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
		.name = "babymdd",
		.summary = "A movement detector: tells mnd where this node is attached.",
	};
	static struct babymdd b;
	int r = daemon_parse(&options, argc, argv);

	if (r >= 0)
		return r;
	r = daemon_open(&b.d, &options, &ops, &b);
	if (r < 0) {
		log_error("LOOP", "%s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	common_config_file(&b.d, b.config_file, sizeof(b.config_file));
	r = load(&b, &b.conf) ? start(&b) : DAEMON_EXIT_FAILED;
	if (r < 0)
		r = daemon_run(&b.d);

	b.ctl = ctl_server_free(b.ctl);
	b.md = mip_md_free(b.md);
	b.mon = rtnl_monitor_close(b.mon);
	b.ic = icmp6_close(b.ic);
	b.rt = rtnl_close(b.rt);
	b.ms = mipsock_close(b.ms);
	daemon_close(&b.d);
	return r;
}
