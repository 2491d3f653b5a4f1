/* SPDX-License-Identifier: MIT */
/*
 * Ticks of 1/250 s in other units and back: as fractions, and as multiplication, addition
 * and shift. The way back rounds up, so the addend is the shifted unit less one tick's part.
 */
#define HZ_TO_MSEC_NUM	 4
#define HZ_TO_MSEC_DEN	 1
#define MSEC_TO_HZ_NUM	 1
#define MSEC_TO_HZ_DEN	 4
#define HZ_TO_USEC_NUM	 4000
#define HZ_TO_USEC_DEN	 1
#define USEC_TO_HZ_NUM	 1
#define USEC_TO_HZ_DEN	 4000
#define HZ_TO_NSEC_NUM	 4000000
#define HZ_TO_NSEC_DEN	 1
#define NSEC_TO_HZ_NUM	 1
#define NSEC_TO_HZ_DEN	 4000000

#define HZ_TO_MSEC_MUL32 0x80000000ULL
#define HZ_TO_MSEC_ADJ32 0ULL
#define HZ_TO_MSEC_SHR32 29
#define MSEC_TO_HZ_MUL32 0x80000000ULL
#define MSEC_TO_HZ_ADJ32 0x180000000ULL
#define MSEC_TO_HZ_SHR32 33
#define HZ_TO_USEC_MUL32 0xFA000000ULL
#define HZ_TO_USEC_ADJ32 0ULL
#define HZ_TO_USEC_SHR32 20
#define USEC_TO_HZ_MUL32 0x83126E98ULL
#define USEC_TO_HZ_ADJ32 0x7FF7CED9168ULL
#define USEC_TO_HZ_SHR32 43
