// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/store_needs.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/neutral/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gateway::wire::openai_responses {
namespace {

using Type = JsonCursor::Type;

/// The members of an input item by which it is told.
struct ItemHead
{
    Chars type {}, id {}, encrypted {};
    bool role = false;

    bool read(JsonCursor &in)
    {
        return in.members([&](std::string_view key) {
            if (key == "type")
                return takeChars(in, type);
            if (key == "id")
                return takeChars(in, id);
            if (key == "encrypted_content")
                return takeChars(in, encrypted);
            role = role || key == "role";
            return in.skip();
        });
    }

    /// Its type may be left out, and the role is then what a message has.
    [[nodiscard]] bool isReference() const { return type.raw == "item_reference" || (type.empty() && !role && !id.empty()); }
    /// A thought that was made into an item here is kept by nobody, and another model can do without it: it is no reason
    /// to refuse a call. Clients refer to it who believe that whatever they get is stored.
    [[nodiscard]] bool refersToOwnThought() const { return isReference() && id.raw.starts_with(ownReasoningId); }
    [[nodiscard]] bool isForeign() const
    {
        return refersToOwnThought() || (type.raw == "reasoning" && (id.raw.starts_with(ownReasoningId) || readSeal(encrypted, WireFormat::OpenAiResponses).issuer != WireFormat::OpenAiResponses));
    }
};

/// Visits the items of `input`, where it is an array.
template <typename Visit>
bool eachItem(JsonCursor &in, Visit &&visit)
{
    if (in.type() != Type::Array)
        return in.skip();
    return in.elements([&] {
        ItemHead head;
        std::string_view whole;
        if (!in.skip(whole))
            return false;
        JsonCursor item(whole);
        return visit(item.type() == Type::Object && head.read(item) ? head : ItemHead {}, whole);
    });
}

} // namespace

StoreNeeds storeNeeds(std::string_view body)
{
    constexpr std::array objects {std::string_view {"previous_response_id"}, std::string_view {"conversation"}, std::string_view {"prompt"}};
    StoreNeeds needs;
    JsonCursor in(body);
    in.members([&](std::string_view key) {
        if (key == "input") {
            std::size_t index = 0;
            return eachItem(in, [&](const ItemHead &head, std::string_view) {
                if (head.isReference() && !head.refersToOwnThought())
                    needs.fields.push_back(fmt::format("input.{}", index));
                ++index;
                return true;
            });
        }
        const bool asked = key == "background" || key == "store" ? in.type() == Type::Bool : in.type() != Type::Null && std::ranges::find(objects, key) != objects.end();
        std::string_view value;
        if (!in.skip(value))
            return false;
        if (!asked || value == "false" || value == "\"\"")
            return true;
        needs.fields.emplace_back(key);
        if (key == "previous_response_id" && value.size() > 2)
            needs.previousResponse = unescapeJson(value.substr(1, value.size() - 2));
        return true;
    });
    return needs;
}

std::optional<Error> StoreNeeds::refusal() const
{
    if (fields.empty())
        return std::nullopt;
    return Error {.code = ErrorCode::BadRequest,
                  .message = fmt::format("{} needs what the provider of an earlier response keeps, and this model is asked in another format: send the whole conversation instead.",
                                         fields.front()),
                  .where = fields.front()};
}

std::optional<std::string> withoutForeignReasoning(std::string_view body, const std::set<std::string, std::less<>> *foreignSeals)
{
    std::string kept;
    std::string_view input;
    bool foreign = false;
    JsonCursor in(body);
    const bool read = in.members([&](std::string_view key) {
        if (key != "input" || in.type() != Type::Array)
            return in.skip();
        const std::size_t from = in.offset();
        const bool items = eachItem(in, [&](const ItemHead &head, std::string_view whole) {
            if (head.isForeign() || (foreignSeals && head.type.raw == "reasoning" && foreignSeals->contains(head.encrypted.raw)))
                return foreign = true;
            kept.append(kept.empty() ? "" : ",").append(whole);
            return true;
        });
        input = in.since(from);
        return items;
    });
    if (!read || !foreign)
        return std::nullopt;
    const auto before = static_cast<std::size_t>(input.data() - body.data());
    return fmt::format("{}[{}]{}", body.substr(0, before), kept, body.substr(before + input.size()));
}

} // namespace gateway::wire::openai_responses
