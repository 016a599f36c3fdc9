/* SPDX-License-Identifier: MIT */
/*
 * Labs side by side: what a class predicted, and what its machines measured.
 */
#ifndef BREAKEVEN_REPORT_LESSONS_CLASS_PAGE_H
#define BREAKEVEN_REPORT_LESSONS_CLASS_PAGE_H

#include "analysis/studies/lab_result.h"
#include "report/doc/style.h"
#include "results/record.h"

#include <stdio.h>

/* A record; strings of the lab are the object's. */
struct class_seat {
	struct lab_result lab;
	json_t *object, *header;
};

/* Empty: all 0. class_free() is due. */
struct class
{
	size_t count;
	struct class_seat *seats;
};

/* Add the record of a lab, which need not outlive the class. 0; -EINVAL: it is
 * none, or of another version; -ENOMEM. */
int class_add(struct class *class, const struct record *record);
void class_free(struct class *class);

/*
 * Write it in style->form: in how many cases predictions were right, a chart
 * for each lesson in a page, a row for each seat. Lessons stand in the order in
 * which the seats have them. 0, -ENOMEM, or -errno of the stream.
 */
int class_write(const struct class *class, FILE *out,
		const struct report_style *style);

/* {"labs":[{"seat","seed","time","machine","version","lessons":[...]}]} */
int class_json(const struct class *class, FILE *out);

#endif
