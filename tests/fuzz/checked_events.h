// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"
#include "tests/fuzz/pieces.h"

#include <set>
#include <utility>
#include <vector>

namespace fuzz {

/// Passes events to all writers, and holds them to their order.
class Checked final : public gateway::wire::ChatEventSink
{
public:
    explicit Checked(std::vector<gateway::wire::ChatEventSink *> writers) : m_writers(std::move(writers)) {}

    void onEvent(const gateway::wire::ChatEvent &event) override
    {
        using namespace gateway::wire;
        require(!m_over, "nothing follows the end");
        require(m_started == !std::holds_alternative<AnswerStart>(event) || std::holds_alternative<AnswerError>(event), "an answer starts once, and first");
        m_started = true;
        if (const auto *call = std::get_if<ToolCallStart>(&event)) {
            require(!call->id.empty(), "a call has an id");
            require(m_open.insert({call->choice, call->call}).second, "a call begins once");
        } else if (const auto *delta = std::get_if<ToolCallDelta>(&event)) {
            require(m_open.contains({delta->choice, delta->call}), "arguments belong to a call that has begun");
        } else if (const auto *ended = std::get_if<ToolCallEnd>(&event)) {
            require(m_open.contains({ended->choice, ended->call}), "a call that ends has begun");
        }
        m_failed = std::holds_alternative<AnswerError>(event);
        m_over = m_failed || std::holds_alternative<AnswerEnd>(event);
        for (ChatEventSink *writer : m_writers)
            writer->onEvent(event);
    }

    [[nodiscard]] bool endedWell() const { return m_over && !m_failed; }

private:
    std::vector<gateway::wire::ChatEventSink *> m_writers;
    std::set<std::pair<std::uint32_t, std::uint32_t>> m_open;
    bool m_started = false, m_over = false, m_failed = false;
};

} // namespace fuzz
