package import Contracts
internal import Tensors

extension Contract {
  /// `estimate-distance` 1.0: estimate the sliced Wasserstein distance between two samples.
  ///
  /// The host keeps the true distance to itself: a closed form, or an estimate from very many
  /// directions together with its own standard error.
  package static let estimateDistance = Contract(
    task: "estimate-distance", version: ContractVersion(1, 0),
    summary: "Estimate the sliced Wasserstein distance between two samples, and its error.",
    fit: [],
    predict: [
      TensorSpec("sample.x", [.f32], ["N", "D"], domain: .finite, "The first sample."),
      TensorSpec("sample.y", [.f32], ["M", "D"], domain: .finite, "The second sample."),
      TensorSpec(
        "directions", [.f32], ["L", "D"], domain: .unitRows, optional: true,
        "Unit directions to use; absent: the method draws its own."),
      TensorSpec(
        "order", [.f64], [], domain: .range(1...16), optional: true,
        "The order p of the distance; absent: 2."),
    ],
    outputs: [
      TensorSpec("value", [.f64], [], domain: .finite, "The estimate of SW_p^p, not rooted."),
      TensorSpec(
        "distance", [.f64], [], domain: .finite, optional: true,
        "The estimate of SW_p: max(value, 0)^(1/p)."),
      TensorSpec(
        "std_error", [.f64], [], domain: .finite, optional: true,
        "The standard error that the method states for value."),
      TensorSpec(
        "alpha", [.f64], [], domain: .finite, optional: true,
        "The coefficient of the control variate; 0 without one."),
      TensorSpec(
        "control_mean", [.f64], [], domain: .finite, optional: true,
        "The exact mean of the control variate over the sphere, B."),
      TensorSpec(
        "clamped", [.u8], [], domain: .unitInterval, optional: true,
        "1 when value is negative, so that distance was clamped to 0."),
      TensorSpec(
        "w", [.f64], ["L"], domain: .finite, optional: true,
        "W_p^p between the projections on each direction."),
      TensorSpec(
        "c", [.f64], ["L"], domain: .finite, optional: true,
        "The control variate on each direction; 0 without one."),
    ],
    coordinates: ["D", "L"],
    truth: [
      TensorSpec("reference", [.f64], [], domain: .finite, "The true value of SW_p^p."),
      TensorSpec(
        "reference_error", [.f64], [], domain: .finite, optional: true,
        "Its standard error; absent or 0 for a closed form."),
    ])
}
