/// Why a folder of pictures did not become a dataset.
package struct EncodingFailure: Error, Equatable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}
