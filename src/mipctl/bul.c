// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl binding-update-list
 */
#include "ctl/ctl.h"
#include "io/mipsock.h"
#include "mipctl.h"

json_t *mipctl_json_bul(const struct mipsock_bul *bul)
{
	json_t *entry = ctl_json_bule(&bul->bule);
	char name[24];

	if (!entry)
		return NULL;
	if (bul->lifetime_initial_usec)
		json_object_set_new(entry, "lifetime",
				    ctl_json_seconds(bul->lifetime_initial_usec));
	if (bul->bule.ifindex)
		json_object_set_new(entry, "interface",
				    json_string(mipctl_interface(bul->bule.ifindex, name)));
	return entry;
}

static int add_entry(const struct mipsock_bul *bul, void *userdata)
{
	return mipctl_list_add(userdata, &bul->bule.hoa, mipctl_json_bul(bul));
}

static int dump(struct mipsock *ms, struct mipctl_list *list)
{
	return mipsock_bul_dump(ms, add_entry, list);
}

int mipctl_bul_list(struct mipctl *ctl, char **argv)
{
	return mipctl_list(ctl, argv, "binding_update_list", print_bul_fields, dump);
}

int mipctl_bul_delete(struct mipctl *ctl, char **argv)
{
	struct in6_addr hoa, peer;
	uint16_t bid = 0;
	struct mipctl_arg args[] = { { "hoa", MIPCTL_ADDRESS, &hoa, true, false },
				     { "peer", MIPCTL_ADDRESS, &peer, true, false },
				     { "bid", MIPCTL_BID, &bid, false, false } };
	struct mipsock *ms;
	int status = mipctl_start(argv, args, 3, &ms);

	(void)ctl;
	if (status != MIPCTL_DONE)
		return status;
	return mipctl_request(ms, mipsock_bul_delete(ms, &hoa, &peer, bid, NULL, NULL, 0));
}

int mipctl_bul_flush(struct mipctl *ctl, char **argv)
{
	struct mipsock *ms;
	int status = mipctl_start(argv, NULL, 0, &ms);

	(void)ctl;
	if (status != MIPCTL_DONE)
		return status;
	return mipctl_request(ms, mipsock_bul_flush(ms, 0, NULL, NULL, 0));
}
