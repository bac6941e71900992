// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/cost_words.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::Money;

QString tr(const char *text) { return QCoreApplication::translate("ui::costs", text); }

/// Half to even, in whole nano-dollars.
std::optional<Money> ratio(Money cost, std::uint64_t of, std::int64_t times)
{
    if (of == 0)
        return std::nullopt;
    const auto exact = static_cast<long double>(cost.nanos()) * static_cast<long double>(times) / static_cast<long double>(of);
    return Money::fromNanos(std::llrint(exact));
}

QString term(QLatin1StringView field, const QString &value)
{
    QString text = value;
    return u"%1:\"%2\""_s.arg(field, text.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s));
}

} // namespace

QString fieldWord(CostField field)
{
    switch (field) {
    case CostField::Team: return tr("team");
    case CostField::Key: return tr("key");
    case CostField::Customer: return tr("customer");
    case CostField::Route: return tr("route");
    case CostField::Provider: return tr("provider");
    case CostField::Model: return tr("model");
    case CostField::Endpoint: return tr("endpoint");
    case CostField::Tags: return tr("tags");
    }
    return {};
}

QString fieldTitle(CostField field)
{
    switch (field) {
    case CostField::Team: return tr("Team");
    case CostField::Key: return tr("Key");
    case CostField::Customer: return tr("Customer");
    case CostField::Route: return tr("Route");
    case CostField::Provider: return tr("Provider");
    case CostField::Model: return tr("Model");
    case CostField::Endpoint: return tr("Endpoint");
    case CostField::Tags: return tr("Tags");
    }
    return {};
}

QString fieldsWord(CostField field)
{
    switch (field) {
    case CostField::Team: return tr("Teams");
    case CostField::Key: return tr("Keys");
    case CostField::Customer: return tr("Customers");
    case CostField::Route: return tr("Routes");
    case CostField::Provider: return tr("Providers");
    case CostField::Model: return tr("Models");
    case CostField::Endpoint: return tr("Endpoints");
    case CostField::Tags: return tr("Tags");
    }
    return {};
}

QString measureWord(CostMeasure measure)
{
    return measure == CostMeasure::Cost ? tr("cost") : measure == CostMeasure::Calls ? tr("calls") : tr("tokens");
}

QString measureTitle(CostMeasure measure)
{
    return measure == CostMeasure::Cost ? tr("Cost") : measure == CostMeasure::Calls ? tr("Calls") : tr("Tokens");
}

QString measureUnit(CostMeasure measure)
{
    return measure == CostMeasure::Cost ? tr("USD") : measureWord(measure);
}

QString nameOf(const CostGroup &group, CostField field)
{
    switch (group.kind) {
    case CostGroup::Kind::Named: return bridge::qt(group.name);
    case CostGroup::Kind::Gone: return tr("no longer in the log");
    case CostGroup::Kind::None: break;
    }
    switch (field) {
    case CostField::Team: return tr("unattributed");
    case CostField::Key: return tr("no key");
    case CostField::Customer: return tr("no customer");
    case CostField::Route: return tr("no route");
    case CostField::Provider: return tr("no provider");
    case CostField::Model: return tr("no model");
    case CostField::Endpoint: return tr("no endpoint");
    case CostField::Tags: return tr("no tags");
    }
    return {};
}

double valueOf(const CostFigures &figures, CostMeasure measure)
{
    const auto value = static_cast<double>(gateway::measured(figures, measure));
    return measure == CostMeasure::Cost ? value / 1e9 : value;
}

QString valueText(const CostFigures &figures, CostMeasure measure)
{
    switch (measure) {
    case CostMeasure::Cost: return figures.cost > Money() && figures.cost < Money::fromNanos(10'000'000) ? widgets::money(figures.cost) : widgets::moneyTotal(figures.cost);
    case CostMeasure::Calls: return widgets::count(figures.calls);
    case CostMeasure::Tokens: return widgets::count(figures.tokens());
    }
    return {};
}

QString valueText(double value, CostMeasure measure)
{
    if (measure != CostMeasure::Cost)
        return widgets::count(static_cast<std::uint64_t>(std::llround(std::max(0.0, value))));
    return valueText(CostFigures {.cost = Money::fromNanos(std::llround(value * 1e9))}, measure);
}

QString axisValueText(double value, CostMeasure measure)
{
    if (value < 0)
        return u'\u2212' + axisValueText(-value, measure);
    if (measure == CostMeasure::Cost && value < 10)
        return value > 0 ? valueText(value, measure) : u"$0"_s;
    const QString sign = measure == CostMeasure::Cost ? u"$"_s : QString();
    if (value < 10'000)
        return sign + widgets::count(static_cast<std::uint64_t>(std::llround(value)));
    const auto [unit, letter] = value < 1e6 ? std::pair(1e3, u'k') : value < 1e9 ? std::pair(1e6, u'M') : std::pair(1e9, u'G');
    return sign + QString::number(value / unit, 'g', 4) + letter;
}

std::optional<Money> perCall(const CostFigures &figures)
{
    const std::uint64_t others = figures.refused + figures.unpriced;
    return ratio(figures.cost, figures.calls > others ? figures.calls - others : 0, 1);
}

std::optional<Money> perThousandTokens(const CostFigures &figures)
{
    return ratio(figures.cost, figures.tokens(), 1000);
}

std::optional<QString> filterOf(const CostGroup &group, CostField field)
{
    if (group.kind == CostGroup::Kind::Gone || (group.kind == CostGroup::Kind::None && field == CostField::Tags))
        return std::nullopt;
    if (field != CostField::Tags)
        return term(QLatin1StringView(gateway::toText(field).data(), qsizetype(gateway::toText(field).size())), bridge::qt(group.name));
    QStringList terms;
    for (const QString &tag : bridge::qt(group.name).split(u',', Qt::SkipEmptyParts))
        terms.append(term("tag"_L1, tag));
    return terms.join(u' ');
}

} // namespace ui::costs
