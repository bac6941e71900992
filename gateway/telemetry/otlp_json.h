// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/telemetry/otlp.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Pieces of OTLP's JSON: 64-bit numbers are texts, ids are hexadecimal (in which it departs from protobuf's JSON).
namespace gateway::telemetry::otlp {

using Json = nlohmann::ordered_json;

/// A list of KeyValue. Empty texts are left out.
class Attributes
{
public:
    void add(std::string_view key, std::string_view value)
    {
        if (!value.empty())
            put(key, "stringValue", value);
    }
    void add(std::string_view key, const std::string &value) { add(key, std::string_view(value)); }
    void add(std::string_view key, const char *value) { add(key, std::string_view(value)); }
    void add(std::string_view key, bool value) { put(key, "boolValue", value); }
    void add(std::string_view key, double value) { put(key, "doubleValue", value); }
    void add(std::string_view key, std::int64_t value) { put(key, "intValue", std::to_string(value)); }
    void add(std::string_view key, const std::vector<std::string> &values);

    [[nodiscard]] Json take() { return std::move(m_list); }

private:
    template <typename Value>
    void put(std::string_view key, const char *type, const Value &value)
    {
        m_list.push_back({{"key", key}, {"value", {{type, value}}}});
    }

    Json m_list = Json::array();
};

/// Where a call's spans are.
struct CallIds
{
    explicit CallIds(const CallRecord &call);
    [[nodiscard]] std::string attempt(std::size_t n) const; ///< its span's id

    std::string trace; ///< 32 hexadecimal digits
    std::string span;  ///< 16: the call's own

private:
    const std::string &m_call;
};

[[nodiscard]] double dollars(Money money);
[[nodiscard]] std::string nanos(WallTime time, std::int64_t laterUs = 0); ///< since 1970, as text

/// {"resource": ..., `scopes`: [{"scope": ..., `items`: [...]}]} in the list that an export request is.
[[nodiscard]] Json request(const OtlpSettings &settings, const char *resources, const char *scopes, const char *items, Json list);

/// What kind of work it was, as gen_ai.operation.name.
[[nodiscard]] std::string_view operationOf(Endpoint endpoint);

} // namespace gateway::telemetry::otlp
