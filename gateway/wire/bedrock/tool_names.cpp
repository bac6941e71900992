// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/tool_names.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <string_view>

namespace gateway::wire::bedrock {
namespace {

constexpr std::size_t longest = 64;
constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool isAlphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (asciiLower(c) >= 'a' && asciiLower(c) <= 'z');
}

/// Nine letters and digits that tell `text` from others (FNV-1a in base 62).
std::string digest(std::string_view text)
{
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    std::string digits;
    for (int i = 0; i < 9; ++i) {
        digits += alphabet[hash % alphabet.size()];
        hash /= alphabet.size();
    }
    return digits;
}

} // namespace

std::string toolName(Chars name)
{
    const std::string_view raw = name.raw;
    const auto fits = [](char c) { return isAlphanumeric(c) || c == '_' || c == '-'; };
    if (!raw.empty() && raw.size() <= longest && std::ranges::all_of(raw, fits))
        return std::string(raw);
    const std::string mark = digest(raw);
    std::string text(raw.substr(0, longest - mark.size() - 1));
    std::ranges::replace_if(text, std::not_fn(fits), '_');
    return text + '_' + mark;
}

std::string toolUseId(Chars id, ToolIds ids)
{
    switch (ids) {
    case ToolIds::Common: return toolName(id); // the same rule
    case ToolIds::Nine: return id.raw.size() == 9 && std::ranges::all_of(id.raw, isAlphanumeric) ? std::string(id.raw) : digest(id.raw);
    }
    return {};
}

} // namespace gateway::wire::bedrock
