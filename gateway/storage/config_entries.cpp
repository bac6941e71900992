// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/config_entries.h"

#include "gateway/config/config_json.h"
#include "gateway/storage/database.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace gateway::storage {

namespace {

using Json = nlohmann::ordered_json;

Json::json_pointer pointerTo(std::string_view dotted)
{
    std::string path = "/";
    for (const char c : dotted)
        path += c == '.' ? '/' : c;
    return Json::json_pointer(path);
}

config::VirtualKey withoutState(config::VirtualKey key)
{
    key.secret = {};
    key.hash.clear();
    key.prefix.clear();
    key.revoked = false;
    key.createdAt = {};
    return key;
}

Error damagedEntry(const Entry &entry, const Error &why)
{
    return Error {.code = ErrorCode::Invalid,
                  .message = fmt::format("The stored {} \"{}\" cannot be read: {}. Roll the configuration back, or restore a backup of signalbox.db.", entry.kind, entry.name, why.message),
                  .where = why.where};
}

template <typename T>
Result<> append(std::vector<T> &list, const Entry &entry, Result<T> parsed)
{
    if (!parsed)
        return std::unexpected(damagedEntry(entry, parsed.error()));
    parsed->id = entry.id;
    parsed->origin = entry.origin;
    list.push_back(std::move(*parsed));
    return {};
}

Result<> appendGatewayFile(config::Config &config, const Entry &entry)
{
    const Json body = Json::parse(entry.body, nullptr, false);
    if (!body.is_object() || !body.contains("named") || !body.contains("settings"))
        return std::unexpected(damagedEntry(entry, Error {.code = ErrorCode::Invalid, .message = "it is not as it was written"}));
    auto settings = config::gatewaySettingsFromJson(body["settings"].dump());
    if (!settings)
        return std::unexpected(damagedEntry(entry, settings.error()));
    config.gateway = std::move(*settings);
    for (const Json &name : body["named"]) {
        if (name.is_string())
            config.fileSettings.insert(name.get<std::string>());
    }
    return {};
}

Result<> appendEntry(config::Config &config, const Entry &entry, bool withFile)
{
    if (entry.kind == entry_kind::gatewayFile)
        return withFile ? appendGatewayFile(config, entry) : Result<> {};
    if (entry.kind == entry_kind::gateway) {
        if (withFile && !config.fileSettings.empty())
            return {};
        auto settings = config::gatewaySettingsFromJson(entry.body);
        if (!settings)
            return std::unexpected(damagedEntry(entry, settings.error()));
        config.gateway = std::move(*settings);
        return {};
    }
    if (entry.origin == config::Origin::File && !withFile)
        return {};
    if (entry.kind == entry_kind::provider)
        return append(config.providers, entry, config::providerFromJson(entry.body));
    if (entry.kind == entry_kind::route)
        return append(config.routes, entry, config::routeFromJson(entry.body));
    if (entry.kind == entry_kind::team)
        return append(config.teams, entry, config::teamFromJson(entry.body));
    return append(config.keys, entry, config::virtualKeyFromJson(entry.body));
}

std::pair<std::string, std::string> identity(const Entry &entry)
{
    return {entry.kind, entry.id};
}

} // namespace

Result<std::vector<Entry>> readEntries(Database &database, std::uint64_t revision)
{
    auto query = revision == 0
        ? database.prepare("SELECT kind, id, name, origin, position, body FROM entries WHERE to_revision IS NULL ORDER BY kind DESC, position")
        : database.prepare("SELECT kind, id, name, origin, position, body FROM entries WHERE from_revision <= ? AND (to_revision IS NULL OR to_revision > ?) ORDER BY kind DESC, position");
    if (!query)
        return std::unexpected(query.error());
    if (revision != 0)
        query->bind(static_cast<std::int64_t>(revision)).bind(static_cast<std::int64_t>(revision));
    if (auto run = query->run(); !run)
        return std::unexpected(run.error());
    std::vector<Entry> entries;
    while (query->next()) {
        entries.push_back(Entry {.kind = query->text(0),
                                 .id = query->text(1),
                                 .name = query->text(2),
                                 .origin = query->integer(3) == 1 ? config::Origin::File : config::Origin::Database,
                                 .position = query->integer(4),
                                 .body = query->text(5)});
    }
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return entries;
}

Result<> writeEntries(Database &database, const std::vector<Entry> &current, const std::vector<Entry> &next, std::uint64_t revision)
{
    auto end = database.prepare("UPDATE entries SET to_revision = ? WHERE kind = ? AND id = ? AND to_revision IS NULL");
    auto add = database.prepare("INSERT INTO entries (kind, id, from_revision, name, origin, position, body) VALUES (?, ?, ?, ?, ?, ?, ?)");
    if (!end)
        return std::unexpected(end.error());
    if (!add)
        return std::unexpected(add.error());
    std::map<std::pair<std::string, std::string>, const Entry *> wanted;
    for (const Entry &entry : next)
        wanted.emplace(identity(entry), &entry);
    for (const Entry &entry : current) {
        const auto kept = wanted.find(identity(entry));
        if (kept != wanted.end() && *kept->second == entry) {
            wanted.erase(kept);
            continue;
        }
        if (auto ended = end->bind(static_cast<std::int64_t>(revision)).bind(entry.kind).bind(entry.id).run(); !ended)
            return ended;
    }
    for (const auto &[key, entry] : wanted) {
        add->bind(entry->kind).bind(entry->id).bind(static_cast<std::int64_t>(revision)).bind(entry->name);
        add->bind(std::int64_t {entry->origin == config::Origin::File ? 1 : 0}).bind(entry->position).bind(entry->body);
        if (auto added = add->run(); !added)
            return added;
    }
    return {};
}

void arrange(const std::vector<Entry> &current, std::vector<Entry> &next)
{
    std::map<std::pair<std::string, std::string>, std::int64_t> before;
    for (const Entry &entry : current)
        before.emplace(identity(entry), entry.position);
    std::map<std::string, std::int64_t> last;
    for (Entry &entry : next) {
        auto &previous = last.try_emplace(entry.kind, -1).first->second;
        const auto old = before.find(identity(entry));
        entry.position = old != before.end() && old->second > previous ? old->second : previous + 1;
        previous = entry.position;
    }
}

std::vector<Entry> toEntries(const config::Config &config, const config::GatewaySettings &ownGateway)
{
    using config::Secrets;
    std::vector<Entry> entries;
    const auto add = [&](std::string kind, const auto &item, std::string body) {
        entries.push_back(Entry {.kind = std::move(kind), .id = item.id, .name = item.name, .origin = item.origin, .body = std::move(body)});
    };
    entries.push_back(Entry {.kind = entry_kind::gateway, .id = "gateway", .name = "gateway", .body = config::toJson(ownGateway, Secrets::Include)});
    if (!config.fileSettings.empty()) {
        Json body;
        body["named"] = config.fileSettings;
        body["settings"] = Json::parse(config::toJson(config.gateway, Secrets::Include), nullptr, false);
        entries.push_back(Entry {.kind = entry_kind::gatewayFile, .id = "gateway", .name = "gateway", .origin = config::Origin::File, .body = body.dump()});
    }
    for (const config::Provider &provider : config.providers)
        add(entry_kind::provider, provider, config::toJson(provider, Secrets::Include));
    for (const config::Route &route : config.routes)
        add(entry_kind::route, route, config::toJson(route));
    for (const config::Team &team : config.teams)
        add(entry_kind::team, team, config::toJson(team));
    for (const config::VirtualKey &key : config.keys)
        add(entry_kind::key, key, config::toJson(withoutState(key), Secrets::LeaveOut));
    return entries;
}

Result<config::Config> toConfig(const std::vector<Entry> &entries, bool withFile)
{
    // "gateway-file" must come before "gateway": it says whether the latter is asked for. readEntries() sorts so.
    config::Config config;
    for (const Entry &entry : entries) {
        if (auto appended = appendEntry(config, entry, withFile); !appended)
            return std::unexpected(appended.error());
    }
    return config;
}

Result<config::GatewaySettings> withOwnValues(const config::GatewaySettings &next, const config::GatewaySettings &own, const std::set<std::string> &named)
{
    if (named.empty())
        return next;
    Json merged = Json::parse(config::toJson(next, config::Secrets::Include), nullptr, false);
    const Json ours = Json::parse(config::toJson(own, config::Secrets::Include), nullptr, false);
    for (const std::string &name : named) {
        const Json::json_pointer at = pointerTo(name);
        if (ours.contains(at))
            merged[at] = ours[at];
        else if (merged.contains(at))
            merged[at.parent_pointer()].erase(at.back());
    }
    return config::gatewaySettingsFromJson(merged.dump());
}

} // namespace gateway::storage
