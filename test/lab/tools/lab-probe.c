// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lab-probe: what a user would feel of a handover, measured with UDP packets at a steady pace.
 *
 *   lab-probe ping --to ADDRESS --port N [--from ADDRESS] [--interval MS] [--seconds N]
 *                  [--size OCTETS] --log FILE       sends, and logs each answer that comes back
 *   lab-probe echo --port N [--log FILE]            answers, from the address that was asked
 *   lab-probe report --log FILE [--marks FILE] [--json]
 *
 * Both sides end on SIGINT or SIGTERM. A log has one line per arrival, in the order of arrival:
 *   SEQ SENT ARRIVED            microseconds of CLOCK_MONOTONIC; SENT is the sender's time
 * after "# lab-probe interval_usec N offset_usec N", where offset is CLOCK_REALTIME minus
 * CLOCK_MONOTONIC, and, from a sender that ended in order, before "# sent N".
 * A marks file has lines "TIME LABEL", microseconds of CLOCK_REALTIME (EPOCHREALTIME in bash): each
 * begins a window. A silence counts for the window in which it ends, a lost packet for the window
 * in which it was sent.
 */
#include "probe.h"
#include "util.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define PROBE_MAGIC UINT64_C(0x4c41422d50524f42) /* "LAB-PROB" */
#define PROBE_MIN   24
#define PROBE_MAX   1400

struct options {
	const char *to, *from, *log, *marks;
	uint16_t port;
	uint64_t interval_usec, seconds;
	size_t size;
	bool json;
};

static FILE *open_log(const char *path, uint64_t interval_usec)
{
	FILE *log = fopen(path, "we");

	if (!log)
		lab_die(errno, "%s", path);
	setvbuf(log, NULL, _IOLBF, 0);
	fprintf(log, "# lab-probe interval_usec %" PRIu64 " offset_usec %" PRIu64 "\n",
		interval_usec, lab_real_usec() - lab_mono_usec());
	return log;
}

static int open_socket(const struct sockaddr_in6 *address)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int on = 1;

	if (fd < 0)
		lab_die(errno, "socket");
	/* a mobile node's home address may come and go between interfaces */
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0 ||
	    bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		lab_die(errno, "cannot listen");
	return fd;
}

static void log_arrival(FILE *log, const uint8_t *packet, uint64_t now)
{
	fprintf(log, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", lab_get64(packet + 8),
		lab_get64(packet + 16), now);
}

static void run_ping(const struct options *o)
{
	const struct sockaddr_in6 to = lab_address(o->to, o->port);
	const struct sockaddr_in6 from = lab_address(o->from ? o->from : "::", 0);
	const struct timespec step = {
		.tv_sec = (time_t)(o->interval_usec / LAB_USEC_PER_SEC),
		.tv_nsec = (long)(o->interval_usec % LAB_USEC_PER_SEC) * 1000,
	};
	const struct itimerspec timer = { .it_interval = step, .it_value = step };
	uint64_t end = UINT64_MAX, seq = 0, ticks;
	struct pollfd polled[3] = { { .events = POLLIN },
				    { .events = POLLIN },
				    { .events = POLLIN } };
	uint8_t packet[PROBE_MAX] = { 0 };
	FILE *log = open_log(o->log, o->interval_usec);

	polled[0].fd = open_socket(&from);
	polled[1].fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	polled[2].fd = lab_signal_fd();
	if (polled[1].fd < 0 || timerfd_settime(polled[1].fd, 0, &timer, NULL) < 0)
		lab_die(errno, "timer");
	if (o->seconds)
		end = lab_mono_usec() + o->seconds * LAB_USEC_PER_SEC;
	lab_put64(packet, PROBE_MAGIC);
	while (!polled[2].revents && lab_mono_usec() < end) {
		if (poll(polled, 3, 1000) < 0 && errno != EINTR)
			lab_die(errno, "poll");
		while (polled[0].revents) {
			uint8_t answer[PROBE_MAX];
			ssize_t n = recv(polled[0].fd, answer, sizeof(answer), 0);

			/* an error is an ICMPv6 message about an earlier packet: that one is lost */
			if (n < 0 && (errno == EAGAIN || errno == EINTR))
				break;
			if (n >= PROBE_MIN && lab_get64(answer) == PROBE_MAGIC)
				log_arrival(log, answer, lab_mono_usec());
		}
		if (polled[1].revents &&
		    read(polled[1].fd, &ticks, sizeof(ticks)) == sizeof(ticks)) {
			/* a guest that was held up does not send in a burst what it missed */
			lab_put64(packet + 8, seq++);
			lab_put64(packet + 16, lab_mono_usec());
			/* without a route just now, it is a lost packet like any other */
			(void)!sendto(polled[0].fd, packet, o->size, 0,
				      (const struct sockaddr *)&to, sizeof(to));
		}
	}
	fprintf(log, "# sent %" PRIu64 "\n", seq);
	fclose(log);
}

/* Sends a packet back to where it came from, with the source that it was sent to. */
static void answer(int fd, struct msghdr *message, size_t length)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);

	for (; c; c = CMSG_NXTHDR(message, c)) {
		struct in6_pktinfo info;

		if (c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_PKTINFO)
			continue;
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		/* the way back is routing's choice; a link-local peer is only on that interface */
		if (!IN6_IS_ADDR_LINKLOCAL(&((struct sockaddr_in6 *)message->msg_name)->sin6_addr))
			info.ipi6_ifindex = 0;
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		break;
	}
	message->msg_flags = 0;
	message->msg_iov->iov_len = length;
	(void)!sendmsg(fd, message, 0);
}

static void run_echo(const struct options *o)
{
	const struct sockaddr_in6 any = lab_address("::", o->port);
	struct pollfd polled[2] = { { .events = POLLIN }, { .events = POLLIN } };
	FILE *log = o->log ? open_log(o->log, o->interval_usec) : NULL;

	polled[0].fd = open_socket(&any);
	polled[1].fd = lab_signal_fd();
	puts("listening");
	fflush(stdout);
	while (!polled[1].revents) {
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			lab_die(errno, "poll");
		while (polled[0].revents) {
			uint8_t packet[PROBE_MAX];
			_Alignas(struct cmsghdr)
				uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
			struct sockaddr_in6 peer;
			struct iovec iov = { .iov_base = packet, .iov_len = sizeof(packet) };
			struct msghdr message = {
				.msg_name = &peer,
				.msg_namelen = sizeof(peer),
				.msg_iov = &iov,
				.msg_iovlen = 1,
				.msg_control = control,
				.msg_controllen = sizeof(control),
			};
			ssize_t n = recvmsg(polled[0].fd, &message, 0);

			if (n < 0 && (errno == EAGAIN || errno == EINTR))
				break;
			if (n < PROBE_MIN || lab_get64(packet) != PROBE_MAGIC)
				continue;
			if (log)
				log_arrival(log, packet, lab_mono_usec());
			answer(polled[0].fd, &message, (size_t)n);
		}
	}
	if (log)
		fclose(log);
}

static _Noreturn void usage(int status)
{
	fputs("usage: lab-probe ping --to ADDRESS --port N --log FILE [--from ADDRESS]\n"
	      "                      [--interval MS] [--seconds N] [--size OCTETS]\n"
	      "       lab-probe echo --port N [--log FILE]\n"
	      "       lab-probe report --log FILE [--marks FILE] [--json]\n",
	      status ? stderr : stdout);
	exit(status);
}

int main(int argc, char **argv)
{
	enum { TO = 1, FROM, PORT, INTERVAL, SECONDS, SIZE, LOG, MARKS, JSON, HELP };
	static const struct option long_options[] = {
		{ "to", required_argument, NULL, TO },
		{ "from", required_argument, NULL, FROM },
		{ "port", required_argument, NULL, PORT },
		{ "interval", required_argument, NULL, INTERVAL },
		{ "seconds", required_argument, NULL, SECONDS },
		{ "size", required_argument, NULL, SIZE },
		{ "log", required_argument, NULL, LOG },
		{ "marks", required_argument, NULL, MARKS },
		{ "json", no_argument, NULL, JSON },
		{ "help", no_argument, NULL, HELP },
		{ NULL, 0, NULL, 0 },
	};
	struct options o = { .interval_usec = 5 * LAB_USEC_PER_MSEC, .size = 64 };
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (option) {
		case TO:
			o.to = optarg;
			break;
		case FROM:
			o.from = optarg;
			break;
		case PORT:
			o.port = (uint16_t)lab_number(optarg, "--port", 1, UINT16_MAX);
			break;
		case INTERVAL:
			o.interval_usec =
				lab_number(optarg, "--interval", 1, 60000) * LAB_USEC_PER_MSEC;
			break;
		case SECONDS:
			o.seconds = lab_number(optarg, "--seconds", 1, 86400);
			break;
		case SIZE:
			o.size = lab_number(optarg, "--size", PROBE_MIN, PROBE_MAX);
			break;
		case LOG:
			o.log = optarg;
			break;
		case MARKS:
			o.marks = optarg;
			break;
		case JSON:
			o.json = true;
			break;
		case HELP:
			usage(0);
		default: /* getopt's '?' */
			usage(2);
		}
	}
	if (optind != argc - 1)
		usage(2);
	if (!strcmp(argv[optind], "ping") && o.to && o.port && o.log)
		run_ping(&o);
	else if (!strcmp(argv[optind], "echo") && o.port)
		run_echo(&o);
	else if (!strcmp(argv[optind], "report") && o.log)
		return probe_report(o.log, o.marks, o.json);
	else
		usage(2);
	return 0;
}
