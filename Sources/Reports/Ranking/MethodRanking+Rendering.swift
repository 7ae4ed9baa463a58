package import Documents
internal import Evaluation
internal import Metrics
internal import Statistics

extension MethodRanking {
  /// The ranking for a terminal.
  package func text(style: TextStyle) -> String {
    var lines = [summary, ""]
    lines += TextTable(
      head: methodHead.map { Cell($0) }, rows: methodRows.map { $0.map { Cell($0) } }
    )
    .lines(style)
    lines += ["", friedmanText, nemenyiText, ""]
    lines += TextTable(
      head: pairHead.map { Cell($0) }, rows: pairRows.map { $0.map { Cell($0) } }, nameColumns: 2
    ).lines(style)
    if !legend.isEmpty { lines += [""] + legend }
    if !dropped.isEmpty {
      lines += ["", "left out:"] + dropped.map { "  " + Escaping.line("\($0.name): \($0.reason)") }
    }
    return lines.joined(separator: "\n")
  }

  /// The ranking as Markdown.
  package func markdown() -> String {
    var parts = [
      Escaping.markdown(summary), markdownTable(head: methodHead, rows: methodRows),
      Escaping.markdown(friedmanText) + "\n" + Escaping.markdown(nemenyiText),
      markdownTable(head: pairHead, rows: pairRows),
    ]
    if !legend.isEmpty {
      parts.append(legend.map { "- \(Escaping.markdown($0))" }.joined(separator: "\n"))
    }
    if !dropped.isEmpty {
      parts.append("Left out".asHeading)
      parts.append(
        markdownTable(
          head: ["block", "why"], rows: dropped.map { [$0.name, $0.reason] }, alignment: "---"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The ranking as a document.
  package var json: JSON {
    func number(_ value: Double?) -> JSON {
      value.flatMap { $0.isFinite ? JSON($0) : nil } ?? .null
    }
    return [
      "schema": "assay.ranking/1",
      "metric": metric.json,
      "methods": .array(
        methods.map { method in
          var members: [String: JSON] = [
            "label": .string(method.label), "mean_rank": JSON(method.meanRank),
            "oracle": .bool(method.isOracle),
          ]
          members["interval"] = method.interval?.json
          return .object(members)
        }),
      "blocks": .array(blocks.map(\.blockJSON)),
      "left_out": .array(
        dropped.map { ["block": $0.block.blockJSON, "reason": .string($0.reason)] }),
      "friedman": ["chi_squared": number(test.chiSquared), "p": number(test.p)],
      "iman_davenport": [
        "f": number(test.imanDavenport), "p": number(test.imanDavenportP),
      ],
      "nemenyi": [
        "alpha": JSON(alpha), "critical_difference": number(criticalDifference),
        "cliques": .array(cliques.map { .array($0.map(JSON.string)) }),
      ],
      "pairs": .array(pairs.map(\.json)),
      "notes": .array(notes.map(JSON.string)),
    ]
  }
}

// MARK: Parts

extension MethodRanking {
  private var summary: String {
    "\(metric.key) (\(metric.directionText)): \(methods.count) methods"
      + " on \(blocks.count) blocks"
  }

  private var methodHead: [String] { ["method", "mean rank", "95 % interval"] }

  private var methodRows: [[String]] {
    methods.map {
      [
        $0.label + ($0.isOracle ? "†" : ""), Format.fixed($0.meanRank, 3),
        $0.interval.map { "[\(Format.fixed($0.lower, 2)), \(Format.fixed($0.upper, 2))]" } ?? "-",
      ]
    }
  }

  private var friedmanText: String {
    guard let chiSquared = test.chiSquared else {
      return "Friedman: all methods tie in every block."
    }
    let f = test.imanDavenport.map { $0.isFinite ? Format.fixed($0, 3) : "infinite" } ?? "-"
    return "Friedman: chi-squared \(Format.fixed(chiSquared, 3)), p \(Format.probability(test.p)); "
      + "Iman-Davenport: F \(f), p \(Format.probability(test.imanDavenportP))."
  }

  private var nemenyiText: String {
    let groups = cliques.map { "{\($0.joined(separator: ", "))}" }
    let level = Format.fixed(alpha, 2)
    let size = criticalDifference.isFinite ? Format.fixed(criticalDifference, 3) : "beyond reach"
    return "Nemenyi: critical difference \(size) at \(level); "
      + (groups.isEmpty
        ? "all methods are told apart." : "not told apart: \(groups.joined(separator: ", ")).")
  }

  private var pairHead: [String] {
    ["better", "than", "wins-losses-ties", "Nemenyi p", "Wilcoxon p", "Holm p"]
  }

  private var pairRows: [[String]] {
    pairs.map { pair in
      [
        pair.first, pair.second, "\(pair.wins)-\(pair.losses)-\(pair.ties)",
        Format.probability(pair.nemenyiP), Format.probability(pair.wilcoxon.p),
        Format.probability(pair.adjustedP),
      ]
    }
  }

  private var legend: [String] {
    let marked = methods.contains(where: \.isOracle)
    return notes
      + (marked ? ["† oracle: tuned on the test labels, not comparable with the other rows."] : [])
  }
}

extension MethodRanking.Pair {
  fileprivate var json: JSON {
    var test: [String: JSON] = [
      "statistic": JSON(wilcoxon.statistic), "n": JSON(wilcoxon.n),
      "p": wilcoxon.p.map { JSON($0) } ?? .null, "adjusted_p": adjustedP.map { JSON($0) } ?? .null,
      "exact": .bool(wilcoxon.isExact),
    ]
    test["note"] = wilcoxon.note.map(JSON.string)
    return [
      "first": .string(first), "second": .string(second), "wins": JSON(wins),
      "losses": JSON(losses), "ties": JSON(ties), "nemenyi_p": JSON(nemenyiP),
      "wilcoxon": .object(test),
    ]
  }
}

extension RowKey {
  fileprivate var blockJSON: JSON {
    ["suite": .string(suite), "dataset": .string(dataset), "setting": .object(setting)]
  }
}
