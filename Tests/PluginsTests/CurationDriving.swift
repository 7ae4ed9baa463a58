import Documents
import MethodHarness
import Tensors

/// What a curation plugin answered.
struct CurationAnswer {
  var kept: [UInt8]
  var probabilities, entryProbabilities: [Double]
  var counts, countsAfter: [Int64]
  var threshold, tailShare: Double
}

/// The inputs of one call.
struct CurationInput {
  var tensors: [String: Tensor]
  let textCount, entryCount: Int

  init(
    _ texts: [String], _ entries: [String], match: [Int32]? = nil, images: [Int64]? = nil
  ) {
    textCount = texts.count
    entryCount = entries.count
    tensors = Tensor.strings(texts, "texts").merging(Tensor.strings(entries, "entries")) { $1 }
    tensors["match"] = match.map { Tensor($0, shape: [$0.count / 2, 2]) }
    tensors["image.id"] = images.map(Tensor.init(offsets:))
  }
}

/// Asks the plugin which texts to keep.
func curate(
  _ texts: [String], _ entries: [String], _ config: [String: JSON], match: [Int32]? = nil,
  images: [Int64]? = nil, seed: UInt64 = 7
) throws -> CurationAnswer {
  try curate(CurationInput(texts, entries, match: match, images: images), config, seed: seed)
}

/// Asks the plugin about a pool with a prepared index.
func curate(
  _ pool: ZipfPool, _ config: [String: JSON], seed: UInt64 = 7
) throws -> CurationAnswer {
  try curate(pool.input, config, seed: seed)
}

func curate(
  _ input: CurationInput, _ config: [String: JSON], seed: UInt64 = 7
) throws -> CurationAnswer {
  let instance = try Plugin(named: "metaclip").instance(config)
  instance.seed = seed
  guard instance.fit([:]) == 0 else { throw HarnessError("fit: \(instance.host.sentence)") }
  let (n, k) = (input.textCount, input.entryCount)
  func doubles(_ shape: Shape) -> Tensor {
    Tensor(dtype: .f64, shape: shape) { bytes in
      bytes.assumingMemoryBound(to: Double.self).update(repeating: .nan)
    }
  }
  let outputs = [
    "kept": Tensor(dtype: .u8, shape: [n]) { $0.copyBytes(from: [UInt8](repeating: 9, count: n)) },
    "keep_prob": doubles([n]), "entry_prob": doubles([k]),
    "entry_count": Tensor(offsets: [Int64](repeating: -1, count: k)),
    "entry_count_after": Tensor(offsets: [Int64](repeating: -1, count: k)),
    "threshold": doubles([]), "tail_share": doubles([]),
  ]
  guard instance.predict(input.tensors, outputs: outputs) == 0 else {
    throw HarnessError(instance.host.sentence)
  }
  func numbers<T: BitwiseCopyable>(_ name: String, _ type: T.Type) -> [T] {
    outputs[name]?.withElements(of: type) { Array($0) } ?? []
  }
  return CurationAnswer(
    kept: numbers("kept", UInt8.self), probabilities: numbers("keep_prob", Double.self),
    entryProbabilities: numbers("entry_prob", Double.self),
    counts: numbers("entry_count", Int64.self),
    countsAfter: numbers("entry_count_after", Int64.self),
    threshold: numbers("threshold", Double.self)[0],
    tailShare: numbers("tail_share", Double.self)[0])
}

/// Counts the texts of each entry by searching each pattern in each spaced text.
func plainCounts(_ texts: [String], _ entries: [String]) -> [Int64] {
  let spaced = texts.map { text -> [UInt8] in
    var result = Array(" ".utf8)
    for byte in text.utf8 {
      switch byte {
      case 0x09, 0x0A, 0x0D: result.append(0x20)
      case let mark where ",.;:?!`".utf8.contains(mark): result += [0x20, mark, 0x20]
      default: result.append(byte)
      }
    }
    return result + Array(" ".utf8)
  }
  return entries.map { entry in
    let pattern = Array(" \(entry) ".utf8)
    return Int64(spaced.count { contains($0, pattern) })
  }
}

private func contains(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
  guard text.count >= pattern.count else { return false }
  return (0...text.count - pattern.count).contains { start in
    pattern.indices.allSatisfy { text[start + $0] == pattern[$0] }
  }
}

/// A pool whose entries follow Zipf's law with exponent 1, several different ones a text.
struct ZipfPool {
  let entryCount: Int
  /// Pairs of an entry and a text.
  private(set) var match: [Int32] = []
  var isMatched: [Bool]

  init(
    texts: Int, entries: Int, seed: UInt64, perText: ClosedRange<Int> = 1...3,
    unmatched: Double = 0
  ) {
    var random = SplitMix64(seed)
    var cumulative: [Double] = []
    for rank in 1...entries { cumulative.append((cumulative.last ?? 0) + 1 / Double(rank)) }
    let total = cumulative[entries - 1]
    func entry() -> Int {
      let wanted = random.uniform() * total
      var (low, high) = (0, entries - 1)
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > wanted { high = middle } else { low = middle + 1 }
      }
      return low
    }
    entryCount = entries
    isMatched = (0..<texts).map { _ in random.uniform() >= unmatched }
    for text in 0..<texts where isMatched[text] {
      let count = perText.lowerBound + Int(random.uniform() * Double(perText.count))
      let start = match.count
      for _ in 0..<count {
        let entry = Int32(entry())
        let isNew = !stride(from: start, to: match.count, by: 2).contains { match[$0] == entry }
        if isNew { match += [entry, Int32(text)] }
      }
    }
  }
}

extension ZipfPool {
  var input: CurationInput {
    CurationInput(
      [String](repeating: "", count: isMatched.count), (0..<entryCount).map { "e\($0)" },
      match: match)
  }
}

extension Tensor {
  /// An i64 tensor `[n]`.
  init(offsets: [Int64]) {
    self.init(dtype: .i64, shape: [offsets.count]) { bytes in
      offsets.withUnsafeBytes(bytes.copyMemory)
    }
  }

  /// A pair of tensors that hold strings.
  static func strings(_ strings: [String], _ name: String) -> [String: Tensor] {
    let bytes = strings.flatMap { Array($0.utf8) }
    var offsets: [Int64] = [0]
    for string in strings { offsets.append((offsets.last ?? 0) + Int64(string.utf8.count)) }
    return [
      "\(name).bytes": Tensor(dtype: .u8, shape: [bytes.count]) { $0.copyBytes(from: bytes) },
      "\(name).offsets": Tensor(offsets: offsets),
    ]
  }
}
