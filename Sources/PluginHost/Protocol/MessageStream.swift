internal import Documents
internal import Glibc

/// The framing of messages: four bytes of length, native endian, then JSON.
enum MessageStream {
  /// How much a worker may say: of one message, and of all.
  ///
  /// A plugin shares the worker's channel, so what comes through it is bounded by the host. Trusted
  /// code keeps far below: it counts what a method logs, and reports progress ten times a second.
  struct Budget {
    /// The bytes of the longest message.
    var message: Int
    /// The bytes of all messages together.
    var bytes: Int
    /// The number of messages.
    var messages: Int
    /// What more is allowed for each second that has passed.
    var messagesPerSecond: Int

    /// For a trial with so many calls of `predict`: notes, numbers and progress.
    static func trial(queries: Int) -> Budget {
      Budget(
        message: 1 << 20, bytes: (16 << 20) + (queries << 12), messages: 20_000 + 100 * queries,
        messagesPerSecond: 20)
    }
    /// For the description of a library or the answer of a script, whose texts may be long.
    static let document = Budget(
      message: 16 << 20, bytes: 32 << 20, messages: 20_000, messagesPerSecond: 20)
  }

  /// The bytes of one message, with all texts repaired: the host reads no NUL, wherever a plugin put
  /// one.
  static func frame(_ message: WorkerMessage) -> [UInt8] {
    let text = Array(message.json.repaired().canonicalText.utf8)
    return withUnsafeBytes(of: UInt32(text.count)) { Array($0) } + text
  }

  /// Takes whole messages from arriving bytes.
  struct Reader {
    private let budget: Budget
    private var buffer: [UInt8] = []
    private var byteCount = 0
    private var messageCount = 0
    /// Why nothing more is read, as a clause: something arrived that no worker writes, or too much.
    private(set) var breach: String?

    init(_ budget: Budget) { self.budget = budget }

    /// The messages that `bytes` complete, `seconds` after the worker started.
    mutating func read(
      _ bytes: UnsafeRawBufferPointer, after seconds: Double
    ) -> [WorkerMessage] {
      guard breach == nil else { return [] }
      byteCount += bytes.count
      guard byteCount <= budget.bytes else {
        stop("sent more than \(budget.bytes >> 20) MB over the worker's control channel")
        return []
      }
      buffer.append(contentsOf: bytes)
      var messages: [WorkerMessage] = []
      var start = 0
      while breach == nil, let text = frame(from: &start, after: seconds) {
        guard let json = try? JSON(parsing: text), let message = WorkerMessage(json) else {
          stop("disturbed the worker's control channel: no worker writes such a message")
          break
        }
        messages.append(message)
      }
      buffer.removeFirst(min(start, buffer.count))
      return messages
    }

    /// The next whole message; nil when it is not all there, or breaks the budget.
    private mutating func frame(from start: inout Int, after seconds: Double) -> [UInt8]? {
      guard buffer.count - start >= 4 else { return nil }
      let length = buffer.withUnsafeBytes {
        Int($0.loadUnaligned(fromByteOffset: start, as: UInt32.self))
      }
      guard length <= budget.message else {
        stop("disturbed the worker's control channel: no message is \(length) bytes long")
        return nil
      }
      guard buffer.count - start - 4 >= length else { return nil }
      messageCount += 1
      let allowed = Double(budget.messages) + seconds * Double(budget.messagesPerSecond)
      guard Double(messageCount) <= allowed else {
        stop("sent more than \(budget.messages) messages over the worker's control channel")
        return nil
      }
      defer { start += 4 + length }
      return Array(buffer[(start + 4)..<(start + 4 + length)])
    }

    private mutating func stop(_ clause: String) {
      breach = clause
      buffer = []
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
