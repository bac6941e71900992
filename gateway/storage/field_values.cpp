// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/field_values.h"

#include "gateway/core/finding_action.h"
#include "gateway/core/text.h"
#include "gateway/storage/finding_list.h"
#include "gateway/storage/mark_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace gateway::storage {

namespace {

constexpr int latestCalls = 20'000;
constexpr std::size_t valuesAtMost = 100;

/// How a field's values are had from a row of calls.
struct Source
{
    std::string_view field;
    std::string_view column;
    bool named = false; ///< the column holds numbers of `names`
};

constexpr std::array sources {
    Source {"team", "team", true},         Source {"key", "key", true},           Source {"route", "route", true},       Source {"provider", "provider", true},
    Source {"model", "model", true},       Source {"error", "error", true},       Source {"status", "http_status"},      Source {"state", "status"},
    Source {"endpoint", "endpoint"},       Source {"stream", "flags & 1"},        Source {"test", "(flags & 2) / 2"},    Source {"peer", "peer"},
    Source {"shadow", "(flags & 256) / 256"}, Source {"continued", "(flags & 128) / 128"},
    Source {"cache", "flags & 1536"},      Source {"policy", "CASE WHEN flags & 64 THEN (SELECT policy FROM extras WHERE extras.row = calls.row) END", true},
    Source {"prompt", "CASE WHEN flags & 64 THEN (SELECT prompt FROM extras WHERE extras.row = calls.row) END", true},
    Source {"finding", "CASE WHEN flags & 64 THEN (SELECT findings FROM extras WHERE extras.row = calls.row) END"},
    Source {"privacy", "CASE WHEN flags & 64 THEN (SELECT findings FROM extras WHERE extras.row = calls.row) END"},
    Source {"customer", "customer"},       Source {"session", "session"},         Source {"attempts", "attempts"},       Source {"tag", "tags"},
};

constexpr std::array<std::pair<std::string_view, NameKind>, 8> dictionary {{
    {"team", NameKind::Team},
    {"key", NameKind::Key},
    {"route", NameKind::Route},
    {"provider", NameKind::Provider},
    {"model", NameKind::Model},
    {"error", NameKind::Error},
    {"prompt", NameKind::Prompt},
    {"policy", NameKind::Policy},
}};

bool beginsWith(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() && equalsIgnoringCase(text.substr(0, prefix.size()), prefix);
}

Result<std::string> wordFor(ReaderSession &session, const Source &source, const Statement &statement)
{
    if (source.named)
        return session.name(statement.integer(0));
    if (source.field == "state")
        return std::string(toText(callStatusFrom(statement.integer(0))));
    if (source.field == "endpoint")
        return std::string(toText(endpointFrom(statement.integer(0))));
    if (source.field == "cache")
        return std::string(toText(cacheOutcomeFrom(statement.integer(0))));
    if (source.field == "stream" || source.field == "test" || source.field == "shadow" || source.field == "continued")
        return std::string(statement.integer(0) != 0 ? "true" : "false");
    return statement.text(0);
}

void addTags(std::map<std::string, std::uint64_t> &counts, std::string_view tags, std::uint64_t calls)
{
    while (!tags.empty()) {
        const std::size_t comma = std::min(tags.find(','), tags.size());
        if (comma > 0)
            counts[std::string(tags.substr(0, comma))] += calls;
        tags.remove_prefix(std::min(comma + 1, tags.size()));
    }
}

/// A call counts once for each rule, or for each action.
void addFindings(std::map<std::string, std::uint64_t> &counts, std::string_view field, std::string_view findings, std::uint64_t calls)
{
    std::set<std::string> words;
    for (const PrivacyFinding &finding : unpackFindings(findings))
        words.emplace(field == "finding" ? std::string_view(finding.rule) : actionWord(finding));
    for (const std::string &word : words)
        counts[word] += calls;
}

/// A version counts for its prompt, too.
void addPrompt(std::map<std::string, std::uint64_t> &counts, const std::string &version, std::uint64_t calls)
{
    counts[version] += calls;
    if (const std::size_t at = version.find('@'); at != std::string::npos)
        counts[version.substr(0, at)] += calls;
}

Result<std::map<std::string, std::uint64_t>> countLatest(ReaderSession &session, const Source &source)
{
    auto statement = session.ask(Sql {.text = fmt::format("SELECT value, count(*) FROM (SELECT {} AS value FROM calls INDEXED BY calls_started ORDER BY started_us DESC LIMIT {}) AS latest "
                                                          "WHERE value IS NOT NULL GROUP BY value",
                                                          source.column, latestCalls),
                                      .values = {}});
    if (!statement)
        return std::unexpected(statement.error());
    std::map<std::string, std::uint64_t> counts;
    while (statement->next()) {
        auto word = wordFor(session, source, *statement);
        if (!word)
            return std::unexpected(word.error());
        const auto calls = static_cast<std::uint64_t>(statement->integer(1));
        if (source.field == "tag")
            addTags(counts, *word, calls);
        else if (source.field == "finding" || source.field == "privacy")
            addFindings(counts, source.field, *word, calls);
        else if (source.field == "prompt")
            addPrompt(counts, *word, calls);
        else
            counts[std::move(*word)] += calls;
    }
    if (auto end = session.ended(*statement); !end)
        return std::unexpected(end.error());
    return counts;
}

Result<std::map<std::string, std::uint64_t>> countColours(ReaderSession &session)
{
    auto used = coloursUsed(session);
    if (!used)
        return std::unexpected(used.error());
    std::map<std::string, std::uint64_t> counts;
    for (const FieldValue &colour : *used)
        counts.emplace(colour.value, colour.calls);
    return counts;
}

/// Names that were seen some time, if not lately.
Result<> addKnownNames(ReaderSession &session, std::string_view field, const std::string &prefix, std::map<std::string, std::uint64_t> &counts)
{
    const auto known = std::ranges::find(dictionary, field, &std::pair<std::string_view, NameKind>::first);
    if (known == dictionary.end())
        return {};
    Sql sql;
    sql.add("SELECT name FROM names WHERE kind = ?", static_cast<std::int64_t>(known->second)).add(" AND lower(substr(name, 1, length(?)))", prefix);
    sql.add(" = lower(?)", prefix);
    auto statement = session.ask(sql.add(fmt::format(" ORDER BY name LIMIT {}", valuesAtMost)));
    if (!statement)
        return std::unexpected(statement.error());
    while (statement->next())
        counts.try_emplace(statement->text(0), 0);
    return session.ended(*statement);
}

} // namespace

Result<std::vector<FieldValue>> answerFieldValues(ReaderSession &session, const std::string &field, const std::string &prefix)
{
    const auto source = std::ranges::find(sources, field, &Source::field);
    if (source == sources.end() && field != "colour")
        return std::vector<FieldValue> {}; // amounts and times have no list of values
    auto counts = source == sources.end() ? countColours(session) : countLatest(session, *source);
    if (!counts)
        return std::unexpected(counts.error());
    if (auto added = addKnownNames(session, field, prefix, *counts); !added)
        return std::unexpected(added.error());
    std::vector<FieldValue> values;
    for (const auto &[value, calls] : *counts) {
        if (!value.empty() && beginsWith(value, prefix))
            values.push_back(FieldValue {.value = value, .calls = calls});
    }
    std::ranges::stable_sort(values, std::ranges::greater {}, &FieldValue::calls);
    if (values.size() > valuesAtMost)
        values.resize(valuesAtMost);
    return values;
}

} // namespace gateway::storage
