internal import Datasets
internal import Documents
internal import Glibc
package import Suites

/// A run file held against all that it names: suites, plugins, folders, methods and their configs.
package struct RunFileCheck {
  package let run: RunFile
  /// The suites that could be read.
  package private(set) var suites: [Suite] = []
  /// What is wrong, in this file and in those that it names: each one or more lines.
  package private(set) var failures: [String] = []

  /// Reads the run file and everything that it names.
  ///
  /// - Parameters:
  ///   - dataPaths: Where datasets are looked for, before the folders of the file.
  ///   - catalogue: The methods at hand; nil where they do not matter.
  ///   - brokenPlugins: Why plugins cannot be used, by path.
  ///   - suiteFile: Finds the file of a suite that the run file names.
  /// - Throws: An error only where there is no JSON to read.
  package init(
    _ path: String, dataPaths: DataPaths, catalogue: MethodCatalogue?,
    brokenPlugins: [String: String] = [:], suiteFile: (String) throws -> String
  ) throws(SuiteError) {
    let (run, document, found) = try RunFile.reading(path)
    self.run = run
    var problems = catalogue?.problems(with: run.methods) ?? []
    for (index, plugin) in run.plugins.enumerated() {
      let absence = access(plugin, R_OK) == 0 ? nil : "there is no file or folder '\(plugin)'"
      guard let message = absence ?? brokenPlugins[plugin] else { continue }
      problems.append(DocumentProblem(pointer: "/plugins/\(index)", message: message))
    }
    for (index, folder) in run.dataPaths.enumerated() where access("\(folder)/.", R_OK) != 0 {
      problems.append(
        DocumentProblem(pointer: "/data/\(index)", message: "there is no folder '\(folder)'"))
    }
    let known = catalogue?.known(labels: run.methods.map(\.label), checkingRows: false)
    for (index, suite) in run.suites.enumerated() {
      let file: String
      do {
        file = try suiteFile(suite)
      } catch {
        problems.append(DocumentProblem(pointer: "/suites/\(index)", message: "\(error)"))
        continue
      }
      do throws(SuiteError) {
        suites.append(
          try Suite.read(
            file, dataPaths: dataPaths.adding(named: run.dataPaths), methods: known))
      } catch {
        failures.append(error.description)
      }
    }
    let all = document.joining(found, problems)
    if !all.isEmpty {
      failures.insert(DocumentError(path: path, problems: all).description, at: 0)
    }
  }
}
