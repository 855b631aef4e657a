import Foundation

/// The variables of this process.
enum Environment {
  static let current = ProcessInfo.processInfo.environment
}
