/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for MIP_ACT_LOG. The core does not log; it says what happened, and
 * these functions make one line of it. The words are stable: people and
 * tests read them.
 */
#ifndef MIP_LOG_H
#define MIP_LOG_H

#include <stddef.h>

#include <mip/action.h>

/* Octets that hold any line of mip_log_format() with its NUL. */
#define MIP_LOG_LINE_MAX 384

/* "HOME_REG_NEW" and so on; "UNKNOWN" for a number that is none of ours. */
const char *mip_log_event_name(enum mip_log_event event);

/* "error", "warning", "notice", "info", "debug". */
const char *mip_log_level_name(enum mip_log_level level);

/* syslog(3) priority: 3 (LOG_ERR) to 7 (LOG_DEBUG). */
int mip_log_level_priority(enum mip_log_level level);

/*
 * One line without newline, as "HOME_REG_NEW hoa=2001:db8:1::5 coa=... seq=7
 * lifetime=600s". Fields that are zero are left out, but for those that the
 * event always has (a sequence number or a status of 0 means something).
 * Writes at most size octets including the NUL; returns the length that the
 * whole line has, as snprintf(3) does.
 */
int mip_log_format(const struct mip_act_log *log, char *buf, size_t size);

#endif /* MIP_LOG_H */
