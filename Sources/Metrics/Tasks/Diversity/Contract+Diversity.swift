package import Contracts
internal import Tensors

extension Contract {
  /// `diversity` 1.0: say how diverse images are beyond what their prompts explain.
  ///
  /// The host keeps the true numbers of modes and of prompts to itself.
  package static let diversity = Contract(
    task: "diversity", version: ContractVersion(1, 0),
    summary: "Say how diverse images are beyond what their prompts explain.",
    fit: [],
    predict: [
      TensorSpec(
        "text", [.f32], ["N", "D"], domain: .finite, "The prompt feature of each pair."),
      TensorSpec(
        "image", [.f32], ["N", "E"], domain: .finite, "The image feature of each pair."),
      TensorSpec(
        "new.text", [.f32], ["M", "D"], domain: .finite, optional: true,
        "The prompt features of pairs to correct."),
      TensorSpec(
        "new.image", [.f32], ["M", "E"], domain: .finite, optional: true,
        "Their image features, from which the prompt is to be removed."),
    ],
    outputs: [
      TensorSpec(
        "sce", [.f64], [], domain: .finite,
        "Diversity of the part of the images that the prompts do not explain, at least 1."),
      TensorSpec(
        "text_diversity", [.f64], [], domain: .finite, optional: true,
        "Diversity of the part that the prompts explain, at least 1."),
      TensorSpec(
        "trace_image", [.f64], [], domain: .finite, optional: true,
        "The share of the spectrum that the prompts do not explain."),
      TensorSpec(
        "trace_text", [.f64], [], domain: .finite, optional: true,
        "The share of the spectrum that the prompts explain."),
      TensorSpec(
        "vendi_norm_image", [.f64], [], domain: .finite, optional: true,
        "The Vendi score of the unexplained part, brought to trace 1."),
      TensorSpec(
        "vendi_norm_text", [.f64], [], domain: .finite, optional: true,
        "The Vendi score of the explained part, brought to trace 1."),
      TensorSpec(
        "vendi_image", [.f64], [], domain: .finite, optional: true,
        "The Vendi score of the images without regard to the prompts."),
      TensorSpec(
        "vendi_orders", [.f64], [5], domain: .finite, optional: true,
        "Vendi scores of the images of orders 1, 1.5, 2, 2.5 and infinity; numbers also where all "
          + "images are 0."),
      TensorSpec(
        "rke_image", [.f64], [], domain: .finite, optional: true,
        "The RKE score of the images, which is the Vendi score of order 2."),
      TensorSpec(
        "eig_image", [.f64], ["R"], domain: .finite, optional: true,
        "The largest eigenvalues of the unexplained part, descending."),
      TensorSpec(
        "modes", [.i32], ["R", "S"], domain: .index(below: "N"), optional: true,
        "The pairs that stand highest in each of the leading modes, the highest first."),
      TensorSpec(
        "corrected", [.f32], ["M", "E"], domain: .finite, optional: true,
        "The new image features without what their prompts explain."),
      TensorSpec(
        "correction", [.f64], ["D", "E"], domain: .finite, optional: true,
        "The regression A of image on text, where corrected = image - text A."),
    ],
    coordinates: ["D", "E"],
    truth: [
      TensorSpec(
        "modes", [.f64], [], domain: .finite,
        "The true number of modes of the images that the prompts do not decide."),
      TensorSpec("prompts", [.f64], [], domain: .finite, "The true number of prompts."),
      TensorSpec(
        "new.prompt", [.i32], ["M"], optional: true, "The prompt of each new pair, a number."),
      TensorSpec("new.mode", [.i32], ["M"], optional: true, "The mode of each new pair, a number."),
    ])
}
