import CAssets

/// The files inside the program, by name.
enum Assets {
  /// Every file whose name begins so, in order of name.
  static func texts(in folder: String) -> [(name: String, text: String)] {
    (0..<weir_assets_count()).compactMap { index in
      guard let asset = weir_assets_at(index), case let name = String(cString: asset.pointee.name), name.hasPrefix(folder)
      else { return nil }
      let bytes = UnsafeBufferPointer(start: asset.pointee.data, count: asset.pointee.size)
      return (name, String(decoding: bytes, as: UTF8.self))
    }
  }
}
