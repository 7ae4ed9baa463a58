/// How much of a large report stands on the page; what is left out is counted there.
struct PageLimits {
  /// Methods with a line or dots of their own in one chart.
  var series = 6
  /// Charts of one kind on the page.
  var charts = 24
  /// Parts of a section that are open from the start.
  var openBlocks = 6
  /// Groups in one dot plot.
  var groups = 14
  /// Rows of a table that is open from the start.
  var openRows = 40
  /// Rows of a table that is closed from the start.
  var closedRows = 150
  /// Columns of a table.
  var columns = 24
  /// Different failures, warnings or notes.
  var messages = 200
  /// Characters of one message or of one captured stderr.
  var characters = 2000
  /// Rows of the table of trials.
  var trials = 1000
}
