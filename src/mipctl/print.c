// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing records as text or JSON.
 */
#include <stdint.h>
#include <string.h>

#include "print.h"

static const char *style_code(enum print_style style, const char *text)
{
	static const char *const good[] = { "registered", "home",    "running", "ready", "up",
					    "refreshing", "present", "tunnel",	NULL };
	static const char *const bad[] = { "failed", "absent", "down", "none", NULL };

	switch (style) {
	case PRINT_PLAIN:
		return NULL;
	case PRINT_ADDRESS:
		return "\033[36m";
	case PRINT_NAME:
		return "\033[1m";
	case PRINT_GOOD:
		return "\033[32m";
	case PRINT_BAD:
		return "\033[1;31m";
	case PRINT_STATE:
		break;
	}
	for (size_t i = 0; good[i]; i++)
		if (!strcmp(text, good[i]))
			return "\033[32m";
	for (size_t i = 0; bad[i]; i++)
		if (!strcmp(text, bad[i]))
			return "\033[1;31m";
	return "\033[33m";
}

/* Strings may come from a daemon, or from far away through one: nothing that a terminal acts upon. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < ' ' || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

void print_styled(const struct print *print, enum print_style style, const char *text)
{
	const char *code = print->color ? style_code(style, text) : NULL;

	if (code)
		fputs(code, print->out);
	put_text(print->out, text);
	if (code)
		fputs("\033[0m", print->out);
}

static void put_value(const struct print *print, enum print_style style, const json_t *value)
{
	char text[64];
	const json_t *item;
	size_t i;

	switch (json_typeof(value)) {
	case JSON_STRING:
		print_styled(print, style, json_string_value(value));
		return;
	case JSON_INTEGER:
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		break;
	case JSON_REAL:
		snprintf(text, sizeof(text), "%.3f", json_real_value(value));
		break;
	case JSON_ARRAY:
		json_array_foreach((json_t *)(uintptr_t)value, i, item) {
			if (i)
				fputc(',', print->out);
			put_value(print, style, item);
		}
		return;
	case JSON_OBJECT:
		print_styled(print, style, "{...}");
		return;
	case JSON_TRUE:
		snprintf(text, sizeof(text), "yes");
		break;
	case JSON_FALSE:
		snprintf(text, sizeof(text), "no");
		break;
	case JSON_NULL:
		snprintf(text, sizeof(text), "-");
		break;
	}
	print_styled(print, style, text);
}

static bool is_nothing(const json_t *value)
{
	return (json_is_integer(value) && json_integer_value(value) == 0) ||
	       (json_is_string(value) && json_string_length(value) == 0) ||
	       (json_is_array(value) && json_array_size(value) == 0);
}

static bool is_shown(const struct print_field *field, const json_t *value)
{
	if (!value || (field->skip_zero && is_nothing(value)))
		return false;
	if (field->type == PRINT_FLAG)
		return json_is_true(value);
	return !json_is_null(value) || field->type == PRINT_SECONDS;
}

static void put_field(const struct print *print, const struct print_field *field,
		      const json_t *value)
{
	const char *label = field->label ? field->label : field->key;
	/* The label says enough, as in "home-link" without a name of its own. */
	bool alone = field->type == PRINT_FLAG ||
		     (json_is_string(value) && json_string_length(value) == 0);
	char text[32];

	if (field->type != PRINT_HEAD)
		fprintf(print->out, "%s%s", label, alone ? "" : " ");
	if (alone)
		return;
	switch (field->type) {
	case PRINT_FLAG:
		break;
	case PRINT_HEAD:
	case PRINT_VALUE:
		put_value(print, field->style, value);
		break;
	case PRINT_SECONDS:
		if (json_is_null(value))
			snprintf(text, sizeof(text), "forever");
		else
			snprintf(text, sizeof(text), "%.3fs", json_number_value(value));
		print_styled(print, field->style, text);
		break;
	}
}

void print_record(const struct print *print, const struct print_field *fields, const json_t *record)
{
	const char *between = "";

	for (const struct print_field *f = fields; f->key; f++) {
		const json_t *value = json_object_get(record, f->key);

		if (f->new_line && *between)
			between = print->oneline ? " \\ " : "\n    ";
		if (!is_shown(f, value))
			continue;
		fputs(between, print->out);
		put_field(print, f, value);
		between = " ";
	}
	fputc('\n', print->out);
}

/* Milliseconds, without the tail that binary fractions have. */
#define REALS JSON_REAL_PRECISION(12)

static void put_json(const struct print *print, const json_t *value)
{
	json_dumpf(value, print->out, REALS | (print->pretty ? JSON_INDENT(2) : JSON_COMPACT));
	fputc('\n', print->out);
}

void print_object(const struct print *print, const json_t *object)
{
	json_t *all = json_pack("{s:i}", "schema", PRINT_SCHEMA);

	if (all && json_object_update(all, (json_t *)(uintptr_t)object) == 0)
		put_json(print, all);
	json_decref(all);
}

void print_list_add(struct print_list *list, const json_t *record)
{
	const struct print *print = list->print;

	if (!print->json) {
		print_record(print, list->fields, record);
	} else if (print->pretty) {
		if (!list->pretty)
			list->pretty = json_array();
		json_array_append(list->pretty, (json_t *)(uintptr_t)record);
	} else {
		if (list->n == 0)
			fprintf(print->out, "{\"schema\":%d,\"%s\":[", PRINT_SCHEMA, list->name);
		else
			fputc(',', print->out);
		json_dumpf(record, print->out, REALS | JSON_COMPACT);
	}
	list->n++;
}

void print_list_end(struct print_list *list)
{
	json_t *object;

	if (!list->print->json)
		return;
	if (list->n && !list->print->pretty) {
		fputs("]}\n", list->print->out);
		return;
	}
	object = json_pack("{s:o}", list->name, list->pretty ? list->pretty : json_array());
	print_object(list->print, object);
	json_decref(object);
	list->pretty = NULL;
}

/* Members of an event that stand in front of its text, without a label. */
static bool leads(const char *key)
{
	return !strcmp(key, "time") || !strcmp(key, "daemon") || !strcmp(key, "event");
}

static void put_event_text(const struct print *print, const json_t *event)
{
	const char *time = json_string_value(json_object_get(event, "time"));
	const char *daemon = json_string_value(json_object_get(event, "daemon"));
	const char *word = json_string_value(json_object_get(event, "event"));
	const json_t *value;
	const char *key;

	if (print->timestamp && time)
		fprintf(print->out, "%s ", time);
	if (daemon) {
		print_styled(print, PRINT_NAME, daemon);
		fputc(' ', print->out);
	}
	print_styled(print, PRINT_GOOD, word ? word : "?");
	json_object_foreach((json_t *)(uintptr_t)event, key, value) {
		if (leads(key) || json_is_null(value) ||
		    (json_is_array(value) && json_array_size(value) == 0))
			continue;
		fputc(' ', print->out);
		put_text(print->out, key);
		fputc(' ', print->out);
		put_value(print, PRINT_PLAIN, value);
	}
	fputc('\n', print->out);
}

void print_event(const struct print *print, const json_t *event)
{
	json_t *shown;

	if (!print->json) {
		put_event_text(print, event);
	} else {
		shown = json_copy((json_t *)(uintptr_t)event);
		if (!print->timestamp)
			json_object_del(shown, "time");
		/* One line, pretty or not. */
		json_dumpf(shown, print->out, REALS | JSON_COMPACT);
		fputc('\n', print->out);
		json_decref(shown);
	}
	fflush(print->out);
}
