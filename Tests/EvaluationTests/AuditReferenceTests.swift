import Documents
import Metrics
import PluginHost
import Testing

@testable import Evaluation

/// Values of scikit-learn 1.9.1 and fairlearn 0.15.0 on the stored arrays of planted-audit in float64:
/// margins 100 x (t1 - t0) of unit rows, the threshold at the greatest `tpr - fpr` of `roc_curve` on val.
@Suite("Reference results of the planted audit")
struct AuditReferenceTests {
  private func audited() throws -> TrialRecord {
    let found = try records("fairness", plugin: "zero-shot", method: "zero-shot")
    let record = try #require(
      found.first { $0.dataset == "planted-audit" })
    #expect(record.status == .ok && record.setting["label"] == "finding")
    return record
  }

  private func value(_ record: TrialRecord, _ by: String, _ key: String, _ metric: String) -> Double
  {
    record.groups.first { $0.by == by && $0.key == key }?.metrics[metric]?.value ?? .nan
  }

  @Test("the whole, every age group, the shortcut sets and the threshold are those of scikit-learn")
  func scikit() throws {
    let record = try audited()
    for (key, wanted) in [
      ("auroc", 0.9464497767672803), ("adjusted_auprc", 0.8986815754677124),
      ("mean_per_class_accuracy", 0.8818834360126007),
    ] {
      #expect(abs((record.metrics[key]?.value ?? 0) - wanted) < 1e-4, "\(key)")
    }
    for (key, wanted) in [
      ("18-24", 0.9541427826993226), ("25-49", 0.9619592510223115), ("50-64", 0.9572248721479151),
      ("65-79", 0.9760358342665174), ("80+", 0.8341871977895464),
      ("worst group", 0.8341871977895464), ("gap", 0.9760358342665174 - 0.8341871977895464),
      ("80+ less all", 0.8341871977895464 - 0.9464497767672803),
    ] {
      #expect(abs(value(record, "age", key, "auroc") - wanted) < 1e-4, "\(key)")
    }
    for (key, wanted) in [
      ("with", 0.9669225375372459), ("without", 0.9092660345914422),
      ("gap", 0.9669225375372459 - 0.9092660345914422),
    ] {
      #expect(abs(value(record, "shortcut", key, "auroc") - wanted) < 1e-4, "\(key)")
    }
    #expect(abs(value(record, "decision", "val", "decision_threshold") - 0.579306) < 1e-3)
  }

  @Test("the disparities of the decisions are those of fairlearn, of what is large enough")
  func fairlearn() throws {
    let record = try audited()
    for (by, key, wanted) in [
      ("age", "demographic_parity_gap", 0.12714504596527065),
      ("age", "equal_opportunity_gap", 0.12148023312969602),
      ("age", "equalised_odds_gap", 0.2022766217870257),
      ("sex", "demographic_parity_gap", 0.0020000000000000018),
      ("sex", "equal_opportunity_gap", 0.0006801435858680982),
      ("sex", "equalised_odds_gap", 0.007331305788393527),
      // The island's 14 rows count, 3 positives of it do not.
      ("site", "demographic_parity_gap", 0.1326878577517964),
    ] {
      #expect(abs(value(record, by, "gap", key) - wanted) < 2e-3, "\(by) \(key)")
    }
    let island = try #require(record.groups.first { $0.key == "island" })
    #expect(island.role == .rows && island.n == 14)
    let auroc = try #require(island.metrics["auroc"])
    #expect(auroc.value != nil && auroc.isLeftOut)
    #expect(island.metrics["selection_rate"]?.isLeftOut == false)
    let gap = try #require(record.groups.first { $0.by == "site" && $0.role == .gap })
    #expect(gap.metrics["equal_opportunity_gap"]?.reason?.contains("island") == true)
  }

  @Test("every number of a comparison has an interval of the whole that holds it")
  func intervals() throws {
    let compared = try audited().groups.filter { !$0.role.isOfRows }
    #expect(Set(compared.map(\.role)) == [.worst, .gap, .difference])
    for record in compared {
      for (key, value) in record.metrics {
        guard let number = value.value else { continue }
        let interval = try #require(value.interval, "\(record.by) \(record.key) \(key)")
        #expect(interval.lower < interval.upper)
        #expect(interval.lower <= number && number <= interval.upper)
      }
    }
  }
}
