#!/usr/bin/env bats
# SPDX-License-Identifier: MIT

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
	mkdir -p scripts docs/teaching
	cp "$SOURCE/scripts/handout" scripts/
	cp "$SOURCE/docs/teaching/handout.md" docs/teaching/
}

@test "the sheet is a page" {
	scripts/handout out/sheet.pdf 2>err
	[ ! -s err ]
	head -c 5 out/sheet.pdf | grep -q '^%PDF-$'
	[ "$(ls out)" = sheet.pdf ]
}

@test "one that grew is told, and none is made" {
	for _ in 1 2 3; do
		cat docs/teaching/handout.md
	done >grown
	mv grown docs/teaching/handout.md
	run scripts/handout sheet.pdf
	[ "$status" -eq 1 ]
	[[ $output == *"pages, and should fill one"* ]]
	[ ! -e sheet.pdf ] && [ ! -e sheet.pdf.part ]
}
