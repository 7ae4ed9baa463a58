internal import CCrypto

/// A SHA-256 digest, written as 64 hexadecimal digits.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The 64 hexadecimal digits.
  public let description: String

  /// The first 16 digits, enough for people and file names.
  public var short: String { String(description.prefix(16)) }

  /// Takes over digits that were written before; nil unless they are 64 lower-case hex digits.
  public init?(hex: String) {
    let isHex = hex.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    guard hex.utf8.count == 64, isHex else { return nil }
    description = hex
  }

  /// Digests a text.
  public init(of text: String) {
    var hasher = Hasher256()
    var text = text
    text.withUTF8 { hasher.update(UnsafeRawBufferPointer($0)) }
    self = hasher.finish()
  }

  /// Digests the canonical text of a JSON value.
  public init(of value: JSON) { self.init(of: value.canonicalText) }

  /// Digests bytes.
  public init(of bytes: UnsafeRawBufferPointer) {
    var hasher = Hasher256()
    hasher.update(bytes)
    self = hasher.finish()
  }

  fileprivate init(bytes: [UInt8]) {
    let digits = Array("0123456789abcdef")
    description = String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// Orders digests by their digits.
  public static func < (left: Digest, right: Digest) -> Bool {
    left.description < right.description
  }
}

/// A running SHA-256, for data that arrives in pieces.
public struct Hasher256: ~Copyable {
  private let context: OpaquePointer?

  /// Starts with no bytes.
  public init() {
    context = EVP_MD_CTX_new()
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
  }

  /// Adds bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// The digest of all bytes added.
  public consuming func finish() -> Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &bytes, nil)
    return Digest(bytes: bytes)
  }

  deinit { EVP_MD_CTX_free(context) }
}
