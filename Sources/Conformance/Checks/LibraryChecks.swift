internal import CAssay
internal import CSystem
internal import Glibc
internal import PluginHost

extension Check {
  /// L: loading the library and asking for its table.
  static let libraryChecks: [Check] = [
    Check(
      "L01", "loads with every symbol resolved", rule: "A plugin is one dynamic library",
      .library, seconds: 10
    ) { probe in
      try probe.load(judging: true)
      return "loaded with RTLD_NOW and RTLD_LOCAL"
    },
    Check(
      "L02", "exports the entry and nothing else", rule: "It exports one function", .library
    ) { probe in
      guard let symbols = ELFSymbols(path: probe.context.plugin) else {
        throw Finding.skip("the symbols of the file cannot be read")
      }
      guard symbols.exported.contains("assay_plugin_entry") else {
        throw Finding.fail("the library should export 'assay_plugin_entry', but does not")
      }
      // Swift's names carry their module, so they cannot clash by chance; linkers add borders.
      let usual = ["assay_plugin_entry", "__bss_start", "_edata", "_end", "_init", "_fini"]
      let others = symbols.exported.filter { !usual.contains($0) && !$0.hasPrefix("$s") }
      guard others.isEmpty else {
        throw Finding.warn(
          "\(others.count) names besides assay_plugin_entry are exported, such as "
            + "'\(others.sorted()[0])'; compile with -fvisibility=hidden")
      }
      return "exports assay_plugin_entry"
    },
    Check(
      "L03", "brings or links all that it calls", rule: "needs nothing but this header", .library
    ) { probe in
      let symbols = ELFSymbols(path: probe.context.plugin)
      let handle = try probe.load()
      guard let symbols else { throw Finding.skip("the symbols of the file cannot be read") }
      // dlsym on a handle looks at the library and what it links, never at the host.
      let borrowed = symbols.needed.filter { dlsym(handle, $0) == nil }.sorted()
      guard borrowed.isEmpty else {
        throw Finding.fail(
          "every symbol should come from the library or from what it links, but "
            + "\(borrowed.map { "'\($0)'" }.joined(separator: ", ")) came from the host; link the "
            + "library that holds it")
      }
      return "\(symbols.needed.count) symbols found without the host"
    },
    Check(
      "L04", "gives the same table every time", rule: "the same pointer every time", .library
    ) { probe in
      let first = try probe.table(judging: true)
      for call in 2...5 where try probe.table(judging: true) != first {
        throw Finding.fail("call \(call) of assay_plugin_entry returned another pointer")
      }
      return "5 calls, one pointer"
    },
    Check(
      "L05", "answers a host of a future major", rule: "NULL only to refuse the host's major",
      .library
    ) { probe in
      let entry = try probe.entry()
      probe.step("assay_plugin_entry(99, 0)")
      guard let table = entry(99, 0) else { return "refuses major 99 with NULL" }
      guard table.pointee.abi_major == UInt32(ASSAY_ABI_MAJOR) else {
        throw Finding.fail(
          "asked by a host of major 99, the table should name the plugin's own major "
            + "\(ASSAY_ABI_MAJOR), but names \(table.pointee.abi_major)")
      }
      return "names its own major to a host of major 99"
    },
    Check(
      "L06", "accepts a host of a newer minor",
      rule: "A new MINOR only appends members, flags and status codes", .library
    ) { probe in
      let entry = try probe.entry()
      probe.step("assay_plugin_entry(\(ASSAY_ABI_MAJOR), 99)")
      guard entry(UInt32(ASSAY_ABI_MAJOR), 99) != nil else {
        throw Finding.fail(
          "assay_plugin_entry(\(ASSAY_ABI_MAJOR), 99) should return the table, since a newer host "
            + "of the same major serves an older plugin, but returned NULL")
      }
      return "minor 99 accepted"
    },
    Check(
      "L07", "tells what it holds within 100 ms", rule: "Pure, quick (under 100 ms)", .library
    ) { probe in
      try probe.load()
      // The time of this thread, so that a busy machine does not count.
      let start = readClock(CLOCK_THREAD_CPUTIME_ID)
      _ = try probe.methods()
      let spent = readClock(CLOCK_THREAD_CPUTIME_ID) - start
      let words = "entry and enumeration took \(Int(spent * 1000)) ms of processor time"
      if spent > 1 { throw Finding.fail("\(words), where 100 are allowed") }
      if spent > 0.1 { throw Finding.warn("\(words), where 100 are allowed") }
      return words
    },
    Check(
      "L08", "answers NULL for a method that is not there", rule: "NULL out of range", .library
    ) { probe in
      let table = try probe.table()
      let count = table.pointee.method_count
      for index in [count, count + 1, .max] {
        probe.step("method_at(\(index))")
        guard table.pointee.method_at(index) == nil else {
          throw Finding.fail(
            "method_at(\(index)) should be NULL, since method_count is \(count), but is not")
        }
      }
      let methods = try probe.methods()
      guard try probe.methods() == methods else {
        throw Finding.fail("method_at should return the same pointers every time, but does not")
      }
      return "NULL at \(count), \(count + 1) and the largest index"
    },
    Check(
      "L09", "loads from a path with spaces and letters beyond ASCII",
      rule: "A plugin is one dynamic library", .library
    ) { probe in
      let folder = "\(probe.context.scratch)/naïve folder é中"
      let path = "\(folder)/plug in.so"
      guard mkdir(folder, 0o700) == 0, copyFile(probe.context.plugin, path) else {
        throw Finding.skip("the library cannot be copied to a scratch folder")
      }
      try probe.load(path: path, judging: true)
      _ = try probe.table(judging: true)
      _ = try probe.methods()
      return "loaded from '\(path.dropFirst(probe.context.scratch.count + 1))'"
    },
    Check(
      "L10", "leaves floating-point modes alone while loading",
      rule: "must not change floating-point modes", .library
    ) { probe in
      let modes = assay_shim_fp_modes()
      _ = try probe.methods()
      let later = assay_shim_fp_modes()
      guard later == modes else {
        throw Finding.fail(
          "loading and the entry should leave rounding and flush-to-zero alone, but changed the "
            + "modes from 0x\(String(modes, radix: 16)) to 0x\(String(later, radix: 16)); do not "
            + "link with -ffast-math")
      }
      return "modes unchanged"
    },
    Check(
      "L11", "leaves the process alone while loading and prints nothing",
      rule: "must not write to stdout, change locale, working directory, environment, signal "
        + "handlers", .library
    ) { probe in
      let state = ProcessState()
      let printed = try capturingOutput { _ = try probe.methods() }
      if let change = state.change(to: ProcessState()) {
        throw Finding.fail("loading and the entry \(change), which are the host's")
      }
      guard printed.isEmpty else {
        throw Finding.fail("loading and the entry wrote '\(printed.prefix(80))' to stdout")
      }
      return "nothing changed, nothing printed"
    },
  ]
}

/// Copies a file; false when it cannot.
private func copyFile(_ from: String, _ to: String) -> Bool {
  guard let source = fopen(from, "r") else { return false }
  defer { fclose(source) }
  guard let target = fopen(to, "w") else { return false }
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  var isFine = true
  while true {
    let count = fread(&buffer, 1, buffer.count, source)
    if count == 0 { break }
    isFine = isFine && fwrite(buffer, 1, count, target) == count
  }
  return fclose(target) == 0 && isFine
}
