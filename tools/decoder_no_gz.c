/* SPDX-License-Identifier: MIT */
#include "decoder.h"

bool decoder_gz(struct decoder *decoder)
{
	return false;
}
