// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lab-notify: runs a program and reports when it is ready (sd_notify(3), READY=1).
 *
 *   lab-notify --report FILE --timeout SECONDS -- COMMAND [ARGS]
 *
 * This process becomes COMMAND, so its process id is the program's. A process on the side, which is
 * no child of COMMAND, listens on NOTIFY_SOCKET and writes one line to FILE: "ready", "ended" when
 * COMMAND ended before, or "timeout".
 */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* True if one of the message's lines is READY=1. */
static bool says_ready(char *message)
{
	char *state;

	for (char *line = strtok_r(message, "\n", &state); line;
	     line = strtok_r(NULL, "\n", &state)) {
		if (!strcmp(line, "READY=1"))
			return true;
	}
	return false;
}

static _Noreturn void listen_for(int fd, int pidfd, const char *path, uint64_t limit_usec)
{
	const uint64_t end = lab_mono_usec() + limit_usec;
	struct pollfd polled[2] = { { .fd = fd, .events = POLLIN },
				    { .fd = pidfd, .events = POLLIN } };
	char message[4096];

	for (;;) {
		uint64_t now = lab_mono_usec();
		ssize_t length;
		int n;

		if (now >= end) {
			lab_write_file(path, O_APPEND, "timeout\n");
			exit(0);
		}
		n = poll(polled, 2, (int)((end - now) / LAB_USEC_PER_MSEC + 1));
		if (n < 0 && errno != EINTR)
			lab_die(errno, "poll");
		if (n <= 0)
			continue;
		if (polled[0].revents) {
			length = recv(fd, message, sizeof(message) - 1, MSG_DONTWAIT);
			if (length < 0)
				continue;
			message[length] = '\0';
			if (says_ready(message)) {
				lab_write_file(path, O_APPEND, "ready\n");
				exit(0);
			}
		} else if (polled[1].revents) {
			lab_write_file(path, O_APPEND, "ended\n");
			exit(0);
		}
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char variable[sizeof(address.sun_path) + 1];
	uint64_t limit_usec;
	socklen_t length;
	int fd, pidfd;
	pid_t pid;

	if (argc < 7 || strcmp(argv[1], "--report") != 0 || strcmp(argv[3], "--timeout") != 0 ||
	    strcmp(argv[5], "--") != 0) {
		fputs("usage: lab-notify --report FILE --timeout SECONDS -- COMMAND [ARGS]\n",
		      stderr);
		return 2;
	}
	limit_usec = lab_number(argv[4], "--timeout", 1, 86400) * LAB_USEC_PER_SEC;

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	/* An abstract name: visible wherever the program's mounts go, and gone with the socket. But
	 * abstract names belong to the network namespace, which is the program's as well. */
	length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			     (size_t)snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
					      "lab-notify-%d", (int)getpid()));
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0)
		lab_die(errno, "socket for notifications");
	snprintf(variable, sizeof(variable), "@%s", address.sun_path + 1);
	if (setenv("NOTIFY_SOCKET", variable, 1) < 0)
		lab_die(errno, "NOTIFY_SOCKET");
	pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	if (pidfd < 0)
		lab_die(errno, "pidfd_open");

	/* twice, so that the listener is not a child that COMMAND would be told about */
	pid = fork();
	if (pid < 0)
		lab_die(errno, "fork");
	if (!pid) {
		pid = fork();
		if (pid < 0)
			lab_die(errno, "fork");
		if (!pid) {
			close_range(0, 1, 0);
			listen_for(fd, pidfd, argv[2], limit_usec);
		}
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	close(fd);
	close(pidfd);
	execvp(argv[6], argv + 6);
	fprintf(stderr, "lab-notify: %s: %s\n", argv[6], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}
