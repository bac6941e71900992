// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_path.h"

#include "gateway/wire/json_cursor.h"

#include <charconv>

namespace gateway::wire {

namespace {

std::optional<std::string_view> memberOf(std::string_view object, std::string_view name)
{
    JsonCursor cursor(object);
    std::optional<std::string_view> found;
    const bool good = cursor.members([&](std::string_view key) {
        std::string_view value;
        if (!cursor.skip(value))
            return false;
        if (jsonStringIs(key, name))
            found = value;
        return true;
    });
    return good ? found : std::nullopt;
}

std::optional<std::string_view> elementOf(std::string_view array, std::string_view step)
{
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
    if (error != std::errc() || end != step.data() + step.size())
        return std::nullopt;
    JsonCursor cursor(array);
    std::optional<std::string_view> found;
    std::size_t at = 0;
    cursor.elements([&] {
        std::string_view value;
        if (!cursor.skip(value))
            return false;
        if (at++ == index)
            found = value;
        return !found;
    });
    return found;
}

} // namespace

std::optional<std::string_view> findJson(std::string_view json, std::span<const std::string> path)
{
    JsonCursor cursor(json);
    std::string_view value;
    if (!cursor.skip(value))
        return std::nullopt;
    for (const std::string &step : path) {
        const auto next = value.starts_with('{') ? memberOf(value, step) : value.starts_with('[') ? elementOf(value, step) : std::nullopt;
        if (!next)
            return std::nullopt;
        value = *next;
    }
    return value;
}

} // namespace gateway::wire
