// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lab-tcp: a TCP transfer in both directions at once that checks every octet.
 *
 *   lab-tcp serve --port N [--once]
 *   lab-tcp connect --to ADDRESS --port N [--from ADDRESS] [--seconds N] [--rate KB] [--log FILE]
 *
 * Both sides send a fixed pseudo-random stream, so that a lost, doubled or changed octet is found
 * where it happens. The client ends its stream after --seconds or on SIGINT or SIGTERM; the server
 * then ends its own with a trailer of the number of octets that it received and verified. The client
 * prints one JSON object: {"ok", "sent", "received", "peer_received", "seconds",
 * "longest_stall_ms"} and exits with 0 if all is well. A log has lines "TIME RECEIVED SENT":
 * microseconds of CLOCK_REALTIME and octets so far, ten a second.
 */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK	  16384
#define TRAILER	  8 /* octets that the server received and verified */
#define HEADER	  8 /* the pace that the client asks for, octets a second; 0: none */
#define LOG_EVERY (100 * LAB_USEC_PER_MSEC)

struct flow {
	int fd;
	bool server;
	uint64_t pace; /* octets a second; 0: no limit */
	uint64_t begin, end;
	uint64_t sent, received; /* octets of the streams proper */
	uint64_t peer_received;
	uint64_t last_received, longest_stall;
	bool sending_done, receiving_done;
	uint8_t held[TRAILER]; /* the last octets received: they may be the trailer */
	size_t held_length;
	char error[128];
};

/* Octet number i of a direction's stream: a different mix of bits for every eight octets. */
static uint8_t octet_at(uint64_t i, bool from_server)
{
	uint64_t x = (i >> 3) + (from_server ? UINT64_C(0x9e3779b97f4a7c15) : 1);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint8_t)((x ^ x >> 31) >> (8 * (i & 7)));
}

static void flow_fault(struct flow *f, const char *what, int errno_value)
{
	if (!f->error[0])
		snprintf(f->error, sizeof(f->error), "%s%s%s", what, errno_value ? ": " : "",
			 errno_value ? strerror(errno_value) : "");
}

static void flow_verify(struct flow *f, const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (data[i] != octet_at(f->received, !f->server)) {
			char text[64];

			snprintf(text, sizeof(text), "octet %" PRIu64 " is not what was sent",
				 f->received);
			flow_fault(f, text, 0);
			return;
		}
		f->received++;
	}
}

static void flow_receive(struct flow *f, uint64_t now)
{
	uint8_t data[TRAILER + CHUNK];
	size_t length = f->held_length, hold = f->server ? 0 : TRAILER;
	ssize_t n;

	memcpy(data, f->held, length);
	n = recv(f->fd, data + length, CHUNK, MSG_DONTWAIT);
	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			flow_fault(f, "receiving", errno);
		return;
	}
	if (now - f->last_received > f->longest_stall)
		f->longest_stall = now - f->last_received;
	f->last_received = now;
	if (!n) {
		f->receiving_done = true;
		if (!f->server && length == TRAILER)
			f->peer_received = lab_get64(data);
		else if (!f->server)
			flow_fault(f, "the peer ended without its trailer", 0);
		return;
	}
	length += (size_t)n;
	/* the last octets may be the trailer: they wait until more comes */
	if (length <= hold) {
		f->held_length = length;
		memcpy(f->held, data, length);
		return;
	}
	flow_verify(f, data, length - hold);
	f->held_length = hold;
	memcpy(f->held, data + length - hold, hold);
}

/* Octets that may be sent now. */
static size_t flow_budget(const struct flow *f, uint64_t now)
{
	uint64_t allowed;

	if (f->sending_done)
		return 0;
	if (!f->pace)
		return CHUNK;
	allowed = (now - f->begin) * f->pace / LAB_USEC_PER_SEC;
	if (allowed <= f->sent)
		return 0;
	return allowed - f->sent < CHUNK ? (size_t)(allowed - f->sent) : CHUNK;
}

static void flow_send(struct flow *f, size_t length)
{
	uint8_t data[CHUNK];
	ssize_t n;

	for (size_t i = 0; i < length; i++)
		data[i] = octet_at(f->sent + i, f->server);
	n = send(f->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n > 0)
		f->sent += (uint64_t)n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		flow_fault(f, "sending", errno);
}

static void send_all(struct flow *f, const uint8_t *data, size_t length)
{
	while (length && !f->error[0]) {
		ssize_t n = send(f->fd, data, length, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			flow_fault(f, "sending", errno);
		if (n > 0) {
			data += n;
			length -= (size_t)n;
		}
	}
}

static void flow_finish_sending(struct flow *f)
{
	uint8_t trailer[TRAILER];

	f->sending_done = true;
	if (f->server) {
		lab_put64(trailer, f->received);
		send_all(f, trailer, sizeof(trailer));
	}
	if (shutdown(f->fd, SHUT_WR) < 0)
		flow_fault(f, "shutdown", errno);
}

static void flow_run(struct flow *f, int signal_fd, FILE *log)
{
	uint64_t now = lab_mono_usec(), next_log = 0;

	f->begin = now;
	f->last_received = now;
	while (!f->error[0] && !(f->sending_done && f->receiving_done)) {
		struct pollfd polled[2] = { { .fd = f->fd },
					    { .fd = signal_fd, .events = POLLIN } };
		size_t budget;

		now = lab_mono_usec();
		if (log && now >= next_log) {
			fprintf(log, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", lab_real_usec(),
				f->received, f->sent);
			next_log = now + LOG_EVERY;
		}
		if (!f->sending_done && (f->server ? f->receiving_done : now >= f->end))
			flow_finish_sending(f);
		budget = flow_budget(f, now);
		polled[0].events =
			(short)((f->receiving_done ? 0 : POLLIN) | (budget ? POLLOUT : 0));
		if (poll(polled, f->server ? 1 : 2, 10) < 0 && errno != EINTR)
			lab_die(errno, "poll");
		if (polled[1].revents) {
			f->end = 0;
			signal_fd = -1;
		}
		if (polled[0].revents & (POLLIN | POLLHUP | POLLERR) && !f->receiving_done)
			flow_receive(f, lab_mono_usec());
		if (polled[0].revents & POLLOUT && budget)
			flow_send(f, budget);
	}
}

static bool receive_header(int fd, uint64_t *pace)
{
	uint8_t header[HEADER];

	if (recv(fd, header, sizeof(header), MSG_WAITALL) != sizeof(header))
		return false;
	*pace = lab_get64(header);
	return true;
}

static int serve(uint16_t port, bool once)
{
	const struct sockaddr_in6 any = lab_address("::", port);
	int listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), status = 0;
	const int on = 1;

	if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(listener, (const struct sockaddr *)&any, sizeof(any)) < 0 ||
	    listen(listener, 4) < 0)
		lab_die(errno, "port %u", port);
	puts("listening");
	fflush(stdout);
	do {
		struct flow f = { .server = true,
				  .fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC) };

		if (f.fd < 0)
			lab_die(errno, "accept");
		if (receive_header(f.fd, &f.pace))
			flow_run(&f, -1, NULL);
		else
			flow_fault(&f, "no header", 0);
		close(f.fd);
		printf("%s, received %" PRIu64 ", sent %" PRIu64 "\n",
		       f.error[0] ? f.error : "done", f.received, f.sent);
		fflush(stdout);
		status = f.error[0] ? 1 : 0;
	} while (!once);
	close(listener);
	return status;
}

static int connect_to(const struct sockaddr_in6 *to, const char *from, uint64_t seconds,
		      uint64_t pace, FILE *log)
{
	struct flow f = { .fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), .pace = pace };
	const int signal_fd = lab_signal_fd();
	uint8_t header[HEADER];
	bool ok;

	if (f.fd < 0)
		lab_die(errno, "socket");
	if (from) {
		const struct sockaddr_in6 local = lab_address(from, 0);

		if (bind(f.fd, (const struct sockaddr *)&local, sizeof(local)) < 0)
			lab_die(errno, "%s", from);
	}
	if (connect(f.fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		lab_die(errno, "connect");
	f.end = seconds ? lab_mono_usec() + seconds * LAB_USEC_PER_SEC : UINT64_MAX;
	lab_put64(header, pace);
	send_all(&f, header, sizeof(header));
	flow_run(&f, signal_fd, log);
	if (!f.error[0] && f.peer_received != f.sent)
		flow_fault(&f, "the peer did not receive what was sent", 0);
	ok = !f.error[0];
	printf("{\"ok\":%s,\"error\":\"%s\",\"sent\":%" PRIu64 ",\"received\":%" PRIu64
	       ",\"peer_received\":%" PRIu64 ",\"seconds\":%.3f,\"longest_stall_ms\":%.3f}\n",
	       ok ? "true" : "false", f.error, f.sent, f.received, f.peer_received,
	       (double)(lab_mono_usec() - f.begin) / (double)LAB_USEC_PER_SEC,
	       (double)f.longest_stall / (double)LAB_USEC_PER_MSEC);
	close(f.fd);
	return ok ? 0 : 1;
}

static _Noreturn void usage(int status)
{
	fputs("usage: lab-tcp serve --port N [--once]\n"
	      "       lab-tcp connect --to ADDRESS --port N [--from ADDRESS] [--seconds N]\n"
	      "                       [--rate KILOBYTES-A-SECOND] [--log FILE]\n",
	      status ? stderr : stdout);
	exit(status);
}

int main(int argc, char **argv)
{
	enum { TO = 1, FROM, PORT, SECONDS, RATE, LOG, ONCE, HELP };
	static const struct option long_options[] = {
		{ "to", required_argument, NULL, TO },
		{ "from", required_argument, NULL, FROM },
		{ "port", required_argument, NULL, PORT },
		{ "seconds", required_argument, NULL, SECONDS },
		{ "rate", required_argument, NULL, RATE },
		{ "log", required_argument, NULL, LOG },
		{ "once", no_argument, NULL, ONCE },
		{ "help", no_argument, NULL, HELP },
		{ NULL, 0, NULL, 0 },
	};
	const char *to = NULL, *from = NULL, *log_path = NULL;
	uint64_t seconds = 0, pace = 0;
	uint16_t port = 0;
	bool once = false;
	FILE *log = NULL;
	struct sockaddr_in6 address;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (option) {
		case TO:
			to = optarg;
			break;
		case FROM:
			from = optarg;
			break;
		case PORT:
			port = (uint16_t)lab_number(optarg, "--port", 1, UINT16_MAX);
			break;
		case SECONDS:
			seconds = lab_number(optarg, "--seconds", 1, 86400);
			break;
		case RATE:
			pace = lab_number(optarg, "--rate", 1, 10000000) * 1000;
			break;
		case LOG:
			log_path = optarg;
			break;
		case ONCE:
			once = true;
			break;
		case HELP:
			usage(0);
		default: /* getopt's '?' */
			usage(2);
		}
	}
	if (optind != argc - 1 || !port)
		usage(2);
	if (!strcmp(argv[optind], "serve"))
		return serve(port, once);
	if (strcmp(argv[optind], "connect") != 0 || !to)
		usage(2);
	address = lab_address(to, port);
	if (log_path) {
		log = fopen(log_path, "we");
		if (!log)
			lab_die(errno, "%s", log_path);
		setvbuf(log, NULL, _IOLBF, 0);
	}
	option = connect_to(&address, from, seconds, pace, log);
	if (log)
		fclose(log);
	return option;
}
