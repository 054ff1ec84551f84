# `make run` and `make test` are all that a fresh machine with Swift 6 needs.
SHELL := /bin/bash
CONFIGURATION ?= release
SWIFT_BUILD := swift build -c $(CONFIGURATION)

.PHONY: all deps build run test check fmt bench findings train fuzz sanitize chaos clean dist install deb wheel test-integrations
all: build

deps: ## libyaml, the only system library
	@if pkg-config --exists yaml-0.1 2>/dev/null; then exit 0; fi; \
	if command -v apt-get >/dev/null; then \
	    if [ "$$(id -u)" = 0 ]; then sudo=; elif command -v sudo >/dev/null; then sudo=sudo; \
	    else echo "Install libyaml-dev and pkg-config as root, then run make again." >&2; exit 1; fi; \
	    $$sudo apt-get update -qq && $$sudo apt-get install -y -qq libyaml-dev pkg-config; \
	elif command -v brew >/dev/null; then brew install libyaml pkg-config; \
	else echo "Install libyaml with its headers and pkg-config (yaml-0.1), then run make again." >&2; exit 1; fi

build: deps ## the release binary: .build/release/ptrmd
	$(SWIFT_BUILD) --product ptrmd

PREFIX ?= /usr/local
DIST := .build/dist
VERSION = $(shell sed -n 's/.*static let number = "\(.*\)".*/\1/p' Sources/ptrmd/Main.swift)
SYSTEM = $(shell uname -s | tr A-Z a-z)-$(shell uname -m)

# A program that needs no Swift where it runs; built again only when a source is newer, so that root can install what another built.
$(DIST)/ptrmd: $(shell find Package.swift Sources Config/profiles.yaml -type f) .ci/package/build
	@$(MAKE) --no-print-directory deps
	.ci/package/build

install: $(DIST)/ptrmd ## program, manual pages, completions and systemd units, to [DESTDIR]PREFIX (/usr/local)
	.ci/package/stage "$(DESTDIR)/" "$(PREFIX)"

dist: $(DIST)/ptrmd ## the same as an archive, for machines without Swift
	rm -rf "$(DIST)/ptrm-$(VERSION)"
	.ci/package/stage "$(DIST)/ptrm-$(VERSION)" ""
	tar -C $(DIST) --owner=0 --group=0 --numeric-owner --sort=name -czf "$(DIST)/ptrm-$(VERSION)-$(SYSTEM).tar.gz" "ptrm-$(VERSION)"
	@ls -l "$(DIST)/ptrm-$(VERSION)-$(SYSTEM).tar.gz"

deb: $(DIST)/ptrmd ## a Debian package
	.ci/package/deb

wheel: $(DIST)/ptrmd ## the Python package `ptrm` with the program in it
	.ci/package/wheel

test-integrations: build ## real peers: Python packages from Tests/integrations/requirements*.txt; needs PyPI
	Tests/integrations/run

run: build ## solve the example puzzles with the bundled model
	.build/$(CONFIGURATION)/ptrmd < examples/puzzles/sudoku.ndjson

test: deps ## every test, against the release build
	swift test -c $(CONFIGURATION) --disable-testable-imports

check: deps ## formatting, dependencies, and a build in which warnings are errors
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	.ci/check-imports
	PTRM_STRICT=1 swift build -c $(CONFIGURATION) --build-tests

bench: build ## share of the CPU's peak, kernels and steps alone, ratios to PyTorch where it is installed
	@for shape in mlp attention attention-long small; do \
	    .build/$(CONFIGURATION)/ptrmd bench --shape $$shape && echo || exit 1; done
	PTRM_BENCHMARKS=1 swift package --scratch-path .build/benchmarks benchmark --target StepBenchmarks
	@if python3 -c 'import torch, numpy' 2>/dev/null; then python3 examples/benchmarks/compare.py; \
	else echo "PyTorch is not installed: no comparison."; fi

train: build ## TASK=latin6 PUZZLES=puzzles.ndjson [PROFILES=profiles.yaml] [HOURS=1] [OUT=folder]: a model, a profile and its figures
	PTRMD=$(CURDIR)/.build/$(CONFIGURATION)/ptrmd examples/training/train_task.sh "$(TASK)" "$(PUZZLES)" "$(PROFILES)" \
	    "$(or $(HOURS),1)" "$(or $(OUT),$(TASK)-model)"

RUNS ?= 100000
SECONDS_EACH ?= 120
fuzz: deps ## parsers with libFuzzer: make fuzz RUNS=1000000 SECONDS_EACH=600 TARGETS="json request"
	.ci/fuzz $(RUNS) $(SECONDS_EACH) $(TARGETS)

# Leaks are not looked for: XCTest, which is asked before Swift Testing, leaks its own suites, and that would be all.
sanitize: deps ## every test that runs in the test process, under AddressSanitizer and ThreadSanitizer
	export ASAN_OPTIONS=detect_leaks=0; for sanitizer in address thread; do \
	    swift test -c debug --sanitize $$sanitizer --scratch-path .build/$$sanitizer -Xcc -O2 --skip DaemonTests || exit 1; done

chaos: build ## three minutes of many clients at cross purposes; SEED=n repeats a run
	.ci/chaos $(SEED)

findings: ## how public packages behave where one would expect something else; needs the network
	@for script in findings/*.sh; do [ -e "$$script" ] || continue; echo "$$script"; bash "$$script" || exit 1; done

fmt:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

clean:
	rm -rf .build
