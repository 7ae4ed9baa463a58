internal import Metrics
package import PluginHost
package import Tensors

/// What a reader should know of a method's outputs before believing what is made of them.
package struct OutputRemarks {
  /// What is most likely a mistake of the method.
  package var warnings: [TrialOutcome.Warning] = []
  /// What is allowed, and yet makes most metrics say nothing.
  package var notes: [String] = []

  /// The code of the warning about logits that are probabilities.
  package static let probabilities = "probabilities-as-logits"

  /// Looks at the outputs of all queries of a trial; says each thing once.
  package init(_ outputs: [[String: Tensor]], task: String) {
    guard let name = Task.named(task)?.scores else { return }
    let tensors = outputs.compactMap { $0[name] }.filter { $0.dtype == .f32 && $0.count > 0 }
    guard !tensors.isEmpty else { return }
    let isSoftened = name == "logits"
    if isSoftened, tensors.allSatisfy(holdsDistributions) {
      warnings.append(
        TrialOutcome.Warning(
          code: OutputRemarks.probabilities,
          text: "every row of 'logits' lies in 0...1 and sums to 1, as probabilities do: they are "
            + "taken for logits, so that the softmax is applied once more and likelihood and "
            + "calibration are those of other probabilities; hand over their logarithms"))
    }
    let judged = tensors.filter { ($0.shape.extents.first ?? 0) > 1 }
    guard !judged.isEmpty else { return }
    if judged.allSatisfy({ isConstant($0) }) {
      notes.append("every value of '\(name)' is the same, so that nothing is told apart")
    } else if isSoftened, judged.allSatisfy({ repeatsOneRow($0) }) {
      notes.append("every row of '\(name)' is the same, whatever the input")
    }
  }
}

extension TrialRecord {
  mutating func add(_ remarks: OutputRemarks) {
    warnings += remarks.warnings
    notes += remarks.notes
  }
}

/// Whether every row `[Q, K]` is a distribution over two classes or more, within the 1e-3 that a
/// contract allows one.
private func holdsDistributions(_ rows: Tensor) -> Bool {
  guard rows.shape.rank == 2, rows.shape[1] > 1 else { return false }
  let width = rows.shape[1]
  return rows.withElements(of: Float.self) { values in
    for start in stride(from: 0, to: values.count, by: width) {
      var sum = 0.0
      for value in values[start..<start + width] {
        guard value >= 0, value <= 1 else { return false }
        sum += Double(value)
      }
      guard abs(sum - 1) <= 1e-3 else { return false }
    }
    return true
  }
}

private func isConstant(_ scores: Tensor) -> Bool {
  scores.withElements(of: Float.self) { values in values.allSatisfy { $0 == values[0] } }
}

private func repeatsOneRow(_ rows: Tensor) -> Bool {
  let width = rows.count / rows.shape[0]
  return rows.withElements(of: Float.self) { values in
    values.indices.dropFirst(width).allSatisfy { values[$0] == values[$0 - width] }
  }
}
