// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/config_entries.h"

#include "gateway/config/config_json.h"
#include "gateway/config/entry_lists.h"
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
    key.formerHash.clear();
    key.formerUntil = {};
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
    auto settings = config::fromJson<config::GatewaySettings>(body["settings"].dump());
    if (!settings)
        return std::unexpected(damagedEntry(entry, settings.error()));
    config.gateway = std::move(*settings);
    for (const Json &name : body["named"]) {
        if (name.is_string())
            config.fileSettings.insert(name.get<std::string>());
    }
    return {};
}

/// The file's comes first, and then the database's own is not asked for.
Result<> appendSection(config::Config &config, const Entry &entry)
{
    if (config.fileSections.contains(entry.name))
        return {};
    Result<> appended;
    config::forEachSection([&](const auto &section) {
        if (entry.name != section.name)
            return;
        auto parsed = config::fromJson<typename std::decay_t<decltype(section)>::Value>(entry.body);
        if (parsed)
            config.*section.member = std::move(*parsed);
        else
            appended = std::unexpected(damagedEntry(entry, parsed.error()));
    });
    if (entry.kind == entry_kind::sectionFile)
        config.fileSections.insert(entry.name);
    return appended;
}

Result<> appendEntry(config::Config &config, const Entry &entry, bool withFile)
{
    if (entry.kind == entry_kind::gatewayFile)
        return withFile ? appendGatewayFile(config, entry) : Result<> {};
    if (entry.kind == entry_kind::gateway) {
        if (withFile && !config.fileSettings.empty())
            return {};
        auto settings = config::fromJson<config::GatewaySettings>(entry.body);
        if (!settings)
            return std::unexpected(damagedEntry(entry, settings.error()));
        config.gateway = std::move(*settings);
        return {};
    }
    if (entry.origin == config::Origin::File && !withFile)
        return {};
    if (entry.kind == entry_kind::section || entry.kind == entry_kind::sectionFile)
        return appendSection(config, entry);
    Result<> appended;
    config::forEachList([&](const auto &list) {
        if (entry.kind == list.kind)
            appended = append(config.*list.member, entry, config::fromJson<typename std::decay_t<decltype(list)>::Entry>(entry.body));
    });
    return appended;
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
    std::map<Identity, const Entry *> wanted;
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
    for (const Entry &entry : next) { // in this order, so that those of a kind lie beside one another: they are read so
        if (!wanted.contains(identity(entry)))
            continue;
        add->bind(entry.kind).bind(entry.id).bind(static_cast<std::int64_t>(revision)).bind(entry.name);
        add->bind(std::int64_t {entry.origin == config::Origin::File ? 1 : 0}).bind(entry.position).bind(entry.body);
        if (auto added = add->run(); !added)
            return added;
    }
    return {};
}

void arrange(const std::vector<Entry> &current, std::vector<Entry> &next)
{
    std::map<Identity, std::int64_t> before;
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

namespace {

std::string bodyOf(const config::VirtualKey &key)
{
    return config::toJson(withoutState(key), config::Secrets::LeaveOut);
}

template <typename T>
std::string bodyOf(const T &item)
{
    return config::toJson(item, config::Secrets::Include);
}

} // namespace

std::vector<Entry> toEntries(const config::Config &config, const config::Config &own)
{
    std::vector<Entry> entries;
    entries.push_back(Entry {.kind = entry_kind::gateway, .id = "gateway", .name = "gateway", .body = bodyOf(own.gateway)});
    if (!config.fileSettings.empty()) {
        Json body;
        body["named"] = config.fileSettings;
        body["settings"] = Json::parse(bodyOf(config.gateway), nullptr, false);
        entries.push_back(Entry {.kind = entry_kind::gatewayFile, .id = "gateway", .name = "gateway", .origin = config::Origin::File, .body = body.dump()});
    }
    config::forEachSection([&](const auto &section) {
        const std::string name(section.name);
        if (own.*section.member != typename std::decay_t<decltype(section)>::Value {})
            entries.push_back(Entry {.kind = entry_kind::section, .id = name, .name = name, .body = bodyOf(own.*section.member)});
        if (config.fileSections.contains(name))
            entries.push_back(Entry {.kind = entry_kind::sectionFile, .id = name, .name = name, .origin = config::Origin::File, .body = bodyOf(config.*section.member)});
    });
    config::forEachList([&](const auto &list) {
        for (const auto &item : config.*list.member)
            entries.push_back(Entry {.kind = std::string(list.kind), .id = item.id, .name = item.name, .origin = item.origin, .body = bodyOf(item)});
    });
    return entries;
}

Result<config::Config> toConfig(const std::vector<Entry> &entries, bool withFile)
{
    // What the file rules must come before the database's own: it says whether the latter is asked for. readEntries() sorts so.
    config::Config config;
    config.keys.reserve(static_cast<std::size_t>(std::ranges::count(entries, entry_kind::key, &Entry::kind)));
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
    return config::fromJson<config::GatewaySettings>(merged.dump());
}

} // namespace gateway::storage
