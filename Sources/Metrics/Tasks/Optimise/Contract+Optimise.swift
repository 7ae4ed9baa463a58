package import Contracts
internal import Tensors

extension Contract {
  /// `optimise` 1.0: find parameters at which a known function is small.
  ///
  /// The function is one of `Problems`, by which tensors are there. The host keeps what it is judged
  /// on, and computes the loss there itself from the parameters that come back.
  package static let optimise = Contract(
    task: "optimise", version: ContractVersion(1, 0),
    summary: "Find parameters at which a differentiable function is small, in so many steps.",
    fit: [],
    predict: [
      TensorSpec(
        "seed", [.i32], [], "The seed of the first parameters, which are the same for all methods."),
      TensorSpec(
        "batches", [.i32], ["S", "B"],
        "The samples of each of S steps: rows of train.rows, or places of text. Functions have none."
      ),
      TensorSpec(
        "records", [.i32], ["E"],
        "The steps after which the parameters are wanted; 0 is the start."),
      TensorSpec(
        "curvature", [.f32], ["P", "P"], domain: .finite, optional: true,
        "The function ½ θᵀ A θ of this matrix A, from θ = 1."),
      TensorSpec(
        "valley", [.i32], [], optional: true,
        "There: the function 8 (x - 1)² (1.3 x² + 2 x + 1) + ½ (y - 4)², from (0.2, 0)."),
      TensorSpec(
        "train.rows", [.f32], ["N", "D"], domain: .finite, optional: true,
        "Rows to classify by softmax regression, or by a network with hidden units."),
      TensorSpec(
        "train.labels", [.i32], ["N"], domain: .index(below: "K"), optional: true,
        "Class of each row."),
      TensorSpec(
        "class.count", [.i32], [], domain: .extent(of: "K"), optional: true,
        "The number of classes, K."),
      TensorSpec(
        "hidden", [.i32], [], domain: .extent(of: "H"), optional: true,
        "The hidden units of the network; absent: none."),
      TensorSpec(
        "text", [.u8], ["T"], optional: true,
        "The bytes of a text, whose next byte a causal transformer says."),
      TensorSpec(
        "layers", [.i32], [], domain: .extent(of: "Y"), optional: true, "Its blocks."),
      TensorSpec(
        "width", [.i32], [], domain: .extent(of: "W"), optional: true, "The numbers of a token."),
      TensorSpec(
        "heads", [.i32], [], domain: .extent(of: "A"), optional: true,
        "Its heads, which divide the width."),
      TensorSpec(
        "context", [.i32], [], domain: .extent(of: "C"), optional: true,
        "The bytes of a window; sample i is the window from byte i on."),
    ],
    outputs: [
      TensorSpec(
        "parameters", [.f32], ["E", "Q"], domain: .finite,
        "All parameters after each of the recorded steps, in the order of docs/problems.md."),
      TensorSpec(
        "gradients", [.f64], [], domain: .notNegative,
        "The gradients that all steps took, those of curvatures among them."),
      TensorSpec(
        "train_loss", [.f64], ["S"], domain: .finite, optional: true,
        "The loss of each batch before its step."),
      TensorSpec(
        "win_rate", [.f64], ["R"], domain: .unitInterval, optional: true,
        "The share of parameters that a clip does not hold, at each refresh of the curvature."),
      TensorSpec(
        "hessian_diag", [.f32], ["G"], domain: .finite, optional: true,
        "The curvature along each parameter at the end."),
    ],
    coordinates: ["S", "B", "E", "P", "N", "D", "T"],
    truth: [
      TensorSpec(
        "valid.rows", [.f32], ["V", "D"], domain: .finite, optional: true,
        "The rows that classifiers are judged on."),
      TensorSpec(
        "valid.labels", [.i32], ["V"], domain: .index(below: "K"), optional: true,
        "Class of each of them."),
      TensorSpec(
        "valid.text", [.u8], ["U"], optional: true,
        "The text that transformers are judged on, in windows one behind the other."),
      TensorSpec(
        "target", [.f64], [], domain: .notNegative, optional: true,
        "The loss to be reached, as a share of that at the start."),
      TensorSpec(
        "minimum", [.f32], ["P"], domain: .finite, optional: true,
        "Where the function is least."),
      TensorSpec(
        "radius", [.f64], [], domain: .notNegative, optional: true,
        "How near each parameter has to come to it."),
    ])
}
