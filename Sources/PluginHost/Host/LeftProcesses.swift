internal import Glibc

/// Finds processes that a worker started and that left its process group.
///
/// Used where seccomp does not forbid to start them in the first place.
enum LeftProcesses {
  /// Kills every process that carries the trial's token in its environment; true if any did.
  static func kill(_ token: String) -> Bool {
    let entry = "ASSAY_TRIAL=\(token)"
    var found = false
    for name in fileNames(in: "/proc") {
      guard let pid = pid_t(name), let text = readSmallFile("/proc/\(pid)/environ") else {
        continue
      }
      guard text.split(separator: "\0").contains(where: { $0 == entry }) else { continue }
      Glibc.kill(pid, SIGKILL)
      found = true
    }
    return found
  }
}

/// The text of a small file such as those of /proc; nil when it cannot be read.
func readSmallFile(_ path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 16 << 10)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return count == 0 ? String(decoding: text, as: UTF8.self) : nil }
    text.append(contentsOf: buffer[..<count])
  }
}
