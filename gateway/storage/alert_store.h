// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/alert_view.h"
#include "gateway/core/error.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::storage {

class Database;
class Statement;

/// Who muted what, and until when.
struct StoredMute
{
    std::string alert {};
    std::optional<std::string> subject {}; ///< nullopt: all of the alert's
    WallTime until {};
    std::string by {};
};

/// What alerts leave: firings, mutes and deliveries, in signalbox.db beside the configuration. On the thread that opened it.
/// Errors are those of the database.
class AlertStore
{
public:
    static constexpr std::chrono::days keptFor {90};
    static constexpr std::int64_t mostDeliveries = 20'000;

    /// @param path  of signalbox.db, which has the present version: ConfigStore has opened it
    static Result<std::unique_ptr<AlertStore>> open(const std::string &path);
    ~AlertStore();

    Result<std::vector<AlertFiring>> openFirings() const; ///< those that are not over
    Result<std::int64_t> lastNumber() const;
    /// Newest first.
    Result<std::vector<AlertFiring>> firings(const AlertListQuery &page) const;
    /// The last one of each alert that is kept, by its id.
    Result<std::vector<AlertFiring>> lastFirings() const;
    Result<> put(const AlertFiring &firing);       ///< makes it, or changes what changes of it

    Result<std::vector<StoredMute>> mutes(WallTime now) const;
    Result<> mute(const StoredMute &mute);
    Result<> unmute(const std::string &alert, const std::optional<std::string> &subject);

    /// Gives it its number.
    Result<AlertDelivery> add(AlertDelivery delivery);
    Result<std::vector<AlertDelivery>> deliveries(const AlertListQuery &page) const;
    /// What was not delivered and was to be tried again: the last try of each, oldest first.
    Result<std::vector<AlertDelivery>> waitingDeliveries() const;
    Result<std::optional<AlertFiring>> firing(std::int64_t number) const;

    /// Takes out what is older than keptFor, and deliveries beyond the number that are kept.
    Result<> sweep(WallTime now);

private:
    explicit AlertStore(std::unique_ptr<Database> database);
    Result<std::vector<AlertFiring>> readFirings(std::string_view where, const std::vector<std::string> &texts, const std::vector<std::int64_t> &numbers) const;
    static Result<std::vector<AlertDelivery>> readDeliveries(Statement &query);

    std::unique_ptr<Database> m_database;
};

} // namespace gateway::storage
