/* SPDX-License-Identifier: MIT */
/*
 * What is to be done for each CPU that comes: whoever names it has it done there and then, for
 * every CPU that there can be, so that threads find their CPU prepared. None goes before
 * the state is taken back. States of several instances there are none.
 */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/mutex.h>

#include "core.h"

struct step {
	bool is_used;
	int (*teardown)(unsigned int cpu);
};

static struct step steps[CPUHP_ONLINE + 1];
static DEFINE_MUTEX(lock);

/* The last of the states that are given out by number, of those that begin with @state. */
static int dynamic_end(enum cpuhp_state state)
{
	if (state == CPUHP_AP_ONLINE_DYN)
		return CPUHP_AP_ONLINE_DYN_END;
	return state == CPUHP_BP_PREPARE_DYN ? CPUHP_BP_PREPARE_DYN_END : state;
}

/* Return: a free state, @state itself unless it stands for any of several; negative: none. */
static int step_find(enum cpuhp_state state)
{
	int at;

	for (at = state; at <= dynamic_end(state); at++)
		if (!steps[at].is_used)
			return at;
	return dynamic_end(state) == (int)state ? -EBUSY : -ENOSPC;
}

static void undo(int (*teardown)(unsigned int cpu), unsigned int nr_cpus)
{
	while (teardown && nr_cpus--)
		teardown(nr_cpus);
}

/* For all CPUs or, after an error, for none. */
static int do_for_all(int (*startup)(unsigned int cpu), int (*teardown)(unsigned int cpu))
{
	unsigned int cpu;
	int error = 0;

	for (cpu = 0; startup && cpu < NR_CPUS; cpu++) {
		error = startup(cpu);
		if (error)
			break;
	}
	if (error)
		undo(teardown, cpu);
	return error;
}

int __cpuhp_setup_state_cpuslocked(enum cpuhp_state state, const char *name, bool invoke,
				   int (*startup)(unsigned int cpu),
				   int (*teardown)(unsigned int cpu), bool multi)
{
	int at, error = 0;

	mutex_lock(&lock);
	at = step_find(state);
	if (at >= 0 && invoke)
		error = do_for_all(startup, teardown);
	if (at >= 0 && !error)
		steps[at] = (struct step){ .is_used = true, .teardown = teardown };
	mutex_unlock(&lock);
	if (at < 0 || error)
		return at < 0 ? at : error;
	return dynamic_end(state) == (int)state ? 0 : at;
}

int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			int (*startup)(unsigned int cpu), int (*teardown)(unsigned int cpu),
			bool multi)
{
	return __cpuhp_setup_state_cpuslocked(state, name, invoke, startup, teardown, multi);
}

void __cpuhp_remove_state_cpuslocked(enum cpuhp_state state, bool invoke)
{
	mutex_lock(&lock);
	if (invoke && steps[state].is_used)
		undo(steps[state].teardown, NR_CPUS);
	steps[state] = (struct step){};
	mutex_unlock(&lock);
}

void __cpuhp_remove_state(enum cpuhp_state state, bool invoke)
{
	__cpuhp_remove_state_cpuslocked(state, invoke);
}
