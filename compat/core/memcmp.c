/* SPDX-License-Identifier: MIT */
/* Comparing memory that others may write to: each byte is read once (asm/string.h). */
#include <linux/string.h>
#include <linux/types.h>

typedef u64 __attribute__((aligned(1), may_alias)) unaligned_u64;

/* The next bytes as a number: the first counts most. The compiler is not to read them again. */
static u64 word_at(const u8 *at)
{
	u64 word = *(const unaligned_u64 *)at;

	__asm__("" : "+r"(word));
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(word) : word;
}

static int byte_at(const u8 *at)
{
	int byte = *at;

	__asm__("" : "+r"(byte));
	return byte;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n >= sizeof(u64); x += sizeof(u64), y += sizeof(u64), n -= sizeof(u64)) {
		u64 left = word_at(x), right = word_at(y);

		if (left != right)
			return left < right ? -1 : 1;
	}
	for (; n; x++, y++, n--) {
		int difference = byte_at(x) - byte_at(y);

		if (difference)
			return difference;
	}
	return 0;
}
