internal import AssayKit

extension EntryAutomaton {
  /// Finds the entries of every text, each once.
  ///
  /// A text is read as if a space stood before and after it, and around each of `,.;:?!` and the
  /// back-quote; tab, line feed and carriage return are spaces. Nothing is copied.
  func matches(in texts: ByteStrings, _ context: Context) throws(MethodError) -> MatchIndex {
    var index = MatchIndex(entryCount: order.count, textCount: texts.count)
    for text in 0..<texts.count {
      if text & 0xFFF == 0 {
        try context.checkCancellation()
        context.progress(Double(text) / Double(texts.count), "matching")
      }
      forEachMatch(in: texts[text]) { index.add($0) }
      index.endText()
    }
    return index
  }

  /// Calls the body with each entry that ends somewhere in a text, as often as it does.
  private func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ body: (Int32) -> Void) {
    nodes.withUnsafeBufferPointer { nodes in
      labels.withUnsafeBufferPointer { labels in
        afterSpace.withUnsafeBufferPointer { afterSpace in
          let walk = Walk(nodes: nodes, labels: labels, afterSpace: afterSpace)
          func space(_ state: Int) -> Int {
            let next = walk.step(from: state, EntryAutomaton.space)
            var hit = walk.hit(at: next)
            while hit != 0 {
              var place = Int(nodes[hit].output)
              repeat {
                body(order[place])
                place += 1
              } while isRepeat[place]
              hit = walk.hit(at: Int(nodes[hit].failure))
            }
            return next
          }
          var state = space(0)
          for byte in text {
            switch Spacing.of(byte) {
            // No pattern begins within a word.
            case .none: if state != 0 { state = walk.step(from: state, byte) }
            case .blank: state = space(state)
            case .around: state = space(walk.step(from: space(state), byte))
            }
          }
          _ = space(state)
        }
      }
    }
  }

  /// The transitions, on borrowed memory.
  ///
  /// Unsafe invariant: every node named in `nodes` lies within it, which building ensures.
  private struct Walk {
    let nodes: UnsafeBufferPointer<Node>
    let labels: UnsafeBufferPointer<UInt8>
    let afterSpace: UnsafeBufferPointer<Int32>

    /// The node of the longest suffix of what was read, this byte included.
    @inline(__always)
    func step(from state: Int, _ byte: UInt8) -> Int {
      var node = state
      while true {
        let next = child(of: node, byte)
        if next != 0 || node == 0 { return next }
        node = Int(nodes[node].failure)
      }
    }

    /// The nearest node in which an entry ends, from this one on along the failures; 0 for none.
    @inline(__always)
    func hit(at node: Int) -> Int {
      let output = Int(nodes[node].output)
      return output >= 0 ? node : -1 - output
    }

    @inline(__always)
    private func child(of node: Int, _ byte: UInt8) -> Int {
      if node == 1 { return Int(afterSpace[Int(byte)]) }
      var child = Int(nodes[node].firstChild)
      let end = child &+ Int(nodes[node].childCount)
      while child < end {
        if labels[child] == byte { return child }
        child &+= 1
      }
      return 0
    }
  }
}

/// What the spacing of texts makes of a byte.
enum Spacing {
  /// It stays as it is.
  case none
  /// It is a space.
  case blank
  /// A space goes before it and after it.
  case around

  @inline(__always)
  static func of(_ byte: UInt8) -> Spacing {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D: .blank
    case UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: ":"),
      UInt8(ascii: "?"), UInt8(ascii: "!"), UInt8(ascii: "`"):
      .around
    default: .none
    }
  }
}
