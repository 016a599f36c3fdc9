/* SPDX-License-Identifier: MIT */
#include "exercises.h"

#include <stdio.h>

int main(void)
{
	for (int children = 1; children <= 16; children *= 2) {
		int count = count_children(children);

		if (count == children)
			continue;
		printf("%d processes added 1 each, and the parent sees %d\n",
		       children, count);
		return 1;
	}
	puts("right: the parent sees what its children did");
	return 0;
}
