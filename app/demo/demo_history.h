// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/demo/demo_callers.h"
#include "gateway/config/config.h"
#include "gateway/core/call_id.h"
#include "gateway/core/call_record.h"

#include <map>
#include <optional>
#include <random>
#include <string>

namespace app::demo {

/// A made-up day of calls before the demo's first start, so that its charts have something to show. Every record has the
/// tag "demo-history", and no bodies but for the latest translated calls. Some got a kept answer: they have no attempt. The same
/// seed and times give the same day. Not thread-safe.
class DemoHistory
{
public:
    /// @param config  with the ids of the keys, and the providers' prices
    DemoHistory(const gateway::config::Config &config, gateway::WallTime from, gateway::WallTime to, std::uint32_t seed);

    /// The next call, in the order of their start; nullopt: the day is told.
    std::optional<gateway::CallRecord> next();

private:
    struct Answerer
    {
        std::string provider, model;
        int firstByteMs;
        double tokensPerSecond;
    };
    bool chance(double share);
    void askAgain(gateway::CallRecord &record);  ///< what it asked was asked before: the kept answer
    void find(gateway::CallRecord &record);      ///< what the team's privacy policy finds in it
    void name(gateway::CallRecord &record);      ///< the prompt that made its request
    int millis(int median, double spread);
    void attempt(gateway::CallRecord &record, const Answerer &who, bool ok, gateway::ErrorCode error, int status);
    void finish(gateway::CallRecord &record, const Answerer &who, bool embeddings);
    [[nodiscard]] std::optional<gateway::Money> cost(const Answerer &who, const gateway::TokenUsage &usage) const;

    std::map<std::string, std::string> m_keyIds;
    std::map<std::pair<std::string, std::string>, gateway::config::ModelSettings> m_models;
    std::map<std::string, gateway::CallRecord> m_kept; ///< the last answered call, by team and route
    gateway::WallTime m_at;
    gateway::WallTime m_to;
    std::mt19937 m_random;
    gateway::CallIdMaker m_ids;
    DemoCallers m_callers;
};

} // namespace app::demo
