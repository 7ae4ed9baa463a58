import Autograd
import Encoders
import Glibc
import Layers
import LinearAlgebra
import Random
import Tensors

/// Times steps of training a small dual encoder: `LearnBench STEPS`, printing JSON.
///
/// The least processor time of a step, the share of it within BLAS, and the last loss.
BLASKernels.restartWithBetter()
guard CommandLine.arguments.count == 2, let steps = Int(CommandLine.arguments[1]), steps > 0 else {
  print("usage: LearnBench STEPS")
  exit(2)
}

/// The time that the processor spent on this process, in seconds, as Python's `process_time`.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

let batch = 128
let model = DualEncoder(.small)
var random = Philox(key: Philox.key("bench"))
let images = (0..<batch * 3 * 32 * 32).map { _ in Float(random.normal()) }
let length = model.shape.length
// Each text ends at its last place, as the largest id tells.
let ids = (0..<batch * length).map { place in
  (place + 1).isMultiple(of: length) ? 1999 : Int32(random.below(1999))
}
let tape = Tape()
let optimiser = Optimiser(model.parameters, rule: .adamW(betas: (0.9, 0.98)), weightDecay: 0.1)

@MainActor func step() -> Float {
  tape.reset()
  let pictures = tape.constant(images, shape: [batch, 3, 32, 32])
  let loss = model.loss(
    model.image.features(of: pictures), model.text.features(of: ids, count: batch, on: tape))
  loss.backward()
  optimiser.step(rate: 1e-3)
  return loss.number
}

var (best, loss) = (Double.infinity, step())
for _ in 0..<steps {
  let start = processorTime()
  loss = step()
  best = min(best, processorTime() - start)
}
// Asking the clock around each product costs time itself, so once more for the share alone.
tape.timesProducts = true
let start = processorTime()
_ = step()
let share = tape.productSeconds / (processorTime() - start)
print(
  """
  {"seconds": \(best), "products": \(share), "loss": \(loss), "bytes": \(tape.capacity), \
  "parameters": \(model.parameterCount)}
  """)
