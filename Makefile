SHELL := /bin/bash
assay := .build/release/assay
sources := Sources Plugins Tests Benchmarks Package.swift

.PHONY: demo suites test build setup check format schemas bench clean

demo: build ## runs the few-shot suite with every plugin on the embedded data
	@$(assay) run suites/few-shot.json --output out/report.json
	@$(assay) report out/report.json --format html --output out/report.html

suites: build ## runs every suite on the embedded data and writes one page
	@$(assay) run few-shot base-to-new unsupervised imbalanced ood ood-detection \
	  robustness --output out/suites.json --quiet
	@$(assay) report out/suites.json --format html --output out/suites.html

test: setup ## builds everything and runs all tests
	swift build --build-tests
	swift test --skip-build --disable-xctest

build: setup
	swift build -c release

setup:
	@tools/setup.sh

check: ## format, build, fast tests
	swift format lint --strict --recursive $(sources)
	$(MAKE) test

format:
	swift format --in-place --recursive $(sources)

schemas: build ## writes schemas/ from the schemas that the binary carries
	@for name in $$($(assay) schema --list); do \
	  $(assay) schema $$name > schemas/assay.$$name-1.schema.json; done

bench: build ## measures Assay beside its peers in one run
	tools/bench/run.sh

clean:
	rm -rf .build out
