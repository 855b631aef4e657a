/// A text compared byte by byte, as PostgreSQL and JSON do; to Swift "é" of one scalar equals "é" of two.
struct ExactText: Hashable {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }
}
