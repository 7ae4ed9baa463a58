/// How much of a large report stands on the page; what is left out is counted there.
struct PageLimits {
  /// Methods with a line or dots of their own in one chart.
  var series = 6
  /// Panels of the first screen.
  var panels = 12
  /// Charts of one kind that are seen at once.
  var openCharts = 12
  /// Charts of one kind on the page.
  var charts = 24
  /// Groups in one dot plot.
  var groups = 12
  /// Rows of a table.
  var rows = 150
  /// Columns of a table.
  var columns = 24
  /// Different failures, warnings or notes.
  var messages = 200
  /// Characters of one message or of one captured stderr.
  var characters = 2000
  /// Rows of the table of trials.
  var trials = 1000
}
