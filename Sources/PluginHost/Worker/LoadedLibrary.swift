internal import CAssay
internal import Contracts
internal import Documents
internal import Glibc

/// Why the library cannot be used: a short key and a sentence.
struct LoadError: Error {
  var kind: String
  var message: String
}

/// A plugin library in this process; never closed, since closing a Swift library breaks the runtime.
///
/// Unsafe invariant: the tables that the entry returns have static lifetime, as the ABI demands.
struct LoadedLibrary {
  private let handle: UnsafeMutableRawPointer
  private let path: String

  /// Loads the file, which runs its constructors.
  init(path: String) throws(LoadError) {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
      throw LoadError(kind: "dlopen", message: "the library does not load: \(reason)")
    }
    self.handle = handle
    self.path = path
  }

  private typealias Entry = @convention(c) (UInt32, UInt32) -> UnsafePointer<assay_library>?

  /// Calls the entry and checks the table that it returns.
  func table() throws(LoadError) -> UnsafePointer<assay_library> {
    guard let symbol = dlsym(handle, "assay_plugin_entry") else {
      throw LoadError(
        kind: "no-entry",
        message: "'\(path)' exports no function 'assay_plugin_entry', so it is no Assay plugin")
    }
    let entry = unsafeBitCast(symbol, to: Entry.self)
    let (major, minor) = (UInt32(ASSAY_ABI_MAJOR), UInt32(ASSAY_ABI_MINOR))
    guard let table = entry(major, minor) else {
      throw LoadError(
        kind: "abi-major",
        message: "the plugin refuses a host of ABI \(major).\(minor); rebuild it with this assay.h")
    }
    // The first 16 bytes are frozen for ever and may be read whatever the major.
    guard table.pointee.abi_major == major else {
      throw LoadError(
        kind: "abi-major",
        message: "the plugin was built for ABI \(table.pointee.abi_major)."
          + "\(table.pointee.abi_minor) and this host speaks \(major).\(minor); rebuild it")
    }
    guard table.pointee.struct_size >= UInt32(MemoryLayout<assay_library>.size) else {
      throw LoadError(
        kind: "struct-size",
        message: "assay_library.struct_size is \(table.pointee.struct_size), less than the "
          + "\(MemoryLayout<assay_library>.size) bytes of version 1.0")
    }
    return table
  }

  /// The most methods, claims and inputs that are read: larger counts are garbage.
  private static let limit = 4096

  /// The methods of a table.
  static func methods(
    _ table: UnsafePointer<assay_library>
  ) throws(LoadError) -> [UnsafePointer<assay_method>] {
    guard table.pointee.method_count <= limit else {
      throw LoadError(
        kind: "method-count",
        message: "assay_library.method_count is \(table.pointee.method_count), above \(limit)")
    }
    var methods: [UnsafePointer<assay_method>] = []
    for index in 0..<table.pointee.method_count {
      guard let method = table.pointee.method_at(index) else {
        throw LoadError(
          kind: "method-missing",
          message: "method_at(\(index)) is NULL though method_count is "
            + "\(table.pointee.method_count)")
      }
      guard method.pointee.struct_size >= UInt32(MemoryLayout<assay_method>.size) else {
        throw LoadError(
          kind: "struct-size",
          message: "assay_method.struct_size of method \(index) is "
            + "\(method.pointee.struct_size), less than the \(MemoryLayout<assay_method>.size) "
            + "bytes of version 1.0")
      }
      methods.append(method)
    }
    return methods
  }

  /// Finds a method by id.
  static func method(
    _ id: String, in table: UnsafePointer<assay_library>
  ) throws(LoadError) -> UnsafePointer<assay_method> {
    var ids: [String] = []
    for method in try methods(table) {
      let found = try text(method.pointee.id, "method id")
      if found == id { return method }
      ids.append(found)
    }
    throw LoadError(
      kind: "no-method",
      message: "the library has no method '\(id)'; it has \(ids.joined(separator: ", "))")
  }

  /// Reads all that the library says of itself, in the form of `PluginDescription.json`.
  static func describe(_ table: UnsafePointer<assay_library>) throws(LoadError) -> JSON {
    var descriptions: [JSON] = []
    for method in try methods(table) { descriptions.append(try describe(method.pointee).json) }
    return [
      "abi": [JSON(Int(table.pointee.abi_major)), JSON(Int(table.pointee.abi_minor))],
      "methods": .array(descriptions),
    ]
  }

  private static func describe(_ method: assay_method) throws(LoadError) -> MethodDescription {
    let id = try text(method.id, "method id")
    let schema: JSON
    do {
      schema = try JSON(parsing: try text(method.config_schema, "config_schema of '\(id)'"))
    } catch let error as JSONSyntaxError {
      throw LoadError(kind: "config-schema", message: "the config_schema of '\(id)' is \(error)")
    } catch let error as LoadError {
      throw error
    } catch {
      throw LoadError(kind: "config-schema", message: "\(error)")
    }
    var claims: [Claim] = []
    for claim in try elements(method.claims, method.claim_count, "claims of '\(id)'") {
      var inputs: [Claim.Input] = []
      for input in try elements(claim.inputs, claim.input_count, "inputs of '\(id)'") {
        inputs.append(
          Claim.Input(
            name: try text(input.name, "an input name of '\(id)'"),
            isRequired: input.flags & UInt32(ASSAY_INPUT_REQUIRED) != 0))
      }
      claims.append(
        Claim(
          task: try text(claim.task, "a task of '\(id)'"),
          version: ContractVersion(claim.major, claim.minor), inputs: inputs))
    }
    return MethodDescription(
      id: id, version: try text(method.version, "version of '\(id)'"),
      summary: try text(method.summary, "summary of '\(id)'"),
      license: try text(method.license, "license of '\(id)'"),
      references: try text(method.references, "references of '\(id)'"),
      flags: MethodDescription.Flags(rawValue: method.flags), configSchema: schema,
      claims: claims)
  }

  private static func elements<T>(
    _ start: UnsafePointer<T>?, _ count: Int, _ what: String
  ) throws(LoadError) -> UnsafeBufferPointer<T> {
    guard count <= limit, start != nil || count == 0 else {
      throw LoadError(
        kind: "descriptor", message: "the \(what) are \(count) elements at a NULL or too many")
    }
    return UnsafeBufferPointer(start: start, count: count)
  }

  private static func text(_ text: assay_str, _ what: String) throws(LoadError) -> String {
    guard let string = String(text) else {
      throw LoadError(kind: "descriptor", message: "the \(what) is not UTF-8, or NULL, or too long")
    }
    return string
  }
}

extension String {
  /// The longest text taken from a plugin.
  static let longestFromPlugin = 4 << 20

  /// Copies a string of the ABI; nil when it is not UTF-8, NULL though not empty, or beyond reason.
  init?(_ text: assay_str) {
    guard (0...String.longestFromPlugin).contains(text.len), text.ptr != nil || text.len == 0
    else { return nil }
    let bytes = UnsafeRawBufferPointer(start: text.ptr, count: text.len)
    self.init(validating: bytes, as: UTF8.self)
  }

  /// Copies a string of the ABI and repairs what is not UTF-8; a length beyond `Int` is none.
  init(repairing text: assay_str) {
    let count = text.ptr == nil ? 0 : Swift.min(Swift.max(text.len, 0), 64 << 10)
    self.init(decoding: UnsafeRawBufferPointer(start: text.ptr, count: count), as: UTF8.self)
  }
}
