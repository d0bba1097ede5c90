// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl binding-cache
 */
#include "ctl/ctl.h"
#include "io/mipsock.h"
#include "mipctl.h"

json_t *mipctl_json_bc(const struct mipsock_bc *bc)
{
	json_t *entry = ctl_json_bce(&bc->bce);
	char name[24];

	if (!entry)
		return NULL;
	if (bc->lifetime_initial_usec)
		json_object_set_new(entry, "lifetime", ctl_json_seconds(bc->lifetime_initial_usec));
	if (bc->bce.home_ifindex)
		json_object_set_new(entry, "home_interface",
				    json_string(mipctl_interface(bc->bce.home_ifindex, name)));
	return entry;
}

static int add_entry(const struct mipsock_bc *bc, void *userdata)
{
	return mipctl_list_add(userdata, &bc->bce.hoa, mipctl_json_bc(bc));
}

static int dump(struct mipsock *ms, struct mipctl_list *list)
{
	return mipsock_bc_dump(ms, add_entry, list);
}

int mipctl_bc_list(struct mipctl *ctl, char **argv)
{
	return mipctl_list(ctl, argv, "binding_cache", print_bc_fields, dump);
}

int mipctl_bc_delete(struct mipctl *ctl, char **argv)
{
	struct in6_addr hoa;
	uint16_t bid = 0;
	struct mipctl_arg args[] = { { "hoa", MIPCTL_ADDRESS, &hoa, true, false },
				     { "bid", MIPCTL_BID, &bid, false, false } };
	struct mipsock *ms;
	int status = mipctl_start(argv, args, 2, &ms);

	(void)ctl;
	if (status != MIPCTL_DONE)
		return status;
	return mipctl_request(ms, mipsock_bc_remove(ms, &hoa, bid, !args[1].given, NULL, NULL, 0));
}

int mipctl_bc_flush(struct mipctl *ctl, char **argv)
{
	struct mipsock *ms;
	int status = mipctl_start(argv, NULL, 0, &ms);

	(void)ctl;
	if (status != MIPCTL_DONE)
		return status;
	return mipctl_request(ms, mipsock_bc_flush(ms, 0, NULL, NULL, 0));
}
