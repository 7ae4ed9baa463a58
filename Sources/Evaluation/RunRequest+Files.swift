internal import Documents
internal import PluginHost
internal import Suites

extension RunRequest {
  /// Reads suites and run files, told apart by their `schema` member.
  ///
  /// `suiteFile` finds the file of a suite that a run file names.
  package init(
    files: [String], dataPaths: [String], suiteFile: (String) throws -> String = { $0 }
  ) throws {
    self.init(suites: [], methods: [], seeds: nil, limits: Limits())
    for file in files {
      let kind = try Document(path: file).value["schema"]?.string
      guard kind == "assay.run/1" else {
        suites.append(try Suite.read(file, dataPaths: dataPaths))
        continue
      }
      let run = try RunFile.read(file)
      plugins += run.plugins
      for suite in run.suites {
        suites.append(try Suite.read(suiteFile(suite), dataPaths: run.dataPaths + dataPaths))
      }
      methods += run.methods.map {
        Method(id: $0.id, settings: $0.config.object ?? [:], label: $0.label)
      }
      seeds = run.seeds ?? seeds
      limits.loadSeconds = run.limits.loadSeconds ?? limits.loadSeconds
      limits.fitSeconds = run.limits.fitSeconds ?? limits.fitSeconds
      limits.predictSeconds = run.limits.predictSeconds ?? limits.predictSeconds
      limits.memoryBytes = run.limits.memoryBytes ?? limits.memoryBytes
    }
    let ids = suites.map(\.id)
    if let twice = Set(ids).sorted().first(where: { id in ids.count { $0 == id } > 1 }) {
      throw PlanError(description: "two suites have the id '\(twice)'; run them one at a time")
    }
  }
}
