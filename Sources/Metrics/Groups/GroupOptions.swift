/// Which groups take part in worst group and gap.
package struct GroupOptions: Sendable {
  /// The least support of a group that takes part: the independent rows or units that its value
  /// rests on; for a ranking metric those of its rarer class.
  package var minimumSupport: Int
  /// Places of groups that take no part whatever their support.
  package var leftOut: Set<Int> = []

  package init(minimumSupport: Int = 1) { self.minimumSupport = minimumSupport }
}
