/// Where datasets are looked for.
///
/// What somebody named comes first: the folders of `--data`, then those of a run file, then those of
/// `ASSAY_DATA_PATH`. Only then come the folders beside the suite file, and last the data that ship.
package struct DataPaths: Sendable, ExpressibleByArrayLiteral {
  /// Folders that somebody named, in order.
  package var named: [String]
  /// Folders of this installation.
  package var shipped: [String]

  package init(named: [String], shipped: [String] = []) {
    self.named = named
    self.shipped = shipped
  }

  package init(arrayLiteral elements: String...) { self.init(named: elements) }

  /// The paths with folders that a run file names, after those of the command line.
  package func adding(named more: [String]) -> DataPaths {
    DataPaths(named: named + more, shipped: shipped)
  }
}
