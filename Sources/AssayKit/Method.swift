/// One algorithm under test, written as a small type.
///
///     public struct Constant: Method {
///       public struct Config: MethodConfig {
///         var answer = 0
///         public static let parameters: [Parameter<Config>] = [
///           .integer("answer", \.answer, 0...9, "The class that is always answered.")
///         ]
///         public init() {}
///       }
///       public static let descriptor = MethodDescriptor(
///         id: "constant", version: "1.0.0", summary: "Answers one class.",
///         claims: [Claim(task: "classify", inputs: ["class.count", "query.features"])])
///       public static func fit(_ inputs: Inputs, config: Config, context: Context) -> Model { ... }
///     }
///
///     @c(assay_plugin_entry)
///     public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
///       export(Constant.self, major, minor)
///     }
public protocol Method {
  /// The parameters of the method; `NoConfig` for none.
  associatedtype Config: MethodConfig
  /// What fitting makes.
  associatedtype Model: FittedMethod
  /// What the method is called and what it wants.
  static var descriptor: MethodDescriptor { get }
  /// Learns from the fit inputs.
  ///
  /// Views that the inputs lend end with this call; copy what the model keeps. Any error thrown
  /// ends the trial; a `MethodError` says its sentence and status, another one counts as a defect.
  static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model
}

/// A method that has learned, and can answer; there is no other way to predict than to fit first.
public protocol FittedMethod {
  /// Answers the query inputs by writing every output.
  func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws
}

/// What a method is called, where it comes from and what it wants.
public struct MethodDescriptor: Sendable {
  /// Lower-case letters, digits, `-` and `.`; unique within the library.
  public var id: String
  /// The semantic version; raise it when answers change.
  public var version: String
  /// One sentence.
  public var summary: String
  /// An SPDX expression.
  public var license: String
  /// Where the algorithm comes from.
  public var references: String
  /// What the host may rely on.
  public var traits: Set<MethodTrait>
  /// The tasks that the method can do.
  public var claims: [Claim]

  /// Describes a method.
  public init(
    id: String, version: String, summary: String, license: String = "Apache-2.0",
    references: String = "", traits: Set<MethodTrait> = [], claims: [Claim]
  ) {
    self.id = id
    self.version = version
    self.summary = summary
    self.license = license
    self.references = references
    self.traits = traits
    self.claims = claims
  }
}

/// A promise of a method that the host may rely on and `assay check` tests.
public enum MethodTrait: Sendable {
  /// The seed changes nothing.
  case deterministic
  /// Each query row is answered without the others.
  case rowIndependent
  /// Tunes on `train.*` by cross-validation.
  case crossValidates
  /// Makes use of `Context.threads` above 1.
  case usesThreads
}

/// A task that a method can do, with every tensor that it may use.
///
/// What is not listed is never handed over, in fit or in predict.
public struct Claim: Sendable {
  /// The task, such as `classify`.
  public var task: String
  /// The contract's major version, which must be equal.
  public var major: UInt32
  /// The contract's minor version that is needed at least.
  public var minor: UInt32
  /// The tensors wanted.
  public var inputs: [Wanted]

  /// Claims a task.
  public init(task: String, major: UInt32 = 1, minor: UInt32 = 0, inputs: [Wanted]) {
    self.task = task
    self.major = major
    self.minor = minor
    self.inputs = inputs
  }
}

extension Claim {
  /// One claim for each set of inputs of which a method needs one, everything else alike.
  ///
  /// A host takes the first claim whose required inputs a setting offers. So "text, or else prompts"
  /// is two claims, of which each says truly what it cannot do without; the inputs of the other sets
  /// are optional in it.
  ///
  ///     claims: Claim.either(
  ///       [["text.class"], ["text.prompts"]], task: "classify",
  ///       inputs: ["class.count", "query.features"])
  public static func either(
    _ needs: [[String]], task: String, major: UInt32 = 1, minor: UInt32 = 0, inputs: [Wanted]
  ) -> [Claim] {
    var all = inputs
    for name in needs.joined() where !all.contains(where: { $0.name == name }) {
      all.append(.optional(name))
    }
    return needs.map { need in
      Claim(
        task: task, major: major, minor: minor,
        inputs: all.map { need.contains($0.name) ? .required($0.name) : $0 })
    }
  }
}

/// A tensor that a method wants; a plain string is a required one.
///
/// A name that ends in `.*` wants a prefix group, such as `encoder.*`.
public struct Wanted: Sendable, ExpressibleByStringLiteral {
  /// The tensor's name in the contract.
  public var name: String
  /// Whether the method cannot do without.
  public var isRequired: Bool

  /// Wants a tensor that a setting must offer; without it the trial is `unsupported`.
  public static func required(_ name: String) -> Wanted { Wanted(name: name, isRequired: true) }
  /// Wants a tensor where a setting offers it.
  public static func optional(_ name: String) -> Wanted { Wanted(name: name, isRequired: false) }
  /// Wants a tensor that a setting must offer.
  public init(stringLiteral name: String) { self = .required(name) }

  private init(name: String, isRequired: Bool) {
    self.name = name
    self.isRequired = isRequired
  }
}
