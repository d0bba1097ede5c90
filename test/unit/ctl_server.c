// SPDX-License-Identifier: GPL-2.0-or-later
/* src/ctl/server.c, dispatch.c, client.c and buffer.c: both ends of a control socket */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ctl/ctl.h"
#include "mip-build.h"

static char dir[] = "/tmp/ctl_server.XXXXXX";
static sd_event *event;
static struct ctl_server *server;

static int get_status(json_t *parameters, json_t **ret, void *userdata)
{
	(void)parameters;
	assert_ptr_equal(userdata, &server);
	*ret = json_pack("{s:i, s:[s]}", "bindings", 3, "problems", "none");
	return 0;
}

static int refuse(json_t *parameters, json_t **ret, void *userdata)
{
	(void)ret;
	(void)userdata;
	return (int)json_integer_value(json_object_get(parameters, "errno"));
}

/* As much as is asked for. */
static int blob(json_t *parameters, json_t **ret, void *userdata)
{
	size_t n = (size_t)json_integer_value(json_object_get(parameters, "octets"));
	char *text = malloc(n + 1);

	(void)userdata;
	assert_non_null(text);
	memset(text, 'x', n);
	*ret = json_pack("{s:s%}", "blob", text, n);
	free(text);
	return 0;
}

static const struct ctl_method methods[] = {
	{ "GetStatus", get_status },
	{ "Refuse", refuse },
	{ "Blob", blob },
	{ 0 },
};
static struct ctl_config config = {
	.run_dir = dir,
	.name = "had",
	.config_file = "/etc/shisa/had.conf",
	.methods = methods,
	.userdata = &server,
};

static int setup(void **state)
{
	(void)state;
	assert_int_equal(sd_event_new(&event), 0);
	assert_int_equal(ctl_server_new(event, &config, &server), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	server = ctl_server_free(server);
	event = sd_event_unref(event);
	return 0;
}

static void run_events(void)
{
	while (sd_event_run(event, 0) > 0)
		;
}

static int connect_raw(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/had.sock", dir);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void send_raw(int fd, const char *text, size_t len)
{
	assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), len);
	run_events();
}

/* The answer that is there already, without its 0; NULL at end of file. */
static const char *receive_raw(int fd)
{
	static char buf[65536];
	ssize_t n = recv(fd, buf, sizeof(buf) - 1, 0);

	if (n == 0 || (n < 0 && errno == ECONNRESET))
		return NULL;
	assert_true(n > 0);
	assert_int_equal(buf[n - 1], '\0');
	return buf;
}

static const char *ask(int fd, const char *request)
{
	send_raw(fd, request, strlen(request) + 1);
	return receive_raw(fd);
}

/* One call from another process, while this one serves. Returns what it returned. */
static int call_from_child(int (*fn)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(fn());
	assert_true(pid > 0);
	for (;;) {
		pid_t done = waitpid(pid, &status, WNOHANG);

		if (done == pid)
			break;
		sd_event_run(event, 1000);
	}
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int call_status(void)
{
	json_t *reply = NULL;
	int r = ctl_call(dir, "had", CTL_INTERFACE ".GetStatus", NULL, 5000, &reply);
	bool ok = r == 0 && json_integer_value(json_object_get(reply, "bindings")) == 3 &&
		  json_integer_value(json_object_get(reply, "pid")) == getppid() &&
		  !strcmp(json_string_value(json_object_get(reply, "version")), MIP_VERSION) &&
		  !strcmp(json_string_value(json_object_get(reply, "config")),
			  "/etc/shisa/had.conf") &&
		  json_array_size(json_object_get(reply, "problems")) == 1 &&
		  json_is_string(json_object_get(reply, "since")) &&
		  json_is_real(json_object_get(reply, "uptime"));

	json_decref(reply);
	return ok ? 0 : 1;
}

static int call_refused(void)
{
	json_t *parameters = json_pack("{s:i}", "errno", -EBUSY), *reply = NULL;
	int r = ctl_call(dir, "had", CTL_INTERFACE ".Refuse", parameters, 5000, &reply);
	const char *error = json_string_value(json_object_get(reply, "error"));
	bool ok = r == -EREMOTE && error && !strcmp(error, CTL_INTERFACE ".Failed");

	json_decref(parameters);
	json_decref(reply);
	return ok ? 0 : 1;
}

/* More than a socket takes at once: comes in pieces. */
static int call_blob(void)
{
	json_t *parameters = json_pack("{s:i}", "octets", 3000000), *reply = NULL;
	int r = ctl_call(dir, "had", CTL_INTERFACE ".Blob", parameters, 5000, &reply);
	bool ok = r == 0 && json_string_length(json_object_get(reply, "blob")) == 3000000;

	json_decref(parameters);
	json_decref(reply);
	return ok ? 0 : 1;
}

static void test_call(void **state)
{
	json_t *reply;

	(void)state;
	assert_int_equal(call_from_child(call_status), 0);
	assert_int_equal(call_from_child(call_refused), 0);
	assert_int_equal(call_from_child(call_blob), 0);
	assert_int_equal(ctl_call(dir, "mnd", CTL_INTERFACE ".GetStatus", NULL, 100, &reply),
			 -ENOENT);
	/* Nobody serves us meanwhile. */
	assert_int_equal(ctl_call(dir, "had", CTL_INTERFACE ".GetStatus", NULL, 20, &reply),
			 -ETIMEDOUT);
	run_events();
}

static void test_varlink(void **state)
{
	static const char oneway[] = "{\"method\":\"org.shisa.Control.GetStatus\",\"oneway\":true}";
	int fd = connect_raw();
	const char *text;

	(void)state;
	text = ask(fd, "{\"method\":\"org.varlink.service.GetInfo\"}");
	assert_non_null(strstr(text, "\"product\":\"had\""));
	assert_non_null(
		strstr(text, "\"interfaces\":[\"org.varlink.service\",\"org.shisa.Control\"]"));
	text = ask(fd, "{\"method\":\"org.varlink.service.GetInterfaceDescription\","
		       "\"parameters\":{\"interface\":\"org.shisa.Control\"}}");
	assert_non_null(strstr(text, "interface org.shisa.Control\\n"));
	assert_non_null(strstr(text, "method GetStatus() ->"));
	text = ask(fd, "{\"method\":\"org.varlink.service.GetInterfaceDescription\","
		       "\"parameters\":{\"interface\":\"org.varlink.service\"}}");
	assert_non_null(strstr(text, "method GetInfo()"));
	text = ask(fd, "{\"method\":\"org.varlink.service.GetInterfaceDescription\","
		       "\"parameters\":{\"interface\":\"x.y\"}}");
	assert_non_null(strstr(text, "org.varlink.service.InterfaceNotFound"));
	text = ask(fd, "{\"method\":\"org.varlink.service.GetInterfaceDescription\"}");
	assert_non_null(strstr(text, "org.varlink.service.InvalidParameter"));
	text = ask(fd, "{\"method\":\"org.varlink.service.Nope\"}");
	assert_non_null(strstr(text, "org.varlink.service.MethodNotFound"));
	text = ask(fd, "{\"method\":\"org.shisa.Control.Nope\"}");
	assert_non_null(strstr(text, "org.varlink.service.MethodNotFound"));
	text = ask(fd, "{\"method\":\"Nope\"}");
	assert_non_null(strstr(text, "org.varlink.service.InterfaceNotFound"));
	text = ask(fd, "{\"method\":\"org.shisa.Control.Monitor\"}");
	assert_non_null(strstr(text, "org.varlink.service.ExpectedMore"));
	text = ask(fd, "{\"method\":\"org.shisa.Control.Refuse\",\"parameters\":{\"errno\":-2}}");
	assert_non_null(strstr(text, "org.shisa.Control.NotFound"));
	text = ask(fd, "{\"method\":\"org.shisa.Control.Refuse\",\"parameters\":{\"errno\":-22}}");
	assert_non_null(strstr(text, "org.varlink.service.InvalidParameter"));
	/* No answer is wanted; then two requests at once, and one in two pieces. */
	send_raw(fd, oneway, sizeof(oneway));
	assert_int_equal(recv(fd, &(char){ 0 }, 1, 0), -1);
	send_raw(fd, "{\"method\":\"a.b\"}\0{\"method\":\"c.d\"}", 34);
	text = receive_raw(fd);
	assert_non_null(strstr(text, "\"a\""));
	assert_non_null(strstr(text + strlen(text) + 1, "\"c\""));
	send_raw(fd, "{\"method\":", 10);
	assert_int_equal(recv(fd, &(char){ 0 }, 1, 0), -1);
	assert_non_null(ask(fd, "\"a.b\"}"));
	close(fd);
	run_events();
}

static void test_hostile(void **state)
{
	static const char *const bad[] = { "",
					   "x",
					   "[]",
					   "1",
					   "{}",
					   "{",
					   "{\"method\":1}",
					   "\"method\"",
					   "{\"method\":\"a.b\",\"method\":\"c.d\"}" };
	static char big[CTL_REQUEST_MAX + 8192], deep[CTL_REQUEST_MAX - 10];
	size_t sent = 0;
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fd = connect_raw();
		assert_null(ask(fd, bad[i]));
		close(fd);
	}
	/* Never ends: dropped at the limit. */
	memset(big, 'x', sizeof(big));
	fd = connect_raw();
	while (sent < sizeof(big)) {
		ssize_t n = send(fd, big + sent, sizeof(big) - sent, MSG_NOSIGNAL);

		run_events();
		if (n < 0)
			break;
		sent += (size_t)n;
	}
	assert_null(receive_raw(fd));
	close(fd);
	/* Deep, not long. */
	memset(deep, '[', sizeof(deep));
	deep[sizeof(deep) - 1] = '\0';
	fd = connect_raw();
	for (sent = 0; sent < sizeof(deep);) {
		ssize_t n = send(fd, deep + sent, sizeof(deep) - sent, MSG_NOSIGNAL);

		run_events();
		assert_true(n > 0);
		sent += (size_t)n;
	}
	run_events();
	assert_null(receive_raw(fd));
	close(fd);
	/* The server lives. */
	assert_int_equal(call_from_child(call_status), 0);
}

static void test_too_many_clients(void **state)
{
	int fd[CTL_CLIENTS_MAX], more;

	(void)state;
	for (int i = 0; i < CTL_CLIENTS_MAX; i++) {
		fd[i] = connect_raw();
		run_events();
	}
	more = connect_raw();
	run_events();
	assert_non_null(strstr(receive_raw(more), "org.shisa.Control.Busy"));
	assert_null(receive_raw(more));
	close(more);
	/* A place that is given up is free for another. */
	close(fd[0]);
	run_events();
	fd[0] = connect_raw();
	assert_non_null(ask(fd[0], "{\"method\":\"org.varlink.service.GetInfo\"}"));
	for (int i = 0; i < CTL_CLIENTS_MAX; i++)
		close(fd[i]);
	run_events();
}

/* Who asks and does not listen holds one answer and is served no further. */
static void test_slow_reader(void **state)
{
	static const char request[] =
		"{\"method\":\"org.shisa.Control.Blob\",\"parameters\":{\"octets\":1000000}}";
	int fd = connect_raw(), other;
	size_t zeros = 0;
	static char buf[65536];
	ssize_t n;

	(void)state;
	for (int i = 0; i < 5; i++)
		send_raw(fd, request, sizeof(request));
	other = connect_raw();
	assert_non_null(ask(other, "{\"method\":\"org.varlink.service.GetInfo\"}"));
	close(other);
	/* When it listens at last, everything comes. */
	while (zeros < 5) {
		n = recv(fd, buf, sizeof(buf), 0);
		assert_true(n > 0 || (n < 0 && errno == EAGAIN));
		for (ssize_t i = 0; i < n; i++)
			zeros += buf[i] == '\0';
		run_events();
	}
	close(fd);
	run_events();
}

static void emit(int i)
{
	ctl_server_event(server, json_pack("{s:s, s:i}", "event", "TEST", "i", i));
}

static int watch(void)
{
	struct ctl_monitor *monitor;
	json_t *ev;
	int fd, r, i = 0;

	if (ctl_monitor_new(dir, "had", &monitor, &fd) < 0)
		return 1;
	while (i < 3) {
		r = ctl_monitor_read(monitor, &ev);
		if (r == -EAGAIN)
			continue;
		if (r < 0 || json_integer_value(json_object_get(ev, "i")) != i ||
		    strcmp(json_string_value(json_object_get(ev, "daemon")), "had") != 0 ||
		    !json_is_string(json_object_get(ev, "time")))
			return 2;
		json_decref(ev);
		i++;
	}
	ctl_monitor_free(monitor);
	return 0;
}

static void test_monitor(void **state)
{
	int status = 0;
	pid_t pid;

	(void)state;
	assert_false(ctl_server_watched(server));
	emit(0); /* nobody hears it, nothing leaks */
	pid = fork();
	if (pid == 0)
		_exit(watch());
	while (!ctl_server_watched(server))
		sd_event_run(event, 100000);
	for (int i = 0; i < 3; i++)
		emit(i);
	while (waitpid(pid, &status, WNOHANG) == 0)
		sd_event_run(event, 1000);
	assert_int_equal(status, 0);
	run_events();
	assert_false(ctl_server_watched(server));
}

static void test_slow_watcher(void **state)
{
	int fd = connect_raw(), i = 0;

	(void)state;
	assert_non_null(strstr(ask(fd, "{\"method\":\"org.shisa.Control.Monitor\",\"more\":true}"),
			       "MONITOR"));
	assert_true(ctl_server_watched(server));
	while (ctl_server_watched(server)) {
		emit(i++);
		assert_true(i < 1000000);
	}
	close(fd);
	/* A watcher that goes on talking is dropped too. */
	fd = connect_raw();
	ask(fd, "{\"method\":\"org.shisa.Control.Monitor\",\"more\":true}");
	assert_null(ask(fd, "{\"method\":\"org.varlink.service.GetInfo\"}"));
	assert_false(ctl_server_watched(server));
	close(fd);
}

static void test_instances(void **state)
{
	struct ctl_config mine = config;
	struct ctl_server *second = NULL;
	char text[256], path[256];
	struct stat st;

	(void)state;
	assert_int_equal(ctl_server_new(event, &config, &second), -EADDRINUSE);
	assert_null(second);
	ctl_server_explain(-EADDRINUSE, &config, text, sizeof(text));
	assert_non_null(strstr(text, "another had is running"));
	/* It did not take the socket away from the first one. */
	assert_int_equal(call_from_child(call_status), 0);
	snprintf(path, sizeof(path), "%s/had.sock", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* Another name, or another directory, is another matter. */
	mine.name = "mnd";
	assert_int_equal(ctl_server_new(event, &mine, &second), 0);
	second = ctl_server_free(second);
	/* The first one dies without a word: its socket is no obstacle. */
	server = ctl_server_free(server);
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(mknod(path, S_IFREG | 0600, 0), 0);
	assert_int_equal(ctl_server_new(event, &config, &server), 0);
	assert_int_equal(call_from_child(call_status), 0);
	/* Errors in words. */
	mine.run_dir = "/nonexistent/a/b";
	assert_int_equal(ctl_server_new(event, &mine, &second), -ENOENT);
	mine.run_dir = "/dev/null";
	assert_int_equal(ctl_server_new(event, &mine, &second), -ENOTDIR);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	mine.run_dir = path;
	assert_int_equal(ctl_server_new(event, &mine, &second), -ENAMETOOLONG);
}

static int call_as_other(void)
{
	json_t *reply = NULL;

	if (setgid(12345) < 0 || setuid(12345) < 0)
		return 1;
	return ctl_call(dir, "had", CTL_INTERFACE ".GetStatus", NULL, 5000, &reply) == -EPERM ? 0 :
												2;
}

static void test_other_user(void **state)
{
	char path[256];

	(void)state;
	if (geteuid() != 0) {
		print_message("SKIP: only root can become another user\n");
		skip();
	}
	/* Even where the file's mode would let him in. */
	snprintf(path, sizeof(path), "%s/had.sock", dir);
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(call_from_child(call_as_other), 0);
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	static const char *const names[] = { "had.lock", "mnd.lock", "" };
	char path[256];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		if (remove(path) < 0)
			return -1;
	}
	return 0;
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_call),	 TEST(test_varlink),
		TEST(test_hostile),	 TEST(test_too_many_clients),
		TEST(test_slow_reader),	 TEST(test_monitor),
		TEST(test_slow_watcher), TEST(test_instances),
		TEST(test_other_user),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
