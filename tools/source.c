/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "decoder.h"
#include "memory.h"
#include "source.h"

struct source {
	char *path;
	FILE *file;
	double file_bytes;
	double read_bytes;
	struct decoder decoder; /* step is NULL for a plain file */
	unsigned char packed[16384];
	char text[SOURCE_LINE_MAX + 1];
	size_t begin, end; /* text[begin..end) is decoded and not yet returned */
	unsigned long line;
	bool ended; /* no text follows text[end] */
	bool cut;
	bool failed;
	char error[512];
};

static void fail(struct source *source, const char *fmt, va_list args)
{
	size_t len;

	if (source->failed)
		return;
	source->failed = true;
	if (source->line)
		snprintf(source->error, sizeof(source->error), "%s: line %lu: ", source->path,
			 source->line);
	else
		snprintf(source->error, sizeof(source->error), "%s: ", source->path);
	len = strlen(source->error);
	vsnprintf(source->error + len, sizeof(source->error) - len, fmt, args);
}

void source_fail(struct source *source, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fail(source, fmt, args);
	va_end(args);
}

static size_t read_file(struct source *source, void *buf, size_t size)
{
	size_t got = fread(buf, 1, size, source->file);

	source->read_bytes += (double)got;
	if (ferror(source->file))
		source_fail(source, "%s", strerror(errno));
	return got;
}

/* Formats known by their first bytes; those without @make are only named. */
static const struct format {
	const char *name;
	const char *library;
	const char *magic;
	size_t len;
	bool (*make)(struct decoder *decoder);
} formats[] = {
	{ "gzip", "zlib", "\x1f\x8b", 2, decoder_gz },
	{ "xz", "liblzma",
	  "\xfd"
	  "7zXZ\0",
	  6, decoder_xz },
	{ "zstd", NULL, "\x28\xb5\x2f\xfd", 4, NULL },
	{ "bzip2", NULL, "BZh", 3, NULL },
	{ "lz4", NULL, "\x04\x22\x4d\x18", 4, NULL },
	{ "zip", NULL, "PK\x03\x04", 4, NULL },
};

static void choose_decoder(struct source *source, size_t got)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		const struct format *format = &formats[i];

		if (got < format->len || memcmp(source->packed, format->magic, format->len) != 0)
			continue;
		if (!format->make)
			source_fail(source,
				    "%s data, which kalloc does not read: decompress it first",
				    format->name);
		else if (!format->make(&source->decoder))
			source_fail(source, "%s data, but this kalloc was built without %s",
				    format->name, format->library);
		return;
	}
}

struct source *source_open(const char *path)
{
	struct source *source = memory_new(1, sizeof(*source));
	struct stat stat;
	size_t got;

	source->path = memory_text(path, strlen(path));
	source->file = fopen(path, "rb");
	if (!source->file || fstat(fileno(source->file), &stat) != 0) {
		source_fail(source, "%s", strerror(errno));
		return source;
	}
	if (!S_ISREG(stat.st_mode)) {
		/* It is read several times, which a pipe does not allow. */
		source_fail(source, "not a regular file");
		return source;
	}
	source->file_bytes = (double)stat.st_size;
	got = read_file(source, source->packed, sizeof(source->packed));
	if (got == 0)
		source_fail(source, "empty file");
	choose_decoder(source, got);
	if (source->decoder.step) {
		source->decoder.in = source->packed;
		source->decoder.in_left = got;
	} else {
		memcpy(source->text, source->packed, got);
		source->end = got;
	}
	return source;
}

void source_close(struct source *source)
{
	if (source->decoder.fini)
		source->decoder.fini(&source->decoder);
	if (source->file)
		fclose(source->file);
	free(source->path);
	free(source);
}

static void decode(struct source *source, size_t room)
{
	struct decoder *decoder = &source->decoder;

	decoder->out = (unsigned char *)source->text + source->end;
	decoder->out_left = room;
	while (decoder->out_left == room && !source->failed && !source->ended) {
		if (decoder->in_left == 0 && !decoder->in_ended) {
			decoder->in = source->packed;
			decoder->in_left =
				read_file(source, source->packed, sizeof(source->packed));
			decoder->in_ended = decoder->in_left == 0;
		}
		switch (decoder->step(decoder)) {
		case DECODER_END:
			source->ended = true;
			break;
		case DECODER_BAD:
			source_fail(source, "damaged compressed data");
			break;
		case DECODER_MORE:
			if (decoder->in_ended && decoder->out_left == room)
				source_fail(source, "truncated compressed data");
			break;
		}
	}
	source->end += room - decoder->out_left;
}

/* Make room behind the text not yet returned, and fill it. */
static void fill(struct source *source)
{
	size_t room, got;

	memmove(source->text, source->text + source->begin, source->end - source->begin);
	source->end -= source->begin;
	source->begin = 0;
	room = SOURCE_LINE_MAX - source->end;
	if (source->decoder.step) {
		decode(source, room);
		return;
	}
	got = read_file(source, source->text + source->end, room);
	source->end += got;
	source->ended = got == 0;
}

static bool is_text(struct source *source, const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		/* A console log may hold tabs, returns and terminal sequences. */
		if ((c >= ' ' && c != 0x7f) || (c && strchr("\t\r\b\f\033", c)))
			continue;
		source_fail(source, "binary data (byte 0x%02x in column %zu)", c, i + 1);
		return false;
	}
	return true;
}

const char *source_line(struct source *source)
{
	char *line, *newline;
	size_t len;

	for (;;) {
		if (source->failed)
			return NULL;
		line = source->text + source->begin;
		newline = memchr(line, '\n', source->end - source->begin);
		if (newline || source->ended)
			break;
		if (source->end - source->begin == SOURCE_LINE_MAX) {
			source->line++;
			source_fail(source, "longer than %d bytes: not trace text",
				    SOURCE_LINE_MAX);
			return NULL;
		}
		fill(source);
	}
	if (source->begin == source->end)
		return NULL;
	source->line++;
	source->cut = !newline;
	len = newline ? (size_t)(newline - line) : source->end - source->begin;
	source->begin += newline ? len + 1 : len;
	if (!is_text(source, line, len))
		return NULL;
	if (len && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	return line;
}

const char *source_error(const struct source *source)
{
	return source->failed ? source->error : NULL;
}

bool source_cut(const struct source *source)
{
	return source->cut;
}

double source_fraction(const struct source *source)
{
	return source->file_bytes > 0 ? source->read_bytes / source->file_bytes : 1;
}
