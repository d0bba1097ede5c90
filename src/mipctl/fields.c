// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How records look as text.
 */
#include "print.h"

const struct print_field print_bc_fields[] = {
	{ .key = "hoa", .type = PRINT_HEAD, .style = PRINT_ADDRESS },
	{ .key = "bid", .skip_zero = true },
	{ .key = "coa", .style = PRINT_ADDRESS },
	{ .key = "flags", .skip_zero = true },
	{ .key = "seq" },
	{ .key = "lifetime_left", .label = "lifetime", .type = PRINT_SECONDS },
	{ .key = "lifetime", .label = "of", .type = PRINT_SECONDS },
	{ .key = "local", .style = PRINT_ADDRESS, .new_line = true },
	{ .key = "home_interface", .label = "home-link", .style = PRINT_NAME },
	{ .key = "mnp", .style = PRINT_ADDRESS, .skip_zero = true },
	{ 0 },
};

const struct print_field print_bul_fields[] = {
	{ .key = "hoa", .type = PRINT_HEAD, .style = PRINT_ADDRESS },
	{ .key = "bid", .skip_zero = true },
	{ .key = "state", .style = PRINT_STATE },
	{ .key = "coa", .style = PRINT_ADDRESS },
	{ .key = "interface", .style = PRINT_NAME },
	{ .key = "peer", .style = PRINT_ADDRESS, .new_line = true },
	{ .key = "flags", .skip_zero = true },
	{ .key = "seq" },
	{ .key = "lifetime_left", .label = "lifetime", .type = PRINT_SECONDS },
	{ .key = "lifetime", .label = "of", .type = PRINT_SECONDS },
	{ .key = "mnp", .style = PRINT_ADDRESS, .skip_zero = true },
	{ 0 },
};

const struct print_field print_counter_fields[] = {
	{ .key = "source", .type = PRINT_HEAD, .style = PRINT_NAME },
	{ .key = "name", .type = PRINT_HEAD },
	{ .key = "value", .type = PRINT_HEAD, .style = PRINT_GOOD },
	{ .key = "help", .label = "#" },
	{ 0 },
};

const struct print_field print_daemon_fields[] = {
	{ .key = "name", .type = PRINT_HEAD, .style = PRINT_NAME },
	{ .key = "state", .type = PRINT_HEAD, .style = PRINT_STATE },
	{ .key = "version" },
	{ .key = "pid" },
	{ .key = "since" },
	{ .key = "config", .new_line = true, .skip_zero = true },
	{ .key = "bindings", .new_line = true },
	{ .key = "bindings_max", .label = "of" },
	{ .key = "dad_pending", .label = "in-dad", .skip_zero = true },
	{ .key = "unprotected", .label = "UNPROTECTED", .type = PRINT_FLAG, .style = PRINT_BAD },
	{ 0 },
};

const struct print_field print_home_link_fields[] = {
	{ .key = "name", .label = "    home-link", .style = PRINT_NAME },
	{ .key = "interface", .style = PRINT_NAME },
	{ .key = "virtual", .type = PRINT_FLAG },
	{ .key = "prefix", .style = PRINT_ADDRESS },
	{ .key = "address", .style = PRINT_ADDRESS },
	{ .key = "ready", .type = PRINT_FLAG },
	{ .key = "reason", .skip_zero = true },
	{ 0 },
};

const struct print_field print_home_address_fields[] = {
	{ .key = "hoa", .label = "    home-address", .style = PRINT_ADDRESS },
	{ .key = "state", .style = PRINT_STATE },
	{ .key = "place", .style = PRINT_STATE },
	{ .key = "coa", .style = PRINT_ADDRESS },
	{ .key = "interface", .style = PRINT_NAME },
	{ .key = "home_agent", .label = "home-agent", .style = PRINT_ADDRESS },
	{ .key = "seq" },
	{ .key = "lifetime_left", .label = "lifetime", .type = PRINT_SECONDS },
	{ .key = "status" },
	{ .key = "status_text", .type = PRINT_HEAD },
	{ .key = "last_handover_duration",
	  .label = "last-handover",
	  .type = PRINT_SECONDS,
	  .skip_zero = true },
	{ 0 },
};

const struct print_field print_interface_fields[] = {
	{ .key = "name", .label = "    interface", .style = PRINT_NAME },
	{ .key = "up", .type = PRINT_FLAG },
	{ .key = "carrier", .type = PRINT_FLAG },
	{ .key = "home", .type = PRINT_FLAG },
	{ .key = "ignored", .type = PRINT_FLAG },
	{ .key = "preference" },
	{ .key = "reason", .skip_zero = true },
	{ 0 },
};

const struct print_field print_candidate_fields[] = {
	{ .key = "address", .label = "        candidate", .style = PRINT_ADDRESS },
	{ .key = "state", .style = PRINT_STATE },
	{ .key = "router", .style = PRINT_ADDRESS },
	{ 0 },
};
