internal import AssayKit
internal import Glibc

/// The Aho-Corasick automaton of the patterns " e " over the bytes of all entries e.
///
/// Aho and Corasick, "Efficient string matching", CACM 1975. The children of a node follow each
/// other, and what comes below the first of them comes next, so that the tail of a word lies in one
/// or two cache lines; 17 bytes a node. Building and matching take time linear in the bytes read and
/// the matches found.
struct EntryAutomaton {
  /// One prefix of a pattern.
  struct Node {
    var firstChild: Int32 = 0
    var childCount: Int32 = 0
    /// The node of the longest proper suffix that is a prefix of a pattern too.
    var failure: Int32 = 0
    /// The place in `order` of the first entry that ends here; otherwise -1 - n, where n is the
    /// nearest node along the failures in which one does, or 0.
    var output: Int32 = -1
  }

  static let space = UInt8(ascii: " ")

  /// The root, then its only child " ".
  private(set) var nodes: [Node]
  /// The byte that leads to each node.
  private(set) var labels: [UInt8]
  /// The entries in the order of their patterns' bytes; equal ones follow each other.
  let order: [Int32]
  /// Whether an entry in `order` is equal to the one before it; one more `false` at the end.
  let isRepeat: [Bool]
  /// The child of the node " " for each byte, or 0.
  private(set) var afterSpace = [Int32](repeating: 0, count: 256)

  /// Builds the automaton; entries must not be empty.
  init(_ entries: ByteStrings, _ context: Context) throws(MethodError) {
    let order = (0..<Int32(entries.count)).sorted {
      let comparison = compare(entries[Int($0)], entries[Int($1)])
      return comparison == 0 ? $0 < $1 : comparison < 0
    }
    var isRepeat = [Bool](repeating: false, count: order.count + 1)
    for place in order.indices.dropFirst() {
      isRepeat[place] = compare(entries[Int(order[place - 1])], entries[Int(order[place])]) == 0
    }
    self.order = order
    self.isRepeat = isRepeat
    (nodes, labels) = try grow(entries, order, context)
    try linkFailures(context)
    guard nodes.count > 1 else { return }
    for child in children(of: 1) { afterSpace[Int(labels[child])] = Int32(child) }
  }

  /// Sets failures and outputs, breadth first.
  private mutating func linkFailures(_ context: Context) throws(MethodError) {
    var queue: [Int32] = [0]
    queue.reserveCapacity(nodes.count)
    var place = 0
    while place < queue.count {
      if place & 0xFFFF == 0 { try context.checkCancellation() }
      let node = Int(queue[place])
      place += 1
      for child in children(of: node) {
        queue.append(Int32(child))
        // The suffixes of a child of the root are empty.
        guard node != 0 else { continue }
        var suffix = Int(nodes[node].failure)
        var next = self.child(of: suffix, labels[child])
        while next == 0, suffix != 0 {
          suffix = Int(nodes[suffix].failure)
          next = self.child(of: suffix, labels[child])
        }
        nodes[child].failure = Int32(next)
        guard nodes[child].output < 0 else { continue }
        nodes[child].output = nodes[next].output >= 0 ? Int32(-1 - next) : nodes[next].output
      }
    }
  }

  private func children(of node: Int) -> Range<Int> {
    let first = Int(nodes[node].firstChild)
    return first..<first + Int(nodes[node].childCount)
  }

  private func child(of node: Int, _ byte: UInt8) -> Int {
    children(of: node).first { labels[$0] == byte } ?? 0
  }
}

/// Orders two entries by the bytes of their patterns, in which a space follows each.
private func compare(_ x: UnsafeBufferPointer<UInt8>, _ y: UnsafeBufferPointer<UInt8>) -> Int {
  let common = min(x.count, y.count)
  if common > 0, let startX = x.baseAddress, let startY = y.baseAddress {
    let difference = memcmp(startX, startY, common)
    if difference != 0 { return Int(difference) }
  }
  guard x.count != y.count else { return 0 }
  let (longer, sign) = x.count > y.count ? (x, 1) : (y, -1)
  return longer[common] < EntryAutomaton.space ? -sign : sign
}

/// Makes the trie: each node stands for the run of entries whose patterns share its prefix.
private func grow(
  _ entries: ByteStrings, _ order: [Int32], _ context: Context
) throws(MethodError) -> ([EntryAutomaton.Node], [UInt8]) {
  var nodes = [EntryAutomaton.Node()]
  var labels: [UInt8] = [0]
  var open = [(node: 0, start: 0, end: order.count, depth: 0)]
  var steps = 0
  while let (node, start, end, depth) = open.popLast() {
    if steps & 0xFFFF == 0 { try context.checkCancellation() }
    steps += 1
    var place = start
    // Patterns that end here come first.
    while place < end, depth == entries[Int(order[place])].count + 2 { place += 1 }
    if place > start { nodes[node].output = Int32(start) }
    let first = nodes.count
    let firstOpen = open.count
    while place < end {
      let byte = patternByte(entries[Int(order[place])], depth)
      let start = place
      while place < end, patternByte(entries[Int(order[place])], depth) == byte { place += 1 }
      open.append((nodes.count, start, place, depth + 1))
      nodes.append(EntryAutomaton.Node())
      labels.append(byte)
    }
    nodes[node].firstChild = Int32(first)
    nodes[node].childCount = Int32(nodes.count - first)
    // The first child is the next to grow.
    open[firstOpen...].reverse()
  }
  return (nodes, labels)
}

private func patternByte(_ entry: UnsafeBufferPointer<UInt8>, _ depth: Int) -> UInt8 {
  depth == 0 || depth > entry.count ? EntryAutomaton.space : entry[depth - 1]
}
