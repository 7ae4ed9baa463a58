internal import Contracts
package import Documents
internal import Glibc

/// What came of a script in a worker.
package struct ScriptOutcome: Sendable {
  /// What the script found; nil when it did not come to its end.
  package var answer: JSON?
  /// How the worker ended otherwise: a crash, a deadline, a library that does not load.
  package var failure: TrialFailure?
}

extension PluginHost {
  /// Runs the executable's script on a plugin, in a worker that must answer within `seconds`.
  ///
  /// Blocks. May be called from several threads at once.
  package func runScript(
    on plugin: String, arguments: JSON, seconds: Double, threads: Int = 1
  ) throws(PluginError) -> ScriptOutcome {
    do {
      let plugin = try staged(plugin)
      let seconds = plugin.loadSeconds(seconds)
      let limits = Limits(
        loadSeconds: seconds, cpuSeconds: (seconds + 5) * Double(max(threads, 1)),
        threads: threads)
      let scratch = try ScratchFolder()
      let request = WorkerRequest(
        plugin: plugin, scratch: scratch.path, loadSeconds: seconds, threads: threads,
        memoryBytes: nil, cpuSeconds: limits.effectiveCPUSeconds(queries: 1),
        fileBytes: limits.fileBytes, mappedBytes: 0, wantsLandlock: true, wantsSeccomp: true,
        readable: [], trial: nil, script: arguments)
      let process = WorkerProcess(
        WorkerLaunch(
          executable: executable, request: request, plugin: plugin,
          wantsGauge: true, wantsSpaces: WorkerLaunch.offersSpaces,
          server: TensorServer(calls: []), forkServer: forkServer, token: scratch.name,
          limits: limits))
      var transcript = Transcript(.script, start: monotonicNanoseconds())
      let end = try process.run(&transcript) { false }
      let job = TrialJob(plugin: plugin.path, method: "", contract: .none, limits: limits)
      guard var (_, failure) = Verdict(job: job, transcript: transcript).seen(end) else {
        return ScriptOutcome(answer: transcript.answer)
      }
      failure.stderrTail = end.error.ending
      return ScriptOutcome(answer: transcript.answer, failure: failure)
    } catch let error as PluginError {
      throw error
    } catch {
      throw PluginError(code: "host", message: "\(error)")
    }
  }
}
