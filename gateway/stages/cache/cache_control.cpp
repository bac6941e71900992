// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/cache_control.h"

#include "gateway/core/text.h"

#include <charconv>
#include <fmt/format.h>

namespace gateway::stages {

namespace {

constexpr std::string_view header = "x-signalbox-cache";
constexpr std::string_view ttlWord = "ttl=";

std::unexpected<Error> bad(std::string message)
{
    return fail(ErrorCode::BadRequest, std::move(message), std::string(header));
}

std::optional<std::chrono::seconds> secondsOf(std::string_view text)
{
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc {} || end != text.data() + text.size() || seconds < 1 || seconds > longestTtl.count())
        return std::nullopt;
    return std::chrono::seconds(seconds);
}

} // namespace

Result<CacheControl> parseCacheControl(std::string_view value)
{
    CacheControl control;
    while (!value.empty()) {
        const std::size_t comma = value.find(',');
        const std::string_view word = trimmed(value.substr(0, comma));
        value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
        if (word.empty())
            continue;
        if (equalsIgnoringCase(word, "no-cache")) {
            control.read = false;
        } else if (equalsIgnoringCase(word, "no-store")) {
            control.store = false;
        } else if (equalsIgnoringCase(word, "only-if-cached")) {
            control.onlyIfCached = true;
        } else if (equalsIgnoringCase(word.substr(0, ttlWord.size()), ttlWord)) {
            control.ttl = secondsOf(word.substr(ttlWord.size()));
            if (!control.ttl)
                return bad(fmt::format("{} is no time to keep an answer; write ttl=SECONDS, from 1 to {}.", jsonQuoted(word), longestTtl.count()));
        } else {
            return bad(fmt::format("{} is not what the cache can be asked for; write no-cache, no-store, ttl=SECONDS or only-if-cached.", jsonQuoted(word)));
        }
    }
    if (control.onlyIfCached && !control.read)
        return bad("no-cache and only-if-cached exclude each other.");
    return control;
}

} // namespace gateway::stages
