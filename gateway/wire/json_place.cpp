// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_place.h"

#include "gateway/wire/json_cursor.h"

#include <functional>

namespace gateway::wire {
namespace {

bool holds(std::string_view outer, std::string_view inner)
{
    const std::less_equal<> before; // of pointers that may lie in different texts
    return before(outer.data(), inner.data()) && before(inner.data() + inner.size(), outer.data() + outer.size());
}

void addStep(std::string &path, std::string_view step)
{
    path.append(path.empty() ? "" : ".").append(step);
}

/// One level: the member or element of `value` that holds the piece. Empty: none does.
std::string_view stepInto(std::string_view value, std::string_view piece, JsonPlace &place)
{
    std::string_view found;
    std::size_t index = 0;
    JsonCursor in(value);
    const auto look = [&](std::string_view step) {
        std::string_view child;
        if (!in.skip(child))
            return false;
        if (!holds(child, piece))
            return true;
        found = child;
        addStep(place.path, step);
        return false;
    };
    if (in.type() == JsonCursor::Type::Object) {
        place.object = value;
        in.members(look);
    } else if (in.type() == JsonCursor::Type::Array) {
        in.elements([&] { return look(std::to_string(index++)); });
    }
    return found;
}

} // namespace

JsonPlace placeIn(std::string_view body, std::string_view piece)
{
    JsonPlace place;
    if (piece.empty() || !holds(body, piece))
        return place;
    for (std::string_view value = body; !value.empty(); value = stepInto(value, piece, place)) { }
    return place;
}

} // namespace gateway::wire
