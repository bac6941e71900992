// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo.h"

#include "app/demo/demo_history.h"
#include "app/demo/demo_world.h"
#include "app/demo/simulated_providers.h"
#include "app/demo/traffic_generator.h"
#include "gateway/api/embedded_gateway.h"

#include <QTimer>

#include <algorithm>

namespace app::demo {

namespace {

namespace api = gateway::api;
namespace config = gateway::config;

constexpr std::uint16_t wantedPort = 8790;
constexpr std::uint32_t historySeed = 20261117;
constexpr int historyStepMs = 50;
constexpr int historyStep = 1000; // records; the writer is quicker

/// The demo while it runs. Lives on the gateway's thread.
class Demo : public QObject
{
public:
    Demo(api::EmbeddedGateway &gateway, Log &log, std::unique_ptr<SimulatedProviders> providers) : m_gateway(gateway), m_log(log), m_providers(std::move(providers))
    {
        m_step.setInterval(historyStepMs);
        connect(&m_step, &QTimer::timeout, this, &Demo::tellHistory);
        connect(&m_gateway, &api::Gateway::listenerChanged, this, [this] {
            if (m_traffic && m_gateway.listener().up)
                m_traffic->moveTo(m_gateway.listener().address);
        });
        configure();
    }

private:
    [[nodiscard]] std::string baseUrl(std::string_view name) const { return m_providers->baseUrl(name); }

    /// The first time everything; later only the port, so that what was edited stays.
    void configure()
    {
        config::Config next = *m_gateway.config();
        const bool first = next.providers.empty();
        const config::Config demo = demoConfig([this](std::string_view name) { return baseUrl(name); });
        if (first) {
            next.providers = demo.providers;
            next.routes = demo.routes;
            next.teams = demo.teams;
            next.keys = demo.keys;
            next.privacyPolicies = demo.privacyPolicies;
            next.cache = demo.cache;
            next.prompts = demo.prompts;
        }
        for (config::Provider &provider : next.providers) {
            const auto own = std::ranges::find(demo.providers, provider.name, &config::Provider::name);
            if (own != demo.providers.end())
                provider.baseUrl = own->baseUrl;
        }
        m_gateway.apply(std::move(next), m_gateway.revision().number, "demo", this, [this, first](const api::ApplyOutcome &outcome) {
            for (const api::FieldError &problem : outcome.problems)
                m_log.write(problem.warning ? LogLevel::Warning : LogLevel::Error, "demo: " + problem.message, {{"field", problem.field}});
            begin(first && outcome.applied);
        });
    }

    void begin(bool withHistory)
    {
        const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        if (withHistory) {
            m_history = std::make_unique<DemoHistory>(*m_gateway.config(), now - std::chrono::hours {30}, now, historySeed);
            m_step.start();
        } else {
            m_traffic = std::make_unique<TrafficGenerator>(m_gateway.listener().address);
        }
        m_log.info("demo: providers, teams, keys and traffic are simulated", {{"providers", baseUrl("openai")}});
    }

    void tellHistory()
    {
        for (int i = 0; i < historyStep; ++i) {
            auto record = m_history->next();
            if (!record) {
                m_step.stop();
                m_history.reset();
                // Only now: the day's figures are read back from the log, and calls that are counted live would count twice.
                m_gateway.recountToday(this, [this] { m_traffic = std::make_unique<TrafficGenerator>(m_gateway.listener().address); });
                return;
            }
            m_gateway.pushRecord(std::move(*record));
        }
    }

    api::EmbeddedGateway &m_gateway;
    Log &m_log;
    std::unique_ptr<SimulatedProviders> m_providers;
    std::unique_ptr<TrafficGenerator> m_traffic; // goes before the providers
    std::unique_ptr<DemoHistory> m_history;
    QTimer m_step;
};

} // namespace

Companion start(api::EmbeddedGateway &gateway, Log &log)
{
    auto providers = SimulatedProviders::start(wantedPort);
    if (!providers) {
        log.error("the demo's providers cannot start: " + providers.error().message);
        return {};
    }
    return std::make_shared<Demo>(gateway, log, std::move(*providers));
}

} // namespace app::demo
