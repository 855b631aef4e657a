import FoundationEssentials
import Glibc

/// A folder that goes with its owner.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() {
    var template = Array("/tmp/weir-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("no folder under /tmp: \(String(cString: strerror(errno)))") }
    path = String(cString: made)
    chmod(path, 0o755)
  }

  /// Writes a file.
  public static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { preconditionFailure("\(path): \(String(cString: strerror(errno)))") }
    fputs(text, file)
    fclose(file)
  }

  deinit {
    // A folder that stays harms no test.
    try? FileManager.default.removeItem(atPath: path)
  }
}
