import Documents
import MethodHarness
import Tensors
import Testing

@Suite("schur-entropy")
struct SchurEntropyTests {
  private typealias Golden = SchurEntropyReference
  private let text = Planted(classCount: 5, width: 6, spread: 0.2, seed: 41)
    .rows(60, seed: 42, unit: true)
  private let image = Planted(classCount: 4, width: 7, spread: 0.4, seed: 43)
    .rows(60, seed: 44, unit: true)
  private let linear: [String: JSON] = ["kernel": "linear"]

  private func near(_ found: Double?, _ wanted: Double, _ tolerance: Double = 1e-6) -> Bool {
    found.map { abs($0 - wanted) < tolerance * max(1, abs(wanted)) } ?? false
  }

  @Test("the linear kernel agrees with NumPy: scores, traces and spectrum")
  func linearKernel() throws {
    let found = try diversity(text, image, linear)
    let names = ["sce", "text_diversity", "trace_image", "trace_text"]
    for (name, wanted) in zip(names, Golden.linear) {
      #expect(near(found[name], wanted), "\(name)")
    }
    for (value, wanted) in zip(found.eigenvalues, Golden.eigenvalues) {
      #expect(near(value, wanted))
    }
  }

  @Test("the exact Gaussian kernel agrees with NumPy, and its Vendi scores with vendi-score")
  func gaussianKernel() throws {
    let found = try diversity(
      text, image, ["route": "gram", "sigma": 0.5, "rho": 0.001])
    #expect(near(found["sce"], Golden.gaussian[0]))
    #expect(near(found["text_diversity"], Golden.gaussian[1]))
    for (value, wanted) in zip(found.vendi, Golden.vendi) { #expect(near(value, wanted)) }
    #expect(near(found["vendi_image"], Golden.vendi[0]))
    #expect(near(found["rke_image"], Golden.vendi[5]))
  }

  @Test("both routes are one method: with the same ridge they agree, modes included")
  func routes() throws {
    let covariance = try diversity(text, image, ["kernel": "linear", "eps": 0.01])
    let gram = try diversity(text, image, ["kernel": "linear", "route": "gram", "rho": 0.01])
    for name in ["trace_image", "trace_text", "vendi_norm_image", "vendi_image", "rke_image"] {
      #expect(near(covariance[name], try #require(gram[name])), "\(name)")
    }
    // 60 eigenvalues of at least 1e-10 instead of 7 move the score a little.
    #expect(near(covariance["sce"], try #require(gram["sce"]), 1e-5))
    #expect(covariance.modes.prefix(3) == gram.modes.prefix(3))
  }

  @Test("random Fourier features come near to the exact kernel")
  func fourier() throws {
    let wide = image.map { Array($0[..<6]) }
    let exact = try diversity(text, wide, ["route": "gram", "sigma": 0.7, "rho": 0.01])
    let found = try diversity(text, wide, ["sigma": 0.7, "rff_dim": 256, "eps": 0.01])
    for name in ["sce", "vendi_image", "rke_image", "trace_image"] {
      #expect(near(found[name], try #require(exact[name]), 0.15), "\(name)")
    }
    #expect(found.warnings.isEmpty)
  }

  @Test("the shares of image and text add up to 1", arguments: ["linear", "gaussian"])
  func traces(kernel: String) throws {
    let wide = image.map { Array($0[..<6]) }
    let found = try diversity(text, wide, ["kernel": .string(kernel), "rff_dim": 12])
    #expect(near((found["trace_image"] ?? 0) + (found["trace_text"] ?? 0), 1))
  }

  @Test("images that are a linear function of the text have no diversity of their own")
  func explained() throws {
    let images = text.map { [$0[1], $0[0] * 1.0, $0[2], -$0[3], $0[5], $0[4]] }
    let found = try diversity(text, images, linear)
    #expect(near(found["sce"], 1, 1e-3))
    #expect(near(found["text_diversity"], try #require(found["vendi_image"]), 1e-3))
    #expect(found["vendi_norm_image"] == 1)
  }

  @Test("a constant text explains the mean image alone: without one, SCE is the Vendi score")
  func constantText() throws {
    let constant = [[Float]](repeating: [0.6, 0, -0.8], count: 120)
    // Every image and its opposite.
    let found = try diversity(constant, image + image.map { $0.map { -$0 } }, linear)
    #expect(near(found["sce"], try #require(found["vendi_image"])))
    #expect(near(found["trace_text"], 0))
    #expect(found.metrics["vendi_image"] == found["vendi_image"])
    // With a mean, the explained part is the mean times itself.
    let shifted = try diversity(Array(constant[..<60]), image, linear)
    let units = image.map { row in
      let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { Double($0 / norm) }
    }
    let mean = (0..<7).map { column in units.reduce(0) { $0 + $1[column] } / 60 }
    #expect(near(shifted["trace_text"], mean.reduce(0) { $0 + $1 * $1 }, 1e-5))
  }

  @Test("text and image of unlike widths share random features: zeros fill up the narrower side")
  func widths() throws {
    let config: [String: JSON] = ["rff_dim": 12, "sigma": 0.7]
    for (narrow, wide) in [(text, image), (image.map { Array($0[..<4]) }, text)] {
      let filled = narrow.map { $0 + [Float](repeating: 0, count: wide[0].count - $0.count) }
      for (one, other) in [
        (try diversity(narrow, wide, config), try diversity(filled, wide, config)),
        (try diversity(wide, narrow, config), try diversity(wide, filled, config)),
      ] {
        for (name, number) in one.scalars {
          #expect(near(number, try #require(other[name]), 1e-9), "\(name)")
        }
        #expect(one.modes == other.modes)
      }
    }
  }

  @Test("correction agrees with NumPy for both kernels")
  func correction() throws {
    let new = (Array(text[..<2]), Array(image[7..<9]))
    let found = try diversity(text, image, linear, new: new)
    for (place, wanted) in Golden.correction.enumerated() {
      #expect(near(found.correction[place / 3 * 7 + place % 3], wanted))
    }
    for (value, wanted) in zip(found.corrected, Golden.corrected) {
      #expect(near(Double(value), wanted))
    }
    let cosines = try diversity(
      text, image, ["kernel": "linear", "correction_kernel": "cosine-columns"], new: new)
    for (place, wanted) in Golden.cosineCorrection.enumerated() {
      #expect(near(cosines.correction[place / 3 * 7 + place % 3], wanted))
    }
  }

  @Test("one pair, equal pairs and rows of zeros are no trouble")
  func degenerate() throws {
    for kernel: JSON in ["linear", "gaussian"] {
      for route: JSON in ["covariance", "gram"] {
        let config: [String: JSON] = ["kernel": kernel, "route": route, "rff_dim": 4]
        let one = try diversity([[1, 0]], [[0, 2]], config)
        #expect(near(one["vendi_image"], 1) && near(one["sce"], 1, 1e-2))
        #expect(one.modes.allSatisfy { $0 == [0] })
        let same = [[Float]](repeating: [0.6, 0.8], count: 9)
        #expect(near(try diversity(same, same, config)["vendi_image"], 1))
        let zeros = [[Float]](repeating: [0, 0], count: 9)
        let empty = try diversity(zeros, zeros, config)
        #expect(empty["sce"].map { $0 >= 1 && $0 < 1.001 } ?? false)
      }
    }
  }

  @Test("near-duplicate prompts: the cut-off decides, and the rank tells")
  func cutOff() throws {
    let near = text.map { Array($0[..<5]) + [$0[0] + 1e-4 * $0[5]] }
    let loose = try diversity(near, image, ["kernel": "linear", "rcond": 1e-6])
    let strict = try diversity(near, image, ["kernel": "linear", "rcond": 1e-10])
    #expect(loose.metrics["text_rank"] == 5 && strict.metrics["text_rank"] == 6)
    #expect(try #require(loose["trace_text"]) < (try #require(strict["trace_text"])))
  }

  @Test(
    "prompts that differ by rounding are one prompt to the default cut-off, the authors' f32 one")
  func jitter() throws {
    // Four prompts, twenty times each: whole, and with noise of f32's size and of a ten-thousandth.
    let prompts = Planted(classCount: 4, width: 8, spread: 0, seed: 51).rows(
      80, seed: 52, unit: true)
    let images = Planted(classCount: 7, width: 8, spread: 0.5, seed: 53).rows(
      80, seed: 54, unit: true)
    var random = SplitMix64(55)
    let noise = prompts.map { $0.map { _ in Float(random.uniform() - 0.5) } }
    func shaken(_ size: Float) -> [[Float]] {
      zip(prompts, noise).map { zip($0, $1).map { $0 + size * $1 } }
    }
    let clean = try #require(try diversity(prompts, images, linear)["sce"])
    for size: Float in [1e-6, 1e-4] {
      let found = try diversity(shaken(size), images, linear)
      #expect(found.metrics["text_rank"] == 4 && near(found["sce"], clean, 1e-3))
      #expect(found.warnings.isEmpty)
      // The cut-off of version 1 takes the noise for regressors; the warning says that it may be.
      let sharp = try diversity(shaken(size), images, ["kernel": "linear", "rcond": 1e-14])
      #expect(sharp.metrics["text_rank"] == 8)
      // Where the noise is above the ridge of 1e-12, it explains images.
      #expect(size < 1e-5 || (sharp["sce"] ?? 9) < 0.95 * clean)
      #expect(sharp.warnings.contains { $0.contains("'rcond'") })
    }
  }

  @Test("corrections stay small where columns of the text hardly vary")
  func correctionNorm() throws {
    let prompts = Planted(classCount: 4, width: 8, spread: 1e-5, seed: 51)
      .rows(80, seed: 52, unit: true)
    for kernel: JSON in ["linear", "cosine-columns"] {
      let new = (Array(prompts[..<2]), Array(image[..<2]).map { $0 + [0] })
      let images = (0..<80).map { image[$0 % 60] + [0] }
      let found = try diversity(
        prompts, images, ["kernel": "linear", "correction_kernel": kernel], new: new)
      #expect(try #require(found.metrics["correction_norm"]) < 20)
    }
  }

  @Test("corrects rows as they are when asked, as the authors' code does")
  func rawCorrection() throws {
    // image = 2 text, rows of unlike lengths: raw rows are explained to the last digit.
    let lengths = (0..<60).map { Float(1 + $0 % 3) }
    let texts = zip(text, lengths).map { row, length in row.map { $0 * length } }
    let images = texts.map { $0.map { 2 * $0 } }
    let new = (Array(texts[..<3]), Array(images[..<3]))
    let raw = try diversity(texts, images, ["correction_unit_rows": false], new: new)
    for column in 0..<6 { #expect(near(raw.correction[column * 7], 2, 1e-5)) }
    let left = raw.corrected.map { abs($0) }.max() ?? 1
    #expect(left < 1e-4)
    let unit = try diversity(texts, images, [:], new: new)
    for column in 0..<6 { #expect(near(unit.correction[column * 7], 1, 1e-5)) }
  }

  @Test("takes more than 1,024 random frequencies")
  func manyFrequencies() throws {
    let few = (Array(text[..<4]), Array(text[4..<8]))
    #expect(
      try Plugin(named: "schur-entropy").instance(["rff_dim": 2500]).created == 0)
    #expect(try diversity(few.0, few.1, ["rff_dim": 300, "sigma": 1])["sce"] ?? 0 >= 1)
  }

  @Test("images of zeros have every score 1, and a warning", arguments: ["covariance", "gram"])
  func zeroImages(route: String) throws {
    let zeros = [[Float]](repeating: [Float](repeating: 0, count: 6), count: 60)
    let found = try diversity(text, zeros, ["kernel": "linear", "route": .string(route)])
    for (name, number) in found.scalars where !name.hasPrefix("trace") {
      #expect(abs(number - 1) < 1e-3, "\(name)")
    }
    #expect(found.vendi == [1, 1, 1, 1, 1])
    #expect(found.warnings.contains { $0.contains("zeros") })
  }

  @Test("too few pairs for the mapped width are warned about")
  func warning() throws {
    let wide = image.map { Array($0[..<6]) }
    #expect(try diversity(text, wide, ["rff_dim": 31]).warnings.count == 1)
    #expect(try diversity(text, wide, ["rff_dim": 15]).warnings.isEmpty)
  }

  @Test("the same seed gives the same bits, another one other random features")
  func determinism() throws {
    let wide = image.map { Array($0[..<6]) }
    let config: [String: JSON] = ["rff_dim": 8]
    let first = try diversity(text, wide, config, seed: 1)
    let again = try diversity(text, wide, config, seed: 1)
    #expect(first.scalars == again.scalars && first.modes == again.modes)
    #expect(try diversity(text, wide, config, seed: 2)["sce"] != first["sce"])
  }

  @Test("refuses what does not fit, and says what to do")
  func refusals() throws {
    func refusal(_ text: [[Float]], _ image: [[Float]], _ config: [String: JSON]) throws -> String {
      let error = #expect(throws: HarnessError.self) { try diversity(text, image, config) }
      return try #require(error).description
    }
    #expect(try refusal(text, Array(image[..<59]), linear).contains("'image' is f32 [59, 7]"))
    let many = [[Float]](repeating: [1], count: 8193)
    #expect(try refusal(many, many, ["route": "gram"]).contains("limited to 8192 pairs"))
    #expect(try Plugin(named: "schur-entropy").instance(["rcond": 2]).created == 3)
  }
}

// MARK: Driving the plugin

struct DiversityAnswer {
  var scalars: [String: Double]
  var vendi, eigenvalues, correction: [Double]
  var modes: [[Int32]]
  var corrected: [Float]
  var warnings: [String]
  var metrics: [String: Double]

  subscript(name: String) -> Double? { scalars[name] }
}

/// Asks the plugin for the diversity of pairs, and for corrected features of new ones.
func diversity(
  _ text: [[Float]], _ image: [[Float]], _ config: [String: JSON],
  new: (text: [[Float]], image: [[Float]])? = nil, seed: UInt64 = 7
) throws -> DiversityAnswer {
  let instance = try Plugin(named: "schur-entropy").instance(config)
  instance.seed = seed
  guard instance.fit([:]) == 0 else { throw HarnessError("fit: \(instance.host.sentence)") }
  var inputs = ["text": Tensor(rows: text), "image": Tensor(rows: image)]
  inputs["new.text"] = new.map { Tensor(rows: $0.text) }
  inputs["new.image"] = new.map { Tensor(rows: $0.image) }
  let names = [
    "sce", "text_diversity", "trace_image", "trace_text", "vendi_norm_image", "vendi_norm_text",
    "vendi_image", "rke_image",
  ]
  func canary(_ shape: Shape) -> Tensor {
    Tensor(dtype: .f64, shape: shape) {
      $0.initializeMemory(as: Double.self, repeating: .nan)
    }
  }
  var outputs: [String: Tensor] = [:]
  for name in names { outputs[name] = canary([]) }
  outputs["vendi_orders"] = canary([5])
  outputs["correction"] = canary([text[0].count, image[0].count])
  if let new {
    let shape: Shape = [new.image.count, image[0].count]
    outputs["corrected"] = Tensor([Float](repeating: .nan, count: shape.count), shape: shape)
  }
  let status = instance.predict(inputs, outputs: outputs, dynamic: ["eig_image", "modes"])
  guard status == 0 else { throw HarnessError(instance.host.sentence) }
  let modes = try #require(instance.host.allocated["modes"])
  let width = modes.shape[1]
  return DiversityAnswer(
    scalars: try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try #require(outputs[$0]).doubles[0]) }),
    vendi: try #require(outputs["vendi_orders"]).doubles,
    eigenvalues: try #require(instance.host.allocated["eig_image"]).doubles,
    correction: try #require(outputs["correction"]).doubles,
    modes: modes.withElements(of: Int32.self) { numbers in
      (0..<modes.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
    },
    corrected: outputs["corrected"]?.withElements(of: Float.self) { Array($0) } ?? [],
    warnings: instance.host.warnings, metrics: instance.host.metrics)
}
