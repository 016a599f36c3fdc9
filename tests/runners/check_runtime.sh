#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check_runtime.sh MODULE LIBRARY: of the two OpenMP runtimes, is the module
# linked to LIBRARY alone?

set -euo pipefail

module=$1 library=$2
linked=$(readelf -d "$module" | grep -oE '\[lib(gomp|omp|iomp5)\.' | tr -d '[.' || true)
[[ $linked == "$library" ]] ||
	{ echo "$module is linked to ${linked:-neither}, not to $library"; exit 1; }
