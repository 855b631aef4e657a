"""Reads what weir sends to a collector as the published messages of OTLP have it; prints one line a span.

In JSON the ids of OTLP are hexadecimal, which is its one difference from protobuf's own JSON.
"""
import base64
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def ids_as_protobuf_has_them(value):
    if isinstance(value, list):
        return [ids_as_protobuf_has_them(element) for element in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64encode(bytes.fromhex(member)).decode() if key in ("traceId", "spanId", "parentSpanId") else ids_as_protobuf_has_them(member)
        for key, member in value.items()
    }


request = json_format.ParseDict(ids_as_protobuf_has_them(json.load(sys.stdin)), ExportTraceServiceRequest())
for resource in request.resource_spans:
    service = next(pair.value.string_value for pair in resource.resource.attributes if pair.key == "service.name")
    for scope in resource.scope_spans:
        for span in scope.spans:
            assert len(span.trace_id) == 16 and len(span.span_id) == 8 and len(span.parent_span_id) in (0, 8)
            assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
            print(service, span.name, span.status.code, span.kind)
