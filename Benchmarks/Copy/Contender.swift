import Foundation

/// A program that copies.
enum Contender: String, CaseIterable {
  case weir = "Weir"
  case rclone = "rclone, as it comes"
  case rclone32 = "rclone, 32 transfers + 32 checkers"
  case aws = "aws s3 cp"

  /// What it is called with to copy all of a folder or bucket. `source` nil: inside the store.
  func command(_ place: CopyPlace, source: CopySource, bucket: String) -> [String] {
    switch self {
    case .weir: return [CommandLine.arguments[0], "once", place.url(source), place.url(.bucket(bucket))]
    case .rclone: return [place.rclone, "copy", remote(source), ":s3:\(bucket)"]
    case .rclone32: return [place.rclone, "copy", remote(source), ":s3:\(bucket)", "--transfers", "32", "--checkers", "32"]
    case .aws:
      return [
        place.aws, "s3", "cp", "--recursive", "--only-show-errors", "--endpoint-url", place.endpoint, address(source), "s3://\(bucket)",
      ]
    }
  }

  private func remote(_ source: CopySource) -> String {
    switch source {
    case .folder(let path): path
    case .bucket(let name): ":s3:\(name)"
    }
  }

  private func address(_ source: CopySource) -> String {
    switch source {
    case .folder(let path): path
    case .bucket(let name): "s3://\(name)"
    }
  }
}

/// Where the objects are that are copied.
enum CopySource {
  case folder(String)
  case bucket(String)
}
