// SPDX-License-Identifier: GPL-2.0-or-later
#include "util.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

void lab_die(int errno_value, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	if (errno_value)
		fprintf(stderr, ": %s", strerror(errno_value));
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static uint64_t clock_usec(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) < 0)
		lab_die(errno, "clock_gettime");
	return (uint64_t)t.tv_sec * LAB_USEC_PER_SEC + (uint64_t)t.tv_nsec / 1000;
}

uint64_t lab_mono_usec(void)
{
	return clock_usec(CLOCK_MONOTONIC);
}

uint64_t lab_real_usec(void)
{
	return clock_usec(CLOCK_REALTIME);
}

uint64_t lab_number(const char *text, const char *what, uint64_t min, uint64_t max)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || value < min || value > max)
		lab_die(0, "%s: '%s' is not a number from %llu to %llu", what, text,
			(unsigned long long)min, (unsigned long long)max);
	return value;
}

struct sockaddr_in6 lab_address(const char *text, uint16_t port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	const size_t length = strcspn(text, "%");
	char number[INET6_ADDRSTRLEN];

	/* not getaddrinfo(): the tools are linked statically for the guest */
	snprintf(number, sizeof(number), "%.*s", (int)length, text);
	if (length >= sizeof(number) || inet_pton(AF_INET6, number, &address.sin6_addr) != 1)
		lab_die(0, "'%s' is not an IPv6 address", text);
	if (text[length] == '%') {
		address.sin6_scope_id = if_nametoindex(text + length + 1);
		if (!address.sin6_scope_id)
			lab_die(errno, "%s", text + length + 1);
	}
	return address;
}

int lab_signal_fd(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		lab_die(errno, "sigprocmask");
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		lab_die(errno, "signalfd");
	return fd;
}

void lab_write_file(const char *path, int flag, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flag, 0644);
	size_t length = strlen(text);

	if (fd < 0 || write(fd, text, length) != (ssize_t)length)
		lab_die(errno, "%s", path);
	close(fd);
}

uint64_t lab_get64(const uint8_t *p)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < 8; i++)
		value = value << 8 | p[i];
	return value;
}

void lab_put64(uint8_t *p, uint64_t value)
{
	for (unsigned int i = 8; i-- > 0; value >>= 8)
		p[i] = (uint8_t)value;
}
