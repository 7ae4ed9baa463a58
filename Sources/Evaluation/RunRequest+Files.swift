internal import Documents
internal import PluginHost
package import Suites

extension RunRequest {
  /// Reads suites and run files, told apart by their `schema` member.
  ///
  /// - Parameters:
  ///   - files: Suite files and run files.
  ///   - dataPaths: Where datasets are looked for.
  ///   - catalogue: The methods at hand; nil where they do not matter.
  ///   - checkingRows: Whether the rows that suites name are the ones to be run.
  ///   - brokenPlugins: Why plugins that run files name cannot be used, by path.
  ///   - suiteFile: Finds the file of a suite that a run file names.
  /// - Throws: One error with everything that is wrong with the files, and where something is, with
  ///   what the datasets of the suites do not have.
  package init(
    files: [String], dataPaths: DataPaths, catalogue: MethodCatalogue? = nil,
    checkingRows: Bool = true, brokenPlugins: [String: String] = [:],
    suiteFile: (String) throws -> String = { $0 }
  ) throws {
    self.init(suites: [], methods: [], seeds: nil, limits: Limits())
    let known = catalogue?.known(checkingRows: checkingRows)
    var failures: [String] = []
    for file in files {
      do {
        if try Document.reading(path: file, schema: nil).document.value["schema"] == "assay.run/1" {
          let check = try RunFileCheck(
            file, dataPaths: dataPaths, catalogue: catalogue, brokenPlugins: brokenPlugins,
            suiteFile: suiteFile)
          failures += check.failures
          add(check)
        } else {
          suites.append(try Suite.read(file, dataPaths: dataPaths, methods: known))
        }
      } catch {
        failures.append("\(error)")
      }
    }
    let ids = suites.map(\.id)
    if let twice = Set(ids).sorted().first(where: { id in ids.count { $0 == id } > 1 }) {
      failures.append("two suites have the id '\(twice)'; run them one at a time")
    }
    guard failures.isEmpty else {
      // A plan would tell of the rest only after these are mended.
      failures += suites.compactMap(\.planFailure)
      throw PlanError(failures)
    }
  }

  private mutating func add(_ check: RunFileCheck) {
    let run = check.run
    suites += check.suites
    methods += run.methods.map {
      Method(id: $0.id, settings: $0.config.object ?? [:], label: $0.label)
    }
    seeds = run.seeds ?? seeds
    limits.loadSeconds = run.limits.loadSeconds ?? limits.loadSeconds
    limits.fitSeconds = run.limits.fitSeconds ?? limits.fitSeconds
    limits.predictSeconds = run.limits.predictSeconds ?? limits.predictSeconds
    limits.memoryBytes = run.limits.memoryBytes ?? limits.memoryBytes
  }
}

extension Suite {
  /// What keeps the suite from being planned.
  fileprivate var planFailure: String? {
    do throws(SuiteError) {
      _ = try plan()
      return nil
    } catch {
      return error.description
    }
  }
}
