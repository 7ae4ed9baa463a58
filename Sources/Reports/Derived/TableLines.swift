package import Documents
internal import Metrics
internal import Random

/// The lines of the sources in a table of accuracies, with what they say about sources and mixtures.
///
/// Intervals are percentiles over models resampled within their source.
package struct TableLines: Sendable {
  /// A mixture and the sources in it.
  package struct Mixture: Sendable {
    let name: String
    let parts: [String]

    package init(name: String, parts: [String]) {
      self.name = name
      self.parts = parts
    }
  }

  let table: AccuracyTable
  let lines: SourceLines
  /// Sources with fewer than three models, or models of one reference accuracy.
  let skipped: [String]
  private let groups: [SourceLines.Models]
  /// The line that effective robustness is measured from, for each shift.
  private let baseline: [EffectiveRobustness]
  /// The accuracies at the common reference, `[resample][source][shift]`.
  private let resampled: [[[Double]]]
  private let mixtures: [Mixture]

  /// Fits all lines.
  ///
  /// - Parameters:
  ///   - rows: The size of the test sets: accuracies are clipped to `1/2N ... 1 - 1/2N`.
  ///   - baseline: The source whose line is the standard one; nil: all models.
  /// - Throws: ``AccuracyTable/Failure`` for sources that are not in the table or have no line.
  package init(
    _ table: AccuracyTable, rows: Int, baseline: String?, mixtures: [Mixture],
    resamples: Int = 2000
  ) throws(AccuracyTable.Failure) {
    self.table = table
    self.mixtures = mixtures
    let counts = table.shifts.map { _ in rows }
    let all = table.groups
    let fits = SourceLines(all, rows: rows, shiftedRows: counts, at: nil).lines
    let usable = all.indices.filter { place in fits[place].allSatisfy { $0 != nil } }
    let groups = usable.map { all[$0] }
    skipped = all.indices.filter { !usable.contains($0) }.map { all[$0].name }
    self.groups = groups
    let place = SourceLines.commonReference(groups)
    lines = SourceLines(groups, rows: rows, shiftedRows: counts, at: place)
    for name in (baseline.map { [$0] } ?? []) + mixtures.flatMap({ [$0.name] + $0.parts })
    where !groups.contains(where: { $0.name == name }) {
      let known = all.map(\.name)
      guard !known.contains(name) else {
        throw AccuracyTable.Failure(
          "source '\(name)' has fewer than three models, or all of one reference accuracy: no line")
      }
      throw AccuracyTable.Failure(
        "it has no source '\(name)'"
          + (nearestName(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ""))
    }
    let standard =
      baseline.flatMap { name in groups.first { $0.name == name } }
      ?? SourceLines.Models(name: "all", reference: table.reference, shifted: table.shifted)
    let line = SourceLines([standard], rows: rows, shiftedRows: counts, at: nil).lines[0]
    self.baseline = line.compactMap(\.self)
    guard self.baseline.count == table.shifts.count else {
      throw AccuracyTable.Failure("its models are fewer than three, or of one reference accuracy")
    }
    var random = Philox(key: Philox.key("lines", "\(table.models.count)"), stream: 0)
    resampled = (0..<(place == nil ? 0 : resamples)).map { _ in
      let drawn = groups.map { group in
        let chosen = group.reference.map { _ in random.below(group.reference.count) }
        return SourceLines.Models(
          name: group.name, reference: chosen.map { group.reference[$0] },
          shifted: group.shifted.map { column in chosen.map { column[$0] } })
      }
      let lines = SourceLines(drawn, rows: rows, shiftedRows: counts, at: place)
      return drawn.indices.map { source in
        counts.indices.map { lines.accuracy(source, $0) }
      }
    }
  }

  /// Where a source's line stands at the common reference accuracy, over resampled models.
  func interval(_ source: Int, _ shift: Int) -> Interval? {
    var interval = Bootstrap(resamples: resampled.count, key: 0).interval(
      of: resampled.map { $0[source][shift] }
    ).interval
    interval?.method = "bootstrap-over-models"
    return interval
  }

  /// The accuracy of a model under a shift above the standard line.
  func robustness(_ model: Int, _ shift: Int) -> Double {
    baseline[shift](reference: table.reference[model], shifted: table.shifted[shift][model])
  }

  /// Each mixture under each shift.
  var dilutions: [(mixture: String, shift: Int, tolerance: Double, found: Dilution)] {
    mixtures.flatMap { mixture in
      table.shifts.indices.compactMap { shift in
        let places = ([mixture.name] + mixture.parts).compactMap { lines.names.firstIndex(of: $0) }
        let tolerance = interval(places[0], shift).map { ($0.upper - $0.lower) / 2 } ?? 0
        return Dilution(
          mixture: lines.accuracy(places[0], shift),
          parts: places.dropFirst().map { lines.accuracy($0, shift) }, tolerance: tolerance
        ).map { (mixture.name, shift, tolerance, $0) }
      }
    }
  }

  /// A rank for the table: half a place only where sources are equal.
  private func rank(_ source: Int, _ shift: Int) -> String {
    let rank = lines.ranks(shift)[source]
    return rank.isNaN ? "-" : rank == rank.rounded() ? "\(Int(rank))" : "\(rank)"
  }

  func modelCount(_ source: Int) -> Int { groups[source].reference.count }
}

extension TableLines {
  /// Fits, effective robustness, accuracies at the common reference, ranks and dilution.
  package var json: JSON {
    let places = lines.names.indices.flatMap { source in
      table.shifts.indices.map { (source, $0) }
    }
    func number(_ value: Double?) -> JSON {
      value.flatMap { $0.isFinite ? JSON($0) : nil } ?? .null
    }
    let fits = places.map { source, shift -> JSON in
      let line = lines.lines[source][shift]
      return [
        "source": .string(lines.names[source]), "shift": .string(table.shifts[shift]),
        "models": JSON(modelCount(source)), "alpha": number(line?.intercept),
        "beta": number(line?.slope), "r2": number(line?.rSquared),
        "alpha_error": number(line?.interceptError), "beta_error": number(line?.slopeError),
        "residual": number(line?.residualDeviation),
      ]
    }
    let at = places.map { source, shift -> JSON in
      [
        "source": .string(lines.names[source]), "shift": .string(table.shifts[shift]),
        "accuracy": number(lines.accuracy(source, shift)),
        "rank": number(lines.ranks(shift)[source]),
        "interval": interval(source, shift).map(\.json) ?? .null,
      ]
    }
    let robustness = table.models.indices.flatMap { model in
      table.shifts.indices.map { shift -> JSON in
        [
          "model": .string(table.models[model]), "source": .string(table.sources[model]),
          "shift": .string(table.shifts[shift]), "value": number(self.robustness(model, shift)),
        ]
      }
    }
    return [
      "fits": .array(fits), "reference_accuracy": number(lines.place), "acc_at": .array(at),
      "eff_rob": .array(robustness), "rank_agreement": number(lines.agreement.value),
      "dilution": .array(
        dilutions.map {
          [
            "mixture": .string($0.mixture), "shift": .string(table.shifts[$0.shift]),
            "q": number($0.found.position), "tolerance": number($0.tolerance),
            "verdict": .string($0.found.verdict.rawValue),
          ]
        }),
      "without_line": .array(skipped.map(JSON.string)),
    ]
  }

  /// The same for a terminal; effective robustness by source.
  package func text(style: TextStyle) -> String {
    var body: [[Cell]] = []
    for source in lines.names.indices {
      let models = table.sources.indices.filter {
        lines.names.count == 1 || table.sources[$0] == lines.names[source]
      }
      for shift in table.shifts.indices {
        let line = lines.lines[source][shift]
        let mean =
          models.reduce(0) { $0 + robustness($1, shift) } / Double(max(models.count, 1))
        let half = interval(source, shift).map { " ± \(Format.value(($0.upper - $0.lower) / 2))" }
        body.append([
          Cell(lines.names[source]), Cell(table.shifts[shift]), Cell("\(modelCount(source))"),
          Cell(Format.value(line?.intercept)), Cell(Format.value(line?.slope)),
          Cell(Format.value(line?.rSquared)),
          Cell(Format.value(lines.place.map { _ in lines.accuracy(source, shift) }) + (half ?? "")),
          Cell(rank(source, shift)),
          Cell(Format.signed(mean)),
        ])
      }
    }
    let head: [Cell] = [
      "source", "shift", "models", "alpha", "beta", "R²", "at reference", "rank", "robustness",
    ]
    var all = TextTable(head: head, rows: body, nameColumns: 2).lines(style)
    all.append(
      lines.place.map { "common reference accuracy \(Format.value($0))" }
        ?? "the sources reach no common reference accuracy")
    if let agreement = lines.agreement.value {
      all.append("Kendall's W of the shifts \(Format.value(agreement))")
    }
    all += dilutions.map {
      Escaping.line(
        "\($0.mixture) under \(table.shifts[$0.shift]): \($0.found.verdict.rawValue), position "
          + "\(Format.value($0.found.position)), tolerance \(Format.value($0.tolerance))")
    }
    if !skipped.isEmpty {
      all.append(
        Escaping.line(
          "without a line, for fewer than three models: \(skipped.joined(separator: ", "))"))
    }
    return all.joined(separator: "\n")
  }
}
