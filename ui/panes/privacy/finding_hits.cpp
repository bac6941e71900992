// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/finding_hits.h"

#include "ui/bridge/text.h"

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using gateway::FindingCount;

const Rule &ruleAt(const Policies &policies, const RulePlace &place) { return policies[static_cast<std::size_t>(place.policy)].rules[static_cast<std::size_t>(place.rule)]; }

/// What findings of a rule are called; empty: those of all detectors for which there is no other rule.
std::set<std::string> namesOf(const Rule &rule)
{
    if (rule.detect == "external" && !rule.entities.empty())
        return {rule.entities.begin(), rule.entities.end()};
    if (rule.isOwn())
        return {rule.name};
    return rule.detect == "all" ? std::set<std::string> {} : std::set<std::string> {rule.detect};
}

void add(Hits &hits, const FindingCount &count)
{
    hits.asked += count.asked;
    hits.answered += count.answered;
    hits.calls = std::max(hits.calls, count.calls);
    hits.parts.resize(std::max(hits.parts.size(), count.parts.size()));
    for (std::size_t i = 0; i < count.parts.size(); ++i)
        hits.parts[i] += count.parts[i];
    if (const QString name = qt(count.rule); !hits.names.contains(name))
        hits.names << name;
}

} // namespace

Hits hitsOf(const gateway::FindingSummary &summary, const Policies &policies, int policy, List list, const RulePlace &place)
{
    const std::string &under = policies[static_cast<std::size_t>(policy)].name;
    std::set<std::string> names, others;
    if (list == List::Guardrails) {
        names.emplace(policies[static_cast<std::size_t>(place.policy)].guardrails[static_cast<std::size_t>(place.rule)].shownName());
    } else {
        names = namesOf(ruleAt(policies, place));
        if (names.empty()) {
            for (const RulePlace &other : rulesOf(policies, policy))
                others.merge(namesOf(ruleAt(policies, other)));
        }
    }
    Hits hits;
    for (const std::string &name : names)
        hits.names << qt(name);
    for (const FindingCount &count : summary.findings) {
        const bool named = names.empty() ? !others.contains(count.rule) : names.contains(count.rule);
        if (named && count.policy == under && count.guardrail == (list == List::Guardrails))
            add(hits, count);
    }
    return hits;
}

QString filterFor(const QString &policy, const Hits &hits)
{
    QStringList terms;
    for (const QString &name : hits.names)
        terms << u"finding:\"%1\""_s.arg(name);
    const QString findings = terms.join(u" OR "_s);
    return u"policy:\"%1\" "_s.arg(policy) + (terms.size() > 1 ? u'(' + findings + u')' : findings);
}

void paintHits(QPainter *painter, const QRect &where, const std::vector<std::uint64_t> &parts, const QColor &color, const QColor &empty)
{
    if (parts.empty())
        return;
    const std::uint64_t most = *std::ranges::max_element(parts);
    const double pitch = double(where.width()) / double(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const int from = where.x() + int(pitch * double(i)), to = where.x() + int(pitch * double(i + 1)) - 1;
        const int height = parts[i] == 0 ? 1 : std::max(2, int(double(where.height()) * double(parts[i]) / double(most)));
        painter->fillRect(from, where.bottom() + 1 - height, std::max(1, to - from), height, parts[i] == 0 ? empty : color);
    }
}

} // namespace ui::privacy
