public import CAssay

/// A plugin in Swift whose predict reads past the end of an array.
///
/// Unsafe invariant: the table and its strings are made once and never freed.
private enum Fixture {
  nonisolated(unsafe) static let library: UnsafePointer<assay_library> = {
    let library = UnsafeMutablePointer<assay_library>.allocate(capacity: 1)
    library.initialize(
      to: assay_library(
        struct_size: UInt32(MemoryLayout<assay_library>.size), abi_major: 1, abi_minor: 0,
        method_count: 1, method_at: { $0 == 0 ? UnsafePointer(Fixture.method) : nil },
        get_extension: nil))
    return UnsafePointer(library)
  }()

  nonisolated(unsafe) private static let method: UnsafeMutablePointer<assay_method> = {
    let method = UnsafeMutablePointer<assay_method>.allocate(capacity: 1)
    method.initialize(
      to: assay_method(
        struct_size: UInt32(MemoryLayout<assay_method>.size), flags: 0, id: text("swift-trap"),
        version: text("1.0.0"), summary: text("Reads past the end."), license: text("MIT"),
        references: text(""), config_schema: text("{\"type\":\"object\"}"), claims: nil,
        claim_count: 0, create: { _, _, _, _ in ASSAY_OK }, destroy: { _ in },
        fit: { _, _ in ASSAY_OK },
        predict: { _, call in
          let rows = [Int](repeating: 1, count: call.pointee.in_count)
          return assay_status(rows[call.pointee.in_count + 5])
        }, get_extension: nil))
    return method
  }()

  private static func text(_ string: StaticString) -> assay_str {
    assay_str(
      ptr: UnsafeRawPointer(string.utf8Start).assumingMemoryBound(to: CChar.self),
      len: string.utf8CodeUnitCount)
  }
}

/// The one function that the host looks up.
@c(assay_plugin_entry)
public func assayPluginEntry(_ major: UInt32, _ minor: UInt32) -> UnsafePointer<assay_library>? {
  Fixture.library
}
