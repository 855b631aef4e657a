internal import struct FoundationEssentials.Date

/// Shared access signatures: queries that carry a right and its proof.
///
/// - Source: Microsoft, Create a service SAS (version 2020-12-06 and later).
enum AzureSAS {
  /// One blob may be read until `expiry`: what the service itself needs to copy from there.
  static func reading(_ address: AzureAddress, blob: String, key: [UInt8], expiry: Date) -> String {
    let end = DateStamp(expiry).extended
    let resource = "/blob/\(address.account)/\(address.container)/\(blob)"
    // permissions, start, expiry, resource, identifier, IP, protocol, version, kind, snapshot, scope, five response headers
    let text = ["r", "", end, resource, "", "", "", AzureClient.version, "b", "", "", "", "", "", "", ""].joined(separator: "\n")
    let signature = PercentEncoding.encode(Base64.text(KeyedHash.sha256(key: key, text)))
    return "sv=\(AzureClient.version)&sr=b&sp=r&se=\(PercentEncoding.encode(end))&sig=\(signature)"
  }

  /// A part of the query, decoded.
  static func value(_ name: String, in query: String) -> String? {
    query.split(separator: "&").first { $0.hasPrefix(name + "=") }.flatMap { PercentEncoding.decode($0.dropFirst(name.utf8.count + 1)) }
  }
}
