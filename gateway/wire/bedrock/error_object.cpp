// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/error_object.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/take_chars.h"

#include <cstdint>

namespace gateway::wire::bedrock {
namespace {

struct ErrorWords
{
    Chars message {}, original {}, kind {};
    std::int64_t status = 0;

    bool read(std::string_view data)
    {
        JsonCursor in(data);
        const bool whole = in.members([&](std::string_view key) {
            if (key == "message" || key == "Message")
                return takeChars(in, message);
            if (key == "originalMessage")
                return takeChars(in, original);
            if (key == "__type")
                return takeChars(in, kind);
            if (key == "Output" && in.type() == JsonCursor::Type::Object) // {"Output": {"__type": ...#UnknownOperationException}}
                return in.members([&](std::string_view inner) { return inner == "__type" ? takeChars(in, kind) : in.skip(); });
            if (key != "originalStatusCode")
                return in.skip();
            const auto number = in.integer();
            status = number.value_or(0);
            return number || in.skip();
        });
        return whole && in.atEnd() && (!message.empty() || !kind.empty());
    }
};

} // namespace

bool isError(std::string_view type, std::string_view json)
{
    constexpr std::string_view ending = "exception";
    return (type.size() >= ending.size() && equalsIgnoringCase(type.substr(type.size() - ending.size()), ending)) || ErrorWords {}.read(json);
}

std::string errorObject(std::string_view type, std::string_view json)
{
    ErrorWords words;
    std::string object;
    JsonWriter out(object);
    out.object().object("error").textMember("type", type);
    if (words.read(json)) {
        std::string message(words.message.raw);
        if (!words.original.empty() && words.original != words.message)
            message.append(message.empty() ? "" : ": ").append(words.original.raw);
        out.member("message", Chars {message});
    } else {
        out.textMember("message", json);
    }
    if (words.status)
        out.member("status_code", words.status);
    out.endObject().endObject();
    return object;
}

} // namespace gateway::wire::bedrock
