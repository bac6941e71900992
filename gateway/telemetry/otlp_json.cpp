// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/otlp_json.h"

#include "gateway/core/key_hash.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::telemetry::otlp {

namespace {

constexpr std::size_t traceDigits = 32;
constexpr std::size_t spanDigits = 16;

/// Nobody gains by making two texts meet here: no secret key is needed.
std::string idOf(std::string_view text, std::size_t digits)
{
    static const KeyHasher hasher {KeyHasher::Key {}};
    return hasher.hashHex(text).substr(0, digits);
}

bool isTrace(std::string_view text)
{
    return text.size() == traceDigits && text.find_first_not_of('0') != std::string_view::npos;
}

} // namespace

void Attributes::add(std::string_view key, const std::vector<std::string> &values)
{
    if (values.empty())
        return;
    Json list = Json::array();
    for (const std::string &value : values)
        list.push_back({{"stringValue", value}});
    m_list.push_back({{"key", key}, {"value", {{"arrayValue", {{"values", std::move(list)}}}}}});
}

CallIds::CallIds(const CallRecord &call) : trace(isTrace(call.trace) ? call.trace : idOf(call.id, traceDigits)), span(idOf(call.id + "/call", spanDigits)), m_call(call.id) {}

std::string CallIds::attempt(std::size_t n) const
{
    return idOf(fmt::format("{}/{}", m_call, n), spanDigits);
}

double dollars(Money money)
{
    return static_cast<double>(money.nanos()) / 1e9;
}

std::string nanos(WallTime time, std::int64_t laterUs)
{
    return std::to_string(std::chrono::nanoseconds(time.time_since_epoch()).count() + laterUs * 1000);
}

Json request(const OtlpSettings &settings, const char *resources, const char *scopes, const char *items, Json list)
{
    Attributes resource;
    resource.add("service.name", "signalbox");
    resource.add("service.version", settings.version);
    resource.add("service.instance.id", settings.instance);
    Json scope {{"scope", {{"name", "signalbox"}, {"version", settings.version}}}};
    scope[items] = std::move(list);
    Json one {{"resource", {{"attributes", resource.take()}}}};
    one[scopes] = Json::array({std::move(scope)});
    Json whole;
    whole[resources] = Json::array({std::move(one)});
    return whole;
}

std::string_view operationOf(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Messages:
    case Endpoint::Responses: return "chat";
    case Endpoint::Completions: return "text_completion";
    case Endpoint::Embeddings: return "embeddings";
    case Endpoint::GenerateContent: return "generate_content";
    default: return toText(endpoint);
    }
}

} // namespace gateway::telemetry::otlp
