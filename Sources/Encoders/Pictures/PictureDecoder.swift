internal import CPictures
internal import Glibc
internal import Synchronization

/// Reads pictures, in red, green and blue and upright, as Pillow's
/// `exif_transpose(Image.open(path)).convert("RGB")` does: byte for byte where both read the file.
///
///     let decoder = PictureDecoder()
///     let picture = try decoder.picture(at: "birds/07.jpg")       // [H, W, 3]
///
/// The bytes are foreign, and the libraries have had holes that a picture could get in by. So they
/// run in a process that has nothing but its memory and one socket (`decoder_process.h`): a picture
/// that crashes it, or asks too much time or memory, is an error with its name, and the next
/// one gets a new process. A decoder decodes one picture at a time; threads take one each.
package final class PictureDecoder: Sendable {
  /// Where the libraries run.
  package enum Place: Sendable {
    case process
    /// In the caller, without limits on memory and time. For what is trusted, and for debuggers.
    case here
  }

  package let limits: PictureLimits
  private let place: Place
  let process = Mutex<DecoderProcess?>(nil)

  package init(limits: PictureLimits = PictureLimits(), in place: Place = .process) {
    self.limits = limits
    self.place = place
  }

  /// Reads a file.
  package func picture(at path: String) throws(PictureError) -> Picture {
    let bytes = try FileContents.read(path, limits: limits)
    return try picture(of: bytes, path: path)
  }

  /// Reads the bytes of a file; the path is for the errors.
  package func picture(of bytes: [UInt8], path: String) throws(PictureError) -> Picture {
    let header: PictureHeader
    do throws(PictureHeader.Refusal) {
      header = try PictureHeader(bytes)
    } catch {
      throw PictureError(error.code, path: path, error.message)
    }
    if let refusal = header.refusal(limits) {
      throw PictureError(refusal.code, path: path, refusal.message)
    }
    let decoded =
      switch place {
      case .here: try decodedHere(bytes, header.format, path)
      case .process: try decodedInProcess(bytes, header.format, path)
      }
    return decoded.turned(header.orientation)
  }

  private func decodedHere(
    _ bytes: [UInt8], _ format: PictureFormat, _ path: String
  ) throws(PictureError) -> Picture {
    var result = assay_shim_decoded()
    let pixels = assay_shim_decode(
      format.code, bytes, bytes.count, UInt64(limits.pixels), &result)
    defer { free(pixels) }
    guard let pixels else { throw PictureError(result, path: path) }
    let (width, height) = (Int(result.width), Int(result.height))
    let copied = Array(UnsafeBufferPointer(start: pixels, count: width * height * 3))
    return Picture(width: width, height: height, bytes: copied)
  }

  private func decodedInProcess(
    _ bytes: [UInt8], _ format: PictureFormat, _ path: String
  ) throws(PictureError) -> Picture {
    let limits = limits
    let outcome = process.withLock { process -> Result<Picture, PictureError> in
      do throws(PictureError) {
        let running: DecoderProcess
        if let process { running = process } else { running = try DecoderProcess(limits, path) }
        process = running
        return .success(try running.picture(of: bytes, format, limits, path))
      } catch {
        // Whatever state a process is in that broke off: the next picture gets another.
        if error.code == .decoderDied || error.code == .tookTooLong { process = nil }
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}

extension PictureFormat {
  /// As the libraries are asked for it.
  var code: UInt32 {
    switch self {
    case .jpeg: ASSAY_SHIM_JPEG
    case .png: ASSAY_SHIM_PNG
    case .webp: ASSAY_SHIM_WEBP
    }
  }
}

extension PictureError {
  /// What a library found wrong.
  init(_ result: assay_shim_decoded, path: String) {
    let said = withUnsafeBytes(of: result.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch result.status {
    case ASSAY_SHIM_TRUNCATED:
      self.init(.truncated, path: path, "the picture is truncated: \(said)")
    case ASSAY_SHIM_TOO_LARGE:
      self.init(.tooLarge, path: path, "the picture has too many pixels; make it smaller")
    case ASSAY_SHIM_UNSUPPORTED:
      self.init(.unsupported, path: path, "the picture cannot be read: \(said); convert it")
    case ASSAY_SHIM_NO_MEMORY:
      self.init(.outOfMemory, path: path, "decoding takes too much memory; make it smaller")
    default: self.init(.corrupt, path: path, "the picture is damaged: \(said)")
    }
  }
}
