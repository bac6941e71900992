// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <string_view>
#include <tuple>
#include <vector>

/// What a configuration is made of, beside `gateway`: lists of entries with names, and sections that are there once. What
/// goes over all of them (reading, writing, the store, the file's layer, differences) goes over these two tables, so that
/// a new list or section is one row, its reader and its writer.
namespace gateway::config {

/// A list of entries that each have an id, a name and an origin.
template <typename T>
struct EntryList
{
    using Entry = T;
    std::string_view kind;    ///< "provider": in messages and in the store
    std::string_view name;    ///< "providers": the key in the file; "admin.tokens": in the map `admin`
    std::vector<T> Config::*member;
};

inline constexpr std::tuple entryLists {
    EntryList<Provider> {"provider", "providers", &Config::providers},
    EntryList<Route> {"route", "routes", &Config::routes},
    EntryList<Team> {"team", "teams", &Config::teams},
    EntryList<VirtualKey> {"key", "keys", &Config::keys},
    EntryList<Tag> {"tag", "tags", &Config::tags},
    EntryList<AdminToken> {"admin-token", "admin.tokens", &Config::adminTokens},
    EntryList<PrivacyPolicy> {"privacy-policy", "privacy.policies", &Config::privacyPolicies},
    EntryList<Prompt> {"prompt", "prompts", &Config::prompts},
    EntryList<Alert> {"alert", "alerts", &Config::alerts},
    EntryList<Report> {"report", "reports", &Config::reports},
};

/// A section that is there once. A file that names it rules it whole.
template <typename T>
struct Section
{
    using Value = T;
    std::string_view name;    ///< "organisation": the key in the file and in the store
    T Config::*member;
};

inline constexpr std::tuple sections {
    Section<Organisation> {"organisation", &Config::organisation},
    Section<Customers> {"customers", &Config::customers},
    Section<TelemetrySettings> {"telemetry", &Config::telemetry},
    Section<CacheSettings> {"cache", &Config::cache},
    Section<SmtpSettings> {"smtp", &Config::smtp},
};

/// Calls visit(list) for each list of entries, in the file's order.
template <typename Visit>
constexpr void forEachList(Visit &&visit)
{
    std::apply([&](const auto &...list) { (visit(list), ...); }, entryLists);
}

/// Calls visit(section) for each section.
template <typename Visit>
constexpr void forEachSection(Visit &&visit)
{
    std::apply([&](const auto &...section) { (visit(section), ...); }, sections);
}

} // namespace gateway::config
