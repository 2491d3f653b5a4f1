/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <zlib.h>

#include "decoder.h"
#include "memory.h"

static enum decoder_result gz_step(struct decoder *decoder)
{
	z_stream *stream = decoder->state;
	int result;

	/* A .gz file may be several members, one behind the other: this one is not begun. */
	if (decoder->in_ended && decoder->in_left == 0 && stream->total_in == 0)
		return DECODER_END;
	stream->next_in = (unsigned char *)decoder->in;
	stream->avail_in = (unsigned int)decoder->in_left;
	stream->next_out = decoder->out;
	stream->avail_out = (unsigned int)decoder->out_left;
	result = inflate(stream, Z_NO_FLUSH);
	decoder->in = stream->next_in;
	decoder->in_left = stream->avail_in;
	decoder->out = stream->next_out;
	decoder->out_left = stream->avail_out;

	if (result == Z_STREAM_END)
		return inflateReset(stream) == Z_OK ? DECODER_MORE : DECODER_BAD;
	return result == Z_OK || result == Z_BUF_ERROR ? DECODER_MORE : DECODER_BAD;
}

static void gz_fini(struct decoder *decoder)
{
	inflateEnd(decoder->state);
	free(decoder->state);
}

bool decoder_gz(struct decoder *decoder)
{
	z_stream *stream = memory_new(1, sizeof(*stream));

	/* 15: the largest window; 16: a gzip header, not zlib's own. */
	if (inflateInit2(stream, 15 + 16) != Z_OK) {
		free(stream);
		return false;
	}
	*decoder = (struct decoder){ .state = stream, .step = gz_step, .fini = gz_fini };
	return true;
}
