/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections and words of one program's configuration as tables, and the
 * reader that fills an object by them. Private to src/conf.
 *
 * inih takes lines apart; which line it is, what came before, and every word
 * about a mistake are ours. A reader lives for one program's set of files: a
 * word given twice in one file is a mistake, given again in a later file it
 * replaces the value.
 */
#ifndef SHISA_CONF_SCHEMA_H
#define SHISA_CONF_SCHEMA_H

#include "conf.h"
#include "value.h"

enum conf_section_naming {
	CONF_SECTION_PLAIN, /* [kernel] */
	CONF_SECTION_MAY_BE_NAMED, /* [home] or [home NAME] */
	CONF_SECTION_NAMED, /* [interface NAME] */
};

struct conf_section {
	const char *name;
	enum conf_section_naming naming;
	const struct conf_word *words; /* ends with a NULL name */
	size_t offset; /* in conf, of the object that the words go into */
	/*
	 * Or, for sections that may stand several times: the object called name
	 * ("" for a section without one), made when it is new. NULL and a reason
	 * in why when it cannot be.
	 */
	void *(*object)(void *conf, const char *name, char why[CONF_WHY_MAX]);
};

struct conf_reader;

struct conf_schema {
	const struct conf_section *sections; /* ends with a NULL name */
	size_t size; /* of the program's configuration object */
	bool must_exist; /* the main file */
	void (*defaults)(void *conf);
	/* After the last file: what is missing, what does not go together. */
	void (*check)(struct conf_reader *reader, void *conf);
};

/*
 * NULL without memory, which is reported. The arguments must outlive the
 * reader; main_file is named for what is wrong nowhere in particular.
 */
struct conf_reader *conf_reader_new(const struct conf_schema *schema, const char *main_file,
				    struct conf_report *report);
/*
 * Runs the schema's check, whatever was wrong before: all problems at once.
 * Frees the reader. Without problems returns 0 and copies the object to ret.
 */
int conf_reader_finish(struct conf_reader *reader, void *ret);
struct conf_report *conf_reader_report(struct conf_reader *reader);

/* One file's text. Problems go to the report. */
void conf_reader_text(struct conf_reader *reader, const char *file, const char *text, size_t len);
/* One file, a limit on its size. -ENOENT when it is not there (and nothing in the report). */
int conf_reader_file(struct conf_reader *reader, const char *file);
/* file and then file.d/ *.conf */
int conf_reader_files(struct conf_reader *reader, const char *file);

/* Whether a word of an object was given at all, and whether its value could be read. */
bool conf_reader_given(const struct conf_reader *reader, const void *object, const char *word);
bool conf_reader_good(const struct conf_reader *reader, const void *object, const char *word);
/* A problem at a word, or at its section when the word was not given. */
void conf_reader_problem(struct conf_reader *reader, const void *object, const char *word,
			 const char *format, ...) __attribute__((format(printf, 4, 5), nonnull(4)));

/* Loading and parsing as conf.h has it, for any schema. */
int conf_load(const struct conf_schema *schema, const char *file, void *ret,
	      struct conf_report *report);
int conf_parse(const struct conf_schema *schema, const char *name, const char *text, size_t len,
	       void *ret, struct conf_report *report);

/* [security] and [kernel] are the same for all. */
extern const struct conf_word conf_security_words[];
void conf_security_default(struct conf_security *security);
void conf_kernel_default(struct conf_kernel *kernel);

/*
 * For the sections that may stand several times: the object called name in a
 * table of *n objects of size octets, each of which begins with its name; or
 * a new one, zero but for the name. NULL and a reason in why when max are
 * there. name fits, the caller has looked.
 */
void *conf_named_object(void *table, unsigned int *n, unsigned int max, size_t size,
			const char *section, const char *name, char why[CONF_WHY_MAX]);

/* Reads a whole file; *ret ends with a 0 that len does not count. The caller frees it. -EFBIG. */
int conf_read_file(int fd, size_t max, char **ret, size_t *ret_len);

#endif /* SHISA_CONF_SCHEMA_H */
