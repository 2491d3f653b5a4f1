/* SPDX-License-Identifier: MIT */
/*
 * Proves that the same lines come out of a plain, a gzip and an xz file, and that
 * each kind of unreadable file gives a message with its name (and line).
 */
#include "files.h"
#include "source.h"

#if HAVE_GZ
#include <zlib.h>
#endif
#if HAVE_XZ
#include <lzma.h>
#endif

/* Read all lines. Return: the message of the error, to be freed, or NULL. */
static char *read_lines(const char *path, unsigned long *lines)
{
	struct source *source = source_open(path);
	char *message;

	for (*lines = 0; source_line(source); ++*lines)
		;
	message = source_error(source) ? strdup(source_error(source)) : NULL;
	source_close(source);
	return message;
}

static void assert_fails(const void *bytes, size_t len, const char *expected)
{
	char *path = files_make(bytes, len);
	unsigned long lines;
	char *message = read_lines(path, &lines);

	if (!message || !strstr(message, expected) || !strstr(message, path))
		fail_msg("expected '%s', got '%s'", expected, message ? message : "no error");
	free(message);
	files_drop(path);
}

static void test_plain(void **state)
{
	static const char text[] = "one\ntwo\r\n\n\tfour\nno newline";
	static const char *const lines[] = { "one", "two", "", "\tfour", "no newline" };
	char *path = files_make(text, strlen(text));
	struct source *source = source_open(path);

	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(source_line(source), lines[i]);
		assert_int_equal(source_cut(source), i == 4);
	}
	assert_null(source_line(source));
	assert_null(source_line(source));
	assert_null(source_error(source));
	assert_true(source_fraction(source) == 1.0);
	source_close(source);
	files_drop(path);
}

static void test_unreadable(void **state)
{
	char *longest = malloc(SOURCE_LINE_MAX + 2);
	unsigned long lines;
	char *message;

	message = read_lines("/nonexistent/trace", &lines);
	assert_non_null(strstr(message, "/nonexistent/trace: No such file"));
	free(message);
	message = read_lines("/", &lines);
	assert_non_null(message);
	free(message);
	message = read_lines("/dev/null", &lines);
	assert_non_null(strstr(message, "not a regular file"));
	free(message);
	assert_fails("", 0, "empty file");
	assert_fails("good\nb\0d\n", 9, "line 2: binary data (byte 0x00 in column 2)");
	assert_fails("\x7f"
		     "ELF",
		     4, "line 1: binary data");
	assert_fails("\x28\xb5\x2f\xfd....", 8, "zstd data");
	assert_fails("BZh91AY", 7, "bzip2 data");
	memset(longest, 'x', SOURCE_LINE_MAX + 2);
	assert_fails(longest, SOURCE_LINE_MAX + 2, "line 1: longer than");
	free(longest);
}

#if HAVE_GZ || HAVE_XZ
/* @packed holds @text: it reads as the same lines, and each of its prefixes is truncated. */
static void check_packed(const unsigned char *packed, size_t len, unsigned long nr_lines)
{
	char *path = files_make(packed, len);
	unsigned long lines;

	assert_null(read_lines(path, &lines));
	assert_int_equal(lines, nr_lines);
	files_drop(path);
	for (size_t cut = 20; cut < len; cut += len / 7 + 1)
		assert_fails(packed, cut, "truncated compressed data");
}

static char *many_lines(size_t *len)
{
	char *text = malloc(400000);
	uint64_t seed = 7;

	*len = 0;
	for (unsigned int i = 0; i < 5000; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		*len += (size_t)sprintf(text + *len, "line %u %llx\n", i, (unsigned long long)seed);
	}
	return text;
}

#endif

#if HAVE_GZ
static void test_gz(void **state)
{
	size_t len;
	char *text = many_lines(&len);
	z_stream stream = { 0 };
	unsigned char *packed = malloc(2 * len);

	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = (unsigned char *)text;
	stream.avail_in = (unsigned int)len;
	stream.next_out = packed;
	stream.avail_out = (unsigned int)(2 * len);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	check_packed(packed, stream.total_out, 5000);
	packed[stream.total_out / 2] ^= 0xff;
	assert_fails(packed, stream.total_out, "compressed data");
	deflateEnd(&stream);
	free(packed);
	free(text);
}
#else
static void test_gz(void **state)
{
	assert_fails("\x1f\x8b\b", 3, "gzip data, but this kalloc was built without zlib");
}
#endif

#if HAVE_XZ
static void test_xz(void **state)
{
	size_t len, packed_len = 0;
	char *text = many_lines(&len);
	unsigned char *packed = malloc(2 * len);

	assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, (unsigned char *)text,
						 len, packed, &packed_len, 2 * len),
			 LZMA_OK);
	check_packed(packed, packed_len, 5000);
	packed[packed_len / 2] ^= 0xff;
	assert_fails(packed, packed_len, "damaged compressed data");
	free(packed);
	free(text);
}
#else
static void test_xz(void **state)
{
	assert_fails("\xfd"
		     "7zXZ",
		     6, "xz data, but this kalloc was built without liblzma");
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_gz),
		cmocka_unit_test(test_xz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
