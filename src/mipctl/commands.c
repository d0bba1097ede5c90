// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Everything that can be said to mipctl: --help, the man page and completion
 * are held against this table.
 */
#include "mipctl.h"

#define BC  "binding-cache", "bc"
#define BUL "binding-update-list", "bul"

const struct mipctl_command mipctl_commands[] = {
	{ "status", NULL, NULL, "", "what runs here, and what is wrong", mipctl_status },
	{ BC, "list", "[hoa ADDRESS]", "bindings of home agent and correspondent node",
	  mipctl_bc_list },
	{ BC, "delete", "hoa ADDRESS [bid NUMBER]", "take a binding away", mipctl_bc_delete },
	{ BC, "flush", "", "take all bindings away", mipctl_bc_flush },
	{ BUL, "list", "[hoa ADDRESS]", "registrations of the mobile node", mipctl_bul_list },
	{ BUL, "delete", "hoa ADDRESS peer ADDRESS [bid NUMBER]", "take a registration away",
	  mipctl_bul_delete },
	{ BUL, "flush", "", "take all registrations away", mipctl_bul_flush },
	{ "monitor", NULL, NULL, "[TOPIC...]",
	  "show what happens, one event a line; topics: binding-cache, binding-update-list, movement, hint, daemon",
	  mipctl_monitor },
	{ "stats", NULL, NULL, "[SOURCE...] [all]",
	  "counters of kernel and daemons, with all also those at zero", mipctl_stats },
	{ "move", NULL, "rereg", "coa ADDRESS [hoa ADDRESS] [interface NAME] [bid NUMBER]",
	  "tell the mobile node to register a care-of address", mipctl_move_rereg },
	{ "move", NULL, "dereg-home", "[hoa ADDRESS] [interface NAME]",
	  "tell the mobile node that it is at home", mipctl_move_dereg_home },
	{ "move", NULL, "dereg-foreign", "coa ADDRESS [hoa ADDRESS] [bid NUMBER]",
	  "tell the mobile node to de-register while away", mipctl_move_dereg_foreign },
	{ "move", NULL, "scan", "", "ask the movement detector to look again", mipctl_move_scan },
	{ "key", NULL, "generate", "nai NAI hoa ADDRESS [spi NUMBER]",
	  "print a new line for the key files of both ends", mipctl_key_generate },
	{ "version", NULL, NULL, "", "print the version", mipctl_version },
	{ 0 },
};
