/* SPDX-License-Identifier: MIT */
/* For test_exec.c: it has the name IMPOSTOR among its dynamic symbols, and does not allocate. */
void IMPOSTOR(void);

__attribute__((visibility("default"))) void IMPOSTOR(void)
{
}

int main(void)
{
	return 0;
}
