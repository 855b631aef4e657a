/// How pgSTAC divides a collection's items into tables.
public enum StacPartition: String, Sendable {
  case none, year, month
}
