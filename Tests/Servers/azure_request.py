"""A request to the stand-in for Azure Blob, taken apart."""
from urllib.parse import parse_qsl, unquote, urlsplit


class Request:
    """`headers` by lower-case name."""

    def __init__(self, method, raw_path, headers, body=b""):
        parts = urlsplit(raw_path)
        self.method, self.raw_path, self.headers, self.body = method, raw_path, headers, body
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        segments = parts.path.lstrip("/").split("/", 2) + ["", ""]
        self.account, self.container, self.blob = segments[0], unquote(segments[1]), unquote(segments[2])

    @property
    def operation(self):
        return self.query.get("restype", "") + "/" + self.query.get("comp", "")
