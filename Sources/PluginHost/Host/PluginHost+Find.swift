internal import Glibc

/// Plugin files in the order of the search.
package struct FoundPlugins: Equatable, Sendable {
  /// A file that is not used since one of the same name came first.
  package struct Shadowed: Equatable, Sendable {
    package var path: String
    package var by: String
    package init(path: String, by: String) {
      self.path = path
      self.by = by
    }
  }

  package var files: [String] = []
  package var shadowed: [Shadowed] = []
  /// Paths that do not exist.
  package var missing: [String] = []
  package init() {}
}

extension PluginHost {
  /// Finds plugin files in `paths`, each a file or a folder of `libassay-*.so`.
  ///
  /// Folders keep their order and are read sorted; of files with equal names the first wins.
  package static func find(paths: [String]) -> FoundPlugins {
    var found = FoundPlugins()
    var byName: [String: String] = [:]
    for path in paths {
      var status = stat()
      guard stat(path, &status) == 0 else {
        found.missing.append(path)
        continue
      }
      for file in status.st_mode & S_IFMT == S_IFDIR ? plugins(in: path) : [path] {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        if let first = byName[name] {
          if first != file { found.shadowed.append(.init(path: file, by: first)) }
        } else {
          byName[name] = file
          found.files.append(file)
        }
      }
    }
    return found
  }

  /// What runs methods in Python holds none itself.
  private static func plugins(in folder: String) -> [String] {
    fileNames(in: folder).filter {
      $0.hasPrefix("libassay-") && $0.hasSuffix(".so") && $0 != PythonMethod.libraryName
    }.sorted().map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
  }
}
