package import Documents

/// Code of the host that runs in a worker beside a plugin, and answers with a JSON value.
package typealias WorkerScript = @Sendable (ScriptContext) throws -> JSON

/// What a script may know and do in its worker.
///
/// It starts confined to libraries and the scratch folder, before the plugin is loaded.
package final class ScriptContext {
  package let plugin: String
  /// The one folder that may be written.
  package let scratch: String
  package let threads: Int
  package let arguments: JSON
  private let sandbox: (WorkerSandbox, SandboxState)
  private let emit: @Sendable (WorkerMessage) -> Void

  init(
    request: WorkerRequest, sandbox: (WorkerSandbox, SandboxState),
    emit: @escaping @Sendable (WorkerMessage) -> Void
  ) {
    plugin = sandbox.0.plugin
    scratch = request.scratch
    threads = request.threads
    arguments = request.script
    self.sandbox = sandbox
    self.emit = emit
  }

  /// Says what comes next, so that a crash or a hang can be told in words.
  ///
  /// `tensors` are the names of the watched memory by index.
  package func step(_ text: String, tensors: [String] = []) {
    emit(.step(text, tensors: tensors))
  }

  /// Takes the libraries away too, as a trial does before it calls the plugin.
  package func confine() throws { try sandbox.0.enterRunning(sandbox.1) }
}
