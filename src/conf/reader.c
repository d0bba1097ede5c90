// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines to words, words to objects.
 *
 * inih calls next_line() for every line and then, when the line is an
 * assignment, handle_word(). Debian's inih neither tells the handler a line
 * number nor calls it for a section header, and of all syntax errors it keeps
 * the first alone. So next_line() counts, looks at headers itself, and hands
 * inih nothing but assignments. An assignment that never reaches
 * handle_word() was none to inih either: that is how its syntax errors are
 * found, all of them.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "schema.h"

#define Q(value) conf_quote(value, (char[CONF_QUOTE_MAX]){ 0 }, CONF_QUOTE_MAX)

/* inih's INI_MAX_LINE less its final 0; a longer line would be cut in two. */
#define LINE_OCTETS_MAX 190

/* Where a word of an object was last given, or (word NULL) where its section first began. */
struct seen {
	const void *object;
	const char *word;
	const char *file;
	unsigned int line;
	bool good; /* the value could be read */
};

struct conf_reader {
	const struct conf_schema *schema;
	void *conf;
	struct conf_report *report;
	const char *main_file; /* for what is wrong nowhere in particular */
	char **files; /* names that seen points to */
	size_t n_file;
	struct seen *seen;
	size_t n_seen;

	/* the file at hand */
	const char *file;
	unsigned int line;
	const char *text;
	size_t left;
	const struct conf_section *section; /* NULL: none yet, or an unknown one */
	void *object;
	bool in_section; /* a header was there, known or not */
	bool pending; /* an assignment was handed to inih */
};

struct conf_reader *conf_reader_new(const struct conf_schema *schema, const char *main_file,
				    struct conf_report *report)
{
	struct conf_reader *reader = calloc(1, sizeof(*reader));

	if (reader)
		reader->conf = calloc(1, schema->size);
	if (!reader || !reader->conf) {
		conf_report_add(report, main_file, 0, "out of memory; free some and try again");
		free(reader);
		return NULL;
	}
	reader->schema = schema;
	reader->main_file = main_file;
	reader->report = report;
	schema->defaults(reader->conf);
	return reader;
}

int conf_reader_finish(struct conf_reader *reader, void *ret)
{
	int r = -EINVAL;

	if (reader->schema->check)
		reader->schema->check(reader, reader->conf);
	if (conf_report_ok(reader->report)) {
		memcpy(ret, reader->conf, reader->schema->size);
		r = 0;
	}
	for (size_t i = 0; i < reader->n_file; i++)
		free(reader->files[i]);
	free(reader->files);
	free(reader->seen);
	free(reader->conf);
	free(reader);
	return r;
}

struct conf_report *conf_reader_report(struct conf_reader *reader)
{
	return reader->report;
}

static struct seen *find_seen(const struct conf_reader *reader, const void *object,
			      const char *word)
{
	for (size_t i = 0; i < reader->n_seen; i++) {
		struct seen *s = &reader->seen[i];

		if (s->object == object && (word ? s->word && !strcmp(s->word, word) : !s->word))
			return s;
	}
	return NULL;
}

/* The number of these is bounded by the tables: (objects) times (words). */
static struct seen *note_seen(struct conf_reader *reader, const void *object, const char *word)
{
	struct seen *s = find_seen(reader, object, word);

	if (!s) {
		s = reallocarray(reader->seen, reader->n_seen + 1, sizeof(*s));
		if (!s) {
			conf_report_add(reader->report, reader->file, reader->line,
					"out of memory; free some and try again");
			return NULL;
		}
		reader->seen = s;
		s = &reader->seen[reader->n_seen++];
		*s = (struct seen){ .object = object, .word = word };
	}
	s->file = reader->file;
	s->line = reader->line;
	s->good = false;
	return s;
}

bool conf_reader_given(const struct conf_reader *reader, const void *object, const char *word)
{
	return find_seen(reader, object, word);
}

bool conf_reader_good(const struct conf_reader *reader, const void *object, const char *word)
{
	const struct seen *s = find_seen(reader, object, word);

	return s && s->good;
}

void conf_reader_problem(struct conf_reader *reader, const void *object, const char *word,
			 const char *format, ...)
{
	const struct seen *s = find_seen(reader, object, word);
	char text[2 * CONF_WHY_MAX];
	va_list ap;

	if (!s)
		s = find_seen(reader, object, NULL);
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (s)
		conf_report_add(reader->report, s->file, s->line, "%s", text);
	else
		conf_report_add(reader->report, reader->main_file, 0, "%s", text);
}

#define PROBLEM(reader, ...) \
	conf_report_add((reader)->report, (reader)->file, (reader)->line, __VA_ARGS__)

/* What could have been written instead, and the same as text. */
struct names {
	const char *name[16];
	size_t n;
	char all[256];
};

static void add_name(struct names *names, const char *name, bool brackets)
{
	size_t len = strlen(names->all);

	if (names->n == sizeof(names->name) / sizeof(names->name[0]))
		return;
	snprintf(names->all + len, sizeof(names->all) - len, "%s%s%s%s", names->n ? ", " : "",
		 brackets ? "[" : "", name, brackets ? "]" : "");
	names->name[names->n++] = name;
}

static void unknown_section(struct conf_reader *reader, const char *name)
{
	struct names names = { 0 };
	const char *suggestion;

	for (const struct conf_section *s = reader->schema->sections; s->name; s++)
		add_name(&names, s->name, true);
	suggestion = conf_suggest(name, names.name, names.n);
	if (suggestion)
		PROBLEM(reader, "unknown section %s; did you mean [%s]?", Q(name), suggestion);
	else
		PROBLEM(reader, "unknown section %s; there are %s", Q(name), names.all);
}

static void begin_section(struct conf_reader *reader, char *header)
{
	char why[CONF_WHY_MAX] = "";
	const struct conf_section *s;
	char *name;

	reader->in_section = true;
	reader->section = NULL;
	name = header + strcspn(header, " \t");
	if (*name) {
		*name++ = '\0';
		name += strspn(name, " \t");
	}
	for (s = reader->schema->sections; s->name; s++)
		if (!strcmp(s->name, header))
			break;
	if (!s->name) {
		unknown_section(reader, header);
		return;
	}
	if (*name && s->naming == CONF_SECTION_PLAIN) {
		PROBLEM(reader, "section [%s] has no name of its own; write [%s]", s->name,
			s->name);
		return;
	}
	if (!*name && s->naming == CONF_SECTION_NAMED) {
		PROBLEM(reader, "section [%s] lacks a name; write [%s NAME]", s->name, s->name);
		return;
	}
	if (strlen(name) >= CONF_NAME_MAX || strpbrk(name, " \t")) {
		PROBLEM(reader, "%s cannot name a section; write one word of at most %d characters",
			Q(name), CONF_NAME_MAX - 1);
		return;
	}
	reader->object = s->object ? s->object(reader->conf, name, why) :
				     (char *)reader->conf + s->offset;
	if (!reader->object) {
		PROBLEM(reader, "%s", why);
		return;
	}
	reader->section = s;
	if (!find_seen(reader, reader->object, NULL))
		note_seen(reader, reader->object, NULL);
}

/* The section that a word belongs to, or NULL. */
static const char *find_section(const struct conf_schema *schema, const char *word)
{
	for (const struct conf_section *s = schema->sections; s->name; s++)
		for (const struct conf_word *w = s->words; w->name; w++)
			if (!strcmp(w->name, word))
				return s->name;
	return NULL;
}

static void unknown_word(struct conf_reader *reader, const char *name)
{
	const char *section = reader->section->name, *other, *suggestion;
	struct names names = { 0 };

	for (const struct conf_word *w = reader->section->words; w->name; w++)
		add_name(&names, w->name, false);
	suggestion = conf_suggest(name, names.name, names.n);
	other = find_section(reader->schema, name);
	if (suggestion)
		PROBLEM(reader, "[%s] knows no %s; did you mean %s?", section, Q(name), suggestion);
	else if (other)
		PROBLEM(reader, "[%s] knows no %s; it belongs to [%s]", section, Q(name), other);
	else
		PROBLEM(reader, "[%s] knows no %s; there are %s", section, Q(name), names.all);
}

/* inih's handler. section is not looked at: begin_section() knows better. */
static int handle_word(void *user, const char *section, const char *name, const char *value)
{
	struct conf_reader *reader = user;
	const struct conf_word *w;
	struct seen *s;
	char why[CONF_WHY_MAX] = "";

	(void)section;
	reader->pending = false;
	if (!reader->section) {
		if (!reader->in_section)
			PROBLEM(reader,
				"%s stands before the first section; write a [section] line above it",
				Q(name));
		return 1;
	}
	for (w = reader->section->words; w->name; w++)
		if (!strcmp(w->name, name))
			break;
	if (!w->name) {
		unknown_word(reader, name);
		return 1;
	}
	s = find_seen(reader, reader->object, w->name);
	if (s && s->file == reader->file) {
		PROBLEM(reader, "%s was given in line %u already; remove one of the two", w->name,
			s->line);
		return 1;
	}
	s = note_seen(reader, reader->object, w->name);
	if (!s)
		return 1;
	if (!*value) {
		PROBLEM(reader, "%s has no value; write one, or remove the line for the default",
			w->name);
		return 1;
	}
	s->good = w->parse(w, value, (char *)reader->object + w->offset, why) == 0;
	if (!s->good)
		PROBLEM(reader, "%s: %s", w->name, why);
	return 1;
}

static void flush_pending(struct conf_reader *reader)
{
	if (reader->pending)
		PROBLEM(reader, "not understood; write a [section] line or key = value");
	reader->pending = false;
}

/* Takes the next line off the text. NULL: a problem, which is reported. */
static char *cut_line(struct conf_reader *reader, char line[LINE_OCTETS_MAX + 1])
{
	const char *end = memchr(reader->text, '\n', reader->left);
	size_t len = end ? (size_t)(end - reader->text) : reader->left;
	size_t taken = end ? len + 1 : len;
	const char *start = reader->text;

	reader->text += taken;
	reader->left -= taken;
	reader->line++;
	while (len && isspace((unsigned char)start[len - 1]))
		len--;
	/* inih would take an indented line as more of the value above. */
	while (len && isspace((unsigned char)*start)) {
		start++;
		len--;
	}
	if (len > LINE_OCTETS_MAX && *start != '#' && *start != ';') {
		PROBLEM(reader, "line of %zu characters; at most %d are read, make it shorter", len,
			LINE_OCTETS_MAX);
		return NULL;
	}
	if (len > LINE_OCTETS_MAX)
		len = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)start[i];

		if ((c < ' ' && c != '\t') || c == 0x7f) {
			PROBLEM(reader, "control character 0x%02x; remove it", c);
			return NULL;
		}
	}
	memcpy(line, start, len);
	line[len] = '\0';
	return line;
}

/* inih's source of lines, as fgets() is. */
static char *next_line(char *buf, int size, void *stream)
{
	struct conf_reader *reader = stream;
	char line[LINE_OCTETS_MAX + 1];
	char *end;

	flush_pending(reader);
	for (;;) {
		if (!reader->left)
			return NULL;
		if (!cut_line(reader, line) || line[0] == '\0' || strchr("#;", line[0]))
			continue;
		if (line[0] != '[')
			break;
		end = strchr(line, ']');
		if (!end || (end[1] && !strchr("#;", end[1 + strspn(end + 1, " \t")]))) {
			PROBLEM(reader,
				"a section's line is not closed; write [section] alone on it");
			reader->in_section = true;
			reader->section = NULL;
			continue;
		}
		*end = '\0';
		begin_section(reader, line + 1);
	}
	if (size < LINE_OCTETS_MAX + 2) {
		PROBLEM(reader,
			"this inih reads lines of up to %d characters; build it with INI_MAX_LINE=200",
			size);
		return NULL;
	}
	reader->pending = true;
	snprintf(buf, (size_t)size, "%s\n", line);
	return buf;
}

void conf_reader_text(struct conf_reader *reader, const char *file, const char *text, size_t len)
{
	char **files = reallocarray(reader->files, reader->n_file + 1, sizeof(*files));
	int r;

	if (files)
		reader->files = files;
	if (!files || !(files[reader->n_file] = strdup(file))) {
		conf_report_add(reader->report, file, 0, "out of memory; free some and try again");
		return;
	}
	reader->file = files[reader->n_file++];
	reader->line = 0;
	reader->text = text;
	reader->left = len;
	reader->section = NULL;
	reader->in_section = false;
	reader->pending = false;
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		reader->text += 3;
		reader->left -= 3;
	}
	r = ini_parse_stream(next_line, reader, handle_word, reader);
	flush_pending(reader);
	if (r < 0)
		conf_report_add(reader->report, file, 0, "out of memory; free some and try again");
}

int conf_parse(const struct conf_schema *schema, const char *name, const char *text, size_t len,
	       void *ret, struct conf_report *report)
{
	struct conf_reader *reader = conf_reader_new(schema, name, report);

	if (!reader)
		return -EINVAL;
	if (len > CONF_FILE_MAX)
		conf_report_add(report, name, 0, "%zu octets; at most %d are read", len,
				CONF_FILE_MAX);
	else
		conf_reader_text(reader, name, text, len);
	return conf_reader_finish(reader, ret);
}
