/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * babymdd, a movement detector: what its parts share. main.c assembles,
 * world.c feeds the detection with what the kernel tells and carries out what
 * it asks for, status.c answers on the control socket.
 */
#ifndef BABYMDD_H
#define BABYMDD_H

#include <limits.h>

#include <mip/md.h>

#include "conf/conf.h"
#include "ctl/ctl.h"
#include "daemon/common.h"
#include "io/daemon.h"
#include "io/icmp6.h"
#include "io/mipsock.h"
#include "io/rtnl.h"

struct babymdd {
	struct daemon d;
	char config_file[PATH_MAX];
	struct babymdd_conf conf;
	struct mip_md *md;
	struct ctl_server *ctl;
	struct mipsock *ms;
	struct rtnl *rt;
	struct rtnl_monitor *mon;
	struct icmp6 *ic;
	bool resync; /* events were lost: look at everything again */
	/* Links that we manage, for what is ours to do when a carrier goes. */
	struct {
		uint32_t ifindex; /* 0: free */
		bool carrier;
		uint32_t carrier_downs;
	} link[MIP_MD_LINK_MAX];
	/* Home prefixes, as the mobile node or the binding update list told. */
	unsigned int n_home;
	struct mip_prefix home[MIP_HOA_PER_MN_MAX];
};

void babymdd_input(struct babymdd *b, const struct mip_md_event *ev);
void babymdd_drain(struct babymdd *b);
/* Everything that is there: links, addresses, routes, home addresses. 0 or -errno. */
int babymdd_look(struct babymdd *b);
void babymdd_rtnl_event(const struct mip_md_event *ev, void *userdata);
void babymdd_mipsock_event(const struct mipsock_event *ev, void *userdata);

extern const struct ctl_method babymdd_methods[];

#endif /* BABYMDD_H */
