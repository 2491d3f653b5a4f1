/* SPDX-License-Identifier: MIT */
/* GFP flags as text, both ways. */
#include <kalloc/gfp.h>

#include "cmdline.h"
#include "text.h"

struct gfp_name {
	gfp_t bits;
	const char *name;
};

/*
 * The names that the kernel's "%pGg" prints, in the order in which it looks for
 * them: combinations first, the one with most bits before those it contains.
 */
static const struct gfp_name shown[] = {
	{ GFP_TRANSHUGE, "GFP_TRANSHUGE" },
	{ GFP_TRANSHUGE_LIGHT, "GFP_TRANSHUGE_LIGHT" },
	{ GFP_HIGHUSER_MOVABLE, "GFP_HIGHUSER_MOVABLE" },
	{ GFP_HIGHUSER, "GFP_HIGHUSER" },
	{ GFP_USER, "GFP_USER" },
	{ GFP_KERNEL_ACCOUNT, "GFP_KERNEL_ACCOUNT" },
	{ GFP_KERNEL, "GFP_KERNEL" },
	{ GFP_NOFS, "GFP_NOFS" },
	{ GFP_ATOMIC, "GFP_ATOMIC" },
	{ GFP_NOIO, "GFP_NOIO" },
	{ GFP_NOWAIT, "GFP_NOWAIT" },
	{ GFP_DMA, "GFP_DMA" },
	{ __GFP_HIGHMEM, "__GFP_HIGHMEM" },
	{ GFP_DMA32, "GFP_DMA32" },
	{ __GFP_HIGH, "__GFP_HIGH" },
	{ __GFP_ATOMIC, "__GFP_ATOMIC" },
	{ __GFP_IO, "__GFP_IO" },
	{ __GFP_FS, "__GFP_FS" },
	{ __GFP_NOWARN, "__GFP_NOWARN" },
	{ __GFP_RETRY_MAYFAIL, "__GFP_RETRY_MAYFAIL" },
	{ __GFP_NOFAIL, "__GFP_NOFAIL" },
	{ __GFP_NORETRY, "__GFP_NORETRY" },
	{ __GFP_COMP, "__GFP_COMP" },
	{ __GFP_ZERO, "__GFP_ZERO" },
	{ __GFP_NOMEMALLOC, "__GFP_NOMEMALLOC" },
	{ __GFP_MEMALLOC, "__GFP_MEMALLOC" },
	{ __GFP_HARDWALL, "__GFP_HARDWALL" },
	{ __GFP_THISNODE, "__GFP_THISNODE" },
	{ __GFP_RECLAIMABLE, "__GFP_RECLAIMABLE" },
	{ __GFP_MOVABLE, "__GFP_MOVABLE" },
	{ __GFP_ACCOUNT, "__GFP_ACCOUNT" },
	{ __GFP_WRITE, "__GFP_WRITE" },
	{ __GFP_RECLAIM, "__GFP_RECLAIM" },
	{ __GFP_DIRECT_RECLAIM, "__GFP_DIRECT_RECLAIM" },
	{ __GFP_KSWAPD_RECLAIM, "__GFP_KSWAPD_RECLAIM" },
	{ __GFP_ZEROTAGS, "__GFP_ZEROTAGS" },
};

/*
 * Names that are read but never printed: other spellings and other eras. Kernels before
 * 4.7 printed most flags as "GFP_COMP" and the like, without the underscores; "GFP_" and
 * a flag's name is therefore read as that flag, where it is no name of its own.
 */
static const struct gfp_name also_read[] = {
	{ 0, "none" },
	{ __GFP_DMA, "__GFP_DMA" },
	{ __GFP_DMA32, "__GFP_DMA32" },
	{ __GFP_WAIT, "__GFP_WAIT" },
	{ __GFP_REPEAT, "__GFP_REPEAT" },
	{ __GFP_COLD, "__GFP_COLD" },
	{ 0, "__GFP_NOTRACK" },
	{ 0, "__GFP_NOTRACK_FALSE_POSITIVE" },
	{ 0, "__GFP_NOACCOUNT" },
	{ 0, "__GFP_KMEMCG" },
	{ 0, "__GFP_OTHER_NODE" },
	{ 0, "__GFP_NO_KSWAPD" },
	{ 0, "__GFP_NO_GROW" },
	{ 0, "__GFP_NOLOCKDEP" },
	{ 0, "__GFP_SKIP_ZERO" },
	{ 0, "__GFP_SKIP_KASAN_POISON" },
	{ 0, "__GFP_SKIP_KASAN_UNPOISON" },
	{ GFP_BUFFER, "GFP_BUFFER" },
	{ GFP_NOHIGHIO, "GFP_NOHIGHIO" },
	{ GFP_TEMPORARY, "GFP_TEMPORARY" },
	{ GFP_IOFS, "GFP_IOFS" },
	{ GFP_PFAIL, "GFP_PFAIL" },
};

int kalloc_gfp_show(gfp_t gfp, char *buf, size_t size)
{
	struct text text = text_on(buf, size);

	for (size_t i = 0; i < ARRAY_SIZE(shown) && gfp; i++) {
		if ((gfp & shown[i].bits) != shown[i].bits)
			continue;
		text_add(&text, "%s%s", text.len ? "|" : "", shown[i].name);
		gfp &= ~shown[i].bits;
	}
	if (gfp)
		text_add(&text, "%s%#x", text.len ? "|" : "", gfp);
	return (int)text.len;
}

static const struct gfp_name *name_find(const struct gfp_name *names, size_t nr, const char *text,
					size_t len)
{
	for (size_t i = 0; i < nr; i++) {
		if (strlen(names[i].name) == len && !strncmp(names[i].name, text, len))
			return &names[i];
	}
	return NULL;
}

static const struct gfp_name *name_of(const char *word, size_t len)
{
	const struct gfp_name *name = name_find(shown, ARRAY_SIZE(shown), word, len);

	return name ?: name_find(also_read, ARRAY_SIZE(also_read), word, len);
}

static int word_parse(const char *word, size_t len, gfp_t *gfp)
{
	const struct gfp_name *name = name_of(word, len);
	char flag[64] = "__";
	unsigned long bits;

	if (!name && len > 4 && len < sizeof(flag) - 2 && !memcmp(word, "GFP_", 4)) {
		memcpy(flag + 2, word, len);
		name = name_of(flag, len + 2);
	}
	if (name)
		*gfp |= name->bits;
	else if (cmdline_bytes(word, len, &bits) || bits > 0xffffffffUL)
		return -EINVAL;
	else
		*gfp |= (gfp_t)bits;
	return 0;
}

int kalloc_gfp_parse(const char *text, gfp_t *gfp)
{
	gfp_t bits = 0;

	for (;;) {
		size_t len = strcspn(text, "|");

		if (word_parse(text, len, &bits))
			return -EINVAL;
		text += len;
		if (!*text)
			break;
		text++;
	}
	*gfp = bits;
	return 0;
}
