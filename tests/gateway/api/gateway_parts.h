// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/embedded_gateway.h"
#include "tests/support/fake_provider.h"

#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What tests of the facade have in common.

/// Waits for a facade's answer by turning the event loop, as the window does.
template <typename T>
class Waiting
{
public:
    std::function<void(gateway::Result<T>)> taker()
    {
        return [box = m_box](gateway::Result<T> result) { *box = std::move(result); };
    }
    gateway::Result<T> take()
    {
        const bool came = QTest::qWaitFor([this] { return m_box->has_value(); }, 10'000);
        return came ? std::move(**m_box) : gateway::fail(gateway::ErrorCode::TotalTimeout, "no answer in ten seconds");
    }

private:
    std::shared_ptr<std::optional<gateway::Result<T>>> m_box = std::make_shared<std::optional<gateway::Result<T>>>();
};

inline gateway::config::Provider provider(const std::string &name, const support::FakeProvider &fake)
{
    gateway::config::Provider entry;
    entry.name = name;
    entry.kind = "openai-compatible";
    entry.baseUrl = fake.baseUrl();
    entry.credentials = {{.name = "main", .apiKey = {"sk-fake-secret-0001"}}};
    return entry;
}

inline gateway::config::Route chain(const std::string &name, const std::vector<std::string> &providers)
{
    gateway::config::FallbackNode fallback;
    for (const std::string &each : providers)
        fallback.children.push_back({gateway::config::TargetNode {.provider = each, .model = "fake-model"}});
    gateway::config::Route route;
    route.name = name;
    route.plan = {fallback};
    return route;
}

/// A gateway on a data folder of its own.
struct OpenGateway
{
    QTemporaryDir folder;
    std::unique_ptr<gateway::api::EmbeddedGateway> facade;

    OpenGateway() { reopen(); }
    void reopen()
    {
        facade.reset();
        auto opened = gateway::api::EmbeddedGateway::open({.dataFolder = folder.path().toStdString(), .listen = "127.0.0.1:0", .workers = 2});
        if (opened)
            facade = std::move(*opened);
        else
            qFatal("%s", opened.error().message.c_str());
    }
    /// Why an edit was refused; empty: it holds now.
    std::string apply(const std::function<void(gateway::config::Config &)> &edit)
    {
        gateway::config::Config next = *facade->config();
        edit(next);
        std::optional<gateway::api::ApplyOutcome> outcome;
        facade->apply(next, facade->revision().number, "", facade.get(), [&](const gateway::api::ApplyOutcome &came) { outcome = came; });
        if (!QTest::qWaitFor([&] { return outcome.has_value(); }, 10'000))
            return "no answer in ten seconds";
        return outcome->applied ? std::string() : outcome->problems.empty() ? std::string("a conflict") : outcome->problems.front().message;
    }
    [[nodiscard]] std::uint16_t port() const
    {
        const std::string address = facade->listener().address;
        return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    }
};
