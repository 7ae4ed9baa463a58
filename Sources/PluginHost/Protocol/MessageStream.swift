internal import Documents
internal import Glibc

/// The framing of messages: four bytes of length, native endian, then JSON.
enum MessageStream {
  /// The longest message taken; no message of a worker comes near it.
  static let longest = 16 << 20

  /// The bytes of one message.
  static func frame(_ message: WorkerMessage) -> [UInt8] {
    let text = Array(message.json.canonicalText.utf8)
    return withUnsafeBytes(of: UInt32(text.count)) { Array($0) } + text
  }

  /// Takes whole messages from arriving bytes.
  struct Reader {
    private var buffer: [UInt8] = []
    /// Whether something arrived that no worker writes; nothing is read after it.
    private(set) var isBroken = false

    mutating func read(_ bytes: UnsafeRawBufferPointer) -> [WorkerMessage] {
      guard !isBroken else { return [] }
      buffer.append(contentsOf: bytes)
      var messages: [WorkerMessage] = []
      var start = 0
      while buffer.count - start >= 4 {
        let length = buffer.withUnsafeBytes {
          Int($0.loadUnaligned(fromByteOffset: start, as: UInt32.self))
        }
        guard length <= MessageStream.longest else {
          isBroken = true
          break
        }
        guard buffer.count - start - 4 >= length else { break }
        let text = buffer[(start + 4)..<(start + 4 + length)]
        start += 4 + length
        guard let json = try? JSON(parsing: text), let message = WorkerMessage(json) else {
          isBroken = true
          break
        }
        messages.append(message)
      }
      buffer.removeFirst(start)
      return messages
    }
  }
}

/// Writes all bytes to a descriptor; false when the other end is gone.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  var done = 0
  while done < bytes.count {
    let count = bytes.withUnsafeBytes { unsafe in
      write(descriptor, unsafe.baseAddress.map { $0 + done }, bytes.count - done)
    }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return false }
    done += count
  }
  return true
}
