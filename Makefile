# SPDX-License-Identifier: MIT
#
# A thin front door: scripts/setup brings what is missing, CMake and ninja
# build, ctest tests. Only results go to stdout, so `make bench >table` works.

# ninja and ctest use all cores by themselves; our targets share build trees.
.NOTPARALLEL:
unexport MAKEFLAGS MFLAGS

JOBS   ?= $(shell nproc 2>/dev/null || echo 2)
prefix ?= /usr/local
PREFIX ?= $(prefix)
FORMAT ?= table
RUNS   := results/runs

# $(call configure,PRESET,TREE) and $(call ninja,TREE) are silent where there is
# nothing to do.
configure = cmake --preset $(1) \
	$(if $(wildcard $(2)/build.ninja),>/dev/null,>&2)
ninja = ninja -C $(1) -n 2>&1 | grep -q 'no work to do' || \
	cmake --build $(1) -- -j $(JOBS) >&2

.PHONY: build
build: ## build the command (build/breakeven) and the examples
	@scripts/setup build
	@test -f build/build.ninja || $(call configure,release,build)
	@$(call ninja,build)

.PHONY: bench
bench: build ## measure, print the tables, leave a page (ARGS='-k sum -r openmp')
	@build/breakeven bench --html $(ARGS)

.PHONY: quick
quick: build ## the same within 20 seconds, with wider intervals
	@build/breakeven bench --html --budget 15 $(ARGS)

# Configured anew, since a library may have come that was not there.
.PHONY: peers
peers: ## compare our fork-join with that of other libraries
	@scripts/setup peers
	@cmake --preset release >/dev/null
	@$(call ninja,build)
	@scripts/peers $(ARGS)

# Half an hour, and better on a machine that has nothing else to do.
.PHONY: calibrate
calibrate: build ## how often bench is right, where that is known (half an hour)
	@build/breakeven calibrate $(ARGS)

.PHONY: simulate
simulate: ## how often verdicts are right, in simulated runs (three minutes)
	@scripts/setup test
	@$(call configure,test,build)
	@cmake --build build --target simulate >&2
	@build/tests/simulate -t 1000 $(ARGS)

.PHONY: report
report: build ## tell the newest record again (FORMAT=csv, json, ...)
	@record=$$(ls -t $(RUNS)/*.jsonl 2>/dev/null | head -n 1); \
	test -n "$$record" || \
	{ echo 'no record in $(RUNS): run `make bench` first' >&2; exit 1; }; \
	build/breakeven report --format $(FORMAT) $(ARGS) "$$record"

# What users get is tested in build/ itself, then all again under sanitizers. A
# test builds the first once more, out of tree, from what ccache has kept. (It
# reads no more of a file than the compiler does, so that it costs nothing.)
.PHONY: test
test: export CCACHE_DIR := $(CURDIR)/build/ccache
test: export CCACHE_DEPEND := 1
test: export CCACHE_NOHASHDIR := 1
test: ## build, also under ASan and UBSan, and run all tests in both
	@scripts/setup test
	@$(call configure,test -D CMAKE_C_COMPILER_LAUNCHER=ccache \
		-D CMAKE_CXX_COMPILER_LAUNCHER=ccache,build)
	@$(call ninja,build)
	@$(call configure,asan,build-asan)
	@$(call ninja,build-asan)
	@scripts/run-tests asan test

# Other compilers, flags, users and systems. Half an hour, and more the first
# time.
.PHONY: check-all
check-all: ## build and test as others do (ARGS='clang lto': only these)
	@scripts/setup lint
	@scripts/check-all $(ARGS)

# Emulated: two to five minutes.
.PHONY: handout
handout: ## make the students' sheet, a page to print (build/handout.pdf)
	@scripts/setup handout
	@scripts/handout build/handout.pdf

.PHONY: vm
vm: build ## check pins and memory in a guest of 16 CPUs and two NUMA nodes
	@scripts/setup vm
	@scripts/vm $(ARGS)

.PHONY: lint
lint: ## check layout (clang-format), C (clang-tidy) and shell scripts
	@scripts/setup lint
	@$(call configure,test,build)
	@scripts/lint build

.PHONY: format
format: ## lay out all sources as .clang-format says
	@scripts/setup lint
	@git ls-files -co --exclude-standard '*.[ch]' '*.cc' | \
	xargs $$(command -v clang-format-14 || echo clang-format) -i

.PHONY: install
install: build ## install to PREFIX (/usr/local), below DESTDIR
	@cmake --install build --prefix "$(PREFIX)" >&2

.PHONY: uninstall
uninstall: ## remove what the last `make install` has written
	@test -f build/install_manifest.txt || \
	{ echo 'nothing was installed from build/' >&2; exit 1; }
	@sed 's|^|$(DESTDIR)|' build/install_manifest.txt | tr '\n' '\0' | \
	xargs -0 rm -f

# For any CPU of its kind, so in a tree of its own.
.PHONY: deb
deb: ## make Debian packages, build-deb/*.deb
	@scripts/setup test
	@$(call configure,package,build-deb)
	@$(call ninja,build-deb)
	@cd build-deb && rm -f ./*.deb && cpack -G DEB >/dev/null && \
	ls "$$PWD"/*.deb

.PHONY: clean
clean: ## remove what was built; records stay
	@rm -rf build build-asan build-debug build-deb

.PHONY: help
help: ## this text
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' \
	$(firstword $(MAKEFILE_LIST))
