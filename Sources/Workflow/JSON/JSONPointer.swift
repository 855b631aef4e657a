/// JSON Pointers: `/stages/0/params`.
/// - Source: RFC 6901.
public enum JSONPointer {
  /// The tokens of a pointer, their escapes resolved; what stands before the first '/' is ignored.
  public static func tokens(_ pointer: String) -> [String] {
    pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
      .map { unescaped(Substring($0)) }
  }

  /// One token as it is written in a pointer.
  public static func escaped(_ token: String) -> String {
    var result = ""
    for scalar in token.unicodeScalars {
      switch scalar {
      case "~": result += "~0"
      case "/": result += "~1"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func unescaped(_ token: Substring) -> String {
    var result = ""
    var isEscape = false
    for scalar in token.unicodeScalars {
      if isEscape {
        result += scalar == "0" ? "~" : scalar == "1" ? "/" : "~\(scalar)"
        isEscape = false
      } else if scalar == "~" {
        isEscape = true
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return isEscape ? result + "~" : result
  }
}
