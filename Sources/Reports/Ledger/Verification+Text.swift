package import Documents
internal import Evaluation

extension Verification {
  /// A line for each row that could be judged, with `all` for the others too, and a summary.
  package func text(all: Bool) -> String {
    var lines = (all ? findings : judged).map(\.text)
    let reproduced = judged.count { if case .reproduced = $0.verdict { true } else { false } }
    let oracles = judged.count(where: \.isOracle)
    lines.append(
      "\(reproduced) of \(judged.count) values reproduced"
        + (oracles > 0 ? ", \(oracles) of them tuned on the test rows (oracle)" : "")
        + "; \(findings.count - judged.count) rows of the ledger are not runnable here")
    return lines.joined(separator: "\n")
  }

  /// The verification as a document.
  package var json: JSON {
    [
      "schema": "assay.verification/1",
      "exit_code": JSON(Int(exitCode.rawValue)),
      "findings": .array(findings.map(\.json)),
    ]
  }
}

extension Verification.Finding {
  fileprivate var text: String {
    let setting = TrialOrder.text(row.setting)
    let place = "\(row.suite) / \(row.dataset), \(setting), \(label)\(group)\(seeds)"
    let oracle = isOracle ? " (oracle)" : ""
    let published = "\(row.metric) \(rounded(row.value)) ± \(rounded(row.tolerance))"
    return switch verdict {
    case .reproduced(let value):
      "reproduced    \(place): \(rounded(value)), \(published)\(oracle)"
    case .off(let value):
      "off by \(Format.signed(value - row.value))  \(place): \(rounded(value)), \(published)\(oracle); "
        + "source: \(row.source)"
    case .failed(let reason): "failed        \(place): \(reason)"
    case .notRunnable(let reason): "not runnable here  \(place): \(reason)"
    }
  }

  private var group: String { row.group.map { ", \($0.by) \($0.key)" } ?? "" }

  private var seeds: String {
    row.seeds.map { $0.count == 1 ? ", seed \($0[0])" : "" } ?? ""
  }

  fileprivate var json: JSON {
    var members: [String: JSON] = [
      "suite": .string(row.suite), "dataset": .string(row.dataset), "label": .string(label),
      "setting": .object(row.setting), "metric": .string(row.metric),
      "published": JSON(row.value), "tolerance": JSON(row.tolerance),
      "source": .string(row.source), "selection": .string(row.selection),
      "oracle": .bool(isOracle),
    ]
    members["backbone"] = row.backbone.map(JSON.string)
    members["group"] = row.group.map { ["by": .string($0.by), "key": .string($0.key)] }
    members["seeds"] = row.seeds.map { .array($0.map { JSON($0) }) }
    switch verdict {
    case .reproduced(let value):
      members["verdict"] = "reproduced"
      members["measured"] = JSON(value)
    case .off(let value):
      members["verdict"] = "off"
      members["measured"] = JSON(value)
      members["difference"] = JSON(value - row.value)
    case .failed(let reason):
      members["verdict"] = "failed"
      members["reason"] = .string(reason)
    case .notRunnable(let reason):
      members["verdict"] = "not-runnable"
      members["reason"] = .string(reason)
    }
    return .object(members)
  }
}

private func rounded(_ value: Double) -> String { Format.value(value) }
