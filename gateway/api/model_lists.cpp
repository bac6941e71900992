// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/model_lists.h"

#include "gateway/api/probe_plan.h"
#include "gateway/api/provider_caller.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::api {

namespace {

constexpr std::chrono::seconds limit {15};
constexpr std::size_t largestList = 8 * 1024 * 1024;
constexpr std::chrono::hours refreshAfter {24};

Result<ModelLists::List> readList(const ProviderCaller::Reply &reply)
{
    if (reply.status != 200)
        return fail(ErrorCode::Io, fmt::format("The model list answered HTTP {}.", reply.status));
    const auto json = nlohmann::json::parse(reply.body, nullptr, false);
    const auto models = json.is_array() ? json : json.is_object() ? json.value("data", nlohmann::json()) : nlohmann::json();
    if (!models.is_array())
        return fail(ErrorCode::Malformed, "The model list is not in OpenAI's form.");
    ModelLists::List names;
    for (const auto &model : models) {
        const auto id = model.is_object() ? model.value("id", nlohmann::json()) : nlohmann::json();
        if (id.is_string())
            names.push_back(id.get<std::string>());
    }
    std::ranges::sort(names);
    return names;
}

/// Whether two states of a provider have the same list.
bool sameSource(const config::Provider &a, const config::Provider &b)
{
    return a.kind == b.kind && a.baseUrl == b.baseUrl && a.credentials == b.credentials && a.headers == b.headers;
}

} // namespace

void ModelLists::ask(const config::Provider &provider, const config::GatewaySettings &gateway, QObject *context, Done done)
{
    auto plan = probePlan(provider, gateway, {}, {});
    if (!plan) {
        done(std::unexpected(plan.error()));
        return;
    }
    if (!plan->models) {
        done(fail(ErrorCode::NotSupported, fmt::format("{} has no list of its models", plan->title)));
        return;
    }
    m_caller.ask({.address = std::move(plan->address), .head = plan->models->text(0, false), .body = {}, .total = limit, .largest = largestList}, context,
                 [done = std::move(done)](const Result<ProviderCaller::Reply> &reply) { done(reply ? readList(*reply) : Result<List>(std::unexpected(reply.error()))); });
}

void ModelLists::keep(const config::Provider &provider, List list)
{
    const std::lock_guard lock(m_mutex);
    m_entries[provider.id] = {.list = std::make_shared<const List>(std::move(list)), .asked = provider, .at = std::chrono::steady_clock::now()};
}

bool ModelLists::isDue(const config::Provider &provider, std::chrono::steady_clock::time_point now) const
{
    const auto known = m_entries.find(provider.id);
    if (known == m_entries.end())
        return true;
    const Entry &entry = known->second;
    return !sameSource(entry.asked, provider) || (!entry.asking && (!entry.list || now - entry.at >= refreshAfter));
}

void ModelLists::refresh(const config::Config &config, QObject *context)
{
    const auto now = std::chrono::steady_clock::now();
    std::vector<const config::Provider *> due;
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_entries, [&](const auto &entry) { return std::ranges::find(config.providers, entry.first, &config::Provider::id) == config.providers.end(); });
        for (const config::Provider &provider : config.providers) {
            if (!provider.enabled || !isDue(provider, now))
                continue;
            Entry &entry = m_entries[provider.id];
            if (!sameSource(entry.asked, provider))
                entry.list.reset(); // what another place listed
            entry.asked = provider;
            entry.at = now;
            entry.asking = true;
            due.push_back(&provider);
        }
    }
    for (const config::Provider *provider : due) {
        ask(*provider, config.gateway, context, [this, asked = *provider](Result<List> list) {
            const std::lock_guard lock(m_mutex);
            const auto entry = m_entries.find(asked.id);
            if (entry == m_entries.end() || !sameSource(entry->second.asked, asked))
                return; // gone or edited meanwhile
            entry->second.asking = false;
            if (list) // one that cannot be had is shown where somebody asks for it
                entry->second.list = std::make_shared<const List>(std::move(*list));
        });
    }
}

std::shared_ptr<const ModelLists::List> ModelLists::modelsOf(std::string_view providerId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(providerId);
    return found == m_entries.end() ? nullptr : found->second.list;
}

} // namespace gateway::api
