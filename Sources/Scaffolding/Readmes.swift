/// What to do with a plugin in C.
let cReadme = #"""
  # {{name}}

  A method plugin for Assay in C. It needs a C compiler and `assay` on the PATH (or `ASSAY=...`).

      make          # builds libassay-{{name}}.so
      make test     # runs it on planted data in test/
      assay run few-shot -p ./libassay-{{name}}.so -m {{name}} -o out/report.json

  The method is in `{{name}}.c`; `assay.h` is the whole interface, `assay_helpers.h` shortens it.
  Keep a result to compare with: `assay baseline save main out/report.json`

  """#

/// What to do with a plugin in Swift.
let swiftReadme = #"""
  # {{name}}

  A method plugin for Assay in Swift. It needs Swift 6.2, libopenblas-dev, libjson-c-dev and
  libssl-dev, AssayKit where `Package.swift` says (or `ASSAY_SOURCE=...`), and `assay` on the PATH.

      make          # builds .build/release/libassay-{{name}}.so
      make test     # runs it on planted data in test/
      assay run few-shot -p .build/release/libassay-{{name}}.so -m {{name}} -o out/report.json

  Keep a result to compare with: `assay baseline save main out/report.json`

  """#

/// What to do with a method in Python.
let pythonReadme = #"""
  # {{name}}

  A method for Assay in Python. It needs `assay` on the PATH (or `ASSAY=...`) and, in the environment
  that is active, NumPy and a Python from 3.9 on with its shared library (`libpython3.11` on Debian).

      make test     # runs it on planted data in test/
      make check    # holds it against the rules for plugins
      assay run few-shot -m {{symbol}}.py -o out/report.json

  The method is in `{{symbol}}.py`. Keep a result to compare with:
  `assay baseline save main out/report.json`

  """#

/// What to do with a suite.
let suiteReadme = #"""
  # {{name}}

  A suite for Assay: what is measured, on which data, with which seeds.

      make test                               # checks it and runs nearest-mean on it
      assay run {{name}}.json -o out/report.json    # every method

  The data in `data/planted` are made up: replace them by your own (`assay new dataset`).
  `assay schema suite` lists what a suite file may say.
  Keep a result to compare with: `assay baseline save main out/report.json`

  """#

/// What to do with a dataset.
let datasetReadme = #"""
  # {{name}}

  A dataset for Assay: `dataset.json` names the arrays, the `.npy` files hold them.

      make test           # checks manifest and arrays, runs nearest-mean on them
      assay data inspect .

  The arrays are made up: replace them by your features `[N, D]` and labels `[N]` (0 ..< classes).
  `assay schema dataset` lists what the manifest may say; say where the data come from.
  Put the folder into a suite's `data/`, or beside others in a folder named by ASSAY_DATA_PATH.

  """#
