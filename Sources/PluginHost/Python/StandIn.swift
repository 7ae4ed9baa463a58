internal import Glibc

/// A file that a worker finds where packages of Python look for one of the system.
struct StandIn: Sendable {
  /// Where it lies.
  let source: String
  /// Where the worker sees it.
  let path: String

  /// What torch reads to choose its kernels: the processor's kind, which any program can ask it for.
  private static let copied = [
    "/proc/cpuinfo", "/sys/devices/system/cpu/possible", "/sys/devices/system/cpu/present",
  ]
  /// torch opens it when it is imported; what a method draws is seeded by its trial anyway.
  private static let random = "/dev/urandom"

  /// Makes all of them in a folder.
  static func make(in folder: String) throws(PluginError) -> [StandIn] {
    var made: [StandIn] = []
    let bytes = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 12) }
    for (path, text) in [(random, bytes)] + copied.map({ ($0, readSmallFileBytes($0) ?? []) })
    where !text.isEmpty {
      let source = "\(folder)/stand-in-\(made.count)"
      try write(text, to: source)
      made.append(StandIn(source: source, path: path))
    }
    return made
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(PluginError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
    let isWritten = descriptor >= 0 && writeAll(bytes, to: descriptor)
    let code = errno
    if descriptor >= 0 { close(descriptor) }
    guard isWritten else {
      throw PythonInterpreter.problem("cannot write '\(path)': \(String(cString: strerror(code)))")
    }
  }
}
