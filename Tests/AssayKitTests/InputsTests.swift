import AssayKit
import CAssay
import Documents
import LinearAlgebra
import MethodHarness
import Tensors
import Testing

/// Reads every kind of input and reports what it saw as metrics and notes.
struct Reader: Method {
  static let descriptor = MethodDescriptor(
    id: "reader", version: "1.0.0", summary: "Reads.", claims: [])

  static func fit(_ inputs: Inputs, config: NoConfig, context: Context) throws -> Model {
    for name in inputs.names { context.note(name) }
    if inputs.has("labels") {
      let labels = try inputs.labels("labels", below: 3)
      context.metric("labels", labels.reduce(0) { 10 * $0 + Double($1) })
    }
    if let stack = try inputs.matrices(ifOffered: "views", columns: 2) {
      context.metric("views", Double(stack[1][0, 1]))
      context.metric("mean", Double(stack.mean()[0, 1]))
    }
    if inputs.has("words.bytes") {
      context.note(try inputs.strings("words").joined(separator: ","))
    }
    if inputs.has("scalar") { context.metric("scalar", try inputs.scalar("scalar")) }
    if inputs.has("count") { context.metric("count", Double(try inputs.integer("count"))) }
    context.metric("group", Double(inputs.group("encoder.").count))
    if inputs.has("text.class") || inputs.has("text.prompts") {
      context.metric("text", Double(try inputs.classText()[0, 0]))
    }
    return Model()
  }

  struct Model: FittedMethod {
    func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) {}
  }
}

@Suite("Inputs by name")
struct InputsTests {
  private func read(_ inputs: [String: Tensor]) throws -> (status: Int32, host: TestHost) {
    let instance = try exportForTests().instance(method: 2)
    return (instance.fit(inputs), instance.host)
  }

  @Test("labels, views, scalars and groups are read as they are")
  func kinds() throws {
    let (status, host) = try read([
      "labels": Tensor([2, 0, 1] as [Int32], shape: [3]),
      "views": Tensor([1, 2, 3, 5] as [Float], shape: [2, 1, 2]),
      "scalar": Tensor([0.5] as [Float], shape: []), "count": Tensor(scalar: 4),
      "encoder.a": Tensor([1] as [Float], shape: [1]),
      "encoder.b": Tensor([1] as [Float], shape: [1]),
    ])
    #expect(status == ASSAY_OK)
    #expect(
      host.metrics == [
        "labels": 201, "views": 5, "mean": 3.5, "scalar": 0.5, "count": 4, "group": 2,
      ])
    #expect(host.notes == ["count", "encoder.a", "encoder.b", "labels", "scalar", "views"])
  }

  @Test("strings come in as bytes and offsets")
  func strings() throws {
    let text = Tensor(dtype: .u8, shape: [5]) { $0.copyBytes(from: "añbc".utf8) }
    let offsets = Tensor(dtype: .i64, shape: [4]) { bytes in
      [0, 3, 3, 5].withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
    let (status, host) = try read(["words.bytes": text, "words.offsets": offsets])
    #expect(status == ASSAY_OK && host.notes.last == "añ,,bc")
  }

  @Test("offsets that leave the bytes are refused")
  func badStrings() throws {
    let text = Tensor(dtype: .u8, shape: [2]) { $0.copyBytes(from: "ab".utf8) }
    let offsets = Tensor(dtype: .i64, shape: [2]) { bytes in
      [0, 3].withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
    let (status, host) = try read(["words.bytes": text, "words.offsets": offsets])
    #expect(status == ASSAY_E_CONTRACT)
    #expect(host.sentence == "tensor 'words.offsets' leaves the 2 bytes it points into")
  }

  @Test("a label out of range is refused with its row", arguments: [3, -1])
  func badLabel(label: Int) throws {
    let (status, host) = try read(["labels": Tensor([0, Int32(label)], shape: [2])])
    #expect(status == ASSAY_E_CONTRACT)
    #expect(
      host.sentence == "tensor 'labels' has class \(label) in row 1, but there are 3 classes")
  }

  @Test("an extent that does not fit is refused")
  func badExtent() throws {
    let (status, host) = try read(["views": Tensor([1, 2, 3] as [Float], shape: [1, 1, 3])])
    #expect(status == ASSAY_E_CONTRACT)
    #expect(
      host.sentence == "tensor 'views' is f32 [1, 1, 3], but its shape has to be [count, rows, 2]")
  }

  @Test("class text is the given feature, or the unit mean of unit prompts")
  func classText() throws {
    let single = try read([
      "text.class": Tensor([3, 4] as [Float], shape: [1, 2]), "count": Tensor(scalar: 1),
      "class.count": Tensor(scalar: 1),
    ])
    #expect(abs(try #require(single.host.metrics["text"]) - 0.6) < 1e-7)
    let prompts = try read([
      "text.prompts": Tensor([2, 0, 0, 5] as [Float], shape: [1, 2, 2]),
      "class.count": Tensor(scalar: 1),
    ])
    #expect(abs(try #require(prompts.host.metrics["text"]) - 0.5.squareRoot()) < 1e-7)
  }
}
