import Testing
import Workflow

@Suite struct `What is hidden in texts` {
  @Test(arguments: [
    ("cannot reach postgresql://weir:hunter2@db:5432/weir", "cannot reach postgresql://***@db:5432/weir"),
    ("https://a@b@example.org/x@y", "https://***@example.org/x@y"),
    ("host=db password=hunter2 dbname=weir", "host=db password=*** dbname=weir"), ("password='hun ter2' user=a", "password=*** user=a"),
    ("https://a.blob.core.windows.net/c/k?sv=2024&sig=Ab%2F3%3D&se=2026", "https://a.blob.core.windows.net/c/k?sv=2024&sig=***&se=2026"),
    ("GET /b?X-Amz-Credential=AK/1/s3&X-Amz-Signature=ff00", "GET /b?X-Amz-Credential=***&X-Amz-Signature=***"),
    ("DefaultEndpointsProtocol=https;AccountKey=abc123==;X=1", "DefaultEndpointsProtocol=https;AccountKey=***;X=1"),
    ("Authorization: Bearer abcdefghij rest", "Authorization: Bearer *** rest"),
    ("authorization: BASIC dXNlcjpwYXNz", "authorization: BASIC ***"),
    ("the token weir_\(String(repeating: "a", count: 43)), and no more", "the token ***, and no more"),
    ("WEIR_TOKEN=0123456789abcdef weir serve", "WEIR_TOKEN=*** weir serve"),
  ]) func `hides what has the form of a secret`(text: String, shown: String) {
    #expect(Redaction.byForm.text(text) == shown)
    #expect(Redaction.byForm.text(shown) == shown)
  }

  @Test(arguments: [
    "", "dedup_key=abc key=abc", "https://example.org/a@b?limit=3", "someone@example.org", "Bearer realm=\"weir\", error=\"invalid_token\"",
    "the header `Authorization: Bearer TOKEN`", "weir_session", "a weir_runner and weir_tests", "basic setup", "größe=東京 & so on",
    "token=abc",
  ]) func `leaves what is none`(text: String) {
    #expect(Redaction.byForm.text(text) == text)
  }

  @Test func `hides the words that it was given, wherever they stand`() {
    let redaction = Redaction(secrets: ["hunter2", "hunter2-long", "abc"])
    #expect(redaction.text("xhunter2-longx hunter2 abc") == "x***x *** abc")
    let value: JSON = ["a": ["https://u:p@h/", 1, ["b": "hunter2"]], "c": nil]
    #expect(redaction.json(value).serialized() == #"{"a":["https://***@h/",1,{"b":"***"}],"c":null}"#)
  }

  @Test func `costs time in proportion to the text`() {
    let text = String(repeating: "password= weir_ ://a@ Bearer ?sig=", count: 20_000)
    #expect(Redaction.byForm.text(text).count > 100_000)
  }
}
