internal import Glibc
internal import LinearAlgebra
package import PluginHost

/// What this machine is, as far as it bears on results and times.
package struct Machine: Sendable {
  package var cpu: String
  package var cores: Int
  package var memoryBytes: Int
  package var kernel: String

  /// Asks the kernel.
  package static var current: Machine {
    var names = utsname()
    uname(&names)
    let release = withUnsafeBytes(of: names.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return Machine(
      cpu: processorName() ?? "unknown", cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
      memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)), kernel: release)
  }

  private static func processorName() -> String? {
    guard let file = fopen("/proc/cpuinfo", "re") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 512)
    while fgets(&buffer, Int32(buffer.count), file) != nil {
      let line = String(
        decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard line.hasPrefix("model name"), let colon = line.firstIndex(of: ":") else { continue }
      return String(line[line.index(after: colon)...].drop { $0 == " " }.prefix { $0 != "\n" })
    }
    return nil
  }
}

extension EnvironmentEntry {
  /// The machine now, for a run that started at `started` (ISO 8601).
  package static func current(
    threads: Int, sandbox: SandboxState, started: String, finished: String
  ) -> EnvironmentEntry {
    let machine = Machine.current
    return EnvironmentEntry(
      cpu: machine.cpu, cores: machine.cores, memoryBytes: machine.memoryBytes,
      kernel: machine.kernel,
      blas: BLASEntry(
        name: "OpenBLAS", version: BLASKernels.version, threads: threads, core: BLASKernels.core),
      sandbox: SandboxEntry(landlockABI: sandbox.landlockABI, seccomp: sandbox.seccomp),
      git: GitEntry.current, started: started, finished: finished)
  }
}

extension GitEntry {
  /// The commit of the working directory, nil outside a repository.
  ///
  /// `isDirty` needs git itself, and a report must not depend on a program being there: what git
  /// cannot tell is left out.
  static var current: GitEntry? {
    guard let commit = output(of: "git rev-parse HEAD 2>/dev/null") else { return nil }
    let changes = output(of: "git status --porcelain --untracked-files=no 2>/dev/null") ?? ""
    return GitEntry(commit: commit, isDirty: !changes.isEmpty)
  }

  private static func output(of command: String) -> String? {
    guard let pipe = popen(command, "re") else { return nil }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, pipe)
    guard pclose(pipe) == 0 else { return nil }
    let text = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return String(text.prefix { $0 != "\n" })
  }
}

/// The moment as ISO 8601 in UTC, to the second.
package func timestamp() -> String {
  var now = time(nil)
  var parts = tm()
  gmtime_r(&now, &parts)
  var buffer = [CChar](repeating: 0, count: 32)
  let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
  return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
