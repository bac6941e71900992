// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/http_lines.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gateway::net {

namespace {

constexpr std::array<bool, 256> isTokenChar = [] {
    std::array<bool, 256> table {};
    for (unsigned c = 0; c < 256; ++c)
        table[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    for (const char mark : std::string_view("!#$%&'*+-.^_`|~"))
        table[static_cast<unsigned char>(mark)] = true;
    return table;
}();

/// RFC 9110 5.5, and control characters of no kind but tabs. Without a table and a branch: it is done on many bytes at once.
bool isFieldValue(std::string_view text)
{
    bool odd = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        odd |= ((byte < 0x20) & (byte != '\t')) | (byte == 0x7f);
    }
    return !odd;
}

} // namespace

HeadScan::Found HeadScan::advance(std::string_view bytes)
{
    while (scanned < bytes.size()) {
        const auto *feed = static_cast<const char *>(std::memchr(bytes.data() + scanned, '\n', bytes.size() - scanned));
        if (feed == nullptr) {
            scanned = bytes.size();
            return Found::More;
        }
        const auto at = static_cast<std::size_t>(feed - bytes.data());
        if (at == lineStart || bytes[at - 1] != '\r')
            return Found::BareLineFeed;
        const bool empty = at == lineStart + 1;
        scanned = lineStart = at + 1;
        if (empty)
            return Found::End;
    }
    return Found::More;
}

bool isToken(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return isTokenChar[static_cast<unsigned char>(c)]; });
}

const char *parseField(std::string_view line, pipeline::HeaderView &out)
{
    if (line.front() == ' ' || line.front() == '\t')
        return "a header line is folded over two lines";
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return "a header line has no colon";
    out.name = line.substr(0, colon);
    if (!isToken(out.name))
        return "a header name has a character that names cannot have";
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
        value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
        value.remove_suffix(1);
    if (!isFieldValue(value))
        return "a header value has a control character";
    out.value = value;
    return nullptr;
}

const char *parseFields(std::string_view lines, std::vector<pipeline::HeaderView> &out)
{
    while (!lines.empty()) {
        const std::size_t end = lines.find("\r\n");
        if (end == 0)
            return nullptr; // the empty line
        if (end == std::string_view::npos)
            return "a header line does not end";
        pipeline::HeaderView field;
        if (const char *problem = parseField(lines.substr(0, end), field))
            return problem;
        out.push_back(field);
        lines.remove_prefix(end + 2);
    }
    return nullptr;
}

std::optional<std::uint64_t> parseLength(std::string_view text)
{
    if (text.empty() || text.size() > 18)
        return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

bool listHas(std::string_view list, std::string_view token)
{
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        if (equalsIgnoringCase(trimmed(list.substr(0, comma)), token))
            return true;
        if (comma == std::string_view::npos)
            return false;
        list.remove_prefix(comma + 1);
    }
    return false;
}

} // namespace gateway::net
