import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

/// A config of a method, and the keys of it that change nothing.
private struct Idle: CustomTestStringConvertible {
  let method: String
  let config: [String: JSON]
  let keys: [String]
  var testDescription: String { "\(method) \(JSON.object(config).canonicalText)" }

  init(_ method: String, _ config: [String: JSON], _ keys: String...) {
    (self.method, self.config, self.keys) = (method, config, keys)
  }

  static let all: [Idle] = [
    Idle("knn", ["k": 3], "k"), Idle("knn", ["k": 3, "search": false]),
    Idle("knn", ["search": false, "candidates": [2], "refit": true], "candidates", "refit"),
    Idle("knn", ["weights": "uniform", "temperature": 3], "temperature"),
    Idle("linear-probe", ["c": 7], "c"), Idle("linear-probe", ["search": false, "c": 7]),
    Idle("linear-probe", ["search": false, "val_per_class": 2], "val_per_class"),
    Idle("linear-probe", ["scale": 20], "scale"),
    Idle("linear-probe", ["prior": "text", "scale": 20, "normalise": true], "normalise"),
    Idle("tip-adapter", ["alpha": 2, "beta": 3], "alpha", "beta"),
    Idle("tip-adapter", ["search": false, "alpha_max": 2], "alpha_max"),
    Idle("mlp-probe", ["hidden": 3, "widths": [4]], "hidden"),
    Idle("caps-adapter", ["search": "none", "alphas": [1]], "alphas"),
    Idle("caps-adapter", ["gamma": 0.7], "gamma"),
    Idle("amu-tuning", ["alphas": [1, 2]], "alphas"),
    Idle("amu-tuning", ["preset": "release", "uncertainty": "max"], "uncertainty"),
    Idle("amu-tuning", ["uncertainty": "max", "kurtosis_ref": 9], "kurtosis_ref"),
    Idle("gda", ["alpha": 3], "alpha"), Idle("gda", ["search": false, "alpha": 3]),
    Idle("gda", ["em_iterations": 3, "neighbours": 5], "em_iterations", "neighbours"),
    Idle("smote", ["min_leaf": 5, "leaves": "frequency"], "leaves", "min_leaf"),
    Idle("smote", ["classifier": "tree", "c": 5, "leaves": "frequency"], "c"),
    Idle("smote", ["method": "none", "k": 2, "gap": "attribute"], "gap", "k"),
    Idle("smote", ["over_percent": 100, "sampling_strategy": 0.5], "sampling_strategy"),
    Idle("zero-shot", ["text": "prompts", "ensemble": "logit"], "ensemble", "text"),
    Idle("nearest-mean", ["scale": 20]),
  ]

  /// The keys that a fit warned of.
  func warned(_ config: [String: JSON]) throws -> (keys: [String], logits: [[Float]]) {
    var setting = Setting.complete()
    // Classes of equal size leave nothing to resample.
    if method == "smote" { setting.keepTraining((0..<40).filter { $0 % 5 < 3 || $0 < 20 }) }
    let instance = try Plugin(named: method).instance(config)
    let logits = try instance.logits(
      fit: setting.fit, query: setting.query, aux: setting.aux.map { Tensor(rows: $0) },
      classCount: 5)
    let keys = config.keys.filter { key in
      instance.host.warnings.contains { $0.hasPrefix("config key '\(key)' has no effect") }
    }
    return (keys.sorted(), logits)
  }
}

@Suite("Settings without effect")
struct IdleSettingTests {
  @Test("are warned of, and truly have none", arguments: Idle.all)
  private func idle(idle: Idle) throws {
    let found = try idle.warned(idle.config)
    #expect(found.keys == idle.keys)
    let rest = idle.config.filter { !idle.keys.contains($0.key) }
    let without = try idle.warned(rest)
    #expect(without.keys.isEmpty && without.logits == found.logits)
  }

  @Test("defaults are never warned of", arguments: Shipped.all)
  func defaults(shipped: Shipped) throws {
    guard classifiers.contains(where: { $0.name == shipped.id }) else { return }
    #expect(try Idle(shipped.id, [:]).warned([:]).keys.isEmpty)
  }

  /// Keys whose other values need not show in the answers to ten easy rows a class.
  private static let quiet: Set<String> = [
    "linear-probe.tolerance", "linear-probe.max_iterations", "smote.tolerance",
    "smote.max_iterations", "mlp-probe.patience", "mlp-probe.tolerance", "mlp-probe.batch",
    "amu-tuning.select", "caps-adapter.balance", "smote.base", "smote.nominal", "smote.normalise",
    "smote.standardise", "linear-probe.normalise", "gda.alphas", "gda.prior",
    "tip-adapter.alpha_max", "tip-adapter.beta_max", "knn.select", "knn.distance", "gda.search",
    "mlp-probe.select", "tip-adapter.search", "linear-probe.val_per_class",
    "caps-adapter.val_per_class", "caps-adapter.alphas", "knn.candidates",
    // The search finds the same width, and a weight of 0 for the divergences; 1 % removes no row.
    "mlp-probe.widths", "mlp-probe.search", "caps-adapter.betas", "smote.under_percent",
    "caps-adapter.kl_scale",
    "caps-adapter.temperature",
  ]

  @Test(
    "no key is silent: it changes the answers or is warned of",
    arguments: classifiers.map(\.name).filter { $0 != "tip-adapter-f" && $0 != "nearest-mean-c" })
  func silent(name: String) throws {
    let schema = try Plugin(named: name).schema()
    let usual = try Idle(name, [:]).warned([:]).logits
    for (key, property) in schema["properties"]?.object ?? [:] {
      guard !Self.quiet.contains("\(name).\(key)") else { continue }
      var values: [JSON] = property["enum"]?.array ?? []
      if let flag = property["default"]?.bool { values.append(.bool(!flag)) }
      if let number = property["default"]?.double {
        let (low, high) = (property["minimum"]?.double ?? 0, property["maximum"]?.double ?? 1)
        let isWhole = property["type"]?.string == "integer"
        for value in [number / 2, number * 3, number + 1] where (low...high).contains(value) {
          values.append(isWhole ? JSON(Int(value)) : JSON(value))
        }
      }
      if let list = property["default"]?.array {
        values.append(.array(list.isEmpty ? [1] : Array(list.prefix(1))))
      }
      values.removeAll { $0 == property["default"] }
      let shows = try values.contains { value in
        let found = try Idle(name, [:]).warned([key: value])
        return found.keys == [key] || found.logits != usual
      }
      #expect(shows, "\(name) \(key)")
    }
  }
}

@Suite("Config values that cannot be")
struct WrongConfigTests {
  @Test("keys that exclude each other are refused before anything is fitted, by the schema too")
  func exclusive() throws {
    let plugin = try Plugin(named: "smote")
    let instance = try plugin.instance(["nominal": [1], "normalise": true])
    #expect(instance.created == ASSAY_E_CONFIG)
    #expect(instance.host.sentence.contains("'nominal'"))
    let schema = try JSONSchema(plugin.schema())
    #expect(!schema.validate(["nominal": [1], "normalise": true], source: nil).isEmpty)
    for fine: JSON in [
      ["nominal": [1]], ["normalise": true], [:], ["nominal": [], "normalise": true],
    ] {
      #expect(schema.validate(fine, source: nil).isEmpty)
    }
  }

  @Test("values that the data rule out are errors of the config, not trials that are left out")
  func byData() throws {
    let setting = Setting.complete()
    let smote = try Plugin(named: "smote").instance(["nominal": [16]])
    #expect(smote.fit(setting.fit) == ASSAY_E_CONFIG)
    var few = setting.fit
    few["class.count"] = Tensor(scalar: 4)
    few["text.class"] = Tensor(rows: uniformRows(4, 16, seed: 3))
    few["train.labels"] = Tensor(labels: (0..<40).map { Int32($0 % 4) })
    few["val.labels"] = Tensor(labels: (0..<50).map { Int32($0 % 4) })
    let amu = try Plugin(named: "amu-tuning").instance(["uncertainty": "top5"])
    #expect(amu.fit(few) == ASSAY_E_CONFIG)
    #expect(amu.host.sentence.hasPrefix("config key 'uncertainty'"))
  }
}
