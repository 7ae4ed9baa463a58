import Documents
import Evaluation
import Metrics
import PluginHost
import Testing

@testable import Reports

/// Numbers at which arithmetic ends, at every place of a report that holds a number.
@Suite("Reports with numbers at the ends of their ranges")
struct BoundaryReportTests {
  private static let numbers: [JSON] = [
    .integer(.max), .integer(.min), .integer((1 << 53) - 1), .integer(1_000_000_000_000), -1,
    .number(-1e308),
  ]

  private var whole: Report {
    var trials = (1...2).flatMap { seed in
      [trial(shots: 2, seed: seed), trial("zero-shot", shots: 2, seed: seed, selection: .none)]
    }
    trials.append(trial(shots: 2, seed: 3, accuracy: nil, status: .crashed))
    for index in trials.indices {
      trials[index].groups = [
        GroupRecord(by: "class", key: "cat", n: 20, metrics: trials[index].metrics)
      ]
      trials[index].selfReported = ["iterations": 3]
      trials[index].rows = ["train": 16]
      trials[index].cost.peakResidentBytes = 1 << 20
    }
    return report(trials)
  }

  /// The paths of all numbers below a value, one of each kind of place.
  private func places(_ value: JSON, _ path: [String] = []) -> [[String]] {
    switch value {
    case .integer, .number: [path]
    case .object(let members):
      members.sorted { $0.key < $1.key }.flatMap { places($0.value, path + [$0.key]) }
    case .array(let elements):
      elements.enumerated().flatMap { places($0.element, path + ["\($0.offset)"]) }
    default: []
    }
  }

  @Test("every rendering and a diff end, and what is no count is refused")
  func renderings() throws {
    let original = whole
    let json = original.json
    var seen: Set<String> = []
    for path in places(json)
    where seen.insert(path.map { Int($0) == nil ? $0 : "*" }.joined(separator: "/")).inserted {
      for number in Self.numbers {
        guard let report = try? Report(json: json.setting(number, at: path[...])) else { continue }
        let isCount = ["n", "failed", "n_seeds"].contains(path.last ?? "")
        #expect(!isCount || (0...1_000_000_000_000).contains(number.int ?? -1))
        _ = HTMLRendering.page(report: report, samples: nil)
        _ = report.markdown(metric: nil)
        _ = report.latex(metric: nil)
        _ = report.csv()
        _ = report.junit()
        _ = report.annotations()
        _ = report.text(metric: nil, style: TextStyle())
        _ = diff(baseline: original, candidate: report)
        _ = diff(baseline: report, candidate: original)
      }
    }
    #expect(seen.count > 30)
  }
}

extension JSON {
  /// The document with a value at a place that is there.
  fileprivate func setting(_ value: JSON, at path: ArraySlice<String>) -> JSON {
    guard let step = path.first else { return value }
    switch self {
    case .object(var members):
      members[step] = members[step]?.setting(value, at: path.dropFirst())
      return .object(members)
    case .array(var elements):
      guard let place = Int(step) else { return self }
      elements[place] = elements[place].setting(value, at: path.dropFirst())
      return .array(elements)
    default: return self
    }
  }
}
