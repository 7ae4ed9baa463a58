internal import ArgumentParser
internal import Autograd
internal import Datasets
internal import Documents
internal import Encoders
internal import Evaluation
internal import Glibc
internal import Reports
internal import Tensors

/// `assay encode`.
struct EncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Makes a dataset of pictures, class names and captions, with a CLIP.",
    discussion: """
      IMAGES is a folder with a folder for each class, or with folders train, val, test and \
      unlabelled that have such; or a CSV table with a column path and of label, split and caption \
      what there is, every other column being a group. Captions make a retrieval case.

      What is stopped goes on where it was when the same command is given again. Bad pictures are \
      all named at the end; --skip-bad leaves them out, and nothing is encoded twice for that.

      Corruptions: \(Corruption.allCases.map(\.rawValue).joined(separator: ", ")).

      Examples:
        assay encode birds --checkpoint vit-b-32.safetensors --vocabulary bpe.txt.gz \
      --templates simple --output birds-clip
        assay encode birds --checkpoint x.safetensors --no-texts --output birds-x \
      --corruptions gaussian-noise,pixelate:1..5
      """)

  @Argument(help: "A folder of pictures, or a table of them (CSV).", completion: .directory)
  var images: String
  @Option(
    help: "The weights, with the names of OpenAI's or open_clip's checkpoints.",
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("A folder that holds no dataset yet.", valueName: "folder"),
    completion: .directory)
  var output: String

  @Option(
    help: ArgumentHelp(
      "The tokenizer's file, as open_clip has it; without it one beside the checkpoint.",
      valueName: "file"), completion: .file())
  var vocabulary: String?
  @Option(
    help: ArgumentHelp(
      "The names of the classes, one a line in the folders' order, or 'folder<TAB>name' lines.",
      valueName: "file"), completion: .file())
  var classes: String?
  @Option(help: "Prompts: \(EncodeTemplates.names), or a file with one a line, {} for the name.")
  var templates = EncodeTemplates.standard
  @Flag(help: "Leaves out the features of class names and captions.")
  var noTexts = false

  @Option(
    help: ArgumentHelp(
      "Corrupted copies of the test pictures: 'all' or kinds, each with severities or all five, "
        + "such as jpeg-compression:3 or contrast:1..5.", valueName: "kinds"))
  var corruptions: ShiftList?
  @Flag(help: "Keeps the embeddings of the patches too.")
  var patches = false
  @Option(help: "What pictures are for that do not say so: train, val, test or unlabelled.")
  var split = PictureCollection.Split.test
  @Flag(help: "Leaves out pictures that cannot be read.")
  var skipBad = false

  @Option(help: "The activation within the blocks: gelu or quickGELU, as OpenAI's weights need.")
  var activation: String?
  @Option(help: "The pictures that are encoded at once.")
  var batch = 16
  @Option(help: "The threads that decode.")
  var jobs: Int?
  @Option(help: "The dataset's id; without it the name of the folder.")
  var id: String?
  @Option(help: "One line for people.")
  var title: String?
  @Option(help: "Where the pictures come from.")
  var source: String?
  @Option(help: "The terms of the pictures.")
  var licence = "not stated"
  @Flag(name: [.short, .long], help: "Says nothing about how far it is.")
  var quiet = false

  func validate() throws {
    if batch < 1 || batch > 4096 { throw ValidationError("--batch is 1 to 4096, not \(batch).") }
    if let activation, Activation(rawValue: activation) == nil {
      throw ValidationError("--activation is gelu or quickGELU, not '\(activation)'.")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1, not \(jobs).") }
  }

  func run() throws {
    guard !Locations.isDataset(output) else {
      throw UsageError(description: "--output \(output): holds a dataset already")
    }
    let collection = try PictureCollection.reading(images, split: split)
    for note in collection.notes { Console.complain("warning: \(note)") }
    let names = try EncodeClasses.names(of: collection, file: classes)
    let templates = try EncodeTemplates.read(self.templates)
    let isSaying =
      !noTexts && (!names.isEmpty || collection.entries.contains { !$0.captions.isEmpty })
    let tokenizer = isSaying ? try EncodeTokenizer.read(vocabulary, beside: checkpoint) : nil

    // Before the weights are mapped for use, so that they are in memory once.
    let digest = try checkpointDigest()
    let model = try DualEncoder(
      reading: checkpoint,
      hints: CheckpointHints(activation: activation.flatMap(Activation.init(rawValue:))))
    if let tokenizer, tokenizer.count > model.shape.vocabulary {
      throw UsageError(
        description: "the vocabulary has \(tokenizer.count) tokens, and \(checkpoint) knows "
          + "\(model.shape.vocabulary); give the one it was trained with")
    }
    let grid = model.image.grid * model.image.grid
    let plan = EncodingPlan(
      collection, shifts: corruptions?.shifts ?? [], preprocessing: model.preprocessing,
      encoder: encoderName(model, digest), featureWidth: model.shape.embedding,
      patchShape: patches ? [grid, model.shape.embedding] : nil)
    try OutputFiles.makeFolder(output)
    let journal = try EncodingJournal(
      in: "\(output)/.encode", plan: plan.digest, streams: plan.streams, batch: batch)
    try encode(plan, journal, model.image)
    try complainOfBad(plan, journal)

    var dataset = EncodedDataset(plan, journal, about: about(plan))
    if let tokenizer {
      let encoder = TextEncoder(model.text, tokenizer)
      if !names.isEmpty {
        if !quiet { Console.note("encoding \(names.count * templates.count) prompts") }
        let (prompts, means) = encoder.classes(names, templates: templates)
        dataset.classTexts = .init(
          names: names, templates: templates, prompts: prompts, classes: means)
      }
      dataset.captions = encoder.features(of: dataset.captionTexts)
    }
    try dataset.write(to: output)
    journal.remove()
    let opened = try Dataset.open(output)
    Console.say("\(output): \(opened.id), \(DatasetSummary(opened).sizeText)")
  }

  // MARK: Pictures

  private func encode(
    _ plan: EncodingPlan, _ journal: EncodingJournal, _ tower: ImageTower
  ) throws {
    let entries = plan.collection.entries
    let reader = PictureReader(for: plan.preprocessing)
    let encoder = PictureEncoder(tower, keepsPatches: plan.patchShape != nil)
    let clock = ContinuousClock()
    let start = clock.now
    let before = journal.done
    var bar = ProgressBar(isQuiet: quiet, unit: "pictures")
    var progress = Progress(
      total: entries.count, done: before, failed: 0, reused: before, elapsedSeconds: 0)
    Interruption.watch()
    while journal.done < entries.count {
      if Interruption.isAsked {
        bar.end(progress)
        throw ExitStatus(
          value: .interrupted,
          message: "stopped after \(journal.done) of \(entries.count) pictures; the same command "
            + "goes on from there")
      }
      let places = Array(journal.done..<min(journal.done + batch, entries.count))
      try EncodeBatch(places, plan: plan, reader: reader, threads: jobs ?? processorCount())
        .add(to: journal, with: encoder)
      progress.done = journal.done
      progress.failed = journal.skipped.count
      progress.elapsedSeconds = (clock.now - start) / .seconds(1)
      bar.show(progress)
    }
  }

  private func complainOfBad(_ plan: EncodingPlan, _ journal: EncodingJournal) throws {
    let bad = journal.skipped.sorted { $0.key < $1.key }
    guard let first = bad.first else { return }
    for (_, problem) in bad.prefix(20) { Console.complain(problem) }
    if bad.count > 20 { Console.complain("and \(bad.count - 20) more") }
    guard bad.count < plan.collection.entries.count else {
      throw UsageError(description: "no picture can be read, the first: \(first.value)")
    }
    guard skipBad else {
      throw UsageError(
        description: "\(bad.count) of \(plan.collection.entries.count) pictures cannot be read; "
          + "mend them, or leave them out with --skip-bad, which goes on with what is encoded")
    }
  }

  // MARK: What it is called

  private func checkpointDigest() throws -> Digest {
    let weights = try TensorStorage.mapping(checkpoint)
    let digest = Digest(
      of: UnsafeRawBufferPointer(start: weights.base, count: weights.byteCount))
    withExtendedLifetime(weights) {}
    return digest
  }

  private func encoderName(_ model: DualEncoder, _ digest: Digest) -> String {
    let file = checkpoint.split(separator: "/").last.map(String.init) ?? checkpoint
    let image = model.shape.image
    return
      "\(file) (SHA-256 \(digest.short)), image tower \(image.width) wide, \(image.depth) deep, "
      + "patches of \(model.shape.patch), pictures of \(model.shape.side), "
      + "\(image.activation.rawValue)"
  }

  private func about(_ plan: EncodingPlan) -> EncodedDataset.About {
    func last(_ path: String) -> String {
      path.split(separator: "/").last.map(String.init) ?? "pictures"
    }
    let letters = last(output).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return EncodedDataset.About(
      id: id ?? String(letters.drop { $0 == "-" }),
      title: title ?? "\(plan.collection.entries.count) pictures of \(last(images)), as features",
      source: source ?? last(images), licence: licence, encoder: plan.encoder)
  }
}

extension PictureCollection.Split: ExpressibleByArgument {}
