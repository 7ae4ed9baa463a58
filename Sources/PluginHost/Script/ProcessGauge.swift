internal import CSystem
internal import Glibc

/// What the worker itself holds: threads, descriptors, memory.
///
/// The files of /proc were opened before that folder went away.
package enum ProcessGauge {
  /// The threads of this process; 0 when they cannot be counted.
  package static var threadCount: Int {
    // The name in brackets may hold spaces; the count is the 18th field after it.
    let text = text(Int32(ASSAY_SHIM_STAT))
    guard let end = text.lastIndex(of: ")") else { return 0 }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 17 ? Int(fields[17]) ?? 0 : 0
  }

  /// The open descriptors below 1024.
  package static var descriptorCount: Int {
    (0..<1024).count { fcntl(Int32($0), F_GETFD) >= 0 }
  }

  /// Pages of memory in use that belong to this process alone.
  package static var privateBytes: Int {
    let fields = text(Int32(ASSAY_SHIM_STATM)).split(separator: " ").compactMap { Int($0) }
    guard fields.count > 2 else { return 0 }
    return (fields[1] - fields[2]) * pageSize
  }

  private static func text(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
  }
}
