internal import ArgumentParser
internal import Documents
internal import Encoders
internal import Glibc

/// The prompt templates of `assay encode`.
enum EncodeTemplates {
  static let standard = PromptTemplates.simple.rawValue
  static let names = PromptTemplates.allCases.map(\.rawValue).joined(separator: ", ")

  static func read(_ name: String) throws -> [String] {
    if let known = PromptTemplates(rawValue: name) { return known.texts }
    let lines = try EncodeLines.read(name, option: "--templates")
    for line in lines where !line.contains("{}") {
      throw UsageError(
        description: "--templates \(name): '\(line)' has no {} for the name of a class")
    }
    return lines
  }
}

/// The names of the classes that texts are made of.
enum EncodeClasses {
  /// Those of a file, in the order of the collection's classes; without a file these.
  static func names(of collection: PictureCollection, file: String?) throws -> [String] {
    guard let file else { return collection.classes }
    let lines = try EncodeLines.read(file, option: "--classes")
    let pairs = lines.map { $0.split(separator: "\t", maxSplits: 1).map(String.init) }
    guard pairs.contains(where: { $0.count == 2 }) else {
      guard lines.count == collection.classes.count else {
        throw UsageError(
          description: "--classes \(file): has \(lines.count) names for "
            + "\(collection.classes.count) classes")
      }
      return lines
    }
    var names: [String: String] = [:]
    for pair in pairs where pair.count == 2 { names[pair[0]] = pair[1] }
    return try collection.classes.map { folder in
      guard let name = names[folder] else {
        let hint = nearestName(to: folder, in: names.keys).map { "; did you mean '\($0)'?" } ?? ""
        throw UsageError(
          description: "--classes \(file): has no name for the class '\(folder)'\(hint)")
      }
      return name
    }
  }
}

/// The tokenizer of `assay encode`.
enum EncodeTokenizer {
  private static let files = ["bpe_simple_vocab_16e6.txt.gz", "vocabulary.txt"]

  static func read(_ file: String?, beside checkpoint: String) throws -> any Tokenizer {
    let folder = checkpoint.lastIndex(of: "/").map { String(checkpoint[...$0]) } ?? ""
    let beside = files.map { folder + $0 }.first { access($0, R_OK) == 0 }
    guard let path = file ?? beside else {
      throw UsageError(
        description: "class names and captions need the tokenizer's vocabulary: give --vocabulary "
          + "(open_clip's bpe_simple_vocab_16e6.txt.gz), or leave them out with --no-texts")
    }
    return try words(path).map { WordTokenizer($0) } ?? BytePairTokenizer(path: path)
  }
}

extension EncodeTokenizer {
  /// The words of a vocabulary of whole words, which has a start and an end among them.
  private static func words(_ path: String) -> [String]? {
    guard let text = try? PictureCollection.text(of: path) else { return nil }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines.contains("<start>") && lines.contains("<end>") ? lines : nil
  }
}

/// The lines of a small text file.
enum EncodeLines {
  static func read(_ path: String, option: String) throws -> [String] {
    guard let text = try? PictureCollection.text(of: path) else {
      throw UsageError(description: "\(option) \(path): cannot be read")
    }
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard !lines.isEmpty else { throw UsageError(description: "\(option) \(path): is empty") }
    return lines
  }
}

/// Corruptions on the command line: `all`, `contrast`, `contrast:3`, `contrast:1..3,pixelate`.
struct ShiftList: ExpressibleByArgument {
  var shifts: [EncodingPlan.Shift]

  init?(argument: String) {
    shifts = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
      let kinds =
        pieces[0] == "all"
        ? Corruption.allCases : Corruption(rawValue: String(pieces[0])).map { [$0] }
      guard let kinds, pieces.count <= 2, let severities = Self.severities(pieces.dropFirst().first)
      else { return nil }
      for kind in kinds {
        shifts += severities.map { EncodingPlan.Shift(kind, severity: $0) }
      }
    }
    guard Set(shifts.map(\.name)).count == shifts.count else { return nil }
  }

  private static func severities(_ text: Substring?) -> ClosedRange<Int>? {
    guard let text else { return Corruption.severities }
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { Int($0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
      first <= last, Corruption.severities.contains(first), Corruption.severities.contains(last)
    else { return nil }
    return first...last
  }
}
