/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * had, the home agent's daemon: what its parts share. main.c assembles,
 * links.c follows the home links, adopt.c the kernel's binding cache,
 * status.c answers on the control socket.
 */
#ifndef HAD_H
#define HAD_H

#include <limits.h>

#include <mip/ha.h>

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

struct had {
	struct daemon d;
	char config_file[PATH_MAX];
	struct had_conf conf;
	struct conf_keys keys;
	struct mip_ha *ha;
	struct ctl_server *ctl;
	struct mipsock *ms;
	struct rtnl *rt;
	struct rtnl_monitor *mon;
	struct mh *mh;
	struct icmp6 *ic;
	struct apply *apply;
	uint32_t mip_ifindex;
	bool device_gone; /* somebody has deleted the mip device */
	bool resync; /* events were lost: compare with the kernel */
	bool links_changed; /* tell the role at the end of the round */
	/* One for each of conf.home_link. */
	struct {
		uint32_t ifindex; /* 0: virtual, or not there */
		bool address; /* configured on this node, and not tentative */
	} link[CONF_HOME_LINKS_MAX];
};

/* Every action that the role has now, to apply. */
void had_drain(struct had *h);
void had_feed(void *userdata, const struct mip_event *ev);

/* links.c: looks for interfaces and addresses; follows rtnetlink; fills the role's configuration. */
int had_links_open(struct had *h);
void had_links_config(const struct had *h, struct mip_ha_config *ret);
/* Tells role and kernel what has changed since the last call. */
void had_links_update(struct had *h);
/* Routes of the virtual home links of conf. */
void had_links_routes(struct had *h, const struct had_conf *conf, bool present);
/* "" when it serves, else why not. */
const char *had_link_problem(const struct had *h, unsigned int i);

/* adopt.c: the binding cache as it stands in the kernel. 0 or -errno. */
int had_adopt(struct had *h);
int had_resync(struct had *h);
void had_mipsock_event(const struct mipsock_event *ev, void *userdata);

/* status.c */
extern const struct ctl_method had_methods[];

#endif /* HAD_H */
