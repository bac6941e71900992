# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what a collector was sent (run_otlp.py) into OpenTelemetry's own messages, which know no other field, and looks at it.

otlp_messages.py FILE TRACE
"""

import json
import sys

from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


def known(message):
    """Fails on a field that OpenTelemetry does not have, at any depth."""
    assert not len(UnknownFieldSet(message)), message
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for each in value if field.is_repeated else [value]:
                known(each)


def read(bodies, message):
    messages = [message.FromString(bytes.fromhex(body)) for body in bodies]
    for each in messages:
        known(each)
    return messages


def attributes(item):
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in item.attributes}


def main(path, trace):
    with open(path, encoding="utf-8") as file:
        bodies = json.load(file)
    traces, logs, metrics = read(bodies["traces"], ExportTraceServiceRequest), read(bodies["logs"], ExportLogsServiceRequest), read(bodies["metrics"], ExportMetricsServiceRequest)
    spans = [span for request in traces for resource in request.resource_spans for scope in resource.scope_spans for span in scope.spans]
    calls = [span for span in spans if span.kind == Span.SPAN_KIND_SERVER]
    assert len(calls) == 4 and len({span.span_id for span in spans}) == len(spans), [span.name for span in spans]
    assert attributes(traces[0].resource_spans[0].resource)["service.name"] == "signalbox"
    by_route = {attributes(span).get("signalbox.route", ""): span for span in calls}
    assert set(by_route) == {"pong", "chain", "broken", ""}, by_route.keys()
    assert by_route["pong"].trace_id.hex() == trace
    below = lambda route: [span for span in spans if span.parent_span_id == by_route[route].span_id]
    assert len(below("chain")) == 2, below("chain")
    assert by_route["broken"].status.code == Status.STATUS_CODE_ERROR and by_route[""].status.code == Status.STATUS_CODE_UNSET
    told = attributes(below("pong")[0])
    assert told["gen_ai.operation.name"] == "chat" and told["gen_ai.usage.output_tokens"] > 0, told
    assert json.loads(told["gen_ai.input.messages"]) == [{"role": "user", "parts": [{"type": "text", "content": "ping"}]}]
    assert json.loads(told["gen_ai.output.messages"])[0]["parts"][0]["content"], told
    assert all(span.end_time_unix_nano >= span.start_time_unix_nano > 0 for span in spans)
    records = [record for request in logs for resource in request.resource_logs for scope in resource.scope_logs for record in scope.log_records]
    assert sorted(record.severity_text for record in records) == ["ERROR", "INFO", "WARN"], records
    assert {record.span_id for record in records} <= {span.span_id for span in calls}
    names = {metric.name: metric for request in metrics for resource in request.resource_metrics for scope in resource.scope_metrics for metric in scope.metrics}
    assert sum(point.as_int for point in names["signalbox.calls"].sum.data_points) == 4
    assert names["gen_ai.server.request.duration"].histogram.data_points[0].count == 3  # without the refusal
    print(f"{len(spans)} spans, {len(records)} logs, {len(names)} metrics")


if __name__ == "__main__":
    main(*sys.argv[1:])
