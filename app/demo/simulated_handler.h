// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/demo/simulated_providers.h"
#include "gateway/pipeline/http.h"

#include <cstdint>
#include <random>

namespace app::demo {

/// What a simulated provider was asked, as far as its answer depends on it.
struct Asked
{
    std::string model;
    bool stream = false;
    bool usage = false;       ///< stream_options.include_usage
    int inputTokens = 0;
    int outputTokens = 0;     ///< that the answer will have
    int inputs = 1;           ///< embeddings: texts
    std::int64_t at = 0;      ///< Unix seconds: `created` of the answer and of all its chunks
};

/// Answers as the personality that the path names would. One for each worker; lives there.
class SimulatedHandler final : public gateway::pipeline::HttpHandler
{
public:
    explicit SimulatedHandler(gateway::pipeline::Timers &timers);
    gateway::pipeline::Task<void> handle(const gateway::pipeline::HttpRequest &request, gateway::pipeline::CallerStream &caller) override;
    std::string refuse(int status, std::string_view path, std::string_view peer, std::string_view why) override;

private:
    using Task = gateway::pipeline::Task<void>;
    Task answerModels(const Personality &who, gateway::pipeline::CallerStream &caller);
    Task answerEmbeddings(const Personality &who, const Asked &asked, gateway::pipeline::CallerStream &caller, gateway::pipeline::CancelSource &cancel);
    Task answerWhole(const Personality &who, const Asked &asked, gateway::pipeline::CallerStream &caller, gateway::pipeline::CancelSource &cancel);
    Task answerStream(const Personality &who, const Asked &asked, gateway::pipeline::CallerStream &caller, gateway::pipeline::CancelSource &cancel);
    Task fail(int status, gateway::pipeline::CallerStream &caller);

    /// The status of the fault that this call gets, or 200.
    int fault(const Personality &who, gateway::SteadyTime now);
    gateway::Duration firstToken(const Personality &who);
    bool chance(double share);
    std::string words(int count);

    gateway::pipeline::Timers &m_timers;
    gateway::SteadyTime m_started;
    std::mt19937 m_random;
    int m_next = 0;
};

} // namespace app::demo
