package import Contracts
internal import Tensors

extension Contract {
  /// `classify-images` 1.0: assign pictures to one of `K` classes, from pixels or from patch tokens.
  package static let classifyImages = Contract(
    task: "classify-images", version: ContractVersion(1, 0),
    summary: "Assign each picture to one of K classes, from its pixels or its patch tokens.",
    fit: [
      TensorSpec(
        "train.images", [.f32], ["N", "C", "H", "W"], domain: .finite, optional: true,
        "Training pictures: planes, rows, columns."),
      TensorSpec(
        "train.tokens", [.f32], ["N", "P", "D"], domain: .finite, optional: true,
        "Features of the P patches of each training picture, row by row of a grid."),
      TensorSpec(
        "grid.rows", [.i32], [], domain: .extent(of: "R"), optional: true,
        "The rows of that grid, which divide P."),
      TensorSpec(
        "train.labels", [.i32], ["N"], domain: .index(below: "K"), "Class of each of them."),
      TensorSpec(
        "class.count", [.i32], [], domain: .extent(of: "K"), "The number of classes, K."),
    ],
    predict: [
      TensorSpec(
        "query.images", [.f32], ["Q", "C", "H", "W"], domain: .finite, optional: true,
        "Pictures to classify; there where train.images are."),
      TensorSpec(
        "query.tokens", [.f32], ["Q", "P", "D"], domain: .finite, optional: true,
        "Their patch tokens; there where train.tokens are."),
    ],
    outputs: [
      TensorSpec(
        "logits", [.f32], ["Q", "K"], domain: .finite,
        "Scores, higher is better; the host takes softmax(logits) as the probabilities.")
    ],
    coordinates: ["C", "H", "W", "P", "D"],
    truth: [
      TensorSpec(
        "labels", [.i32], ["Q"], domain: .index(below: "K"), "The class of each picture.")
    ])
}
