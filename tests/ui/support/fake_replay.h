// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_replay.h"

#include <functional>
#include <optional>
#include <vector>

namespace tests {

/// The made-up gateway's replays: a stream in two pieces, and a record in the log that is like the original.
class FakeReplay final : public gateway::api::CallReplay
{
    Q_OBJECT
public:
    /// @param add  puts a record into the log
    FakeReplay(gateway::api::Gateway *gateway, std::function<void(gateway::CallRecord)> add) : CallReplay(gateway), m_gateway(*gateway), m_add(std::move(add)) {}

    void setHeld(bool held) { m_held = held; } ///< the first piece comes, and then nothing
    void failNext(gateway::Error error) { m_failure = std::move(error); }
    [[nodiscard]] const std::vector<gateway::api::ReplayOrder> &orders() const { return m_orders; }
    [[nodiscard]] int ended() const { return m_ended; } ///< contexts that went before their answer

    void replay(gateway::api::ReplayOrder order, QObject *context, std::function<void(std::string)> onBytes, gateway::api::Answer<gateway::api::ReplayOutcome> done) override;

private:
    gateway::CallRecord recordOf(const gateway::CallRecord &original, const std::string &model);

    gateway::api::Gateway &m_gateway;
    std::function<void(gateway::CallRecord)> m_add;
    std::vector<gateway::api::ReplayOrder> m_orders;
    std::optional<gateway::Error> m_failure;
    bool m_held = false;
    int m_ended = 0;
};

} // namespace tests
