/* SPDX-License-Identifier: MIT */
/*
 * JSON, written as it comes. A library would build the whole document in memory, or be
 * one more thing to have before a report can be written, and none makes text that may
 * stand between <script> tags: here '<' is always escaped.
 *
 * A member of an object has a key; NULL stands for none, in an array.
 */
#ifndef RECORDER_JSON_H
#define RECORDER_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool follows; /* a value stands before the next one */
};

/* Begin an object or array: @bracket is '{' or '['. */
void json_begin(struct json *json, const char *key, char bracket);
void json_end(struct json *json, char bracket);

void json_number(struct json *json, const char *key, long long value);

/* An address: a string, since readers keep only 53 bits of a number. */
void json_address(struct json *json, const char *key, const void *address);

void json_text(struct json *json, const char *key, const char *text, size_t len);
void json_string(struct json *json, const char *key, const char *text);

/* Values that are JSON already, with the commas between them. */
void json_raw(struct json *json, const char *key, const char *text, size_t len);

/* The bytes of a piece of text that is being written. */
struct json_piece {
	struct json json;
	char *text;
	size_t len;
};

/* Begin a piece; ends the program if there is no memory. */
void json_piece_begin(struct json_piece *piece);

/* All is in text and len, which are the caller's to free. */
void json_piece_end(struct json_piece *piece);

#endif
