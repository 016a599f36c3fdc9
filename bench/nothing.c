/* SPDX-License-Identifier: MIT */
/*
 * The smallest worker: what posix_spawn creates in `breakeven creation`. Linked
 * statically, so that no loader's time is in what is measured.
 */
int main(void)
{
	return 0;
}
