/* SPDX-License-Identifier: MIT */
/*
 * Proves of __GFP_WRITE: a node that holds more than its share of dirty file pages is
 * passed over at the first attempt, other requests do not care, and where no other
 * node may serve the request it goes there after all.
 */
#include "owner.h"

static int nid_of(gfp_t gfp)
{
	struct page *page = alloc_page(gfp);
	int nid = page_to_nid(page);

	__free_page(page);
	return nid;
}

static void test_share(void **state)
{
	struct rig rig = rig_up("mem=128M numa=fake=2 nr_cpus=2");
	struct node *node = &rig.m->page->nodes[0];
	unsigned long most = rig_free(&rig) / 2 / 5, nr = 0;
	static struct owner owner;

	owner_init(&owner);
	assert_int_equal(nid_of(GFP_KERNEL | __GFP_WRITE), 0);
	for (; node_dirty_ok(node); nr++)
		owner_add(&owner, alloc_page(GFP_KERNEL | __GFP_THISNODE), KALLOC_PAGE_DIRTY);
	/* A fifth of the node, less what its reserves take from it. */
	assert_in_range(nr, most * 9 / 10, most);

	assert_int_equal(nid_of(GFP_KERNEL), 0);
	assert_int_equal(nid_of(GFP_KERNEL | __GFP_WRITE), 1);
	assert_int_equal(nid_of(GFP_KERNEL | __GFP_WRITE | __GFP_THISNODE), 0);
	owner_fini(&owner);
	assert_int_equal(nid_of(GFP_KERNEL | __GFP_WRITE), 0);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_share),
	};

	return cmocka_run_group_tests_name("page: share of dirty pages", tests, NULL, NULL);
}
