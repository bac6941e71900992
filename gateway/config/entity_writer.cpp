// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entity_writer.h"

#include "gateway/config/entry_lists.h"
#include "gateway/config/log_sink_text.h"
#include "gateway/config/map_writer.h"
#include "gateway/config/members.h"
#include "gateway/config/quota_text.h"
#include "gateway/config/secret_values.h"

namespace gateway::config {

namespace {

Node timeoutsNode(const Timeouts &timeouts, const Timeouts &standard, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("connect", timeouts.connect, standard.connect);
    map.write("first_byte", timeouts.firstByte, standard.firstByte);
    map.write("idle", timeouts.idle, standard.idle);
    map.write("total", timeouts.total, standard.total);
    return map.take();
}

Node logNode(const LogSettings &log, const WriteOptions &options)
{
    const LogSettings standard;
    MapWriter map(options);
    map.write("bodies", log.bodies, standard.bodies);
    map.write("keep", log.keep, standard.keep);
    map.write("keep_bodies", log.keepBodies, standard.keepBodies);
    map.writeSize("max_body", log.maxBody, standard.maxBody);
    map.writeSize("max_size", log.maxSize, standard.maxSize);
    map.write("full_text", log.fullText, standard.fullText);
    return map.take();
}

Node mediaNode(const MediaSettings &media, const WriteOptions &options)
{
    const MediaSettings standard;
    MapWriter map(options);
    map.writeSize("max_size", media.maxSize, standard.maxSize);
    map.write("timeout", media.timeout, standard.timeout);
    map.write("private_networks", media.privateNetworks);
    return map.take();
}

Node tlsNode(const TlsSettings &tls, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("cert", tls.cert);
    map.write("key", tls.key);
    map.write("client_ca", tls.clientCa);
    return map.take();
}

Node credentialNode(const Credential &credential, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("name", credential.name);
    for (const CredentialMember &member : credentialMembers()) {
        if (member.isSecret())
            map.write(member.name, credential.*member.secret);
        else
            map.write(member.name, credential.*member.text);
    }
    map.writeChoice("source", credential.source, CredentialSource::Given);
    map.write("weight", credential.weight, Credential {}.weight);
    map.write("rpm", credential.rpm);
    map.write("tpm", credential.tpm);
    return map.take();
}

Node breakerNode(const BreakerSettings &breaker, const WriteOptions &options)
{
    const BreakerSettings standard;
    MapWriter map(options);
    map.write("failures", breaker.failures, standard.failures);
    map.write("failure_rate", breaker.failureRate, standard.failureRate);
    map.write("min_calls", breaker.minCalls, standard.minCalls);
    map.write("window", breaker.window, standard.window);
    map.write("cooldown", breaker.cooldown, standard.cooldown);
    return map.take();
}

template <typename T, typename Write>
Node listNode(const std::vector<T> &values, const Write &write)
{
    Node list = Node::sequence();
    for (const T &value : values)
        list.items.push_back(write(value));
    return list;
}

Node permissionsNode(const std::set<Permission> &permissions)
{
    Node list = Node::sequence();
    for (const Permission permission : permissions)
        list.items.push_back(Node::string(std::string(toText(permission))));
    return list;
}

Node defaultsNode(const KeyDefaults &defaults, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("route", defaults.route);
    map.writeMembers(defaults.parameters);
    return map.take();
}

/// A list of the root, or "admin.tokens" in a map of its own.
void addList(MapWriter &root, std::string_view name, Node list)
{
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos)
        return root.add(name, std::move(list));
    MapWriter map(root.options());
    map.add(name.substr(dot + 1), std::move(list));
    root.add(name.substr(0, dot), map.take());
}

void writeState(MapWriter &map, const std::string &id, Origin origin)
{
    if (!map.options().stored)
        return;
    map.write("id", id);
    map.writeChoice("origin", origin, Origin::Database);
}

} // namespace

Node toNode(const ModelSettings &model, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("id", model.id);
    map.write("input_per_mtok", model.inputPerMtok);
    map.write("output_per_mtok", model.outputPerMtok);
    map.write("cached_input_per_mtok", model.cachedInputPerMtok);
    map.write("cache_write_per_mtok", model.cacheWritePerMtok);
    map.write("cache_write_1h_per_mtok", model.cacheWrite1hPerMtok);
    map.write("audio_input_per_mtok", model.audioInputPerMtok);
    map.write("cached_audio_per_mtok", model.cachedAudioPerMtok);
    map.write("audio_output_per_mtok", model.audioOutputPerMtok);
    map.write("context", model.context);
    map.write("max_output", model.maxOutput);
    map.write("tools", model.tools);
    map.write("vision", model.vision);
    map.write("json_schema", model.jsonSchema);
    map.write("audio", model.audio);
    return map.take();
}

Node toNode(const GatewaySettings &settings, const WriteOptions &options)
{
    const GatewaySettings standard;
    MapWriter map(options);
    map.write("listen", settings.listen, standard.listen);
    map.write("require_key", settings.requireKey, standard.requireKey);
    map.writeChoice("durability", settings.durability, standard.durability);
    map.writeSize("max_body", settings.maxBody, standard.maxBody);
    map.writeSize("max_header", settings.maxHeader, standard.maxHeader);
    map.writeSize("max_answer", settings.maxAnswer, standard.maxAnswer);
    map.write("max_connections", settings.maxConnections, standard.maxConnections);
    map.add("timeouts", timeoutsNode(settings.timeouts, standard.timeouts, options));
    map.write("keepalive", settings.keepalive, standard.keepalive);
    map.write("drain_timeout", settings.drainTimeout, standard.drainTimeout);
    map.write("flush", settings.flush, standard.flush);
    map.add("tls", tlsNode(settings.tls, options));
    map.write("cors", settings.cors);
    map.write("trusted_proxies", settings.trustedProxies);
    map.write("proxy", settings.proxy);
    map.write("metrics_token", settings.metricsToken);
    map.write("time_zone", settings.timeZone, standard.timeZone);
    map.write("allow_private_upstreams", settings.allowPrivateUpstreams, standard.allowPrivateUpstreams);
    map.add("media", mediaNode(settings.media, options));
    map.add("log", logNode(settings.log, options));
    return map.take();
}

Node toNode(const Provider &provider, const WriteOptions &options)
{
    const Provider standard;
    MapWriter map(options);
    writeState(map, provider.id, provider.origin);
    map.write("name", provider.name);
    map.write("kind", provider.kind);
    map.write("base_url", provider.baseUrl);
    for (const ProviderMember &member : providerMembers())
        map.write(member.name, provider.*member.text);
    map.write("deployments", provider.deployments);
    map.write("enabled", provider.enabled, standard.enabled);
    map.add("credentials", listNode(provider.credentials, [&](const Credential &credential) { return credentialNode(credential, options); }));
    auto headers = provider.headers;
    if (options.secrets == Secrets::LeaveOut)
        std::erase_if(headers, [](const auto &header) { return isSecretHeader(header.first); });
    map.write("headers", headers);
    map.add("breaker", breakerNode(provider.breaker, options));
    map.write("max_connections", provider.maxConnections, standard.maxConnections);
    map.writeChoice("health_probe", provider.healthProbe, standard.healthProbe);
    map.write("every", provider.probeEvery, standard.probeEvery);
    map.add("timeouts", timeoutsNode(provider.timeouts, standard.timeouts, options));
    map.add("models", listNode(provider.models, [&](const ModelSettings &model) { return toNode(model, options); }));
    writeQuota(map, provider.quota);
    return map.take();
}

Node toNode(const Team &team, const WriteOptions &options)
{
    MapWriter map(options);
    writeState(map, team.id, team.origin);
    map.write("name", team.name);
    map.write("privacy", team.privacy);
    writeQuota(map, team.quota);
    return map.take();
}

Node toNode(const VirtualKey &key, const WriteOptions &options)
{
    MapWriter map(options);
    writeState(map, key.id, key.origin);
    map.write("name", key.name);
    map.write("team", key.team);
    map.write("secret", key.secret);
    if (options.stored) {
        map.write("hash", key.hash);
        map.write("prefix", key.prefix);
        map.write("revoked", key.revoked, false);
        map.write("former_hash", key.formerHash);
        if (key.formerUntil != WallTime {})
            map.writeDate("former_until", key.formerUntil);
        map.writeDate("created_at", key.createdAt);
    }
    if (key.models)
        map.addAlways("models", map.list(*key.models)); // empty is not absent: none, not all
    if (key.expires)
        map.writeDate("expires", *key.expires);
    map.write("allow_from", key.allowFrom);
    if (key.permissions != VirtualKey {}.permissions)
        map.addAlways("permissions", permissionsNode(key.permissions)); // none at all is not the default
    map.write("metadata", key.metadata);
    map.add("defaults", defaultsNode(key.defaults, options));
    map.write("privacy", key.privacy);
    writeQuota(map, key.quota);
    return map.take();
}

Node toNode(const Tag &tag, const WriteOptions &options)
{
    MapWriter map(options);
    writeState(map, tag.id, tag.origin);
    map.write("name", tag.name);
    writeQuota(map, tag.quota);
    return map.take();
}

Node toNode(const AdminToken &token, const WriteOptions &options)
{
    MapWriter map(options);
    writeState(map, token.id, token.origin);
    map.write("name", token.name);
    map.addAlways("role", Node::string(std::string(toText(token.role)))); // said even where it is the default: who may what
    map.write("secret", token.secret);
    if (options.stored)
        map.write("hash", token.hash);
    return map.take();
}

Node toNode(const Organisation &organisation, const WriteOptions &options)
{
    MapWriter map(options);
    writeQuota(map, organisation.quota);
    return map.take();
}

Node toNode(const Customers &customers, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("header", customers.header);
    if (customers.defaultBudget)
        map.add("default_budget", budgetNode(*customers.defaultBudget, options));
    if (customers.defaultLimits)
        map.add("default_limits", limitNode(*customers.defaultLimits, options));
    return map.take();
}

Node toNode(const TelemetrySettings &telemetry, const WriteOptions &options)
{
    const TelemetrySettings standard;
    MapWriter map(options);
    map.write("prometheus", telemetry.prometheus, standard.prometheus);
    map.write("otlp", telemetry.otlp);
    if (options.secrets == Secrets::Include)
        map.write("otlp_headers", telemetry.otlpHeaders);
    map.write("content", telemetry.content, standard.content);
    map.add("sinks", logSinksNode(telemetry.sinks, options));
    return map.take();
}

Node toNode(const Config &config, const WriteOptions &options)
{
    const auto write = [&](const auto &entry) { return toNode(entry, options); };
    MapWriter map(options);
    map.addAlways("version", Node::plain("1"));
    map.add("gateway", toNode(config.gateway, options));
    forEachSection([&](const auto &section) { map.add(section.name, toNode(config.*section.member, options)); });
    forEachList([&](const auto &list) { addList(map, list.name, listNode(config.*list.member, write)); });
    if (options.stored) {
        map.write("file_settings", std::vector<std::string>(config.fileSettings.begin(), config.fileSettings.end()));
        map.write("file_sections", std::vector<std::string>(config.fileSections.begin(), config.fileSections.end()));
    }
    return map.take();
}

} // namespace gateway::config
