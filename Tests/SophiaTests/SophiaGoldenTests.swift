import Autograd
import Layers
import LinearAlgebra
import Problems
import Tensors
import Testing

@testable import SophiaLearning

@Suite("Sophia beside the authors' code")
struct SophiaGoldenTests {
  @Test("twenty steps of SophiaG with given gradients come out to 1e-6")
  func steps() throws {
    let golden = try Golden("optimizer")
    var constants = SophiaUpdate.Constants()
    constants.gamma = 0.04
    let refreshes = try golden.integers("refresh_after_step")
    for (name, decay) in [("p0", 0.2), ("p1", 0.0)] {
      var numbers = try golden.floats("\(name)_init")
      var update = SophiaUpdate(count: numbers.count, weightDecay: decay, constants: constants)
      for step in 0..<20 {
        let gradient = try golden.floats("\(name)_grads", step, of: 20)
        numbers.withUnsafeMutableBufferPointer { numbers in
          gradient.withUnsafeBufferPointer { update.step(numbers, $0, rate: 0.01) }
        }
        if let refresh = refreshes.firstIndex(of: Int32(step + 1)) {
          let slopes = try golden.floats("\(name)_hess_grads", refresh, of: refreshes.count)
          // Their h has no factor of the 64 labels.
          update.refresh(slopes.map { 64 * $0 * $0 })
        }
        let wanted = try golden.floats("\(name)_params", step, of: 20)
        #expect(difference(numbers, wanted) < 1e-6)
        let mean = try golden.floats("\(name)_exp_avg", step, of: 20)
        #expect(difference(update.mean, mean) < 1e-6)
        let curvature = try golden.floats("\(name)_hessian", step, of: 20)
        for (found, wanted) in zip(update.curvature, curvature) {
          #expect(abs(found / 64 - wanted) <= 1e-5 * wanted)
        }
      }
    }
  }

  @Test("thirty steps of the authors' loop on softmax regression come out to 1e-5")
  func loop() throws {
    let golden = try Golden("loop_softmax")
    let rows = Matrix<Float>(try golden.floats("x"), rows: 33 * 16, columns: 6)
    let batches = try golden.integers("batch_of_iter")
    let labels = try golden.integers("labels")
    var constants = SophiaUpdate.Constants()
    constants.gamma = 0.05
    let (weight, bias) = (
      NetworkParameter("W", shape: [4, 6], numbers: try golden.floats("W_init")),
      NetworkParameter("b", shape: [4], numbers: try golden.floats("b_init"))
    )
    let chosen = constants
    let rule = UpdateRule { SophiaUpdate(count: $0, weightDecay: $1, constants: chosen) }
    let optimiser = Optimiser([weight, bias], rule: rule, weightDecay: 0.2)
    let tape = Tape()
    func logits(_ batch: Int32) -> Variable {
      tape.reset()
      let start = Int(batch) * 16
      return tape.constant(rows.view.rows(start..<start + 16))
        .linear(tape.use(weight), tape.use(bias))
    }
    var refresh = 0
    for step in 0..<30 {
      let loss = logits(batches[step]).crossEntropy(Array(labels[step * 16..<(step + 1) * 16]))
      #expect(abs(loss.number - (try golden.floats("loss")[step])) < 1e-5)
      loss.backward()
      let norm = clipGradients([weight, bias], toNorm: 1)
      #expect(abs(norm - Double(try golden.floats("grad_norm")[step])) < 1e-5)
      optimiser.step(rate: 0.005)
      #expect(difference(weight.numbers, try golden.floats("W", step, of: 30)) < 1e-5)
      #expect(difference(bias.numbers, try golden.floats("b", step, of: 30)) < 1e-5)
      guard step % 10 == 9 else { continue }
      let drawn = try golden.integers("sampled_labels")
      let estimate = CurvatureEstimate.gaussNewton(
        of: logits(try golden.integers("batch_of_refresh")[refresh]),
        labels: Array(drawn[refresh * 16..<(refresh + 1) * 16]), [weight, bias], normLimit: 1)
      var unclipped = 0
      optimiser.withUpdates(of: SophiaUpdate.self) { parameter, update in
        update.refresh(estimate[parameter === weight ? 0 : 1])
        unclipped += update.unclipped
      }
      let share = try golden.floats("win_rate")[refresh]
      #expect(abs(Float(unclipped) / 28 - share) < 1e-6)
      for (name, parameter) in [("W", weight), ("b", bias)] {
        let wanted = try golden.floats("hessian_\(name)", refresh, of: 3)
        optimiser.withUpdates(of: SophiaUpdate.self) { other, update in
          guard other === parameter else { return }
          #expect(difference(update.curvature.map { $0 / 16 }, wanted) < 1e-7)
        }
      }
      refresh += 1
    }
  }

  @Test("twenty-five steps of Levanter's Sophia-H come out, its product by central differences")
  func hutchinson() throws {
    let golden = try Golden("sophia_h")
    let problem = Classifier(
      rows: Matrix(try golden.floats("x"), rows: 20, columns: 5), labels: try golden.integers("y"),
      form: .init(width: 5, hidden: 0, classCount: 3), seed: 0)
    problem.setFlatParameters(try golden.floats("W_init") + golden.floats("b_init"))
    var constants = SophiaUpdate.Constants()
    constants.gamma = 0.01
    constants.correctsMean = true
    let chosen = constants
    let optimiser = Optimiser(
      [ParameterGroup(problem.parameters, weightDecay: 0.2)],
      rule: UpdateRule { SophiaUpdate(count: $0, weightDecay: $1, constants: chosen) })
    let (tape, all) = (Tape(), (0..<20).map(Int32.init))
    let refreshes = try golden.integers("refresh_step")
    for step in 0..<25 {
      var estimate: [[Float]]?
      if let refresh = refreshes.firstIndex(of: Int32(step + 1)) {
        let count = refreshes.count
        estimate = CurvatureEstimate.hutchinson(
          of: problem, samples: all[...], on: tape,
          direction: [
            try golden.floats("uW", refresh, of: count),
            try golden.floats("ub", refresh, of: count),
          ])
      }
      tape.reset()
      let loss = problem.loss(of: all[...], on: tape)
      #expect(abs(loss.number - (try golden.floats("loss")[step])) < 1e-5)
      loss.backward()
      optimiser.step(rate: 0.01)
      // Theirs is used from the next step on.
      if let estimate {
        optimiser.withUpdates(of: SophiaUpdate.self) { parameter, update in
          update.refresh(estimate[parameter === problem.parameters[0] ? 0 : 1])
        }
      }
      for (place, name) in ["W", "b"].enumerated() {
        let wanted = try golden.floats(name, step, of: 25)
        #expect(difference(problem.parameters[place].numbers, wanted) < 1e-4)
        let curvature = try golden.floats("h\(name)", step, of: 25)
        let size = curvature.reduce(0) { max($0, abs($1)) }
        optimiser.withUpdates(of: SophiaUpdate.self) { parameter, update in
          guard parameter === problem.parameters[place] else { return }
          #expect(difference(update.curvature, curvature) <= 1e-3 * size)
        }
      }
    }
  }
}
