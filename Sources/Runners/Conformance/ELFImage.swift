internal import Glibc

/// What one ELF64 file says of itself: segments, dynamic section, symbols and their versions.
struct ELFImage {
  struct Segment {
    var type: Int
    var flags: Int
    var offset: Int
    var address: Int
    var fileSize: Int
  }

  var machine = 0
  var type = 0
  var segments: [Segment] = []
  var dynamic: [(tag: Int, value: Int)] = []
  var needed: [String] = []
  var symbols: [ELFSymbol] = []
  var soname: String?
  /// RPATH or RUNPATH, its parts.
  var searchPath: [String] = []

  /// Maps the file for as long as it is read.
  ///
  /// - Throws: `.notAnImage`.
  init(path: String) throws(RunnersError) {
    func refusal(_ reason: String) -> RunnersError { RunnersError(.notAnImage(reason), subject: path) }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw refusal(systemMessage(errno)) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size >= 64 else {
      throw refusal("it is no file of at least 64 bytes")
    }
    let size = Int(status.st_size)
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), address != MAP_FAILED else {
      throw refusal(systemMessage(errno))
    }
    defer { munmap(address, size) }
    do throws(RunnersError) {
      try read(ELFReader(bytes: UnsafeRawBufferPointer(start: address, count: size)))
    } catch {
      if case .notAnImage(let reason) = error.code { throw refusal(reason) }
      throw error
    }
  }

  private mutating func read(_ reader: ELFReader) throws(RunnersError) {
    guard try reader.u32(0) == 0x464C_457F, reader.bytes[4] == 2, reader.bytes[5] == 1 else {
      throw RunnersError(.notAnImage("it is not a 64-bit little-endian ELF file"), subject: "")
    }
    type = try reader.u16(16)
    machine = try reader.u16(18)
    let (table, size, count) = (try reader.u64(32), try reader.u16(54), try reader.u16(56))
    guard size >= 56 else { throw RunnersError(.notAnImage("its program headers are too small"), subject: "") }
    for index in 0..<count {
      let at = table &+ index * size
      segments.append(
        Segment(
          type: try reader.u32(at), flags: try reader.u32(at + 4), offset: try reader.u64(at + 8),
          address: try reader.u64(at + 16), fileSize: try reader.u64(at + 32)))
    }
    try readDynamic(reader)
  }

  private mutating func readDynamic(_ reader: ELFReader) throws(RunnersError) {
    guard let segment = segments.first(where: { $0.type == SegmentType.dynamic }) else { return }
    for at in stride(from: segment.offset, to: segment.offset &+ segment.fileSize, by: 16) {
      let tag = Int(truncatingIfNeeded: try reader.number(UInt64.self, at: at))
      if tag == 0 { break }
      dynamic.append((tag, Int(truncatingIfNeeded: try reader.number(UInt64.self, at: at + 8))))
    }
    guard let strings = value(DynamicTag.strings).flatMap(fileOffset) else { return }
    for (tag, value) in dynamic {
      switch tag {
      case DynamicTag.needed: needed.append(try reader.string(strings &+ value))
      case DynamicTag.soname: soname = try reader.string(strings &+ value)
      case DynamicTag.rpath, DynamicTag.runpath:
        searchPath += try reader.string(strings &+ value).split(separator: ":").map(String.init)
      default: break
      }
    }
    symbols = try ELFSymbolTable(image: self, reader: reader, strings: strings).symbols()
  }

  func value(_ tag: Int) -> Int? { dynamic.first { $0.tag == tag }?.value }

  /// Where in the file an address of the loaded image lies.
  func fileOffset(_ address: Int) -> Int? {
    segments.first { $0.type == SegmentType.load && address >= $0.address && address - $0.address < $0.fileSize }
      .map { address - $0.address + $0.offset }
  }

  enum SegmentType {
    static let load = 1
    static let dynamic = 2
    static let stack = 0x6474_E551
    static let relro = 0x6474_E552
  }

  enum DynamicTag {
    static let needed = 1
    static let hash = 4
    static let strings = 5
    static let symbols = 6
    static let soname = 14
    static let rpath = 15
    static let textRelocations = 22
    static let bindNow = 24
    static let runpath = 29
    static let flags = 30
    static let gnuHash = 0x6FFF_FEF5
    static let symbolVersions = 0x6FFF_FFF0
    static let flags1 = 0x6FFF_FFFB
    static let definedVersions = 0x6FFF_FFFC
    static let definedVersionCount = 0x6FFF_FFFD
    static let neededVersions = 0x6FFF_FFFE
    static let neededVersionCount = 0x6FFF_FFFF
  }
}
