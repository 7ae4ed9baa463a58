package import Tensors

// What only some tables can do. The harness asks a table for one of these, and never which task it
// is of.

/// A table whose rows can be said to share units, such as the images of one patient.
package protocol UnitTable: OutcomeTable {
  var units: [Int]? { get set }
}

/// A table with given columns that the dataset may have for some of a trial's rows alone.
package protocol CompletableTable: OutcomeTable {
  /// The same outcomes with each named column, filled with what says nothing where it is lacking.
  func completed(with columns: Set<String>) -> Self
}

/// A table of class probabilities, which a temperature may bring nearer to the truth.
package protocol CalibratableTable: OutcomeTable {
  /// Fits one temperature for the outputs of which these are the outcomes; nil without scores.
  func temperature(for outputs: [String: Tensor]) throws -> TemperatureScaling?
  /// The same outcomes with what the outputs at another temperature amount to.
  ///
  /// - Parameter classes: The classes that may be decided for, in rising order; nil: all.
  func scaling(
    _ outputs: [String: Tensor], by scaling: TemperatureScaling, among classes: [Int32]?
  ) throws -> Self
  /// How often rows are positive against how probable they were called; nil where that has no
  /// meaning.
  var calibrationCurve: CalibrationCurve? { get }
}

/// A table of scores that another threshold decides otherwise.
package protocol ThresholdedTable: OutcomeTable {
  /// The score from which to decide so that TPR - FPR is greatest; nil without rows of both
  /// classes.
  var youdenThreshold: Double? { get }
  /// The lowest score from which to decide so that FPR is at most a target.
  func threshold(falsePositiveRateAtMost target: Double) -> Double?
  /// The same scores with another decision.
  func deciding(at threshold: Double) -> Self
}

/// A table of decisions between classes, whose rates groups may be compared by.
package protocol DecisionTable: OutcomeTable {
  /// The true class of each row.
  var labels: [Int32] { get }
  /// The class decided for.
  var predicted: [Int32] { get }
  /// Whether there are two classes, of which class 1 is the positive one.
  var isBinary: Bool { get }
}

/// A table whose stored columns give a receiver operating characteristic.
package protocol ROCTable: OutcomeTable {
  /// The columns of scores and of what is not 0 for positives.
  static var characteristic: (score: String, positive: String) { get }
}
