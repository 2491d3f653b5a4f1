/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "json.h"

static void quote(struct json *json, const char *text, size_t len)
{
	fputc('"', json->out);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c >= 0x7f)
			fprintf(json->out, "\\u%04x", c);
		else
			fputc(c, json->out);
	}
	fputc('"', json->out);
}

static void member(struct json *json, const char *key)
{
	if (json->follows)
		fputc(',', json->out);
	json->follows = true;
	if (!key)
		return;
	quote(json, key, strlen(key));
	fputc(':', json->out);
}

void json_begin(struct json *json, const char *key, char bracket)
{
	member(json, key);
	fputc(bracket, json->out);
	json->follows = false;
}

void json_end(struct json *json, char bracket)
{
	fputc(bracket, json->out);
	json->follows = true;
}

void json_number(struct json *json, const char *key, long long value)
{
	member(json, key);
	fprintf(json->out, "%lld", value);
}

void json_address(struct json *json, const char *key, const void *address)
{
	member(json, key);
	fprintf(json->out, "\"%p\"", address);
}

void json_text(struct json *json, const char *key, const char *text, size_t len)
{
	member(json, key);
	quote(json, text, len);
}

void json_string(struct json *json, const char *key, const char *text)
{
	json_text(json, key, text, strlen(text));
}

void json_raw(struct json *json, const char *key, const char *text, size_t len)
{
	member(json, key);
	fwrite(text, 1, len, json->out);
}

void json_piece_begin(struct json_piece *piece)
{
	*piece = (struct json_piece){ 0 };
	piece->json.out = open_memstream(&piece->text, &piece->len);
	if (!piece->json.out) {
		fputs("kalloc: out of memory\n", stderr);
		exit(1);
	}
}

void json_piece_end(struct json_piece *piece)
{
	if (fclose(piece->json.out) != 0) {
		fputs("kalloc: out of memory\n", stderr);
		exit(1);
	}
}
