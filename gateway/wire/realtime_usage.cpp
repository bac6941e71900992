// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/realtime_usage.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/usage.h"

namespace gateway::wire {
namespace {

constexpr std::size_t typeWithin = 256; // OpenAI writes `type` first or second

} // namespace

std::optional<TokenUsage> usageOfRealtimeEvent(std::string_view event)
{
    if (event.find("response.done") == std::string_view::npos) // most events are none, and many are long
        return std::nullopt;
    JsonCursor in(event);
    bool done = false;
    std::string_view response, usage;
    in.members([&](std::string_view key) {
        if (key == "type" && in.type() == JsonCursor::Type::String) {
            std::string_view type;
            const bool read = in.string(type);
            done = jsonStringIs(type, "response.done");
            return read;
        }
        return key == "response" && in.type() == JsonCursor::Type::Object ? in.skip(response) : in.skip();
    });
    if (!done || response.empty())
        return std::nullopt;
    JsonCursor inner(response);
    inner.members([&](std::string_view key) { return key == "usage" ? inner.skip(usage) : inner.skip(); });
    return usage.empty() ? std::nullopt : readUsage(usage);
}

bool isRealtimeSound(std::string_view event)
{
    const std::string_view front = event.substr(0, typeWithin);
    return front.find("audio.delta\"") != std::string_view::npos || front.find("\"input_audio_buffer.append\"") != std::string_view::npos;
}

} // namespace gateway::wire
