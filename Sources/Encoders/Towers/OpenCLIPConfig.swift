internal import Autograd
internal import Documents
internal import Tensors

/// What `open_clip_config.json` says, which lies beside the published checkpoints of open_clip.
struct OpenCLIPConfig {
  let hints: CheckpointHints
  /// Of the pixels, where both are given.
  let statistics: (mean: [Float], deviation: [Float])?

  /// Reads the file in the folder of a checkpoint; nil where there is none.
  init?(beside checkpoint: String) throws(TensorError) {
    let folder = checkpoint.lastIndex(of: "/").map { String(checkpoint[...$0]) } ?? ""
    let path = folder + "open_clip_config.json"
    guard let text = try? TensorStorage.mapping(path) else { return nil }
    let config: JSON
    do throws(JSONSyntaxError) {
      config = try JSON(
        parsing: UnsafeRawBufferPointer(start: text.base, count: text.byteCount)[...])
    } catch {
      throw TensorError("is \(error.description)", path: path)
    }
    withExtendedLifetime(text) {}
    let model = config["model_cfg"]
    let isQuick = model?["quick_gelu"] == .bool(true)
    let (vision, words) = (model?["vision_cfg"], model?["text_cfg"])
    let width = vision?["width"]?.int
    hints = CheckpointHints(
      activation: isQuick ? .quickGELU : .gelu,
      imageHeads: vision?["head_width"]?.int.flatMap { head in
        head > 0 ? width.map { $0 / head } : nil
      },
      textHeads: words?["heads"]?.int)
    let pixels = config["preprocess_cfg"]
    func three(_ name: String) -> [Float]? {
      let numbers = pixels?[name]?.array?.compactMap { $0.double.map(Float.init) }
      return numbers?.count == 3 ? numbers : nil
    }
    if let mean = three("mean"), let deviation = three("std") {
      statistics = (mean, deviation)
    } else {
      statistics = nil
    }
  }
}
