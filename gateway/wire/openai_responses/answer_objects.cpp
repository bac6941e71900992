// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/answer_objects.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/openai_responses/take_values.h"

namespace gateway::wire::openai_responses {

bool StreamEvent::read(std::string_view data)
{
    whole = {data};
    JsonCursor in(data);
    return in.members([&](std::string_view key) {
        if (key == "type")
            return takeChars(in, type);
        if (key == "delta")
            return takeChars(in, delta);
        if (key == "output_index")
            return takeInteger(in, output);
        if (key == "content_index")
            return takeInteger(in, content);
        if (key == "summary_index")
            return takeInteger(in, summary);
        if (key == "text")
            return takeChars(in, text);
        if (key == "refusal")
            return takeChars(in, refusal);
        if (key == "arguments" || key == "input")
            return takeChars(in, arguments);
        if (key == "part")
            return takeJson(in, part);
        if (key == "item")
            return takeJson(in, item);
        if (key == "annotation")
            return takeJson(in, annotation);
        if (key == "response")
            return takeJson(in, response);
        return key == "error" ? takeJson(in, error) : in.skip();
    });
}

bool ItemMembers::read(Json item)
{
    JsonCursor in(item.raw);
    return in.members([&](std::string_view key) {
        if (key == "type")
            return takeChars(in, type);
        if (key == "id")
            return takeChars(in, id);
        if (key == "call_id")
            return takeChars(in, callId);
        if (key == "name")
            return takeChars(in, name);
        if (key == "arguments" || key == "input")
            return takeChars(in, arguments);
        if (key == "encrypted_content")
            return takeChars(in, encrypted);
        if (key == "content")
            return takeJson(in, content);
        return key == "summary" ? takeJson(in, summary) : in.skip();
    });
}

bool ResponseMembers::read(Json response)
{
    JsonCursor in(response.raw);
    return in.members([&](std::string_view key) {
        if (key == "id")
            return takeChars(in, id);
        if (key == "model")
            return takeChars(in, model);
        if (key == "created_at")
            return takeInteger(in, created);
        if (key == "status")
            return takeChars(in, status);
        if (key == "incomplete_details" && in.type() == JsonCursor::Type::Object)
            return in.members([&](std::string_view inner) { return inner == "reason" ? takeChars(in, incompleteReason) : in.skip(); });
        if (key == "error")
            return takeJson(in, error);
        if (key == "output" && in.type() == JsonCursor::Type::Array)
            return in.skip(output.raw);
        return key == "usage" ? takeJson(in, usage) : in.skip();
    });
}

} // namespace gateway::wire::openai_responses
