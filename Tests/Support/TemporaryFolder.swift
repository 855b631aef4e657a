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

  deinit {
    // A folder that stays harms no test.
    try? FileManager.default.removeItem(atPath: path)
  }
}
