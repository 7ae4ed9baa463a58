import Documents

/// Where the numbers come from: command, machine, limits and the digests of all that took part.
struct ProvenanceSection {
  private let model: PageModel
  private var report: Report { model.report }

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    Section(
      "provenance", "Provenance",
      """
      <dl class="facts">
      \(run)\(machine)</dl>
      \(digests)
      """, isOpen: false)
  }

  private var run: [Markup] {
    [
      fact("Tool", "assay \(report.tool.version), plugin ABI \(report.tool.abi)"),
      fact("Schema", "\(Report.schema)"),
      fact("Seeds", "\(report.run.seeds.map(String.init).joined(separator: ", "))"),
      fact("Threads of a trial", "\(report.run.threads)"),
    ] + invocation
  }

  private var invocation: [Markup] {
    guard let invocation = report.run.invocation else { return [] }
    let limits = invocation.limits.keys.sorted().map { name in
      "\(name) \(amount(invocation.limits[name] ?? 0))"
    }
    return [
      fact("Command", "<code>assay \(invocation.arguments.joined(separator: " "))</code>"),
      fact("Trials at a time", "\(invocation.jobs)"),
      fact("Isolation", "\(invocation.isolation)"),
      fact("Limits", limits.isEmpty ? "none" : "\(limits.joined(separator: ", "))"),
    ]
  }

  private var machine: [Markup] {
    guard let environment = report.environment else {
      return [fact("Machine and moment", "left out of this report")]
    }
    let sandbox = environment.sandbox
    let landlock = sandbox.landlockABI.map { "Landlock ABI \($0)" } ?? "no Landlock"
    let blas = environment.blas
    let git = environment.git.map { "\($0.commit)\($0.isDirty ? " with changes" : "")" }
    return [
      fact("Processor", "\(environment.cpu), \(Number.of(environment.cores, "core"))"),
      fact("Memory", "\(Number.fixed(Double(environment.memoryBytes) / 1_073_741_824, 1)) GiB"),
      fact("Kernel", "\(environment.kernel)"),
      fact(
        "BLAS",
        """
        \(blas.name) \(blas.version), \(blas.core), \
        \(Number.of(blas.threads, "thread")) per worker
        """
      ),
      fact("Sandbox", "\(landlock), \(sandbox.seccomp ? "seccomp" : "no seccomp")"),
      fact("Working directory", "\(git ?? "no repository")"),
      fact("Started", "\(environment.started)"), fact("Finished", "\(environment.finished)"),
    ]
  }

  private func fact(_ name: Markup, _ value: Markup) -> Markup {
    "<div><dt>\(name)</dt><dd>\(value)</dd></div>\n"
  }

  private func amount(_ value: Double) -> String {
    Int(exactly: value).map(Number.count) ?? Number.short(value)
  }

  private var digests: Markup {
    let all: [[Markup]] =
      report.suites.map { row("suite", $0.id, $0.version, $0.digest) }
      + report.datasets.map { row("dataset", $0.id, $0.version, $0.digest) }
      + report.plugins.map { plugin in
        row(
          "plugin", plugin.name, plugin.version, plugin.digest,
          "ABI \(plugin.abi)\(plugin.licence.map { ", \($0)" } ?? "")")
      }
    guard !all.isEmpty else { return .empty }
    let shown = all.prefix(model.limits.messages)
    return Table(
      name: "Digests (SHA-256)", note: leftOut(all.count - shown.count, "row"),
      columns: [
        .text("Name"), .text("What"), .text("Version"), .text("Digest"), .text("Note"),
      ], rows: Array(shown)
    ).markup
  }

  private func row(
    _ kind: Markup, _ name: String, _ version: String, _ digest: Digest, _ more: String = ""
  ) -> [Markup] {
    [
      "\(name)", kind, "\(version)", "<code class=\"digest\">\(digest.description)</code>",
      "\(more)",
    ]
  }
}
