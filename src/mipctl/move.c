// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl move: what a movement detector says, said by hand (MIPM_MD_INFO).
 */
#include "io/mipsock.h"
#include "mipctl.h"

static int send_md(char **argv, const struct mipsock_md *template, bool coa, bool interface)
{
	struct mipsock_md md = *template;
	struct mipctl_arg args[4];
	struct mipsock *ms;
	size_t n = 0;
	int status;

	args[n++] = (struct mipctl_arg){ "hoa", MIPCTL_ADDRESS, &md.hoa, false, false };
	if (coa) {
		args[n++] = (struct mipctl_arg){ "coa", MIPCTL_ADDRESS, &md.coa, true, false };
		args[n++] = (struct mipctl_arg){ "bid", MIPCTL_BID, &md.bid, false, false };
	}
	if (interface)
		args[n++] = (struct mipctl_arg){ "interface", MIPCTL_INTERFACE, &md.ifindex, false,
						 false };
	status = mipctl_start(argv, args, n, &ms);
	if (status != MIPCTL_DONE)
		return status;
	md.has_hoa = args[0].given;
	return mipctl_request(ms, mipsock_md_info(ms, &md, NULL, NULL, 0));
}

int mipctl_move_rereg(struct mipctl *ctl, char **argv)
{
	(void)ctl;
	return send_md(argv, &(struct mipsock_md){ .cmd = MIPSOCK_MD_REREG }, true, true);
}

int mipctl_move_dereg_home(struct mipctl *ctl, char **argv)
{
	(void)ctl;
	return send_md(argv, &(struct mipsock_md){ .cmd = MIPSOCK_MD_DEREG_HOME }, false, true);
}

int mipctl_move_dereg_foreign(struct mipctl *ctl, char **argv)
{
	(void)ctl;
	return send_md(argv, &(struct mipsock_md){ .cmd = MIPSOCK_MD_DEREG_FOREIGN }, true, false);
}

int mipctl_move_scan(struct mipctl *ctl, char **argv)
{
	struct mipsock_md md = { .cmd = MIPSOCK_MD_SCAN };
	struct mipsock *ms;
	int status = mipctl_start(argv, NULL, 0, &ms);

	(void)ctl;
	if (status != MIPCTL_DONE)
		return status;
	return mipctl_request(ms, mipsock_md_info(ms, &md, NULL, NULL, 0));
}
