// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl binding-update-list
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

struct list {
	json_t *entries;
	const struct in6_addr *only; /* NULL: all */
};

static int add_entry(const struct mipsock_bul *bul, void *userdata)
{
	struct list *list = userdata;

	if (list->only && !IN6_ARE_ADDR_EQUAL(list->only, &bul->bule.hoa))
		return 0;
	return json_array_append_new(list->entries, mipctl_json_bul(bul)) < 0 ? -ENOMEM : 0;
}

int mipctl_bul_list(struct mipctl *ctl, char **argv)
{
	struct in6_addr hoa;
	struct mipctl_arg args[] = { { "hoa", MIPCTL_ADDRESS, &hoa, false, false } };
	struct list list = { 0 };
	struct mipsock *ms;
	int status = mipctl_start(argv, args, 1, &ms);
	int r;

	if (status != MIPCTL_DONE)
		return status;
	list.only = args[0].given ? &hoa : NULL;
	list.entries = json_array();
	r = mipsock_bul_dump(ms, add_entry, &list);
	if (r < 0)
		status = mipctl_refused(ms, r);
	else
		print_list(&ctl->print, "binding_update_list", print_bul_fields, list.entries);
	json_decref(list.entries);
	mipsock_close(ms);
	return status;
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
