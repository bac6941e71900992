// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/simulated_providers.h"

#include "app/demo/simulated_handler.h"
#include "gateway/net/listener.h"
#include "gateway/net/worker_pool.h"

#include <array>
#include <fmt/format.h>

namespace app::demo {

namespace {

constexpr std::array<Personality, 5> table {{
    {.name = "openai", .firstTokenMs = 320, .spread = 0.45, .tokensPerSecond = 85, .rateLimited = 0.004, .serverError = 0.003, .slow = 0.01, .cut = 0.002, .burstEverySeconds = 420, .outageEverySeconds = 0},
    {.name = "claude-like", .firstTokenMs = 540, .spread = 0.40, .tokensPerSecond = 65, .rateLimited = 0.003, .serverError = 0.006, .slow = 0.01, .cut = 0.002, .burstEverySeconds = 900, .outageEverySeconds = 0},
    {.name = "gemini-like", .firstTokenMs = 260, .spread = 0.50, .tokensPerSecond = 140, .rateLimited = 0.006, .serverError = 0.008, .slow = 0.02, .cut = 0.003, .burstEverySeconds = 0, .outageEverySeconds = 0},
    {.name = "local-vllm", .firstTokenMs = 90, .spread = 0.30, .tokensPerSecond = 45, .rateLimited = 0, .serverError = 0.002, .slow = 0.005, .cut = 0, .burstEverySeconds = 0, .outageEverySeconds = 0},
    {.name = "together", .firstTokenMs = 210, .spread = 0.60, .tokensPerSecond = 110, .rateLimited = 0.01, .serverError = 0.02, .slow = 0.03, .cut = 0.004, .burstEverySeconds = 0, .outageEverySeconds = 660},
}};

} // namespace

std::span<const Personality> personalities()
{
    return table;
}

class SimulatedProviders::Impl
{
public:
    Impl() : pool({.workers = 1}, [](gateway::net::Worker &worker) { return std::make_unique<SimulatedHandler>(worker.timers()); }), listener(pool) { pool.start(); }

    gateway::net::WorkerPool pool;
    gateway::net::Listener listener;
};

gateway::Result<std::unique_ptr<SimulatedProviders>> SimulatedProviders::start(std::uint16_t port)
{
    auto impl = std::make_unique<Impl>();
    gateway::net::ServerSettings settings;
    settings.listen = fmt::format("127.0.0.1:{}", port);
    auto bound = impl->listener.apply(settings);
    if (!bound && port != 0) {
        settings.listen = "127.0.0.1:0";
        bound = impl->listener.apply(settings);
    }
    if (!bound)
        return std::unexpected(bound.error());
    return std::unique_ptr<SimulatedProviders>(new SimulatedProviders(std::move(impl)));
}

SimulatedProviders::SimulatedProviders(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

SimulatedProviders::~SimulatedProviders() = default;

std::string SimulatedProviders::baseUrl(std::string_view personality) const
{
    return fmt::format("http://127.0.0.1:{}/{}/v1", m_impl->listener.bound()->port, personality);
}

} // namespace app::demo
