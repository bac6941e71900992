// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::storage {

class Database;

/// A row of `entries`: one provider, route, team, key, or the gateway's settings, as JSON without secrets or key state.
struct Entry
{
    std::string kind;
    std::string id;
    std::string name;
    config::Origin origin = config::Origin::Database;
    std::int64_t position = 0;
    std::string body;
    bool operator==(const Entry &) const = default;
};

/// Which entry it is; its kind and id, in the entry.
using Identity = std::pair<std::string_view, std::string_view>;
inline Identity identity(const Entry &entry) { return {entry.kind, entry.id}; }

/// Kinds beside those of config::entryLists, which have their names from there.
namespace entry_kind {
inline constexpr char gateway[] = "gateway";          ///< the database's own settings
inline constexpr char gatewayFile[] = "gateway-file"; ///< what holds with the file's laid over, and which those are
inline constexpr char section[] = "section";          ///< the database's own of config::sections
inline constexpr char sectionFile[] = "section-file"; ///< the file's
inline constexpr char provider[] = "provider";
inline constexpr char key[] = "key";
} // namespace entry_kind

/// The entries that held at a revision (0: those that hold now), by kind and position.
Result<std::vector<Entry>> readEntries(Database &database, std::uint64_t revision = 0);

/// Makes `next` hold from `revision` on: ends what differs or is gone, adds what is new. Within the caller's transaction.
Result<> writeEntries(Database &database, const std::vector<Entry> &current, const std::vector<Entry> &next, std::uint64_t revision);

/// Gives each of `next` its position: as before where the order allows, so that few rows change.
void arrange(const std::vector<Entry> &current, std::vector<Entry> &next);

/// The configuration's entries; secrets must have been replaced by references, keys' state is left out.
/// @param own  the database's own settings and sections (they differ from `config`'s where the file names some)
std::vector<Entry> toEntries(const config::Config &config, const config::Config &own);

/// The way back. @param withFile  false: entries of Origin::File are left out, and settings and sections are the database's own
Result<config::Config> toConfig(const std::vector<Entry> &entries, bool withFile);

/// `next`, but for the settings named ("log.keep") the values of `own`.
Result<config::GatewaySettings> withOwnValues(const config::GatewaySettings &next, const config::GatewaySettings &own, const std::set<std::string> &named);

} // namespace gateway::storage
