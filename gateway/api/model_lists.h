// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/error.h"
#include "gateway/pipeline/services.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

class QObject;

namespace gateway::api {

/// The providers' own model lists: asked at most once a day and on demand, kept in memory. They expand wildcard routes
/// in /v1/models, and fill the window's boxes. Asking happens on the control thread; reading is for any.
class ModelLists final : public pipeline::ModelLists
{
public:
    using List = std::vector<std::string>;
    using Done = std::function<void(Result<List>)>;

    /// Asks the provider (its secrets in clear) now. Control thread; `done` there too.
    /// @param context  lives on the control thread; the question ends with it
    void ask(const config::Provider &provider, QObject *context, Done done);

    /// Asks those of the providers whose list is older than a day or was never had.
    void refresh(const std::vector<config::Provider> &providers, QObject *context);

    [[nodiscard]] std::shared_ptr<const List> modelsOf(std::string_view providerId) const override;

private:
    struct Entry
    {
        std::shared_ptr<const List> list;
        std::chrono::steady_clock::time_point askedAt;
    };
    mutable std::mutex m_mutex;
    std::map<std::string, Entry, std::less<>> m_entries; ///< by provider id
};

} // namespace gateway::api
