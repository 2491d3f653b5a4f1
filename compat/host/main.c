/* SPDX-License-Identifier: MIT */
/* The program's beginning, unless it brings its own. */
int kalloc_kmain(int argc, char **argv);
int main(int argc, char **argv);

__attribute__((weak)) int main(int argc, char **argv)
{
	return kalloc_kmain(argc, argv);
}
