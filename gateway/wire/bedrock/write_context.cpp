// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/write_context.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/take_chars.h"

#include <utility>

namespace gateway::wire::bedrock {

void WriteContext::lose(std::string what, std::string why)
{
    if (m_told.emplace(what, why).second)
        losses.push_back({.what = std::move(what), .why = std::move(why)});
}

std::string WriteContext::name(Chars name)
{
    std::string sent = toolName(name);
    if (sent != name.raw)
        renamed.try_emplace(sent, name.raw);
    return sent;
}

void WriteContext::cachePoint(std::string &list, Json mark, bool allowed)
{
    if (mark.empty())
        return;
    if (!allowed || m_cachePointsLeft == 0)
        return lose("cache_control", allowed ? "bedrock takes four cache points" : "the model takes no cache point there");
    --m_cachePointsLeft;
    Chars life;
    JsonCursor in(mark.raw);
    in.members([&](std::string_view key) { return key == "ttl" ? takeChars(in, life) : in.skip(); });
    addElement(list, [&](JsonWriter &json) {
        json.object().object("cachePoint").textMember("type", "default");
        if (life.raw == "1h" && rules.cacheHour)
            json.textMember("ttl", "1h");
        json.endObject().endObject();
    });
    if (!life.empty() && life.raw != "5m" && !(life.raw == "1h" && rules.cacheHour))
        lose("cache_control.ttl", "the model keeps a cache for five minutes");
}

} // namespace gateway::wire::bedrock
