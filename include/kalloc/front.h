/* SPDX-License-Identifier: MIT */
/*
 * Front: what kmem_cache_alloc(), kmalloc() and their frees do first, in the program's
 * own code (kalloc/inline.h). Nothing here is to be used by name.
 *
 * Objects at hand lie in *fronts*: each host CPU has a row of them in a table, and in its
 * row one for each *class*, a cache's number. Class 0 has none: its fronts are always
 * empty and full, and so are all those of a cache whose every request the library wants to
 * see. An entry for each frame says which class the objects in it are (0: none), so that
 * kfree() finds the front by the address alone.
 *
 * Layouts are part of the ABI: they change with the library's soname only. What the
 * library keeps behind the last member is its own.
 */
#ifndef KALLOC_FRONT_H
#define KALLOC_FRONT_H

#include <kalloc/context.h>
#include <kalloc/stack.h>

/* What the library keeps of each thread. */
struct kalloc_self {
	struct kalloc_task task;
	struct kalloc_machine *machine;	 /* the one entered; NULL: the default */
	struct kalloc_machine **current; /* where that, or the default one, stands */
	size_t row;			 /* where the fronts of the thread's CPU begin in a table */
	struct kalloc_area *area;	 /* the thread's own, or one that is nobody's */
	struct kalloc_area no_area;	 /* stands in where the thread has no sequences */
	int cpu;			 /* of the machine; negative: none yet */
	bool cpu_is_set;		 /* by the thread itself, not lent */
	bool has_policy;		 /* a memory policy other than the default */
	bool is_counted;		 /* among those that asked for a CPU */
	unsigned int fail_nth;		 /* which request from now on fails; 0: none */
	bool (*fails)(gfp_t gfp);	 /* kalloc_fail_by() */
};

/* What frees look at. */
struct kalloc_space {
	char *start;		 /* of the machine's memory */
	size_t bytes;		 /* of it */
	unsigned short *classes; /* of each frame, by its address; not an array's beginning */
	char *fronts;		 /* of the first CPU, by class */
};

/* The largest size that the table of classes below is for. */
#define KALLOC_SMALL_SIZE 1024u

/* A struct kalloc_machine begins so. */
struct kalloc_objects {
	struct kalloc_space space;
	unsigned char small_class[KALLOC_SMALL_SIZE / 8 + 1]; /* by 8-byte words */
};

/* A struct kmem_cache begins so. */
struct kalloc_supply {
	char *fronts;		   /* in the first row of the table */
	unsigned int nr;	   /* its class; 0: no fronts */
	struct kalloc_space space; /* the machine's */
};

#define KALLOC_FRONT_BYTES 64u

KALLOC_BEGIN_DECLS

extern KALLOC_DATA
	__attribute__((tls_model("initial-exec"))) __thread struct kalloc_self kalloc_self;

KALLOC_END_DECLS

/* The calling thread's current machine; NULL if that is a default one yet to be booted. */
KALLOC_INLINED struct kalloc_machine *kalloc_known(void)
{
	return __atomic_load_n(kalloc_self.current, __ATOMIC_ACQUIRE);
}

/* Take the pointer that was pushed last. NULL: there is none, or the stack is not ours now. */
KALLOC_INLINED void *kalloc_stack_pop(struct kalloc_stack *stack)
{
	void *object;
	size_t nr;

	if (!kalloc_is_alone())
		return kalloc_sequence_pop(stack, kalloc_self.area);
	nr = stack->nr;
	if (__builtin_expect(!nr, 0))
		return NULL;
	object = stack->slots[nr - 1];
	stack->nr = (unsigned int)nr - 1;
	if (!object) /* nobody pushes NULL; tell the compiler */
		__builtin_unreachable();
	return object;
}

/* Return: false if the stack is full, or not ours now. */
KALLOC_INLINED bool kalloc_stack_push(struct kalloc_stack *stack, void *object)
{
	size_t nr;

	if (!kalloc_is_alone())
		return kalloc_sequence_push(stack, kalloc_self.area, object);
	nr = stack->nr;
	if (__builtin_expect(nr >= stack->most, 0))
		return 0;
	stack->slots[nr] = object;
	stack->nr = (unsigned int)nr + 1;
	return 1;
}

/* The stack of the calling thread's CPU; @fronts: in the first row. */
KALLOC_INLINED struct kalloc_stack *kalloc_front(char *fronts)
{
	return (struct kalloc_stack *)(fronts + kalloc_self.row);
}

/* The same, by class. */
KALLOC_INLINED struct kalloc_stack *kalloc_front_of(const struct kalloc_space *space, size_t nr)
{
	return kalloc_front(space->fronts + nr * KALLOC_FRONT_BYTES);
}

/* The class of the frame at @object; ~0u if that is not in the space. */
KALLOC_INLINED unsigned int kalloc_class_at(const struct kalloc_space *space, const void *object)
{
	size_t at = (size_t)((const char *)object - space->start);

	return __builtin_expect(at < space->bytes, 1)
		       ? __atomic_load_n(&space->classes[(size_t)object >> PAGE_SHIFT],
					 __ATOMIC_RELAXED)
		       : ~0u;
}

#endif
