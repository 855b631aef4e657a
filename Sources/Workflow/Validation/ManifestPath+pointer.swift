extension ManifestPath {
  /// The place that a JSON Pointer names in a value.
  init(pointer: String, in value: JSON) {
    var value: JSON? = value
    var components: [Component] = []
    for token in JSONPointer.tokens(pointer) {
      if case .array? = value, let index = Int(token) {
        components.append(.element(index))
        value = value?[index]
      } else {
        components.append(.member(token))
        value = value?[token]
      }
    }
    self.init(components)
  }
}
