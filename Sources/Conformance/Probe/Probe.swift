internal import CAssay
internal import Contracts
internal import Documents
internal import Glibc
internal import Metrics
internal import PluginHost

/// What the body of a check works with, in its worker: the plugin, one method, one claimed task.
///
/// Unsafe invariant: the tables of the plugin have static lifetime, as the ABI demands.
final class Probe {
  typealias Entry = @convention(c) (UInt32, UInt32) -> UnsafePointer<assay_library>?

  let context: ScriptContext
  /// The method as the host read it; nil for a check of the library.
  let description: MethodDescription?
  let claim: Claim?
  /// How tensors are lent to the plugin.
  var lending = Lending()

  private var handle: UnsafeMutableRawPointer?
  private var found: UnsafePointer<assay_method>?

  init(_ context: ScriptContext, method: MethodDescription?, claim: Claim?) {
    self.context = context
    description = method
    self.claim = claim
  }

  /// Says what comes next; the words complete "the plugin crashed in ...".
  func step(_ text: String, tensors: [String] = []) {
    // A NUL has no place in the messages to the host.
    context.step(text.split(separator: "\0").joined(separator: "\\0"), tensors: tensors)
  }

  /// Loads the library as the host does and closes the sandbox behind it.
  ///
  /// A library that does not load is the business of the checks that are `judging` that.
  @discardableResult
  func load(path: String? = nil, judging: Bool = false) throws -> UnsafeMutableRawPointer {
    if let handle { return handle }
    step("loading the library")
    guard let handle = dlopen(path ?? context.plugin, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
      guard judging else { throw Finding.skip("the library does not load, see L01") }
      throw Finding.fail("dlopen with RTLD_NOW | RTLD_LOCAL should load the library: \(reason)")
    }
    self.handle = handle
    try context.confine()
    return handle
  }

  /// The exported function.
  func entry() throws -> Entry {
    guard let symbol = dlsym(try load(), "assay_plugin_entry") else {
      throw Finding.skip("the library does not export 'assay_plugin_entry', see L02")
    }
    return unsafeBitCast(symbol, to: Entry.self)
  }

  /// The library's table; one that is not there is the business of L04.
  func table(judging: Bool = false) throws -> UnsafePointer<assay_library> {
    let entry = try entry()
    step("assay_plugin_entry(\(ASSAY_ABI_MAJOR), \(ASSAY_ABI_MINOR))")
    guard let table = entry(UInt32(ASSAY_ABI_MAJOR), UInt32(ASSAY_ABI_MINOR)) else {
      guard judging else { throw Finding.skip("the entry returns no table, see L04") }
      throw Finding.fail(
        "assay_plugin_entry(\(ASSAY_ABI_MAJOR), \(ASSAY_ABI_MINOR)) should return the library's "
          + "table, but returned NULL")
    }
    return table
  }

  /// Every method's table.
  func methods() throws -> [UnsafePointer<assay_method>] {
    let table = try table()
    step("method_at")
    return try (0..<min(table.pointee.method_count, 4096)).map { index in
      guard let method = table.pointee.method_at(index) else {
        throw Finding.fail(
          "method_at(\(index)) should return a method, since method_count is "
            + "\(table.pointee.method_count), but returned NULL")
      }
      return method
    }
  }

  /// The table of the method under test.
  func method() throws -> UnsafePointer<assay_method> {
    if let found { return found }
    let wanted = try known().id
    guard let method = try methods().first(where: { String(plugin: $0.pointee.id) == wanted })
    else { throw Finding.fail("the library no longer has the method '\(wanted)'") }
    found = method
    return method
  }

  /// The description of the method under test.
  func known() throws -> MethodDescription {
    guard let description else { throw Finding.skip("this check needs a method") }
    return description
  }

  /// The contract of the claimed task.
  func contract() throws -> Contract {
    guard let claim, let contract = Contract.named(claim.task) else {
      throw Finding.skip("the method claims no task that this version of Assay knows")
    }
    return contract
  }

  /// The config with all defaults, as the host hands it over.
  func defaultConfig() throws -> JSON {
    do {
      return try JSONSchema(known().configSchema).completing([:])
    } catch let error as DocumentError {
      throw Finding.skip("needs a valid config_schema, see D17: \(error)")
    }
  }
}

extension String {
  /// Copies a string of a plugin; nil when it is not UTF-8, NULL though not empty, or huge.
  init?(plugin text: assay_str) {
    guard (0...(4 << 20)).contains(text.len), text.ptr != nil || text.len == 0 else { return nil }
    let bytes = UnsafeRawBufferPointer(start: text.ptr, count: text.len)
    self.init(validating: bytes, as: UTF8.self)
  }
}
