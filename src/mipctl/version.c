// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl version
 */
#include "mip-build.h"
#include "mipctl.h"

int mipctl_version(struct mipctl *ctl, char **argv)
{
	json_t *object;
	int status = mipctl_args(argv, NULL, 0);

	if (status != MIPCTL_DONE)
		return status;
	if (ctl->print.json) {
		object = json_pack("{s:s}", "version", MIP_VERSION);
		print_object(&ctl->print, object);
		json_decref(object);
	} else {
		fprintf(ctl->print.out, "mipctl %s\n", MIP_VERSION);
	}
	return MIPCTL_DONE;
}
