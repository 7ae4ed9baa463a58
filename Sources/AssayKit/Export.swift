internal import CAssay
internal import Documents
internal import Synchronization

/// Makes the library table of a plugin that holds one method; see `Method` for the entry function.
///
/// Nil when the host speaks another major version of the ABI.
public func export(
  _ method: any Method.Type, _ hostMajor: UInt32, _ hostMinor: UInt32
) -> UnsafeRawPointer? { export([method], hostMajor, hostMinor) }

/// Makes the library table of a plugin that holds up to 16 methods.
///
/// Nil when the host speaks another major version of the ABI, or there are more methods.
public func export(
  _ methods: [any Method.Type], _ hostMajor: UInt32, _ hostMinor: UInt32
) -> UnsafeRawPointer? {
  guard hostMajor == ASSAY_ABI_MAJOR, methods.count <= creators.count else { return nil }
  return exported.withLock { exported in
    if exported == nil { exported = Exported(methods) }
    return exported.map { UnsafeRawPointer($0.library) }
  }
}

/// The library of this process; made once, so that every entry call returns the same pointer.
private let exported = Mutex<Exported?>(nil)

/// The tables of a library, which are never freed nor changed once made.
private struct Exported: @unchecked Sendable {
  let entries: [any Instance.Type]
  let methods: UnsafeMutablePointer<assay_method>
  let library: UnsafePointer<assay_library>

  init(_ methods: [any Method.Type]) {
    entries = methods.map { $0.instanceType }
    self.methods = UnsafeMutablePointer<assay_method>.allocate(capacity: max(methods.count, 1))
    for (index, method) in methods.enumerated() {
      (self.methods + index).initialize(to: method.table(creating: creators[index]))
    }
    let library = UnsafeMutablePointer<assay_library>.allocate(capacity: 1)
    library.initialize(
      to: assay_library(
        struct_size: UInt32(MemoryLayout<assay_library>.size),
        abi_major: UInt32(ASSAY_ABI_MAJOR), abi_minor: UInt32(ASSAY_ABI_MINOR),
        method_count: UInt32(methods.count),
        method_at: { index in
          exported.withLock { exported in
            guard let exported, index < exported.entries.count else { return nil }
            return UnsafePointer(exported.methods + Int(index))
          }
        }, get_extension: nil))
    self.library = UnsafePointer(library)
  }
}

// MARK: The table of one method

private typealias Creator =
  @convention(c) (
    UnsafePointer<assay_host>, UnsafePointer<assay_run>, assay_str,
    UnsafeMutablePointer<UnsafeMutableRawPointer?>
  ) -> assay_status

// `create` is not told which method it makes, and a C function cannot capture: one for each place.
private let creators: [Creator] = [
  { create(0, $0, $1, $2, $3) }, { create(1, $0, $1, $2, $3) }, { create(2, $0, $1, $2, $3) },
  { create(3, $0, $1, $2, $3) }, { create(4, $0, $1, $2, $3) }, { create(5, $0, $1, $2, $3) },
  { create(6, $0, $1, $2, $3) }, { create(7, $0, $1, $2, $3) }, { create(8, $0, $1, $2, $3) },
  { create(9, $0, $1, $2, $3) }, { create(10, $0, $1, $2, $3) }, { create(11, $0, $1, $2, $3) },
  { create(12, $0, $1, $2, $3) }, { create(13, $0, $1, $2, $3) }, { create(14, $0, $1, $2, $3) },
  { create(15, $0, $1, $2, $3) },
]

private func create(
  _ index: Int, _ host: UnsafePointer<assay_host>, _ run: UnsafePointer<assay_run>,
  _ config: assay_str, _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> assay_status {
  guard Int(host.pointee.struct_size) >= MemoryLayout<assay_host>.size else {
    return ASSAY_E_ARGUMENT
  }
  let type = exported.withLock { $0?.entries[index] }
  let services = Host(host)
  do {
    guard let type else { throw MethodError.internal("create came before the entry") }
    let json: JSON
    do {
      json = try JSON(parsing: String(assay: config))
    } catch {
      throw MethodError.config("the config is \(error)")
    }
    let instance = try type.init(host: services, config: json)
    result.pointee = Unmanaged.passRetained(Slot(instance)).toOpaque()
    return ASSAY_OK
  } catch {
    return services.report(error)
  }
}

extension Method {
  fileprivate static var instanceType: any Instance.Type { InstanceOf<Self>.self }

  fileprivate static func table(creating create: @escaping Creator) -> assay_method {
    let descriptor = descriptor
    let claims = UnsafeMutablePointer<assay_claim>.allocate(
      capacity: max(descriptor.claims.count, 1))
    for (index, claim) in descriptor.claims.enumerated() {
      (claims + index).initialize(to: claim.table)
    }
    var flags = UInt32(ASSAY_METHOD_NEEDS_FIT)
    for trait in descriptor.traits { flags |= trait.flag }
    return assay_method(
      struct_size: UInt32(MemoryLayout<assay_method>.size), flags: flags,
      id: descriptor.id.immortal, version: descriptor.version.immortal,
      summary: descriptor.summary.immortal, license: descriptor.license.immortal,
      references: descriptor.references.immortal,
      config_schema: Config.schema.canonicalText.immortal, claims: UnsafePointer(claims),
      claim_count: descriptor.claims.count, create: create,
      destroy: { if let raw = $0 { Unmanaged<Slot>.fromOpaque(raw).release() } },
      fit: { raw, call in
        Slot.run(raw, call) { try $0.fit($1) }
      },
      predict: { raw, call in
        Slot.run(raw, call) { try $0.predict($1) }
      }, get_extension: nil)
  }
}

extension MethodTrait {
  fileprivate var flag: UInt32 {
    switch self {
    case .deterministic: UInt32(ASSAY_METHOD_DETERMINISTIC)
    case .rowIndependent: UInt32(ASSAY_METHOD_ROW_INDEPENDENT)
    case .crossValidates: UInt32(ASSAY_METHOD_CROSS_VALIDATES)
    case .usesThreads: UInt32(ASSAY_METHOD_USES_THREADS)
    }
  }
}

extension Claim {
  fileprivate var table: assay_claim {
    let wanted = UnsafeMutablePointer<assay_input>.allocate(capacity: max(inputs.count, 1))
    for (index, input) in inputs.enumerated() {
      let flags = input.isRequired ? ASSAY_INPUT_REQUIRED : ASSAY_INPUT_OPTIONAL
      (wanted + index).initialize(
        to: assay_input(name: input.name.immortal, flags: UInt32(flags), reserved: 0))
    }
    return assay_claim(
      task: task.immortal, major: major, minor: minor, inputs: UnsafePointer(wanted),
      input_count: inputs.count)
  }
}

// MARK: One instance

/// What stands behind the `self` of the C calls.
private protocol Instance {
  var host: Host { get }
  init(host: Host, config: JSON) throws(MethodError)
  mutating func fit(_ call: assay_call) throws
  func predict(_ call: assay_call) throws
}

private struct InstanceOf<M: Method>: Instance {
  let host: Host
  let config: M.Config
  var model: M.Model?

  init(host: Host, config: JSON) throws(MethodError) {
    self.host = host
    self.config = try M.Config(reading: config)
  }

  mutating func fit(_ call: assay_call) throws {
    model = nil
    let inputs = try Inputs(call)
    for sentence in config.idle(inputs) { host.log(.warning, sentence) }
    model = try M.fit(inputs, config: config, context: context(call))
  }

  func predict(_ call: assay_call) throws {
    guard let model else {
      throw MethodError(.state, "predict needs a fitted method; call fit first")
    }
    try model.predict(Inputs(call), into: Outputs(call, host: host), context: context(call))
  }

  private func context(_ call: assay_call) -> Context {
    Context(host: host, run: Run(call.run.pointee))
  }
}

private final class Slot {
  private var instance: any Instance

  init(_ instance: any Instance) { self.instance = instance }

  static func run(
    _ raw: UnsafeMutableRawPointer?, _ call: UnsafePointer<assay_call>,
    _ body: (inout any Instance, assay_call) throws -> Void
  ) -> assay_status {
    guard let raw, Int(call.pointee.struct_size) >= MemoryLayout<assay_call>.size else {
      return ASSAY_E_ARGUMENT
    }
    let slot = Unmanaged<Slot>.fromOpaque(raw).takeUnretainedValue()
    do {
      try body(&slot.instance, call.pointee)
      return ASSAY_OK
    } catch {
      return slot.instance.host.report(error)
    }
  }
}
