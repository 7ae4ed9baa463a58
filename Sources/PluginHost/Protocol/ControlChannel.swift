internal import Contracts
internal import Documents

/// The host's side of the control channel without a worker: what becomes of given bytes.
///
/// For tests and fuzzers, which send what no worker would.
package enum ControlChannel {
  /// What the host makes of a worker that sends `bytes`, in pieces of so many, and leaves with exit
  /// status 0.
  package static func outcome(
    of bytes: [UInt8], inPiecesOf size: Int = .max, for job: TrialJob
  ) -> TrialOutcome {
    let transcript = follow(
      bytes, size, Transcript(job), MessageStream.Budget.trial(queries: job.queries.count))
    var outcome = TrialOutcome()
    transcript.fill(&outcome)
    if let (status, failure) = Verdict(job: job, transcript: transcript).seen(quietEnd) {
      outcome.fail(status, failure)
    } else {
      PluginHost.collect(&outcome, transcript) { transcript in
        let layout = OutputLayout(job.queries, openBytes: 1 << 20)
        return try OutputReader(
          job: job, layout: layout,
          files: try job.queries.enumerated().map { try layout.makeFile($1, $0) },
          allocations: transcript.allocations
        ).read(try job.contract.symbols(of: job.fit, in: job.contract.fit))
      }
    }
    return outcome
  }

  /// What the host makes of a worker that describes a plugin file in these bytes; nil where it is
  /// refused.
  package static func description(of bytes: [UInt8]) -> PluginDescription? {
    let transcript = follow(bytes, .max, Transcript(.description, start: 0), .document)
    guard transcript.breach == nil, let library = transcript.library else { return nil }
    let path = "libassay-x.so"
    let description = PluginDescription(library, path: path, digest: Digest(of: path))
    return description?.problem == nil ? description : nil
  }

  private static func follow(
    _ bytes: [UInt8], _ size: Int, _ transcript: Transcript, _ budget: MessageStream.Budget
  ) -> Transcript {
    var transcript = transcript
    var reader = MessageStream.Reader(budget)
    var start = 0
    while start < bytes.count {
      let end = start + min(max(size, 1), bytes.count - start)
      let messages = bytes[start..<end].withUnsafeBytes { reader.read($0, after: 0) }
      for message in messages { transcript.take(message, at: monotonicNanoseconds()) }
      if let breach = reader.breach { transcript.breakOff(breach) }
      start = end
    }
    transcript.end(at: monotonicNanoseconds())
    return transcript
  }

  private static var quietEnd: ProcessEnd {
    ProcessEnd(
      exitStatus: 0, signal: 0, cpuSeconds: 0, peakResidentBytes: 0, cut: nil,
      output: OutputCapture(cap: 0), error: OutputCapture(cap: 0))
  }
}
