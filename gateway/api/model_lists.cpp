// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/model_lists.h"

#include "gateway/api/probe_plan.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::api {

namespace {

constexpr int limitMs = 15'000;
constexpr qint64 listBytes = 8 * 1024 * 1024;
constexpr std::chrono::hours refreshAfter {24};

Result<ModelLists::List> readList(const QByteArray &body, int status, const std::string &problem)
{
    if (status != 200)
        return fail(ErrorCode::Io, status == 0 ? problem : fmt::format("The model list answered HTTP {}", status));
    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    const auto models = json.is_array() ? json : json.is_object() ? json.value("data", nlohmann::json()) : nlohmann::json();
    if (!models.is_array())
        return fail(ErrorCode::Malformed, "The model list is not in OpenAI's form");
    ModelLists::List names;
    for (const auto &model : models) {
        const auto id = model.is_object() ? model.value("id", nlohmann::json()) : nlohmann::json();
        if (id.is_string())
            names.push_back(id.get<std::string>());
    }
    std::ranges::sort(names);
    return names;
}

} // namespace

void ModelLists::ask(const config::Provider &provider, QObject *context, Done done)
{
    const auto plan = probePlan(provider, {}, {});
    if (!plan) {
        done(std::unexpected(plan.error()));
        return;
    }
    if (plan->modelsUrl.empty()) {
        done(fail(ErrorCode::NotSupported, fmt::format("{} has no list of its models", plan->title)));
        return;
    }
    auto *network = new QNetworkAccessManager(context);
    QNetworkRequest request(QUrl(QString::fromStdString(plan->modelsUrl)));
    request.setTransferTimeout(limitMs);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    for (const auto &[name, value] : plan->headers)
        request.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    QNetworkReply *reply = network->get(request);
    QObject::connect(reply, &QNetworkReply::finished, context, [this, network, reply, id = provider.id, done = std::move(done)] {
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        auto list = readList(reply->read(listBytes), status, reply->errorString().toStdString());
        if (list && !id.empty()) {
            const std::lock_guard lock(m_mutex);
            m_entries[id].list = std::make_shared<const List>(*list);
        }
        network->deleteLater();
        done(std::move(list));
    });
}

void ModelLists::refresh(const std::vector<config::Provider> &providers, QObject *context)
{
    const auto now = std::chrono::steady_clock::now();
    for (const config::Provider &provider : providers) {
        {
            const std::lock_guard lock(m_mutex);
            const auto known = m_entries.find(provider.id);
            if (!provider.enabled || (known != m_entries.end() && now - known->second.askedAt < refreshAfter))
                continue;
            m_entries[provider.id].askedAt = now;
        }
        ask(provider, context, [](const Result<List> &) {}); // a list that cannot be had is shown where somebody asks for it
    }
}

std::shared_ptr<const ModelLists::List> ModelLists::modelsOf(std::string_view providerId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(providerId);
    return found == m_entries.end() ? nullptr : found->second.list;
}

} // namespace gateway::api
