// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/config_json.h"

#include "gateway/config/entity_reader.h"
#include "gateway/config/entity_writer.h"

#include <algorithm>

namespace gateway::config {

namespace {

template <typename T>
std::string entryJson(const T &entry, Secrets secrets)
{
    return jsonText(toNode(entry, WriteOptions {.secrets = secrets, .stored = true}));
}

template <typename T, typename Read>
Result<T> entryFromJson(std::string_view json, const Read &read)
{
    const auto node = parseJson(json);
    if (!node)
        return fail(ErrorCode::Invalid, node.error().message);
    const ReadOptions options;
    Reading reading(options, true);
    T entry = read(reading, *node);
    const auto problem = std::find_if(reading.problems.begin(), reading.problems.end(), [](const Problem &found) { return !found.warning; });
    if (problem != reading.problems.end())
        return fail(ErrorCode::Invalid, problem->message, problem->field);
    return entry;
}

} // namespace

std::string toJson(const Config &config, Secrets secrets)
{
    return entryJson(config, secrets);
}

std::string toJson(const GatewaySettings &settings, Secrets secrets)
{
    return entryJson(settings, secrets);
}

std::string toJson(const Provider &provider, Secrets secrets)
{
    return entryJson(provider, secrets);
}

std::string toJson(const Route &route, Secrets secrets)
{
    return entryJson(route, secrets);
}

std::string toJson(const Team &team, Secrets secrets)
{
    return entryJson(team, secrets);
}

std::string toJson(const VirtualKey &key, Secrets secrets)
{
    return entryJson(key, secrets);
}

std::string toJson(const Tag &tag, Secrets secrets)
{
    return entryJson(tag, secrets);
}

std::string toJson(const Organisation &organisation, Secrets secrets)
{
    return entryJson(organisation, secrets);
}

std::string toJson(const Customers &customers, Secrets secrets)
{
    return entryJson(customers, secrets);
}

template <typename T>
Result<T> fromJson(std::string_view json)
{
    return entryFromJson<T>(json, [](Reading &reading, const Node &node) {
        T entry;
        readEntry(reading, node, "", entry);
        return entry;
    });
}

template Result<Provider> fromJson<Provider>(std::string_view);
template Result<Route> fromJson<Route>(std::string_view);
template Result<Team> fromJson<Team>(std::string_view);
template Result<VirtualKey> fromJson<VirtualKey>(std::string_view);
template Result<Tag> fromJson<Tag>(std::string_view);
template Result<Organisation> fromJson<Organisation>(std::string_view);
template Result<Customers> fromJson<Customers>(std::string_view);

Result<Config> configFromJson(std::string_view json)
{
    return entryFromJson<Config>(json, [](Reading &reading, const Node &node) {
        NamedParts named;
        return readRoot(reading, node, named);
    });
}

Result<GatewaySettings> gatewaySettingsFromJson(std::string_view json)
{
    return entryFromJson<GatewaySettings>(json, [](Reading &reading, const Node &node) {
        std::set<std::string> named;
        return readGateway(reading, node, "", named);
    });
}

Result<Provider> providerFromJson(std::string_view json)
{
    return entryFromJson<Provider>(json, [](Reading &reading, const Node &node) { return readProvider(reading, node, ""); });
}

Result<Route> routeFromJson(std::string_view json)
{
    return entryFromJson<Route>(json, [](Reading &reading, const Node &node) { return readRoute(reading, node, ""); });
}

Result<Team> teamFromJson(std::string_view json)
{
    return entryFromJson<Team>(json, [](Reading &reading, const Node &node) { return readTeam(reading, node, ""); });
}

Result<VirtualKey> virtualKeyFromJson(std::string_view json)
{
    return entryFromJson<VirtualKey>(json, [](Reading &reading, const Node &node) { return readKey(reading, node, ""); });
}

} // namespace gateway::config
