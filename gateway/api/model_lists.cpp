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
    auto names = readModelList(reply.body);
    if (names)
        std::ranges::sort(*names);
    return names;
}

/// Whether two states of a provider have the same list.
bool sameSource(const config::Provider &a, const config::Provider &b)
{
    return a.kind == b.kind && a.baseUrl == b.baseUrl && a.credentials == b.credentials && a.headers == b.headers;
}

} // namespace

Result<ModelLists::List> readModelList(std::string_view body)
{
    const auto json = nlohmann::json::parse(body, nullptr, false);
    const auto member = [](const nlohmann::json &object, const char *name) { return object.is_object() ? object.value(name, nlohmann::json()) : nlohmann::json(); };
    auto models = json.is_array() ? json : member(json, "data");
    if (!models.is_array())
        models = member(json, "models");
    if (!models.is_array())
        return fail(ErrorCode::Malformed, "The model list is in no form that is known here.");
    ModelLists::List names;
    for (const auto &model : models) {
        const auto id = member(model, "id");
        const auto name = member(model, "name");
        if (id.is_string() || name.is_string()) {
            const std::string word = id.is_string() ? id.get<std::string>() : name.get<std::string>();
            names.push_back(word.starts_with("models/") ? word.substr(7) : word); // Gemini's resource names
        }
    }
    return names;
}

void ModelLists::ask(const config::Provider &provider, const config::GatewaySettings &gateway, QObject *context, Done done)
{
    auto plan = probePlan(provider, gateway, {}, {});
    if (!plan) {
        done(std::unexpected(plan.error()));
        return;
    }
    std::string head = plan->modelsHead();
    if (head.empty()) {
        done(fail(ErrorCode::NotSupported, fmt::format("{} has no list of its models", plan->title)));
        return;
    }
    m_caller.ask({.address = std::move(plan->address), .head = std::move(head), .body = {}, .credential = std::move(plan->credential), .total = limit, .largest = largestList}, context,
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
