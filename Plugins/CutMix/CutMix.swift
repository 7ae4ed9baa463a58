public import AssayKit
internal import LinearAlgebra
internal import MixingLearning

/// Trains a small network on pictures, or on tokens of pictures, whose parts were exchanged.
///
/// Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable
/// Features", ICCV 2019: a rectangle of one picture is pasted into another, and the labels are mixed
/// by the area. On tokens it is the paper's Feature CutMix. Mixup, cutout and none are there beside it.
public struct CutMix: Method {
  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "cutmix", version: "1.0.0",
    summary: "Trains a small network on pictures whose parts, and labels, are exchanged.",
    references: "arXiv:1905.04899, arXiv:1710.09412, arXiv:1708.04552",
    traits: [.rowIndependent],
    claims: [
      Claim(
        task: "classify-images",
        inputs: ["train.images", "train.labels", "class.count", "query.images"]),
      Claim(
        task: "classify-images",
        inputs: ["train.tokens", "grid.rows", "train.labels", "class.count", "query.tokens"]),
    ])

  /// Trains, and keeps the state after the last epoch.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let pictures = try Pictures(training: inputs)
    let form = pictures.form
    if let obstacle = config.obstacle(to: form) { throw MethodError(.unsupported, obstacle) }
    let classCount = try inputs.integer("class.count")
    let labels = try inputs.labels("train.labels", below: classCount, count: pictures.count)
    guard !labels.isEmpty, form.count > 0 else {
      throw MethodError.contract("there are no pictures to train on")
    }
    let set = PictureSet(pictures.numbers, form: form, labels: labels)
    let training = PictureTraining(
      config.network(for: form, classCount: classCount, seed: context.seed), on: set,
      classCount: classCount, plan: config.plan(for: form), seed: context.seed)
    var loss = 0.0
    let epochs = config.plan(for: form).epochs
    for epoch in 0..<epochs {
      try context.checkCancellation()
      context.progress(Double(epoch) / Double(epochs), "epoch \(epoch + 1)")
      loss = training.epoch(epoch)
      guard loss.isFinite else {
        throw MethodError.numeric("the loss is not finite in epoch \(epoch + 1); lower lr")
      }
    }
    context.metric("train_loss", loss)
    context.metric("train_accuracy", training.trainingAccuracy())
    return Model(training: training, scale: set.scale, form: form, classCount: classCount)
  }

  /// A trained network.
  public struct Model: FittedMethod {
    let training: PictureTraining
    let scale: PictureScale
    let form: PictureForm
    let classCount: Int

    /// Writes the logits of pictures, which no other picture of the call has a part in.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let pictures = try Pictures(asked: inputs, like: form)
      let logits = try outputs.matrix("logits", rows: pictures.count, columns: classCount)
      for start in stride(from: 0, to: pictures.count, by: 64) {
        try context.checkCancellation()
        let count = min(64, pictures.count - start)
        var batch = Array(pictures.numbers[start * form.count..<(start + count) * form.count])
        scale.apply(to: &batch, form: form)
        let scores = training.logits(batch, count: count)
        guard scores.allSatisfy(\.isFinite) else {
          throw MethodError.numeric("the logits are not finite: the pictures are too bright")
        }
        for row in 0..<count {
          _ = logits.row(start + row)
            .update(fromContentsOf: scores[row * classCount..<(row + 1) * classCount])
        }
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(CutMix.self, major, minor)
}
