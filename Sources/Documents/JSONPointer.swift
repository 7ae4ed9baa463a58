/// Building and reading JSON pointers (RFC 6901), which are plain strings such as `/metrics/0`.
public enum JSONPointer {
  /// The pointer to the member `name` of the object at `pointer`.
  public static func appending(_ name: String, to pointer: String) -> String {
    guard name.utf8.contains(where: { $0 == 0x7E || $0 == 0x2F }) else {
      return pointer + "/" + name
    }
    var escaped = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return pointer + "/" + escaped
  }

  /// The pointer to the element `index` of the array at `pointer`.
  public static func appending(_ index: Int, to pointer: String) -> String {
    "\(pointer)/\(index)"
  }
}
