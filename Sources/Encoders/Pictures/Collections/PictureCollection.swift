/// Pictures with what is known of each: what a dataset is made of.
///
///     let birds = try PictureCollection.reading("birds")          // a folder for each class
///     let pairs = try PictureCollection.reading("pairs.csv")      // path, caption, ...
///
/// The order is that of the classes, then of the paths, byte by byte: the same on every machine and
/// in every file system. In a table it is the table's.
package struct PictureCollection: Equatable, Sendable {
  /// What a picture is for.
  package enum Split: String, CaseIterable, Sendable {
    case train, val, test, unlabelled

    /// Of a folder's or a cell's name, which people write in several ways.
    init?(named name: String) {
      switch name.lowercased() {
      case "train", "training": self = .train
      case "val", "valid", "validation", "dev": self = .val
      case "test": self = .test
      case "unlabelled", "unlabeled": self = .unlabelled
      default: return nil
      }
    }
  }

  package struct Entry: Equatable, Sendable {
    /// Relative to the collection, for people.
    package var name: String
    /// Where the file lies.
    package var path: String
    package var split: Split
    /// A number into ``PictureCollection/classes``, where it has one.
    package var label: Int?
    package var captions: [String] = []
    /// A value for each of ``PictureCollection/groups``, empty where it is unknown.
    package var groups: [String] = []
  }

  /// By which pictures are labelled; empty where they are not.
  package var classes: [String]
  /// Names of further attributes of the pictures.
  package var groups: [String] = []
  package var entries: [Entry]
  /// What was left out and why, a sentence each.
  package var notes: [String] = []

  /// Why there is no collection: a sentence for each problem.
  package struct Failure: Error, Equatable, CustomStringConvertible {
    package var path: String
    package var problems: [String]

    package var description: String {
      problems.map { "\(path): \($0)" }.joined(separator: "\n")
    }
  }

  /// Reads a folder, or the CSV table that lists pictures.
  ///
  /// `split` is what pictures are for that do not say so themselves.
  package static func reading(
    _ path: String, split: Split = .test
  ) throws(Failure) -> PictureCollection {
    switch FolderEntry.kind(of: path) {
    case .folder: try folder(path, split: split)
    case .file: try table(path, split: split)
    case .other:
      throw Failure(path: path, problems: ["there is no such folder or table of pictures"])
    }
  }
}

extension String {
  /// Byte by byte, which is the order of code points and no country's.
  func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
