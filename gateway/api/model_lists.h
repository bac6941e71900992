// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/error.h"
#include "gateway/pipeline/services.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

class QObject;

namespace gateway::api {

class ProviderCaller;

/// The models' names in the answer to a model list: OpenAI's, Anthropic's, Google's or Cohere's form, in its order. Malformed
/// where it is in none of them.
Result<std::vector<std::string>> readModelList(std::string_view body);

/// The providers' own model lists: asked once a day and on demand, kept in memory. They expand wildcard routes in
/// /v1/models, and fill the window's boxes. Asking happens on the control thread; reading is for any.
class ModelLists final : public pipeline::ModelLists
{
public:
    using List = std::vector<std::string>;
    using Done = std::function<void(Result<List>)>;

    explicit ModelLists(ProviderCaller &caller) : m_caller(caller) {}

    /// Asks the provider (its secrets in clear) now, and keeps nothing of it: it may be an edit that nobody saved. Control
    /// thread; `done` there too.
    /// @param context  lives on the control thread; the question ends with it
    void ask(const config::Provider &provider, const config::GatewaySettings &gateway, QObject *context, Done done);
    /// The list of a provider that calls go to, for modelsOf().
    void keep(const config::Provider &provider, List list);
    /// Asks the enabled ones of which no list of the last 24 hours is known, or which were edited since; a provider that
    /// did not answer is asked again the next time.
    void refresh(const config::Config &config, QObject *context);

    [[nodiscard]] std::shared_ptr<const List> modelsOf(std::string_view providerId) const override;

private:
    struct Entry
    {
        std::shared_ptr<const List> list;
        config::Provider asked;            ///< as it was when it was asked
        std::chrono::steady_clock::time_point at;
        bool asking = false;
    };
    [[nodiscard]] bool isDue(const config::Provider &provider, std::chrono::steady_clock::time_point now) const;

    ProviderCaller &m_caller;
    mutable std::mutex m_mutex;
    std::map<std::string, Entry, std::less<>> m_entries; ///< by provider id
};

} // namespace gateway::api
