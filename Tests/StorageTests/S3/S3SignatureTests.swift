import FoundationEssentials
import Testing

@testable import Storage

/// The examples of Amazon's own page, "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)".
@Suite struct `The signature of a request to S3` {
  private static let identity = S3Identity(keyID: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")

  private func signature(
    _ method: String, _ path: String, _ query: [(name: String, value: String)] = [], _ headers: [(name: String, value: String)] = [],
    payload: String = S3Signature.emptyPayload
  ) -> String {
    let signed = S3Signature(
      method: method, host: "examplebucket.s3.amazonaws.com", path: path, query: S3Signature.query(query), region: "us-east-1",
      identity: Self.identity, payload: payload, date: Date(timeIntervalSince1970: 1_369_353_600)
    ).signed(headers)
    return signed.last.map { String($0.value.suffix(64)) } ?? ""
  }

  @Test func `is Amazon's for a ranged read`() {
    #expect(
      signature("GET", "/test.txt", [], [("Range", "bytes=0-9")]) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
  }

  @Test func `is Amazon's for a write`() {
    let payload = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
    let headers = [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")]
    #expect(
      signature("PUT", "/test%24file.text", [], headers, payload: payload)
        == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
  }

  @Test func `is Amazon's for queries with and without a value`() {
    #expect(signature("GET", "/", [("lifecycle", "")]) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    #expect(
      signature("GET", "/", [("prefix", "J"), ("max-keys", "2")]) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
  }

  @Test func `covers a session token, and sorts a name before those that it begins`() {
    let identity = S3Identity(keyID: "K", secret: "s", sessionToken: "t/o=k")
    let signed = S3Signature(
      method: "PUT", host: "h", path: "/b/k", query: "", region: "r", identity: identity, payload: "UNSIGNED-PAYLOAD",
      date: Date(timeIntervalSince1970: 0)
    ).signed([("x-amz-copy-source-range", "bytes=0-1"), ("x-amz-copy-source", "/b/k")])
    let names = "host;x-amz-content-sha256;x-amz-copy-source;x-amz-copy-source-range;x-amz-date;x-amz-security-token"
    #expect(signed.last?.value.contains("Credential=K/19700101/r/s3/aws4_request,SignedHeaders=\(names),") == true)
    #expect(signed.contains { $0.name == "x-amz-date" && $0.value == "19700101T000000Z" })
  }

  @Test func `a query is encoded and sorted`() {
    #expect(S3Signature.query([("b", "x/y z"), ("a", "~ä"), ("uploads", "")]) == "a=~%C3%A4&b=x%2Fy%20z&uploads=")
  }
}
