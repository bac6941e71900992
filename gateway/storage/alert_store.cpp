// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/alert_store.h"

#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace gateway::storage {

namespace {

constexpr std::string_view firingColumns = "SELECT number, alert, name, subject, metric, severity, pending_us, fired_us, resolved_us, value, peak, level, told, acknowledged_by FROM alert_firings ";
constexpr std::string_view deliveryColumns = "SELECT number, firing, alert, name, subject, word, channel, target, at_us, attempt, delivered, last, detail FROM alert_deliveries ";
constexpr int longestPage = 1'000;

std::int64_t microsOf(WallTime time)
{
    return time.time_since_epoch().count();
}

WallTime timeOf(std::int64_t micros)
{
    return WallTime(std::chrono::microseconds(micros));
}

/// Numbers with fractions are bound as their text: their columns are REAL.
std::string real(double value)
{
    return fmt::format("{}", value);
}

AlertFiring firingOf(const Statement &row)
{
    AlertFiring firing {.number = row.integer(0), .alert = row.text(1), .name = row.text(2), .subject = row.text(3), .metric = row.text(4), .severity = row.text(5),
                        .pendingSince = timeOf(row.integer(6)), .firedAt = timeOf(row.integer(7)), .value = row.real(9), .peak = row.real(10), .told = row.integer(12) != 0, .acknowledgedBy = row.text(13)};
    if (!row.isNull(8))
        firing.resolvedAt = timeOf(row.integer(8));
    if (!row.isNull(11))
        firing.level = row.real(11);
    return firing;
}

} // namespace

AlertStore::AlertStore(std::unique_ptr<Database> database) : m_database(std::move(database)) {}
AlertStore::~AlertStore() = default;

Result<std::unique_ptr<AlertStore>> AlertStore::open(const std::string &path)
{
    auto database = Database::open({.path = path}, configSchema());
    if (!database)
        return std::unexpected(database.error());
    return std::unique_ptr<AlertStore>(new AlertStore(std::move(*database)));
}

Result<std::vector<AlertFiring>> AlertStore::readFirings(std::string_view where, const std::vector<std::string> &texts, const std::vector<std::int64_t> &numbers) const
{
    auto query = m_database->prepare(fmt::format("{}{}", firingColumns, where));
    if (!query)
        return std::unexpected(query.error());
    for (const std::string &text : texts)
        query->bind(std::string_view(text));
    for (const std::int64_t number : numbers)
        query->bind(number);
    if (auto run = query->run(); !run)
        return std::unexpected(run.error());
    std::vector<AlertFiring> firings;
    while (query->next())
        firings.push_back(firingOf(*query));
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return firings;
}

Result<std::vector<AlertFiring>> AlertStore::openFirings() const
{
    return readFirings("WHERE resolved_us IS NULL ORDER BY number", {}, {});
}

Result<std::int64_t> AlertStore::lastNumber() const
{
    return m_database->number("SELECT coalesce(max(number), 0) FROM alert_firings");
}

Result<std::vector<AlertFiring>> AlertStore::firings(const AlertListQuery &page) const
{
    const std::int64_t before = page.before > 0 ? page.before : std::numeric_limits<std::int64_t>::max();
    const std::int64_t limit = std::clamp(page.limit, 1, longestPage);
    return readFirings("WHERE (?1 = '' OR alert = ?1) AND number < ?2 ORDER BY number DESC LIMIT ?3", {page.alert}, {before, limit});
}

Result<std::vector<AlertFiring>> AlertStore::lastFirings() const
{
    return readFirings("WHERE number IN (SELECT max(number) FROM alert_firings GROUP BY alert) ORDER BY number", {}, {});
}

Result<> AlertStore::put(const AlertFiring &firing)
{
    auto write = m_database->prepare("INSERT INTO alert_firings (number, alert, name, subject, metric, severity, pending_us, fired_us, resolved_us, value, peak, level, told, acknowledged_by) "
                                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET resolved_us = excluded.resolved_us, peak = excluded.peak, told = excluded.told, "
                                     "acknowledged_by = CASE WHEN excluded.acknowledged_by = '' THEN acknowledged_by ELSE excluded.acknowledged_by END");
    if (!write)
        return std::unexpected(write.error());
    write->bind(firing.number);
    for (const std::string *text : {&firing.alert, &firing.name, &firing.subject, &firing.metric, &firing.severity})
        write->bind(std::string_view(*text));
    write->bind(microsOf(firing.pendingSince)).bind(microsOf(firing.firedAt)).bind(firing.resolvedAt ? std::optional(microsOf(*firing.resolvedAt)) : std::nullopt);
    write->bind(std::string_view(real(firing.value))).bind(std::string_view(real(firing.peak)));
    if (firing.level)
        write->bind(std::string_view(real(*firing.level)));
    else
        write->bindNull();
    return write->bind(std::int64_t {firing.told}).bind(std::string_view(firing.acknowledgedBy)).run();
}

Result<std::vector<StoredMute>> AlertStore::mutes(WallTime now) const
{
    auto query = m_database->prepare("SELECT alert, whole, subject, until_us, muted_by FROM alert_mutes WHERE until_us > ?");
    if (!query)
        return std::unexpected(query.error());
    if (auto run = query->bind(microsOf(now)).run(); !run)
        return std::unexpected(run.error());
    std::vector<StoredMute> mutes;
    while (query->next())
        mutes.push_back({.alert = query->text(0), .subject = query->integer(1) != 0 ? std::nullopt : std::optional(query->text(2)), .until = timeOf(query->integer(3)), .by = query->text(4)});
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return mutes;
}

Result<> AlertStore::mute(const StoredMute &mute)
{
    auto write = m_database->prepare("INSERT OR REPLACE INTO alert_mutes (alert, whole, subject, until_us, muted_by) VALUES (?, ?, ?, ?, ?)");
    if (!write)
        return std::unexpected(write.error());
    return write->bind(std::string_view(mute.alert)).bind(std::int64_t {!mute.subject}).bind(std::string_view(mute.subject.value_or(std::string()))).bind(microsOf(mute.until)).bind(std::string_view(mute.by)).run();
}

Result<> AlertStore::unmute(const std::string &alert, const std::optional<std::string> &subject)
{
    auto write = m_database->prepare("DELETE FROM alert_mutes WHERE alert = ? AND whole = ? AND subject = ?");
    if (!write)
        return std::unexpected(write.error());
    return write->bind(std::string_view(alert)).bind(std::int64_t {!subject}).bind(std::string_view(subject.value_or(std::string()))).run();
}

Result<AlertDelivery> AlertStore::add(AlertDelivery delivery)
{
    auto write = m_database->prepare("INSERT INTO alert_deliveries (firing, alert, name, subject, word, channel, target, at_us, attempt, delivered, last, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!write)
        return std::unexpected(write.error());
    write->bind(delivery.firing);
    for (const std::string *text : {&delivery.alert, &delivery.name, &delivery.subject})
        write->bind(std::string_view(*text));
    write->bind(static_cast<std::int64_t>(delivery.word)).bind(std::string_view(delivery.channel)).bind(std::string_view(delivery.target)).bind(microsOf(delivery.at));
    write->bind(std::int64_t {delivery.attempt}).bind(std::int64_t {delivery.delivered}).bind(std::int64_t {delivery.last});
    if (auto run = write->bind(std::string_view(delivery.detail)).run(); !run)
        return std::unexpected(run.error());
    auto number = m_database->number("SELECT last_insert_rowid()");
    if (!number)
        return std::unexpected(number.error());
    delivery.number = *number;
    return delivery;
}

Result<std::vector<AlertDelivery>> AlertStore::readDeliveries(Statement &query)
{
    if (auto run = query.run(); !run)
        return std::unexpected(run.error());
    std::vector<AlertDelivery> deliveries;
    while (query.next())
        deliveries.push_back({.number = query.integer(0), .firing = query.integer(1), .alert = query.text(2), .name = query.text(3), .subject = query.text(4),
                              .word = static_cast<AlertWord>(std::clamp<std::int64_t>(query.integer(5), 0, static_cast<std::int64_t>(AlertWord::Test))), .channel = query.text(6), .target = query.text(7),
                              .at = timeOf(query.integer(8)), .attempt = static_cast<int>(query.integer(9)), .delivered = query.integer(10) != 0, .last = query.integer(11) != 0, .detail = query.text(12)});
    if (auto failed = query.failure(); !failed)
        return std::unexpected(failed.error());
    return deliveries;
}

Result<std::vector<AlertDelivery>> AlertStore::deliveries(const AlertListQuery &page) const
{
    auto query = m_database->prepare(fmt::format("{}WHERE (?1 = '' OR alert = ?1) AND number < ?2 ORDER BY number DESC LIMIT ?3", deliveryColumns));
    if (!query)
        return std::unexpected(query.error());
    query->bind(std::string_view(page.alert)).bind(page.before > 0 ? page.before : std::numeric_limits<std::int64_t>::max()).bind(std::int64_t {std::clamp(page.limit, 1, longestPage)});
    return readDeliveries(*query);
}

Result<std::vector<AlertDelivery>> AlertStore::waitingDeliveries() const
{
    auto query = m_database->prepare(fmt::format("{}WHERE NOT delivered AND NOT last AND number IN "
                                                 "(SELECT max(number) FROM alert_deliveries GROUP BY firing, alert, word, channel, target) ORDER BY number", deliveryColumns));
    if (!query)
        return std::unexpected(query.error());
    return readDeliveries(*query);
}

Result<std::optional<AlertFiring>> AlertStore::firing(std::int64_t number) const
{
    auto found = readFirings("WHERE number = ?", {}, {number});
    if (!found)
        return std::unexpected(found.error());
    return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<> AlertStore::sweep(WallTime now)
{
    const std::int64_t oldest = microsOf(now - keptFor);
    for (const std::string_view sql : {"DELETE FROM alert_firings WHERE fired_us < ? AND resolved_us IS NOT NULL", "DELETE FROM alert_deliveries WHERE at_us < ?"}) {
        auto statement = m_database->prepare(sql);
        if (!statement)
            return std::unexpected(statement.error());
        if (auto run = statement->bind(oldest).run(); !run)
            return run;
    }
    auto surplus = m_database->prepare("DELETE FROM alert_deliveries WHERE number <= (SELECT coalesce(max(number), 0) FROM alert_deliveries) - ?");
    if (!surplus)
        return std::unexpected(surplus.error());
    if (auto run = surplus->bind(mostDeliveries).run(); !run)
        return run;
    return m_database->run(fmt::format("DELETE FROM alert_mutes WHERE until_us <= {}", microsOf(now)));
}

} // namespace gateway::storage
