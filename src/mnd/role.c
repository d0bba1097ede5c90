// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The role and what it is fed with. It can be made anew at any time (at start,
 * on SIGHUP): what it must know is in the kernel's binding update list.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/log.h"
#include "mnd.h"

void mnd_drain(struct mnd *m)
{
	static struct mip_action action;

	while (mip_mn_next_action(m->mn, &action))
		apply_action(m->apply, &action);
}

void mnd_feed(void *userdata, const struct mip_event *ev)
{
	struct mnd *m = userdata;
	struct mip_time now = clock_now();
	int r = mip_mn_input(m->mn, ev, &now);

	if (r < 0)
		log_debug("EVENT_IGNORED", "type=%d: %s", (int)ev->type, strerror(-r));
	mnd_drain(m);
}

/* The mobility security association of a home address, from the key file. */
static bool find_key(const struct mnd *m, const struct mnd_conf_home *home, struct mip_mn_sa *sa)
{
	const struct mip_key *key;
	char hoa[INET6_ADDRSTRLEN];
	const char *nai;
	size_t n, len;

	inet_ntop(AF_INET6, &home->hoa, hoa, sizeof(hoa));
	key = conf_keys_find(&m->keys, &home->hoa, home->spi, home->nai, &n);
	if (!key && n == 0 && m->conf.security.allow_unprotected)
		return true;
	if (!key && n == 0) {
		log_error("CONFIG", "%s: no key for home address %s; add a line to the key file",
			  m->conf.security.keys, hoa);
		return false;
	}
	if (!key) {
		log_error("CONFIG", "%s: %zu keys for home address %s; say which with spi = NUMBER",
			  m->conf.security.keys, n, hoa);
		return false;
	}
	nai = *home->nai ? home->nai : key->nai;
	len = *home->nai ? strlen(home->nai) : key->nai_len;
	if (len == 0 || len > MIP_NAI_MAX) {
		log_error("CONFIG",
			  "home address %s: a key needs a NAI (RFC 4285 section 4); "
			  "say nai = NAME or put it into the key file",
			  hoa);
		return false;
	}
	sa->spi = key->spi;
	sa->key_len = key->key_len;
	memcpy(sa->key, key->key, key->key_len);
	sa->nai_len = (uint8_t)len;
	memcpy(sa->nai, nai, len);
	sa->replay = key->replay != MIP_REPLAY_DEFAULT ? key->replay : m->conf.security.replay;
	return true;
}

static int adopt(const struct mipsock_bul *bul, void *userdata)
{
	struct mip_event ev = { .type = MIP_EV_BULE_FOUND };
	struct mnd *m = userdata;
	struct mip_time now = clock_now();

	if (!(bul->bule.flags & MIPSOCK_F_HOME))
		return 0; /* cnd's */
	ev.bule.bule = bul->bule;
	(void)mip_mn_input(m->mn, &ev, &now);
	return 0;
}

bool mnd_role_open(struct mnd *m)
{
	struct mip_mn_config config = {
		.allow_unprotected = m->conf.security.allow_unprotected,
		.random = random_fill,
	};
	struct mip_time now = clock_now();
	struct mip_mn *mn;
	bool ok = true;
	int r;

	for (unsigned int i = 0; i < m->conf.n_home; i++) {
		const struct mnd_conf_home *home = &m->conf.home[i];

		config.home[config.n_home++] = (struct mip_mn_home){
			.hoa = home->hoa,
			.plen = home->hoa_plen,
			.home_agent = home->home_agent,
			.lifetime_usec = home->lifetime_usec,
		};
		ok &= find_key(m, home, &config.home[i].sa);
	}
	r = ok ? mip_mn_new(&config, &now, &mn) : -EINVAL;
	mip_wipe(&config, sizeof(config));
	if (r < 0) {
		if (ok)
			log_error("CONFIG",
				  "%s: the home addresses make no sense to the protocol: %s",
				  m->config_file, strerror(-r));
		return false;
	}
	mip_mn_free(m->mn);
	m->mn = mn;
	/* All entries first, then what follows from them: a dump is going on until then. */
	r = mipsock_bul_dump(m->ms, adopt, m);
	if (r < 0 && r != -EINTR)
		log_error("ADOPT", "cannot read the binding update list: %s", mipsock_error(m->ms));
	mnd_drain(m);
	return true;
}

struct seen {
	struct mnd *m;
	unsigned int n;
	struct mip_bule bule[2 * MIP_HOA_PER_MN_MAX];
	unsigned int n_role;
	struct {
		struct in6_addr hoa, peer;
		bool stands; /* the role believes that the kernel has an entry */
	} role[MIP_HOA_PER_MN_MAX];
};

static int note_entry(const struct mipsock_bul *bul, void *userdata)
{
	struct seen *s = userdata;

	if ((bul->bule.flags & MIPSOCK_F_HOME) && s->n < sizeof(s->bule) / sizeof(s->bule[0]))
		s->bule[s->n++] = bul->bule;
	return 0;
}

static void note_role(void *userdata, const struct mip_mn_status *status)
{
	struct seen *s = userdata;

	s->role[s->n_role].hoa = status->hoa;
	s->role[s->n_role].peer = status->home_agent;
	s->role[s->n_role++].stands = status->bound;
}

/* Entries that went unheard are told as expired; and the detector may have said something. */
void mnd_resync(struct mnd *m)
{
	struct mipsock_md scan = { .cmd = MIPSOCK_MD_SCAN };
	struct seen s = { .m = m };
	struct mip_time now = clock_now();

	if (mipsock_bul_dump(m->ms, note_entry, &s) < 0) {
		m->resync = true;
		return;
	}
	mip_mn_foreach(m->mn, &now, note_role, &s);
	for (unsigned int i = 0; i < s.n_role; i++) {
		struct mip_event ev = { .type = MIP_EV_BULE_GONE };
		bool found = !s.role[i].stands;

		for (unsigned int j = 0; j < s.n; j++)
			found |= IN6_ARE_ADDR_EQUAL(&s.bule[j].hoa, &s.role[i].hoa) &&
				 IN6_ARE_ADDR_EQUAL(&s.bule[j].peer, &s.role[i].peer);
		if (found)
			continue;
		ev.bule.bule.hoa = s.role[i].hoa;
		ev.bule.bule.peer = s.role[i].peer;
		ev.bule.reason = MIP_GONE_EXPIRED;
		mnd_feed(m, &ev);
	}
	if (mipsock_md_info(m->ms, &scan, NULL, NULL, 0) < 0 || mipsock_sync(m->ms) < 0)
		log_warning("SCAN_FAILED", "%s", mipsock_error(m->ms));
	log_notice("RESYNC", "entries=%u", s.n);
}

void mnd_mipsock_event(const struct mipsock_event *ev, void *userdata)
{
	struct mnd *m = userdata;
	struct mipsock_bul now;
	struct mip_event out;

	memset(&out, 0, sizeof(out));
	if (ev->own)
		return;
	switch (ev->type) {
	case MIPM_MD_INFO:
		if (ev->md.cmd == MIPSOCK_MD_SCAN)
			return; /* for detectors */
		out.type = MIP_EV_MD;
		out.md = (struct mip_ev_md){
			.cmd = (enum mip_md_cmd)ev->md.cmd,
			.has_hoa = ev->md.has_hoa,
			.hoa = ev->md.hoa,
			.coa = ev->md.coa,
			.bid = ev->md.bid,
			.ifindex = ev->md.ifindex,
		};
		break;
	case MIPM_BUL_DELETE:
		if (!(ev->bul.bule.flags & MIPSOCK_F_HOME))
			return;
		/* We may have set it again since: then this is about its predecessor. */
		if (mipsock_bul_get(m->ms, &ev->bul.bule.hoa, &ev->bul.bule.peer, ev->bul.bule.bid,
				    &now) == 0)
			return;
		out.type = MIP_EV_BULE_GONE;
		out.bule.bule = ev->bul.bule;
		out.bule.reason = ev->bul.reason == MIPSOCK_REASON_EXPIRED ? MIP_GONE_EXPIRED :
				  ev->bul.reason == MIPSOCK_REASON_FLUSHED ? MIP_GONE_FLUSHED :
									     MIP_GONE_REMOVED;
		break;
	case MIPM_UNSPEC:
	case MIPM_NODETYPE_INFO:
	case MIPM_NODETYPE_GET:
	case MIPM_BC_ADD:
	case MIPM_BC_REMOVE:
	case MIPM_BC_FLUSH:
	case MIPM_BC_GET:
	case MIPM_BUL_ADD:
	case MIPM_BUL_FLUSH:
	case MIPM_BUL_GET:
	case MIPM_HOME_HINT:
	case MIPM_RR_HINT:
	case MIPM_BE_HINT:
	case MIPM_DAD:
	case MIPM_STATS_GET:
	case __MIPM_MAX:
		return;
	}
	mnd_feed(m, &out);
}

/* How the kernel's duplicate address detection of a home address on the home link ended. */
void mnd_rtnl_event(const struct mip_md_event *ev, void *userdata)
{
	struct mnd *m = userdata;
	struct mip_event out = { .type = MIP_EV_DAD_RESULT };

	if (ev->type == MIP_MD_EV_LINK && ev->link.gone && ev->link.ifindex == m->mip_ifindex)
		m->device_gone = true;
	if (ev->type != MIP_MD_EV_ADDR || ev->addr.gone)
		return;
	if (!(ev->addr.flags & (MIP_MD_ADDR_TENTATIVE | MIP_MD_ADDR_DADFAILED)))
		apply_address_seen(m->apply, ev->addr.ifindex, &ev->addr.addr);
	else if (!(ev->addr.flags & MIP_MD_ADDR_DADFAILED))
		return;
	if (ev->addr.ifindex == m->mip_ifindex)
		return;
	for (unsigned int i = 0; i < m->conf.n_home; i++) {
		if (!IN6_ARE_ADDR_EQUAL(&m->conf.home[i].hoa, &ev->addr.addr))
			continue;
		out.dad_result.hoa = ev->addr.addr;
		out.dad_result.ifindex = ev->addr.ifindex;
		out.dad_result.result = ev->addr.flags & MIP_MD_ADDR_DADFAILED ? MIP_DAD_DUPLICATE :
										 MIP_DAD_UNIQUE;
		mnd_feed(m, &out);
	}
}
