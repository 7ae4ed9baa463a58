internal import Documents
internal import Glibc

/// The kept part of what a worker wrote to stdout or stderr: the first 4 KB and the end.
struct OutputCapture {
  private static let headBytes = 4 << 10

  private let cap: Int
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  private(set) var byteCount = 0

  init(cap: Int) { self.cap = max(cap, OutputCapture.headBytes) }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    byteCount += bytes.count
    let toHead = min(OutputCapture.headBytes - head.count, bytes.count)
    head.append(contentsOf: bytes[..<toHead])
    tail.append(contentsOf: bytes[toHead...])
    // Cut rarely, so that a flood costs one pass.
    if tail.count > 4 * cap { tail.removeFirst(tail.count - tailBytes) }
  }

  private var tailBytes: Int { cap - OutputCapture.headBytes }

  /// Whether bytes were dropped.
  var isCut: Bool { byteCount > cap }

  /// What was kept, with a line in place of the dropped bytes, and harmless on a terminal.
  var text: String {
    let end = tail.suffix(tailBytes)
    let dropped = byteCount - head.count - end.count
    let middle = dropped > 0 ? "\n[\(dropped) bytes dropped]\n" : ""
    let text =
      String(decoding: head, as: UTF8.self) + middle + String(decoding: end, as: UTF8.self)
    return text.repaired()
  }

  /// The last 4 KB, harmless on a terminal.
  var ending: String {
    let bytes = tail.isEmpty ? head[...] : (head + tail.suffix(tailBytes)).suffix(4 << 10)
    return String(decoding: bytes, as: UTF8.self).repaired()
  }

  /// The last line that says something.
  var lastLine: String? {
    ending.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }.map(String.init)
  }
}
