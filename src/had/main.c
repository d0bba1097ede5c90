// SPDX-License-Identifier: GPL-2.0-or-later
/* had: the home agent (RFC 6275 section 10). Here it is put together. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "had.h"
#include "io/clock.h"
#include "io/log.h"

#define MH_BATCHES	 4 /* of MH_BATCH messages, then others have their turn */
#define EVENTS_PER_ROUND 256

void had_drain(struct had *h)
{
	static struct mip_action action;

	while (mip_ha_next_action(h->ha, &action))
		apply_action(h->apply, &action);
}

void had_feed(void *userdata, const struct mip_event *ev)
{
	struct had *h = userdata;
	struct mip_time now = clock_now();

	/* What an event did wrong is in the role's counters. */
	(void)mip_ha_input(h->ha, ev, &now);
	had_drain(h);
}

static void on_log(void *userdata, const struct mip_act_log *log)
{
	struct had *h = userdata;

	common_log_action(h->ctl, log);
}

static void on_mh(void *userdata)
{
	struct had *h = userdata;

	for (unsigned int i = 0; i < MH_BATCHES; i++) {
		int n = mh_receive(h->mh, had_feed, h);

		apply_flush(h->apply);
		if (n < MH_BATCH)
			break;
	}
}

static void on_mipsock(void *userdata)
{
	struct had *h = userdata;

	if (mipsock_dispatch(h->ms, EVENTS_PER_ROUND) < 0)
		log_error("MIPSOCK", "%s", mipsock_error(h->ms));
}

static void on_overrun(void *userdata)
{
	struct had *h = userdata;

	h->resync = true;
}

static void on_expire(void *userdata)
{
	struct had *h = userdata;
	struct mip_time now = clock_now();

	mip_ha_expire(h->ha, &now);
	had_drain(h);
}

/* The device, or none: then nothing can be done without a new start. */
static int open_device(struct had *h)
{
	int r = rtnl_mip_device(h->rt, h->conf.kernel.device, 0, &h->mip_ifindex);

	if (r < 0) {
		log_error("DEVICE", "cannot make %s: %s", h->conf.kernel.device, rtnl_error(h->rt));
		return r == -EOPNOTSUPP ? DAEMON_EXIT_ABSENT : DAEMON_EXIT_FAILED;
	}
	mh_set_tunnel(h->mh, h->mip_ifindex);
	/* What comes out of the tunnel goes on; whether the node forwards at all is the admin's. */
	r = common_sysctl(h->conf.kernel.device, "forwarding", 1);
	if (r < 0)
		log_warning("FORWARDING", "%s: %s", h->conf.kernel.device, strerror(-r));
	return -1;
}

/* The bindings are still in the kernel; the routes went with the device. */
static void replace_device(struct had *h)
{
	int r;

	h->device_gone = false;
	log_warning("DEVICE", "%s was deleted; making it again", h->conf.kernel.device);
	r = open_device(h);
	if (r >= 0) {
		daemon_quit(&h->d, (enum daemon_exit)r);
		return;
	}
	apply_set_device(h->apply, h->mip_ifindex);
	had_links_routes(h, &h->conf, true);
	h->resync = true;
}

static uint64_t on_post(void *userdata)
{
	struct had *h = userdata;

	if (h->device_gone)
		replace_device(h);
	had_links_update(h);
	apply_flush(h->apply);
	/* A request may have brought a DAD result along, which makes no descriptor readable. */
	on_mipsock(h);
	if (h->resync) {
		h->resync = false;
		if (had_resync(h) < 0)
			log_error("RESYNC", "%s", mipsock_error(h->ms));
	}
	apply_flush(h->apply);
	return mip_ha_next_deadline(h->ha);
}

/* Reads files and keys; *conf and *keys are not touched on failure. */
static bool load(struct had *h, struct had_conf *conf, struct conf_keys *keys)
{
	struct conf_report report = { 0 };
	struct had_conf new_conf;

	if (conf_load_had(h->config_file, &new_conf, &report) < 0 ||
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
	struct had *h = userdata;
	struct had_conf *conf = malloc(sizeof(*conf));
	struct conf_keys keys = { 0 };

	if (!conf || !load(h, conf, &keys)) {
		log_error("RELOAD_FAILED", "going on with the old configuration");
		free(conf);
		return;
	}
	if (strcmp(conf->kernel.device, h->conf.kernel.device) != 0) {
		log_warning("RELOAD", "[kernel] device changes at the next start");
		memcpy(conf->kernel.device, h->conf.kernel.device, sizeof(conf->kernel.device));
	}
	had_links_routes(h, &h->conf, false);
	h->conf = *conf;
	free(conf);
	had_links_routes(h, &h->conf, true);
	mip_ha_set_keys(h->ha, keys.table);
	conf_keys_done(&h->keys);
	h->keys = keys;
	if (had_links_open(h) < 0)
		log_error("RTNETLINK", "cannot look at the home links");
	log_notice("RELOADED", "keys=%zu", h->keys.n);
}

static int open_sockets(struct had *h)
{
	static const struct mipsock_ops ms_ops = { .event = had_mipsock_event,
						   .overrun = on_overrun };
	int r;

	r = common_open_mipsock(&ms_ops, h, MIPSOCK_TOPIC_BC, MIPSOCK_NODETYPE_HA, &h->ms);
	if (r >= 0)
		return r;
	r = rtnl_open(&h->rt);
	if (r >= 0)
		r = mh_open(&h->mh, apply_send_failed, &h->apply);
	if (r >= 0)
		r = icmp6_open(&h->ic);
	if (r < 0) {
		log_error("SOCKET", "cannot open a raw or netlink socket: %s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	r = open_device(h);
	if (r >= 0)
		return r;
	if (common_sysctl_get("all", "forwarding") == 0)
		log_warning("FORWARDING",
			    "IPv6 forwarding is off, no packet will reach a mobile node; "
			    "sysctl -w net.ipv6.conf.all.forwarding=1");
	return -1;
}

static int open_role(struct had *h)
{
	struct apply_tools tools = {
		.ms = h->ms,
		.rt = h->rt,
		.mh = h->mh,
		.ic = h->ic,
		.mip_ifindex = h->mip_ifindex,
		.log = on_log,
		.feed = had_feed,
		.userdata = h,
	};
	struct mip_time now = clock_now();
	struct mip_ha_config config;
	uint8_t seed[16];
	int r;

	random_fill(NULL, seed, sizeof(seed));
	h->apply = apply_ha_new(&tools);
	had_links_config(h, &config);
	h->ha = mip_ha_new(&config, h->keys.table, seed, &now);
	if (!h->apply || !h->ha) {
		log_error("NO_MEMORY", "the home agent could not be set up");
		return DAEMON_EXIT_FAILED;
	}
	had_drain(h);
	r = had_adopt(h);
	if (r < 0) {
		log_error("ADOPT", "cannot read the binding cache: %s", mipsock_error(h->ms));
		return DAEMON_EXIT_FAILED;
	}
	had_links_routes(h, &h->conf, true);
	return -1;
}

static int start(struct had *h)
{
	int r;

	r = common_open_ctl(&h->d, h->config_file, had_methods, h, &h->ctl);
	if (r >= 0)
		return r;
	r = open_sockets(h);
	if (r >= 0)
		return r;
	r = had_links_open(h);
	if (r < 0) {
		log_error("RTNETLINK", "%s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	r = open_role(h);
	if (r >= 0)
		return r;
	r = daemon_watch(&h->d, mh_fd(h->mh), on_mh);
	if (r >= 0)
		r = daemon_watch(&h->d, mipsock_request_fd(h->ms), on_mipsock);
	if (r >= 0)
		r = daemon_watch(&h->d, mipsock_event_fd(h->ms), on_mipsock);
	if (r < 0) {
		log_error("LOOP", "%s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	daemon_ready(&h->d, "serving as home agent");
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
		.name = "had",
		.summary =
			"The home agent of Mobile IPv6 (RFC 6275): keeps bindings, tunnels, defends.",
	};
	static struct had h;
	int r = daemon_parse(&options, argc, argv);

	if (r >= 0)
		return r;
	r = daemon_open(&h.d, &options, &ops, &h);
	if (r < 0) {
		log_error("LOOP", "%s", strerror(-r));
		return DAEMON_EXIT_FAILED;
	}
	common_config_file(&h.d, h.config_file, sizeof(h.config_file));
	r = load(&h, &h.conf, &h.keys) ? start(&h) : DAEMON_EXIT_FAILED;
	if (r < 0)
		r = daemon_run(&h.d);

	/* Bindings, routes and the device stay: the next start takes them over. */
	h.ctl = ctl_server_free(h.ctl);
	h.ha = mip_ha_free(h.ha);
	h.apply = apply_free(h.apply);
	h.ic = icmp6_close(h.ic);
	h.mh = mh_close(h.mh);
	h.mon = rtnl_monitor_close(h.mon);
	h.rt = rtnl_close(h.rt);
	h.ms = mipsock_close(h.ms);
	conf_keys_done(&h.keys);
	daemon_close(&h.d);
	return r;
}
