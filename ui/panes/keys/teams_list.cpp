// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/teams_list.h"

#include "ui/bridge/team_colors.h"
#include "ui/bridge/text.h"
#include "ui/panes/scopes/cap_bar.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>

#include <algorithm>
#include <unordered_map>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using widgets::Icon;

enum Role { TeamName = Qt::UserRole, IsAll, IsKeyless, KeyCount, Spent, Color, Share, Used, Level };

constexpr int allHeight = 28;
constexpr int teamHeight = 56;
constexpr int keylessHeight = 44;
constexpr int margin = 12;
constexpr int indent = 32;
constexpr int swatch = 10;
constexpr int barHeight = 3;

/// "All teams" is one line; a team has its name and number of keys, its spend, and a bar of its share of all spend.
class TeamDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        return {100, index.data(IsAll).toBool() ? allHeight : index.data(IsKeyless).toBool() ? keylessHeight : teamHeight};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const widgets::ThemeColors &colors = widgets::colorsOf(option.palette);
        painter->save();
        painter->setLayoutDirection(Qt::LayoutDirectionAuto); // amounts and names keep their own order
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, colors.selection);
        if (index.data(IsKeyless).toBool()) {
            paintKeyless(painter, option, index, colors);
            painter->restore();
            return;
        }
        const QRect line(option.rect.left() + margin, option.rect.top() + (index.data(IsAll).toBool() ? 0 : 6), option.rect.width() - 2 * margin, 24);
        const int left = index.data(IsAll).toBool() ? margin + 4 : indent;
        paintName(painter, option, index, colors, line, left);
        if (!index.data(IsAll).toBool())
            paintSpend(painter, option, index, colors, left);
        painter->restore();
    }

private:
    enum class Side { Begin, End };

    /// Where a part stands that is placed from left to right.
    static QRect seen(const QStyleOptionViewItem &option, const QRect &part) { return QStyle::visualRect(option.direction, option.rect, part); }

    static void paintText(QPainter *painter, const QStyleOptionViewItem &option, const QRect &part, Side side, const QString &text)
    {
        const auto align = QStyle::visualAlignment(option.direction, side == Side::Begin ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignAbsolute | Qt::AlignVCenter;
        painter->drawText(seen(option, part), int(align), painter->fontMetrics().elidedText(text, Qt::ElideRight, part.width()));
    }

    /// Below a line, since it is no team: what was spent by calls that had no key.
    static void paintKeyless(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const widgets::ThemeColors &colors)
    {
        painter->fillRect(QRect(option.rect.left(), option.rect.top() + 6, option.rect.width(), 1), colors.line);
        const QRect line = option.rect.adjusted(margin + 4, 8, -margin, 0);
        widgets::paintIcon(painter, Icon::Info, seen(option, {line.left(), line.center().y() - 7, 16, 16}), colors.muted);
        painter->setFont(widgets::textFont(13));
        painter->setPen(colors.muted);
        paintText(painter, option, line.adjusted(24, 0, -60, 0), Side::Begin, index.data().toString());
        painter->setFont(widgets::textFont(12));
        painter->setPen(colors.text);
        paintText(painter, option, line, Side::End, index.data(Spent).toString());
    }

    static void paintName(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const widgets::ThemeColors &colors, const QRect &line, int left)
    {
        const int color = index.data(Color).toInt();
        const bool all = index.data(IsAll).toBool();
        if (all) {
            widgets::paintIcon(painter, Icon::Organisation, seen(option, {line.left() + 4, option.rect.center().y() - 7, 16, 16}), colors.text);
        } else {
            painter->setPen(Qt::NoPen);
            painter->setBrush(color < 0 ? colors.otherSeries : colors.series[static_cast<std::size_t>(color)]);
            painter->drawRoundedRect(seen(option, {option.rect.left() + left, line.center().y() - swatch / 2, swatch, swatch}), 2, 2);
        }
        painter->setFont(widgets::textFont(13));
        painter->setPen(colors.text);
        const QRect name(option.rect.left() + left + (all ? 24 : 20), line.top(), line.width() - left - 40, all ? allHeight : line.height());
        paintText(painter, option, name, Side::Begin, index.data(Qt::DisplayRole).toString());
        painter->setFont(widgets::textFont(12));
        painter->setPen(colors.muted);
        paintText(painter, option, QRect(line.left(), name.top(), line.width(), name.height()), Side::End, index.data(KeyCount).toString());
    }

    static void paintSpend(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const widgets::ThemeColors &colors, int left)
    {
        const QRect spend(option.rect.left() + left, option.rect.top() + 28, option.rect.width() - left - margin, 16);
        painter->setFont(widgets::textFont(11));
        painter->setPen(colors.text);
        paintText(painter, option, spend, Side::Begin, index.data(Spent).toString());
        const QString used = index.data(Used).toString();
        const auto level = static_cast<panes::Level>(index.data(Level).toInt());
        painter->setPen(level == panes::Level::Fine ? colors.muted : colors.of(panes::roleOf(level)));
        painter->setFont(widgets::textFont(11, level == panes::Level::Fine ? QFont::Normal : QFont::DemiBold));
        paintText(painter, option, spend, Side::End, used.isEmpty() ? tr("this month") : used);
        const QRect bar = seen(option, {spend.left(), spend.bottom() + 2, spend.width(), barHeight});
        panes::paintCapBar(painter, bar, {.spent = index.data(Share).toDouble(), .role = panes::roleOf(level)}, colors, option.direction);
    }
};

} // namespace

TeamsList::TeamsList(QWidget *parent) : QListWidget(parent)
{
    setObjectName(u"keys.teams"_s);
    setAccessibleName(tr("Teams"));
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new TeamDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &QListWidget::currentRowChanged, this, &TeamsList::teamChanged);
}

void TeamsList::setTeams(const gateway::config::Config &config, const std::optional<gateway::api::UseSummary> &summary, const panes::Standing &standing)
{
    const gateway::api::UseSummary use = summary.value_or(gateway::api::UseSummary {});
    const auto spentText = [&](gateway::Money spent) { return summary ? widgets::moneyTotal(spent) : widgets::unknownText(); };
    const auto chosen = team();
    const QSignalBlocker quiet(this);
    clear();
    std::unordered_map<std::string_view, int> counts;
    for (const gateway::config::VirtualKey &key : config.keys)
        ++counts[key.team];
    const auto keysOf = [&](const std::string &name) { return counts[name]; };
    const auto spentOf = [&](const std::string &name) {
        const auto found = std::ranges::find(use.teams, name, &gateway::api::TeamUse::team);
        return found == use.teams.end() ? gateway::Money() : found->spent;
    };
    gateway::Money most = gateway::Money::fromNanos(1);
    for (const gateway::api::TeamUse &each : use.teams)
        most = std::max(most, each.spent);
    const auto share = [&](gateway::Money spent) { return static_cast<double>(spent.nanos()) / static_cast<double>(most.nanos()); };

    auto *all = new QListWidgetItem(tr("All teams"), this);
    all->setData(IsAll, true);
    all->setData(KeyCount, tr("%n key(s)", nullptr, static_cast<int>(config.keys.size())));
    for (const gateway::config::Team &each : config.teams) {
        auto *item = new QListWidgetItem(qt(each.name), this);
        item->setData(TeamName, qt(each.name));
        item->setData(KeyCount, QString::number(keysOf(each.name)));
        item->setData(Spent, spentText(spentOf(each.name)));
        item->setData(Color, bridge::teamColor(config, each.name));
        item->setData(Share, share(spentOf(each.name)));
        const gateway::ScopeState *state = standing.find({gateway::ScopeKind::Team, each.name});
        if (const gateway::BudgetState *cap = state ? panes::tightest(*state) : nullptr) {
            item->setData(Spent, panes::spentText(*cap));
            item->setData(Used, panes::usedText(*cap));
            item->setData(Level, static_cast<int>(panes::levelOf(*cap)));
            item->setData(Share, cap->used());
            item->setData(Qt::AccessibleTextRole, tr("%1, %2, %3").arg(qt(each.name), panes::spentText(*cap), panes::usedText(*cap)));
        }
    }
    if (const gateway::Money spent = spentOf({}); keysOf({}) > 0 || spent.nanos() > 0) {
        const bool keyless = keysOf({}) == 0;
        auto *item = new QListWidgetItem(keyless ? tr("Calls without a key") : tr("Without a team"), this);
        item->setData(IsKeyless, keyless);
        item->setData(TeamName, QString());
        item->setData(KeyCount, QString::number(keysOf({})));
        item->setData(Spent, spentText(spent));
        item->setData(Color, -1);
        item->setData(Share, share(spent));
    }
    choose(chosen);
}

std::optional<std::string> TeamsList::team() const
{
    const QListWidgetItem *item = currentItem();
    if (!item || item->data(IsAll).toBool())
        return std::nullopt;
    return bridge::utf8(item->data(TeamName).toString());
}

void TeamsList::choose(const std::optional<std::string> &team)
{
    for (int row = 1; team && row < count(); ++row) {
        if (bridge::utf8(item(row)->data(TeamName).toString()) == *team) {
            setCurrentRow(row);
            return;
        }
    }
    setCurrentRow(0);
}

} // namespace ui::keys
