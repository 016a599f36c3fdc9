#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check_model.sh good|bad MODEL [-DNAME...]: let Spin walk all states of a model.
# `bad`: the model is broken on purpose, and Spin must say so.

set -euo pipefail

expect=$1 model=$(realpath "$2")
shift 2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
spin "$@" -a "$model"
# Spin's own code makes warnings. To compile it well takes longer than to walk
# most models: -Og is the least in all, and so is a table of 2^22 states that
# need not grow.
cc -w -Og -DSAFETY -o pan pan.c
./pan -m10000 -w22 >out || { cat out; exit 1; }
grep -E 'errors:|states, stored' out
if grep -q 'max search depth too small' out; then
	echo "$model has states that were not walked" >&2
	exit 1
fi
case $expect in
good) grep -q 'errors: 0' out ;;
bad) grep -q 'errors: 1' out ;;
esac || {
	spin "$@" -t -p -g "$model" | tail -n 60
	exit 1
}
