/// Why a file is no picture that can be used.
///
///     birds/07.jpg: the picture is truncated: Premature end of JPEG file
package struct PictureError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Code: String, CaseIterable, Sendable {
    /// The file cannot be read, or is none.
    case unreadable
    /// It has no bytes.
    case empty
    /// Its first bytes are those of no format that is read here.
    case notAPicture = "not-a-picture"
    case truncated
    case corrupt
    /// It has more pixels, or more bytes, than the limits allow.
    case tooLarge = "too-large"
    /// It has more than one frame.
    case animated
    /// A variant of its format that the libraries do not read.
    case unsupported
    /// Decoding took more memory than the limits allow.
    case outOfMemory = "out-of-memory"
    /// Decoding took more time than the limits allow.
    case tookTooLong = "took-too-long"
    /// The process that decoded it died.
    case decoderDied = "decoder-died"
  }

  package var code: Code
  /// Of the picture.
  package var path: String
  package var message: String

  package init(_ code: Code, path: String, _ message: String) {
    self.code = code
    self.path = path
    self.message = message
  }

  package var description: String { "\(path): \(message)" }
}
