// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/file_layer.h"

#include "gateway/config/entity_reader.h"
#include "gateway/config/entity_writer.h"
#include "gateway/config/entry_lists.h"
#include "gateway/config/log_sink_members.h"
#include "gateway/config/members.h"
#include "gateway/config/secret_values.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <unordered_map>

namespace gateway::config {

namespace {

/// Where each name stands: there may be thousands of keys.
template <typename T>
std::unordered_map<std::string, std::size_t> indexByName(const std::vector<T> &entries, std::optional<Origin> origin = std::nullopt)
{
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (!origin || entries[i].origin == *origin)
            places.emplace(entries[i].name, i);
    }
    return places;
}

/// An export leaves secrets out: where a text names a credential without any, those that are stored stay, unless it says
/// another way to authenticate.
void keepSecrets(Credential &next, const std::vector<Credential> &former)
{
    const auto old = std::find_if(former.begin(), former.end(), [&](const Credential &c) { return c.name == next.name; });
    const auto given = [&](const CredentialMember &member) { return member.isSecret() && !member.of(next).empty(); };
    const auto members = credentialMembers();
    if (old == former.end() || old->source != next.source || old->tenantId.empty() != next.tenantId.empty() || std::any_of(members.begin(), members.end(), given))
        return;
    for (const CredentialMember &member : members) {
        if (member.isSecret())
            next.*member.secret = (*old).*member.secret;
    }
}

/// What the text form does not hold, and so does not change.
template <typename T>
void keepState(T &next, const T &former)
{
    next.id = former.id;
    if constexpr (std::is_same_v<T, VirtualKey>) {
        next.hash = former.hash;
        next.prefix = former.prefix;
        next.revoked = former.revoked;
        next.formerHash = former.formerHash;
        next.formerUntil = former.formerUntil;
        next.createdAt = former.createdAt;
    }
    if constexpr (std::is_same_v<T, AdminToken>)
        next.hash = former.hash;
    if constexpr (std::is_same_v<T, Alert>) {
        restoreWebhooks(next.notify, former.notify);
        if (next.secret.empty() && next.origin == Origin::Database)
            next.secret = former.secret;
    }
    if constexpr (std::is_same_v<T, Provider>) {
        for (Credential &credential : next.credentials)
            keepSecrets(credential, former.credentials);
        if (next.origin == Origin::Database) { // an export leaves them out, and is to change nothing where it is applied again
            for (const auto &[name, value] : former.headers) {
                if (isSecretHeader(name))
                    next.headers.try_emplace(name, value);
            }
        }
    }
}

/// The file's entries first, in its order, so that messages about them count as the file does.
template <typename T>
void layFile(std::vector<T> &current, const std::vector<T> &file, std::string_view kind, std::string_view list, Problems &problems)
{
    std::vector<T> next;
    next.reserve(file.size() + current.size());
    const auto ofDatabase = indexByName(current, Origin::Database);
    const auto ofFile = indexByName(current, Origin::File); // both have one where it was made while no file was given
    for (std::size_t i = 0; i < file.size(); ++i) {
        next.push_back(file[i]);
        next.back().origin = Origin::File;
        if (ofDatabase.contains(file[i].name))
            problems.push_back(Problem {.field = fmt::format("{}[{}].name", list, i),
                                        .message = fmt::format("the {0} {1} is in this file and in the database; rename one of them, or delete the {0} there",
                                                               kind, jsonQuoted(file[i].name))});
        if (const auto former = ofFile.find(file[i].name); former != ofFile.end())
            keepState(next.back(), current[former->second]);
    }
    for (T &entry : current) {
        if (entry.origin == Origin::Database)
            next.push_back(std::move(entry));
    }
    current = std::move(next);
}

template <typename T>
void layText(std::vector<T> &current, const std::vector<T> &text, std::string_view kind, std::string_view list, Problems &problems)
{
    const auto places = indexByName(current);
    for (std::size_t i = 0; i < text.size(); ++i) {
        T next = text[i];
        next.origin = Origin::Database;
        const auto place = places.find(next.name);
        T *former = place == places.end() ? nullptr : &current[place->second];
        if (former == nullptr) {
            current.push_back(std::move(next));
        } else if (former->origin == Origin::File) {
            problems.push_back(Problem {.field = fmt::format("{}[{}].name", list, i),
                                        .message = fmt::format("the {} {} belongs to the file given by --config; change it there", kind, jsonQuoted(next.name))});
        } else {
            keepState(next, *former);
            *former = std::move(next);
        }
    }
}

Node *mutableFind(Node &map, std::string_view key)
{
    const auto entry = std::find_if(map.entries.begin(), map.entries.end(), [&](const Entry &candidate) { return candidate.key == key; });
    return entry == map.entries.end() ? nullptr : &entry->value;
}

/// Sets one key of `to` to what `from` has; a default is what a writer leaves out, so then it goes.
void copyKey(Node &to, const Node &from, const std::string &key)
{
    std::erase_if(to.entries, [&](const Entry &entry) { return entry.key == key; });
    if (const Node *value = from.find(key))
        to.add(key, *value);
}

/// `base` with the named settings of `other`.
GatewaySettings withSettings(const GatewaySettings &base, const GatewaySettings &other, const std::set<std::string> &named)
{
    const WriteOptions options {.secrets = Secrets::Include, .stored = true};
    Node to = toNode(base, options);
    const Node from = toNode(other, options);
    for (const std::string &setting : named) {
        const std::size_t dot = setting.find('.');
        if (dot == std::string::npos) {
            copyKey(to, from, setting);
            continue;
        }
        const std::string group = setting.substr(0, dot);
        if (mutableFind(to, group) == nullptr)
            to.add(group, Node::map());
        const Node *source = from.find(group);
        copyKey(*mutableFind(to, group), source == nullptr ? Node::map() : *source, setting.substr(dot + 1));
    }
    const ReadOptions reads;
    Reading reading(reads, true);
    std::set<std::string> ignored;
    return readGateway(reading, to, "gateway", ignored);
}

/// Settings that the file named before and does not name now fall back to their defaults.
std::set<std::string> leftSettings(const Config &current, const Config &file)
{
    std::set<std::string> left;
    std::set_difference(current.fileSettings.begin(), current.fileSettings.end(), file.fileSettings.begin(), file.fileSettings.end(), std::inserter(left, left.end()));
    return left;
}

} // namespace

std::expected<Config, Problems> withFile(const Config &current, const Config &file)
{
    Config next = current;
    Problems problems;
    next.gateway = withSettings(next.gateway, GatewaySettings {}, leftSettings(current, file));
    next.gateway = withSettings(next.gateway, file.gateway, file.fileSettings);
    next.fileSettings = file.fileSettings;
    forEachSection([&](const auto &section) {
        const std::string name(section.name);
        if (file.fileSections.contains(name))
            next.*section.member = file.*section.member;
        else if (current.fileSections.contains(name))
            next.*section.member = {};
    });
    next.fileSections = file.fileSections;
    forEachList([&](const auto &list) { layFile(next.*list.member, file.*list.member, list.kind, list.name, problems); });
    if (anyError(problems))
        return std::unexpected(std::move(problems));
    return next;
}

std::expected<Config, Problems> withApplied(const Config &current, const ReadConfig &text)
{
    Config next = current;
    Problems problems;
    for (const std::string &setting : text.gatewayKeys) {
        if (current.fileSettings.contains(setting))
            problems.push_back(Problem {.field = "gateway." + setting,
                                        .message = fmt::format("the setting `gateway.{}` belongs to the file given by --config; change it there", setting)});
    }
    next.gateway = withSettings(next.gateway, text.config.gateway, text.gatewayKeys);
    forEachSection([&](const auto &section) {
        const std::string name(section.name);
        if (!text.sections.contains(name))
            return;
        if (current.fileSections.contains(name))
            problems.push_back(Problem {.field = name, .message = fmt::format("`{}` belongs to the file given by --config; change it there", name)});
        next.*section.member = text.config.*section.member;
    });
    // An export leaves them out, and is to change nothing where it is applied again.
    if (next.telemetry.otlp == current.telemetry.otlp && next.telemetry.otlpHeaders.empty())
        next.telemetry.otlpHeaders = current.telemetry.otlpHeaders;
    for (LogSink &sink : next.telemetry.sinks) {
        const auto before = std::ranges::find(current.telemetry.sinks, sink.name, &LogSink::name);
        if (before == current.telemetry.sinks.end() || !isSamePlace(sink.s3, before->s3))
            continue;
        for (const auto &[key, secret] : s3Secrets) {
            if ((sink.s3.*secret).empty())
                sink.s3.*secret = before->s3.*secret;
        }
    }
    if (next.smtp.host == current.smtp.host && next.smtp.user == current.smtp.user && next.smtp.password.empty())
        next.smtp.password = current.smtp.password;
    forEachList([&](const auto &list) { layText(next.*list.member, text.config.*list.member, list.kind, list.name, problems); });
    if (anyError(problems))
        return std::unexpected(std::move(problems));
    return next;
}

} // namespace gateway::config
