/// What one picture may cost.
package struct PictureLimits: Equatable, Sendable {
  /// The most pixels, looked at before any memory is taken for them.
  package var pixels = 100_000_000
  /// The most bytes of a file.
  package var fileBytes = 256 << 20
  /// The bytes of memory that the decoder's process may take: a progressive JPEG of the most pixels
  /// needs nine for each.
  package var memory = 2 << 30
  package var seconds = 30.0

  package init() {}
}
