/* SPDX-License-Identifier: MIT */
#include "decoder.h"

bool decoder_xz(struct decoder *decoder)
{
	return false;
}
