internal import Synchronization

/// Reads pictures and frames them for a tower, on as many threads as ask for it.
///
///     let reader = PictureReader(for: model.preprocessing)
///     let framed = concurrentMap(entries) { reader.framed($0) }
package final class PictureReader: Sendable {
  package let preprocessing: ImagePreprocessing
  private let limits: PictureLimits
  /// Decoders that nobody uses now; each has a process of its own.
  private let idle = Mutex<[PictureDecoder]>([])

  package init(for preprocessing: ImagePreprocessing, limits: PictureLimits = PictureLimits()) {
    self.preprocessing = preprocessing
    self.limits = limits
  }

  /// The square that a tower sees of a picture.
  package func framed(
    _ entry: PictureCollection.Entry
  ) -> Result<Picture, PictureError> {
    let decoder = idle.withLock { $0.popLast() } ?? PictureDecoder(limits: limits)
    defer { idle.withLock { $0.append(decoder) } }
    do throws(PictureError) {
      return .success(preprocessing.framed(try decoder.picture(at: entry.path)))
    } catch {
      return .failure(error)
    }
  }
}
