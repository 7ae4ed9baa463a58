internal import Documents
internal import Evaluation

/// A row of the baseline held against a row of another name of the candidate: `zero-shot=gda`.
package struct RowMatch: Equatable, Sendable {
  package let baseline: String
  package let candidate: String

  /// Reads `BASELINE=CANDIDATE`; names may hold `=` themselves.
  ///
  /// - Throws: ``RowMatchError`` if no part names a row of its report.
  package init(
    parsing text: String, baseline: Report, candidate: Report
  ) throws(RowMatchError) {
    let (old, new) = (baseline.labels, candidate.labels)
    let splits = text.indices.filter { text[$0] == "=" }.map {
      (String(text[..<$0]), String(text[text.index(after: $0)...]))
    }
    guard !splits.isEmpty else {
      throw RowMatchError(description: "--match \(text): write it as BASELINE=CANDIDATE")
    }
    if let match = splits.first(where: { old.contains($0.0) && new.contains($0.1) }) {
      (self.baseline, self.candidate) = match
      return
    }
    let (first, second) = splits.first { old.contains($0.0) } ?? splits[0]
    let (side, name, known) =
      old.contains(first) ? ("candidate", second, new) : ("baseline", first, old)
    let hint = nearestName(to: name, in: known).map { "did you mean '\($0)'?" }
    throw RowMatchError(
      description: "--match \(text): the \(side) has no row '\(name)'; "
        + (hint ?? "it has \(known.sorted().joined(separator: ", "))"))
  }

  /// What the row is called in the diff.
  package var name: String { "\(baseline)=\(candidate)" }
}

/// Why two rows cannot be held against each other.
package struct RowMatchError: Error, CustomStringConvertible {
  package let description: String
}

extension Report {
  /// The names of the report's rows.
  package var labels: Set<String> { Set(trials.map(\.label)) }

  /// The trials of some rows only, under other names; a row may have several.
  package func renaming(_ rows: [(label: String, name: String)]) -> Report {
    var report = self
    report.trials = rows.flatMap { row in
      trials.filter { $0.label == row.label }.map { trial in
        var trial = trial
        trial.label = row.name
        return trial
      }
    }
    return report
  }
}

/// The rows that only one of two reports has although both ran their method, as `--match` wants them.
package func overlookedMatches(_ baseline: Report, _ candidate: Report) -> [String] {
  func strays(_ report: Report, _ other: Report) -> [(method: String, label: String)] {
    report.labels.subtracting(other.labels).sorted().compactMap { label in
      report.trials.first { $0.label == label }.map { ($0.method, label) }
    }
  }
  let new = strays(candidate, baseline)
  return strays(baseline, candidate).flatMap { old in
    new.filter { $0.method == old.method }.map { "\(old.label)=\($0.label)" }
  }
}
