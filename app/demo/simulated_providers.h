// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace app::demo {

/// How one simulated provider behaves. Shares are of its calls, 0 to 1.
struct Personality
{
    std::string_view name;
    int firstTokenMs;         ///< median
    double spread;            ///< of the logarithm: 0.3 is steady, 0.8 has a long tail
    double tokensPerSecond;
    double rateLimited;       ///< 429 outside bursts
    double serverError;       ///< 500, 503
    double slow;              ///< takes ten times as long to begin
    double cut;               ///< streams that end in the middle
    int burstEverySeconds;    ///< 0: never; then 429s for 20 s
    int outageEverySeconds;   ///< 0: never; then 503s for 45 s, so that its circuit opens
};

std::span<const Personality> personalities();

/// All of them on one loopback port, over net's own listener, each under its name: http://127.0.0.1:PORT/openai/v1.
/// OpenAI's chat, completions, embeddings and models. Made and destroyed on one thread; runs on a worker of its own.
class SimulatedProviders
{
public:
    /// @param port  wanted; another one where it is taken. 0: any
    static gateway::Result<std::unique_ptr<SimulatedProviders>> start(std::uint16_t port);
    ~SimulatedProviders();

    [[nodiscard]] std::string baseUrl(std::string_view personality) const;

private:
    class Impl;
    explicit SimulatedProviders(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace app::demo
