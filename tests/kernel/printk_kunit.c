/* SPDX-License-Identifier: MIT */
/* What %p can be followed by, in messages and in snprintf(). */
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ioport.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/uuid.h>
#include <kunit/test.h>

static char text[256];

#define EXPECT(test, expected, ...)                           \
	do {                                                  \
		snprintf(text, sizeof(text), __VA_ARGS__);    \
		KUNIT_EXPECT_STREQ((test), text, (expected)); \
	} while (0)

static noinline int some_function(int a)
{
	return a + 1;
}

static void functions_have_names(struct kunit *test)
{
	char begin[] = "some_function+0x0/0x", behind[] = "some_function+0x1/0x";
	unsigned long at = (unsigned long)some_function, bytes = 0, offset = 0;

	EXPECT(test, "some_function", "%ps", some_function);
	EXPECT(test, "some_function", "%ps", (void *)at + 1);
	snprintf(text, sizeof(text), "%pS", some_function);
	KUNIT_EXPECT_TRUE(test, strstarts(text, begin));
	snprintf(text, sizeof(text), "%pB", (void *)at + 1);
	KUNIT_EXPECT_TRUE_MSG(test, strstarts(text, behind), "%s", text);
	EXPECT(test, "0x10", "%ps", (void *)16);
	KUNIT_EXPECT_EQ(test, kallsyms_lookup_name("some_function"), at);
	KUNIT_EXPECT_EQ(test, kallsyms_lookup_name("nobody_s_function"), 0ul);
	KUNIT_EXPECT_TRUE(test, kallsyms_lookup_size_offset(at + 1, &bytes, &offset));
	KUNIT_EXPECT_EQ(test, offset, 1ul);
	KUNIT_EXPECT_GT(test, bytes, 1ul);
	KUNIT_EXPECT_EQ(test, some_function(1), 2);
}

static void errors_have_names(struct kunit *test)
{
	EXPECT(test, "-ENOMEM", "%pe", ERR_PTR(-ENOMEM));
	EXPECT(test, "[-ENOENT ]", "[%-8pe]", ERR_PTR(-ENOENT));
}

static void pointers_are_hashed_or_not(struct kunit *test)
{
	char once[32];

	EXPECT(test, "0000000000012345", "%px", (void *)0x12345);
	EXPECT(test, "(null)", "%s", (char *)NULL);
	snprintf(once, sizeof(once), "%p", text);
	KUNIT_EXPECT_EQ(test, strlen(once), 16ul);
	EXPECT(test, once, "%p", text);
	snprintf(text, sizeof(text), "%px", text);
	KUNIT_EXPECT_STRNEQ(test, text, once);
}

static void addresses_of_networks(struct kunit *test)
{
	static const u8 mac[] = { 0x00, 0x1a, 0x2b, 0x3c, 0x4d, 0x5e };
	__be32 ip = htonl(0x7f000001);
	struct in6_addr local = { .s6_addr = { [15] = 1 } };
	struct sockaddr_in socket = {
		.sin_family = AF_INET,
		.sin_port = htons(80),
		.sin_addr = { ip },
	};

	EXPECT(test, "00:1a:2b:3c:4d:5e 001a2b3c4d5e 5e:4d:3c:2b:1a:00", "%pM %pm %pMR", mac, mac,
	       mac);
	EXPECT(test, "127.0.0.1 127.000.000.001", "%pI4 %pi4", &ip, &ip);
	EXPECT(test, "::1", "%pI6c", &local);
	EXPECT(test, "127.0.0.1:80", "%pISpc", &socket);
}

static void bytes_and_bits(struct kunit *test)
{
	static const u8 bytes[] = { 1, 0xab, 3 };
	DECLARE_BITMAP(bits, 40) = { 0x80000000f1UL };
	guid_t guid = GUID_INIT(0x01020304, 0x0506, 0x0708, 9, 10, 11, 12, 13, 14, 15, 16);
	struct cpumask cpus;

	EXPECT(test, "01 ab 03", "%*ph", 3, bytes);
	EXPECT(test, "01:ab:03 01-ab-03 01ab03", "%*phC %*phD %*phN", 3, bytes, 3, bytes, 3, bytes);
	EXPECT(test, "80,000000f1", "%*pb", 40, bits);
	EXPECT(test, "0,4-7,39", "%*pbl", 40, bits);
	cpumask_clear(&cpus);
	cpumask_set_cpu(3, &cpus);
	EXPECT(test, "3", "%*pbl", cpumask_pr_args(&cpus));
	EXPECT(test, "a\\n\\t", "%*pE", 3, "a\n\t");
	EXPECT(test, "01020304-0506-0708-090a-0b0c0d0e0f10", "%pUl", &guid);
}

static void values_by_address(struct kunit *test)
{
	struct resource range = { .start = 0x10, .end = 0x1f, .flags = IORESOURCE_MEM };
	phys_addr_t address = 0x1234;
	time64_t time = 86400;
	gfp_t flags = GFP_KERNEL | __GFP_ZERO, none = GFP_NOWAIT | __GFP_NOWARN;

	EXPECT(test, "[mem 0x00000010-0x0000001f]", "%pR", &range);
	EXPECT(test, "0x0000000000001234", "%pa", &address);
	EXPECT(test, "1970-01-02T00:00:00", "%ptT", &time);
	EXPECT(test, "GFP_KERNEL|__GFP_ZERO", "%pGg", &flags);
	EXPECT(test, "GFP_NOWAIT|__GFP_NOWARN", "%pGg", &none);
}

static void __printf(2, 3) nested(struct kunit *test, const char *fmt, ...)
{
	struct va_format inner = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	inner.va = &args;
	EXPECT(test, "<7 seven>", "<%pV>", &inner);
	va_end(args);
}

static void messages_in_messages(struct kunit *test)
{
	nested(test, "%d %s", 7, "seven");
}

static struct kunit_case printk_cases[] = {
	KUNIT_CASE(functions_have_names),
	KUNIT_CASE(errors_have_names),
	KUNIT_CASE(pointers_are_hashed_or_not),
	KUNIT_CASE(addresses_of_networks),
	KUNIT_CASE(bytes_and_bits),
	KUNIT_CASE(values_by_address),
	KUNIT_CASE(messages_in_messages),
	{},
};

static struct kunit_suite printk_suite = {
	.name = "printk",
	.test_cases = printk_cases,
};
kunit_test_suite(printk_suite);

MODULE_LICENSE("Dual MIT/GPL");
