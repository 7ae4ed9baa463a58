// swift-format-ignore-file: the lines of the templates are YAML.

/// Builds the plugin, runs it on the few-shot suite and posts the difference.
let pluginWorkflow = #"""
  name: assay
  on: [push, pull_request]

  permissions:
    contents: read
    pull-requests: write

  jobs:
    evaluate:
      runs-on: ubuntu-24.04
      container: swift:6.3
      env:
        # The repository that holds Assay's sources, as owner/name.
        ASSAY_REPOSITORY: ${{ vars.ASSAY_REPOSITORY }}
      steps:
        - uses: actions/checkout@v4
        - uses: actions/checkout@v4
          with:
            repository: ${{ env.ASSAY_REPOSITORY }}
            path: .assay-source
        - name: Build Assay
          run: |
            apt-get update
            apt-get install -y --no-install-recommends make gh libopenblas-dev \
              libjson-c-dev libssl-dev libsqlite3-dev libjpeg-dev libpng-dev libwebp-dev zlib1g-dev
            swift build -c release --package-path .assay-source
            echo "ASSAY=$PWD/.assay-source/.build/release/assay" >> "$GITHUB_ENV"
            echo "ASSAY_SOURCE=$PWD/.assay-source" >> "$GITHUB_ENV"
        - name: Test
          run: make test
        - name: Run
          run: $ASSAY run .assay-source/suites/few-shot.json --plugin "$(find . -maxdepth 4 -not -path './.assay-source/*' -name 'libassay-{{name}}.so' | head -1)" --method {{name}} --output out/report.json
        # 'assay baseline save main out/report.json', committed, is what a change is held against.
        - name: Compare
          run: |
            if [ ! -f .assay/baselines/main/report.json ]; then
              echo "::warning::nothing was compared: there is no baseline 'main' yet"
              exit 0
            fi
            status=0
            $ASSAY diff --baseline main out/report.json --format markdown --output out/diff.md \
              --fail-on accuracy:significant --fail-on new-failures || status=$?
            cat out/diff.md >> "$GITHUB_STEP_SUMMARY"
            exit $status
        - name: Post the comparison
          if: always() && github.event_name == 'pull_request' && hashFiles('out/diff.md') != ''
          env:
            GH_TOKEN: ${{ github.token }}
          run: gh pr comment ${{ github.event.number }} --repo "$GITHUB_REPOSITORY" --body-file out/diff.md
        - uses: actions/upload-artifact@v4
          if: always()
          with:
            name: report
            path: out

  """#

/// Runs the method in Python on the few-shot suite and posts the difference.
let pythonWorkflow = #"""
  name: assay
  on: [push, pull_request]

  permissions:
    contents: read
    pull-requests: write

  jobs:
    evaluate:
      runs-on: ubuntu-24.04
      container: swift:6.3
      env:
        # The repository that holds Assay's sources, as owner/name.
        ASSAY_REPOSITORY: ${{ vars.ASSAY_REPOSITORY }}
      steps:
        - uses: actions/checkout@v4
        - uses: actions/checkout@v4
          with:
            repository: ${{ env.ASSAY_REPOSITORY }}
            path: .assay-source
        - name: Build Assay
          run: |
            apt-get update
            apt-get install -y --no-install-recommends make gh libopenblas-dev \
              libjson-c-dev libssl-dev libsqlite3-dev libjpeg-dev libpng-dev libwebp-dev zlib1g-dev \
              python3-numpy libpython3-dev
            swift build -c release --package-path .assay-source
            echo "ASSAY=$PWD/.assay-source/.build/release/assay" >> "$GITHUB_ENV"
        - name: Test
          run: make test
        - name: Run
          run: $ASSAY run .assay-source/suites/few-shot.json --method ./{{symbol}}.py --output out/report.json
        # 'assay baseline save main out/report.json', committed, is what a change is held against.
        - name: Compare
          run: |
            if [ ! -f .assay/baselines/main/report.json ]; then
              echo "::warning::nothing was compared: there is no baseline 'main' yet"
              exit 0
            fi
            status=0
            $ASSAY diff --baseline main out/report.json --format markdown --output out/diff.md \
              --fail-on accuracy:significant --fail-on new-failures || status=$?
            cat out/diff.md >> "$GITHUB_STEP_SUMMARY"
            exit $status
        - name: Post the comparison
          if: always() && github.event_name == 'pull_request' && hashFiles('out/diff.md') != ''
          env:
            GH_TOKEN: ${{ github.token }}
          run: gh pr comment ${{ github.event.number }} --repo "$GITHUB_REPOSITORY" --body-file out/diff.md
        - uses: actions/upload-artifact@v4
          if: always()
          with:
            name: report
            path: out

  """#

/// Runs the suite with every method and posts the difference.
let suiteWorkflow = #"""
  name: assay
  on: [push, pull_request]

  permissions:
    contents: read
    pull-requests: write

  jobs:
    evaluate:
      runs-on: ubuntu-24.04
      container: swift:6.3
      env:
        # The repository that holds Assay's sources, as owner/name.
        ASSAY_REPOSITORY: ${{ vars.ASSAY_REPOSITORY }}
      steps:
        - uses: actions/checkout@v4
        - uses: actions/checkout@v4
          with:
            repository: ${{ env.ASSAY_REPOSITORY }}
            path: .assay-source
        - name: Build Assay
          run: |
            apt-get update
            apt-get install -y --no-install-recommends make gh libopenblas-dev \
              libjson-c-dev libssl-dev libsqlite3-dev libjpeg-dev libpng-dev libwebp-dev zlib1g-dev
            swift build -c release --package-path .assay-source
            echo "ASSAY=$PWD/.assay-source/.build/release/assay" >> "$GITHUB_ENV"
            echo "ASSAY_SOURCE=$PWD/.assay-source" >> "$GITHUB_ENV"
        - name: Test
          run: make test
        - name: Run
          run: $ASSAY run {{suite_file}} --output out/report.json
        # 'assay baseline save main out/report.json', committed, is what a change is held against.
        - name: Compare
          run: |
            if [ ! -f .assay/baselines/main/report.json ]; then
              echo "::warning::nothing was compared: there is no baseline 'main' yet"
              exit 0
            fi
            status=0
            $ASSAY diff --baseline main out/report.json --format markdown --output out/diff.md \
              --fail-on accuracy:significant --fail-on new-failures || status=$?
            cat out/diff.md >> "$GITHUB_STEP_SUMMARY"
            exit $status
        - name: Post the comparison
          if: always() && github.event_name == 'pull_request' && hashFiles('out/diff.md') != ''
          env:
            GH_TOKEN: ${{ github.token }}
          run: gh pr comment ${{ github.event.number }} --repo "$GITHUB_REPOSITORY" --body-file out/diff.md
        - uses: actions/upload-artifact@v4
          if: always()
          with:
            name: report
            path: out

  """#
