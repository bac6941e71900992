// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/config_json.h"

#include "gateway/config/entity_reader.h"
#include "gateway/config/entity_writer.h"
#include "gateway/config/quota_text.h"

#include <algorithm>

namespace gateway::config {

namespace {

void readWhole(Reading &reading, const Node &node, Config &out)
{
    NamedParts named;
    out = readRoot(reading, node, named);
}

void readWhole(Reading &reading, const Node &node, GatewaySettings &out)
{
    std::set<std::string> named;
    out = readGateway(reading, node, "", named);
}

void readWhole(Reading &reading, const Node &node, Budget &out) { out = readBudget(reading, node, ""); }
void readWhole(Reading &reading, const Node &node, Limit &out) { out = readLimit(reading, node, ""); }

template <typename T>
void readWhole(Reading &reading, const Node &node, T &out)
{
    readEntry(reading, node, "", out);
}

Node wholeNode(const Budget &budget, const WriteOptions &options) { return budgetNode(budget, options); }
Node wholeNode(const Limit &limit, const WriteOptions &options) { return limitNode(limit, options); }

template <typename T>
Node wholeNode(const T &value, const WriteOptions &options)
{
    return toNode(value, options);
}

} // namespace

template <typename T>
std::string toJson(const T &value, Secrets secrets)
{
    return jsonText(wholeNode(value, WriteOptions {.secrets = secrets, .stored = true}));
}

template <typename T>
Result<T> fromJson(std::string_view json)
{
    const auto node = parseJson(json);
    if (!node)
        return fail(ErrorCode::Invalid, node.error().message);
    const ReadOptions options;
    Reading reading(options, true);
    T value;
    readWhole(reading, *node, value);
    const auto problem = std::find_if(reading.problems.begin(), reading.problems.end(), [](const Problem &found) { return !found.warning; });
    if (problem != reading.problems.end())
        return fail(ErrorCode::Invalid, problem->message, problem->field);
    return value;
}

template std::string toJson(const Config &, Secrets);
template Result<Config> fromJson(std::string_view);
template std::string toJson(const GatewaySettings &, Secrets);
template Result<GatewaySettings> fromJson(std::string_view);
template std::string toJson(const Provider &, Secrets);
template Result<Provider> fromJson(std::string_view);
template std::string toJson(const Route &, Secrets);
template Result<Route> fromJson(std::string_view);
template std::string toJson(const Team &, Secrets);
template Result<Team> fromJson(std::string_view);
template std::string toJson(const VirtualKey &, Secrets);
template Result<VirtualKey> fromJson(std::string_view);
template std::string toJson(const Tag &, Secrets);
template Result<Tag> fromJson(std::string_view);
template std::string toJson(const AdminToken &, Secrets);
template Result<AdminToken> fromJson(std::string_view);
template std::string toJson(const Organisation &, Secrets);
template Result<Organisation> fromJson(std::string_view);
template std::string toJson(const Customers &, Secrets);
template Result<Customers> fromJson(std::string_view);
template std::string toJson(const Budget &, Secrets);
template Result<Budget> fromJson(std::string_view);
template std::string toJson(const Limit &, Secrets);
template Result<Limit> fromJson(std::string_view);
template std::string toJson(const ModelSettings &, Secrets);
template Result<ModelSettings> fromJson(std::string_view);
template std::string toJson(const TelemetrySettings &, Secrets);
template Result<TelemetrySettings> fromJson(std::string_view);
template std::string toJson(const PrivacyPolicy &, Secrets);
template Result<PrivacyPolicy> fromJson(std::string_view);
template std::string toJson(const Prompt &, Secrets);
template Result<Prompt> fromJson(std::string_view);
template std::string toJson(const CacheSettings &, Secrets);
template Result<CacheSettings> fromJson(std::string_view);
template std::string toJson(const Alert &, Secrets);
template Result<Alert> fromJson(std::string_view);
template std::string toJson(const Report &, Secrets);
template Result<Report> fromJson(std::string_view);
template std::string toJson(const SmtpSettings &, Secrets);
template Result<SmtpSettings> fromJson(std::string_view);

} // namespace gateway::config
