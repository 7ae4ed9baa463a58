/// What a picture says of itself, read without its pixels and before any library sees the bytes.
struct PictureHeader: Equatable {
  var format: PictureFormat
  /// 0 until it is found.
  var width = 0
  var height = 0
  var isAnimated = false
  var orientation = Orientation.upright
  /// What was wrong on the way through the file.
  var problem: Refusal?

  /// Why a picture is not decoded; the reader of the file adds its path.
  struct Refusal: Error, Equatable {
    var code: PictureError.Code
    var message: String

    static let truncated = Refusal(
      code: .truncated, message: "the picture is truncated; fetch or copy it again")
    static func corrupt(_ why: String) -> Refusal {
      Refusal(code: .corrupt, message: "the picture is damaged: \(why)")
    }
  }

  init(_ bytes: [UInt8]) throws(Refusal) {
    guard !bytes.isEmpty else {
      throw Refusal(code: .empty, message: "the file is empty; fetch or copy it again")
    }
    guard let format = PictureFormat(bytes) else {
      throw Refusal(
        code: .notAPicture,
        message: "the file is no JPEG, PNG or WebP but \(PictureFormat.guess(bytes)); convert it, "
          + "or leave it out")
    }
    self.format = format
    let file = FileBytes(bytes[...])
    do throws(Refusal) {
      switch format {
      case .jpeg: try readJPEG(file)
      case .png: try readPNG(file)
      case .webp: try readWebP(file)
      }
    } catch {
      problem = error
    }
  }

  /// Why the picture is not decoded, if it is not.
  ///
  /// Of a bomb it is the size that counts, whatever
  /// else is wrong with it.
  func refusal(_ limits: PictureLimits) -> Refusal? {
    if height > 0, width > limits.pixels / height {
      return Refusal(
        code: .tooLarge,
        message: "the picture claims \(width) x \(height) pixels, and at most \(limits.pixels) are "
          + "read; make it smaller")
    }
    if let problem { return problem }
    if width < 1 || height < 1 { return .corrupt("it is \(width) x \(height) pixels large") }
    if isAnimated {
      return Refusal(
        code: .animated,
        message: "the picture is an animation; save the frame that is meant as a picture")
    }
    return nil
  }
}
