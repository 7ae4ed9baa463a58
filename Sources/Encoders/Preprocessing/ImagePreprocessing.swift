/// What CLIP's image tower is handed: the short edge resized, the middle cut out, and each channel
/// normalised.
///
///     let pixels = ImagePreprocessing.clip(side: 224).pixels(of: picture)     // [3, 224, 224]
///
/// Equal to `Resize(side, BICUBIC)`, `CenterCrop(side)`, `ToTensor()` and `Normalize(mean, std)` of
/// torchvision on a Pillow image in mode RGB.
package struct ImagePreprocessing: Equatable, Sendable {
  package var side: Int
  /// Of the channels, in 0...1.
  package var mean: [Float]
  package var deviation: [Float]

  package init(side: Int, mean: [Float], deviation: [Float]) {
    precondition(side > 0 && mean.count == deviation.count)
    self.side = side
    self.mean = mean
    self.deviation = deviation
  }

  /// With OpenAI's statistics.
  package static func clip(side: Int) -> ImagePreprocessing {
    ImagePreprocessing(
      side: side, mean: [0.481_454_66, 0.457_827_5, 0.408_210_73],
      deviation: [0.268_629_54, 0.261_302_58, 0.275_777_11])
  }

  /// The picture of `side` by `side` pixels that is normalised.
  package func framed(_ picture: Picture) -> Picture {
    let (short, long) = (
      min(picture.width, picture.height), max(picture.width, picture.height)
    )
    // A picture that is far from square keeps its shape but for the fraction of a pixel.
    let longSide = side * long / short
    let resized =
      picture.width <= picture.height
      ? picture.resized(width: side, height: longSide)
      : picture.resized(width: longSide, height: side)
    // Python rounds halves to even.
    func margin(_ extent: Int) -> Int {
      Int((Double(extent - side) / 2).rounded(.toNearestOrEven))
    }
    return resized.cropped(
      left: margin(resized.width), top: margin(resized.height), width: side, height: side)
  }

  /// The normalised channels, `[C, S, S]`.
  package func pixels(of picture: Picture) -> [Float] {
    channels(of: framed(picture))
  }

  /// The same of a picture that is framed already.
  package func channels(of framed: Picture) -> [Float] {
    precondition(framed.channels == mean.count)
    var pixels: [Float] = []
    pixels.reserveCapacity(framed.bytes.count)
    for channel in mean.indices {
      for place in stride(from: channel, to: framed.bytes.count, by: framed.channels) {
        pixels.append((Float(framed.bytes[place]) / 255 - mean[channel]) / deviation[channel])
      }
    }
    return pixels
  }
}
