package import Contracts
internal import Tensors

extension Contract {
  /// `retrieve` 1.0: find the texts of images and the images of texts.
  package static let retrieve = Contract(
    task: "retrieve", version: ContractVersion(1, 0),
    summary: "Score how well each of M texts describes each of N images.",
    fit: [
      TensorSpec(
        "train.image", [.f32], ["P", "D"], domain: .finite, optional: true,
        "Image features of training pairs."),
      TensorSpec(
        "train.text", [.f32], ["P", "D"], domain: .finite, optional: true,
        "Text features of the same pairs, row by row."),
      TensorSpec(
        "val.image", [.f32], ["V", "D"], domain: .finite, optional: true,
        "Image features of validation pairs: the only pairs that a method may tune on."),
      TensorSpec(
        "val.text", [.f32], ["V", "D"], domain: .finite, optional: true,
        "Text features of the validation pairs."),
    ],
    predict: [
      TensorSpec("query.image", [.f32], ["N", "D"], domain: .finite, "Image features."),
      TensorSpec(
        "query.text", [.f32], ["M", "D"], domain: .finite,
        "Text features; which image each text belongs to is not told, nor how many it has."),
    ],
    outputs: [
      TensorSpec(
        "similarity", [.f32], ["N", "M"], domain: .finite,
        "The higher, the better image and text match; every order of ties counts as as likely.")
    ],
    coordinates: ["D"],
    truth: [
      TensorSpec(
        "image_of_text", [.i32], ["M"], domain: .index(below: "N"),
        "The image that each text describes.")
    ])
}
