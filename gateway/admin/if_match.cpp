// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/if_match.h"

#include "gateway/admin/answers.h"
#include "gateway/core/text.h"

#include <charconv>
#include <fmt/format.h>

namespace gateway::admin {

namespace {

constexpr int preconditionFailed = 412;

} // namespace

Result<std::uint64_t> readIfMatch(std::string_view header)
{
    std::string_view text = trimmed(header);
    if (text.empty() || text == "*")
        return anyRevision;
    if (text.starts_with("W/"))
        text.remove_prefix(2);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    std::uint64_t revision = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), revision);
    if (problem != std::errc() || end != text.data() + text.size() || revision == 0)
        return fail(ErrorCode::BadRequest, fmt::format("If-Match is the revision that was read, such as \"7\", but here it is {}.", jsonQuoted(truncatedUtf8(header, 40))), "If-Match");
    return revision;
}

pipeline::AdminReply stale(std::uint64_t wanted, std::uint64_t now)
{
    return refusal({.code = ErrorCode::Conflict, .message = fmt::format("It was changed since: If-Match says {}, but revision {} is there. Read it again.", wanted, now), .where = "If-Match"},
                   preconditionFailed);
}

} // namespace gateway::admin
