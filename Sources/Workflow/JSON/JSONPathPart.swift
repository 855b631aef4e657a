/// One turn on the way from a value to what it contains.
public enum JSONPathPart: Sendable, Hashable {
  case member(String)
  case element(Int)
}
