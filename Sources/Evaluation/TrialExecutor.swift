/// Whatever brings a planned trial to its end: a worker, or prediction files made elsewhere.
package protocol TrialExecutor: Sendable {
  /// Every ending is a record.
  func run(_ trial: PlannedTrial) -> TrialRunner.Result
}
