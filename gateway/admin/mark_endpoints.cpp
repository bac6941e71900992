// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/mark_endpoints.h"

#include "gateway/admin/answers.h"
#include "gateway/admin/call_json.h"
#include "gateway/admin/json_body.h"
#include "gateway/api/mark_tools.h"
#include "gateway/core/mark_colour.h"
#include "gateway/core/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

/// "red", 1, or null for none.
std::optional<int> colourIn(const Json &value)
{
    if (value.is_null())
        return 0;
    return value.is_string() ? markColourOf(value.get_ref<const std::string &>()) : value.is_number_integer() ? markColourOf(value.dump()) : std::nullopt;
}

Result<MarkChange> readChange(std::string callId, const Json &body)
{
    MarkChange change {.callId = std::move(callId)};
    for (const auto &[name, value] : body.items()) {
        if (name == "colour") {
            change.colour = colourIn(value);
            if (!change.colour)
                return fail(ErrorCode::BadRequest, fmt::format("colour is one of {}, 1 to {}, or null for none.", fmt::join(markColours, ", "), markColours.size()), "colour");
        } else if (name == "comment") {
            if (!value.is_string() && !value.is_null())
                return fail(ErrorCode::BadRequest, "comment is a text, or null for none.", "comment");
            change.comment = value.is_null() ? std::string() : value.get<std::string>();
        } else {
            const std::string word(truncatedUtf8(name, 60));
            return fail(ErrorCode::BadRequest, fmt::format("{} is nothing of a mark; it has colour and comment.", jsonQuoted(word)), word);
        }
    }
    if (!change.colour && !change.comment)
        return fail(ErrorCode::BadRequest, "Say what to note at the call: colour, comment, or both.", "colour");
    return change;
}

/// {"colour": "red", "comment": "look at this"}: what is left out stays.
void markCall(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body);
    if (!body)
        return done(refusal(body.error()));
    auto change = readChange(std::string(ask.argument()), *body);
    if (!change)
        return done(refusal(change.error()));
    api::MarkTools *tools = api::MarkTools::of(ask.gateway);
    if (tools == nullptr)
        return done(refusal({.code = ErrorCode::NotSupported, .message = "This gateway keeps no marks."}));
    tools->mark({*change}, ask.context, [change = *change, done](const Result<std::vector<MarkChange>> &before) {
        if (!before)
            return done(refusal(before.error()));
        const MarkChange &former = before->front();
        Json json {{"call_id", change.callId}};
        json.update(markJson({.colour = change.colour.value_or(*former.colour), .comment = change.comment ? std::string(trimmed(*change.comment)) : *former.comment}));
        done(answer(json));
    });
}

} // namespace

void addMarkEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "PUT", .path = "/admin/v1/calls/{id}/mark", .handler = markCall, .summary = "Gives a call a colour, a comment, or both; what is left out stays, null takes it off.", .body = "mark", .answer = "mark.answer"});
}

} // namespace gateway::admin
