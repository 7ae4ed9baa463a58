public import AssayKit

/// Curation of texts by balancing over a list of entries, without any model.
///
/// Xu et al., "Demystifying CLIP Data", ICLR 2024. A text matches an entry that stands in it between
/// spaces. With `n_e` texts for entry e, a text with the matches E is kept with probability
///
///     1 - Π (1 - t / max(n_e, t))     over e in E
///
/// which keeps every text of an entry up to the threshold t and thins out the rest.
public struct MetaCLIP: Method {
  /// Which texts to keep.
  enum Mode: String, CaseIterable, Sendable {
    case balanced, matched, random, raw
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var mode = Mode.balanced
    var t = 0
    var p = 0.1
    var perText = false

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .choice(
        "mode", \.mode,
        "Balanced over the entries; or all matched texts, matched texts at random and as many as "
          + "balancing keeps on average, or all texts."),
      .integer(
        "t", \.t, 0...1_000_000_000_000,
        "The threshold: how many texts of an entry are kept for certain; 0 takes it from p."),
      .number("p", \.p, 0...1, "The share of the matches that the tail entries are to hold."),
      .flag(
        "per_text", \.perText,
        "Treat every text alone even where images are told, instead of one text for each image."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "metaclip", version: "1.0.0",
    summary: "Balances texts over the entries of a metadata list by sub-string matching.",
    references: "arXiv:2309.16671",
    claims: [
      Claim(
        task: "curate",
        inputs: [
          "texts.bytes", "texts.offsets", "entries.bytes", "entries.offsets", .optional("match"),
          .optional("image.id"),
        ])
    ])

  /// Keeps the config; there is nothing to learn.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) -> Model {
    Model(config: config)
  }

  /// The curation.
  public struct Model: FittedMethod {
    let config: Config

    /// Matches, counts, balances and draws.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let texts = try ByteStrings(inputs, "texts")
      let entries = try ByteStrings(inputs, "entries")
      if let empty = (0..<entries.count).first(where: { entries[$0].isEmpty }) {
        throw MethodError.contract("entry \(empty) is empty, and would match every text")
      }
      guard texts.count <= Int(Int32.max), entries.byteCount < Int(Int32.max) / 4 else {
        throw MethodError.unsupported(
          "\(texts.count) texts and \(entries.byteCount) bytes of entries are too many for 32-bit "
            + "numbers; curate them in parts")
      }
      let index =
        try inputs.tensor(ifOffered: "match").map { pairs throws(MethodError) in
          try MatchIndex(pairs: pairs, entryCount: entries.count, textCount: texts.count)
        } ?? EntryAutomaton(entries, context).matches(in: texts, context)
      let balance = Balance(threshold: threshold(index.counts), counts: index.counts)
      let images = config.perText ? nil : try images(inputs, count: texts.count)
      let subset = Subset(
        config.mode, index, balance, images: images,
        Subset.Draws(seed: context.seed, stream: context.stream))
      report(index, balance, subset, context)
      try write(index, balance, subset, into: outputs)
    }

    private func threshold(_ counts: [Int]) -> Int {
      if config.t > 0 { return config.t }
      return Balance.threshold(tailShare: config.p, counts: counts)
    }

    private func images(_ inputs: Inputs, count: Int) throws(MethodError) -> [Int64]? {
      guard let tensor = inputs.tensor(ifOffered: "image.id") else { return nil }
      let images = Array(try tensor.elements(of: Int64.self))
      guard tensor.shape == [count] else {
        throw .contract("'image.id' has shape \(tensor.shape); wanted is [\(count)], one a text")
      }
      return images
    }

    private func report(
      _ index: MatchIndex, _ balance: Balance, _ subset: Subset, _ context: Context
    ) {
      context.metric("t", Double(balance.threshold))
      context.metric("tail_share", balance.tailShare(counts: index.counts))
      context.metric("matches", Double(index.matchCount))
      context.metric("kept", Double(subset.isKept.count { $0 }))
      context.metric("expected", subset.probabilities.reduce(0, +))
    }

    private func write(
      _ index: MatchIndex, _ balance: Balance, _ subset: Subset, into outputs: Outputs
    ) throws {
      let kept = try outputs.elements("kept", of: UInt8.self, shape: [index.textCount])
      for text in kept.indices { kept[text] = subset.isKept[text] ? 1 : 0 }
      try outputs.write(subset.probabilities, "keep_prob")
      try outputs.write(index.counts.map(Int64.init), "entry_count")
      try outputs.write(subset.alone, "entry_prob")
      var after = [Int64](repeating: 0, count: index.counts.count)
      for text in kept.indices where subset.isKept[text] {
        index.forEachEntry(of: text) { after[$0] += 1 }
      }
      try outputs.write(after, "entry_count_after")
      try outputs.write([Double(balance.threshold)], "threshold", shape: [])
      try outputs.write([balance.tailShare(counts: index.counts)], "tail_share", shape: [])
    }
  }
}

extension Outputs {
  /// Writes an output if it is wanted.
  fileprivate func write<T: TensorElement>(
    _ numbers: [T], _ name: String, shape: [Int]? = nil
  ) throws(MethodError) {
    guard wants(name) else { return }
    let output = try elements(name, of: T.self, shape: shape ?? [numbers.count])
    _ = output.update(fromContentsOf: numbers)
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(MetaCLIP.self, major, minor)
}
