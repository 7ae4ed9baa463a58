internal import ArgumentParser
internal import Documents

/// The words that choose what `assay` does.
enum Verbs {
  /// Refuses a verb that is not there, with the nearest one that is.
  static func refuseUnknown(
    _ words: ArraySlice<String>, in command: any ParsableCommand.Type, path: String = "assay"
  ) throws {
    let verbs = command.configuration.subcommands
    guard !verbs.isEmpty, let word = words.first, !word.hasPrefix("-") else { return }
    if word == "help" {
      return try refuseUnknown(words.dropFirst(), in: command, path: path)
    }
    if let verb = verbs.first(where: { $0._commandName == word }) {
      return try refuseUnknown(words.dropFirst(), in: verb, path: "\(path) \(word)")
    }
    // A closure: the compiler crashes on a key path of a metatype.
    let names = verbs.map { $0._commandName }
    let hint = nearestName(to: word, in: names).map { "did you mean '\($0)'?" }
    throw UsageError(
      description: "'\(path)' has no verb '\(word)'; "
        + (hint ?? "it has \(names.joined(separator: ", "));") + " '\(path) --help' explains them")
  }
}
