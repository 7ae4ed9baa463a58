import Documents
import Tensors
import Testing

@testable import Datasets

@Suite("Arrays that do not fit each other")
struct DatasetCheckTests {
  /// A change to the small dataset, and what the error must say.
  struct Mismatch: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let sentence: String
    let change: @Sendable (TemporaryDataset) throws -> Void
    init(
      _ name: String, _ sentence: String,
      _ change: @escaping @Sendable (TemporaryDataset) throws -> Void
    ) {
      testDescription = name
      self.sentence = sentence
      self.change = change
    }
  }

  static let mismatches = [
    Mismatch("features of rank 3", "test.features must be floating-point [N, D]") {
      try $0.save($0.counting([6, 1, 4]), "test_x")
    },
    Mismatch("a NaN", "test.features has a number that is not finite in row 2 at 3") {
      var numbers = [Float](repeating: 1, count: 24)
      numbers[11] = .nan
      try $0.save(Tensor(numbers, shape: [6, 4]), "test_x")
    },
    Mismatch("integer features", "holds i32 [6, 4]") {
      try $0.save(Tensor([Int32](repeating: 1, count: 24), shape: [6, 4]), "test_x")
    },
    Mismatch("float labels", "test.labels must be integers [N], but the file holds f32 [6]") {
      try $0.save($0.counting([6]), "test_y")
    },
    Mismatch("too few labels", "test.labels has 5 labels for the 6 rows of test.features") {
      try $0.save(Tensor([0, 1, 2, 0, 1] as [Int32], shape: [5]), "test_y")
    },
    Mismatch("a label too great", "label 3 in row 2 of test.labels is not in 0 ..< 3") {
      try $0.save(Tensor([0, 1, 3, 0, 1, 2] as [Int32], shape: [6]), "test_y")
    },
    Mismatch("a negative label", "label -1 in row 0 of test.labels") {
      try $0.save(Tensor([-1, 1, 2, 0, 1, 2] as [Int32], shape: [6]), "test_y")
    },
    Mismatch("another width", "text.class has rows of 5 numbers, but test.features has rows of 4") {
      try $0.save($0.counting([3, 5]), "text")
    },
    Mismatch("another aux width", "val.aux has rows of 3 numbers, but") {
      try $0.save($0.counting([6, 3]), "val_aux")
    },
    Mismatch("too few aux rows", "train.aux has 8 rows, but train.features has 9") {
      try $0.save($0.counting([8, 2]), "train_aux")
    },
    Mismatch("too few captions", "train.captions has 8 rows, but train.features has 9") {
      try $0.save($0.counting([8, 4]), "captions")
      $0.setArray("train.captions", ["file": "captions.npy"])
    },
    Mismatch("captions of another space", "train.captions has rows of 2 numbers, but") {
      $0.setArray("train.captions", ["file": "train_aux.npy"])
    },
    Mismatch("views without their axis", "train.views must be floating-point [N, V, D]") {
      $0.setArray("train.views", ["file": "train_x.npy"])
    },
    Mismatch("views of fewer rows", "train.views has 8 rows, but train.features has 9") {
      try $0.save($0.counting([8, 3, 4]), "views")
      $0.setArray("train.views", ["file": "views.npy"])
    },
    Mismatch("fewer aux views", "train.aux_views has 2 views of a row, but train.views has 3") {
      try $0.save($0.counting([9, 3, 4]), "views")
      try $0.save($0.counting([9, 2, 2]), "aux_views")
      $0.setArray("train.views", ["file": "views.npy"])
      $0.setArray("train.aux_views", ["file": "aux_views.npy"])
    },
    Mismatch("captions of a set", "captions of shot set '2' has 9 rows, but shot set '2' has 6") {
      $0.manifest["shots"] = [
        "kind": "sets",
        "sets": [
          "2": [
            "features": ["file": "test_x.npy"], "labels": ["file": "test_y.npy"],
            "captions": ["file": "train_x.npy"],
          ]
        ],
      ]
    },
    Mismatch("text for other classes", "text.class has 2 rows for the 3 classes") {
      try $0.save($0.counting([2, 4]), "text")
    },
    Mismatch("prompts of rank 2", "text.prompts must be floating-point [K, P, D]") {
      try $0.save($0.counting([3, 4]), "prompts")
    },
    Mismatch("another number of prompts", "2 prompts a class for the 1 templates") {
      try $0.save($0.counting([3, 2, 4]), "prompts")
    },
    Mismatch("labels without classes", "needs the class names") {
      $0.manifest["classes"] = nil
    },
    Mismatch("features without labels", "train.features needs train.labels") {
      $0.removeArray("train.labels")
    },
    Mismatch("labels without features", "val.labels needs val.features") {
      $0.removeArray("val.features")
    },
    Mismatch("val that is test, under another name", "say \"val_is_test\": true") {
      try $0.save($0.counting([6, 4], from: 6), "val_x")
    },
    Mismatch("draws of other classes", "stored draws have shape [1, 2, 1] for the 3 classes") {
      try $0.save(Tensor([0, 1] as [Int32], shape: [1, 2, 1]), "s")
      $0.manifest["shots"] = ["kind": "index", "array": ["file": "s.npy"]]
    },
    Mismatch("draws of rank 2", "stored draws must be integers [S, K, M]") {
      try $0.save(Tensor([0, 1, 2] as [Int32], shape: [3, 1]), "s")
      $0.manifest["shots"] = ["kind": "index", "array": ["file": "s.npy"]]
    },
    Mismatch("a draw past the end", "draw 0 of class 2 names row 9, not in 0 ..< 9") {
      try $0.save(Tensor([0, 1, 9] as [Int32], shape: [1, 3, 1]), "s")
      $0.manifest["shots"] = ["kind": "index", "array": ["file": "s.npy"]]
    },
    Mismatch("a draw of another class", "draw 0 of class 1 names train row 2, whose label is 2") {
      try $0.save(Tensor([0, 2, 2] as [Int32], shape: [1, 3, 1]), "s")
      $0.manifest["shots"] = ["kind": "index", "array": ["file": "s.npy"]]
    },
    Mismatch("a shot set that is no number", "such as \"4\", not '04'") {
      $0.manifest["shots"] = [
        "kind": "sets",
        "sets": ["04": ["features": ["file": "val_x.npy"], "labels": ["file": "val_y.npy"]]],
      ]
    },
    Mismatch("a group code too great", "code 2 in row 5 of group 'sex'") {
      try $0.save(Tensor([0, 1, -1, 0, 1, 2] as [Int32], shape: [6]), "sex")
      $0.manifest["groups"] = ["sex": ["array": ["file": "sex.npy"], "names": ["f", "m"]]]
    },
    Mismatch("too few group codes", "group 'sex' has 2 codes for the 6 rows") {
      try $0.save(Tensor([0, 1] as [Int32], shape: [2]), "sex")
      $0.manifest["groups"] = ["sex": ["array": ["file": "sex.npy"], "names": ["f", "m"]]]
    },
    Mismatch("too few units", "units of test are 2 numbers for the 6 rows of test.features") {
      try $0.save(Tensor([0, 1] as [Int32], shape: [2]), "unit")
      $0.manifest["units"] = ["test": ["file": "unit.npy"]]
    },
    Mismatch("a negative unit", "unit -1 in row 1 of units of test is negative") {
      try $0.save(Tensor([0, -1, 2, 3, 4, 5] as [Int32], shape: [6]), "unit")
      $0.manifest["units"] = ["test": ["file": "unit.npy"]]
    },
    Mismatch("a unit in two splits", "unit 3 in row 2 of test is in val too") {
      try $0.save(Tensor([0, 0, 1, 1, 3, 3] as [Int32], shape: [6]), "val_unit")
      try $0.save(Tensor([7, 7, 3, 8, 9, 3] as [Int32], shape: [6]), "unit")
      $0.manifest["units"] = [
        "val": ["file": "val_unit.npy"], "test": ["file": "unit.npy"],
      ]
    },
    Mismatch("two shifts of one name", "the name 'fog' is taken") {
      let shift: JSON = [
        "name": "fog", "features": ["file": "val_x.npy"], "labels": ["file": "val_y.npy"],
      ]
      $0.manifest["shifts"] = [shift, shift]
    },
    Mismatch("a shift of other test rows", "shift 'fog' has 6 rows, but test_rows names 2") {
      $0.manifest["shifts"] = [
        [
          "name": "fog", "features": ["file": "val_x.npy"], "labels": ["file": "val_y.npy"],
          "test_rows": ["from": 0, "to": 2],
        ]
      ]
    },
    Mismatch("an OOD set of another width", "OOD set 'far' has rows of 2 numbers") {
      $0.manifest["ood"] = [
        ["name": "far", "distance": "far", "features": ["file": "val_aux.npy"]]
      ]
    },
    Mismatch("aux rows of an OOD set", "aux of OOD set 'far' has 9 rows, but OOD set 'far' has 6") {
      $0.manifest["ood"] = [
        [
          "name": "far", "distance": "far", "features": ["file": "test_x.npy"],
          "aux": ["file": "train_aux.npy"],
        ]
      ]
    },
  ]

  @Test("each mismatch is one sentence", arguments: mismatches)
  func mismatch(_ mismatch: Mismatch) throws {
    let folder = try TemporaryDataset()
    try mismatch.change(folder)
    let error = try #require(try folder.failure())
    #expect(error.code == .badShape)
    #expect(error.description.contains(mismatch.sentence), "\(error)")
  }

  @Test("all mismatches are told at once")
  func allAtOnce() throws {
    let folder = try TemporaryDataset()
    try folder.save(Tensor([0, 1] as [Int32], shape: [2]), "test_y")
    try folder.save(folder.counting([2, 4]), "text")
    try folder.save(folder.counting([8, 2]), "train_aux")
    #expect(try folder.failure()?.findings.problems.count == 3)
  }

  @Test("val that is test opens when the manifest says so")
  func declaredLeak() throws {
    let folder = try TemporaryDataset()
    folder.setArray("val.features", ["file": "test_x.npy"])
    #expect(try folder.failure() != nil)
    folder.manifest["val_is_test"] = true
    #expect(try folder.open().manifest.valIsTest)
  }

  @Test("disjoint rows of one file are two splits and no leak")
  func disjointRows() throws {
    let folder = try TemporaryDataset()
    try folder.save(folder.counting([12, 4], from: 300), "both_x")
    folder.setArray("val.features", ["file": "both_x.npy", "rows": ["from": 0, "to": 6]])
    folder.setArray("test.features", ["file": "both_x.npy", "rows": ["from": 6, "to": 12]])
    #expect(try folder.open().arrays["test.features"]?.shape == [6, 4])
  }
}

@Suite("Reading the arrays of a dataset")
struct DatasetArrayTests {
  @Test("rows are gathered through both selections and brought to unit length")
  func selection() throws {
    let folder = try TemporaryDataset()
    try folder.save(Tensor([5, 1, 3] as [Int32], shape: [3]), "rows")
    folder.setArray(
      "unlabelled.features",
      ["file": "test_x.npy", "rows": ["file": "rows.npy"], "normalize": "l2"])
    let array = try #require(try folder.open().arrays["unlabelled.features"])
    #expect(array.shape == [3, 4])
    // Row r of test_x is 6 + 4 r ..< 10 + 4 r; the draw takes row 3 and row 5 of the file.
    let numbers = try floats(array.source(name: "x", selection: [2, 0]))
    for (row, first) in [18, 26].enumerated() {
      let values = (first..<first + 4).map { Double($0) }
      let length = values.map { $0 * $0 }.reduce(0, +).squareRoot()
      for column in 0..<4 {
        #expect(abs(Double(numbers[row * 4 + column]) - values[column] / length) < 1e-6)
      }
    }
  }

  @Test("the rows of a three-axis array are those of its last axis")
  func prompts() throws {
    let folder = try TemporaryDataset()
    folder.setArray("text.prompts", ["file": "prompts.npy", "normalize": "l2"])
    let array = try #require(try folder.open().arrays["text.prompts"])
    let source = try array.source(name: "text.prompts")
    #expect(source.shape == [3, 1, 4])
    let numbers = try floats(source)
    for row in 0..<3 {
      let length = numbers[row * 4..<row * 4 + 4].map { $0 * $0 }.reduce(0, +)
      #expect(abs(length - 1) < 1e-5)
    }
    #expect(try floats(array.source(name: "x", selection: [2])) == Array(numbers.suffix(4)))
  }

  @Test("arrays may lie in one safetensors file, under keys")
  func safetensors() throws {
    let folder = try TemporaryDataset()
    let labels = Tensor([2, 2, 1, 0, 1, 0] as [Int32], shape: [6])
    try SafetensorsFile.write(
      [("x", folder.counting([6, 4], from: 1)), ("y", labels)], to: "\(folder.folder)/t.safetensors"
    )
    folder.setArray("test.features", ["file": "t.safetensors", "key": "x"])
    folder.setArray("test.labels", ["file": "t.safetensors", "key": "y"])
    let dataset = try folder.open()
    #expect(dataset.labels("test") == [2, 2, 1, 0, 1, 0])
    let features = try #require(dataset.arrays["test.features"])
    #expect(try floats(features.source(name: "x")) == (1...24).map { Float($0) })
  }

  @Test("whole arrays share a key, draws never do, and normalisation is part of the key")
  func sharing() throws {
    let folder = try TemporaryDataset()
    folder.setArray("unlabelled.features", ["file": "test_x.npy"])
    let arrays = try folder.open().arrays
    let test = try #require(arrays["test.features"])
    #expect(try test.source(name: "a").sharingKey == test.source(name: "b").sharingKey)
    #expect(try test.source(name: "a").sharingKey != nil)
    #expect(try test.source(name: "a", selection: [0]).sharingKey == nil)
    #expect(arrays["unlabelled.features"]?.sharingKey != test.sharingKey)
  }
}
