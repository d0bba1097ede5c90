/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The print layer: everything that mipctl shows is a JSON object first, and
 * one table of fields says how it looks as text. So neither form has what the
 * other lacks.
 *
 * JSON comes as one object a command: {"schema": 1, NAME: ...}. schema counts
 * up when a field is renamed or gone; new fields may come at any time.
 */
#ifndef SHISA_MIPCTL_PRINT_H
#define SHISA_MIPCTL_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#define PRINT_SCHEMA 1

struct print {
	FILE *out;
	bool json;
	bool pretty; /* JSON over several lines */
	bool oneline; /* text: a record on one line, parts told apart by a backslash */
	bool timestamp;
	bool color;
};

enum print_style {
	PRINT_PLAIN,
	PRINT_ADDRESS,
	PRINT_NAME,
	PRINT_GOOD,
	PRINT_BAD,
	PRINT_STATE, /* good, bad or plain by what it says */
};

enum print_type {
	PRINT_VALUE, /* string, number, list of strings */
	PRINT_SECONDS, /* number, "599.3s"; null: "forever" */
	PRINT_HEAD, /* a string without a label */
	PRINT_FLAG, /* a bool: the label alone when true */
};

struct print_field {
	const char *key;
	const char *label; /* NULL: the key */
	enum print_type type;
	enum print_style style;
	bool new_line; /* begins the record's next line */
	bool skip_zero; /* 0, "" and [] are not worth showing */
};

/* Text of one record: fields that it lacks, or that are null, are left out. */
void print_record(const struct print *print, const struct print_field *fields,
		  const json_t *record);

/*
 * {"schema": 1, name: [...]}, or the records one by one. Each is written when it
 * is added (but for pretty JSON), so that a list may be longer than memory.
 * Nothing is written before the first one, or the end.
 */
struct print_list {
	const struct print *print;
	const char *name;
	const struct print_field *fields;
	size_t n;
	json_t *pretty; /* kept until the end */
};
void print_list_add(struct print_list *list, const json_t *record);
void print_list_end(struct print_list *list);

/* JSON only: {"schema": 1} and what object has. */
void print_object(const struct print *print, const json_t *object);

/* One event on one line, in both forms; "time" only with timestamp. */
void print_event(const struct print *print, const json_t *event);

/* Text in a style. */
void print_styled(const struct print *print, enum print_style style, const char *text);

/* The tables of what mipctl shows. End with a NULL key. */
extern const struct print_field print_bc_fields[];
extern const struct print_field print_bul_fields[];
extern const struct print_field print_counter_fields[];
extern const struct print_field print_daemon_fields[];
extern const struct print_field print_home_link_fields[];
extern const struct print_field print_home_address_fields[];
extern const struct print_field print_interface_fields[];
extern const struct print_field print_candidate_fields[];

#endif /* SHISA_MIPCTL_PRINT_H */
