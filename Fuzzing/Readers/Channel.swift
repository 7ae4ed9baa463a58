internal import Contracts
internal import Evaluation
internal import Metrics
internal import PluginHost
internal import Tensors

/// What comes out of a worker: no file, but as foreign.
enum Channel {
  /// The bytes of messages: after a NUL as they are, else a message in each line.
  private static func frames(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.first == 0 { return Array(bytes.dropFirst()) }
    return bytes.split(separator: UInt8(ascii: "\n")).flatMap { line in
      withUnsafeBytes(of: UInt32(line.count)) { Array($0) } + line
    }
  }

  /// A trial with two calls and an output of open shape besides the usual one.
  private static let job: TrialJob = {
    let outputs = [
      OutputSpec(name: "logits", dtype: .f32, shape: nil),
      OutputSpec(name: "probabilities", dtype: .f32, shape: nil),
    ]
    let rows = Tensor([Float](repeating: 1, count: 6), shape: [3, 2])
    return TrialJob(
      plugin: "libassay-x.so", method: "x", contract: .classify,
      fit: [TensorSource(name: "train.labels", tensor: Tensor([Int32(0), 1, 2], shape: [3]))],
      queries: ["first", "second"].map {
        QuerySet(
          name: $0, inputs: [TensorSource(name: "query.features", tensor: rows)],
          outputs: outputs)
      })
  }()

  /// The messages of a trial; true when the host believes them to their end.
  static func readTrial(_ bytes: [UInt8]) -> Bool {
    let outcome = ControlChannel.outcome(of: frames(bytes), for: job)
    precondition(outcome.timing.load >= 0 && outcome.timing.load.isFinite)
    precondition(outcome.timing.fit >= 0 && outcome.timing.predict >= 0)
    precondition(outcome.selfReported.values.allSatisfy(\.isFinite))
    let texts = outcome.notes + outcome.warnings.map(\.text) + Array(outcome.selfReported.keys)
    precondition(texts.reduce(0) { $0 + $1.utf8.count } < 100_000)
    precondition(outcome.status == .ok || outcome.failure?.message.isEmpty == false)
    // The outputs were never written, so that a contract breach is the end of the way.
    return outcome.status == .ok || outcome.status == .contractBreach
  }

  /// The description of a library; true when it is taken.
  static func readDescription(_ bytes: [UInt8]) -> Bool {
    ControlChannel.description(of: frames(bytes)) != nil
  }

}
