// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_replay.h"

#include <QTimer>

#include <utility>

namespace tests {

using gateway::CallRecord;
using gateway::api::ReplayOutcome;

namespace {

constexpr const char *first = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"The scanner app closes because \"}}]}\n\n";
constexpr const char *rest = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"the update lost its settings.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

} // namespace

CallRecord FakeReplay::recordOf(const CallRecord &original, const std::string &model)
{
    CallRecord record = original;
    record.id = "call_01REPLAY" + std::to_string(1000 + m_orders.size());
    record.startedAt += std::chrono::minutes(1);
    record.test = true;
    record.tags = tag;
    record.key.clear();
    record.keyId.clear();
    record.stream = true;
    record.status = gateway::CallStatus::Ok;
    record.httpStatus = 200;
    record.error.reset();
    record.errorMessage.clear();
    record.latencyUs = original.latencyUs * 3 / 4;
    record.firstByteUs = 412'000;
    record.usage.output = 96;
    record.cost = gateway::Money::fromNanos(3'120'000);
    if (!model.empty())
        record.askedModel = record.route = record.model = model;
    record.bodies.answer = std::string(first) + rest;
    return record;
}

void FakeReplay::replay(gateway::api::ReplayOrder order, QObject *context, std::function<void(std::string)> onBytes, gateway::api::Answer<ReplayOutcome> done)
{
    m_orders.push_back(order);
    m_gateway.call(order.callId, context, [this, order, context, onBytes, done](const gateway::Result<gateway::CallDetail> &detail) {
        if (!detail || m_failure) {
            done(std::unexpected(detail ? *std::exchange(m_failure, std::nullopt) : detail.error()));
            return;
        }
        onBytes(first);
        if (m_held) {
            connect(context, &QObject::destroyed, this, [this] { ++m_ended; });
            return;
        }
        QTimer::singleShot(1, context, [this, record = recordOf(detail->record, order.model), onBytes, done] {
            onBytes(rest);
            m_add(record);
            done(ReplayOutcome {.callId = record.id, .httpStatus = 200, .latencyUs = record.latencyUs});
        });
    });
}

} // namespace tests
