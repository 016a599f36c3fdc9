#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The docs quote whole files, each below a line `<!-- path -->`. Fails where a
# quoted text is not the file's, or where a file of the example is not quoted.

set -euo pipefail
cd "$(dirname "$0")/../.."

# The fenced block that follows the mark of file $2 in document $1.
quoted() {
	awk -v mark="<!-- $2 -->" '
		$0 == mark { marked = 1; next }
		marked && /^```/ { if (inside) exit; inside = 1; next }
		inside { print }
	' "$1"
}

failed=0
while read -r document file; do
	if ! diff -u --label "$document" --label "$file" \
		<(quoted "$document" "$file") "$file"; then
		echo "$document does not quote $file as it is" >&2
		failed=1
	fi
done <<'END'
docs/adding-a-kernel.md tests/outoftree/cube.c
docs/adding-a-kernel.md tests/outoftree/CMakeLists.txt
docs/adding-a-runner.md tests/outoftree/c11-threads.c
docs/adding-a-runner.md tests/outoftree/CMakeLists.txt
END
exit $failed
