import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

/// A claim of a method with some of its optional inputs left out.
struct Offer: CustomTestStringConvertible, Sendable {
  let shipped: Shipped
  let claim: Int
  let task: String
  let names: Set<String>
  let testDescription: String

  /// Every claim of every method with all of its inputs, with each optional one left out, and with
  /// the required ones alone.
  static let all: [Offer] = Shipped.all.flatMap { shipped -> [Offer] in
    guard let method = try? Plugin(named: shipped.library).method(shipped.index) else { return [] }
    return (0..<method.claim_count).flatMap { index -> [Offer] in
      guard let claim = method.claims?[index] else { return [] }
      let task = String(cABI: claim.task)
      let inputs = (0..<claim.input_count).compactMap { claim.inputs?[$0] }
      let names = Set(inputs.map { String(cABI: $0.name) })
      let optional = inputs.filter { $0.flags & UInt32(ASSAY_INPUT_REQUIRED) == 0 }
        .map { String(cABI: $0.name) }
      func offer(_ names: Set<String>, _ words: String) -> Offer {
        Offer(
          shipped: shipped, claim: index, task: task, names: names,
          testDescription: "\(shipped.id), claim \(index + 1), \(words)")
      }
      return [
        offer(names, "all inputs"), offer(names.subtracting(optional), "required ones alone"),
      ]
        + optional.map { offer(names.subtracting([$0]), "without \($0)") }
    }
  }
}

@Suite("Every claim of every method")
struct EveryClaimTests {
  private static let classCount = 5
  private static let rowCount = 30

  private static func rows(
    _ count: Int, width: Int = 16, seed: UInt64, spread: Double = 1
  ) -> [[Float]] {
    Planted(classCount: classCount, width: width, spread: spread, seed: 1)
      .rows(count, seed: seed, unit: true)
  }

  private static func stack(_ views: [[[Float]]]) -> Tensor {
    let flat: [[Float]] = Array(views.joined())
    return Tensor(
      flat.flatMap { $0 }, shape: [views.count, views[0].count, views[0][0].count])
  }

  /// A tensor for every name that a claim may list, of shapes that fit each other.
  private static let tensors: [String: Tensor] = {
    let labels = (0..<40).map { Int32($0 % classCount) }
    let concepts = Planted(classCount: 80, width: 16, spread: 0.5, seed: 43)
    var tensors: [String: Tensor] = [:]
    tensors["class.count"] = Tensor(scalar: classCount)
    tensors["class.open"] = Tensor(scalar: 1)
    tensors["train.features"] = Tensor(rows: rows(40, seed: 2))
    tensors["train.labels"] = Tensor(labels: labels)
    tensors["train.views"] = stack([rows(40, seed: 11), rows(40, seed: 12)])
    tensors["train.aux"] = Tensor(rows: rows(40, width: 8, seed: 13))
    tensors["train.aux_views"] = stack([rows(40, width: 8, seed: 14), rows(40, width: 8, seed: 15)])
    tensors["train.captions"] = Tensor(rows: rows(40, seed: 16, spread: 1.2))
    tensors["val.features"] = Tensor(rows: rows(50, seed: 4))
    tensors["val.labels"] = Tensor(labels: (0..<50).map { Int32($0 % classCount) })
    tensors["val.aux"] = Tensor(rows: rows(50, width: 8, seed: 17))
    tensors["unlabelled.features"] = Tensor(rows: rows(60, seed: 18))
    tensors["text.class"] = Tensor(rows: rows(5, seed: 19))
    tensors["text.no"] = Tensor(rows: rows(5, seed: 20))
    tensors["text.prompts"] = stack((0..<5).map { rows(3, seed: 21 + UInt64($0)) })
    tensors["pairs.image"] = Tensor(rows: concepts.rows(80, seed: 44, unit: true))
    tensors["pairs.text"] = Tensor(rows: concepts.rows(80, seed: 45, unit: true))
    tensors["probe.weights"] = Tensor(rows: rows(5, seed: 30))
    tensors["probe.bias"] = Tensor([0, 0.1, 0, -0.1, 0] as [Float], shape: [5])
    tensors["query.features"] = Tensor(rows: rows(rowCount, seed: 5))
    tensors["query.aux"] = Tensor(rows: rows(rowCount, width: 8, seed: 31))
    tensors["query.logits"] = Tensor(rows: rows(rowCount, width: 5, seed: 32))
    tensors["query.text"] = Tensor(rows: rows(5, seed: 19))
    tensors["query.known"] = Tensor(labels: [0, 1, 2, 3, 4])
    tensors["query.image"] = Tensor(rows: rows(6, seed: 33))
    tensors["text"] = Tensor(rows: rows(40, seed: 34))
    tensors["image"] = Tensor(rows: rows(40, seed: 35))
    tensors["new.text"] = Tensor(rows: rows(4, seed: 36))
    tensors["new.image"] = Tensor(rows: rows(4, seed: 37))
    tensors["sample.x"] = Tensor(rows: rows(20, seed: 38))
    tensors["sample.y"] = Tensor(rows: rows(25, seed: 39))
    tensors["directions"] = Tensor(rows: rows(7, seed: 40))
    tensors["order"] = Tensor(dtype: .f64, shape: []) { $0.storeBytes(of: 2, as: Double.self) }
    tensors["interactions"] = Tensor(
      [0, 0, 0, 1, 1, 1, 2, 2, 3, 0, 3, 3] as [Int32], shape: [6, 2])
    tensors["propensity"] = Tensor([0.5, 0.5, 0.6, 0.7, 0.5, 0.9] as [Float], shape: [6])
    tensors["val.interactions"] = Tensor([1, 0, 2, 3] as [Int32], shape: [2, 2])
    tensors["val.propensity"] = Tensor([0.5, 0.9] as [Float], shape: [2])
    tensors["user.count"] = Tensor(scalar: 4)
    tensors["item.count"] = Tensor(scalar: 4)
    tensors["query.pairs"] = Tensor([0, 2, 1, 3, 3, 1] as [Int32], shape: [3, 2])
    tensors["match"] = Tensor([0, 0, 1, 1, 0, 2] as [Int32], shape: [3, 2])
    tensors["image.id"] = Tensor(offsets: [0, 1, 2])
    tensors.merge(Tensor.strings(["a cat", "a dog", "cat and cat"], "texts")) { $1 }
    tensors.merge(Tensor.strings(["cat", "dog"], "entries")) { $1 }
    return tensors
  }()

  /// The tensors of tasks whose names stand for other forms elsewhere, or want fewer numbers.
  private static let tensorsOfTask: [String: [String: Tensor]] = {
    func pictures(_ count: Int, _ extents: [Int], seed: UInt64) -> Tensor {
      let numbers = rows(count, width: extents.reduce(1, *), seed: seed).flatMap { $0 }
      return Tensor(numbers, shape: Shape([count] + extents))
    }
    var images: [String: Tensor] = ["grid.rows": Tensor(scalar: 2)]
    images["train.images"] = pictures(40, [1, 6, 6], seed: 50)
    images["query.images"] = pictures(rowCount, [1, 6, 6], seed: 51)
    images["train.tokens"] = pictures(40, [6, 4], seed: 52)
    images["query.tokens"] = pictures(rowCount, [6, 4], seed: 53)
    var problems: [String: Tensor] = [
      "seed": Tensor(scalar: 1), "valley": Tensor(scalar: 1), "hidden": Tensor(scalar: 5),
      "layers": Tensor(scalar: 1), "width": Tensor(scalar: 4), "heads": Tensor(scalar: 2),
      "context": Tensor(scalar: 3),
    ]
    problems["records"] = Tensor([0, 4] as [Int32], shape: [2])
    problems["batches"] = Tensor((0..<12).map { Int32($0) }, shape: [4, 3])
    problems["curvature"] = Tensor([2, 0, 0, 3] as [Float], shape: [2, 2])
    problems["train.rows"] = Tensor(rows: rows(40, seed: 2))
    problems["text"] = Tensor(dtype: .u8, shape: [24]) {
      $0.initializeMemory(as: UInt8.self, repeating: 7)
    }
    return ["classify-images": images, "optimise": problems]
  }()

  /// The outputs that a task cannot do without, and those of open shape.
  private static func outputs(of task: String) -> [String: Tensor] {
    func floats(_ shape: Shape) -> Tensor {
      Tensor([Float](repeating: .nan, count: shape.count), shape: shape)
    }
    func double() -> Tensor {
      Tensor(dtype: .f64, shape: []) { $0.storeBytes(of: .nan, as: Double.self) }
    }
    return switch task {
    case "classify", "classify-images": ["logits": floats([rowCount, classCount])]
    case "detect-ood": ["ood_score": floats([rowCount])]
    case "retrieve": ["similarity": floats([6, 5])]
    case "diversity": ["sce": double()]
    case "estimate-distance": ["value": double()]
    case "recommend": ["scores": floats([3])]
    case "optimise": ["gradients": double()]
    case "curate":
      [
        "kept": Tensor(dtype: .u8, shape: [3]) {
          $0.initializeMemory(as: UInt8.self, repeating: 9)
        },
        "keep_prob": Tensor(dtype: .f64, shape: [3]) {
          $0.initializeMemory(as: Double.self, repeating: .nan)
        },
      ]
    default: [:]
    }
  }

  @Test("answers, whichever optional inputs are left out", arguments: Offer.all)
  func optionalInputs(offer: Offer) throws {
    var inputs: [String: Tensor] = [:]
    let tensors = Self.tensors.merging(Self.tensorsOfTask[offer.task] ?? [:]) { $1 }
    for name in offer.names { inputs[name] = try #require(tensors[name], "\(name)") }
    // What is asked comes with predict; tasks that learn nothing get all of it then.
    let learns = ["classify", "classify-images", "detect-ood", "recommend"].contains(offer.task)
    let fit = learns ? inputs.filter { !$0.key.hasPrefix("query.") } : [:]
    let query = learns ? inputs.filter { $0.key.hasPrefix("query.") } : inputs
    let outputs = Self.outputs(of: offer.task)
    try #require(!outputs.isEmpty)
    let instance = try Plugin(named: offer.shipped.library).instance(method: offer.shipped.index)
    #expect(instance.fit(fit) == ASSAY_OK, "\(instance.host.sentence)")
    let dynamic = offer.task == "optimise" ? ["parameters"] : []
    let answered = instance.predict(query, outputs: outputs, dynamic: dynamic)
    #expect(answered == ASSAY_OK, "\(instance.host.sentence)")
    for (name, tensor) in outputs {
      let isFinite =
        switch tensor.dtype {
        case .f32: tensor.withElements(of: Float.self) { $0.allSatisfy(\.isFinite) }
        case .f64: tensor.withElements(of: Double.self) { $0.allSatisfy(\.isFinite) }
        default: tensor.withElements(of: UInt8.self) { $0.allSatisfy { $0 < 2 } }
        }
      #expect(isFinite, "\(name)")
    }
  }

  @Test(
    "says of a required input that is missing that it breaks the contract", arguments: Offer.all)
  func requiredInputs(offer: Offer) throws {
    guard offer.testDescription.hasSuffix("required ones alone"), offer.task == "classify" else {
      return
    }
    for name in offer.names.sorted() where !name.hasPrefix("query.") {
      var fit: [String: Tensor] = [:]
      for other in offer.names where other != name && !other.hasPrefix("query.") {
        fit[other] = Self.tensors[other]
      }
      let instance = try Plugin(named: offer.shipped.library).instance(method: offer.shipped.index)
      #expect(instance.fit(fit) == ASSAY_E_CONTRACT, "\(name)")
    }
  }
}
