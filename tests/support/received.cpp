// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/script.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace support {

namespace {

bool equalIgnoringCase(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

} // namespace

std::optional<std::string> Received::header(std::string_view name) const
{
    const auto found = std::ranges::find_if(headers, [name](const auto &header) { return equalIgnoringCase(header.first, name); });
    if (found == headers.end())
        return std::nullopt;
    return found->second;
}

std::optional<std::string> Received::field(std::string_view path) const
{
    const nlohmann::json document = nlohmann::json::parse(body, nullptr, false);
    const nlohmann::json *value = &document;
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        if (!value->is_object())
            return std::nullopt;
        const auto found = value->find(std::string(path.substr(0, dot)));
        if (found == value->end())
            return std::nullopt;
        value = &*found;
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    if (value->is_discarded())
        return std::nullopt;
    return value->is_string() ? value->get<std::string>() : value->dump();
}

} // namespace support
