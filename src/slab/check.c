/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "pattern.h"

/* Bytes [@from, @from + @bytes) should all be @value. Return: true if they are. */
static bool bytes_ok(struct finding *f, unsigned char *from, unsigned char value, size_t bytes)
{
	unsigned char *end = from + bytes;

	while (from < end && *from == value)
		from++;
	if (from == end)
		return true;
	while (end[-1] == value)
		end--;
	f->kind = FINDING_BYTES;
	f->from = from;
	f->to = end;
	f->first = *from;
	f->value = value;
	return false;
}

static bool number(struct finding *f, enum finding_kind kind, int found, int expected)
{
	f->kind = kind;
	f->found = found;
	f->expected = expected;
	return false;
}

static bool is_pointer(const struct kmem_cache *s, const struct slab *slab, const void *next)
{
	return !next || slab_index(s, slab, next) >= 0;
}

static unsigned int objects_of_order(const struct kmem_cache *s, const struct slab *slab)
{
	return min(size_objects(compound_order(slab_page(slab)), s->size), MAX_OBJS_PER_PAGE);
}

/* What a slab says of itself; nothing of it can be mended. */
static bool head_ok(const struct kmem_cache *s, const struct slab *slab, struct finding *f)
{
	f->ends = true;
	if (!PageSlab((const struct page *)slab)) {
		f->kind = FINDING_PAGE;
		return false;
	}
	if (slab->objects > objects_of_order(s, slab))
		return number(f, FINDING_OBJECTS, slab->objects, (int)objects_of_order(s, slab));
	if (slab->inuse > slab->objects)
		return number(f, FINDING_INUSE, slab->inuse, slab->objects);
	f->ends = false;
	return true;
}

static bool rest_ok(const struct kmem_cache *s, const struct slab *slab, struct finding *f)
{
	size_t bytes = PAGE_SIZE << compound_order(slab_page(slab)), rest = bytes % s->size;

	if (!(s->flags & SLAB_POISON) ||
	    bytes_ok(f, (unsigned char *)slab_address(s, slab) + bytes - rest, POISON_INUSE, rest))
		return true;
	f->kind = FINDING_REST;
	f->what = "slab padding";
	return false;
}

/* The list of free objects leads nowhere else and ends; its length in *@nr. */
static bool chain_ok(const struct kmem_cache *s, const struct slab *slab, int *nr,
		     struct finding *f)
{
	unsigned char *last = NULL, *at = slab->freelist;

	for (*nr = 0; at && *nr <= slab->objects; (*nr)++) {
		if (!is_pointer(s, slab, at)) {
			f->kind = last ? FINDING_CHAIN : FINDING_HEAD;
			f->object = last;
			f->ends = !last;
			return false;
		}
		last = at;
		at = object_next(s, last);
	}
	if (*nr <= slab->objects)
		return true;
	f->kind = FINDING_CYCLE;
	f->ends = true;
	return false;
}

bool check_slab(const struct kmem_cache *s, const struct slab *slab, struct finding *f)
{
	int nr, most;

	*f = (struct finding){ .object = NULL };
	if (!head_ok(s, slab, f) || !rest_ok(s, slab, f) || !chain_ok(s, slab, &nr, f))
		return false;
	most = (int)objects_of_order(s, slab);
	if (slab->objects != most)
		return number(f, FINDING_NR, slab->objects, most);
	if (slab->inuse != slab->objects - nr)
		return number(f, FINDING_COUNT, slab->inuse, slab->objects - nr);
	return true;
}

static bool red_zones_ok(const struct kmem_cache *s, unsigned char *p, bool is_free,
			 struct finding *f)
{
	unsigned char red = is_free ? SLUB_RED_INACTIVE : SLUB_RED_ACTIVE;
	size_t asked;

	f->what = "Left Redzone";
	if (!bytes_ok(f, p - s->red_left_pad, red, s->red_left_pad))
		return false;
	f->what = "Right Redzone";
	if (!bytes_ok(f, p + s->object_size, red, s->inuse - s->object_size))
		return false;
	if (is_free)
		return true;
	f->what = "kmalloc Redzone";
	asked = pattern_request(s, p);
	return asked > s->object_size || bytes_ok(f, p + asked, red, s->object_size - asked);
}

static bool poison_ok(const struct kmem_cache *s, unsigned char *p, struct finding *f)
{
	f->what = "Poison";
	if (!bytes_ok(f, p, POISON_FREE, s->object_size - 1))
		return false;
	f->what = "End Poison";
	return bytes_ok(f, p + s->object_size - 1, POISON_END, 1);
}

/* What rounding left between the object and the next part, and what follows the last part. */
static bool fill_ok(const struct kmem_cache *s, unsigned char *p, struct finding *f)
{
	f->what = "Alignment padding";
	return (s->flags & SLAB_RED_ZONE) ||
	       bytes_ok(f, p + s->object_size, POISON_INUSE, s->inuse - s->object_size);
}

static bool padding_ok(const struct kmem_cache *s, unsigned char *p, struct finding *f)
{
	size_t end = pattern_end(s);

	f->what = "Object padding";
	return bytes_ok(f, p + end, POISON_INUSE, s->size - s->red_left_pad - end);
}

/* Of an object in use that has it inside, the pointer is the user's. */
static bool pointer_ok(const struct kmem_cache *s, const struct slab *slab, const void *object,
		       bool is_free, struct finding *f)
{
	if ((!is_free && s->offset < s->inuse) || is_pointer(s, slab, object_next(s, object)))
		return true;
	f->kind = FINDING_POINTER;
	return false;
}

bool check_object(const struct kmem_cache *s, const struct slab *slab, void *object, bool is_free,
		  struct finding *f)
{
	bool has_fill = s->flags & SLAB_POISON;

	*f = (struct finding){ .object = object };
	if (has_fill && !fill_ok(s, object, f))
		return false;
	f->ends = true;
	if ((s->flags & SLAB_RED_ZONE) && !red_zones_ok(s, object, is_free, f))
		return false;
	if (is_free && (s->flags & OBJECT_POISON) && !poison_ok(s, object, f))
		return false;
	f->ends = false;
	if (has_fill && !padding_ok(s, object, f))
		return false;
	f->ends = true;
	return pointer_ok(s, slab, object, is_free, f);
}

void check_mend(const struct kmem_cache *s, struct slab *slab, const struct finding *f)
{
	switch (f->kind) {
	case FINDING_BYTES:
	case FINDING_REST:
		memset(f->from, f->value, (size_t)(f->to - f->from));
		break;
	case FINDING_CHAIN:
	case FINDING_POINTER:
		object_set_next(s, f->object, NULL);
		break;
	case FINDING_HEAD:
	case FINDING_CYCLE:
		slab->freelist = NULL;
		slab->inuse = slab->objects;
		break;
	case FINDING_NR:
		slab->objects = (unsigned int)f->expected & MAX_OBJS_PER_PAGE;
		break;
	case FINDING_COUNT:
		slab->inuse = (unsigned int)f->expected & 0xffff;
		break;
	case FINDING_PAGE:
	case FINDING_OBJECTS:
	case FINDING_INUSE:
		break;
	}
}
