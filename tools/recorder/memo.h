/* SPDX-License-Identifier: MIT */
/* What was last told of something, so that it is told again only if it changed. */
#ifndef RECORDER_MEMO_H
#define RECORDER_MEMO_H

#include <stdlib.h>
#include <string.h>

#include "json.h"

/* All zero: nothing was told. */
struct memo {
	char *text;
	size_t len;
};

/*
 * End a piece. Return: whether it is other than what was told, which it then is. The text
 * is the memo's in any case, so read it there.
 */
static inline bool memo_changes(struct memo *memo, struct json_piece *piece)
{
	json_piece_end(piece);
	if (memo->text && memo->len == piece->len &&
	    memcmp(memo->text, piece->text, piece->len) == 0) {
		free(piece->text);
		return false;
	}
	free(memo->text);
	*memo = (struct memo){ piece->text, piece->len };
	return true;
}

#endif
