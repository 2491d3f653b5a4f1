/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

#include "audit.h"
#include "page/event.h"
#include "page/page.h"

/*
 * Few frames, several nodes, all zones; the OOM policies that go on; both daemons. A
 * boost asks for a pageblock more of free frames in each zone, which is more than these
 * small machines can have and be full.
 */
static const struct machine {
	const char *cmdline;
	bool boosts;
} machines[] = {
	{ "mem=64M nr_cpus=4 kalloc.swap=8M", false },
	{ "mem=96M nr_cpus=8 numa=fake=3 kalloc.swap=16M kalloc.oom=kill", false },
	{ "mem=96M nr_cpus=2 highmem=16M movablecore=24M kalloc.swap=24M kalloc.oom=kill kalloc.daemons=step",
	  false },
	{ "mem=64M nr_cpus=3 kalloc.swap=1M kalloc.kvmalloc=random slub_debug=FZP", true },
};

#define FULL_SHARE  90 /* hundredths of the steps that must find memory full */
#define NR_MACHINES (sizeof(machines) / sizeof(machines[0]))

struct options {
	unsigned long nr_steps;
	unsigned long seconds;
	unsigned long seed;
};

void soak_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("soak: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

/* Failures and OOM reports are what is asked for; a complaint is not. */
static void listen_to(void *ctx, const char *text)
{
	static const char *const complaints[] = { "BUG", "WARNING:", "Bad page", "panic" };

	__atomic_add_fetch((unsigned long *)ctx, 1, __ATOMIC_RELAXED);
	for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++) {
		if (strstr(text, complaints[i]))
			soak_fail("the library says: %s", text);
	}
}

/* Marks well below what the soak leaves free. */
static void set_marks(const struct soak *soak, bool boosts)
{
	char text[32];

	snprintf(text, sizeof(text), "%lu", soak->nr_frames * (PAGE_SIZE / 1024) / 400);
	SOAK_CHECK(kalloc_write("/proc/sys/vm/min_free_kbytes", text) > 0);
	if (!boosts)
		SOAK_CHECK(kalloc_write("/proc/sys/vm/watermark_boost_factor", "0") > 0);
}

static void run_threads(struct soak *soak, const struct options *options)
{
	for (int i = 0; i < THREADS; i++) {
		struct worker *worker = &soak->workers[i];

		*worker = (struct worker){ .soak = soak };
		worker->rand.state = options->seed * THREADS + (unsigned long)i;
		store_init(&worker->store, (unsigned int)soak->nr_frames);
		mover_init(&worker->mover);
		hoard_init(&worker->hoard, 100 + i);
	}
	for (int i = 0; i < THREADS; i++) {
		struct worker *worker = &soak->workers[i];

		SOAK_CHECK(!pthread_create(&worker->thread, NULL, worker_run, worker));
	}
	if (!options->nr_steps) {
		usleep((unsigned int)(options->seconds * 1000000 / NR_MACHINES));
		__atomic_store_n(&soak->stop, true, __ATOMIC_RELAXED);
	}
	for (int i = 0; i < THREADS; i++)
		SOAK_CHECK(!pthread_join(soak->workers[i].thread, NULL));
}

static void free_everything(struct soak *soak)
{
	for (int i = 0; i < THREADS; i++) {
		struct worker *worker = &soak->workers[i];

		hoard_fini(&worker->hoard);
		mover_fini(&worker->mover);
		store_fini(&worker->store);
	}
}

/* Return: the share of steps that found memory full, in hundredths. */
static unsigned long report(const struct soak *soak, unsigned long nr_messages)
{
	static const char *const names[NR_LAYERS] = { "",	 "pages",    "kmalloc", "cache",
						      "vmalloc", "kvmalloc", "mempool", "flex" };
	struct worker sum = { .soak = NULL };

	for (int i = 0; i < THREADS; i++) {
		const struct worker *worker = &soak->workers[i];

		for (int layer = 1; layer < NR_LAYERS; layer++) {
			sum.holdings.nr_made[layer] += worker->holdings.nr_made[layer];
			sum.holdings.nr_refused[layer] += worker->holdings.nr_refused[layer];
		}
		sum.fullness.nr_steps += worker->fullness.nr_steps;
		sum.fullness.nr_full += worker->fullness.nr_full;
		sum.fullness.permille_sum += worker->fullness.permille_sum;
		sum.store.nr_evicted += worker->store.nr_evicted;
		sum.store.nr_moved += worker->store.nr_moved;
		sum.store.nr_written += worker->store.nr_written;
		sum.mover.nr_moved += worker->mover.nr_moved;
		sum.hoard.nr_refused += worker->hoard.nr_refused;
		sum.hoard.nr_killed += worker->hoard.nr_killed;
	}
	printf("  %lu steps, %.1f %% in use on average, %d %% or more at %.1f %% of the steps\n",
	       sum.fullness.nr_steps,
	       (double)sum.fullness.permille_sum / (double)sum.fullness.nr_steps / 10.0,
	       FULL_PERCENT, 100.0 * (double)sum.fullness.nr_full / (double)sum.fullness.nr_steps);
	for (int layer = 1; layer < NR_LAYERS; layer++)
		printf("  %-9s %9lu made %9lu refused\n", names[layer], sum.holdings.nr_made[layer],
		       sum.holdings.nr_refused[layer]);
	printf("  reclaim: %lu written, %lu evicted, %lu objects shrunk, kswapd ran %lu times\n",
	       sum.store.nr_written, sum.store.nr_evicted, soak->shrinkable.nr_shrunk,
	       page_event(soak->m, PAGEOUTRUN));
	printf("  compaction: %lu LRU pages and %lu others moved; %lu stalls, %lu failed\n",
	       sum.store.nr_moved, sum.mover.nr_moved, page_event(soak->m, COMPACTSTALL),
	       page_event(soak->m, COMPACTFAIL));
	printf("  out of memory: %lu refused, %lu killed; %lu messages\n", sum.hoard.nr_refused,
	       sum.hoard.nr_killed, nr_messages);
	return sum.fullness.nr_full * 100 / sum.fullness.nr_steps;
}

static void soak_machine(const struct machine *machine, const struct options *options)
{
	static struct soak soak;
	unsigned long nr_messages = 0, percent;
	struct audit before, after;

	puts(machine->cmdline);
	memset(&soak, 0, sizeof(soak));
	soak.nr_steps = options->nr_steps;
	kalloc_set_console(listen_to, &nr_messages);
	soak.m = kalloc_boot(machine->cmdline);
	SOAK_CHECK(soak.m);
	kalloc_enter(soak.m);
	soak.nr_frames = pages_total(soak.m);
	set_marks(&soak, machine->boosts);

	before = audit_take(&soak);
	layers_init(&soak);
	shrinkable_init(&soak.shrinkable, soak.nr_frames / 8);
	run_threads(&soak, options);
	free_everything(&soak);
	shrinkable_fini(&soak.shrinkable);
	layers_fini(&soak);
	percent = report(&soak, nr_messages);
	SOAK_CHECK(machine->boosts || percent >= FULL_SHARE);
	after = audit_take(&soak);
	audit_compare(&before, &after);
	printf("  nothing lost: %lu frames free as before\n", after.nr_free);

	kalloc_enter(NULL);
	kalloc_halt(soak.m);
	kalloc_set_console(NULL, NULL);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long value = text ? strtoul(text, &end, 10) : 0;

	if (!text || !*text || *end) {
		fputs("usage: soak [--steps N | --seconds N] [--seed N]\n", stderr);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	struct options options = { .nr_steps = 12000, .seed = 1 };

	for (int i = 1; i < argc; i += 2) {
		if (!strcmp(argv[i], "--steps"))
			options.nr_steps = number(argv[i + 1]);
		else if (!strcmp(argv[i], "--seed"))
			options.seed = number(argv[i + 1]);
		else if (!strcmp(argv[i], "--seconds"))
			options = (struct options){ .seconds = number(argv[i + 1]),
						    .seed = options.seed };
		else
			number(NULL);
	}
	if (getenv("KALLOC_UNDER_VALGRIND"))
		options.nr_steps /= 25;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("seed %lu\n", options.seed);
	for (size_t i = 0; i < NR_MACHINES; i++)
		soak_machine(&machines[i], &options);
	puts("soak: passed");
	return 0;
}
