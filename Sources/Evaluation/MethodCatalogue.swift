package import Documents
package import PluginHost
package import Suites

/// The methods at hand, and what is wrong with rows that ask for them.
package struct MethodCatalogue: Sendable {
  package let methods: [(plugin: PluginDescription, method: MethodDescription)]

  package init(_ methods: [(plugin: PluginDescription, method: MethodDescription)]) {
    self.methods = methods
  }

  package var ids: [String] { methods.map(\.method.id) }

  /// What suite files are held against; nil where there are no methods.
  ///
  /// - Parameters:
  ///   - labels: Further names of rows.
  ///   - checkingRows: Whether the rows that a suite names are the ones to be run.
  package func known(labels: [String] = [], checkingRows: Bool = true) -> KnownMethods? {
    guard !methods.isEmpty else { return nil }
    return KnownMethods(ids + labels) { checkingRows ? problems(with: $0) : [] }
  }

  /// Methods that are not there, and configs that their methods do not take, each with its place in
  /// the file whose member `methods` the rows are.
  package func problems(with rows: [RunFile.Method]) -> [DocumentProblem] {
    rows.enumerated().flatMap { index, row -> [DocumentProblem] in
      guard let method = methods.first(where: { $0.method.id == row.id })?.method else {
        // A row without an id has been told of.
        guard !row.id.isEmpty else { return [] }
        return [DocumentProblem(pointer: "/methods/\(index)/id", message: unknown(row.id))]
      }
      guard let schema = try? JSONSchema(method.configSchema) else { return [] }
      return schema.validate(row.config).map { found in
        var problem = found
        problem.pointer = "/methods/\(index)/config\(found.pointer)"
        problem.message = "method '\(row.id)': \(found.message)"
        return problem
      }
    }
  }

  /// A sentence about a method that is not there, with the nearest one or all.
  func unknown(_ id: String) -> String {
    if ids.isEmpty {
      return "there is no method '\(id)': no plugin was found; name one with --plugin"
    }
    let hint = nearestName(to: id, in: ids).map { "; did you mean '\($0)'?" }
    return "there is no method '\(id)'" + (hint ?? "; there are \(ids.joined(separator: ", "))")
  }
}
