package import Contracts
internal import Tensors

extension Contract {
  /// `classify` 1.3: assign each query row to one of `K` classes.
  ///
  /// 1.1 adds `query.text`: other classes than those of `fit`, by their text alone;
  /// 1.2 adds `train.captions`; 1.3 adds `train.aux_views`, `class.open` and
  /// `query.known`.
  package static let classify = Contract(
    task: "classify", version: ContractVersion(1, 3),
    summary: "Assign each query row to one of K classes.",
    fit: learned + [
      TensorSpec(
        "class.open", [.i32], [], domain: .range(0...1), optional: true,
        "1 where calls of predict may bring classes of their own as `query.text`; absent, none do."
      )
    ],
    predict: [
      TensorSpec("query.features", [.f32], ["Q", "D"], domain: .finite, "Rows to classify."),
      TensorSpec(
        "query.aux", [.f32], ["Q", "A"], domain: .finite, optional: true,
        "The same rows in the second feature space."),
      TensorSpec(
        "query.text", [.f32], ["K", "D"], domain: .finite, optional: true, rebinding: "K",
        "One text feature per class that this call asks for instead of the classes of fit; in this "
          + "call K counts its rows. Handed only to methods that claim it."),
      TensorSpec(
        "query.known", [.i32], ["K"], optional: true,
        "For each row of `query.text` the class of fit that it is, or -1; any other number than one of "
          + "fit's classes stands for none."
      ),
    ],
    outputs: [
      TensorSpec(
        "logits", [.f32], ["Q", "K"], domain: .finite,
        "Scores, higher is better; the host takes softmax(logits) as the probabilities.")
    ],
    coordinates: ["D", "A"], unlabelled: ["U"],
    truth: [
      TensorSpec(
        "labels", [.i32], ["Q"], domain: .index(below: "K"), "The class of each query row."),
      TensorSpec(
        "conflicting", [.i32], ["Q"], domain: .index(below: "K"), optional: true,
        "The class that a second cue of each row shows, such as its texture."),
    ])

  /// What classes are learned from, in `detect-ood` too.
  static let learned: [TensorSpec] = [
    TensorSpec(
      "train.features", [.f32], ["N", "D"], domain: .finite, optional: true,
      "Features of the labelled training rows; absent in zero-shot and unsupervised settings."),
    TensorSpec(
      "train.labels", [.i32], ["N"], domain: .index(below: "K"), optional: true,
      "Class of each training row."),
    TensorSpec(
      "train.aux", [.f32], ["N", "A"], domain: .finite, optional: true,
      "The same training rows in a second feature space."),
    TensorSpec(
      "train.views", [.f32], ["V", "N", "D"], domain: .finite, optional: true,
      "V augmented views of each training row."),
    TensorSpec(
      "train.aux_views", [.f32], ["V", "N", "A"], domain: .finite, optional: true,
      "The views of `train.views` in the second feature space."),
    TensorSpec(
      "train.captions", [.f32], ["N", "D"], domain: .finite, optional: true,
      "The text feature of a caption of each training row."),
    TensorSpec(
      "val.features", [.f32], ["M", "D"], domain: .finite, optional: true,
      "Features of the validation rows: the only rows that a method may tune on."),
    TensorSpec(
      "val.labels", [.i32], ["M"], domain: .index(below: "K"), optional: true,
      "Class of each validation row."),
    TensorSpec(
      "val.aux", [.f32], ["M", "A"], domain: .finite, optional: true,
      "The validation rows in the second feature space."),
    TensorSpec(
      "unlabelled.features", [.f32], ["U", "D"], domain: .finite, optional: true,
      "Rows without labels to learn from."),
    TensorSpec(
      "text.class", [.f32], ["K", "D"], domain: .finite, optional: true,
      "One text feature per class."),
    TensorSpec(
      "text.prompts", [.f32], ["K", "P", "D"], domain: .finite, optional: true,
      "One text feature per class and prompt template."),
    TensorSpec(
      "class.count", [.i32], [], domain: .extent(of: "K"), "The number of classes, K."),
  ]
}
