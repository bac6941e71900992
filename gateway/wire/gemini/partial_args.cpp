// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/partial_args.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <optional>

namespace gateway::wire::gemini {
namespace {

using nlohmann::ordered_json;
constexpr std::size_t maxPieces = 65536; // a long text comes a few words at a time
constexpr std::size_t maxDepth = 64;
constexpr std::size_t maxIndex = 4096;
constexpr std::size_t maxMembers = 1024; // of one object, which is searched from its beginning

/// The member of an object, made where it is not there; nullptr: there may be no more.
ordered_json *member(ordered_json &of, std::string_view name, std::size_t &room)
{
    if (!of.is_object() && !of.is_null())
        return nullptr;
    std::string key(name);
    if (of.is_object())
        if (const auto found = of.find(key); found != of.end())
            return &*found;
    if (of.size() >= maxMembers || room == 0)
        return nullptr;
    --room;
    return &of[std::move(key)];
}

ordered_json *element(ordered_json &of, std::size_t index, std::size_t &room)
{
    if ((!of.is_array() && !of.is_null()) || index >= maxIndex)
        return nullptr;
    const std::size_t more = index < of.size() ? 0 : index + 1 - of.size();
    if (more > room)
        return nullptr;
    room -= more;
    return &of[index];
}

/// The value that a path of the kind `$.a.b[0]` or `$['a']` leads to, made on the way; nullptr: it cannot be followed.
/// @param room  how many values may still be made
ordered_json *follow(ordered_json &root, std::string_view path, std::size_t &room)
{
    if (!path.starts_with('$'))
        return nullptr;
    path.remove_prefix(1);
    ordered_json *at = &root;
    for (std::size_t depth = 0; at && !path.empty(); ++depth) {
        if (depth == maxDepth)
            return nullptr;
        if (path.front() == '.') {
            path.remove_prefix(1);
            const std::string_view name = path.substr(0, path.find_first_of(".["));
            at = name.empty() ? nullptr : member(*at, name, room);
            path.remove_prefix(name.size());
            continue;
        }
        const std::size_t end = path.find(']');
        if (path.front() != '[' || end == std::string_view::npos)
            return nullptr;
        const std::string_view inside = path.substr(1, end - 1);
        path.remove_prefix(end + 1);
        if (inside.size() >= 2 && (inside.front() == '\'' || inside.front() == '"')) {
            at = member(*at, inside.substr(1, inside.size() - 2), room);
            continue;
        }
        std::size_t index = 0;
        const auto [stop, error] = std::from_chars(inside.data(), inside.data() + inside.size(), index);
        if (error != std::errc {} || stop != inside.data() + inside.size())
            return nullptr;
        at = element(*at, index, room);
    }
    return at;
}

} // namespace

struct PartialArgs::Tree
{
    ordered_json root = ordered_json::object();
    std::size_t pieces = 0;
    std::size_t room = 65536; ///< how many values may still be made
};

PartialArgs::PartialArgs() : m_tree(std::make_unique<Tree>()) {}
PartialArgs::~PartialArgs() = default;
PartialArgs::PartialArgs(PartialArgs &&) noexcept = default;
PartialArgs &PartialArgs::operator=(PartialArgs &&) noexcept = default;

bool PartialArgs::take(std::string_view partialArgs)
{
    const ordered_json pieces = ordered_json::parse(partialArgs, nullptr, false);
    if (!pieces.is_array())
        return false;
    for (const ordered_json &piece : pieces) {
        if (++m_tree->pieces > maxPieces || !piece.is_object())
            return false;
        const auto path = piece.find("jsonPath");
        if (path == piece.end() || !path->is_string())
            return false;
        ordered_json *value = follow(m_tree->root, path->get_ref<const std::string &>(), m_tree->room);
        if (!value)
            return false;
        if (const auto text = piece.find("stringValue"); text != piece.end() && text->is_string()) {
            if (!value->is_string())
                *value = "";
            value->get_ref<std::string &>() += text->get_ref<const std::string &>();
        } else if (const auto number = piece.find("numberValue"); number != piece.end()) {
            *value = *number;
        } else if (const auto boolean = piece.find("boolValue"); boolean != piece.end()) {
            *value = *boolean;
        } else if (piece.contains("nullValue")) {
            *value = nullptr;
        }
    }
    return true;
}

std::string PartialArgs::object() const
{
    return m_tree->root.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace gateway::wire::gemini
