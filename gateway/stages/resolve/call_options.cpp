// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/call_options.h"

#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::stages {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longestMetadata = 4096;
constexpr std::size_t longestText = 200;
constexpr std::size_t longestTags = 500;
constexpr Duration longestTimeout = std::chrono::hours {1};
constexpr std::string_view headerPrefix = "x-signalbox-";

std::unexpected<Error> bad(std::string_view where, std::string message)
{
    return fail(ErrorCode::BadRequest, fmt::format("{}: {}", where, message), std::string(where));
}

/// "1.5" and "30" are seconds; else a duration as in the configuration.
Result<Duration> readTimeout(std::string_view text, std::string_view where)
{
    double seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    Duration timeout {};
    if (read.ec == std::errc() && read.ptr == text.data() + text.size()) {
        if (!(seconds > 0) || seconds > 3600)
            return bad(where, "a timeout is more than 0 and at most an hour.");
        timeout = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    } else {
        const auto parsed = config::parseDuration(text);
        if (!parsed)
            return bad(where, fmt::format("\"{}\" is no duration. Write 30, 1.5, 500ms or 2m.", toValidUtf8(truncatedUtf8(text, 40))));
        timeout = *parsed;
    }
    if (timeout <= Duration::zero() || timeout > longestTimeout)
        return bad(where, "a timeout is more than 0 and at most an hour.");
    return timeout;
}

Result<std::string> readText(std::string_view text, std::size_t longest, std::string_view where)
{
    text = trimmed(text);
    if (text.size() > longest)
        return bad(where, fmt::format("at most {} bytes are kept, these are {}.", longest, text.size()));
    return toValidUtf8(text);
}

Result<std::string> readMetadata(std::string_view text, std::string_view where)
{
    if (text.size() > longestMetadata)
        return bad(where, fmt::format("at most {} bytes are kept, these are {}.", longestMetadata, text.size()));
    const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (!json.is_object())
        return bad(where, "metadata is a JSON object, for example {\"job\": \"nightly\"}.");
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Member by member, as text; the reader of each name is the same as for its header.
Result<void> take(CallOptions &options, std::string_view name, std::string_view value, std::string_view where)
{
    const auto into = [](std::string &field, Result<std::string> read) -> Result<void> {
        if (!read)
            return std::unexpected(std::move(read.error()));
        field = std::move(*read);
        return {};
    };
    if (name == "metadata")
        return into(options.metadata, readMetadata(value, where));
    if (name == "tags")
        return into(options.tags, readText(value, longestTags, where));
    if (name == "customer")
        return into(options.customer, readText(value, longestText, where));
    if (name == "session")
        return into(options.session, readText(value, longestText, where));
    if (name == "region")
        return into(options.region, readText(value, longestText, where));
    if (name == "route")
        return into(options.route, readText(value, longestText, where));
    if (name == "timeout") {
        const auto timeout = readTimeout(trimmed(value), where);
        if (!timeout)
            return std::unexpected(timeout.error());
        options.timeout = *timeout;
    }
    return {};
}

std::string asText(const Json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (!value.is_array())
        return value.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::string joined; // tags may be a list
    for (const Json &item : value)
        joined += (joined.empty() ? "" : ",") + (item.is_string() ? item.get<std::string>() : item.dump());
    return joined;
}

Result<void> readObject(CallOptions &options, std::string_view object)
{
    const Json json = Json::parse(object.begin(), object.end(), nullptr, false);
    if (!json.is_object())
        return bad("signalbox", "it is a JSON object.");
    for (const auto &[name, value] : json.items()) {
        if (value.is_null())
            continue;
        if (auto taken = take(options, name, asText(value), fmt::format("signalbox.{}", name)); !taken)
            return taken;
    }
    return {};
}

} // namespace

Result<CallOptions> readCallOptions(std::span<const HeaderView> headers, std::string_view object)
{
    CallOptions options;
    if (!object.empty()) {
        if (auto read = readObject(options, object); !read)
            return std::unexpected(std::move(read.error()));
    }
    for (const HeaderView &header : headers) {
        if (header.name.size() <= headerPrefix.size() || asciiLower(header.name.front()) != headerPrefix.front()
            || !equalsIgnoringCase(header.name.substr(0, headerPrefix.size()), headerPrefix))
            continue;
        std::string name(header.name.substr(headerPrefix.size()));
        for (char &c : name)
            c = asciiLower(c);
        if (auto taken = take(options, name, header.value, fmt::format("{}{}", headerPrefix, name)); !taken)
            return std::unexpected(std::move(taken.error()));
    }
    return options;
}

} // namespace gateway::stages
