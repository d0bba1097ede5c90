// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration from files: the main one and its drop-ins.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema.h"

int conf_read_file(int fd, size_t max, char **ret, size_t *ret_len)
{
	size_t size = 4096, len = 0;
	char *buf = malloc(size), *more;
	ssize_t n;
	int r;

	if (!buf)
		return -ENOMEM;
	for (;;) {
		if (len + 1 == size) {
			/* Key files come through here: what is given back is wiped first. */
			more = malloc(size * 2);
			if (!more) {
				r = -ENOMEM;
				goto fail;
			}
			memcpy(more, buf, len);
			explicit_bzero(buf, size);
			free(buf);
			buf = more;
			size *= 2;
		}
		n = read(fd, buf + len, size - len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			r = -errno;
			goto fail;
		}
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > max) {
			r = -EFBIG;
			goto fail;
		}
	}
	buf[len] = '\0';
	*ret = buf;
	*ret_len = len;
	return 0;

fail:
	explicit_bzero(buf, size);
	free(buf);
	return r;
}

int conf_reader_file(struct conf_reader *reader, const char *file)
{
	struct conf_report *report = conf_reader_report(reader);
	char *text = NULL;
	size_t len = 0;
	struct stat st;
	int fd, r = 0;

	/* O_NONBLOCK: a FIFO must not hold us up. */
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		r = -errno;
		if (r != -ENOENT)
			conf_report_add(report, file, 0,
					"cannot be opened: %s; make it readable for this user",
					strerror(-r));
		return r;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		conf_report_add(report, file, 0, "is not a regular file; put one there");
		close(fd);
		return -EINVAL;
	}
	r = conf_read_file(fd, CONF_FILE_MAX, &text, &len);
	close(fd);
	if (r == -EFBIG)
		conf_report_add(report, file, 0, "has more than %d octets; make it shorter",
				CONF_FILE_MAX);
	else if (r < 0)
		conf_report_add(report, file, 0, "cannot be read: %s", strerror(-r));
	else
		conf_reader_text(reader, file, text, len);
	free(text);
	return r;
}

static int is_dropin(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && !strcmp(entry->d_name + len - 5, ".conf");
}

/* strcmp order, whatever the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_dropins(struct conf_reader *reader, const char *file)
{
	struct conf_report *report = conf_reader_report(reader);
	struct dirent **entries = NULL;
	char dir[PATH_MAX], path[PATH_MAX + 256];
	int n;

	if ((size_t)snprintf(dir, sizeof(dir), "%s.d", file) >= sizeof(dir))
		return;
	n = scandir(dir, &entries, is_dropin, by_name);
	if (n < 0) {
		if (errno != ENOENT)
			conf_report_add(report, dir, 0,
					"cannot be read: %s; make it readable for this user",
					strerror(errno));
		return;
	}
	if (n > CONF_DROPINS_MAX)
		conf_report_add(report, dir, 0, "holds %d files; at most %d are read", n,
				CONF_DROPINS_MAX);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
		if (n <= CONF_DROPINS_MAX && conf_reader_file(reader, path) == -ENOENT)
			conf_report_add(report, path, 0,
					"is a link to nothing; remove it or make it good");
		free(entries[i]);
	}
	free(entries);
}

int conf_reader_files(struct conf_reader *reader, const char *file)
{
	int r = conf_reader_file(reader, file);

	read_dropins(reader, file);
	return r;
}

int conf_load(const struct conf_schema *schema, const char *file, void *ret,
	      struct conf_report *report)
{
	struct conf_reader *reader = conf_reader_new(schema, file, report);

	if (!reader)
		return -EINVAL;
	if (conf_reader_files(reader, file) == -ENOENT && schema->must_exist)
		conf_report_add(
			report, file, 0,
			"is not there; copy the sample from %s and fill it in, or name another file with --config",
			MIP_DOCDIR);
	return conf_reader_finish(reader, ret);
}
