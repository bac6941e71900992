// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_privacy_tools.h"

#include <QRegularExpression>
#include <QTimer>

#include <algorithm>
#include <map>
#include <set>

using namespace gateway;
using namespace gateway::api;
using namespace Qt::StringLiterals;

namespace tests {
namespace {

struct Finder
{
    config::PrivacyRule rule;
    QString pattern;
    std::string label;
};

QString patternOf(const std::string &detector)
{
    static const std::map<std::string, QString> patterns {
        {"email", u"[\\w.+-]+@[\\w-]+(\\.[\\w-]+)+"_s},
        {"phone", u"\\+[0-9][0-9 ]{8,15}[0-9]"_s},
        {"credit_card", u"\\b[0-9]{4}([ -]?[0-9]{4}){3}\\b"_s},
        {"iban", u"\\b[A-Z]{2}[0-9]{2}( ?[0-9A-Z]{4}){3,7}( ?[0-9A-Z]{1,3})?\\b"_s},
    };
    const auto found = patterns.find(detector);
    return found == patterns.end() ? QString() : found->second;
}

std::string labelOf(const std::string &name) { return QString::fromStdString(name).toUpper().replace(u'-', u'_').toStdString(); }

std::vector<Finder> findersOf(const config::PrivacyPolicy &policy)
{
    std::vector<Finder> finders;
    std::set<std::string> taken;
    const auto add = [&](const config::PrivacyRule &rule, const std::string &name, const QString &pattern) {
        if (!pattern.isEmpty() && taken.insert(name).second)
            finders.push_back({rule, pattern, labelOf(name)});
    };
    for (const config::PrivacyRule &rule : policy.rules) {
        QStringList words;
        for (const std::string &word : rule.words)
            words << QRegularExpression::escape(QString::fromStdString(word));
        if (rule.detect == "regex")
            add(rule, rule.name, QString::fromStdString(rule.pattern));
        else if (rule.detect == "dictionary")
            add(rule, rule.name, u"(?i)\\b(%1)\\b"_s.arg(words.join(u'|')));
        for (const char *name : {"email", "phone", "credit_card", "iban"}) {
            config::PrivacyRule each = rule;
            each.detect = name;
            if (rule.detect == "all" || rule.detect == name)
                add(each, name, patternOf(name));
        }
    }
    return finders;
}

/// The names of those that are external, and of webhooks: they are not asked.
std::vector<std::string> externalOf(const config::PrivacyPolicy &policy)
{
    std::vector<std::string> names;
    for (const config::PrivacyRule &rule : policy.rules) {
        if (rule.detect == "external")
            names.push_back(rule.name);
    }
    for (const config::Guardrail &guardrail : policy.guardrails) {
        if (guardrail.kind == config::GuardrailKind::Webhook)
            names.emplace_back(guardrail.shownName());
    }
    return names;
}

/// Why a guardrail has something against a text; empty: it has nothing.
std::string whyOf(const config::Guardrail &guardrail, const QString &text, bool answer)
{
    using Kind = config::GuardrailKind;
    const bool looks = answer ? guardrail.looksAtAnswers() : guardrail.looksAtRequests();
    if (guardrail.kind == Kind::MaxBytes && !answer && text.toUtf8().size() > guardrail.limit)
        return "it has " + std::to_string(text.toUtf8().size()) + " bytes of text, and may have " + std::to_string(guardrail.limit);
    if (guardrail.kind == Kind::Injection && !answer && text.contains(u"ignore all previous"_s, Qt::CaseInsensitive))
        return "a text in it reads like an attempt to take the model over";
    if (guardrail.kind == Kind::JsonSchema && answer && !text.trimmed().startsWith(u'{'))
        return "it is no JSON";
    for (std::size_t i = 0; guardrail.kind == Kind::Forbid && looks && i < guardrail.patterns.size(); ++i) {
        if (text.contains(QRegularExpression(QString::fromStdString(guardrail.patterns[i]))))
            return "a text in it matches pattern " + std::to_string(i + 1) + ", which none may";
    }
    return {};
}

struct Found
{
    qsizetype from, to;
    const Finder *finder;
};

/// The longer one of two that overlap.
std::vector<Found> findIn(const QString &text, const std::vector<Finder> &finders)
{
    std::vector<Found> all, found;
    for (const Finder &finder : finders) {
        auto matches = QRegularExpression(finder.pattern, QRegularExpression::UseUnicodePropertiesOption).globalMatch(text);
        while (matches.hasNext()) {
            const auto match = matches.next();
            if (match.capturedLength() > 0 && std::ranges::find(finder.rule.allow, match.captured().toStdString()) == finder.rule.allow.end())
                all.push_back({match.capturedStart(), match.capturedEnd(), &finder});
        }
    }
    std::ranges::stable_sort(all, std::ranges::greater {}, [](const Found &hit) { return hit.to - hit.from; });
    for (const Found &hit : all) {
        if (std::ranges::none_of(found, [&](const Found &other) { return other.from < hit.to && hit.from < other.to; }))
            found.push_back(hit);
    }
    std::ranges::sort(found, {}, &Found::from);
    return found;
}

std::string masked(const QString &value)
{
    QString out = value;
    for (QChar &letter : out) {
        if (letter.isLetterOrNumber())
            letter = u'*';
    }
    return out.toStdString();
}

PrivacyTrial trialOf(const config::PrivacyPolicy &policy, const std::string &utf8, bool answer)
{
    const std::vector<Finder> finders = findersOf(policy);
    const QString text = QString::fromStdString(utf8);
    PrivacyTrial trial {.policy = policy.name, .spans = {}, .scrubbed = {}, .blockedBy = {}, .notAsked = externalOf(policy)};
    std::map<std::pair<std::string, std::string>, std::size_t> numbers;
    std::map<std::string, std::size_t> counts;
    qsizetype done = 0;
    for (const Found &hit : findIn(text, finders)) {
        const config::PrivacyRule &rule = hit.finder->rule;
        const QString value = text.mid(hit.from, hit.to - hit.from);
        trial.scrubbed += text.mid(done, hit.from - done).toStdString();
        PrivacySpan span {.from = static_cast<std::size_t>(text.left(hit.from).toUtf8().size()), .to = static_cast<std::size_t>(text.left(hit.to).toUtf8().size()), .text = value.toStdString(), .rule = rule.isOwn() ? rule.name : rule.detect, .label = hit.finder->label, .score = 0.95, .action = rule.action};
        std::size_t &number = numbers[{span.label, span.text}];
        if (number == 0)
            number = ++counts[span.label];
        switch (rule.action) {
        case config::PrivacyAction::Tokenize: trial.scrubbed += "<" + span.label + "_" + std::to_string(number) + ">"; break;
        case config::PrivacyAction::Mask: trial.scrubbed += masked(value); break;
        case config::PrivacyAction::Hash: trial.scrubbed += "[" + span.label + ":3f1c22d09ab4e7d1]"; break;
        case config::PrivacyAction::Block: trial.blockedBy = trial.blockedBy.empty() ? span.rule : trial.blockedBy; [[fallthrough]];
        case config::PrivacyAction::Report: trial.scrubbed += span.text; break;
        }
        done = hit.to;
        trial.spans.push_back(std::move(span));
    }
    trial.scrubbed += text.mid(done).toStdString();
    for (const config::Guardrail &guardrail : policy.guardrails) {
        const std::string why = whyOf(guardrail, text, answer);
        if (why.empty())
            continue;
        trial.guardrails.push_back({.guardrail = std::string(guardrail.shownName()), .kind = *guardrail.kind, .action = guardrail.action, .found = 1, .why = why});
        if (guardrail.action == config::GuardrailAction::Block)
            trial.blockedBy = guardrail.shownName();
    }
    if (!trial.blockedBy.empty())
        trial.scrubbed = utf8;
    return trial;
}

/// Each rule finds less than the one before it.
PrivacyDryRun reportOf(const config::PrivacyPolicy &policy, int calls)
{
    const auto all = static_cast<std::uint64_t>(calls);
    PrivacyDryRun report {.policy = policy.name, .calls = all, .withoutBody = all / 26, .blocked = 0, .scrubbedBefore = all / 5, .rules = {}, .notAsked = externalOf(policy)};
    std::uint64_t hits = all * 29 / 100;
    for (const Finder &finder : findersOf(policy)) {
        const std::string rule = finder.rule.isOwn() ? finder.rule.name : finder.rule.detect;
        PrivacyDryRun::OfRule row {.rule = rule, .action = finder.rule.action, .found = hits * 14 / 10, .calls = hits};
        row.samples = rule == "email" ? std::vector<std::string> {"*****.*********@*******.***", "*******@*******.***"} : std::vector<std::string> {"***-******"};
        if (finder.rule.action == config::PrivacyAction::Block)
            report.blocked += hits;
        report.rules.push_back(std::move(row));
        hits = hits * 4 / 10;
    }
    for (const config::Guardrail &guardrail : policy.guardrails) {
        if (guardrail.kind == config::GuardrailKind::MaxBytes)
            report.guardrails.push_back({.guardrail = std::string(guardrail.shownName()), .kind = *guardrail.kind, .action = guardrail.action, .found = all / 50, .calls = all / 50});
    }
    return report;
}

/// More by day than by night, and each hour another.
FindingCount foundBy(const char *rule, const char *action, std::uint64_t times, std::uint64_t answered = 0, bool guardrail = false)
{
    static constexpr std::uint64_t share[24] {3, 2, 1, 1, 1, 2, 3, 5, 9, 12, 14, 13, 9, 11, 15, 14, 12, 9, 7, 6, 5, 4, 4, 3}; // 165 in all
    FindingCount count {.policy = "default", .rule = rule, .action = action, .guardrail = guardrail, .calls = times * 9 / 10, .asked = times - answered, .answered = answered, .parts = std::vector<std::uint64_t>(24)};
    for (std::size_t i = 0; i < 24; ++i)
        count.parts[i] = (times * share[(i + times) % 24] * 2 + 165) / 330;
    return count;
}

} // namespace

FindingSummary sceneFindings()
{
    return {.findings = {foundBy("email", "tokenize", 412, 29), foundBy("phone", "mask", 188), foundBy("credit_card", "block", 7), foundBy("iban", "mask", 23), foundBy("ticket", "tokenize", 631, 29), foundBy("codename", "tokenize", 54),
                         foundBy("api_key", "block", 3), foundBy("street_address", "report", 96), foundBy("PERSON", "tokenize", 1204), foundBy("LOCATION", "tokenize", 310), foundBy("size", "block", 4, 0, true),
                         foundBy("injection", "report", 17, 0, true), foundBy("rivals", "block", 38, 31, true)}};
}

void FakePrivacyTools::tryOut(TriedPolicy policy, std::string text, QObject *context, Answer<PrivacyTrial> done)
{
    ++m_trials;
    m_tried = policy;
    QTimer::singleShot(0, context, [problem = m_problem, policy = std::move(policy), text = std::move(text), done] {
        if (problem)
            return done(std::unexpected(*problem));
        done(trialOf(policy.given.value_or(config::PrivacyPolicy {}), text, policy.asAnswer));
    });
}

void FakePrivacyTools::findings(FindingQuery, QObject *context, Answer<FindingSummary> done)
{
    ++m_summariesAsked;
    if (m_log == Log::Silent)
        return;
    QTimer::singleShot(0, context, [failing = m_log == Log::Failing, summary = m_summary, done] {
        if (failing)
            return done(fail(ErrorCode::Io, "Cannot read the call log. The disk has no space left (calls.db, 41.2 GB)."));
        done(summary);
    });
}

void FakePrivacyTools::dryRun(TriedPolicy policy, int calls, QObject *context, Answer<PrivacyDryRun> done)
{
    m_tried = policy;
    m_callsAsked = calls;
    if (m_log == Log::Silent)
        return;
    QTimer::singleShot(0, context, [problem = m_problem, failing = m_log == Log::Failing, policy = std::move(policy), calls, done] {
        if (problem)
            return done(std::unexpected(*problem));
        if (failing)
            return done(fail(ErrorCode::Io, "Cannot read the call log. The disk has no space left (calls.db, 41.2 GB)."));
        done(reportOf(policy.given.value_or(config::PrivacyPolicy {}), calls));
    });
}

} // namespace tests
