// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests to answers, by varlink's calling convention: a request is
 * {method, parameters?, more?, oneway?}, an answer {parameters, continues?}
 * or {error, parameters}.
 */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "mip-build.h"
#include "server.h"

#include "interface.h"

#define SERVICE "org.varlink.service"

static const char service_description[] =
	"interface " SERVICE "\n"
	"\n"
	"method GetInfo() -> (vendor: string, product: string, version: string, url: string, interfaces: []string)\n"
	"method GetInterfaceDescription(interface: string) -> (description: string)\n"
	"\n"
	"error InterfaceNotFound (interface: string)\n"
	"error MethodNotFound (method: string)\n"
	"error MethodNotImplemented (method: string)\n"
	"error InvalidParameter (parameter: string)\n"
	"error PermissionDenied ()\n"
	"error ExpectedMore ()\n";

json_t *ctl_json_time(const struct timespec *t)
{
	struct tm tm;
	char text[32];

	if (!gmtime_r(&t->tv_sec, &tm) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
		return json_null();
	return json_sprintf("%s.%03ldZ", text, t->tv_nsec / 1000000);
}

json_t *ctl_json_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ctl_json_time(&now);
}

/* Takes over message (NULL: no memory for it). */
static int answer(struct ctl_client *client, json_t *message)
{
	int r;

	if (!message)
		return -ENOMEM;
	r = ctl_buffer_put(&client->out, message, CTL_BACKLOG_MAX);
	json_decref(message);
	return r;
}

static int answer_error(struct ctl_client *client, const char *error, json_t *parameters)
{
	return answer(client, json_pack("{s:s, s:o}", "error", error, "parameters",
					parameters ? parameters : json_object()));
}

static int answer_reply(struct ctl_client *client, json_t *parameters)
{
	return answer(client, json_pack("{s:o}", "parameters", parameters));
}

static int answer_errno(struct ctl_client *client, int err)
{
	if (err == -ENOENT)
		return answer_error(client, CTL_INTERFACE ".NotFound", NULL);
	if (err == -EINVAL)
		return answer_error(client, SERVICE ".InvalidParameter",
				    json_pack("{s:s}", "parameter", ""));
	return answer_error(client, CTL_INTERFACE ".Failed",
			    json_pack("{s:i, s:s}", "errno", -err, "reason", strerror(-err)));
}

static int get_info(struct ctl_client *client)
{
	return answer_reply(client, json_pack("{s:s, s:s, s:s, s:s, s:[s, s]}", "vendor", "SHISA",
					      "product", client->server->config.name, "version",
					      MIP_VERSION, "url", "", "interfaces", SERVICE,
					      CTL_INTERFACE));
}

static int get_interface_description(struct ctl_client *client, const json_t *parameters)
{
	const char *name = json_string_value(json_object_get(parameters, "interface"));
	const char *text;

	if (!name)
		return answer_error(client, SERVICE ".InvalidParameter",
				    json_pack("{s:s}", "parameter", "interface"));
	if (!strcmp(name, SERVICE))
		text = service_description;
	else if (!strcmp(name, CTL_INTERFACE))
		text = interface_description;
	else
		return answer_error(client, SERVICE ".InterfaceNotFound",
				    json_pack("{s:s}", "interface", name));
	return answer_reply(client, json_pack("{s:s}", "description", text));
}

static int monitor(struct ctl_client *client, bool more)
{
	if (!more)
		return answer_error(client, SERVICE ".ExpectedMore", NULL);
	if (!client->monitor) {
		client->monitor = true;
		client->server->n_monitor++;
	}
	/* Says that from here on nothing is missed. */
	return answer(client, json_pack("{s:{s:{s:s, s:s, s:o}}, s:b}", "parameters", "event",
					"event", "MONITOR", "daemon", client->server->config.name,
					"time", ctl_json_now(), "continues", 1));
}

/* What every daemon's status has. */
static int add_common(const struct ctl_server *server, json_t *status)
{
	const struct ctl_config *config = &server->config;
	struct timespec now;
	double uptime;

	clock_gettime(CLOCK_MONOTONIC, &now);
	uptime = (double)(now.tv_sec - server->since_monotonic.tv_sec) +
		 (double)(now.tv_nsec - server->since_monotonic.tv_nsec) / 1e9;
	if (!json_object_get(status, "problems"))
		json_object_set_new(status, "problems", json_array());
	return json_object_set_new(status, "name", json_string(config->name)) |
	       json_object_set_new(status, "version", json_string(MIP_VERSION)) |
	       json_object_set_new(status, "pid", json_integer(getpid())) |
	       json_object_set_new(status, "since", ctl_json_time(&server->since)) |
	       json_object_set_new(status, "uptime", json_real(round(uptime * 1000) / 1000)) |
	       json_object_set_new(status, "config",
				   json_string(config->config_file ? config->config_file : ""));
}

static int call_method(struct ctl_client *client, const char *name, json_t *parameters)
{
	const struct ctl_server *server = client->server;
	const struct ctl_method *m = server->config.methods;
	json_t *reply = NULL;
	int r;

	while (m && m->name && strcmp(m->name, name))
		m++;
	if (m && m->name) {
		r = m->call(parameters, &reply, server->config.userdata);
		if (r < 0)
			return answer_errno(client, r);
	} else if (strcmp(name, "GetStatus")) {
		return answer_error(client, SERVICE ".MethodNotFound",
				    json_pack("{s:s+}", "method", CTL_INTERFACE ".", name));
	}
	if (!reply)
		reply = json_object();
	if (!strcmp(name, "GetStatus") && add_common(server, reply) != 0) {
		json_decref(reply);
		return -ENOMEM;
	}
	return answer_reply(client, reply);
}

static int call(struct ctl_client *client, const char *method, json_t *parameters, bool more)
{
	const char *dot = strrchr(method, '.');
	size_t len = dot ? (size_t)(dot - method) : 0;

	if (len == strlen(SERVICE) && !strncmp(method, SERVICE, len)) {
		if (!strcmp(dot + 1, "GetInfo"))
			return get_info(client);
		if (!strcmp(dot + 1, "GetInterfaceDescription"))
			return get_interface_description(client, parameters);
	} else if (len == strlen(CTL_INTERFACE) && !strncmp(method, CTL_INTERFACE, len)) {
		if (!strcmp(dot + 1, "Monitor"))
			return monitor(client, more);
		return call_method(client, dot + 1, parameters);
	} else {
		return answer_error(client, SERVICE ".InterfaceNotFound",
				    json_pack("{s:s%}", "interface", method, len));
	}
	return answer_error(client, SERVICE ".MethodNotFound",
			    json_pack("{s:s}", "method", method));
}

int ctl_dispatch(struct ctl_client *client, const json_t *request)
{
	const char *method = json_string_value(json_object_get(request, "method"));
	json_t *parameters = json_object_get(request, "parameters");
	bool oneway = json_is_true(json_object_get(request, "oneway"));
	int r;

	/* Not varlink; and a watcher has said all that it had to say. */
	if (!method || client->monitor)
		return -EBADMSG;
	parameters = json_is_object(parameters) ? json_incref(parameters) : json_object();
	if (!parameters)
		return -ENOMEM;
	r = call(client, method, parameters, json_is_true(json_object_get(request, "more")));
	json_decref(parameters);
	/* Nothing else waits in out when a request is served. */
	if (oneway && !client->monitor)
		ctl_buffer_done(&client->out);
	return r;
}
