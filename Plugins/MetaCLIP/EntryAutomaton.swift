internal import AssayKit
internal import Glibc

/// The Aho-Corasick automaton of the patterns " e " over the bytes of all entries e.
///
/// Aho and Corasick, "Efficient string matching", CACM 1975. Nodes are numbered breadth first, so
/// that the children of a node follow each other and one number says where they begin: 17 bytes a
/// node. Building and matching take time linear in the bytes read and the matches found.
struct EntryAutomaton {
  /// One prefix of a pattern.
  struct Node {
    /// The first child; the children end where those of the next node begin.
    var firstChild: Int32 = 0
    /// The node of the longest proper suffix that is a prefix of a pattern too.
    var failure: Int32 = 0
    /// The place in `order` of the first entry that ends here, or -1.
    var entry: Int32 = -1
    /// The nearest node with an entry, from this one on along the failures; 0 for none.
    var hit: Int32 = 0
  }

  static let space = UInt8(ascii: " ")

  /// The nodes and one more, whose `firstChild` ends the children of the last.
  private(set) var nodes: [Node]
  /// The byte that leads to each node.
  private(set) var labels: [UInt8]
  /// The entries in the order of their patterns' bytes; equal ones follow each other.
  let order: [Int32]
  /// Whether an entry in `order` is equal to the one before it; one more `false` at the end.
  let isRepeat: [Bool]
  /// The child of the node " " for each byte, or 0: half of all words end their search there.
  private(set) var afterSpace = [Int32](repeating: 0, count: 256)

  /// The number of prefixes, the empty one among them.
  var nodeCount: Int { nodes.count - 1 }

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
    if nodeCount > 1 {
      for child in nodes[1].firstChild..<nodes[2].firstChild {
        afterSpace[Int(labels[Int(child)])] = child
      }
    }
  }

  /// Sets the failures and hits, breadth first.
  private mutating func linkFailures(_ context: Context) throws(MethodError) {
    for node in 0..<nodeCount {
      if node & 0xFFFF == 0 { try context.checkCancellation() }
      for child in Int(nodes[node].firstChild)..<Int(nodes[node + 1].firstChild) {
        var suffix = Int(nodes[node].failure)
        var next = node == 0 ? 0 : self.child(of: suffix, labels[child])
        while next == 0, suffix != 0 {
          suffix = Int(nodes[suffix].failure)
          next = self.child(of: suffix, labels[child])
        }
        nodes[child].failure = Int32(next)
        nodes[child].hit = nodes[child].entry >= 0 ? Int32(child) : nodes[next].hit
      }
    }
  }

  private func child(of node: Int, _ byte: UInt8) -> Int {
    let children = Int(nodes[node].firstChild)..<Int(nodes[node + 1].firstChild)
    return children.first { labels[$0] == byte } ?? 0
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
  var runs = [(start: Int32(0), end: Int32(order.count))]
  var node = 0
  var depth = 0
  var endOfDepth = 1
  while node < nodes.count {
    if node & 0xFFFF == 0 { try context.checkCancellation() }
    if node == endOfDepth {
      depth += 1
      endOfDepth = nodes.count
    }
    var place = Int(runs[node].start)
    let end = Int(runs[node].end)
    // Patterns that end here come first.
    if place < end, depth == entries[Int(order[place])].count + 2 {
      nodes[node].entry = Int32(place)
      while place < end, depth == entries[Int(order[place])].count + 2 { place += 1 }
    }
    nodes[node].firstChild = Int32(nodes.count)
    while place < end {
      let byte = patternByte(entries[Int(order[place])], depth)
      let start = place
      while place < end, patternByte(entries[Int(order[place])], depth) == byte { place += 1 }
      nodes.append(EntryAutomaton.Node())
      labels.append(byte)
      runs.append((Int32(start), Int32(place)))
    }
    node += 1
  }
  nodes.append(EntryAutomaton.Node(firstChild: Int32(nodes.count)))
  return (nodes, labels)
}

private func patternByte(_ entry: UnsafeBufferPointer<UInt8>, _ depth: Int) -> UInt8 {
  depth == 0 || depth > entry.count ? EntryAutomaton.space : entry[depth - 1]
}
