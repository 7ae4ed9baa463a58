internal import Random

/// A way in which pictures get worse, in five severities.
///
///     let foul = Corruption.gaussianBlur.applied(to: picture, severity: 3, name: "birds/07.jpg")
///
/// What involves no chance gives the pixels of the `imagecorruptions` package; noise and the
/// direction of motion come from a generator of our own, and depend on the picture's name, kind and
/// severity alone.
///
/// Source: Hendrycks and Dietterich, "Benchmarking neural network robustness to common corruptions
/// and perturbations", ICLR 2019, section 3 and its code. Not here: snow, fog, frost, spatter,
/// glass blur and elastic transforms, which are drawn over a picture by chance in ways that only their
/// code defines.
package enum Corruption: String, CaseIterable, Sendable {
  case gaussianNoise = "gaussian-noise"
  case shotNoise = "shot-noise"
  case impulseNoise = "impulse-noise"
  case speckleNoise = "speckle-noise"
  case defocusBlur = "defocus-blur"
  case motionBlur = "motion-blur"
  case zoomBlur = "zoom-blur"
  case gaussianBlur = "gaussian-blur"
  case brightness
  case contrast
  case saturate
  case pixelate
  case jpeg = "jpeg-compression"

  package static let severities = 1...5

  /// The picture made worse.
  package func applied(to picture: Picture, severity: Int, name: String) -> Picture {
    precondition(Self.severities.contains(severity) && picture.channels == 3)
    let level = severity - 1
    var random = Philox(key: Philox.key("corruption", rawValue, "\(severity)", name))
    switch self {
    case .pixelate: return picture.pixelated(level)
    case .jpeg: return picture.compressed(quality: [25, 18, 15, 10, 7][level])
    default: break
    }
    var plane = Plane(picture)
    switch self {
    case .gaussianNoise: plane.addGaussian([0.08, 0.12, 0.18, 0.26, 0.38][level], &random)
    case .shotNoise: plane.count(photons: [60, 25, 12, 5, 3][level], &random)
    case .impulseNoise: plane.addImpulses([0.03, 0.06, 0.09, 0.17, 0.27][level], &random)
    case .speckleNoise: plane.addSpeckle([0.15, 0.2, 0.35, 0.45, 0.6][level], &random)
    case .defocusBlur: plane.defocus(level)
    case .motionBlur: plane.move(level, degrees: -45 + 90 * random.uniform())
    case .zoomBlur: plane.zoom(level)
    case .gaussianBlur: plane.blur(sigma: [1, 2, 3, 4, 6][level])
    case .brightness: plane.brighten(by: [0.1, 0.2, 0.3, 0.4, 0.5][level])
    case .contrast: plane.reduceContrast(to: [0.4, 0.3, 0.2, 0.1, 0.05][level])
    case .saturate: plane.saturate(level)
    case .pixelate, .jpeg: break
    }
    return plane.picture
  }
}

/// A picture as numbers from 0 to a top, `[H, W, 3]`.
struct Plane {
  let width: Int
  let height: Int
  var values: [Double]
  /// What stands for a full pixel.
  var top = 1.0

  init(_ picture: Picture) {
    (width, height) = (picture.width, picture.height)
    values = picture.bytes.map { Double($0) / 255 }
  }

  /// The picture of values that are cut to the range, and then down to whole levels, as NumPy's
  /// conversion does.
  var picture: Picture {
    Picture(
      width: width, height: height,
      bytes: values.map { UInt8(Swift.min(Swift.max($0, 0), top) * (255 / top)) })
  }
}
