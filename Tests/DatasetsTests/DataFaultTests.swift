import Documents
import Tensors
import Testing

@testable import Datasets

@Suite("Faults of data")
struct DataFaultTests {
  private func codes(_ data: TemporaryDataset) throws -> [String] {
    try data.open().findings.map(\.code)
  }

  // MARK: Rows

  @Test("a split without rows is refused", arguments: ["train", "val", "test"])
  func empty(split: String) throws {
    let data = try TemporaryDataset()
    try data.save(data.counting([0, 4]), "\(split)_x")
    try data.save(data.counting([0, 2]), "\(split)_aux")
    try data.save(Tensor([] as [Int32], shape: [0]), "\(split)_y")
    #expect(try #require(try data.failure()).description.contains("\(split).features has no rows"))
  }

  @Test("zero rows that are to be of length 1 are told with their number and the first")
  func zeroRows() throws {
    let data = try TemporaryDataset()
    var numbers = (0..<36).map { Float(100 + $0) }
    for place in [8, 9, 10, 11, 20, 21, 22, 23] { numbers[place] = 0 }
    try data.save(Tensor(numbers, shape: [9, 4]), "train_x")
    let finding = try #require(try data.open().findings.first)
    #expect(finding.code == "zero-rows" && finding.severity == .warning)
    #expect(finding.message.contains("2 of the 9 rows") && finding.message.contains("row 2"))
    data.setArray("train.features", ["file": "train_x.npy"])
    #expect(try !codes(data).contains("zero-rows"))
  }

  @Test("rows that are all zero cannot be brought to length 1 at all")
  func allZero() throws {
    let data = try TemporaryDataset()
    try data.save(Tensor([Float](repeating: 0, count: 36), shape: [9, 4]), "train_x")
    #expect(try data.failure() != nil)
  }

  @Test("numbers whose squares are beyond f32 are refused, unless rows are normalised first")
  func huge() throws {
    let data = try TemporaryDataset()
    var numbers = (0..<36).map { Float(100 + $0) }
    numbers[13] = 1e30
    try data.save(Tensor(numbers, shape: [9, 4]), "train_x")
    #expect(try codes(data) == [])
    data.setArray("train.features", ["file": "train_x.npy"])
    let failure = try #require(try data.failure())
    #expect(failure.description.contains("the first row 3"))
  }

  @Test("labels of one class are told, of a split and of the dataset")
  func oneClass() throws {
    let data = try TemporaryDataset()
    try data.save(Tensor([1, 1, 1, 1, 1, 1] as [Int32], shape: [6]), "test_y")
    #expect(try codes(data) == ["one-class"])
  }

  // MARK: Shifts and draws

  private func shift(_ labels: [Int32]) throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    try data.save(data.counting([4, 4], from: 1000), "fog")
    try data.save(Tensor(labels, shape: [4]), "fog_y")
    data.manifest["shifts"] = [
      [
        "name": "fog", "features": ["file": "fog.npy"], "labels": ["file": "fog_y.npy"],
        "test_rows": ["from": 1, "to": 5],
      ]
    ]
    return data
  }

  @Test("copies of test rows have the labels of those rows")
  func shiftLabels() throws {
    #expect(try shift([1, 2, 0, 1]).failure() == nil)
    let failure = try #require(try shift([0, 1, 1, 2]).failure())
    #expect(failure.description.contains("4 of its 4 labels"))
    #expect(failure.description.contains("row 0 has label 0, and test row 1 has 1"))
  }

  private func draw(_ rows: [Int32]) throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    try data.save(Tensor(rows, shape: [1, 3, Int(rows.count / 3)]), "draws")
    data.manifest["shots"] = ["kind": "index", "array": ["file": "draws.npy"]]
    return data
  }

  @Test("a stored draw that holds a row twice has fewer shots than it says")
  func repeatedShots() throws {
    // Rows 0, 3, 6 are of class 0, and so on.
    #expect(try codes(draw([0, 3, 1, 4, 2, 5])) == [])
    let finding = try #require(try draw([0, 0, 1, 4, 2, 5]).open().findings.first)
    #expect(finding.code == "repeated-shots" && finding.severity == .error)
    #expect(finding.message.contains("1 of the 3"))
  }

  @Test("a class that has fewer rows than shots may repeat them")
  func smallClass() throws {
    #expect(try codes(draw([0, 3, 6, 0, 1, 4, 7, 1, 2, 5, 8, 5])) == [])
  }

  // MARK: Names

  @Test("a byte-order mark at the start of a file of names is no part of the first")
  func leadingMark() throws {
    let data = try TemporaryDataset()
    try data.write("\u{FEFF}ant\nbee\ncat\n", to: "names.txt")
    data.manifest["classes"] = ["file": "names.txt"]
    #expect(try data.open().classes == ["ant", "bee", "cat"])
  }

  @Test(
    "characters that nobody sees are refused in names",
    arguments: ["be\u{FEFF}e", "\u{FEFF}bee", "bee\u{1B}[31m", "be\u{200B}e", "bee\u{7}"])
  func unseen(name: String) throws {
    let data = try TemporaryDataset()
    data.manifest["classes"] = ["ant", .string(name), "cat"]
    let failure = try #require(try data.failure())
    #expect(failure.description.contains("/classes"))
    #expect(failure.description.contains("class 1"))
  }

  @Test(
    "class names that are equal but for spaces or case are told",
    arguments: [["ant", "bee", "ant"], ["ant", "bee", " ant "], ["ant", "bee", "Ant"]])
  func repeatedClasses(names: [String]) throws {
    let data = try TemporaryDataset()
    data.manifest["classes"] = .array(names.map(JSON.string))
    #expect(try data.open().findings.map(\.code) == ["repeated-name"])
    #expect(try data.open().findings.map(\.severity) == [.warning])
  }

  @Test("two groups of one name would be one group in two halves")
  func repeatedGroups() throws {
    let data = try TemporaryDataset()
    data.manifest["groups"] = [
      "sex": ["array": ["file": "test_y.npy"], "names": ["f", "m", " f"]]
    ]
    #expect(try data.failure() != nil)
  }
}

@Suite("Values of cases")
struct CaseValueTests {
  /// A question of task `classify`, of 6 rows and 3 classes.
  private func classify(
    _ labels: [Int32] = [0, 1, 2, 0, 1, 2], classes: JSON = 3
  ) throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    try data.save(Tensor(labels, shape: [labels.count]), "labels")
    data.manifest["cases"] = [
      [
        "name": "one", "fit": ["text.class": ["file": "text.npy"], "class.count": classes],
        "query": ["query.features": ["file": "test_x.npy"]],
        "truth": ["labels": ["file": "labels.npy"]],
      ]
    ]
    return data
  }

  @Test("a sound question opens")
  func sound() throws {
    #expect(try classify().open().findings == [])
  }

  @Test("labels outside of the classes are refused with their place, as in splits")
  func labels() throws {
    let failure = try #require(try classify([0, 1, 7, 0, 1, 2]).failure())
    #expect(failure.description.contains("/cases/0/truth/labels"))
  }

  @Test("lengths and counts that do not fit are refused")
  func lengths() throws {
    #expect(try classify([0, 1, 2]).failure() != nil)
    #expect(try classify(classes: 4).failure() != nil)
  }

  @Test("a number that is not finite is refused wherever it stands")
  func notFinite() throws {
    let data = try classify()
    let numbers = [1, 2, .nan, 4] + [Float](repeating: 1, count: 20)
    try data.save(Tensor(numbers, shape: [6, 4]), "bad")
    data.manifest["cases"] = [
      [
        "name": "one", "fit": ["text.class": ["file": "text.npy"], "class.count": 3],
        "query": ["query.features": ["file": "bad.npy"]],
        "truth": ["labels": ["file": "labels.npy"]],
      ]
    ]
    #expect(try #require(try data.failure()).description.contains("not finite in row 0"))
  }

  /// A question of task `recommend`, of 3 users and 4 items.
  private func recommend(
    _ pairs: [Int32], propensity: [Float] = [0.5, 1], val: [Int32] = [2, 3]
  ) throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    try data.save(Tensor(pairs, shape: [pairs.count / 2, 2]), "clicks")
    try data.save(Tensor(val, shape: [val.count / 2, 2]), "held")
    try data.save(Tensor(propensity, shape: [propensity.count]), "propensity")
    try data.save(Tensor([0, 1, 2, 2] as [Int32], shape: [2, 2]), "asked")
    try data.save(Tensor([0, 1] as [Float], shape: [2]), "relevance")
    data.manifest["cases"] = [
      [
        "name": "one",
        "fit": [
          "interactions": ["file": "clicks.npy"], "propensity": ["file": "propensity.npy"],
          "val.interactions": ["file": "held.npy"], "user.count": 3, "item.count": 4,
        ],
        "query": ["query.pairs": ["file": "asked.npy"]],
        "truth": ["relevance": ["file": "relevance.npy"]],
      ]
    ]
    return data
  }

  @Test("users and items are numbers of those that there are, and clicks are listed once")
  func clicks() throws {
    #expect(try recommend([0, 0, 1, 3]).failure() == nil)
    #expect(try recommend([0, 0, 1, 4]).failure() != nil)
    #expect(try recommend([0, 0, 3, 1]).failure() != nil)
    #expect(try recommend([0, 0, 0, 0]).failure() != nil)
    #expect(try recommend([0, 0, 2, 3]).failure() != nil)
  }

  @Test("a probability of exposure is above 0 and at most 1")
  func propensities() throws {
    #expect(try recommend([0, 0, 1, 3], propensity: [0, 1]).failure() != nil)
    #expect(try recommend([0, 0, 1, 3], propensity: [0.5, 1.5]).failure() != nil)
  }

  @Test("a case that no task asks is told of")
  func noTask() throws {
    let data = try TemporaryDataset()
    data.manifest["cases"] = [["name": "one", "query": ["x": 1], "truth": [:]]]
    #expect(try data.open().findings.map(\.code) == ["no-task"])
  }
}
