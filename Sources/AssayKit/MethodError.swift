/// Why a call of a method failed: a sentence for people, and the status that the host records.
public struct MethodError: Error, Equatable, CustomStringConvertible {
  /// The kind of a failure, with the status of `assay.h` as its raw value.
  public enum Kind: Int32, Sendable {
    /// An argument is wrong in a way that no other kind describes.
    case argument = 1
    /// A legal request that this method does not handle.
    case unsupported = 2
    /// The config is not acceptable.
    case config = 3
    /// A tensor is missing, or has a dtype, shape or value that is not allowed.
    case contract = 4
    /// The call is not legal now.
    case state = 5
    /// Diverged, singular or not finite.
    case numeric = 6
    /// An allocation failed.
    case memory = 7
    /// The host asked to give up.
    case cancelled = 8
    /// The deadline cannot be met.
    case deadline = 9
    /// Reading or writing in the scratch folder failed.
    case io = 10
    /// A defect of the method.
    case `internal` = 11
  }

  /// The kind of the failure.
  public let kind: Kind
  /// What happened, where, and what to do about it, in one sentence.
  public let description: String

  /// Makes an error.
  public init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    description = sentence
  }

  /// An argument is wrong in a way that no other kind describes.
  public static func argument(_ sentence: String) -> Self { Self(.argument, sentence) }
  /// A legal request that this method does not handle.
  public static func unsupported(_ sentence: String) -> Self { Self(.unsupported, sentence) }
  /// The config is not acceptable.
  public static func config(_ sentence: String) -> Self { Self(.config, sentence) }
  /// A tensor is missing, or has a dtype, shape or value that is not allowed.
  public static func contract(_ sentence: String) -> Self { Self(.contract, sentence) }
  /// Diverged, singular or not finite.
  public static func numeric(_ sentence: String) -> Self { Self(.numeric, sentence) }
  /// An allocation failed.
  public static func memory(_ sentence: String) -> Self { Self(.memory, sentence) }
  /// The host asked to give up.
  public static let cancelled = Self(.cancelled, "the host asked to give up")
  /// The deadline cannot be met.
  public static func deadline(_ sentence: String) -> Self { Self(.deadline, sentence) }
  /// Reading or writing in the scratch folder failed.
  public static func io(_ sentence: String) -> Self { Self(.io, sentence) }
  /// A defect of the method.
  public static func `internal`(_ sentence: String) -> Self { Self(.internal, sentence) }
}
