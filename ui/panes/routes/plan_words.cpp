// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_words.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/plan_shares.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using widgets::Icon;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

QString joined(const std::vector<Condition> &conditions, const QString &between)
{
    QStringList parts;
    for (const Condition &one : conditions) {
        const bool simple = std::holds_alternative<FieldTest>(one.test);
        parts << (simple || conditions.size() == 1 ? conditionWords(one) : u'(' + conditionWords(one) + u')');
    }
    return parts.join(between);
}

QString testWords(const FieldTest &test)
{
    const QString field = bridge::qt(test.field);
    if (test.comparison == Operator::Exists)
        return !test.values.empty() && test.values.front().text == "false" ? tr("%1 is absent").arg(field) : tr("%1 is there").arg(field);
    QStringList values;
    for (const ConditionValue &value : test.values)
        values << (value.kind == ConditionValue::Kind::Null ? tr("nothing") : bridge::qt(value.text));
    return u"%1 %2 %3"_s.arg(field, comparisonSign(test.comparison), values.join(u", "_s));
}

QString periodWords(gateway::Period period)
{
    switch (period) {
    case gateway::Period::Hour: return tr("an hour");
    case gateway::Period::Day: return tr("a day");
    case gateway::Period::Week: return tr("a week");
    case gateway::Period::Month: return tr("a month");
    case gateway::Period::Total: return tr("in all");
    }
    return {};
}

} // namespace

QString comparisonSign(Operator comparison)
{
    switch (comparison) {
    case Operator::Equal: return u"="_s;
    case Operator::NotEqual: return u"≠"_s;
    case Operator::Greater: return u">"_s;
    case Operator::GreaterEqual: return u"≥"_s;
    case Operator::Less: return u"<"_s;
    case Operator::LessEqual: return u"≤"_s;
    case Operator::In: return tr("is one of");
    case Operator::NotIn: return tr("is none of");
    case Operator::Regex: return tr("matches");
    case Operator::Exists: return tr("is there");
    }
    return {};
}

QString conditionWords(const Condition &condition)
{
    if (const auto *all = std::get_if<AllOf>(&condition.test))
        return all->conditions.empty() ? tr("no condition yet") : joined(all->conditions, tr(" and "));
    if (const auto *any = std::get_if<AnyOf>(&condition.test))
        return joined(any->conditions, tr(" or "));
    if (const auto *inverse = std::get_if<NotOf>(&condition.test))
        return inverse->condition ? tr("not (%1)").arg(conditionWords(*inverse->condition)) : tr("no condition yet");
    return testWords(std::get<FieldTest>(condition.test));
}

QString balanceWords(BalanceBy by)
{
    switch (by) {
    case BalanceBy::Latency: return tr("by latency");
    case BalanceBy::Cost: return tr("by cost");
    case BalanceBy::LeastBusy: return tr("least busy");
    case BalanceBy::Usage: return tr("by room left");
    case BalanceBy::Weight: return tr("by weight");
    case BalanceBy::RoundRobin: return tr("round robin");
    case BalanceBy::Hash: return tr("by hash");
    }
    return {};
}

QString limitWords(const LimitNode &limit)
{
    QStringList parts;
    const auto add = [&parts](const std::optional<std::int64_t> &value, const QString &unit) {
        if (value)
            parts << unit.arg(widgets::count(static_cast<std::uint64_t>(std::max<std::int64_t>(0, *value))));
    };
    add(limit.rpm, tr("%1 rpm"));
    add(limit.tpm, tr("%1 tpm"));
    add(limit.tpd, tr("%1 tpd"));
    add(limit.parallel, tr("%1 at once"));
    if (limit.amount)
        parts << tr("%1 %2").arg(widgets::moneyTotal(*limit.amount), periodWords(limit.per));
    if (parts.isEmpty())
        return tr("nothing yet");
    switch (limit.each) {
    case LimitEach::Route: break;
    case LimitEach::Key: parts.last() += tr(", each key"); break;
    case LimitEach::Team: parts.last() += tr(", each team"); break;
    case LimitEach::Customer: parts.last() += tr(", each customer"); break;
    }
    return parts.join(u", "_s);
}

QString titleOf(const PlanNode &node)
{
    if (const auto *target = std::get_if<TargetNode>(&node.node))
        return target->model.empty() ? tr("no model yet") : bridge::qt(target->model);
    if (const auto *reference = std::get_if<RouteNode>(&node.node))
        return reference->route.empty() ? tr("no route yet") : bridge::qt(reference->route);
    if (const auto *split = std::get_if<SplitNode>(&node.node)) {
        QStringList parts;
        for (const int share : shares(*split))
            parts << QString::number(share);
        return parts.join(u" / "_s);
    }
    if (const auto *when = std::get_if<WhenNode>(&node.node))
        return when->branches.size() == 1 ? conditionWords(when->branches.front().condition) : tr("%1 cases").arg(when->branches.size());
    if (const auto *limit = std::get_if<LimitNode>(&node.node))
        return limitWords(*limit);
    if (const auto *balance = std::get_if<BalanceNode>(&node.node))
        return tr("balance of %1, %2").arg(balance->among.size()).arg(balanceWords(balance->by));
    return tr("fallback of %1").arg(childCount(node));
}

QString fullTitleOf(const PlanNode &node)
{
    const NodeKind kind = kindOf(node);
    return isFork(kind) ? u"%1 %2"_s.arg(kindName(kind), titleOf(node)) : titleOf(node);
}

QString kindName(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Target: return tr("model");
    case NodeKind::Chain: return tr("chain");
    case NodeKind::Split: return tr("split");
    case NodeKind::Route: return tr("route");
    case NodeKind::Balance: return tr("balance");
    case NodeKind::When: return tr("when");
    case NodeKind::Limit: return tr("limit");
    }
    return {};
}

Icon iconOf(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Target: return Icon::Cube;
    case NodeKind::Chain: return Icon::Chain;
    case NodeKind::Split: return Icon::Split;
    case NodeKind::Route: return Icon::Routes;
    case NodeKind::Balance: return Icon::Swap;
    case NodeKind::When: return Icon::Diamond;
    case NodeKind::Limit: return Icon::Octagon;
    }
    return Icon::None;
}

QString wayName(const PlanNode &node, int index)
{
    if (const auto *split = std::get_if<SplitNode>(&node.node))
        return tr("%1 %").arg(shares(*split).value(index));
    if (const auto *limit = std::get_if<LimitNode>(&node.node))
        return isElse(node, index) ? tr("used up") : limit->otherwise ? tr("within") : QString();
    if (const auto *when = std::get_if<WhenNode>(&node.node)) {
        if (isElse(node, index))
            return tr("else");
        return when->branches.size() == 1 ? tr("true") : conditionWords(when->branches[static_cast<std::size_t>(index)].condition);
    }
    return tr("row %1").arg(index + 1);
}

} // namespace ui::routes
