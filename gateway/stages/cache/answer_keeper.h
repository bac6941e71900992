// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"
#include "gateway/pipeline/answer_filter.h"
#include "gateway/state/single_flight.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::pipeline {
class AnswerCaches;
struct Exchange;
}

namespace gateway::stages {

/// How an answer is to be kept.
struct KeepOrder
{
    AnswerKey key {};
    std::chrono::milliseconds ttl {};
    std::unique_ptr<state::SingleFlight::Seat> seat; ///< of the flight that it leads; null: nobody waits
    std::optional<KeptQuestion> question {};         ///< where it may be found by likeness
};

/// Keeps what goes to the caller, and hands it to all who wait for the same, once its last byte is here. Nothing is kept of an
/// answer that was cut or is larger than any that the store takes, nor of one that would be no answer to who asks again:
/// an error, or one that the provider's rules for content ended. One that came to its `max_tokens` is kept: they are part
/// of what was asked, and asking again would be cut at the same place, and paid again.
class AnswerKeeper final : public pipeline::AnswerTap
{
public:
    /// @param x  its own: the tap of it
    AnswerKeeper(pipeline::Exchange &x, KeepOrder order);
    /// An answer has not come, or none that can be shared: who waits asks by itself; or the next one in the line does, where it
    /// was this one's caller that left.
    ~AnswerKeeper() override;
    AnswerKeeper(const AnswerKeeper &) = delete;
    AnswerKeeper &operator=(const AnswerKeeper &) = delete;

    void whole(std::string_view body) override;
    void piece(std::string_view bytes) override;
    void end(std::string_view last) override;

private:
    void take(std::string_view bytes);
    void keep(bool stream);
    [[nodiscard]] bool isGood(bool stream);
    void addUsageEvent(CachedAnswer &answer) const;

    pipeline::Exchange &m_x;
    pipeline::AnswerCaches &m_caches;
    KeepOrder m_order;
    const std::size_t m_largest;
    std::string m_body;
    std::string m_id, m_model;   ///< as the answer says
    bool m_tooLarge = false;
};

} // namespace gateway::stages
