/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mnd, the mobile node's daemon: what its parts share. main.c assembles,
 * role.c makes the role and feeds it from the kernel, status.c answers on the
 * control socket.
 */
#ifndef MND_H
#define MND_H

#include <limits.h>

#include <mip/mn.h>

#include "conf/conf.h"
#include "conf/keys.h"
#include "ctl/ctl.h"
#include "daemon/common.h"
#include "io/apply.h"
#include "io/daemon.h"
#include "io/icmp6.h"
#include "io/mh.h"
#include "io/mipsock.h"
#include "io/rtnl.h"

struct mnd {
	struct daemon d;
	char config_file[PATH_MAX];
	struct mnd_conf conf;
	struct conf_keys keys;
	struct mip_mn *mn;
	struct ctl_server *ctl;
	struct mipsock *ms;
	struct rtnl *rt;
	struct rtnl_monitor *mon;
	struct mh *mh;
	struct icmp6 *ic;
	struct apply *apply;
	uint32_t mip_ifindex;
	bool device_gone; /* somebody has deleted the mip device */
	bool resync; /* events were lost */
};

/* role.c: makes the role from conf and keys and lets it adopt what stands in the kernel. */
bool mnd_role_open(struct mnd *m);
void mnd_drain(struct mnd *m);
void mnd_feed(void *userdata, const struct mip_event *ev);
void mnd_resync(struct mnd *m);
void mnd_mipsock_event(const struct mipsock_event *ev, void *userdata);
void mnd_rtnl_event(const struct mip_md_event *ev, void *userdata);

/* status.c */
extern const struct ctl_method mnd_methods[];

#endif /* MND_H */
