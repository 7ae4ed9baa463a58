SHELL := /bin/bash
assay := .build/release/assay
# Two builds of one commit have the same bytes: paths are written down as if the sources lay in `.`, lld
# names no output file as gold does, and neither debug information, which names the compiler's cache,
# nor the hashes by which it would compile less the next time, get into a library.
portable := -debug-info-format none -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=. \
  -Xcc -ffile-prefix-map=$(CURDIR)=. -Xswiftc -use-ld=lld \
  -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen
PREFIX ?= /usr/local
sources := Sources Plugins Tests Benchmarks Fuzzing Package.swift

.PHONY: help demo claims test build install uninstall package setup check format schemas contracts bench coverage fuzz stress clean

help: ## prints these lines
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | \
	  while IFS=$$'\t' read -r target what; do printf 'make %-9s  %s\n' "$$target" "$$what"; done

demo: build ## runs the five kinds of suites on the embedded data and writes one page
	@$(assay) run few-shot imbalanced ood ood-detection fairness robustness \
	  -m zero-shot -m nearest-mean -m linear-probe -m tip-adapter -m gda -m msp -m mcm \
	  --output out/report.json
	@$(assay) report out/report.json --format html --output out/report.html

claims: build ## checks what the publications claim, and ends with one table by paper
	@$(assay) run $$(cd suites && echo claims/*.json | sed 's/\.json//g') --output out/claims.json
	@$(assay) report out/claims.json --format html --output out/claims.html

# OpenBLAS stops its threads before a fork, so that a product in another thread would wait for ever;
# with one thread there is nothing to stop.
test: setup ## builds everything and runs all tests
	swift build --build-tests
	OPENBLAS_NUM_THREADS=1 swift test --skip-build --disable-xctest

build: setup ## builds everything for use, in .build/release
	swift build -c release $(portable)

install: build ## copies what was built to PREFIX, by default /usr/local, with what it needs of Swift
	@tools/install.sh "$(DESTDIR)" "$(PREFIX)"

uninstall: ## removes what install put into PREFIX
	@tools/uninstall.sh "$(DESTDIR)" "$(PREFIX)"

package: build ## makes a Debian package in out, for machines without Swift
	@tools/package.sh out

setup: ## installs the system packages that are not there
	@tools/setup.sh

check: ## format, build, fast tests
	swift format lint --strict --recursive $(sources)
	$(MAKE) test

format: ## lays out all sources
	swift format --in-place --recursive $(sources)

schemas: build ## writes schemas/ from the schemas that the binary carries
	@for name in $$($(assay) schema --list); do \
	  $(assay) schema $$name > schemas/new; \
	  mv schemas/new schemas/$$(sed -nE \
	    's|.*"const": "(assay\.[a-z]+)/([0-9]+)".*|\1-\2|p' schemas/new | head -1).schema.json; \
	done

contracts: build ## writes docs/contracts, a page for each task, from the contracts of the binary
	@tools/contract_pages.sh $(assay)

bench: build ## measures Assay beside its peers in one run
	tools/bench/run.sh

coverage: ## simulates how often nominal 95 % intervals cover, by design
	ASSAY_COVERAGE=1 swift build --product Coverage
	.build/debug/Coverage 400 600

fuzz: setup ## fuzzes the readers of foreign files, a million runs each
	tools/fuzz.sh 1000000

stress: build ## flips 10,000 bits of a store and kills 1,000 runs
	tools/stress.py --assay $(assay)

clean: ## removes what was built and what was measured
	rm -rf .build out
