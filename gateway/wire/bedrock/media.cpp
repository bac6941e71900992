// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/media.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::wire::bedrock {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// A media type as written, without parameters, \/ as /, lower case.
std::string plainType(Chars mediaType)
{
    std::string type = unescapeJson(mediaType.raw);
    type = std::string(trimmed(std::string_view(type).substr(0, type.find(';'))));
    std::ranges::transform(type, type.begin(), asciiLower);
    return type;
}

template <std::size_t Size>
std::string_view find(const std::array<Pair, Size> &table, std::string_view what)
{
    const auto found = std::ranges::find(table, what, &Pair::first);
    return found == table.end() ? std::string_view {} : found->second;
}

/// "report.v2.PDF" has "pdf".
std::string endingOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    std::string ending(dot == std::string_view::npos ? std::string_view {} : name.substr(dot + 1));
    std::ranges::transform(ending, ending.begin(), asciiLower);
    return ending;
}

std::string_view formatOfEnding(std::string_view ending)
{
    constexpr std::array<Pair, 12> endings {{{"pdf", "pdf"}, {"csv", "csv"}, {"doc", "doc"}, {"docx", "docx"}, {"xls", "xls"}, {"xlsx", "xlsx"}, {"html", "html"},
                                             {"htm", "html"}, {"txt", "txt"}, {"text", "txt"}, {"md", "md"}, {"markdown", "md"}}};
    return find(endings, ending);
}

bool isBase64(char c)
{
    return (c >= '0' && c <= '9') || (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || c == '+' || c == '/';
}

} // namespace

std::string_view imageFormat(const MediaSource &source)
{
    constexpr std::array<Pair, 4> beginnings {{{"iVBORw0KGgo", "png"}, {"/9j/", "jpeg"}, {"R0lGOD", "gif"}, {"UklGR", "webp"}}};
    constexpr std::array<Pair, 5> types {{{"image/png", "png"}, {"image/jpeg", "jpeg"}, {"image/jpg", "jpeg"}, {"image/gif", "gif"}, {"image/webp", "webp"}}};
    std::string begin = unescapeJson(source.data.raw.substr(0, 32)); // \/9j\/ too
    std::erase_if(begin, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
    for (const auto &[beginning, format] : beginnings)
        if (begin.starts_with(beginning))
            return format;
    return find(types, plainType(source.mediaType));
}

std::string_view documentFormat(Chars mediaType, Chars name)
{
    constexpr std::array<Pair, 11> types {{
        {"application/pdf", "pdf"}, {"text/csv", "csv"}, {"application/msword", "doc"},
        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"}, {"application/vnd.ms-excel", "xls"},
        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"}, {"text/html", "html"}, {"text/plain", "txt"},
        {"text/markdown", "md"}, {"text/x-markdown", "md"}, {"application/csv", "csv"},
    }};
    const std::string type = plainType(mediaType);
    if (const std::string_view format = find(types, type); !format.empty())
        return format;
    const std::string ending = endingOf(unescapeJson(name.raw));
    if (type.empty() && ending.empty())
        return "pdf";
    return type.empty() || type == "application/octet-stream" || type == "binary/octet-stream" ? formatOfEnding(ending) : std::string_view {};
}

Chars standardBase64(Chars data, std::string &made)
{
    std::string_view digits = data.raw;
    while (digits.ends_with('='))
        digits.remove_suffix(1);
    if (data.raw.size() % 4 == 0 && std::ranges::all_of(digits, isBase64))
        return data;
    const std::string plain = unescapeJson(data.raw);
    made.clear();
    made.reserve(plain.size() + 3);
    for (const char c : plain) {
        if (isBase64(c))
            made += c;
        else if (c == '-' || c == '_') // the alphabet for addresses
            made += c == '-' ? '+' : '/';
    }
    while (made.size() % 4 != 0)
        made += '=';
    return {made};
}

std::string DocumentNames::next(Chars name)
{
    constexpr std::size_t longest = 190; // of 200, so that a number fits behind it
    std::string plain = unescapeJson(name.raw);
    if (!formatOfEnding(endingOf(plain)).empty())
        plain.resize(plain.rfind('.'));
    std::string clean;
    for (const char c : plain) {
        const bool letter = (c >= '0' && c <= '9') || (asciiLower(c) >= 'a' && asciiLower(c) <= 'z');
        const char next = letter || std::string_view("-()[]").find(c) != std::string_view::npos ? c : c == ' ' || c == '\t' || c == '\n' ? ' ' : '-';
        const bool again = !letter && (next == ' ' || next != c) && !clean.empty() && clean.back() == next; // one for a run of them
        if (!again && clean.size() < longest)
            clean += next;
    }
    clean = std::string(trimmed(clean));
    if (clean.find_first_not_of("- ") == std::string::npos)
        clean = "document";
    std::string given = clean;
    while (!m_given.insert(given).second)
        given = clean + ' ' + std::to_string(++m_numbers.try_emplace(clean, 1).first->second);
    return given;
}

} // namespace gateway::wire::bedrock
