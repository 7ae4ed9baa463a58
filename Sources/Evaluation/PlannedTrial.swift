internal import Contracts
internal import Datasets
package import Documents
internal import Metrics
internal import PluginHost
package import Suites

/// A trial before it runs: everything that decides its result, and its id.
package struct PlannedTrial: Sendable {
  package var choice: MethodChoice
  package var setting: PlannedSetting
  /// Digest of everything that decides the result; the key of the cache.
  package var id: Digest
  /// The same without the method's version and file; what `diff` joins on.
  package var key: Digest
  /// The inputs that the method wants of those that the setting offers.
  package var inputs: Set<String>
  /// `none`, `val`, `cv` or `oracle`.
  package var selection: Selection
  /// Why the method cannot run here; nil when it can.
  package var unsupported: String?

  package init(choice: MethodChoice, setting: PlannedSetting, threads: Int) {
    self.choice = choice
    self.setting = setting
    let contract = setting.contract
    // Several claims of one task are ways of being given what it needs: the first that fits counts.
    let claims = choice.method.claims.filter { $0.accepts(contract) }
    let claim =
      claims.first { PlannedTrial.obstacle(choice, setting, claim: $0) == nil } ?? claims.first
    inputs = claim.map { $0.wanted(of: setting.offered) } ?? []
    unsupported = PlannedTrial.obstacle(choice, setting, claim: claim)
    selection =
      if inputs.contains("val.labels") {
        setting.selectionIsOracle ? .oracle : .val
      } else if choice.method.flags.contains(.crossValidates) { .cv } else { .none }

    let metricVersions = setting.metrics.reduce(into: [String: JSON]()) { versions, key in
      versions[key] = JSON(MetricInfo.named(key)?.version ?? 0)
    }
    let work: [String: JSON] = [
      "config": choice.config,
      "contract": .string("\(contract.task)/\(contract.version)"),
      "dataset": .string(setting.dataset.digest.description),
      "label": .string(choice.label),
      "method": .string(choice.method.id),
      "metrics": .object(metricVersions),
      "order": .string(CaseCall.orderVersion),
      "seed": JSON(setting.seed),
      "setting": .object(setting.setting),
      "suite": .string(setting.suiteDigest.description),
      "threads": JSON(threads),
    ]
    let code: [String: JSON] = [
      "plugin": .string(choice.plugin.digest.description),
      "version": .string(choice.method.version),
    ]
    id = Digest(of: .object(work.merging(code) { first, _ in first }))
    key = PlannedTrial.joinKey(choice, setting)
  }

  /// What `diff` joins on: who was asked what, whatever the data, suite and code were at the time.
  ///
  /// Data, suite and metric digests stay out so that a pair which differs in them is found and called
  /// incomparable, rather than reported as one missing and one new trial.
  private static func joinKey(_ choice: MethodChoice, _ setting: PlannedSetting) -> Digest {
    Digest(
      of: [
        "config": choice.config,
        "dataset": .string(setting.dataset.id),
        "label": .string(choice.label),
        "method": .string(choice.method.id),
        "seed": JSON(setting.seed),
        "setting": .object(setting.setting),
        "suite": .string(setting.suite),
        "task": .string(setting.contract.task),
      ])
  }

  private static func obstacle(
    _ choice: MethodChoice, _ setting: PlannedSetting, claim: Claim?
  ) -> String? {
    let contract = setting.contract
    guard let claim else {
      let others = choice.method.claims.map { "\($0.task) \($0.version)" }
      return "\(choice.method.id) does not claim \(contract.task) \(contract.version); it claims "
        + (others.isEmpty ? "no task" : others.joined(separator: ", "))
    }
    let unclaimed = setting.demanded.subtracting(claim.wanted(of: setting.offered)).sorted()
    guard unclaimed.isEmpty else {
      return "\(choice.method.id) does not take \(unclaimed.joined(separator: ", ")), in which "
        + "\(setting.suite) hands over what it asks for"
    }
    let missing = claim.required.filter { name in !setting.offers(name) }
    guard !missing.isEmpty else { return nil }
    return "\(choice.method.id) requires \(missing.joined(separator: ", ")), which "
      + "\(setting.suite) on \(setting.dataset.id) does not offer"
  }
}

extension Claim {
  /// Tells whether the claim is for this contract: the same major, a minor it knows.
  func accepts(_ contract: Contract) -> Bool {
    task == contract.task && version.major == contract.version.major
      && version.minor <= contract.version.minor
  }

  /// The names that the method cannot do without.
  var required: [String] { inputs.filter(\.isRequired).map(\.name) }

  /// The offered names that the method wants; a prefix group wants every name below it.
  func wanted(of offered: Set<String>) -> Set<String> {
    offered.filter { name in inputs.contains { matches($0.name, name) } }
  }
}

extension PlannedSetting {
  /// Tells whether the setting offers the name, or any name of the prefix group.
  func offers(_ pattern: String) -> Bool { offered.contains { matches(pattern, $0) } }
}

/// Tells whether `name` is `pattern`, or lies in the prefix group `pattern` (`text.*`).
private func matches(_ pattern: String, _ name: String) -> Bool {
  pattern.hasSuffix(".*") ? name.hasPrefix(pattern.dropLast()) : pattern == name
}
