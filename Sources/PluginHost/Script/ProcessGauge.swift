internal import Glibc

/// What the worker itself holds: threads, descriptors, memory.
///
/// The files of /proc are opened before the sandbox closes that folder. Unsafe invariant: they are
/// set once, by the first thread, before any other exists.
package enum ProcessGauge {
  nonisolated(unsafe) private static var tasks: OpaquePointer?
  nonisolated(unsafe) private static var statm: Int32 = -1

  static func open() {
    tasks = opendir("/proc/self/task")
    statm = Glibc.open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
  }

  /// The threads of this process; 0 when they cannot be counted.
  package static var threadCount: Int {
    guard let tasks else { return 0 }
    rewinddir(tasks)
    var count = 0
    while let entry = readdir(tasks) {
      // Digits only: not `.` and `..`.
      if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }

  /// The open descriptors below 1024.
  package static var descriptorCount: Int {
    (0..<1024).count { fcntl(Int32($0), F_GETFD) >= 0 }
  }

  /// Pages of memory in use that belong to this process alone.
  package static var privateBytes: Int {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = pread(statm, &buffer, buffer.count, 0)
    guard count > 0 else { return 0 }
    let fields = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
      .compactMap { Int($0) }
    guard fields.count > 2 else { return 0 }
    return (fields[1] - fields[2]) * pageSize
  }
}
