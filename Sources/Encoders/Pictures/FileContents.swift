internal import Glibc

/// The bytes of a regular file, whole.
enum FileContents {
  static func read(_ path: String, limits: PictureLimits) throws(PictureError) -> [UInt8] {
    // A pipe that bears a picture's name would be waited for.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      throw PictureError(
        .unreadable, path: path, "the file cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PictureError(.unreadable, path: path, "it is no file")
    }
    let size = Int(status.st_size)
    guard size <= limits.fileBytes else {
      throw PictureError(
        .tooLarge, path: path,
        "the file has \(size) bytes, and at most \(limits.fileBytes) are read")
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Glibc.read(file, buffer.baseAddress.map { $0 + count }, size - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    guard failure == 0 else {
      throw PictureError(
        .unreadable, path: path, "the file cannot be read: \(String(cString: strerror(failure)))")
    }
    return bytes
  }
}
