import CAssay
import Foundation
import Testing

/// A member's offset in the frozen layout of ABI 1.0, on 64-bit platforms.
struct Member: Sendable, CustomTestStringConvertible {
  let name: String
  let found: Int?
  let frozen: Int
  init(_ name: String, _ found: Int?, _ frozen: Int) {
    self.name = name
    self.found = found
    self.frozen = frozen
  }
  var testDescription: String { name }
}

private typealias Layout<T> = MemoryLayout<T>

private let sizes = [
  Member("assay_str", Layout<assay_str>.size, 16),
  Member("assay_dtype", Layout<assay_dtype>.size, 4),
  Member("assay_device", Layout<assay_device>.size, 8),
  Member("assay_dl_tensor", Layout<assay_dl_tensor>.size, 48),
  Member("assay_tensor", Layout<assay_tensor>.size, 88),
  Member("assay_host", Layout<assay_host>.size, 88),
  Member("assay_run", Layout<assay_run>.size, 80),
  Member("assay_call", Layout<assay_call>.size, 48),
  Member("assay_input", Layout<assay_input>.size, 24),
  Member("assay_claim", Layout<assay_claim>.size, 40),
  Member("assay_method", Layout<assay_method>.size, 160),
  Member("assay_library", Layout<assay_library>.size, 32),
]

private let offsets = [
  Member("str.ptr", Layout<assay_str>.offset(of: \.ptr), 0),
  Member("str.len", Layout<assay_str>.offset(of: \.len), 8),
  Member("dtype.code", Layout<assay_dtype>.offset(of: \.code), 0),
  Member("dtype.bits", Layout<assay_dtype>.offset(of: \.bits), 1),
  Member("dtype.lanes", Layout<assay_dtype>.offset(of: \.lanes), 2),
  Member("device.device_type", Layout<assay_device>.offset(of: \.device_type), 0),
  Member("device.device_id", Layout<assay_device>.offset(of: \.device_id), 4),
  Member("dl.data", Layout<assay_dl_tensor>.offset(of: \.data), 0),
  Member("dl.device", Layout<assay_dl_tensor>.offset(of: \.device), 8),
  Member("dl.ndim", Layout<assay_dl_tensor>.offset(of: \.ndim), 16),
  Member("dl.dtype", Layout<assay_dl_tensor>.offset(of: \.dtype), 20),
  Member("dl.shape", Layout<assay_dl_tensor>.offset(of: \.shape), 24),
  Member("dl.strides", Layout<assay_dl_tensor>.offset(of: \.strides), 32),
  Member("dl.byte_offset", Layout<assay_dl_tensor>.offset(of: \.byte_offset), 40),
  Member("tensor.name", Layout<assay_tensor>.offset(of: \.name), 0),
  Member("tensor.flags", Layout<assay_tensor>.offset(of: \.flags), 16),
  Member("tensor.tensor", Layout<assay_tensor>.offset(of: \.tensor), 24),
  Member("tensor.reserved", Layout<assay_tensor>.offset(of: \.reserved), 72),
  Member("host.struct_size", Layout<assay_host>.offset(of: \.struct_size), 0),
  Member("host.abi_major", Layout<assay_host>.offset(of: \.abi_major), 4),
  Member("host.abi_minor", Layout<assay_host>.offset(of: \.abi_minor), 8),
  Member("host.ctx", Layout<assay_host>.offset(of: \.ctx), 16),
  Member("host.log", Layout<assay_host>.offset(of: \.log), 24),
  Member("host.progress", Layout<assay_host>.offset(of: \.progress), 32),
  Member("host.cancelled", Layout<assay_host>.offset(of: \.cancelled), 40),
  Member("host.set_error", Layout<assay_host>.offset(of: \.set_error), 48),
  Member("host.alloc_output", Layout<assay_host>.offset(of: \.alloc_output), 56),
  Member("host.scratch", Layout<assay_host>.offset(of: \.scratch), 64),
  Member("host.metric", Layout<assay_host>.offset(of: \.metric), 72),
  Member("host.get_extension", Layout<assay_host>.offset(of: \.get_extension), 80),
  Member("run.struct_size", Layout<assay_run>.offset(of: \.struct_size), 0),
  Member("run.max_threads", Layout<assay_run>.offset(of: \.max_threads), 4),
  Member("run.seed", Layout<assay_run>.offset(of: \.seed), 8),
  Member("run.stream", Layout<assay_run>.offset(of: \.stream), 16),
  Member("run.memory_budget", Layout<assay_run>.offset(of: \.memory_budget), 24),
  Member("run.deadline_ns", Layout<assay_run>.offset(of: \.deadline_ns), 32),
  Member("run.scratch_dir", Layout<assay_run>.offset(of: \.scratch_dir), 40),
  Member("run.task", Layout<assay_run>.offset(of: \.task), 56),
  Member("run.contract_major", Layout<assay_run>.offset(of: \.contract_major), 72),
  Member("run.contract_minor", Layout<assay_run>.offset(of: \.contract_minor), 76),
  Member("call.struct_size", Layout<assay_call>.offset(of: \.struct_size), 0),
  Member("call.in", Layout<assay_call>.offset(of: \.in), 8),
  Member("call.in_count", Layout<assay_call>.offset(of: \.in_count), 16),
  Member("call.out", Layout<assay_call>.offset(of: \.out), 24),
  Member("call.out_count", Layout<assay_call>.offset(of: \.out_count), 32),
  Member("call.run", Layout<assay_call>.offset(of: \.run), 40),
  Member("input.name", Layout<assay_input>.offset(of: \.name), 0),
  Member("input.flags", Layout<assay_input>.offset(of: \.flags), 16),
  Member("claim.task", Layout<assay_claim>.offset(of: \.task), 0),
  Member("claim.major", Layout<assay_claim>.offset(of: \.major), 16),
  Member("claim.minor", Layout<assay_claim>.offset(of: \.minor), 20),
  Member("claim.inputs", Layout<assay_claim>.offset(of: \.inputs), 24),
  Member("claim.input_count", Layout<assay_claim>.offset(of: \.input_count), 32),
  Member("method.struct_size", Layout<assay_method>.offset(of: \.struct_size), 0),
  Member("method.flags", Layout<assay_method>.offset(of: \.flags), 4),
  Member("method.id", Layout<assay_method>.offset(of: \.id), 8),
  Member("method.version", Layout<assay_method>.offset(of: \.version), 24),
  Member("method.summary", Layout<assay_method>.offset(of: \.summary), 40),
  Member("method.license", Layout<assay_method>.offset(of: \.license), 56),
  Member("method.references", Layout<assay_method>.offset(of: \.references), 72),
  Member("method.config_schema", Layout<assay_method>.offset(of: \.config_schema), 88),
  Member("method.claims", Layout<assay_method>.offset(of: \.claims), 104),
  Member("method.claim_count", Layout<assay_method>.offset(of: \.claim_count), 112),
  Member("method.create", Layout<assay_method>.offset(of: \.create), 120),
  Member("method.destroy", Layout<assay_method>.offset(of: \.destroy), 128),
  Member("method.fit", Layout<assay_method>.offset(of: \.fit), 136),
  Member("method.predict", Layout<assay_method>.offset(of: \.predict), 144),
  Member("method.get_extension", Layout<assay_method>.offset(of: \.get_extension), 152),
  Member("library.struct_size", Layout<assay_library>.offset(of: \.struct_size), 0),
  Member("library.abi_major", Layout<assay_library>.offset(of: \.abi_major), 4),
  Member("library.abi_minor", Layout<assay_library>.offset(of: \.abi_minor), 8),
  Member("library.method_count", Layout<assay_library>.offset(of: \.method_count), 12),
  Member("library.method_at", Layout<assay_library>.offset(of: \.method_at), 16),
  Member("library.get_extension", Layout<assay_library>.offset(of: \.get_extension), 24),
]

@Suite("The layout of assay.h 1.0 is frozen")
struct HeaderLayoutTests {
  @Test("each struct keeps its size", arguments: sizes)
  func size(member: Member) { #expect(member.found == member.frozen) }

  @Test("each member keeps its offset", arguments: offsets)
  func offset(member: Member) { #expect(member.found == member.frozen) }

  @Test(
    "the header alone compiles without a warning",
    arguments: [
      ("cc", ["-std=c11", "-x", "c"]), ("cc", ["-std=c17", "-x", "c"]),
      ("c++", ["-std=c++11", "-x", "c++"]), ("c++", ["-std=c++20", "-x", "c++"]),
    ])
  func compiles(compiler: String, dialect: [String]) throws {
    let source = Fixtures.folder.appending(path: "alone-\(UUID().uuidString).txt")
    let text = """
      #include "assay.h"
      const assay_library *assay_plugin_entry(uint32_t major, uint32_t minor) {
        static assay_tensor tensor;
        return major == ASSAY_ABI_MAJOR && minor && tensor.flags ? NULL : NULL;
      }
      """
    try (text + "\n").write(to: source, atomically: true, encoding: .utf8)
    try Fixtures.compile(
      compiler,
      dialect + [
        "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", "-I\(Fixtures.header.path)",
        source.path,
      ])
  }
}
