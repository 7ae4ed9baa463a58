import AssayKit
import CAssay
import Documents
import LinearAlgebra
import MethodHarness
import Tensors
import Testing

/// The library of the test process, which can have only one.
func exportForTests() throws -> Plugin {
  let library = try #require(export([Actor.self, Other.self, Reader.self], 1, 0))
  return Plugin(library: library.assumingMemoryBound(to: assay_library.self))
}

/// A method that does what its `action` says.
struct Actor: Method {
  enum Action: String, CaseIterable, Sendable {
    case echo, numeric, foreign, cancel, talk, dynamic, unwanted, wrongShape
  }
  struct Config: MethodConfig {
    var action = Action.echo
    static let parameters: [Parameter<Config>] = [.choice("action", \.action, "What to do.")]
  }
  struct Foreign: Error {}

  static let descriptor = MethodDescriptor(
    id: "actor", version: "1.2.3", summary: "Does as told.", license: "MIT", references: "none",
    traits: [.deterministic, .rowIndependent, .crossValidates, .usesThreads],
    claims: [
      Claim(task: "act", major: 2, minor: 1, inputs: ["train.x", .optional("train.y")]),
      Claim(task: "rest", inputs: []),
    ])

  static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    switch config.action {
    case .numeric: throw MethodError.numeric("the matrix is singular")
    case .foreign: throw Foreign()
    case .cancel: try context.checkCancellation()
    case .talk:
      context.note("a note")
      context.warn("a warning")
      context.log("chatter")
      context.progress(0.5, "half")
      context.metric("seed", Double(context.seed))
      context.metric("stream", Double(context.stream))
      context.metric("threads", Double(context.threads))
      context.note(context.task + "|" + (context.scratchFolder ?? "no folder"))
    default: break
    }
    return Model(action: config.action, rows: Matrix(copying: try inputs.matrix("train.x")))
  }

  struct Model: FittedMethod {
    let action: Action
    let rows: Matrix<Float>

    func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      switch action {
      case .dynamic: try outputs.write(["ab", "", "ç"], to: "words")
      case .unwanted: _ = try outputs.matrix("nothing", rows: 1, columns: 1)
      case .wrongShape: _ = try outputs.matrix("y", rows: 9, columns: 9)
      default: try outputs.matrix("y", rows: rows.rows, columns: rows.columns).copy(rows.view)
      }
    }
  }
}

struct Other: Method {
  static let descriptor = MethodDescriptor(
    id: "other", version: "0.1.0", summary: "Is the second.", claims: [])
  static func fit(_ inputs: Inputs, config: NoConfig, context: Context) -> Model { Model() }
  struct Model: FittedMethod {
    func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) {}
  }
}

@Suite("The C border of AssayKit")
struct BorderTests {
  let plugin: Plugin
  let rows = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])

  init() throws {
    plugin = try exportForTests()
  }

  @Test("the entry returns one pointer for ever, and nil to another major")
  func entry() {
    #expect(export([Actor.self, Other.self], 1, 7) == UnsafeRawPointer(plugin.library))
    #expect(export(Actor.self, 2, 0) == nil)
    #expect(export([any Method.Type](repeating: Actor.self, count: 17), 1, 0) == nil)
  }

  @Test("the tables say what the descriptor says")
  func tables() throws {
    #expect(plugin.library.pointee.method_count == 3)
    #expect(plugin.library.pointee.abi_major == 1)
    #expect(plugin.library.pointee.method_at(3) == nil)
    let method = try plugin.method()
    #expect(method.struct_size == 160 && method.flags == 31)
    #expect(String(cABI: method.id) == "actor" && String(cABI: method.version) == "1.2.3")
    #expect(String(cABI: method.license) == "MIT" && String(cABI: method.references) == "none")
    #expect(String(cABI: try plugin.method(1).id) == "other")
    #expect(try plugin.schema() == Actor.Config.schema)
    let claim = try #require(method.claims)
    #expect(method.claim_count == 2 && String(cABI: claim[0].task) == "act")
    #expect(claim[0].major == 2 && claim[0].minor == 1 && claim[0].input_count == 2)
    #expect(claim[0].inputs?[0].flags == 1 && claim[0].inputs?[1].flags == 0)
    #expect(claim[0].inputs.map { String(cABI: $0[1].name) } == "train.y")
  }

  @Test("what fit keeps, predict can write; a second fit replaces the first")
  func echo() throws {
    let instance = try plugin.instance()
    #expect(instance.fit(["train.x": rows]) == ASSAY_OK)
    let output = Tensor([Float](repeating: .nan, count: 6), shape: [2, 3])
    #expect(instance.predict([:], outputs: ["y": output]) == ASSAY_OK)
    #expect(output.withElements(of: Float.self) { Array($0) } == [1, 2, 3, 4, 5, 6])
    #expect(instance.fit(["train.x": Tensor([7] as [Float], shape: [1, 1])]) == ASSAY_OK)
    let single = Tensor([Float.nan], shape: [1, 1])
    #expect(instance.predict([:], outputs: ["y": single]) == ASSAY_OK)
    #expect(single.withElements(of: Float.self) { Array($0) } == [7])
  }

  @Test("predict before fit, and after a fit that failed, is ASSAY_E_STATE")
  func state() throws {
    let instance = try plugin.instance()
    #expect(instance.predict([:], outputs: [:]) == ASSAY_E_STATE)
    #expect(instance.host.sentence == "predict needs a fitted method; call fit first")
    #expect(instance.fit(["train.x": rows]) == ASSAY_OK)
    #expect(instance.fit([:]) == ASSAY_E_CONTRACT)
    #expect(instance.predict([:], outputs: [:]) == ASSAY_E_STATE)
  }

  @Test(
    "an error becomes its status and its sentence",
    arguments: [
      ("numeric", ASSAY_E_NUMERIC, "the matrix is singular"),
      ("foreign", ASSAY_E_INTERNAL, "the method threw an error of its own: Foreign()"),
      ("cancel", ASSAY_E_CANCELLED, "the host asked to give up"),
    ])
  func errors(action: String, status: Int32, sentence: String) throws {
    let instance = try plugin.instance(["action": .string(action)])
    instance.host.isCancelled = true
    #expect(instance.fit(["train.x": rows]) == status)
    #expect(instance.host.sentence == sentence)
  }

  @Test("a missing tensor, another dtype and another rank are ASSAY_E_CONTRACT with a sentence")
  func contract() throws {
    let instance = try plugin.instance()
    #expect(instance.fit(["train.z": rows]) == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence == "tensor 'train.x' is missing; offered: train.z")
    #expect(
      instance.fit(["train.x": Tensor([1, 2] as [Int32], shape: [1, 2])]) == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence == "tensor 'train.x' is i32 [1, 2], but has to be f32")
    #expect(instance.fit(["train.x": Tensor([1, 2] as [Float], shape: [2])]) == ASSAY_E_CONTRACT)
    #expect(
      instance.host.sentence
        == "tensor 'train.x' is f32 [2], but its shape has to be [rows, columns]")
  }

  @Test("the method's words and numbers reach the host")
  func talk() throws {
    let instance = try plugin.instance(["action": "talk"])
    #expect(instance.fit(["train.x": rows]) == ASSAY_OK)
    #expect(instance.host.notes == ["a note", "classify|no folder"])
    #expect(instance.host.warnings == ["a warning"])
    #expect(instance.host.metrics == ["seed": 7, "stream": 3, "threads": 1])
  }

  @Test("strings go out as bytes and offsets of open shape")
  func strings() throws {
    let instance = try plugin.instance(["action": "dynamic"])
    #expect(instance.fit(["train.x": rows]) == ASSAY_OK)
    let status = instance.predict([:], outputs: [:], dynamic: ["words.bytes", "words.offsets"])
    #expect(status == ASSAY_OK)
    let offsets = try #require(instance.host.allocated["words.offsets"])
    let bytes = try #require(instance.host.allocated["words.bytes"])
    #expect(offsets.withElements(of: Int64.self) { Array($0) } == [0, 2, 2, 4])
    #expect(bytes.withElements(of: UInt8.self) { Array($0) } == Array("abç".utf8))
  }

  @Test("an output that is not wanted, or of another shape, is ASSAY_E_CONTRACT")
  func outputs() throws {
    let output = ["y": Tensor([Float](repeating: 0, count: 6), shape: [2, 3])]
    let unwanted = try plugin.instance(["action": "unwanted"])
    #expect(unwanted.fit(["train.x": rows]) == ASSAY_OK)
    #expect(unwanted.predict([:], outputs: output) == ASSAY_E_CONTRACT)
    #expect(unwanted.host.sentence == "output 'nothing' is not wanted; wanted: y")
    let wrong = try plugin.instance(["action": "wrongShape"])
    #expect(wrong.fit(["train.x": rows]) == ASSAY_OK)
    #expect(wrong.predict([:], outputs: output) == ASSAY_E_CONTRACT)
    #expect(wrong.host.sentence == "tensor 'y' is f32 [2, 3], but the method has f32 [9, 9]")
  }

  @Test("a config that is not acceptable fails create with ASSAY_E_CONFIG")
  func config() throws {
    let instance = try plugin.instance(["action": "sleep"])
    #expect(instance.created == ASSAY_E_CONFIG)
    #expect(instance.host.sentence.hasPrefix("config key 'action' is \"sleep\", but has to be one"))
  }
}
