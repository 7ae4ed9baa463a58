/// What a picture says of itself, read without its pixels and before any library sees the bytes.
struct PictureHeader: Equatable {
  var format: PictureFormat
  var width: Int
  var height: Int
  var isAnimated = false
  var orientation = Orientation.upright

  /// Why there is no header; the reader of the file adds its path.
  struct Refusal: Error {
    var code: PictureError.Code
    var message: String

    static let truncated = Refusal(
      code: .truncated, message: "the picture is truncated: it ends within its header")
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
    let file = FileBytes(bytes[...])
    switch format {
    case .jpeg: self = try Self.jpeg(file)
    case .png: self = try Self.png(file)
    case .webp: self = try Self.webp(file)
    }
  }

  init(_ format: PictureFormat, width: Int, height: Int) {
    self.format = format
    self.width = width
    self.height = height
  }

  /// Why the picture is not decoded, if it is not.
  func refusal(_ limits: PictureLimits) -> Refusal? {
    if width < 1 || height < 1 { return .corrupt("it is \(width) x \(height) pixels large") }
    if width > limits.pixels / height {
      return Refusal(
        code: .tooLarge,
        message: "the picture claims \(width) x \(height) pixels, and at most \(limits.pixels) are "
          + "read; make it smaller")
    }
    if isAnimated {
      return Refusal(
        code: .animated,
        message: "the picture is an animation; save the frame that is meant as a picture")
    }
    return nil
  }
}
