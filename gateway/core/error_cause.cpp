// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/error_cause.h"

#include "gateway/core/stable_hash.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway {

namespace {

constexpr std::size_t readAtMost = 1000;
constexpr std::size_t keptAtMost = 300;
constexpr std::size_t quotedAtMost = 300;
constexpr std::size_t idFrom = 8;          ///< so many letters with a digit among them are an id, not a name
constexpr std::size_t keptDigits = 3;      ///< of a name's version: "claude-sonnet-4"
constexpr std::string_view ellipsis = "…";

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isWordChar(char c) { return isDigit(c) || isLetter(c) || c == '_' || c == '-'; }
bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// "#" for an id or a number, else as it is.
void addSegment(std::string &to, std::string_view segment, bool inName)
{
    const auto digits = static_cast<std::size_t>(std::ranges::count_if(segment, isDigit));
    if (digits == 0 || (inName && segment.size() < idFrom && (digits < segment.size() || digits <= keptDigits))) {
        to += segment;
        return;
    }
    to += '#';
    if (segment.size() >= idFrom || digits == segment.size())
        return;
    const std::string_view unit = segment.substr(segment.find_first_not_of("0123456789")); // "412ms"
    if (unit.size() + digits == segment.size())
        to += unit;
}

/// "3f2a91bc-0d1e-4f7a-9c3d-2b1a0f9e8d7c"
bool isHex(std::string_view word)
{
    return word.size() >= idFrom && word.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos && std::ranges::any_of(word, isDigit);
}

/// Letters, digits, '_' and '-': a name, a number, or an id of several parts.
void addWord(std::string &to, std::string_view word)
{
    if (isHex(word)) {
        to += '#';
        return;
    }
    const bool inName = isLetter(word.front());
    while (!word.empty()) {
        const std::size_t end = std::min(word.find_first_of("_-"), word.size());
        if (end > 0)
            addSegment(to, word.substr(0, end), inName);
        word.remove_prefix(end);
        if (!word.empty()) {
            to += word.front();
            word.remove_prefix(1);
        }
    }
}

/// Where the quotation that begins at `at` ends; npos: it is none.
std::size_t quotationEnd(std::string_view text, std::size_t at, std::string_view close)
{
    const std::size_t end = text.find(close, at);
    return end == std::string_view::npos || end - at > quotedAtMost ? std::string_view::npos : end;
}

/// One number of several digits' groups: "10,000", "3.5", "10:12:01".
std::size_t numberEnd(std::string_view text, std::size_t at)
{
    while (at < text.size() && (isDigit(text[at]) || ((text[at] == '.' || text[at] == ',' || text[at] == ':') && at + 1 < text.size() && isDigit(text[at + 1]))))
        ++at;
    return at;
}

std::string_view orDash(std::string_view text) { return text.empty() ? std::string_view("-") : text; }

} // namespace

std::string causeMessage(std::string_view message)
{
    const std::string text = toValidUtf8(truncatedUtf8(message, readAtMost));
    std::string cause;
    for (std::size_t at = 0; at < text.size() && cause.size() < keptAtMost;) {
        const std::string_view rest = std::string_view(text).substr(at);
        const char c = text[at];
        if (isSpace(c)) {
            if (!cause.empty() && cause.back() != ' ')
                cause += ' ';
            ++at;
            continue;
        }
        // An apostrophe within a word quotes nothing.
        const bool opens = c == '"' || c == '`' || (c == '\'' && (at == 0 || !isWordChar(text[at - 1])));
        const std::string_view close = rest.starts_with("“") ? "”" : opens ? rest.substr(0, 1) : std::string_view();
        if (!close.empty()) {
            const std::size_t open = rest.starts_with("“") ? close.size() : 1;
            if (const std::size_t end = quotationEnd(text, at + open, close); end != std::string_view::npos) {
                cause.append(rest.substr(0, open)).append(ellipsis).append(close);
                at = end + close.size();
                continue;
            }
        }
        if (isDigit(c)) {
            const std::size_t end = numberEnd(text, at);
            if (end == text.size() || !isWordChar(text[end])) {
                cause += '#';
                at = end;
                continue;
            }
        }
        if (isDigit(c) || isLetter(c)) {
            std::size_t end = at;
            while (end < text.size() && isWordChar(text[end]))
                ++end;
            addWord(cause, std::string_view(text).substr(at, end - at));
            at = end;
            continue;
        }
        cause += c;
        ++at;
    }
    return std::string(truncatedUtf8(trimmed(cause), keptAtMost));
}

std::string causeKey(std::string_view provider, std::string_view error, std::int64_t httpStatus, std::string_view message)
{
    const std::uint64_t hash = StableHash().add(message).value();
    return fmt::format("{}/{}/{}/{:08x}", orDash(provider), orDash(error), httpStatus, static_cast<std::uint32_t>(hash ^ (hash >> 32)));
}

std::string_view errorOfCause(std::string_view key)
{
    // A provider's name may have a slash in it, the other parts have none.
    for (int part = 0; part < 2; ++part) {
        const std::size_t slash = key.rfind('/');
        if (slash == std::string_view::npos)
            return {};
        key = key.substr(0, slash);
    }
    const std::size_t slash = key.rfind('/');
    const std::string_view error = slash == std::string_view::npos ? std::string_view() : key.substr(slash + 1);
    return error == "-" ? std::string_view() : error;
}

std::string_view lastAsked(const CallRecord &record)
{
    if (!record.provider.empty())
        return record.provider;
    const auto last = std::ranges::find_if(record.attempts.rbegin(), record.attempts.rend(), [](const AttemptRecord &attempt) { return !attempt.skipped; });
    return last == record.attempts.rend() ? std::string_view() : std::string_view(last->provider);
}

std::string_view messageOf(const CallRecord &record)
{
    if (!record.errorMessage.empty())
        return record.errorMessage;
    const auto last = std::ranges::find_if(record.attempts.rbegin(), record.attempts.rend(), [](const AttemptRecord &attempt) { return !attempt.skipped; });
    return last == record.attempts.rend() ? std::string_view() : std::string_view(last->detail);
}

std::string causeOf(const CallRecord &record)
{
    if (record.status == CallStatus::Ok && record.httpStatus < 400)
        return {};
    return causeKey(lastAsked(record), record.error ? toText(*record.error) : std::string_view(), record.httpStatus, causeMessage(messageOf(record)));
}

} // namespace gateway
