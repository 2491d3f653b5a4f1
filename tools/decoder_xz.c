/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <lzma.h>

#include "decoder.h"
#include "memory.h"

static enum decoder_result xz_step(struct decoder *decoder)
{
	lzma_stream *stream = decoder->state;
	lzma_ret result;

	stream->next_in = decoder->in;
	stream->avail_in = decoder->in_left;
	stream->next_out = decoder->out;
	stream->avail_out = decoder->out_left;
	result = lzma_code(stream, decoder->in_ended ? LZMA_FINISH : LZMA_RUN);
	decoder->in = stream->next_in;
	decoder->in_left = stream->avail_in;
	decoder->out = stream->next_out;
	decoder->out_left = stream->avail_out;

	if (result == LZMA_STREAM_END)
		return DECODER_END;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? DECODER_MORE : DECODER_BAD;
}

static void xz_fini(struct decoder *decoder)
{
	lzma_end(decoder->state);
	free(decoder->state);
}

bool decoder_xz(struct decoder *decoder)
{
	lzma_stream *stream = memory_new(1, sizeof(*stream));

	*stream = (lzma_stream)LZMA_STREAM_INIT;
	if (lzma_stream_decoder(stream, UINT64_MAX, LZMA_CONCATENATED) != LZMA_OK) {
		free(stream);
		return false;
	}
	*decoder = (struct decoder){ .state = stream, .step = xz_step, .fini = xz_fini };
	return true;
}
