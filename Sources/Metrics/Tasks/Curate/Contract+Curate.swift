package import Contracts
internal import Tensors

extension Contract {
  /// `curate` 1.0: choose the texts of a pool that a model is to be trained on.
  ///
  /// The host keeps to itself what is known of the pool: the true matches of texts and entries, and
  /// features with classes, on which it trains a probe from what was kept.
  package static let curate = Contract(
    task: "curate", version: ContractVersion(1, 0),
    summary: "Choose which of N texts to keep, so that K entries occur in balance.",
    fit: [],
    predict: [
      TensorSpec("texts.bytes", [.u8], ["B"], "The texts in UTF-8, one after the other."),
      TensorSpec(
        "texts.offsets", [.i64], [.successor(of: "N")], domain: .offsets(into: "B"),
        "Where each text begins, and where the last one ends."),
      TensorSpec(
        "entries.bytes", [.u8], ["C"], "The entries of the metadata in UTF-8, one after the other."),
      TensorSpec(
        "entries.offsets", [.i64], [.successor(of: "K")], domain: .offsets(into: "C"),
        "Where each entry begins, and where the last one ends; none is empty."),
      TensorSpec(
        "match", [.i32], ["J", 2], domain: .indices(below: ["K", "N"]), optional: true,
        "Matches found beforehand, an entry and a text each, instead of those in the strings."),
      TensorSpec(
        "image.id", [.i64], ["N"], domain: .identity, optional: true,
        "The image that each text belongs to; texts of one image share a number."),
    ],
    outputs: [
      TensorSpec("kept", [.u8], ["N"], domain: .unitInterval, "1 for each text that is kept."),
      TensorSpec(
        "keep_prob", [.f64], ["N"], domain: .unitInterval,
        "The probability with which each text was to be kept, over all that is drawn."),
      TensorSpec(
        "entry_count", [.i64], ["K"], optional: true,
        "The number of texts that match each entry, before any is dropped."),
      TensorSpec(
        "entry_prob", [.f64], ["K"], domain: .unitInterval, optional: true,
        "The probability with which each entry by itself keeps a text."),
      TensorSpec(
        "entry_count_after", [.i64], ["K"], optional: true,
        "The number of kept texts that match each entry."),
      TensorSpec(
        "threshold", [.f64], [], domain: .finite, optional: true,
        "t: the number of texts up to which an entry keeps all of them."),
      TensorSpec(
        "tail_share", [.f64], [], domain: .unitInterval, optional: true,
        "The share of all matches that entries with fewer texts than t have."),
    ],
    coordinates: [],
    truth: [
      TensorSpec("entries", [.i32], [], domain: .extent(of: "K"), "The number of entries, K."),
      TensorSpec(
        "match", [.i32], ["R", 2], domain: .indices(below: ["K", "N"]),
        "The true matches, an entry and a text each, every pair once."),
      TensorSpec(
        "pool.features", [.f32], ["N", "D"], domain: .finite, optional: true,
        "What a probe is trained on: features of the row that each text belongs to."),
      TensorSpec(
        "pool.labels", [.i32], ["N"], optional: true,
        "The class of each of these rows, -1 where the text tells none."),
      TensorSpec(
        "test.features", [.f32], ["T", "D"], domain: .finite, optional: true,
        "Rows that the probe is tested on."),
      TensorSpec("test.labels", [.i32], ["T"], optional: true, "The class of each test row."),
      TensorSpec(
        "probe.draws", [.i32], [], optional: true,
        "The number of rows that the probe draws for training, whatever is kept; absent: N."),
    ])
}
