import Autograd
import Encoders
import Glibc
import Layers
import LinearAlgebra
import Random
import Tensors

/// What `tools/bench/encoders.py` compares with open_clip: one word says what, then paths.
///
///     EncodersBench ids VOCABULARY open_clip|openai TEXTS LENGTH OUT
///     EncodersBench features CHECKPOINT gelu|quickGELU IN OUT
///     EncodersBench gradients CHECKPOINT gelu|quickGELU IN OUT
///     EncodersBench forward CHECKPOINT BATCH REPEATS
BLASKernels.restartWithBetter()
let arguments = CommandLine.arguments.dropFirst().map { $0 }

/// The time that the processor spent on this process, in seconds, as Python's `process_time`.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

func model(_ path: String, _ activation: String, heads: Int? = nil) throws -> DualEncoder {
  try DualEncoder(
    reading: path,
    hints: CheckpointHints(
      activation: Activation(rawValue: activation), imageHeads: heads, textHeads: heads))
}

func tensor(_ variable: Variable) -> Tensor { Tensor(variable.numbers, shape: variable.shape) }

/// The images and ids of a file, on a tape.
func inputs(_ path: String, _ tape: Tape) throws -> (images: Variable, ids: [Int32], count: Int) {
  let file = try SafetensorsFile(path: path)
  let (images, ids) = (try file.tensor(named: "images"), try file.tensor(named: "ids"))
  let pixels = images.withElements(of: Float.self) { tape.constant(Array($0), shape: images.shape) }
  return (pixels, try ids.int32Values(), ids.shape[0])
}

/// The texts of a file: the code points of all, and how many each has.
func texts(_ path: String) throws -> [String] {
  let file = try SafetensorsFile(path: path)
  var scalars = try file.tensor(named: "scalars").int32Values()[...]
  return try file.tensor(named: "lengths").int32Values().map { length in
    defer { scalars = scalars.dropFirst(Int(length)) }
    var text = String.UnicodeScalarView()
    text.append(
      contentsOf: scalars.prefix(Int(length)).compactMap { Unicode.Scalar(UInt32($0)) })
    return String(text)
  }
}

func compare(_ arguments: [String]) throws {
  let tape = Tape()
  switch (arguments.first, arguments.count) {
  case ("ids", 6):
    let tokenizer = try BytePairTokenizer(
      path: arguments[1], special: arguments[2] == "openai" ? .openAI : .openCLIP)
    let texts = try texts(arguments[3])
    guard let length = Int(arguments[4]) else { return }
    let start = processorTime()
    let ids = tokenizer.ids(of: texts, length: length)
    print("{\"seconds\": \(processorTime() - start)}")
    let tensor = Tensor(ids, shape: [texts.count, length])
    try SafetensorsFile.write([(name: "ids", tensor: tensor)], to: arguments[5])
  case ("features", 5):
    let model = try model(arguments[1], arguments[2])
    let inputs = try inputs(arguments[3], tape)
    let results = tape.withoutGradients {
      [
        (name: "image", tensor: tensor(model.image.features(of: inputs.images))),
        (
          name: "text",
          tensor: tensor(model.text.features(of: inputs.ids, count: inputs.count, on: tape))
        ),
      ]
    }
    try SafetensorsFile.write(results, to: arguments[4])
  case ("gradients", 5):
    let model = try model(arguments[1], arguments[2], heads: 2)
    let inputs = try inputs(arguments[3], tape)
    model.loss(
      model.image.features(of: inputs.images),
      model.text.features(of: inputs.ids, count: inputs.count, on: tape)
    ).backward()
    let gradients = model.parameters.map {
      (name: $0.name, tensor: Tensor($0.gradient ?? [], shape: $0.shape))
    }
    try SafetensorsFile.write(gradients, to: arguments[4])
  case ("forward", 4):
    let model = try model(arguments[1], "gelu")
    guard let batch = Int(arguments[2]), let repeats = Int(arguments[3]) else { return }
    var random = Philox(key: Philox.key("bench"))
    let side = model.shape.side
    let pixels = (0..<batch * 3 * side * side).map { _ in Float(random.normal()) }
    func run() -> Double {
      tape.reset()
      let start = processorTime()
      tape.withoutGradients {
        let images = tape.constant(pixels, shape: [batch, 3, side, side])
        model.image.features(of: images).withNumbers { precondition($0[0].isFinite) }
      }
      return processorTime() - start
    }
    _ = run()
    let best = (0..<repeats).map { _ in run() }.min() ?? 0
    tape.timesProducts = true
    let all = run()
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print(
      """
      {"seconds": \(best), "share": \(tape.productSeconds / all), "bytes": \(tape.capacity), \
      "peak": \(usage.ru_maxrss * 1024)}
      """)
  default:
    print("usage: EncodersBench ids|features|gradients|forward ..., see its first lines")
    exit(2)
  }
}

do {
  try compare(arguments)
} catch {
  print(error)
  exit(1)
}
