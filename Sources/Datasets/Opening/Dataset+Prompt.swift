package import Tensors

extension Dataset {
  /// The dataset with the text of one prompt template as its class text, and no other text.
  ///
  /// Nil when there is no such prompt in `text.prompts` `[K, P, D]`.
  package func withPrompt(_ number: Int) -> Dataset? {
    guard let prompts = arrays["text.prompts"], prompts.shape.rank == 3,
      (0..<prompts.shape[1]).contains(number)
    else { return nil }
    let shape = prompts.tensor.shape
    let flat = Tensor(
      dtype: prompts.dtype, shape: Shape([shape[0] * shape[1], shape[2]]),
      storage: prompts.tensor.storage, byteOffset: prompts.tensor.byteOffset)
    let classes = prompts.rows ?? Array(0..<shape[0])
    var view = self
    view.arrays["text.prompts"] = nil
    view.arrays["text.class"] = DatasetArray(
      tensor: flat, rows: classes.map { $0 * shape[1] + number },
      normalisation: prompts.normalisation, sharingKey: "\(prompts.sharingKey) prompt \(number)")
    return view
  }
}
