internal import Contracts
internal import Datasets
internal import Documents
internal import Suites

/// What a suite measures, in short.
struct SuiteSummary {
  private let suite: Suite
  private let plan: SuitePlan?
  /// What is left out, or why there is no plan.
  private let notes: [String]

  /// Plans the suite; data that are not there are no obstacle.
  init(_ suite: Suite) {
    self.suite = suite
    do {
      let plan = try suite.plan()
      self.plan = plan
      notes = plan.skipped
    } catch {
      plan = nil
      notes = ["\(error)"]
    }
  }

  var described: Described { Described(text: text, json: json) }

  private var datasets: [Dataset] {
    var seen: Set<String> = []
    return (plan?.settings ?? []).map(\.dataset).filter { seen.insert($0.id).inserted }
  }

  /// What varies between settings and its values, in the order of the plan.
  private var varied: [(key: String, values: [String])] {
    var order: [String] = []
    var values: [String: [String]] = [:]
    for setting in plan?.settings ?? [] {
      for (key, value) in setting.setting.sorted(by: { $0.key < $1.key }) {
        let text = value.string ?? value.canonicalText
        if !order.contains(key) { order.append(key) }
        if values[key]?.contains(text) != true { values[key, default: []].append(text) }
      }
    }
    return order.map { ($0, values[$0] ?? []) }
  }

  private var text: String {
    let rows =
      datasets.isEmpty
      ? suite.datasets.map { Row([("", "  " + $0), ("", ""), ("", "not opened")]) }
      : datasets.map { dataset in
        let summary = DatasetSummary(dataset)
        return Row([
          ("", "  " + dataset.id), ("", summary.sizeText), ("", dataset.manifest.licence),
        ])
      }
    let settings = varied.map { Row([("", "  " + $0), ("", $1.joined(separator: ", "))]) }
    var lines = ["\(suite.id) \(suite.version): \(suite.title)"]
    if let summary = suite.summary { lines.append(summary) }
    lines += [
      "task \(suite.contract.task), protocol \(suite.protocol.kind)", "", "datasets",
      Row.table(rows), "",
    ]
    if let plan {
      let seeds = Row([("", "  seed"), ("", listed(suite.seeds.map(String.init)))])
      lines += [
        "settings", Row.table(settings + [seeds]), "",
        "\(plan.settings.count) trials for each method",
      ]
    }
    lines.append("metrics: \(listed(suite.metrics))")
    if !suite.groups.isEmpty { lines.append("groups: \(listed(suite.groups))") }
    if !suite.methods.isEmpty { lines.append("methods: \(listed(suite.methods.map(\.label)))") }
    if !suite.claims.isEmpty { lines.append("claims: \(suite.claims.count)") }
    lines += notes.map { "note: \($0)" }
    lines += ["digest \(suite.digest.short)", "file \(suite.path)"]
    return lines.joined(separator: "\n")
  }

  private func listed(_ names: [String]) -> String { names.joined(separator: ", ") }

  private var json: JSON {
    [
      "id": .string(suite.id), "version": .string(suite.version), "title": .string(suite.title),
      "summary": JSON(suite.summary), "task": .string(suite.contract.task),
      "protocol": .string(suite.protocol.kind), "seeds": .array(suite.seeds.map { JSON($0) }),
      "datasets": .array(datasets.map { DatasetSummary($0).json }),
      "settings": .object(
        Dictionary(
          uniqueKeysWithValues: varied.map { ($0.key, JSON.array($0.values.map(JSON.string))) })),
      "trials": plan.map { JSON($0.settings.count) } ?? .null,
      "metrics": .array(suite.metrics.map(JSON.string)),
      "groups": .array(suite.groups.map(JSON.string)),
      "methods": .array(suite.methods.map { .string($0.label) }),
      "claims": .array(suite.claims.map(\.json)), "notes": .array(notes.map(JSON.string)),
      "digest": .string(suite.digest.description), "path": .string(suite.path),
    ]
  }
}
