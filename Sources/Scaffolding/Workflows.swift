// swift-format-ignore-file: the lines of the template are YAML.

/// Builds Assay with `packages` beside its own, tests, runs `run` and posts the difference.
func workflow(run: String, packages: String = "") -> String {
  workflowTemplate.replacing("{{run}}", with: run)
    .replacing(" {{packages}}", with: packages.isEmpty ? "" : " \(packages)")
}

/// What is run of a plugin, whose library lies where its language builds it.
let pluginRun = #"""
  .assay-source/suites/few-shot.json --plugin "$(find . -maxdepth 4 -not -path './.assay-source/*' -name 'libassay-{{name}}.so' | head -1)" --method {{name}}
  """#

private let workflowTemplate = #"""
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
            .assay-source/tools/setup.sh make gh {{packages}}
            swift build -c release --package-path .assay-source
            echo "ASSAY=$PWD/.assay-source/.build/release/assay" >> "$GITHUB_ENV"
            echo "ASSAY_SOURCE=$PWD/.assay-source" >> "$GITHUB_ENV"
        - name: Test
          run: make test
        - name: Run
          run: $ASSAY run {{run}} --output out/report.json
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
