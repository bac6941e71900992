// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/state/capture_budget.h"

#include <cstddef>
#include <string_view>

namespace gateway::pipeline {

/// Keeps a call's bodies for the log: each up to `maxBody` bytes, all calls together up to the process-wide budget, over
/// which a call's bodies are dropped and marked (faults.md F24).
class Capture
{
public:
    /// @param on  log.bodies; off: keeps nothing
    Capture(state::CaptureBudget &budget, bool on, std::size_t maxBody) : m_share(budget), m_on(on), m_maxBody(maxBody) {}

    /// The request as it came; copied when the call is settled, so it must hold until then.
    void request(std::string_view body);
    /// More of what the caller says where that comes bit by bit; copied at once.
    void asked(std::string_view bytes);
    /// More of the answer, as the caller gets it.
    void answer(std::string_view bytes);
    /// The provider's side, where it is another format than the caller's: what went out (again: of the next attempt), and more
    /// of what came back.
    void sent(std::string body);
    void received(std::string_view bytes);
    /// What came back is not to be kept: it is looked at only once it is in the caller's format.
    void leaveOutReceived() { m_keepsReceived = false; }
    /// All of it, and gives the budget back.
    [[nodiscard]] CapturedBodies take();

private:
    bool reserve(std::size_t bytes);
    void keep(std::string_view bytes, std::string &kept, bool &cut);

    state::CaptureBudget::Share m_share;
    bool m_on;
    bool m_keepsReceived = true;
    std::size_t m_maxBody;
    std::string_view m_request;
    CapturedBodies m_bodies;
};

} // namespace gateway::pipeline
