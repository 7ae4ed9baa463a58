/// Builds and tests a plugin in C.
let cMakefile = #"""
  ASSAY ?= assay
  CC ?= cc
  CFLAGS ?= -O2 -Wall -Wextra
  plugin := libassay-{{name}}.so

  .PHONY: all test clean

  all: $(plugin)

  $(plugin): {{name}}.c assay.h assay_helpers.h
  	$(CC) $(CFLAGS) -shared -fPIC $< -o $@ -lm

  test: $(plugin) ## runs the method on planted data and holds the result against the ledger
  	$(ASSAY) run test/suite.json --plugin ./$(plugin) --method {{name}} --output out/test.json --quiet
  	$(ASSAY) verify out/test.json --ledger test/ledger.json

  clean:
  	rm -rf $(plugin) out

  """#

/// Builds and tests a plugin in Swift.
let swiftMakefile = #"""
  ASSAY ?= assay
  plugin := .build/release/libassay-{{name}}.so

  .PHONY: all test clean

  all:
  	swift build -c release

  test: all ## runs the method on planted data and holds the result against the ledger
  	$(ASSAY) run test/suite.json --plugin ./$(plugin) --method {{name}} --output out/test.json --quiet
  	$(ASSAY) verify out/test.json --ledger test/ledger.json

  clean:
  	rm -rf .build out

  """#

/// Tests a method in Python, which needs no building.
let pythonMakefile = #"""
  ASSAY ?= assay

  .PHONY: test check clean

  test: ## runs the method on planted data and holds the result against the ledger
  	$(ASSAY) run test/suite.json --method ./{{symbol}}.py --output out/test.json --quiet
  	$(ASSAY) verify out/test.json --ledger test/ledger.json

  check: ## holds the method against the rules for plugins
  	$(ASSAY) check {{symbol}}.py

  clean:
  	rm -rf out

  """#

/// Tests a suite.
let suiteMakefile = #"""
  ASSAY ?= assay
  METHOD ?= nearest-mean

  .PHONY: test clean

  test: ## checks the suite and its data, runs one method and holds it against the ledger
  	$(ASSAY) validate {{name}}.json data/planted
  	$(ASSAY) run {{name}}.json --method $(METHOD) --output out/report.json --quiet
  	$(ASSAY) verify out/report.json --ledger ledger.json

  clean:
  	rm -rf out

  """#

/// Tests a dataset.
let datasetMakefile = #"""
  ASSAY ?= assay
  METHOD ?= nearest-mean

  .PHONY: test clean

  test: ## checks manifest and arrays, and runs one method on them
  	$(ASSAY) validate .
  	$(ASSAY) run suite.json --method $(METHOD) --output out/report.json

  clean:
  	rm -rf out

  """#

/// What is made and not kept.
let ignored = #"""
  *.so
  .build/
  Package.resolved
  out/

  """#
