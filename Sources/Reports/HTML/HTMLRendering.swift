import Documents
package import Evaluation

/// Renders a report or a diff as one HTML file that needs nothing but a browser: no network.
package enum HTMLRendering {
  /// The page of a report.
  ///
  /// The first screen answers in pictures which method leads, how surely, and where it is worse;
  /// numbers and origins are folded. With `samples` at hand it has calibration and ROC curves too.
  /// A large report is summarised: charts show the leading methods, long tables their first rows,
  /// and the page says how many it left out.
  package static func page(report: Report, samples: TrialStore?) -> String {
    let model = PageModel(report: report, samples: samples)
    let head = HeadSection(model)
    let calibration = CalibrationSection(model)
    let worse = WorseSection(model, calibration)
    let messages = MessagesSection(model)
    let sections = [
      ClaimsSection(model).section,
      GlanceSection(model, Findings(model), worse).section, messages.failures, worse.section,
      PromptsSection(model).section, calibration.section, ROCSection(model).section,
      SummarySection(model).section, messages.remarks, head.reading, head.run,
      CostSection(model).section, ProvenanceSection(model).section, TrialsSection(model).section,
    ].compactMap(\.self)
    return Page(title: title(of: report), header: head.verdict, sections: sections)
      .markup.text
  }

  /// The page of a diff: gates, what changed with paired intervals, the groups that changed, flips.
  ///
  /// The names are those of the two reports, such as their paths.
  package static func page(diff: ReportDiff, baseline: String, candidate: String) -> String {
    let model = DiffModel(diff)
    let head = DiffHead(model)
    let rows = DiffSections(model)
    let sections = [
      head.gates, rows.changed, rows.groups, rows.flips, rows.unchanged, head.reading,
    ].compactMap(\.self)
    return Page(
      title: "Assay diff", header: head.markup(baseline: baseline, candidate: candidate),
      sections: sections
    ).markup.text
  }

  private static func title(of report: Report) -> String {
    let suites = report.suites.map(\.id)
    guard !suites.isEmpty else { return "Assay report" }
    let named = suites.prefix(4).joined(separator: ", ")
    return "Assay report: \(named)\(suites.count > 4 ? " and \(suites.count - 4) more" : "")"
  }
}
