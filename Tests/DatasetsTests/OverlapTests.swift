import Documents
import Tensors
import Testing

@testable import Datasets

/// A dataset of 200 test rows, which other parts can be made of.
private final class Crowd {
  let data: TemporaryDataset
  static let count = 200

  init() throws {
    data = try TemporaryDataset()
    try save((0..<Crowd.count).map { $0 }, "test")
    try save((1000..<1100).map { $0 }, "train")
    try save((2000..<2050).map { $0 }, "val")
    for name in ["train.aux", "val.aux", "test.aux"] { data.removeArray(name) }
  }

  /// Rows that numbers stand for: row n is (n, n + 1/2, -n, 3), label n mod 3.
  func save(_ numbers: [Int], _ split: String, dtype: DType = .f32) throws {
    let values = numbers.map { Double($0) }.flatMap { (x: Double) -> [Double] in
      [x, x + 0.5, -x, 3]
    }
    let tensor =
      switch dtype {
      case .f16: made(dtype, values.map { Float16($0) })
      case .f64: made(dtype, values)
      default: made(.f32, values.map { Float($0) })
      }
    try data.save(tensor, "\(split)_x")
    try data.save(Tensor(numbers.map { Int32($0 % 3) }, shape: [numbers.count]), "\(split)_y")
  }

  private func made<T: BitwiseCopyable>(_ dtype: DType, _ values: [T]) -> Tensor {
    Tensor(dtype: dtype, shape: [values.count / 4, 4]) { bytes in
      values.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
  }

  func findings(_ code: String) throws -> [DataFinding] {
    try data.open().findings.filter { $0.code == code }
  }
}

@Suite("Rows that parts of a dataset share")
struct OverlapTests {
  @Test(
    "validation rows of the test set are refused in any order and of any type",
    arguments: [DType.f16, .f32, .f64])
  func permuted(dtype: DType) throws {
    let crowd = try Crowd()
    try crowd.save((0..<Crowd.count).reversed(), "val", dtype: dtype)
    let failure = try #require(try crowd.data.failure())
    #expect(failure.code == .badShape)
    #expect(failure.description.contains("200 of the 200 rows of test.features"))
  }

  @Test("half of the test rows are too many too")
  func half() throws {
    let crowd = try Crowd()
    try crowd.save(Array(0..<100), "val")
    #expect(try crowd.data.failure() != nil)
  }

  @Test("a training set of test rows is an error that does not keep the dataset from opening")
  func training() throws {
    let crowd = try Crowd()
    try crowd.save(Array(0..<Crowd.count), "train")
    let finding = try #require(try crowd.findings("shared-rows").first)
    #expect(finding.severity == .error)
    #expect(finding.pointer == "/arrays/test.features")
  }

  @Test("a small training set that lies in the test set is an error, however large that is")
  func smallTraining() throws {
    let crowd = try Crowd()
    try crowd.save([7, 3001], "train")
    #expect(try crowd.findings("shared-rows").map(\.severity) == [.error])
  }

  @Test("one row of two hundred is a warning with its places")
  func few() throws {
    let crowd = try Crowd()
    try crowd.save([1000, 1001, 1002, 42, 1003, 1004], "train")
    let finding = try #require(try crowd.findings("shared-rows").first)
    #expect(finding.severity == .warning)
    #expect(finding.message.contains("1 of the 200 rows of test.features"))
    #expect(finding.message.contains("row 42 is row 3"))
  }

  @Test("rows that differ share nothing")
  func distinct() throws {
    #expect(try Crowd().data.open().findings == [])
  }

  @Test("0 and -0 are one number")
  func zeros() throws {
    let crowd = try Crowd()
    try crowd.save(Array(0..<150), "test")
    try crowd.data.save(Tensor([-0.0, 0.5, 0.0, 3] as [Float], shape: [1, 4]), "train_x")
    try crowd.data.save(Tensor([0] as [Int32], shape: [1]), "train_y")
    #expect(try crowd.findings("shared-rows").count == 1)
  }

  @Test("what the manifest allows is said with its reason and is no error")
  func allowed() throws {
    let crowd = try Crowd()
    try crowd.save(Array(0..<Crowd.count), "train")
    crowd.data.manifest["overlaps"] = [
      ["between": ["test", "train"], "reason": "resubstitution is what is asked for"]
    ]
    let findings = try crowd.data.open().findings
    #expect(findings.map(\.code).contains("allowed-overlap"))
    #expect(findings.allSatisfy { $0.severity != .error })
    #expect(findings.contains { $0.message.contains("resubstitution is what is asked for") })
  }

  @Test("an allowance for a part that is not there is refused with the nearest name")
  func unknownPart() throws {
    let crowd = try Crowd()
    crowd.data.manifest["overlaps"] = [["between": ["tset", "train"], "reason": "none"]]
    let failure = try #require(try crowd.data.failure())
    #expect(failure.description.contains("did you mean 'test'?"))
  }

  @Test("shifts, OOD sets and shot sets are looked at too, each under its own place")
  func otherParts() throws {
    let crowd = try Crowd()
    try crowd.save(Array(5000..<5050), "fog")
    try crowd.save(Array(6000..<6050), "far")
    crowd.data.manifest["shifts"] = [
      ["name": "fog", "features": ["file": "fog_x.npy"], "labels": ["file": "fog_y.npy"]]
    ]
    crowd.data.manifest["ood"] = [
      ["name": "far", "distance": "far", "features": ["file": "far_x.npy"]]
    ]
    func pointers() throws -> [String] {
      try crowd.findings("shared-rows").filter { $0.severity == .error }.map(\.pointer)
    }
    #expect(try pointers() == [])
    try crowd.save(Array(5000..<5050), "train")
    #expect(try pointers() == ["/shifts/0/features"])
    try crowd.save(Array(6000..<6050), "train")
    #expect(try pointers() == ["/ood/0/features"])
    try crowd.save(Array(1000..<1100), "train")
    crowd.data.manifest["shots"] = [
      "kind": "sets",
      "sets": ["1": ["features": ["file": "s_x.npy"], "labels": ["file": "s_y.npy"]]],
    ]
    try crowd.save([0, 1, 2], "s")
    #expect(try pointers() == ["/arrays/test.features"])
  }

  @Test("a row cannot be in the distribution and out of it")
  func outOfDistribution() throws {
    let crowd = try Crowd()
    crowd.data.manifest["ood"] = [
      ["name": "far", "distance": "far", "features": ["file": "test_x.npy"]]
    ]
    #expect(try crowd.findings("shared-rows").contains { $0.severity == .error })
  }

  @Test("unlabelled rows may be test rows, which only the audit tells")
  func transductive() throws {
    let crowd = try Crowd()
    crowd.data.setArray("unlabelled.features", ["file": "test_x.npy"])
    #expect(try crowd.findings("shared-rows").map(\.severity) == [.note])
  }

  @Test("rows of a case that fit is handed must not be asked about")
  func cases() throws {
    let crowd = try Crowd()
    func entry(_ fit: String) -> JSON {
      [
        "name": .string(fit), "setting": ["fold": 1],
        "fit": [
          "train.features": ["file": .string("\(fit)_x.npy")],
          "train.labels": ["file": .string("\(fit)_y.npy")], "class.count": 3,
        ],
        "query": ["query.features": ["file": "test_x.npy"]],
        "truth": ["labels": ["file": "test_y.npy"]],
      ]
    }
    crowd.data.manifest["cases"] = [entry("train")]
    #expect(try crowd.findings("shared-rows") == [])
    crowd.data.manifest["cases"] = [entry("test")]
    #expect(try crowd.findings("shared-rows").map(\.severity) == [.error])
  }

  @Test("rows that repeat within a part, and under two labels, are told by the audit alone")
  func repeats() throws {
    let crowd = try Crowd()
    try crowd.save([1, 2, 3, 1], "test")
    try crowd.data.save(Tensor([0, 1, 2, 2] as [Int32], shape: [4]), "test_y")
    let findings = try crowd.data.open().findings
    #expect(findings.map(\.severity) == [.note, .note])
    #expect(findings.map(\.code) == ["repeated-rows", "two-labels"])
  }
}

@Suite("Near duplicates in an audit")
struct NearDuplicateTests {
  /// 40 training and 60 test rows in 16 dimensions, by a fixed rule without structure.
  private func dataset() throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    for name in ["train.aux", "val.aux", "test.aux", "text.class", "text.prompts"] {
      data.removeArray(name)
    }
    for name in ["val.features", "val.labels"] { data.removeArray(name) }
    try data.save(Self.features(40, from: 1), "train_x")
    try data.save(Self.features(60, from: 1000), "test_x")
    for (split, rows) in [("train", 40), ("test", 60)] {
      try data.save(Tensor((0..<rows).map { Int32($0 % 3) }, shape: [rows]), "\(split)_y")
    }
    return data
  }

  private static func features(_ rows: Int, from first: Int) -> Tensor {
    Tensor(numbers(rows, from: first), shape: [rows, 16])
  }

  private static func numbers(_ rows: Int, from first: Int) -> [Float] {
    (0..<rows * 16).map { place in
      let hash = UInt64(place + first * 16) &* 0x9E37_79B9_7F4A_7C15
      return Float(((hash ^ (hash >> 29)) &* 0xBF58_476D_1CE4_E5B9) >> 40) / Float(1 << 23) - 1
    }
  }

  private func near(_ data: TemporaryDataset, above threshold: Double) throws -> [DataFinding] {
    try data.write(text: JSON.object(data.manifest).prettyText)
    var audit = try Dataset.audit(data.folder)
    audit.findNearDuplicates(above: threshold)
    return audit.findings.filter { $0.code == "near-rows" }
  }

  @Test("a copy that was scaled and disturbed is found with its place, and no other row")
  func disturbed() throws {
    let data = try dataset()
    #expect(try near(data, above: 0.999).isEmpty)
    var rows = Self.numbers(60, from: 1000)
    let train = Self.numbers(40, from: 1)
    for column in 0..<16 { rows[17 * 16 + column] = 3 * train[5 * 16 + column] }
    rows[17 * 16] += 0.01
    try data.save(Tensor(rows, shape: [60, 16]), "test_x")
    let finding = try #require(try near(data, above: 0.999).first)
    #expect(finding.severity == .warning)
    #expect(finding.message.contains("1 of the 60 rows"))
    #expect(finding.message.contains("row 17 and row 5"))
  }

  @Test("blocks hide nothing: the last row of many is compared with the last")
  func blocks() throws {
    let data = try dataset()
    let (train, test) = (Self.numbers(1030, from: 1), Self.numbers(2060, from: 5000))
    try data.save(Tensor(train, shape: [1030, 16]), "train_x")
    try data.save(
      Tensor(test.dropLast(16) + train.suffix(16).map { $0 * 2 }, shape: [2060, 16]), "test_x")
    for (split, rows) in [("train", 1030), ("test", 2060)] {
      try data.save(Tensor((0..<rows).map { Int32($0 % 3) }, shape: [rows]), "\(split)_y")
    }
    let finding = try #require(try near(data, above: 0.9999).first)
    #expect(finding.message.contains("row 2059 and row 1029"))
  }

  @Test("in few dimensions nothing is compared, and that is said")
  func narrow() throws {
    let data = try TemporaryDataset()
    try data.write(text: JSON.object(data.manifest).prettyText)
    var audit = try Dataset.audit(data.folder)
    audit.findNearDuplicates(above: 0.9)
    #expect(audit.comparisons == 0)
    #expect(audit.findings.contains { $0.code == "not-compared" })
  }

  @Test("what keeps a dataset from opening is an error of its audit, beside all else")
  func refused() throws {
    let data = try dataset()
    try data.save(Tensor([Int32](repeating: 7, count: 60), shape: [60]), "test_y")
    try data.save(Self.features(60, from: 1), "train_x")
    try data.save(Self.features(60, from: 1), "test_x")
    try data.save(Tensor((0..<60).map { Int32($0 % 3) }, shape: [60]), "train_y")
    try data.write(text: JSON.object(data.manifest).prettyText)
    let audit = try Dataset.audit(data.folder)
    #expect(audit.hasErrors)
    #expect(Set(audit.findings.map(\.code)).isSuperset(of: ["refused", "shared-rows"]))
  }
}
