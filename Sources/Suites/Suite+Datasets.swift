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
  func open(_ entry: String) throws(SuiteError) -> Found {
    let folder = folderOfFile(path)
    let isID = !entry.contains("/")
    var places = ["\(folder)/\(entry)"]
    if isID { places += (["\(folder)/data"] + dataPaths).map { "\($0)/\(entry)" } }
    guard let place = places.first(where: { access("\($0)/dataset.json", F_OK) == 0 }) else {
      return .absent(
        "suite '\(id)' names dataset '\(entry)', which is in none of "
          + "\(places.joined(separator: ", ")); name the folder that holds it with --data or "
          + "ASSAY_DATA_PATH")
    }
    do throws(DatasetError) {
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
    } catch {
      throw SuiteError(.badDataset, error.findings)
    }
  }
}

/// The folder that a file lies in, `.` for a bare name.
func folderOfFile(_ path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
