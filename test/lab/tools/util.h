/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small things that the lab's guest tools share. The tools are single programs that end on the first
 * error, so the helpers print and exit; none of this is for daemons.
 *
 * All times are microseconds. CLOCK_MONOTONIC is one clock for all network namespaces of a guest, so
 * times taken by a sender and a receiver compare.
 */
#ifndef LAB_UTIL_H
#define LAB_UTIL_H

#include <netinet/in.h>
#include <stdint.h>

#define LAB_USEC_PER_SEC  UINT64_C(1000000)
#define LAB_USEC_PER_MSEC UINT64_C(1000)

/* Prints "PROGRAM: message" and, with errno_value not 0, its text; exits with status 1. */
_Noreturn void lab_die(int errno_value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* CLOCK_MONOTONIC and CLOCK_REALTIME in microseconds. */
uint64_t lab_mono_usec(void);
uint64_t lab_real_usec(void);

/* Parses a decimal number from min to max; exits with a message that names what it was for. */
uint64_t lab_number(const char *text, const char *what, uint64_t min, uint64_t max);

/* Parses an IPv6 address (numeric, scope allowed) and a port in host byte order; exits on errors. */
struct sockaddr_in6 lab_address(const char *text, uint16_t port);

/* Blocks SIGINT and SIGTERM and returns a signalfd for them. */
int lab_signal_fd(void);

/* Writes text to a file, made if need be; flag is O_TRUNC or O_APPEND. Exits on errors. */
void lab_write_file(const char *path, int flag, const char *text);

/* Big-endian load and store, 8 octets. */
uint64_t lab_get64(const uint8_t *p);
void lab_put64(uint8_t *p, uint64_t value);

#endif
