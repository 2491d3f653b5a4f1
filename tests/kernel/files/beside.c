/* SPDX-License-Identifier: MIT */
/* Code of the C library's in a program of kernel sources (numbers.c). For kcc.py. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <kalloc/kernel/program.h>

int main(int argc, char **argv)
{
	char text[32];
	int status = kalloc_kinit(argc, argv);

	if (status)
		return status;
	if (kalloc_file_write("/sys/kernel/debug/numbers/factor", "5") != 1)
		return 3;
	if (kalloc_file_read("/proc/numbers", text, sizeof(text)) != 8 || strcmp(text, "5 10 15\n"))
		return 4;
	printf("beside: %s", text);
	fflush(stdout);
	if (kalloc_file_read("/proc/numbers", NULL, 0) != 8)
		return 5;
	if (kalloc_file_read("/proc/nobody", text, sizeof(text)) != -ENOENT)
		return 6;
	if (kalloc_file_write("/proc/numbers", "1") >= 0)
		return 7;
	if (kalloc_file_read(NULL, text, sizeof(text)) != -EINVAL)
		return 8;
	return kalloc_kexit();
}
