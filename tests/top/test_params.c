/* SPDX-License-Identifier: MIT */
/*
 * Proves src/params.c: the default of every parameter, every parameter's effect,
 * and for every way a word can be wrong -EINVAL and exactly one line that names
 * it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/slab.h>

#include "top_test.h"
#include "cpu.h"
#include "params.h"
#include "text.h"
#include "trace.h"

#define FIELD(f) offsetof(struct machine_params, f), sizeof(((struct machine_params *)0)->f)
#define FZPU	 (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER)

static struct machine_params parse(const char *cmdline)
{
	struct machine_params params;

	console_catch();
	assert_int_equal(params_parse(cmdline, &params), 0);
	assert_string_equal(console_said, "");
	return params;
}

static void test_defaults(void **state)
{
	static const char *const empty[] = { NULL, "", "  \t\n " };

	for (size_t i = 0; i < ARRAY_SIZE(empty); i++) {
		struct machine_params p = parse(empty[i]);

		assert_int_equal(p.mem_bytes, 1UL << 30);
		assert_int_equal(p.highmem_bytes, 0);
		assert_int_equal(p.movablecore_bytes, 0);
		assert_int_equal(p.vmalloc_bytes, 0);
		assert_int_equal(p.nr_cpus, cpu_host_count());
		assert_int_equal(p.nr_nodes, 1);
		assert_int_equal(p.max_order, 10);
		assert_int_equal(p.seed, 0);
		assert_int_equal(p.slub_debug, 0);
		assert_string_equal(p.slub_debug_caches, "");
		assert_int_equal(p.slub_min_order, 0);
		assert_int_equal(p.slub_max_order, 3);
		assert_int_equal(p.slub_min_objects, 0);
		assert_false(p.slab_nomerge);
		assert_false(p.init_on_alloc);
		assert_false(p.init_on_free);
		assert_false(p.kasan);
		assert_false(p.page_owner);
		assert_int_equal(p.trace_events, 0);
		assert_int_equal(p.trace_bytes, 0);
		assert_int_equal(p.trace_clock, TRACE_CLOCK_LOCAL);
		assert_int_equal(p.kvmalloc, KVMALLOC_SLAB);
		assert_int_equal(p.oom, OOM_FAIL);
		assert_int_equal(p.swap_bytes, 0);
		assert_false(p.daemons_step);
		assert_false(p.vfree_unmap);
		assert_false(p.ram_private);
	}
}

/* Each row is one command line, the field it is about and what that must hold. */
static const struct {
	const char *cmdline;
	size_t offset;
	size_t size;
	unsigned long value;
} good[] = {
	{ "mem=512M", FIELD(mem_bytes), 512UL << 20 },
	{ "mem=4M", FIELD(mem_bytes), 4UL << 20 },
	{ "mem=16T", FIELD(mem_bytes), 16UL << 40 },
	{ "mem=0x10000000", FIELD(mem_bytes), 256UL << 20 },
	{ "mem=\"128m\"", FIELD(mem_bytes), 128UL << 20 },
	{ "mem=8388609", FIELD(mem_bytes), 8UL << 20 }, /* whole frames */
	{ "mem=1G mem=64M", FIELD(mem_bytes), 64UL << 20 },
	{ "highmem=256m", FIELD(highmem_bytes), 256UL << 20 },
	{ "movablecore=100M", FIELD(movablecore_bytes), 100UL << 20 },
	{ "vmalloc=64M", FIELD(vmalloc_bytes), 64UL << 20 },
	{ "vmalloc=1048577", FIELD(vmalloc_bytes), (1UL << 20) + 4096 },
	{ "nr_cpus=1", FIELD(nr_cpus), 1 },
	{ "nr_cpus=4096", FIELD(nr_cpus), 4096 },
	{ "numa=fake=1", FIELD(nr_nodes), 1 },
	{ "numa=fake=64", FIELD(nr_nodes), 64 },
	{ "kalloc.max_order=1", FIELD(max_order), 1 },
	{ "kalloc.max_order=18", FIELD(max_order), 18 },
	{ "kalloc.seed=42", FIELD(seed), 42 },
	{ "kalloc.seed=0xffffffffffffffff", FIELD(seed), ~0UL },
	{ "slub_debug", FIELD(slub_debug), FZPU },
	{ "slub_debug=", FIELD(slub_debug), FZPU },
	{ "slub_debug=,dentry", FIELD(slub_debug), FZPU },
	{ "slub_debug=F", FIELD(slub_debug), SLAB_CONSISTENCY_CHECKS },
	{ "slub_debug=z", FIELD(slub_debug), SLAB_RED_ZONE },
	{ "slub_debug=P", FIELD(slub_debug), SLAB_POISON },
	{ "slub_debug=U", FIELD(slub_debug), SLAB_STORE_USER },
	{ "slub_debug=T", FIELD(slub_debug), SLAB_TRACE },
	{ "slub_debug=A", FIELD(slub_debug), 0 },
	{ "slub_debug=OF", FIELD(slub_debug), SLAB_CONSISTENCY_CHECKS },
	{ "slub_debug=-", FIELD(slub_debug), 0 },
	{ "slub_debug=FZ-", FIELD(slub_debug), 0 },
	{ "slub_debug=fzpu,kmalloc-64", FIELD(slub_debug), FZPU },
	{ "slab_nomerge", FIELD(slab_nomerge), true },
	{ "slub_nomerge", FIELD(slab_nomerge), true },
	{ "slub_min_order=2", FIELD(slub_min_order), 2 },
	{ "slub_min_order=12", FIELD(slub_min_order), 10 }, /* no larger than the largest */
	{ "slub_max_order=0", FIELD(slub_max_order), 0 },
	{ "kalloc.max_order=2", FIELD(slub_max_order), 2 },
	{ "slub_min_objects=17", FIELD(slub_min_objects), 17 },
	{ "init_on_alloc=1", FIELD(init_on_alloc), true },
	{ "init_on_alloc=on", FIELD(init_on_alloc), true },
	{ "init_on_alloc=Y", FIELD(init_on_alloc), true },
	{ "init_on_alloc=1 init_on_alloc=OFF", FIELD(init_on_alloc), false },
	{ "init_on_free=yes", FIELD(init_on_free), true },
	{ "init_on_free=true", FIELD(init_on_free), true },
	{ "init_on_free=1 init_on_free=n", FIELD(init_on_free), false },
	{ "init_on_free=1 init_on_free=0", FIELD(init_on_free), false },
	{ "kasan=on kasan=off", FIELD(kasan), false },
	{ "page_owner=on", FIELD(page_owner), true },
	{ "page_owner=1", FIELD(page_owner), true },
	{ "page_owner=on page_owner=off", FIELD(page_owner), false },
	{ "trace_event=kmem:kfree", FIELD(trace_events), TRACE_BIT(kfree) },
	{ "trace_event=kfree,kmem:kmalloc", FIELD(trace_events),
	  TRACE_BIT(kfree) | TRACE_BIT(kmalloc) },
	{ "trace_event=", FIELD(trace_events), 0 },
	{ "trace_event=kmem:kfree trace_event=kmalloc", FIELD(trace_events), TRACE_BIT(kmalloc) },
	{ "trace_buf_size=64K", FIELD(trace_bytes), 64UL << 10 },
	{ "trace_clock=counter", FIELD(trace_clock), TRACE_CLOCK_COUNTER },
	{ "trace_clock=mono trace_clock=local", FIELD(trace_clock), TRACE_CLOCK_LOCAL },
	{ "kalloc.kvmalloc=slab", FIELD(kvmalloc), KVMALLOC_SLAB },
	{ "kalloc.kvmalloc=vmap", FIELD(kvmalloc), KVMALLOC_VMAP },
	{ "kalloc.kvmalloc=random", FIELD(kvmalloc), KVMALLOC_RANDOM },
	{ "kalloc.oom=fail", FIELD(oom), OOM_FAIL },
	{ "kalloc.oom=kill", FIELD(oom), OOM_KILL_TASK },
	{ "kalloc.oom=panic", FIELD(oom), OOM_PANIC },
	{ "kalloc.oom=panic kalloc.oom=fail", FIELD(oom), OOM_FAIL },
	{ "kalloc.swap=64M", FIELD(swap_bytes), 64UL << 20 },
	{ "kalloc.swap=8193", FIELD(swap_bytes), 8192 }, /* whole frames */
	{ "kalloc.swap=64M kalloc.swap=0", FIELD(swap_bytes), 0 },
	{ "kalloc.vfree=unmap", FIELD(vfree_unmap), true },
	{ "kalloc.vfree=unmap kalloc.vfree=lazy", FIELD(vfree_unmap), false },
	{ "kalloc.ram=private", FIELD(ram_private), true },
	{ "kalloc.ram=private kalloc.ram=shared highmem=64M", FIELD(ram_private), false },
	{ "kalloc.daemons=step", FIELD(daemons_step), true },
	{ "kalloc.daemons=step kalloc.daemons=inline", FIELD(daemons_step), false },
	{ "nr_cpus=3 kalloc.seed=9 mem=32M", FIELD(seed), 9 },
};

static void test_good(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct machine_params p = parse(good[i].cmdline);
		unsigned long value = 0;

		memcpy(&value, (char *)&p + good[i].offset, good[i].size);
		if (value != good[i].value)
			fail_msg("%s: %#lx, not %#lx", good[i].cmdline, value, good[i].value);
	}
}

static void test_slub_debug_caches(void **state)
{
	assert_string_equal(parse("slub_debug=FZ,dentry,kmalloc-*").slub_debug_caches,
			    "dentry,kmalloc-*");
	assert_string_equal(parse("slub_debug=,a").slub_debug_caches, "a");
	assert_string_equal(parse("slub_debug=F,a slub_debug=F").slub_debug_caches, "");
}

static const struct {
	const char *cmdline;
	const char *said;
} bad[] = {
	{ "foo=1", "kalloc: unknown parameter 'foo=1'\n" },
	{ "quiet", "kalloc: unknown parameter 'quiet'\n" },
	{ "=3", "kalloc: unknown parameter '=3'\n" },
	{ "Mem=1G", "kalloc: unknown parameter 'Mem=1G'\n" },
	{ "memo=1G", "kalloc: unknown parameter 'memo=1G'\n" },
	{ "mem=64M me=1G", "kalloc: unknown parameter 'me=1G'\n" },
	{ "mem", "kalloc: mem: needs a value\n" },
	{ "mem=", "kalloc: mem=: not a size\n" },
	{ "mem=12Q", "kalloc: mem=12Q: not a size\n" },
	{ "mem=1GB", "kalloc: mem=1GB: not a size\n" },
	{ "mem=-1", "kalloc: mem=-1: not a size\n" },
	{ "mem=0", "kalloc: mem=0: must be 4M to 16T\n" },
	{ "mem=4095K", "kalloc: mem=4095K: must be 4M to 16T\n" },
	{ "mem=17T", "kalloc: mem=17T: must be 4M to 16T\n" },
	{ "mem=99999999999999999999", "kalloc: mem=99999999999999999999: must be 4M to 16T\n" },
	{ "mem=64M highmem=64M", "kalloc: highmem=64M: must be less than mem=64M\n" },
	{ "mem=64M highmem=1G", "kalloc: highmem=1G: must be less than mem=64M\n" },
	{ "mem=65M movablecore=1G", "kalloc: movablecore=1G: must be less than mem=65M\n" },
	{ "mem=8M highmem=7M movablecore=7M",
	  "kalloc: highmem= and movablecore= leave less than 4M of mem=\n" },
	{ "mem=8M highmem=8188K",
	  "kalloc: highmem= and movablecore= leave less than 4M of mem=\n" },
	{ "vmalloc=4K", "kalloc: vmalloc=4K: must be 1M to 64T\n" },
	{ "vmalloc=1P", "kalloc: vmalloc=1P: must be 1M to 64T\n" },
	{ "nr_cpus=0", "kalloc: nr_cpus=0: must be 1 to 4096\n" },
	{ "nr_cpus=4097", "kalloc: nr_cpus=4097: must be 1 to 4096\n" },
	{ "nr_cpus=4k", "kalloc: nr_cpus=4k: not a number\n" },
	{ "nr_cpus=two", "kalloc: nr_cpus=two: not a number\n" },
	{ "nr_cpus=", "kalloc: nr_cpus=: not a number\n" },
	{ "numa=2", "kalloc: numa=2: must be numa=fake=<nodes>\n" },
	{ "numa=fake", "kalloc: numa=fake: must be numa=fake=<nodes>\n" },
	{ "numa=fake=", "kalloc: numa=fake=: not a number\n" },
	{ "numa=fake=65", "kalloc: numa=fake=65: must be 1 to 64\n" },
	{ "numa=fake=0", "kalloc: numa=fake=0: must be 1 to 64\n" },
	{ "mem=16M numa=fake=5", "kalloc: numa=fake=5: a node must have at least 4M\n" },
	{ "kalloc.max_order=0", "kalloc: kalloc.max_order=0: must be 1 to 18\n" },
	{ "kalloc.max_order=19", "kalloc: kalloc.max_order=19: must be 1 to 18\n" },
	{ "kalloc.seed=0x10000000000000000",
	  "kalloc: kalloc.seed=0x10000000000000000: must be 0 to 18446744073709551615\n" },
	{ "slub_debug=FZQ", "kalloc: slub_debug=FZQ: flags are letters of FZPUTAO-\n" },
	{ "slub_debug=F,a;Z,b", "kalloc: slub_debug=F,a;Z,b: only one block of flags\n" },
	{ "slab_nomerge=1", "kalloc: slab_nomerge=1: takes no value\n" },
	{ "slub_max_order=19", "kalloc: slub_max_order=19: must be 0 to 18\n" },
	{ "init_on_alloc", "kalloc: init_on_alloc: needs a value\n" },
	{ "init_on_alloc=", "kalloc: init_on_alloc=: must be on or off\n" },
	{ "init_on_alloc=2", "kalloc: init_on_alloc=2: must be on or off\n" },
	{ "init_on_free=o", "kalloc: init_on_free=o: must be on or off\n" },
	{ "kasan=on", "kalloc: kasan=on: the program is not made with AddressSanitizer, "
		      "or libkalloc is\n" },
	{ "trace_event", "kalloc: trace_event: needs a value\n" },
	{ "trace_event=kmem:kmallo,kfree",
	  "kalloc: trace_event=kmem:kmallo,kfree: no event is called 'kmem:kmallo'\n" },
	{ "trace_buf_size=4095", "kalloc: trace_buf_size=4095: must be 4K to 1G\n" },
	{ "trace_buf_size=2G", "kalloc: trace_buf_size=2G: must be 4K to 1G\n" },
	{ "trace_clock=boot", "kalloc: trace_clock=boot: must be local, counter or mono\n" },
	{ "kalloc.kvmalloc=", "kalloc: kalloc.kvmalloc=: must be slab, vmap or random\n" },
	{ "kalloc.kvmalloc=slabs",
	  "kalloc: kalloc.kvmalloc=slabs: must be slab, vmap or random\n" },
	{ "kalloc.oom", "kalloc: kalloc.oom: needs a value\n" },
	{ "kalloc.oom=", "kalloc: kalloc.oom=: must be fail, kill or panic\n" },
	{ "kalloc.oom=killer", "kalloc: kalloc.oom=killer: must be fail, kill or panic\n" },
	{ "kalloc.swap", "kalloc: kalloc.swap: needs a value\n" },
	{ "kalloc.swap=some", "kalloc: kalloc.swap=some: not a size\n" },
	{ "kalloc.swap=17T", "kalloc: kalloc.swap=17T: must be 0 to 16T\n" },
	{ "kalloc.daemons=thread", "kalloc: kalloc.daemons=thread: must be inline or step\n" },
	{ "kalloc.vfree=", "kalloc: kalloc.vfree=: must be lazy or unmap\n" },
	{ "kalloc.vfree=now", "kalloc: kalloc.vfree=now: must be lazy or unmap\n" },
	{ "kalloc.ram=", "kalloc: kalloc.ram=: must be shared or private\n" },
	{ "kalloc.ram=anonymous", "kalloc: kalloc.ram=anonymous: must be shared or private\n" },
	{ "kalloc.ram=private highmem=64M",
	  "kalloc: kalloc.ram=private: no highmem=, which is seen by mapping it\n" },
	{ "kalloc.daemons=ste", "kalloc: kalloc.daemons=ste: must be inline or step\n" },
	{ "mem=\"1G", "kalloc: mem=\"1G: unclosed quote\n" },
};

static void test_bad(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct machine_params params;

		console_catch();
		assert_int_equal(params_parse(bad[i].cmdline, &params), -EINVAL);
		assert_string_equal(console_said, bad[i].said);
	}
}

static void test_cache_list_too_long(void **state)
{
	struct machine_params params;
	char cmdline[200];

	memset(cmdline, 'x', sizeof(cmdline));
	memcpy(cmdline, "slub_debug=F,", 13);
	cmdline[13 + sizeof(params.slub_debug_caches)] = '\0';
	console_catch();
	assert_int_equal(params_parse(cmdline, &params), -EINVAL);
	assert_non_null(strstr(console_said, ": list of caches too long\n"));

	cmdline[13 + sizeof(params.slub_debug_caches) - 1] = '\0';
	assert_int_equal(strlen(parse(cmdline).slub_debug_caches),
			 sizeof(params.slub_debug_caches) - 1);
}

static void test_show_bytes(void **state)
{
	static const struct {
		unsigned long bytes;
		const char *shown;
	} rows[] = {
		{ 0, "0" },
		{ 1, "1" },
		{ 1023, "1023" },
		{ 1024, "1K" },
		{ 1025 << 10, "1025K" },
		{ 4UL << 20, "4M" },
		{ 1UL << 30, "1G" },
		{ 3UL << 40, "3T" },
		{ 1UL << 50, "1024T" },
		{ ~0UL, "18446744073709551615" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char buf[32];
		struct text text = text_on(buf, sizeof(buf));

		params_show_bytes(&text, rows[i].bytes);
		assert_string_equal(buf, rows[i].shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_slub_debug_caches),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_cache_list_too_long),
		cmocka_unit_test(test_show_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
