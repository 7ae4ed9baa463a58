internal import Documents
internal import Glibc

/// Folders that hold dataset folders, in the order in which they are looked through.
///
/// A dataset is known by the id in its manifest, whatever its folder is called. A shelf may be a
/// dataset folder itself.
///
/// ```swift
/// let shelves = DatasetShelves(["mine", "suites/data"])
/// if case .found(let folder, let hidden) = shelves.find("fashion") { ... }
/// ```
package struct DatasetShelves: Sendable {
  package let folders: [String]

  package init(_ folders: [String]) {
    var seen: Set<String> = []
    self.folders = folders.filter { seen.insert(realPath($0) ?? $0).inserted }
  }

  /// What became of the search for an id.
  package enum Found: Equatable, Sendable {
    case absent
    /// The folder of the first shelf that has the id, and other folders with that id.
    case found(String, hidden: [String])
    /// Folders of one shelf that have the id, of which none is called so.
    case ambiguous([String])
  }

  /// Finds a dataset by its id.
  package func find(_ id: String) -> Found {
    var chosen: String?
    var hidden: [String] = []
    for shelf in folders {
      let places = datasetFolders(of: shelf).filter { mentions($0, id) && datasetID($0) == id }
      guard !places.isEmpty else { continue }
      if chosen == nil {
        let named = places.first { $0.hasSuffix("/\(id)") }
        guard let first = named ?? (places.count == 1 ? places[0] : nil) else {
          return .ambiguous(places)
        }
        chosen = first
      }
      hidden += places
    }
    guard let chosen else { return .absent }
    let own = realPath(chosen)
    var seen: Set<String> = []
    return .found(
      chosen,
      hidden: hidden.filter { path in
        let real = realPath(path) ?? path
        return real != own && seen.insert(real).inserted
      })
  }

  /// Every dataset folder with its id, shelf by shelf.
  package var all: [(id: String, folder: String)] {
    folders.flatMap { shelf in
      datasetFolders(of: shelf).compactMap { folder in
        datasetID(folder).map { (id: $0, folder: folder) }
      }
    }
  }
}

/// The id that a dataset folder's manifest gives; nil where there is none to read.
package func datasetID(_ folder: String) -> String? {
  let manifest = try? Document.reading(path: "\(folder)/dataset.json", schema: nil).document.value
  return manifest?["id"]?.string
}

/// The dataset folders of a shelf: itself, those in it, and those in these, sorted.
private func datasetFolders(of shelf: String) -> [String] {
  let own = isDataset(shelf) ? [shelf] : []
  let inside = entries(of: shelf).map { "\(shelf)/\($0)" }.filter(isDataset)
  return own + inside
    + inside.flatMap { folder in entries(of: folder).map { "\(folder)/\($0)" }.filter(isDataset) }
}

private func isDataset(_ folder: String) -> Bool { access("\(folder)/dataset.json", F_OK) == 0 }

/// Whether a manifest holds the id anywhere, which is far cheaper to ask than to parse it.
private func mentions(_ folder: String, _ id: String) -> Bool {
  textOfFile("\(folder)/dataset.json").map { strstr($0, "\"\(id)\"") != nil } ?? false
}

/// The path without links and dots; nil where nothing is there.
private func realPath(_ path: String) -> String? {
  guard let real = realpath(path, nil) else { return nil }
  defer { free(real) }
  return String(cString: real)
}

/// The names in a folder, sorted; none where it cannot be read.
private func entries(of folder: String) -> [String] {
  guard let handle = opendir(folder) else { return [] }
  defer { closedir(handle) }
  var names: [String] = []
  while let entry = readdir(handle) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}
