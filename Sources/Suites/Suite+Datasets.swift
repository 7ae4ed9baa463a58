internal import Datasets
internal import Documents
internal import Glibc

extension Suite {
  /// What became of one entry of `datasets`.
  enum Found {
    case dataset(Dataset)
    /// Not found; the message says where it was looked for.
    case absent(String)
  }

  /// Opens a dataset: by its path beside the suite file, or by its id in the data folders.
  ///
  /// The order is: the path relative to the suite file, `data/<id>` beside the suite file, and
  /// `<id>` in each data path.
  func open(_ entry: String) throws(DatasetError) -> Found {
    let folder = folderOfFile(path)
    let isID = !entry.contains("/")
    let shelves = isID ? ["\(folder)/data"] + dataPaths : []
    let places = ([folder] + shelves).map { "\($0)/\(entry)" }
    guard let place = places.first(where: isDataset) else {
      let names = shelves.flatMap { shelf in
        entries(of: shelf).filter { isDataset("\(shelf)/\($0)") }
      }
      let near = nearestName(to: entry, in: names).map { "did you mean '\($0)'? If not, " } ?? ""
      return .absent(
        "dataset '\(entry)' is in none of \(places.joined(separator: ", ")); \(near)"
          + "name the folder that holds it with --data or ASSAY_DATA_PATH")
    }
    let dataset = try Dataset.open(place)
    guard !isID || dataset.id == entry else {
      throw DatasetError(
        .badManifest,
        DocumentError(
          path: "\(place)/dataset.json",
          problems: [
            DocumentProblem(
              pointer: "/id",
              message: "the folder was found as '\(entry)', but its id is '\(dataset.id)'; "
                + "name folder and id alike")
          ]))
    }
    return .dataset(dataset)
  }
}

private func isDataset(_ folder: String) -> Bool { access("\(folder)/dataset.json", F_OK) == 0 }

/// The names in a folder, sorted; none where it cannot be read.
private func entries(of folder: String) -> [String] {
  guard let handle = opendir(folder) else { return [] }
  defer { closedir(handle) }
  var names: [String] = []
  while let entry = readdir(handle) {
    names.append(
      withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      })
  }
  return names.sorted()
}

/// The folder that a file lies in, `.` for a bare name.
func folderOfFile(_ path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
