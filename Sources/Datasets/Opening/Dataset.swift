package import Documents
internal import Tensors

/// An opened dataset: every array mapped, and all of them known to fit each other.
///
/// ```swift
/// let dataset = try Dataset.open("suites/data/fashion")
/// let test = dataset.arrays["test.features"]  // [N, D]
/// ```
package struct Dataset: Sendable {
  /// The folder, with all links resolved.
  package let folder: String
  package let manifest: DatasetManifest
  /// SHA-256 over the manifest's canonical text and, in the order of their paths, all its files.
  package let digest: Digest
  /// The class names, `[K]`; empty when the dataset has no classes.
  package internal(set) var classes: [String]
  /// The prompt templates, `[P]`; empty when they are not given.
  package let templates: [String]
  /// The arrays that contracts name, such as `train.features`.
  package internal(set) var arrays: [String: DatasetArray]
  /// The few-shot training rows that come with the data.
  package internal(set) var shots: Shots?
  package internal(set) var shifts: [Shift]
  package internal(set) var outOfDistribution: [OutOfDistribution]
  /// Attributes of the test rows.
  package internal(set) var groups: [String: Group]
  /// The independent unit of each row of `train`, `val` and `test`, where the dataset gives units.
  package internal(set) var units: [String: [Int32]]
  /// Other labellings of the rows, in the order of their names.
  package let targets: [Target]
  /// The target or attribute that the labels are of; nil for the dataset's own classes.
  package internal(set) var labelling: String?
  /// Ready-made questions of a task.
  package let cases: [Case]
  /// Arrays that no contract names yet.
  package let extra: [String: DatasetArray]
  /// What is to be said of the data though they can be used, the gravest first.
  package let findings: [DataFinding]
  /// The sets of rows that an audit compares.
  let comparedParts: [DatasetPart]

  package var id: String { manifest.id }
  package var version: String { manifest.version }

  /// Few-shot training rows that come with the data.
  package enum Shots: Sendable {
    /// Stored draws: `draws[s][c]` are rows of `train.*`, of which `k` shots are the first `k`.
    case index(draws: [[[Int]]])
    /// One given training set for each number of shots.
    case sets([Int: Labelled])
  }

  /// Rows with their labels.
  package struct Labelled: Sendable {
    package let features: DatasetArray
    package let labels: [Int32]
    package let aux: DatasetArray?
    package let captions: DatasetArray?
  }

  /// A test set under a shift.
  package struct Shift: Sendable {
    package let name: String
    package let corruption: String?
    package let severity: Int?
    package let features: DatasetArray
    package let labels: [Int32]
    /// The class that a second cue of each row shows.
    package let conflicting: [Int32]?
    /// The rows of `test.*` that the rows are shifted copies of, in order.
    package let testRows: [Int]?
    /// The classes that occur, in order, where those are not all: the others are masked.
    package var classes: [Int32]?
  }

  /// A set that shares no class with the dataset.
  package struct OutOfDistribution: Sendable {
    package let name: String
    /// `near` or `far`.
    package let distance: String
    package let features: DatasetArray
    /// The same rows in the second feature space.
    package let aux: DatasetArray?
  }

  /// An attribute of the test rows.
  package struct Group: Sendable {
    package let names: [String]
    /// A number into `names` for each test row, or -1 for unknown.
    package let codes: [Int32]
    /// The codes of the rows of `train` and `val`, where they are given.
    package let splits: [String: [Int32]]
  }

  /// Labels of the rows that stand for one finding.
  package struct Target: Sendable {
    package let name: String
    package let classes: [String]
    /// The labels of `train`, `val` and `test`.
    package let splits: [String: [Int32]]
    /// One text feature per class, `[K, D]`.
    package let text: DatasetArray?
  }

  /// Labels of `train`, `val` or `test`; nil when the dataset has none.
  package func labels(_ split: String) -> [Int32]? { splitLabels[split] }

  var splitLabels: [String: [Int32]]
}
