// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

constexpr int usualPage = 100;
constexpr int longestPage = 1000;

/// The number of the last row of the page before.
Result<std::uint64_t> readBefore(std::string_view text)
{
    if (text.empty())
        return 0;
    std::uint64_t row = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), row);
    if (problem != std::errc() || end != text.data() + text.size() || row == 0)
        return fail(ErrorCode::BadRequest, "before is what a page gave as next.", "before");
    return row;
}

/// Words with spaces between them.
Result<std::vector<AuditWord>> readWords(std::string_view text)
{
    std::vector<AuditWord> words;
    for (std::string_view rest = trimmed(text); !rest.empty(); rest = trimmed(rest)) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        words.push_back({.text = std::string(rest.substr(0, end))});
        rest.remove_prefix(end);
    }
    if (words.size() > mostAuditWords)
        return fail(ErrorCode::BadRequest, fmt::format("text has {} words; at most {} are looked for.", words.size(), mostAuditWords), "text");
    return words;
}

Result<AuditQuery> readQuery(const Ask &ask)
{
    const auto limit = numberOf(ask.asked("limit"), "limit", usualPage, longestPage);
    if (!limit)
        return std::unexpected(limit.error());
    const auto from = timeOf(ask.asked("from"), "from");
    const auto to = timeOf(ask.asked("to"), "to");
    if (!from || !to)
        return std::unexpected(from ? to.error() : from.error());
    const auto before = readBefore(ask.asked("before"));
    if (!before)
        return std::unexpected(before.error());
    const auto words = readWords(ask.asked("text"));
    if (!words)
        return std::unexpected(words.error());
    return AuditQuery {.author = std::string(ask.asked("who")), .kind = std::string(ask.asked("kind")), .name = std::string(ask.asked("name")), .words = *words, .from = *from, .to = *to, .before = *before, .limit = *limit};
}

Json entryJson(const AuditEntry &entry)
{
    return {{"row", entry.row}, {"at", config::dateText(entry.at)}, {"who", entry.author}, {"from", entry.from}, {"kind", entry.kind},
            {"name", entry.name}, {"action", entry.action}, {"revision", entry.revision}, {"diff", entry.diff}};
}

void listChanges(const Ask &ask, const Done &done)
{
    auto query = readQuery(ask);
    if (!query)
        return done(refusal(query.error()));
    ask.gateway.audit(std::move(*query), ask.context, [done](const Result<AuditPage> &page) {
        if (!page)
            return done(refusal(page.error()));
        Json data = Json::array();
        for (const AuditEntry &entry : page->entries)
            data.push_back(entryJson(entry));
        Json next;
        if (page->more && !page->entries.empty())
            next = std::to_string(page->entries.back().row);
        done(answer(Json {{"data", std::move(data)}, {"has_more", page->more}, {"next", std::move(next)}}));
    });
}

} // namespace

void addAuditEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "GET", .path = "/admin/v1/audit", .handler = listChanges, .summary = "Who changed what, when and from where, newest first, a page at a time; text has words that an entry must have somewhere.",
                     .query = {"who", "kind", "name", "text", "from", "to", "limit", "before"}, .answer = "audit"});
}

} // namespace gateway::admin
