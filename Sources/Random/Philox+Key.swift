extension Philox {
  /// Maps names to a key, the same on every machine and in every version.
  ///
  /// 64-bit FNV-1a over the UTF-8 bytes of each part, each part led by its length in bytes (8 bytes,
  /// little-endian), so that `("ab", "c")` and `("a", "bc")` differ; then the SplitMix64 finaliser,
  /// which spreads near-equal names over all bits.
  package static func key(_ parts: String...) -> UInt64 { key(parts) }

  /// Maps a list of names to a key; see the variadic form.
  package static func key(_ parts: [String]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func absorb(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for part in parts {
      let length = UInt64(part.utf8.count)
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        absorb(UInt8(truncatingIfNeeded: length >> shift))
      }
      for byte in part.utf8 { absorb(byte) }
    }
    hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    return hash ^ (hash >> 31)
  }
}
