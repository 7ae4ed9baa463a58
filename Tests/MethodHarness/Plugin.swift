package import CAssay
package import Documents
internal import Glibc
package import Tensors

/// A loaded plugin library; never unloaded.
package struct Plugin: @unchecked Sendable {
  package let library: UnsafePointer<assay_library>

  package init(library: UnsafePointer<assay_library>) { self.library = library }

  /// Loads `libassay-<name>.so` from beside the test bundle, or from `ASSAY_TEST_PLUGIN_DIR`.
  package init(named name: String) throws {
    let path = "\(Plugin.folder)/libassay-\(name).so"
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw HarnessError(String(cString: dlerror()))
    }
    guard let symbol = dlsym(handle, "assay_plugin_entry") else {
      throw HarnessError("\(path) has no assay_plugin_entry")
    }
    entry = unsafeBitCast(symbol, to: Entry.self)
    guard let library = entry?(1, 0) else { throw HarnessError("\(path) refused ABI 1.0") }
    self.library = library
  }

  package typealias Entry = @convention(c) (UInt32, UInt32) -> UnsafePointer<assay_library>?

  /// The entry function, when the plugin came from a file.
  package private(set) var entry: Entry?

  package func method(_ index: UInt32 = 0) throws -> assay_method {
    guard let method = library.pointee.method_at(index) else {
      throw HarnessError("the library has no method \(index)")
    }
    return method.pointee
  }

  /// The config schema of the first method.
  package func schema() throws -> JSON {
    try JSON(parsing: String(cABI: method().config_schema))
  }

  /// Creates an instance whose config is the defaults with some keys replaced.
  package func instance(_ config: [String: JSON] = [:], method index: UInt32 = 0) throws -> Instance
  {
    let method = try method(index)
    var full: [String: JSON] = [:]
    let schema = try JSON(parsing: String(cABI: method.config_schema))
    for (key, property) in schema["properties"]?.object ?? [:] { full[key] = property["default"] }
    return Instance(method: method, config: JSON.object(full.merging(config) { $1 }).canonicalText)
  }

  /// Creates an instance from a config as text, whether it is JSON or not.
  package func instance(rawConfig: String, method index: UInt32 = 0) throws -> Instance {
    Instance(method: try method(index), config: rawConfig)
  }

  private static var folder: String {
    if let folder = getenv("ASSAY_TEST_PLUGIN_DIR") { return String(cString: folder) }
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, 4096)
    let bytes = buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }
    let path = String(decoding: bytes, as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
  }
}

package struct HarnessError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// One instance of a method, driven through the C ABI.
package final class Instance {
  package let host = TestHost()
  /// The seed that the calls carry.
  package var seed: UInt64 = 7
  /// The status of `create`.
  package let created: assay_status
  private let method: assay_method
  private var handle: UnsafeMutableRawPointer?

  init(method: assay_method, config: String) {
    self.method = method
    var handle: UnsafeMutableRawPointer?
    let host = host
    created = withRun(seed: seed) { run in
      config.withCABI { text in
        withUnsafeMutablePointer(to: &handle) { method.create(host.table, run, text, $0) }
      }
    }
    self.handle = handle
  }

  deinit { if created == ASSAY_OK { method.destroy(handle) } }

  package func fit(_ inputs: [String: Tensor]) -> assay_status {
    call(method.fit, inputs, [:])
  }

  package func predict(
    _ inputs: [String: Tensor], outputs: [String: Tensor], dynamic: [String] = []
  ) -> assay_status { call(method.predict, inputs, outputs, dynamic) }

  /// Fits, then answers the rows of `query.features`, as logits row by row; `aux` are the same rows
  /// in the second feature space.
  package func logits(
    fit inputs: [String: Tensor], query: Tensor, aux: Tensor? = nil, classCount: Int
  ) throws -> [[Float]] {
    let fitted = fit(inputs)
    guard fitted == ASSAY_OK else { throw HarnessError("fit: \(fitted): \(host.sentence)") }
    let canary = [Float](repeating: .nan, count: query.shape[0] * classCount)
    let logits = Tensor(canary, shape: [query.shape[0], classCount])
    var queries = ["query.features": query]
    queries["query.aux"] = aux
    let status = predict(queries, outputs: ["logits": logits])
    guard status == ASSAY_OK else { throw HarnessError("predict: \(status): \(host.sentence)") }
    return logits.withElements(of: Float.self) { numbers in
      (0..<query.shape[0]).map { Array(numbers[$0 * classCount..<($0 + 1) * classCount]) }
    }
  }

  private func call(
    _ function: (UnsafeMutableRawPointer?, UnsafePointer<assay_call>) -> assay_status,
    _ inputs: [String: Tensor], _ outputs: [String: Tensor], _ dynamic: [String] = []
  ) -> assay_status {
    var names: [UnsafeMutablePointer<CChar>] = []
    defer { names.forEach { free($0) } }
    func named(_ name: String, flags: UInt32, _ tensor: assay_dl_tensor) -> assay_tensor {
      let copy = strdup(name)
      if let copy { names.append(copy) }
      return assay_tensor(
        name: assay_str(ptr: copy, len: name.utf8.count), flags: UInt64(flags), tensor: tensor,
        reserved: (0, 0))
    }
    let ins = inputs.sorted { $0.key < $1.key }.map {
      named($0.key, flags: ASSAY_TENSOR_READ_ONLY, host.describe($0.value))
    }
    var outs = outputs.sorted { $0.key < $1.key }.map {
      named($0.key, flags: 0, host.describe($0.value))
    }
    outs += dynamic.map { named($0, flags: ASSAY_TENSOR_DYNAMIC, assay_dl_tensor()) }
    return withRun(seed: seed) { run in
      ins.withUnsafeBufferPointer { ins in
        outs.withUnsafeMutableBufferPointer { outs in
          var call = assay_call(
            struct_size: UInt32(MemoryLayout<assay_call>.size), reserved: 0,
            in: ins.baseAddress, in_count: ins.count, out: outs.baseAddress,
            out_count: outs.count, run: run)
          return withExtendedLifetime((inputs, outputs)) { function(handle, &call) }
        }
      }
    }
  }
}

private func withRun<R>(seed: UInt64, _ body: (UnsafePointer<assay_run>) -> R) -> R {
  "classify".withCABI { task in
    var run = assay_run()
    run.struct_size = UInt32(MemoryLayout<assay_run>.size)
    run.max_threads = 1
    run.seed = seed
    run.stream = 3
    run.task = task
    run.contract_major = 1
    return body(&run)
  }
}
