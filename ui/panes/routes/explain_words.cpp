// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/explain_words.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;
using gateway::Explanation;
using gateway::SimulatedStep;
using gateway::Simulation;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

const PlanNode *nodeNamed(const PlanNode &plan, const QString &place)
{
    const auto found = pathOf(plan, place);
    return found && found->second.isEmpty() ? nodeAt(plan, found->first) : nullptr;
}

/// The field below `plan` of where a candidate stands in the shown route's plan; nullopt: that is not known.
std::optional<std::string> placeOf(const PlanNode &plan, const std::vector<Leaf> &leaves, const Explanation::Candidate &candidate)
{
    if (candidate.route.empty()) {
        const QString place = bridge::qt(candidate.place);
        return bridge::utf8(place.startsWith(u"plan."_s) ? place.sliced(5) : QString());
    }
    const auto leaf = std::ranges::find_if(leaves, [&](const Leaf &one) {
        const PlanNode *node = nodeAt(plan, one.path);
        return node && kindOf(*node) == NodeKind::Route && one.provider == candidate.provider && one.model == candidate.model;
    });
    return leaf == leaves.end() ? std::nullopt : std::optional(bridge::utf8(fieldOf(plan, leaf->path)));
}

} // namespace

std::optional<Path> pathOf(const PlanNode &plan, const Explanation::Step &step)
{
    if (!step.route.empty())
        return std::nullopt;
    const auto found = pathOf(plan, bridge::qt(step.place));
    return found && found->second.isEmpty() ? std::optional(found->first) : std::nullopt;
}

Icon iconOf(const Explanation::Step &step)
{
    if (step.form == "fallback")
        return Icon::Chain;
    if (step.form == "split")
        return Icon::Split;
    if (step.form == "balance")
        return Icon::Swap;
    if (step.form == "when")
        return Icon::Diamond;
    if (step.form == "limit")
        return Icon::Octagon;
    return Icon::Routes;
}

QString titleOf(const PlanNode &plan, const Explanation::Step &step)
{
    const PlanNode *node = step.route.empty() ? nodeNamed(plan, bridge::qt(step.place)) : nullptr;
    return node ? fullTitleOf(*node) : tr("%1 in route %2").arg(bridge::qt(step.form), bridge::qt(step.route));
}

QString namedNodes(const PlanNode &plan, const Explanation::Step &step, const std::string &words)
{
    const QString text = bridge::qt(words);
    if (!step.route.empty())
        return text;
    static const QRegularExpression place(uR"(\bplan(?:\.[a-z_]+(?:\[\d+\])?)+)"_s);
    QString named;
    qsizetype behind = 0;
    for (auto matches = place.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        const PlanNode *node = nodeNamed(plan, match.captured());
        named += text.sliced(behind, match.capturedStart() - behind) + (node ? fullTitleOf(*node) : match.captured());
        behind = match.capturedEnd();
    }
    return named + text.sliced(behind);
}

QString expectationOf(const Explanation::Candidate &candidate)
{
    QStringList parts {candidate.expectedCost ? money(candidate.expectedCost) : tr("price not known")};
    if (candidate.expectedFirstToken)
        parts << tr("first token %1").arg(latency(candidate.expectedFirstToken));
    parts << (candidate.expectedTotal ? tr("whole %1").arg(latency(candidate.expectedTotal)) : tr("duration not known"));
    for (QString &part : parts)
        part.replace(u' ', QChar::Nbsp); // a line ends between figures, not before a unit
    return parts.join(u" · "_s);
}

Simulation wayOf(const PlanNode &plan, const std::vector<Leaf> &leaves, const Explanation &explanation)
{
    Simulation way;
    for (std::size_t i = 0; i < explanation.candidates.size(); ++i) {
        const Explanation::Candidate &candidate = explanation.candidates[i];
        const bool first = explanation.first == i;
        const auto node = placeOf(plan, leaves, candidate);
        if (!node || (!first && candidate.asked))
            continue;
        SimulatedStep step;
        step.end = first ? SimulatedStep::End::Answered : SimulatedStep::End::Skipped;
        step.node = *node;
        step.provider = candidate.provider;
        step.model = candidate.model;
        if (!first)
            step.words = bridge::utf8(bridge::qtList(candidate.skipped).join(u", "_s));
        step.took = candidate.expectedTotal.value_or(gateway::Duration::zero());
        step.tookKnown = candidate.expectedTotal.has_value();
        step.cost = candidate.expectedCost;
        way.steps.push_back(std::move(step));
        if (first)
            break;
    }
    return way;
}

} // namespace ui::routes
