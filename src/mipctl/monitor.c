// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl monitor: events of the kernel module and of the daemons, one a line,
 * until it is stopped.
 *
 * A daemon that starts later, or again, is noticed by its socket appearing in
 * the run directory.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "io/mipsock.h"
#include "mipctl.h"

#define DAEMONS_MAX  8
#define TOPIC_DAEMON 0x100u

/* A socket is there a moment before its daemon listens: look again so often, so soon. */
#define RETRIES	   40
#define RETRY_MSEC 25
/* Without a run directory there is nothing to watch: look again after this. */
#define LOOK_MSEC 1000

static const struct {
	const char *name;
	const char *short_name;
	unsigned int topics;
} topic_names[] = {
	{ "binding-cache", "bc", MIPSOCK_TOPIC_BC },
	{ "binding-update-list", "bul", MIPSOCK_TOPIC_BUL },
	{ "movement", "md", MIPSOCK_TOPIC_MD },
	{ "hint", "hint", MIPSOCK_TOPIC_HINT },
	{ "daemon", "daemon", TOPIC_DAEMON },
};
#define N_TOPICS (sizeof(topic_names) / sizeof(topic_names[0]))

struct watch {
	const struct print *print;
	const char *run_dir;
	struct mipsock *ms; /* NULL: no kernel topics, or no module */
	struct ctl_monitor *daemon[DAEMONS_MAX];
	int daemon_fd[DAEMONS_MAX];
	bool daemons; /* topic daemon was asked for */
	int inotify_fd;
	int retries;
};

static const char *reason_str(enum mipsock_reason reason)
{
	switch (reason) {
	case MIPSOCK_REASON_NEW:
		return "new";
	case MIPSOCK_REASON_HANDOVER:
		return "handover";
	case MIPSOCK_REASON_REFRESHED:
		return "refreshed";
	case MIPSOCK_REASON_REMOVED:
		return "removed";
	case MIPSOCK_REASON_EXPIRED:
		return "expired";
	case MIPSOCK_REASON_FLUSHED:
		return "flushed";
	case MIPSOCK_REASON_UNSPEC:
	case __MIPSOCK_REASON_MAX:
		break;
	}
	return "unknown";
}

static const char *md_cmd_str(enum mipsock_md_cmd cmd)
{
	switch (cmd) {
	case MIPSOCK_MD_REREG:
		return "rereg";
	case MIPSOCK_MD_DEREG_HOME:
		return "dereg-home";
	case MIPSOCK_MD_DEREG_FOREIGN:
		return "dereg-foreign";
	case MIPSOCK_MD_SCAN:
		return "scan";
	case MIPSOCK_MD_UNSPEC:
	case __MIPSOCK_MD_MAX:
		break;
	}
	return "unknown";
}

static json_t *now_text(void)
{
	struct timespec now;
	struct tm tm;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	return json_sprintf("%s.%03ldZ", text, now.tv_nsec / 1000000);
}

static json_t *kernel_event(const char *word)
{
	return json_pack("{s:o, s:s, s:s}", "time", now_text(), "daemon", "kernel", "event", word);
}

static void put_addr(json_t *event, const char *key, const struct in6_addr *addr)
{
	if (!IN6_IS_ADDR_UNSPECIFIED(addr))
		json_object_set_new(event, key, ctl_json_addr(addr));
}

static void put_interface(json_t *event, uint32_t ifindex)
{
	char name[24];

	if (ifindex)
		json_object_set_new(event, "interface",
				    json_string(mipctl_interface(ifindex, name)));
}

static json_t *entry_event(const char *word, enum mipsock_reason reason, json_t *entry)
{
	json_t *event = kernel_event(word);

	json_object_set_new(event, "reason", json_string(reason_str(reason)));
	json_object_update(event, entry);
	json_decref(entry);
	return event;
}

static json_t *md_event(const struct mipsock_md *md)
{
	json_t *event = kernel_event("MD_INFO");

	json_object_set_new(event, "command", json_string(md_cmd_str(md->cmd)));
	if (md->has_hoa)
		json_object_set_new(event, "hoa", ctl_json_addr(&md->hoa));
	put_addr(event, "coa", &md->coa);
	put_interface(event, md->ifindex);
	if (md->bid)
		json_object_set_new(event, "bid", json_integer(md->bid));
	return event;
}

static json_t *hint_event(const char *word, const struct mipsock_hint *hint)
{
	json_t *event = kernel_event(word);

	put_addr(event, "hoa", &hint->hoa);
	put_addr(event, "peer", &hint->peer);
	put_addr(event, "local", &hint->local);
	put_interface(event, hint->ifindex);
	if (hint->be_status)
		json_object_set_new(event, "status", json_integer(hint->be_status));
	return event;
}

static json_t *translate(const struct mipsock_event *ev)
{
	switch (ev->type) {
	case MIPM_BC_ADD:
		return entry_event("BC_ADD", ev->bc.reason, mipctl_json_bc(&ev->bc));
	case MIPM_BC_REMOVE:
		return entry_event("BC_REMOVE", ev->bc.reason, mipctl_json_bc(&ev->bc));
	case MIPM_BUL_ADD:
		return entry_event("BUL_ADD", ev->bul.reason, mipctl_json_bul(&ev->bul));
	case MIPM_BUL_DELETE:
		return entry_event("BUL_DELETE", ev->bul.reason, mipctl_json_bul(&ev->bul));
	case MIPM_MD_INFO:
		return md_event(&ev->md);
	case MIPM_HOME_HINT:
		return hint_event("HOME_HINT", &ev->hint);
	case MIPM_RR_HINT:
		return hint_event("RR_HINT", &ev->hint);
	case MIPM_BE_HINT:
		return hint_event("BE_HINT", &ev->hint);
	case MIPM_UNSPEC:
	case MIPM_NODETYPE_INFO:
	case MIPM_NODETYPE_GET:
	case MIPM_BC_FLUSH:
	case MIPM_BC_GET:
	case MIPM_BUL_FLUSH:
	case MIPM_BUL_GET:
	case MIPM_DAD:
	case MIPM_STATS_GET:
	case __MIPM_MAX:
		break;
	}
	return NULL;
}

static void show(const struct watch *watch, json_t *event)
{
	if (event)
		print_event(watch->print, event);
	json_decref(event);
}

static void on_event(const struct mipsock_event *ev, void *userdata)
{
	show(userdata, translate(ev));
}

static void on_overrun(void *userdata)
{
	show(userdata, kernel_event("OVERRUN"));
}

static void lose_daemon(struct watch *watch, size_t i)
{
	json_t *event = json_pack("{s:o, s:s, s:s}", "time", now_text(), "daemon",
				  mipctl_daemons[i], "event", "GONE");

	show(watch, event);
	watch->daemon[i] = ctl_monitor_free(watch->daemon[i]);
}

static void read_daemon(struct watch *watch, size_t i)
{
	json_t *event;
	int r;

	while ((r = ctl_monitor_read(watch->daemon[i], &event)) == 0)
		show(watch, event);
	if (r != -EAGAIN)
		lose_daemon(watch, i);
}

static void connect_daemons(struct watch *watch)
{
	for (size_t i = 0; watch->daemons && mipctl_daemons[i]; i++) {
		if (watch->daemon[i] ||
		    ctl_monitor_new(watch->run_dir, mipctl_daemons[i], &watch->daemon[i],
				    &watch->daemon_fd[i]) < 0)
			continue;
		/* Events may have come right behind the first answer; poll() would not tell. */
		read_daemon(watch, i);
	}
}

static void watch_run_dir(struct watch *watch)
{
	if (!watch->daemons || watch->inotify_fd >= 0)
		return;
	watch->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch->inotify_fd >= 0 &&
	    inotify_add_watch(watch->inotify_fd, watch->run_dir, IN_CREATE | IN_MOVED_TO) < 0) {
		close(watch->inotify_fd);
		watch->inotify_fd = -1;
	}
}

static void read_inotify(struct watch *watch)
{
	char buf[4096] __attribute__((aligned(8)));

	while (read(watch->inotify_fd, buf, sizeof(buf)) > 0)
		watch->retries = RETRIES;
}

static int timeout_msec(const struct watch *watch)
{
	if (!watch->daemons)
		return -1;
	if (watch->retries)
		return RETRY_MSEC;
	return watch->inotify_fd < 0 ? LOOK_MSEC : -1;
}

/* Goes on until the output or the kernel's socket breaks. */
static int watch_all(struct watch *watch)
{
	struct pollfd pfd[DAEMONS_MAX + 4];
	int r;

	for (;;) {
		nfds_t n = 0;

		/* poll() passes over negative descriptors, and tells when nobody reads us any more. */
		pfd[n++] = (struct pollfd){ .fd = fileno(watch->print->out) };
		pfd[n++] = (struct pollfd){ .fd = watch->inotify_fd, .events = POLLIN };
		pfd[n++] = (struct pollfd){ .fd = watch->ms ? mipsock_event_fd(watch->ms) : -1,
					    .events = POLLIN };
		for (size_t i = 0; mipctl_daemons[i]; i++)
			pfd[n++] = (struct pollfd){
				.fd = watch->daemon[i] ? watch->daemon_fd[i] : -1,
				.events = POLLIN,
			};
		r = poll(pfd, n, timeout_msec(watch));
		if (r < 0 && errno != EINTR)
			return mipctl_fail(MIPCTL_FAILED, "poll: %s", strerror(errno));
		if (r < 0)
			continue;
		if (pfd[0].revents & (POLLERR | POLLHUP))
			return MIPCTL_DONE;
		if (pfd[1].revents)
			read_inotify(watch);
		if (pfd[2].revents && mipsock_dispatch(watch->ms, 0) < 0)
			return mipctl_fail(MIPCTL_FAILED, "%s", mipsock_error(watch->ms));
		for (size_t i = 0; mipctl_daemons[i]; i++)
			if (pfd[3 + i].revents && watch->daemon[i])
				read_daemon(watch, i);
		watch_run_dir(watch);
		connect_daemons(watch);
		watch->retries -= watch->retries > 0;
		if (ferror(watch->print->out))
			return MIPCTL_FAILED;
	}
}

static int parse_topics(char **argv, unsigned int *ret)
{
	unsigned int topics = 0;
	size_t i;

	for (; *argv; argv++) {
		for (i = 0; i < N_TOPICS; i++)
			if (!strcmp(*argv, topic_names[i].name) ||
			    !strcmp(*argv, topic_names[i].short_name))
				break;
		if (i == N_TOPICS)
			return mipctl_fail(
				MIPCTL_USAGE,
				"no such topic; there are binding-cache, binding-update-list, movement, hint and daemon");
		topics |= topic_names[i].topics;
	}
	*ret = topics ? topics : MIPSOCK_TOPIC_ALL | TOPIC_DAEMON;
	return MIPCTL_DONE;
}

int mipctl_monitor(struct mipctl *ctl, char **argv)
{
	static const struct mipsock_ops ops = { on_event, on_overrun };
	struct watch watch = { .print = &ctl->print, .run_dir = ctl->run_dir, .inotify_fd = -1 };
	unsigned int topics = 0;
	int status = parse_topics(argv, &topics), r;

	if (status != MIPCTL_DONE)
		return status;
	watch.daemons = topics & TOPIC_DAEMON;
	/* Without the module the daemons can still be listened to. */
	if (topics & MIPSOCK_TOPIC_ALL) {
		status = mipctl_open(&watch.ms, &ops, &watch);
		if (status != MIPCTL_DONE && !(watch.daemons && status == MIPCTL_ABSENT))
			return status;
		r = watch.ms ? mipsock_subscribe(watch.ms, topics & MIPSOCK_TOPIC_ALL) : 0;
		if (r < 0) {
			status = mipctl_refused(watch.ms, r);
			goto out;
		}
	}
	watch_run_dir(&watch);
	connect_daemons(&watch);
	status = watch_all(&watch);
out:
	for (size_t i = 0; mipctl_daemons[i]; i++)
		ctl_monitor_free(watch.daemon[i]);
	if (watch.inotify_fd >= 0)
		close(watch.inotify_fd);
	mipsock_close(watch.ms);
	return status;
}
