/// What a method was tuned on.
package enum Selection: String, CaseIterable, Sendable {
  /// Nothing.
  case none
  /// Validation rows.
  case val
  /// Cross-validation on the training rows.
  case cv
  /// Test rows: numbers that nobody else can reach.
  case oracle
}
