// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/cost_picture.h"

#include "ui/bridge/csv.h"
#include "ui/bridge/team_colors.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::CostBranch;
using gateway::Costs;
using gateway::WallTime;

constexpr int colorCount = 8;
constexpr std::size_t groupsAtMost = 24, tilesAtMost = 12; ///< of a treemap: more would be dust

QString tr(const char *text) { return QCoreApplication::translate("ui::costs", text); }

CostBars::Series seriesOf(const CostBranch &group, const Asked &asked, int color)
{
    CostBars::Series series {seriesId(group), nameOf(group, asked.by), color, {}};
    for (const CostFigures &bucket : group.buckets)
        series.values.append(valueOf(bucket, asked.measure));
    return series;
}

/// What the groups without bars of their own have together.
std::optional<CostBars::Series> othersOf(const Costs &costs, const Asked &asked)
{
    std::vector<CostFigures> rest = costs.buckets;
    std::size_t left = 0;
    for (const CostBranch &group : costs.groups) {
        left += group.buckets.empty() ? 1 : 0;
        for (std::size_t i = 0; i < group.buckets.size(); ++i)
            rest[i].subtract(group.buckets[i]);
    }
    if (left == 0)
        return std::nullopt;
    CostBars::Series series {QString::fromLatin1(otherId), tr("%1 others").arg(left), -1, {}};
    for (const CostFigures &bucket : rest)
        series.values.append(valueOf(bucket, asked.measure));
    return series;
}

QList<double> beforeOf(const Costs &costs, const Asked &asked)
{
    QList<double> values;
    for (std::size_t i = 0; asked.compare && costs.totalBefore.calls > 0 && i < costs.buckets.size(); ++i)
        values.append(i < costs.before.size() ? valueOf(costs.before[i], asked.measure) : NAN);
    return values;
}

} // namespace

void GroupColors::assign(const gateway::config::Config &config, CostField field, const Costs &costs)
{
    m_shown.clear();
    std::array<bool, colorCount> taken {};
    std::vector<std::pair<CostField, std::string>> waiting;
    for (const CostBranch &group : costs.groups) {
        if (group.kind != CostGroup::Kind::Named || group.buckets.empty())
            continue;
        std::pair key(field, group.name);
        const auto known = m_colors.find(key);
        const int own = field == CostField::Team ? bridge::teamColor(config, group.name) : -1;
        const int wanted = own >= 0 ? own : known == m_colors.end() ? -1 : known->second;
        if (wanted < 0 || taken[static_cast<std::size_t>(wanted)]) {
            waiting.push_back(std::move(key));
            continue;
        }
        taken[static_cast<std::size_t>(wanted)] = true;
        m_shown[key] = m_colors[key] = wanted;
    }
    for (const auto &key : waiting) {
        const auto free = std::ranges::find(taken, false);
        if (free == taken.end())
            return;
        *free = true;
        m_shown[key] = m_colors[key] = static_cast<int>(free - taken.begin());
    }
}

int GroupColors::of(CostField field, const CostGroup &group) const
{
    if (group.kind != CostGroup::Kind::Named)
        return -1;
    const auto found = m_shown.find({field, group.name});
    return found == m_shown.end() ? -1 : found->second;
}

QString seriesId(const CostGroup &group)
{
    switch (group.kind) {
    case CostGroup::Kind::Gone: return QString::fromLatin1(goneId);
    case CostGroup::Kind::None: return QString::fromLatin1(noneId);
    case CostGroup::Kind::Named: break;
    }
    return u'=' + bridge::qt(group.name);
}

CostBars::Picture barsOf(const Costs &costs, const Asked &asked, const GroupColors &colors, const std::optional<MonthForecast> &forecast, WallTime now)
{
    CostBars::Picture picture;
    const auto &borders = asked.shown.borders;
    for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
        picture.names.append(barText(borders[i], borders[i + 1], asked.shown.per, asked.zone));
        picture.axis.append(axisText(borders[i], i == 0 ? std::nullopt : std::optional(borders[i - 1]), asked.shown.per, asked.zone));
    }
    for (const CostBranch &group : costs.groups)
        if (group.kind == CostGroup::Kind::Named && !group.buckets.empty() && gateway::measured(group.now, asked.measure) > 0)
            picture.series.append(seriesOf(group, asked, colors.of(asked.by, group)));
    if (auto others = othersOf(costs, asked))
        picture.series.append(std::move(*others));
    for (const CostBranch &group : costs.groups)
        if (group.kind != CostGroup::Kind::Named && gateway::measured(group.now, asked.measure) > 0)
            picture.series.append(seriesOf(group, asked, -1));
    picture.before = beforeOf(costs, asked);
    picture.beforeLabel = tr("Before");
    const bool days = asked.shown.per == Per::Day || asked.shown.per == Per::Week || asked.shown.per == Per::Month;
    if (forecast && days && asked.measure == CostMeasure::Cost && borders.back() > now)
        for (std::size_t i = 0; i + 1 < borders.size(); ++i)
            picture.expected.append(borders[i + 1] > now ? forecast->between(borders[i], borders[i + 1]) : NAN);
    return picture;
}

QByteArray barsCsv(const CostBars::Picture &picture, const Asked &asked)
{
    const auto number = [](double value) { return std::isnan(value) ? QString() : QString::number(value, 'g', 15); };
    QStringList header {u"from_utc"_s};
    for (const CostBars::Series &series : picture.series)
        header.append(series.label);
    if (!picture.before.isEmpty())
        header.append(picture.beforeLabel);
    QByteArray text = bridge::csvLine(header);
    for (qsizetype bar = 0; bar < picture.bars(); ++bar) {
        QStringList cells {inZone(asked.shown.borders[std::size_t(bar)], QTimeZone::utc()).toString(Qt::ISODate)};
        for (const CostBars::Series &series : picture.series)
            cells.append(number(series.values.value(bar, NAN)));
        if (!picture.before.isEmpty())
            cells.append(number(picture.before.value(bar, NAN)));
        text += bridge::csvLine(cells);
    }
    return text;
}

QList<TreemapView::Group> treemapOf(const Costs &costs, const Asked &asked, const GroupColors &colors)
{
    QList<TreemapView::Group> groups;
    for (std::size_t i = 0; i < costs.groups.size() && std::size_t(groups.size()) < groupsAtMost; ++i) {
        const CostBranch &branch = costs.groups[i];
        TreemapView::Group group {int(i), nameOf(branch, asked.by), valueText(branch.now, asked.measure), colors.of(asked.by, branch), valueOf(branch.now, asked.measure), {}};
        if (group.weight <= 0)
            continue;
        double rest = group.weight;
        for (std::size_t part = 0; part < branch.parts.size() && part < tilesAtMost; ++part) {
            const double weight = valueOf(branch.parts[part].now, asked.measure);
            if (weight <= 0)
                continue;
            group.tiles.append({int(part), nameOf(branch.parts[part], *asked.then), valueText(branch.parts[part].now, asked.measure), weight});
            rest -= weight;
        }
        if (!group.tiles.isEmpty() && rest > group.weight * 1e-9)
            group.tiles.append({-1, tr("others"), valueText(rest, asked.measure), rest});
        std::ranges::stable_sort(group.tiles, std::greater {}, &TreemapView::Tile::weight);
        groups.append(std::move(group));
    }
    std::ranges::stable_sort(groups, std::greater {}, &TreemapView::Group::weight);
    return groups;
}

} // namespace ui::costs
