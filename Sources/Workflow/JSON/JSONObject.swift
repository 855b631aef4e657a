/// The members of a JSON object in the order in which they were written, each key once.
public struct JSONObject: Sendable, Hashable {
  public private(set) var members: [(key: String, value: JSON)]
  /// Where each key stands, once a search from the front would be slow.
  private var index: [JSONText: Int]?

  private static let longestUnindexed = 24

  public init() {
    members = []
  }

  /// Of two members with one key, the last value stays, at the first one's place.
  public init(_ members: some Sequence<(key: String, value: JSON)>) {
    self.init()
    for (key, value) in members { self[key] = value }
  }

  /// Takes members that are known to have different keys.
  init(unique members: [(key: String, value: JSON)]) {
    self.members = members
    if members.count > Self.longestUnindexed { makeIndex() }
  }

  public var count: Int { members.count }
  public var isEmpty: Bool { members.isEmpty }
  public var keys: [String] { members.map(\.key) }

  /// Setting nil removes the member; setting a new key appends it.
  public subscript(key: String) -> JSON? {
    get { position(of: key).map { members[$0].value } }
    set {
      switch (position(of: key), newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil):
        members.remove(at: place)
        if index != nil { makeIndex() }
      case (nil, let value?):
        members.append((key, value))
        if index != nil {
          index?[JSONText(key)] = members.count - 1
        } else if members.count > Self.longestUnindexed {
          makeIndex()
        }
      case (nil, nil): break
      }
    }
  }

  /// Adds a member, or replaces the value of the one that has this key.
  public mutating func append(_ key: String, _ value: JSON) {
    self[key] = value
  }

  private func position(of key: String) -> Int? {
    if let index { return index[JSONText(key)] }
    return members.firstIndex { JSONText.equal($0.key, key) }
  }

  private mutating func makeIndex() {
    var places: [JSONText: Int] = [:]
    places.reserveCapacity(members.count)
    for (place, member) in members.enumerated() { places[JSONText(member.key)] = place }
    index = places
  }

  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.elementsEqual(right.members) { JSONText.equal($0.key, $1.key) && $0.value == $1.value }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(members.count)
    for member in members {
      hasher.combine(JSONText(member.key))
      hasher.combine(member.value)
    }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(elements.lazy.map { (key: $0.0, value: $0.1) })
  }
}
