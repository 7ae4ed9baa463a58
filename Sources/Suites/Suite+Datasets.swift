internal import Datasets
internal import Documents
internal import Glibc

extension Suite {
  /// What became of one entry of `datasets`.
  enum Found {
    /// A dataset, and what it hides.
    case dataset(Dataset, [PlanWarning])
    /// Not found; the message says where it was looked for.
    case absent(String)
  }

  /// Opens a dataset: by its path beside the suite file, or by its id in the data folders.
  ///
  /// An id is looked for in the folders that somebody named, then in `data` beside the suite file
  /// and beside it, then in the data that ship.
  func open(_ entry: String) throws(DatasetError) -> Found {
    let folder = folderOfFile(path)
    guard !entry.contains("/") else {
      let place = "\(folder)/\(entry)"
      guard access("\(place)/dataset.json", F_OK) == 0 else {
        return .absent("dataset '\(entry)' is not in \(place), a path relative to the suite file")
      }
      return .dataset(try Dataset.open(place), [])
    }
    let shelves = DatasetShelves(
      dataPaths.named + ["\(folder)/data", folder] + dataPaths.shipped)
    switch shelves.find(entry) {
    case .absent:
      let near = nearestName(to: entry, in: shelves.all.map(\.id))
      let other =
        shelves.all.first { $0.folder.hasSuffix("/\(entry)") }
        .map { " (\($0.folder) is called so, but its id is '\($0.id)')" } ?? ""
      let hint = near.map { "did you mean '\($0)'? If not, " } ?? ""
      return .absent(
        "dataset '\(entry)' is in none of \(shelves.folders.joined(separator: ", "))\(other); \(hint)"
          + "name the folder that holds it with --data or ASSAY_DATA_PATH")
    case .ambiguous(let places):
      throw DatasetError(
        .notFound,
        DocumentError(
          path: path,
          message: "\(places.joined(separator: " and ")) all have the id '\(entry)'; take away "
            + "all but one, or name the one that is meant with --data"))
    case .found(let place, let hidden):
      let dataset = try Dataset.open(place)
      return .dataset(dataset, hidden.compactMap { Suite.hiding($0, by: dataset) })
    }
  }

  /// A warning on a dataset that is not used; nil for a copy of the one that is, which is no loss.
  private static func hiding(_ folder: String, by dataset: Dataset) -> PlanWarning? {
    let other = try? Dataset.open(folder)
    guard other?.digest != dataset.digest else { return nil }
    let id = dataset.id
    return PlanWarning(
      .hiddenDataset, id, "'\(id)' of \(dataset.folder) hides that of \(folder)",
      portable: "'\(id)' (\(dataset.digest.short)) hides another dataset with that id"
        + (other.map { " (\($0.digest.short))" } ?? ", which cannot be read"))
  }
}

/// The folder that a file lies in, `.` for a bare name.
func folderOfFile(_ path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
