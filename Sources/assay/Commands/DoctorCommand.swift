internal import ArgumentParser
internal import Documents
internal import Evaluation
internal import LinearAlgebra
internal import PluginHost
internal import Reports

/// `assay doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Checks this machine: libraries, isolation, plugins, data.")
  @Flag(help: "As JSON.")
  var json = false
  @OptionGroup var pluginOptions: PluginOptions
  @OptionGroup var dataOptions: DataOptions

  func run() throws {
    let host = PluginHost()
    let machine = Machine.current
    let sandbox = SandboxState.offered
    let methods = try pluginOptions.load(with: host).methods
    var findings: [Finding] = [
      Finding("machine", "\(machine.cpu), \(machine.cores) cores, kernel \(machine.kernel)"),
      Finding("memory", "\(machine.memoryBytes >> 30) GiB"),
      Finding(
        "blas", "OpenBLAS \(BLASKernels.version), kernels \(BLASKernels.core)",
        advice: BLASKernels.isOpenMP
          ? "this OpenBLAS uses OpenMP, which hangs after a fork in a plugin; install the pthread "
            + "variant (libopenblas0-pthread)" : nil),
      Finding(
        "namespaces", sandbox.spaces ? "present" : "absent",
        advice: sandbox.spaces
          ? nil
          : "plugins see this machine's processes, and scratch and threads are only counted now and "
            + "then: let users have namespaces (user.max_user_namespaces, "
            + "kernel.unprivileged_userns_clone, or the container's own filter)"),
      Finding(
        "landlock", sandbox.landlockABI.map { "ABI \($0)" } ?? "absent",
        advice: sandbox.landlockABI == nil
          ? "plugins can read your files: use a kernel with Landlock (5.13 or later, enabled)"
          : nil),
      Finding(
        "seccomp", sandbox.seccomp ? "present" : "absent",
        advice: sandbox.seccomp
          ? nil : "plugins can open sockets and start processes: enable seccomp filters"),
      Finding(
        "plugins", methods.isEmpty ? "none" : methods.map(\.method.id).joined(separator: ", "),
        advice: methods.isEmpty
          ? "no method was found; name plugins with --plugin or ASSAY_PLUGIN_PATH" : nil),
    ]
    let data = try dataOptions.searchPaths
    findings.append(
      Finding("data", data.isEmpty ? "none" : data.joined(separator: ", ")))
    report(findings)
  }

  private func report(_ findings: [Finding]) {
    if json {
      Console.say(
        JSON.object(
          Dictionary(
            findings.map { finding in
              (
                finding.topic,
                ["found": .string(finding.found), "advice": JSON(finding.advice)] as JSON
              )
            }, uniquingKeysWith: { $1 })
        ).prettyText)
      return
    }
    let rows = findings.map { finding in
      Row([
        ("", finding.advice == nil ? "ok" : "!!"), ("", finding.topic),
        ("", finding.found),
      ])
    }
    let lines = Row.table(rows).split(separator: "\n", omittingEmptySubsequences: false)
    for (finding, line) in zip(findings, lines) {
      Console.say(line + (finding.advice.map { "\n    \($0)" } ?? ""))
    }
  }

  private struct Finding {
    var topic: String
    var found: String
    var advice: String?
    init(_ topic: String, _ found: String, advice: String? = nil) {
      self.topic = topic
      self.found = found
      self.advice = advice
    }
  }
}
