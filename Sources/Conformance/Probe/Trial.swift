internal import CAssay
internal import Contracts
internal import Documents
internal import PluginHost
internal import Tensors

/// What a trial came to: its outputs, or the first call that did not return OK.
struct TrialResult {
  var refusal: Answer?
  var outputs: [String: Tensor] = [:]
  var complaints: [String] = []
}

extension Probe {
  /// Ordinary data for the claimed task.
  func sample(
    key: String = "ordinary", extents: [String: Int] = [:], values: Sample.Values = .normal,
    requiredOnly: Bool = false
  ) throws -> Sample {
    guard let claim else { throw Finding.skip("the method claims no known task") }
    let contract = try contract()
    let groups = claim.inputs.filter { $0.isRequired && $0.name.hasSuffix(".*") }.map(\.name)
    guard groups.isEmpty else {
      throw Finding.skip(
        "requires \(groups.joined(separator: ", ")), for which no data can be made")
    }
    return try Sample(
      contract, claim, key: key, extents: extents, values: values, requiredOnly: requiredOnly)
  }

  /// One whole trial: create, fit, predict, destroy.
  func trial(
    _ sample: Sample, config: JSON? = nil, host: ProbeHost = ProbeHost(), seed: UInt64 = 1
  ) throws -> TrialResult {
    let instance = try Instance(self, host: host)
    instance.seed = seed
    let created = instance.create(try config ?? defaultConfig())
    guard created.isOK else { return TrialResult(refusal: created) }
    defer { instance.destroy() }
    if try needsFit(sample) {
      let fitted = try instance.fit(sample.fit)
      guard fitted.isOK else { return TrialResult(refusal: fitted) }
    }
    let predicted = try instance.predict(sample.query, sample.outputs)
    guard predicted.answer.isOK else { return TrialResult(refusal: predicted.answer) }
    return TrialResult(outputs: predicted.outputs, complaints: predicted.complaints)
  }

  /// Whether the host would call `fit`.
  func needsFit(_ sample: Sample) throws -> Bool {
    try !sample.fit.isEmpty || known().flags.contains(.needsFit)
  }

  /// The outputs of a trial that other checks build on; a failure of it is the business of T34.
  func baseline(
    _ sample: Sample, config: JSON? = nil, host: ProbeHost = ProbeHost()
  ) throws -> [String: Tensor] {
    let result = try trial(sample, config: config, host: host)
    if let refusal = result.refusal {
      throw Finding.skip("needs a trial on ordinary data, see T34: \(refusal.words)")
    }
    if let clause = try breach(result.outputs, sample) {
      throw Finding.skip("needs good answers to ordinary data, see T34: \(clause)")
    }
    return result.outputs
  }

  /// A fresh instance that has fitted a sample, for checks that build on it.
  func fitted(_ sample: Sample, host: ProbeHost = ProbeHost()) throws -> Instance {
    let instance = try Instance(self, host: host)
    var answer = instance.create(try defaultConfig())
    if answer.isOK, try needsFit(sample) { answer = try instance.fit(sample.fit) }
    guard answer.isOK else {
      throw Finding.skip("needs a fit on ordinary data, see T34: \(answer.words)")
    }
    return instance
  }

  /// The outputs of a prediction that should succeed.
  func predict(
    _ instance: Instance, _ sample: Sample, naming: String = "predict"
  ) throws -> [String: Tensor] {
    let result = try instance.predict(sample.query, sample.outputs, naming: naming)
    guard result.answer.isOK else {
      throw Finding.fail("\(naming) should succeed, but \(result.answer.words)")
    }
    return result.outputs
  }

  /// A clause that says how outputs break the contract; nil when they keep it.
  func breach(_ outputs: [String: Tensor], _ sample: Sample) throws -> String? {
    let contract = try contract()
    var symbols = sample.symbols
    for spec in sample.outputs {
      guard let tensor = outputs[spec.name] else {
        if Contract.spec(named: spec.name, in: contract.outputs)?.isOptional == true { continue }
        return "output '\(spec.name)' was not allocated"
      }
      do {
        try contract.checkOutput(tensor, named: spec.name, &symbols)
      } catch {
        return error.message
      }
    }
    return nil
  }
}

/// Where two sets of outputs differ by more than `tolerance` of the largest number; nil: nowhere.
///
/// Tolerance 0 compares bytes.
func difference(
  _ first: [String: Tensor], _ second: [String: Tensor], tolerance: Double = 0
) -> String? {
  for name in Set(first.keys).union(second.keys).sorted() {
    guard let one = first[name], let other = second[name] else {
      return "output '\(name)' is there in one case only"
    }
    guard one.shape == other.shape, one.dtype == other.dtype else {
      return "output '\(name)' has shape \(one.shape) in one case and \(other.shape) in the other"
    }
    if one.byteArray == other.byteArray { continue }
    let (a, b) = (one.numbers, other.numbers)
    let largest = (a + b).map(abs).filter(\.isFinite).max() ?? 0
    let limit = one.dtype.isFloat ? tolerance * largest : 0
    let place = a.indices.first {
      !(abs(a[$0] - b[$0]) <= limit) && a[$0].bitPattern != b[$0].bitPattern
    }
    guard let place else { continue }
    return "element \(place) of '\(name)' is \(a[place]) in one case and \(b[place]) in the other"
  }
  return nil
}
