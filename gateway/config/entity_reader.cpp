// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entity_reader.h"

#include "gateway/config/alert_text.h"
#include "gateway/config/cache_text.h"
#include "gateway/config/entry_lists.h"
#include "gateway/config/log_sink_text.h"
#include "gateway/config/members.h"
#include "gateway/config/names.h"
#include "gateway/config/not_built.h"
#include "gateway/config/privacy_text.h"
#include "gateway/config/prompt_text.h"
#include "gateway/config/quota_text.h"
#include "gateway/config/report_text.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::config {

namespace {

void readTimeouts(Reading &reading, MapReader &parent, Timeouts &out)
{
    const Node *node = parent.takeMap("timeouts");
    if (node == nullptr)
        return;
    MapReader map(reading, *node, parent.at("timeouts"), "timeouts");
    map.read("connect", out.connect);
    map.read("first_byte", out.firstByte);
    map.read("idle", out.idle);
    map.read("total", out.total);
    map.finish();
}

void readTls(Reading &reading, MapReader &parent, TlsSettings &out)
{
    const Node *node = parent.takeMap("tls");
    if (node == nullptr)
        return;
    MapReader map(reading, *node, parent.at("tls"), "tls");
    map.read("cert", out.cert);
    map.read("key", out.key);
    map.read("client_ca", out.clientCa);
    map.finish();
}

void readLog(Reading &reading, MapReader &parent, LogSettings &out)
{
    const Node *node = parent.takeMap("log");
    if (node == nullptr)
        return;
    MapReader map(reading, *node, parent.at("log"), "log");
    map.read("bodies", out.bodies);
    map.read("keep", out.keep);
    map.read("keep_bodies", out.keepBodies);
    map.readSize("max_body", out.maxBody);
    map.readSize("max_size", out.maxSize);
    map.read("full_text", out.fullText);
    map.finish();
}

void readMedia(Reading &reading, MapReader &parent, MediaSettings &out)
{
    const Node *node = parent.takeMap("media");
    if (node == nullptr)
        return;
    MapReader map(reading, *node, parent.at("media"), "media");
    map.readSize("max_size", out.maxSize);
    map.read("timeout", out.timeout);
    map.read("private_networks", out.privateNetworks);
    map.finish();
}

void nameSettings(const Node &gateway, std::set<std::string> &named)
{
    for (const Entry &entry : gateway.entries) {
        if (entry.value.kind != Node::Kind::Map)
            named.insert(entry.key);
        for (const Entry &inner : entry.value.entries)
            named.insert(fmt::format("{}.{}", entry.key, inner.key));
    }
}

void readOrigin(Reading &reading, MapReader &map, Origin &out)
{
    if (reading.stored())
        map.readChoice("origin", out, {Origin::Database, Origin::File});
    else
        out = reading.options().origin;
}

/// Whether one way to authenticate is given in whole. A session token goes with an access key, and not every one has one.
bool isUsable(const Credential &credential)
{
    return credential.source != CredentialSource::Given || !credential.apiKey.empty() || !credential.serviceAccount.empty()
        || (!credential.accessKeyId.empty() && !credential.secretAccessKey.empty())
        || (!credential.tenantId.empty() && !credential.clientId.empty() && !credential.clientSecret.empty());
}

/// The first value that the text names and that came out empty, so that the credential is left out (config.md).
const CredentialMember *emptyMember(const Node &node, const Credential &credential)
{
    for (const CredentialMember &member : credentialMembers()) {
        if (member.secret != &Credential::sessionToken && node.find(member.name) != nullptr && member.of(credential).empty())
            return &member;
    }
    return nullptr;
}

/// nullopt: it is left out, since a value of it came out empty.
std::optional<Credential> readCredential(Reading &reading, const Node &node, const std::string &field)
{
    Credential credential;
    const std::size_t before = reading.problems.size();
    MapReader map(reading, node, field, "credential");
    map.read("name", credential.name);
    for (const CredentialMember &member : credentialMembers()) {
        if (member.secret == &Credential::serviceAccount)
            map.readDocument(member.name, credential.serviceAccount);
        else if (member.isSecret())
            map.read(member.name, credential.*member.secret);
        else
            map.read(member.name, credential.*member.text);
    }
    map.readChoice("source", credential.source, {CredentialSource::Given, CredentialSource::Environment, CredentialSource::Metadata});
    map.read("weight", credential.weight);
    map.read("rpm", credential.rpm);
    map.read("tpm", credential.tpm);
    map.finish();
    if (reading.stored() || !map.isMap() || reading.problems.size() != before || isUsable(credential))
        return credential;
    const CredentialMember *empty = emptyMember(node, credential);
    if (empty == nullptr)
        return credential;
    reading.warn(*node.find(empty->name), fmt::format("{}.{}", field, empty->name),
                 fmt::format("the credential {} is left out: its {} is empty", jsonQuoted(credential.name), empty->name));
    return std::nullopt;
}

void readCredentials(Reading &reading, MapReader &parent, std::vector<Credential> &out)
{
    const Node *list = parent.takeSequence("credentials");
    if (list == nullptr)
        return;
    for (const Node &item : list->items) {
        if (auto credential = readCredential(reading, item, fmt::format("{}[{}]", parent.at("credentials"), out.size())))
            out.push_back(std::move(*credential));
    }
}

void readBreaker(Reading &reading, MapReader &parent, BreakerSettings &out)
{
    const Node *node = parent.takeMap("breaker");
    if (node == nullptr)
        return;
    MapReader map(reading, *node, parent.at("breaker"), "breaker");
    map.read("failures", out.failures);
    map.read("failure_rate", out.failureRate);
    map.read("min_calls", out.minCalls);
    map.read("window", out.window);
    map.read("cooldown", out.cooldown);
    map.finish();
}

void readModels(Reading &reading, MapReader &parent, std::vector<ModelSettings> &out)
{
    const Node *list = parent.takeSequence("models");
    if (list == nullptr)
        return;
    for (const Node &item : list->items)
        out.push_back(readModel(reading, item, fmt::format("{}[{}]", parent.at("models"), out.size())));
}

/// Words that no row of the provider table has are either not built yet or wrong.
void checkKind(Reading &reading, const Node &node, const std::string &field, const std::string &kind)
{
    const auto &built = reading.options().kinds;
    if (reading.stored() || built.empty() || kind.empty() || std::find(built.begin(), built.end(), kind) != built.end())
        return;
    const Node *at = node.find("kind");
    const auto named = namedKinds();
    if (std::find(named.begin(), named.end(), kind) != named.end()) {
        reading.error(*at, field, fmt::format("provider kind `{}` is not built yet in this version; these are: {}", kind, fmt::join(built, ", ")));
        return;
    }
    const std::vector<std::string_view> words(built.begin(), built.end());
    const std::string_view near = nearestName(kind, words);
    reading.error(*at, field, fmt::format("unknown provider kind {}; {}", jsonQuoted(kind),
                                          near.empty() ? fmt::format("these are known: {}", fmt::join(built, ", ")) : fmt::format("did you mean `{}`?", near)));
}

template <typename T>
void readItems(Reading &reading, const Node *sequence, const EntryList<T> &list, Config &config)
{
    if (sequence == nullptr)
        return;
    std::vector<T> &out = config.*list.member;
    for (const Node &item : sequence->items) {
        const std::string field = fmt::format("{}[{}]", list.name, out.size());
        readEntry(reading, item, field, out.emplace_back());
    }
}

/// A list of the root, or "admin.tokens" of a map in it, in which it is all that there is.
template <typename T>
void readList(Reading &reading, MapReader &root, const EntryList<T> &list, Config &config)
{
    const std::size_t dot = list.name.find('.');
    if (dot == std::string_view::npos)
        return readItems(reading, root.takeSequence(list.name), list, config);
    const std::string_view outer = list.name.substr(0, dot);
    if (const Node *node = root.takeMap(outer)) {
        MapReader map(reading, *node, std::string(outer), outer);
        readItems(reading, map.takeSequence(list.name.substr(dot + 1)), list, config);
        map.finish();
    }
}

void readPermissions(Reading &reading, MapReader &parent, std::set<Permission> &out)
{
    std::optional<std::vector<std::string>> words;
    parent.read("permissions", words);
    if (!words)
        return;
    out.clear();
    const Node &list = *parent.node().find("permissions");
    for (std::size_t i = 0; i < words->size(); ++i) {
        const std::string &word = (*words)[i];
        constexpr std::array all {Permission::Call, Permission::Passthrough, Permission::ReadLog};
        const auto known = std::ranges::find(all, word, [](Permission permission) { return toText(permission); });
        if (known != all.end())
            out.insert(*known);
        else
            reading.error(list.items[i], fmt::format("{}[{}]", parent.at("permissions"), i), fmt::format("{} is no permission; there are call, passthrough and read_log", jsonQuoted(word)));
    }
}

/// `route` is the gateway's; all else are parameters of requests.
void readDefaults(Reading &reading, MapReader &parent, KeyDefaults &out)
{
    parent.read("defaults", out.parameters);
    auto all = out.parameters.empty() ? Node() : parseJson(out.parameters.text).value_or(Node());
    const auto route = std::ranges::find(all.entries, "route", &Entry::key);
    if (route == all.entries.end())
        return;
    if (route->value.kind != Node::Kind::Scalar)
        reading.error(*parent.node().find("defaults"), parent.at("defaults") + ".route", "`defaults.route` is the name of a route");
    out.route = route->value.text;
    all.entries.erase(route);
    out.parameters.text = all.entries.empty() ? std::string() : jsonText(all);
}

void readVersion(Reading &reading, MapReader &root)
{
    int version = 1;
    root.read("version", version);
    if (version != 1)
        reading.error(*root.node().find("version"), "version", fmt::format("this is version {} of the format; this Signalbox reads version 1", version));
}

} // namespace

ModelSettings readModel(Reading &reading, const Node &node, const std::string &field)
{
    ModelSettings model;
    MapReader map(reading, node, field, "model");
    map.read("id", model.id);
    map.read("input_per_mtok", model.inputPerMtok);
    map.read("output_per_mtok", model.outputPerMtok);
    map.read("cached_input_per_mtok", model.cachedInputPerMtok);
    map.read("cache_write_per_mtok", model.cacheWritePerMtok);
    map.read("cache_write_1h_per_mtok", model.cacheWrite1hPerMtok);
    map.read("audio_input_per_mtok", model.audioInputPerMtok);
    map.read("cached_audio_per_mtok", model.cachedAudioPerMtok);
    map.read("audio_output_per_mtok", model.audioOutputPerMtok);
    map.read("context", model.context);
    map.read("max_output", model.maxOutput);
    map.read("tools", model.tools);
    map.read("vision", model.vision);
    map.read("json_schema", model.jsonSchema);
    map.read("audio", model.audio);
    map.finish();
    return model;
}

GatewaySettings readGateway(Reading &reading, const Node &node, const std::string &field, std::set<std::string> &named)
{
    GatewaySettings settings;
    MapReader map(reading, node, field, "gateway");
    map.read("listen", settings.listen);
    map.read("require_key", settings.requireKey);
    map.readChoice("durability", settings.durability, {Durability::Relaxed, Durability::Strict});
    map.readSize("max_body", settings.maxBody);
    map.readSize("max_header", settings.maxHeader);
    map.readSize("max_answer", settings.maxAnswer);
    map.read("max_connections", settings.maxConnections);
    readTimeouts(reading, map, settings.timeouts);
    map.read("keepalive", settings.keepalive);
    map.read("drain_timeout", settings.drainTimeout);
    map.read("flush", settings.flush);
    readTls(reading, map, settings.tls);
    map.read("cors", settings.cors);
    map.read("trusted_proxies", settings.trustedProxies);
    map.read("proxy", settings.proxy);
    map.read("metrics_token", settings.metricsToken);
    map.read("time_zone", settings.timeZone);
    map.read("allow_private_upstreams", settings.allowPrivateUpstreams);
    readMedia(reading, map, settings.media);
    readLog(reading, map, settings.log);
    map.finish();
    nameSettings(node, named);
    return settings;
}

Provider readProvider(Reading &reading, const Node &node, const std::string &field)
{
    Provider provider;
    MapReader map(reading, node, field, "provider");
    if (reading.stored())
        map.read("id", provider.id);
    readOrigin(reading, map, provider.origin);
    map.read("name", provider.name);
    map.read("kind", provider.kind);
    checkKind(reading, node, map.at("kind"), provider.kind);
    map.read("base_url", provider.baseUrl);
    for (const ProviderMember &member : providerMembers())
        map.read(member.name, provider.*member.text);
    map.read("deployments", provider.deployments);
    map.read("enabled", provider.enabled);
    readCredentials(reading, map, provider.credentials);
    map.read("headers", provider.headers);
    readBreaker(reading, map, provider.breaker);
    map.read("max_connections", provider.maxConnections);
    readTimeouts(reading, map, provider.timeouts);
    map.readChoice("health_probe", provider.healthProbe, {HealthProbe::Off, HealthProbe::Models, HealthProbe::TinyCall});
    map.read("every", provider.probeEvery);
    readModels(reading, map, provider.models);
    readQuota(reading, map, provider.quota);
    map.finish();
    return provider;
}

Team readTeam(Reading &reading, const Node &node, const std::string &field)
{
    Team team;
    MapReader map(reading, node, field, "team");
    if (reading.stored())
        map.read("id", team.id);
    readOrigin(reading, map, team.origin);
    map.read("name", team.name);
    map.read("privacy", team.privacy);
    readQuota(reading, map, team.quota);
    map.finish();
    return team;
}

VirtualKey readKey(Reading &reading, const Node &node, const std::string &field)
{
    VirtualKey key;
    MapReader map(reading, node, field, "key");
    readOrigin(reading, map, key.origin);
    if (reading.stored()) {
        map.read("id", key.id);
        map.read("hash", key.hash);
        map.read("prefix", key.prefix);
        map.read("revoked", key.revoked);
        map.read("former_hash", key.formerHash);
        map.read("former_until", key.formerUntil);
        map.read("created_at", key.createdAt);
    }
    map.read("name", key.name);
    map.read("team", key.team);
    map.read("secret", key.secret);
    map.read("models", key.models);
    map.read("expires", key.expires);
    map.read("allow_from", key.allowFrom);
    readPermissions(reading, map, key.permissions);
    map.read("metadata", key.metadata);
    readDefaults(reading, map, key.defaults);
    map.read("privacy", key.privacy);
    readQuota(reading, map, key.quota);
    map.finish();
    return key;
}

void readEntry(Reading &reading, const Node &node, const std::string &field, Tag &out)
{
    MapReader map(reading, node, field, "tag");
    if (reading.stored())
        map.read("id", out.id);
    readOrigin(reading, map, out.origin);
    map.read("name", out.name);
    readQuota(reading, map, out.quota);
    map.finish();
}

void readEntry(Reading &reading, const Node &node, const std::string &field, AdminToken &out)
{
    MapReader map(reading, node, field, "admin token");
    readOrigin(reading, map, out.origin);
    if (reading.stored()) {
        map.read("id", out.id);
        map.read("hash", out.hash);
    }
    map.read("name", out.name);
    map.readChoice("role", out.role, {AdminRole::Analyst, AdminRole::Admin, AdminRole::Owner});
    map.read("secret", out.secret);
    map.finish();
}

void readEntry(Reading &reading, const Node &node, const std::string &field, Organisation &out)
{
    MapReader map(reading, node, field, "organisation");
    readQuota(reading, map, out.quota);
    map.finish();
}

void readEntry(Reading &reading, const Node &node, const std::string &field, Customers &out)
{
    MapReader map(reading, node, field, "customers");
    map.read("header", out.header);
    if (const Node *budget = map.takeMap("default_budget"))
        out.defaultBudget = readBudget(reading, *budget, map.at("default_budget"));
    if (const Node *limits = map.takeMap("default_limits"))
        out.defaultLimits = readLimit(reading, *limits, map.at("default_limits"));
    map.finish();
}

void readEntry(Reading &reading, const Node &node, const std::string &field, TelemetrySettings &out)
{
    MapReader map(reading, node, field, "telemetry");
    map.read("prometheus", out.prometheus);
    map.read("otlp", out.otlp);
    map.read("otlp_headers", out.otlpHeaders);
    map.read("content", out.content);
    out.sinks = readLogSinks(reading, map);
    map.finish();
}

void readEntry(Reading &reading, const Node &node, const std::string &field, PrivacyPolicy &out)
{
    out = readPolicy(reading, node, field);
}

void readEntry(Reading &reading, const Node &node, const std::string &field, Prompt &out)
{
    out = readPrompt(reading, node, field);
}

void readEntry(Reading &reading, const Node &node, const std::string &field, CacheSettings &out)
{
    out = readCacheSettings(reading, node, field);
}

void readEntry(Reading &reading, const Node &node, const std::string &field, Alert &out)
{
    out = readAlert(reading, node, field);
}

void readEntry(Reading &reading, const Node &node, const std::string &field, Report &out)
{
    out = readReport(reading, node, field);
}

void readEntry(Reading &reading, const Node &node, const std::string &field, SmtpSettings &out)
{
    out = readSmtp(reading, node, field);
}

Config readRoot(Reading &reading, const Node &root, NamedParts &named)
{
    Config config;
    MapReader map(reading, root, "", "");
    readVersion(reading, map);
    if (const Node *gateway = map.takeMap("gateway"))
        config.gateway = readGateway(reading, *gateway, "gateway", named.settings);
    forEachSection([&](const auto &section) {
        if (const Node *node = map.takeMap(section.name)) {
            readEntry(reading, *node, std::string(section.name), config.*section.member);
            named.sections.insert(std::string(section.name));
        }
    });
    forEachList([&](const auto &list) { readList(reading, map, list, config); });
    if (reading.stored()) {
        std::vector<std::string> names;
        map.read("file_settings", names);
        config.fileSettings.insert(names.begin(), names.end());
        names.clear();
        map.read("file_sections", names);
        config.fileSections.insert(names.begin(), names.end());
    } else if (reading.options().origin == Origin::File) {
        config.fileSettings = named.settings;
        config.fileSections = named.sections;
    }
    map.finish();
    return config;
}

} // namespace gateway::config
