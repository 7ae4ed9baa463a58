import Contracts
import Documents
import Metrics
import PluginHost
import Tensors
import Testing

@Suite("The host's transcript of a worker")
struct TranscriptTests {
  /// A job of so many calls with one output of open shape each.
  private func job(calls: Int = 2) -> TrialJob {
    TrialJob(
      plugin: "libassay-x.so", method: "x", contract: .classify,
      fit: [TensorSource(name: "train.labels", tensor: Tensor([Int32(0), 1, 2], shape: [3]))],
      queries: (0..<calls).map { index in
        QuerySet(
          name: "query \(index)",
          inputs: [
            TensorSource(name: "query.features", tensor: Tensor([Float(1), 2, 3], shape: [3, 1]))
          ], outputs: [OutputSpec(name: "logits", dtype: .f32, shape: nil)])
      })
  }

  private func stage(_ stage: Int, _ query: Int = 0) -> JSON {
    ["type": "stage", "stage": JSON(stage), "query": JSON(query)]
  }

  private let sandbox: JSON = [
    "type": "sandbox", "landlock": 4, "seccomp": true, "process": true, "noNewPrivileges": true,
    "missing": [],
  ]
  private let result: JSON = ["type": "result"]

  private func allocated(
    _ query: Int, shape: JSON = [3, 3], offset: Int64 = 0, name: String = "logits"
  ) -> JSON {
    [
      "type": "allocated", "query": JSON(query), "name": .string(name), "dtype": "f32",
      "shape": shape, "offset": .integer(offset),
    ]
  }

  private var good: [JSON] {
    [
      stage(0), sandbox, stage(1), stage(2), stage(3), allocated(0), stage(3, 1),
      allocated(1, offset: 4096), stage(4), result,
    ]
  }

  private func bytes(_ messages: [JSON]) -> [UInt8] {
    messages.flatMap { message in
      let text = Array(message.canonicalText.utf8)
      return withUnsafeBytes(of: UInt32(text.count)) { Array($0) } + text
    }
  }

  private func kind(_ messages: [JSON], calls: Int = 2, pieces: Int = .max) -> String? {
    ControlChannel.outcome(of: bytes(messages), inPiecesOf: pieces, for: job(calls: calls))
      .failure?.kind
  }

  @Test("the order of a worker is believed, in whatever pieces it arrives")
  func order() {
    // Nobody prepared and wrote the outputs, so that this is the first thing to be found.
    for pieces in [1, 3, 7, .max] { #expect(kind(good, pieces: pieces) == "output-bounds") }
    let withoutFit = good.enumerated().filter { $0.offset != 3 }.map(\.element)
    #expect(kind(withoutFit) == "output-bounds")
  }

  @Test("no message can be left out, said twice or said elsewhere")
  func everyEdit() {
    for place in good.indices where place != 3 {
      var less = good
      less.remove(at: place)
      // A missing allocation is a missing output, and an unsaid result an early end.
      let expected = good[place] == result ? "exit" : "protocol"
      let missing = [5: "missing-output", 7: "output-bounds"][place]
      #expect(kind(less) == missing ?? expected, "without \(place)")
    }
    for place in good.indices {
      for message in good where message != result {
        var more = good
        more.insert(message, at: place)
        #expect(kind(more) == "protocol", "\(message) again at \(place)")
      }
      guard place < good.count - 1 else { continue }
      var early = good
      early.insert(result, at: place)
      #expect(kind(early) == "protocol", "a result at \(place)")
    }
  }

  @Test(
    "numbers at the ends of Int are refused and trap nowhere",
    arguments: [Int64.max, .min, -1, 2, 1 << 40])
  func ends(number: Int64) {
    for place in 2..<good.count {
      for stageNumber: JSON in [0, 1, 2, 3, 4, .integer(number)] {
        var messages = good
        messages.insert(
          ["type": "stage", "stage": stageNumber, "query": .integer(number)], at: place)
        #expect(kind(messages) == "protocol")
      }
    }
    var messages = good
    messages[5] = allocated(0, offset: number)
    #expect(kind(messages) == "shape-output")
    messages[5] = allocated(0, shape: [.integer(number), .integer(number)])
    #expect(["protocol", "shape-output", "output-bounds"].contains(kind(messages)))
    messages[5] = allocated(0, shape: [0, .integer(number), .integer(number)])
    #expect(["protocol", "shape-output"].contains(kind(messages)))
    messages.insert(
      [
        "type": "fault", "signal": .integer(number), "kind": .integer(number),
        "index": .integer(number), "memory": 1,
      ], at: 5)
    messages.insert(["type": "dropped", "count": .integer(number)], at: 5)
    messages.insert(["type": "dropped", "count": .integer(.max)], at: 5)
    #expect(kind(messages) != nil)
  }

  @Test("an output is allocated in its own call, once, under its own name")
  func allocations() {
    for message in [
      allocated(1), allocated(-1), allocated(0, name: "probabilities"),
      allocated(0, shape: [1, 1, 1, 1, 1, 1, 1, 1, 1]),
    ] {
      var messages = good
      messages[5] = message
      #expect(kind(messages) == "protocol", "\(message)")
    }
  }

  @Test("texts are cut and counted, whatever their number")
  func texts() {
    var messages = Array(good[..<4])
    let note: JSON = ["type": "note", "text": .string(String(repeating: "y", count: 5000))]
    messages += Array(repeating: note, count: 300) + good[4...]
    let outcome = ControlChannel.outcome(of: bytes(messages), for: job())
    #expect(outcome.notes.reduce(0) { $0 + $1.utf8.count } <= 64 << 10)
    #expect(outcome.warnings.map(\.code) == ["log-flood"])
    let flood = Array(good[..<4]) + Array(repeating: ["type": "note", "text": ""], count: 30_000)
    #expect(kind(flood) == "protocol")
  }
}
