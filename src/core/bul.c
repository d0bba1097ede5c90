// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words of the home registration machine, and what each status of the home
 * agent leads to.
 *
 * The policy answers one question: who can heal it? We ourselves and at once
 * (the answer says what was wrong: 135, 144, 145); time (130 and what may be
 * somebody's passing mistake); or only a person or a move (FAIL). None of the
 * refusals leaves the entry registered. Two of them need a word:
 *
 *  - 129 and 146 say "not you", which time does not heal. But an administrator
 *    may, and 146 is what a third party gets us by sending in our name with a
 *    wrong MAC; so the machine asks again, slowly.
 *  - 174 is about this care-of address: the next one may be fine, and a move
 *    leaves FAILED anyway.
 */
#include <stddef.h>

#include <mip/bul.h>
#include <mip/wire.h>

static const char *const state_names[_MIP_REG_STATE_MAX] = {
#define X(id, word) [MIP_REG_##id] = word,
	MIP_REG_STATES(X)
#undef X
};

static const char *const event_names[_MIP_REG_EVENT_MAX] = {
#define X(id, word) [MIP_REG_EV_##id] = word,
	MIP_REG_EVENTS(X)
#undef X
};

const char *mip_reg_state_name(enum mip_reg_state state)
{
	return (unsigned int)state < _MIP_REG_STATE_MAX ? state_names[state] : "unknown";
}

const char *mip_reg_event_name(enum mip_reg_event event)
{
	return (unsigned int)event < _MIP_REG_EVENT_MAX ? event_names[event] : "unknown";
}

/* Statuses with a policy of their own; the others are LATER (MN-BA-05, MN-BA-08). */
static const struct {
	uint8_t status;
	enum mip_ba_policy policy;
} policies[] = {
	{ MIP_ST_UNSPECIFIED, MIP_BA_LATER },
	{ MIP_ST_PROHIBITED, MIP_BA_LATER },
	{ MIP_ST_INSUFFICIENT_RESOURCES, MIP_BA_LATER },
	{ MIP_ST_HOME_REG_NOT_SUPPORTED, MIP_BA_FAIL },
	{ MIP_ST_NOT_HOME_SUBNET, MIP_BA_FAIL },
	{ MIP_ST_NOT_HOME_AGENT, MIP_BA_NO_BINDING },
	{ MIP_ST_DAD_FAILED, MIP_BA_DUPLICATE },
	{ MIP_ST_SEQ_OUT_OF_WINDOW, MIP_BA_RESYNC_SEQ },
	/* Nonces are a correspondent's: from a home agent these make no sense. */
	{ MIP_ST_EXPIRED_HOME_NONCE, MIP_BA_FAIL },
	{ MIP_ST_EXPIRED_COA_NONCE, MIP_BA_FAIL },
	{ MIP_ST_EXPIRED_NONCES, MIP_BA_FAIL },
	/* The binding that stands in the way has a lifetime. */
	{ MIP_ST_REG_TYPE_CHANGE, MIP_BA_LATER },
	/* Mobile network prefixes (RFC 3963): we asked for none. */
	{ MIP_ST_MR_NOT_PERMITTED, MIP_BA_FAIL },
	{ MIP_ST_INVALID_PREFIX, MIP_BA_FAIL },
	{ MIP_ST_NOT_AUTHORIZED_PREFIX, MIP_BA_FAIL },
	{ MIP_ST_FORWARDING_FAILED, MIP_BA_FAIL },
	{ MIP_ST_ID_MISMATCH, MIP_BA_RESYNC_CLOCK },
	{ MIP_ST_MESG_ID_REQD, MIP_BA_ADD_TIMESTAMP },
	{ MIP_ST_AUTH_FAIL, MIP_BA_LATER },
	{ MIP_ST_SERVICE_AUTH_FAILED, MIP_BA_FAIL },
	/* Multiple care-of addresses (RFC 5648): likewise. */
	{ MIP_ST_MCOA_MALFORMED, MIP_BA_FAIL },
	{ MIP_ST_MCOA_NON_MCOA_EXISTS, MIP_BA_LATER },
	{ MIP_ST_MCOA_PROHIBITED, MIP_BA_FAIL },
	{ MIP_ST_MCOA_UNKNOWN_COA, MIP_BA_FAIL },
	{ MIP_ST_MCOA_BULK_PROHIBITED, MIP_BA_FAIL },
	{ MIP_ST_MCOA_HOME_AND_FOREIGN, MIP_BA_FAIL },
	{ MIP_ST_INVALID_COA, MIP_BA_FAIL },
};

enum mip_ba_policy mip_ba_policy(uint8_t status)
{
	if (status < 128)
		return MIP_BA_ACCEPTED;
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		if (policies[i].status == status)
			return policies[i].policy;
	}
	return MIP_BA_LATER;
}
