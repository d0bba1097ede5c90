/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mipctl: what the files of its commands share. main.c reads options and
 * picks the command, one file holds one object's commands, print.c writes.
 */
#ifndef SHISA_MIPCTL_H
#define SHISA_MIPCTL_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "print.h"

/* Exit status. */
enum {
	MIPCTL_DONE = 0,
	MIPCTL_FAILED = 1,
	MIPCTL_USAGE = 2,
	MIPCTL_ABSENT = 3, /* the module or a daemon is not there */
};

#define MIPCTL_CALL_MSEC 5000

struct mipsock;
struct mipsock_ops;

struct mipctl {
	struct print print;
	const char *run_dir;
};

struct mipctl_command {
	const char *object;
	const char *short_object; /* SHISA's name of it, or NULL */
	const char *verb; /* NULL: the object is all there is to say */
	const char *args;
	const char *help;
	/* argv: what stands behind the verb, ends with NULL. Returns an exit status. */
	int (*run)(struct mipctl *ctl, char **argv);
};

extern const struct mipctl_command mipctl_commands[]; /* ends with a NULL object */

int mipctl_bc_list(struct mipctl *ctl, char **argv);
int mipctl_bc_delete(struct mipctl *ctl, char **argv);
int mipctl_bc_flush(struct mipctl *ctl, char **argv);
int mipctl_bul_list(struct mipctl *ctl, char **argv);
int mipctl_bul_delete(struct mipctl *ctl, char **argv);
int mipctl_bul_flush(struct mipctl *ctl, char **argv);
int mipctl_monitor(struct mipctl *ctl, char **argv);
int mipctl_status(struct mipctl *ctl, char **argv);
int mipctl_stats(struct mipctl *ctl, char **argv);
int mipctl_move_rereg(struct mipctl *ctl, char **argv);
int mipctl_move_dereg_home(struct mipctl *ctl, char **argv);
int mipctl_move_dereg_foreign(struct mipctl *ctl, char **argv);
int mipctl_move_scan(struct mipctl *ctl, char **argv);
int mipctl_key_generate(struct mipctl *ctl, char **argv);
int mipctl_version(struct mipctl *ctl, char **argv);

/* Arguments are pairs: a word, its value. */
enum mipctl_arg_type {
	MIPCTL_ADDRESS, /* struct in6_addr */
	MIPCTL_PREFIX, /* struct mip_prefix; /128 without a length */
	MIPCTL_BID, /* uint16_t, 1.. */
	MIPCTL_SPI, /* uint32_t, 256.. */
	MIPCTL_INTERFACE, /* uint32_t, its index */
	MIPCTL_NAI, /* const char * */
};

struct mipctl_arg {
	const char *word;
	enum mipctl_arg_type type;
	void *dest;
	bool required;
	bool given; /* out */
};

/* MIPCTL_DONE, or MIPCTL_USAGE with the mistake told. */
int mipctl_args(char **argv, struct mipctl_arg *args, size_t n);

/* "mipctl: ..." on standard error. Returns status. */
int mipctl_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Opens MIPSOCK, or says why not. MIPCTL_DONE and *ret, or the exit status. */
int mipctl_open(struct mipsock **ret, const struct mipsock_ops *ops, void *userdata);
/* mipctl_args(), and then mipctl_open() without events. */
int mipctl_start(char **argv, struct mipctl_arg *args, size_t n, struct mipsock **ret);
/* Runs the one queued request. r is what queueing it gave. Closes ms. */
int mipctl_request(struct mipsock *ms, int r);

/* list [hoa ADDRESS] of a table: dump calls mipctl_list_add() for each entry. */
struct mipctl_list {
	struct print_list print;
	const struct in6_addr *only; /* NULL: all */
};
int mipctl_list(struct mipctl *ctl, char **argv, const char *name, const struct print_field *fields,
		int (*dump)(struct mipsock *ms, struct mipctl_list *list));
/* Takes entry over (NULL: no memory for it). 0, or -ENOMEM. */
int mipctl_list_add(struct mipctl_list *list, const struct in6_addr *hoa, json_t *entry);

/* Tells why a request on ms failed with r. */
int mipctl_refused(const struct mipsock *ms, int r);

/* Daemons that have a control socket. */
extern const char *const mipctl_daemons[]; /* ends with NULL */

/* Tells why a call to a daemon failed with r (ctl_call()). Returns the exit status. */
int mipctl_daemon_failed(const char *name, int r);

/* Interface name, or the number in a buffer of its own. */
const char *mipctl_interface(uint32_t ifindex, char buf[24]);

/* Kernel entries as JSON; also for events (print.h). NULL without memory. */
struct mipsock_bc;
struct mipsock_bul;
json_t *mipctl_json_bc(const struct mipsock_bc *bc);
json_t *mipctl_json_bul(const struct mipsock_bul *bul);

#endif /* SHISA_MIPCTL_H */
