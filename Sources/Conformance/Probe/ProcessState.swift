internal import Glibc

/// What of a process a plugin must leave alone.
struct ProcessState: Equatable {
  private let items: [String: String]

  /// Looks at this process.
  init() {
    var items: [String: String] = [:]
    var buffer = [CChar](repeating: 0, count: 4096)
    items["working directory"] = getcwd(&buffer, buffer.count).map { String(cString: $0) }
    let mask = umask(0)
    umask(mask)
    items["umask"] = String(mask, radix: 8)
    items["locale"] = setlocale(LC_ALL, nil).map { String(cString: $0) }
    items["environment"] = ProcessState.environment
    for number in 1...31 {
      var action = sigaction()
      guard sigaction(Int32(number), nil, &action) == 0 else { continue }
      let bytes = withUnsafeBytes(of: action.__sigaction_handler) { Array($0) }
      items["handler of signal \(number)"] = "\(bytes)"
    }
    self.items = items
  }

  /// What differs from a later state, in words; nil: nothing.
  func change(to later: ProcessState) -> String? {
    let changed = items.keys.filter { items[$0] != later.items[$0] }.sorted()
    guard let first = changed.first else { return nil }
    let isShort = first != "environment" && !first.hasPrefix("handler")
    let detail =
      isShort ? " from '\(items[first] ?? "")' to '\(later.items[first] ?? "")'" : ""
    return "changed the \(changed.joined(separator: ", the "))\(detail)"
  }

  /// All variables; Swift cannot see `environ` itself safely.
  private static var environment: String {
    guard let symbol = dlsym(nil, "environ") else { return "" }
    let list = symbol.assumingMemoryBound(
      to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self)
    var texts: [String] = []
    var index = 0
    while let text = list.pointee?[index] {
      texts.append(String(cString: text))
      index += 1
    }
    return texts.joined(separator: "\n")
  }
}

/// Runs `body` and returns what reached stdout meanwhile.
func capturingOutput(_ body: () throws -> Void) throws -> String {
  // In the scratch folder, where a worker begins: it may have no other kind of file.
  let name = "captured-stdout"
  let file = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  unlink(name)
  guard file >= 0 else { throw Finding.skip("stdout cannot be watched here") }
  fflush(nil)
  let kept = dup(STDOUT_FILENO)
  dup2(file, STDOUT_FILENO)
  defer {
    close(file)
    close(kept)
  }
  do {
    defer {
      fflush(nil)
      dup2(kept, STDOUT_FILENO)
    }
    try body()
  }
  var buffer = [UInt8](repeating: 0, count: 200)
  let count = pread(file, &buffer, buffer.count, 0)
  return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
}

/// Seconds on a clock.
func readClock(_ clock: clockid_t = CLOCK_MONOTONIC) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
