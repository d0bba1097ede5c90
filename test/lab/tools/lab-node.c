// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lab-node: makes the lab's nodes and runs programs on them.
 *
 *   lab-node create NAME KIND [NAME KIND]...   KIND: host, router, mobile, wire
 *   lab-node enter NAME COMMAND [ARGS]
 *   NAME COMMAND [ARGS]                        by a symbolic link NAME to this program
 *
 * A node is a process that holds a network, a mount and a UTS namespace and sleeps. It is known by
 * /run/lab/nodes/NAME/pid, by /run/netns/NAME (so ip -n NAME works) and as the command
 * /run/lab/bin/NAME. Each has its own empty /run/shisa, /etc/shisa and /var/lib/shisa, so programs
 * run with their default paths on every node.
 *
 * This is a program and not a few lines of shell because processes are dear in User Mode Linux
 * (some 30 ms for each), and a topology takes a hundred of them otherwise.
 */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define NODES	   "/run/lab/nodes"
#define COMMANDS   "/run/lab/bin"
#define NAMESPACES "/run/netns"

struct setting {
	const char *path; /* below /proc/sys/net/ipv6/conf */
	const char *value;
};

/* Its addresses are configured by us: no second of duplicate address detection at every start. */
static const struct setting router_settings[] = {
	{ "all/forwarding", "1" },
	{ "default/forwarding", "1" },
	{ "all/accept_ra", "0" },
	{ "default/accept_ra", "0" },
	{ "all/accept_dad", "0" },
	{ "default/accept_dad", "0" },
	{ NULL, NULL },
};

/* An address is used while it is being checked (RFC 4429). */
static const struct setting mobile_settings[] = {
	{ "all/optimistic_dad", "1" },
	{ "default/optimistic_dad", "1" },
	{ "all/use_optimistic", "1" },
	{ "default/use_optimistic", "1" },
	{ NULL, NULL },
};

/* The bridges carry packets and must not take part. */
static const struct setting wire_settings[] = {
	{ "all/disable_ipv6", "1" },
	{ "default/disable_ipv6", "1" },
	{ NULL, NULL },
};

static const struct setting host_settings[] = { { NULL, NULL } };

static const struct kind {
	const char *name;
	const struct setting *settings;
} kinds[] = {
	{ "host", host_settings },
	{ "router", router_settings },
	{ "mobile", mobile_settings },
	{ "wire", wire_settings },
};

static const char *const private_folders[] = { "/run/shisa", "/etc/shisa", "/var/lib/shisa" };

static void make_folder(const char *path)
{
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		lab_die(errno, "%s", path);
}

static void interface_up(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_UP };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		lab_die(errno, "%s", name);
	close(fd);
}

static void path_of(char *path, const char *folder, const char *name, const char *file)
{
	int length = snprintf(path, PATH_MAX, "%s/%s%s", folder, name, file);

	if (length < 0 || length >= PATH_MAX || strchr(name, '/'))
		lab_die(0, "'%s' is no name of a node", name);
}

/* In the process that will hold the node. Says so through the pipe when the node can be used. */
static _Noreturn void hold(const char *name, const struct kind *kind, int ready)
{
	char path[PATH_MAX], pid[32];

	if (unshare(CLONE_NEWNET) < 0)
		lab_die(errno, "a network namespace for %s", name);
	path_of(path, NAMESPACES, name, "");
	lab_write_file(path, O_TRUNC, "");
	if (mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) < 0)
		lab_die(errno, "%s", path);
	if (unshare(CLONE_NEWNS | CLONE_NEWUTS) < 0)
		lab_die(errno, "namespaces for %s", name);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL) < 0)
		lab_die(errno, "mounts of %s", name);
	for (size_t i = 0; i < sizeof(private_folders) / sizeof(private_folders[0]); i++) {
		if (mount("tmpfs", private_folders[i], "tmpfs", 0, "mode=755") < 0)
			lab_die(errno, "%s of %s", private_folders[i], name);
	}
	if (sethostname(name, strlen(name)) < 0)
		lab_die(errno, "host name %s", name);
	for (const struct setting *s = kind->settings; s->path; s++) {
		path_of(path, "/proc/sys/net/ipv6/conf", "", s->path);
		lab_write_file(path, O_TRUNC, s->value);
	}
	interface_up("lo");

	path_of(path, NODES, name, "/pid");
	snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	lab_write_file(path, O_TRUNC, pid);
	if (write(ready, "r", 1) != 1)
		lab_die(errno, "pipe");
	if (!freopen("/dev/null", "r+", stdin) || dup2(0, 1) < 0 || dup2(0, 2) < 0)
		lab_die(errno, "/dev/null");
	/* not even the lab's own streams: whoever reads those waits for their end */
	close_range(3, ~0U, 0);
	for (;;)
		pause();
}

static void create(const char *name, const char *kind_name)
{
	const struct kind *kind = NULL;
	char path[PATH_MAX], self[PATH_MAX], c;
	ssize_t length;
	int fds[2];
	pid_t pid;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(kinds[i].name, kind_name))
			kind = &kinds[i];
	}
	if (!kind)
		lab_die(0, "no kind of node is named '%s' (host, router, mobile, wire)", kind_name);
	path_of(path, NODES, name, "");
	make_folder(path);
	if (pipe2(fds, O_CLOEXEC) < 0)
		lab_die(errno, "pipe");
	pid = fork();
	if (pid < 0)
		lab_die(errno, "fork");
	if (!pid) {
		close(fds[0]);
		setsid();
		hold(name, kind, fds[1]);
	}
	close(fds[1]);
	if (read(fds[0], &c, 1) != 1)
		lab_die(0, "the node %s did not come up", name);
	close(fds[0]);

	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length < 0)
		lab_die(errno, "/proc/self/exe");
	self[length] = '\0';
	path_of(path, COMMANDS, name, "");
	if ((unlink(path) < 0 && errno != ENOENT) || symlink(self, path) < 0)
		lab_die(errno, "%s", path);
}

static void enter_namespace(long pid, const char *which, int type)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/ns/%s", pid, which);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, type) < 0)
		lab_die(errno, "%s", path);
	close(fd);
}

static _Noreturn void enter(const char *name, char **command)
{
	char path[PATH_MAX], folder[PATH_MAX], text[32] = "";
	FILE *file;
	long pid;

	path_of(path, NODES, name, "/pid");
	file = fopen(path, "re");
	if (!file || !fgets(text, sizeof(text), file))
		lab_die(0, "there is no node %s", name);
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	pid = (long)lab_number(text, path, 1, INT_MAX);
	if (!getcwd(folder, sizeof(folder)))
		snprintf(folder, sizeof(folder), "/");
	enter_namespace(pid, "net", CLONE_NEWNET);
	enter_namespace(pid, "uts", CLONE_NEWUTS);
	enter_namespace(pid, "mnt", CLONE_NEWNS);
	if (chdir(folder) < 0 && chdir("/") < 0)
		lab_die(errno, "/");
	execvp(command[0], command);
	fprintf(stderr, "%s: %s: %s\n", name, command[0], strerror(errno));
	exit(errno == ENOENT ? 127 : 126);
}

int main(int argc, char **argv)
{
	const char *self = strrchr(argv[0], '/');

	self = self ? self + 1 : argv[0];
	if (strcmp(self, "lab-node") != 0) {
		if (argc < 2)
			lab_die(0, "usage: %s COMMAND [ARGS]", self);
		enter(self, argv + 1);
	}
	if (argc >= 4 && !strcmp(argv[1], "enter"))
		enter(argv[2], argv + 3);
	if (argc >= 4 && argc % 2 == 0 && !strcmp(argv[1], "create")) {
		for (size_t i = 0; i < sizeof(private_folders) / sizeof(private_folders[0]); i++)
			make_folder(private_folders[i]);
		make_folder("/run/lab");
		make_folder(NODES);
		make_folder(COMMANDS);
		make_folder(NAMESPACES);
		for (int i = 2; i < argc; i += 2)
			create(argv[i], argv[i + 1]);
		return 0;
	}
	fputs("usage: lab-node create NAME host|router|mobile|wire [NAME KIND]...\n"
	      "       lab-node enter NAME COMMAND [ARGS]\n",
	      stderr);
	return 2;
}
