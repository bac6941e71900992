// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/guardrail_text.h"
#include "gateway/config/privacy.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace gateway::config {

namespace {

using Kind = GuardrailKind;

constexpr unsigned of(std::initializer_list<Kind> kinds)
{
    unsigned bits = 0;
    for (const Kind kind : kinds)
        bits |= 1U << static_cast<unsigned>(kind);
    return bits;
}

/// A field that belongs to some kinds alone.
struct OwnField
{
    std::string_view field;
    unsigned kinds;
    bool needed;
    bool (*given)(const Guardrail &guardrail);
};

constexpr std::array ownFields {
    OwnField {"looks_at", of({Kind::Forbid, Kind::Require, Kind::Webhook}), false, [](const Guardrail &g) { return g.looksAt != LooksAt::Request; }},
    OwnField {"limit", of({Kind::MaxBytes, Kind::MaxTokens}), true, [](const Guardrail &g) { return g.limit != 0; }},
    OwnField {"patterns", of({Kind::Forbid, Kind::Require}), true, [](const Guardrail &g) { return !g.patterns.empty(); }},
    OwnField {"phrases", of({Kind::Injection}), false, [](const Guardrail &g) { return !g.phrases.empty(); }},
    OwnField {"threshold", of({Kind::Injection}), false, [](const Guardrail &g) { return g.threshold.has_value(); }},
    OwnField {"schema", of({Kind::JsonSchema}), true, [](const Guardrail &g) { return !g.schema.empty(); }},
    OwnField {"repair", of({Kind::JsonSchema}), false, [](const Guardrail &g) { return !g.repair; }},
    OwnField {"streams", of({Kind::JsonSchema, Kind::Require, Kind::Webhook}), false, [](const Guardrail &g) { return g.streams != StreamWay::Check; }},
    OwnField {"url", of({Kind::Webhook}), true, [](const Guardrail &g) { return !g.url.empty(); }},
    OwnField {"timeout", of({Kind::Webhook}), false, [](const Guardrail &g) { return g.timeout != Guardrail::standardTimeout; }},
    OwnField {"on_failure", of({Kind::Webhook}), false, [](const Guardrail &g) { return g.onFailure != OnFailure::Block; }},
};

std::string wordsOf(unsigned kinds)
{
    std::vector<std::string_view> words;
    for (unsigned kind = 0; kind <= static_cast<unsigned>(Kind::Webhook); ++kind) {
        if ((kinds & (1U << kind)) != 0)
            words.push_back(toText(static_cast<Kind>(kind)));
    }
    return fmt::format("{}", fmt::join(words, ", "));
}

void checkTexts(Checks &checks, const std::string &place, const std::vector<std::string> &texts, std::size_t longest)
{
    if (texts.size() > mostPatterns)
        checks.error(place, fmt::format("`{}` has {} entries; at most {} are taken", place, texts.size(), mostPatterns));
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (trimmed(texts[i]).empty() || texts[i].size() > longest)
            checks.error(fmt::format("{}[{}]", place, i), fmt::format("`{}[{}]` is {}; write 1 to {} bytes", place, i, trimmed(texts[i]).empty() ? "empty" : "too long", longest));
    }
}

void checkGuardrail(Checks &checks, const std::string &field, const Guardrail &guardrail)
{
    if (!guardrail.kind) {
        checks.error(field + ".kind", fmt::format("`{}.kind` is missing; write one of {}", field, wordsOf(~0U)));
        return;
    }
    for (const OwnField &own : ownFields) {
        const std::string place = fmt::format("{}.{}", field, own.field);
        const bool belongs = (own.kinds & of({*guardrail.kind})) != 0;
        if (!belongs && own.given(guardrail))
            checks.error(place, fmt::format("`{}` belongs to {}, and this guardrail is of kind {}; take it out", place, wordsOf(own.kinds), toText(*guardrail.kind)));
        else if (belongs && own.needed && !own.given(guardrail))
            checks.error(place, fmt::format("`{}` is missing: `kind: {}` needs it", place, toText(*guardrail.kind)));
    }
    if (guardrail.limit < 0)
        checks.error(field + ".limit", fmt::format("`{}.limit` is {}; write a number over 0", field, guardrail.limit));
    checkTexts(checks, field + ".patterns", guardrail.patterns, longestPattern);
    checkTexts(checks, field + ".phrases", guardrail.phrases, longestWord);
    if (guardrail.threshold && !(*guardrail.threshold > 0 && *guardrail.threshold <= 1))
        checks.error(field + ".threshold", fmt::format("`{}.threshold` is {}; write more than 0 and at most 1, as 0.5 which stands where none does", field, *guardrail.threshold));
    if (guardrail.schema.text.size() > longestSchema)
        checks.error(field + ".schema", fmt::format("`{}.schema` has {} bytes; at most {} are taken", field, guardrail.schema.text.size(), longestSchema));
    if (!guardrail.schema.empty())
        checks.json(field + ".schema", guardrail.schema);
    if (guardrail.streams == StreamWay::Hold && *guardrail.kind != Kind::JsonSchema && !guardrail.looksAtAnswers())
        checks.error(field + ".streams", fmt::format("`{}.streams` is about answers, and this guardrail looks at requests; add `looks_at: answers`, or take it out", field));
    if (!guardrail.url.empty() && (!isHttpUrl(guardrail.url) || guardrail.url.find_first_of("?#@") != std::string::npos))
        checks.error(field + ".url", fmt::format("`{}.url` is no http or https address without user, query and fragment, such as http://127.0.0.1:5003/judge", field));
    checks.duration(field + ".timeout", guardrail.timeout, Guardrail::shortestTimeout, Guardrail::longestTimeout);
}

} // namespace

void checkOwnName(Checks &checks, const std::string &field, const std::string &name, std::string_view what)
{
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const bool fits = !name.empty() && name.size() <= 32 && isLetter(name[0])
        && std::ranges::all_of(name, [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
    if (!fits)
        checks.error(field, fmt::format("{} names no {}; take a letter and up to 31 letters, digits, _ and -", jsonQuoted(name), what));
}

void checkGuardrails(Checks &checks, const std::string &field, const std::string &policy, const std::vector<Guardrail> &guardrails)
{
    if (guardrails.size() > mostGuardrails)
        checks.error(field, fmt::format("policy {} has {} guardrails; at most {} are taken", jsonQuoted(policy), guardrails.size(), mostGuardrails));
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < guardrails.size(); ++i) {
        const std::string place = fmt::format("{}[{}]", field, i);
        checkGuardrail(checks, place, guardrails[i]);
        if (!guardrails[i].name.empty())
            checkOwnName(checks, place + ".name", guardrails[i].name, "guardrail");
        const std::string_view name = guardrails[i].shownName();
        if (!name.empty() && !names.insert(name).second)
            checks.error(place, fmt::format("policy {} has two guardrails {}; give one of them a `name` of its own", jsonQuoted(policy), jsonQuoted(name)));
    }
}

} // namespace gateway::config
