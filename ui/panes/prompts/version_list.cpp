// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/version_list.h"

#include "ui/bridge/text.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

namespace {

using bridge::qt;
using gateway::PromptFigures;
using gateway::config::PromptVersion;

constexpr int plainHeight = 44, barredHeight = 72, edge = 16, gap = 8;
constexpr int barHeight = 5, figureWidth = 56;

/// The label that callers get who name none is green, all others are warm.
widgets::Role roleOf(const QString &label) { return qt(gateway::config::usualLabel) == label ? widgets::Role::Ok : widgets::Role::Warn; }

class VersionDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override { return {120, index.data(VersionList::Known).toBool() ? barredHeight : plainHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const widgets::ThemeColors &colors = widgets::colorsOf(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setLayoutDirection(Qt::LayoutDirectionAuto);
        painter->fillRect(option.rect, option.state & QStyle::State_Selected ? colors.selection : colors.surface);
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), colors.line);
        paintHead(painter, option, index, colors);
        if (index.data(VersionList::Known).toBool()) {
            const QColor good = colors.series[2], money = colors.series[1];
            paintBar(painter, option, 32, index.data(VersionList::Score).toDouble(), index.data(VersionList::ScoreText).toString(), good, colors);
            paintBar(painter, option, 48, index.data(VersionList::CostShare).toDouble(), index.data(VersionList::CostText).toString(), money, colors);
        }
        if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
            widgets::paintFocusRing(painter, QRectF(option.rect).adjusted(1, 1, -2, -2), colors.accent);
        painter->restore();
    }

private:
    static QRect seen(const QStyleOptionViewItem &option, const QRect &part) { return QStyle::visualRect(option.direction, option.rect, part); }

    static void paintHead(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const widgets::ThemeColors &colors)
    {
        const QRect line(option.rect.left() + edge, option.rect.top() + 8, option.rect.width() - 2 * edge, 22);
        painter->setFont(widgets::textFont(13, QFont::DemiBold));
        painter->setPen(colors.text);
        const QString name = index.data().toString();
        int x = line.left();
        const int nameWidth = painter->fontMetrics().horizontalAdvance(name);
        painter->drawText(seen(option, QRect(x, line.top(), nameWidth + 1, line.height())), Qt::AlignVCenter | Qt::AlignHCenter, name);
        x += nameWidth + gap;
        if (index.data(VersionList::Writing).toBool())
            x = paintLabel(painter, option, x, line, VersionList::tr("not saved"), widgets::Role::Warn, colors);
        const QStringList labels = index.data(VersionList::Labels).toStringList();
        for (int i = 0; i < labels.size(); ++i) {
            const int room = line.right() - x;
            if (widgets::chipWidth(labels[i]) > room) { // the tool tip has them all
                x = paintLabel(painter, option, x, line, u"+%1"_s.arg(labels.size() - i), widgets::Role::Raised, colors);
                break;
            }
            x = paintLabel(painter, option, x, line, labels[i], roleOf(labels[i]), colors);
        }
        painter->setFont(widgets::textFont(12));
        painter->setPen(colors.muted);
        const QRect rest(x, line.top(), line.right() - x, line.height());
        const auto align = QStyle::visualAlignment(option.direction, Qt::AlignRight) | Qt::AlignAbsolute | Qt::AlignVCenter;
        painter->drawText(seen(option, rest), int(align), painter->fontMetrics().elidedText(index.data(VersionList::Written).toString(), Qt::ElideRight, rest.width()));
    }

    static int paintLabel(QPainter *painter, const QStyleOptionViewItem &option, int x, const QRect &line, const QString &label, widgets::Role role, const widgets::ThemeColors &colors)
    {
        const int width = widgets::chipWidth(label);
        const QRect chip = seen(option, QRect(x, line.top(), width, line.height()));
        widgets::paintChip(painter, chip.topLeft(), line.center().y() + 1, label, role, colors);
        return x + width + 4;
    }

    static void paintBar(QPainter *painter, const QStyleOptionViewItem &option, int top, double share, const QString &text, const QColor &color, const widgets::ThemeColors &colors)
    {
        const QRect track(option.rect.left() + edge, option.rect.top() + top + 6, option.rect.width() - 2 * edge - figureWidth - gap, barHeight);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.raised);
        painter->drawRect(seen(option, track));
        if (share > 0) {
            painter->setBrush(color);
            painter->drawRect(seen(option, QRect(track.left(), track.top(), std::max(2, int(track.width() * std::min(share, 1.0))), track.height())));
        }
        painter->setFont(widgets::textFont(12));
        painter->setPen(text == widgets::unknownText() ? colors.muted : colors.text);
        const auto align = QStyle::visualAlignment(option.direction, Qt::AlignRight) | Qt::AlignAbsolute | Qt::AlignVCenter;
        painter->drawText(seen(option, QRect(track.right() + gap, option.rect.top() + top, figureWidth, 18)), int(align), text);
    }
};

} // namespace

double scoreOf(const PromptFigures &figures) { return (std::clamp(figures.value.value_or(-1), -1.0, 1.0) + 1) / 2; }

std::optional<gateway::Money> costOf(const PromptFigures &figures)
{
    const std::uint64_t priced = figures.calls - std::min(figures.calls, figures.unpriced + figures.refused);
    if (priced == 0)
        return std::nullopt;
    return gateway::Money::fromNanos(figures.cost.nanos() / static_cast<std::int64_t>(priced));
}

VersionList::VersionList(QWidget *parent) : QListWidget(parent)
{
    setObjectName(u"prompts.versions"_s);
    setAccessibleName(tr("Versions"));
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new VersionDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem *item) {
        if (item)
            Q_EMIT chosen(current());
    });
}

void VersionList::show(const gateway::config::Prompt &prompt, std::int64_t next, const std::vector<PromptFigures> &figures, gateway::WallTime now)
{
    QList<Row> rows;
    if (next > 0) {
        rows << Row {{Qt::DisplayRole, tr("v%1").arg(next)}, {Number, QVariant::fromValue<qint64>(0)}, {Writing, true}, {Qt::AccessibleTextRole, tr("version %1, not saved").arg(next)}};
    }
    gateway::Money most = gateway::Money::fromNanos(1);
    for (const PromptFigures &each : figures)
        most = std::max(most, costOf(each).value_or(gateway::Money()));
    std::vector<const PromptVersion *> newest;
    for (const PromptVersion &version : prompt.versions)
        newest.push_back(&version);
    std::ranges::sort(newest, std::greater {}, [](const PromptVersion *version) { return version->version; });
    for (const PromptVersion *version : newest) {
        Row row {{Qt::DisplayRole, tr("v%1").arg(version->version)}};
        const QStringList labels = bridge::qtList(version->labels);
        const QString written = writtenText(*version, now);
        row[Number] = QVariant::fromValue<qint64>(version->version);
        row[Labels] = labels;
        row[Written] = written;
        QString spoken = labels.isEmpty() ? tr("version %1").arg(version->version) : tr("version %1, %2").arg(version->version).arg(labels.join(u", "_s));
        QStringList tips;
        if (!labels.isEmpty())
            tips << tr("Labels: %1").arg(labels.join(u", "_s));
        if (!written.isEmpty())
            tips << written;
        if (!version->note.empty())
            tips << qt(version->note);
        const auto its = std::ranges::find(figures, version->version, &PromptFigures::version);
        row[Known] = its != figures.end();
        if (its != figures.end()) {
            const auto cost = costOf(*its);
            const QString scoreText = its->value ? widgets::share(scoreOf(*its)) : widgets::unknownText();
            row[Score] = its->value ? scoreOf(*its) : 0.0;
            row[ScoreText] = scoreText;
            row[CostShare] = cost ? static_cast<double>(cost->nanos()) / static_cast<double>(most.nanos()) : 0.0;
            row[CostText] = widgets::money(cost);
            tips << tr("%1 calls, %2 failed").arg(widgets::count(its->calls), widgets::count(its->failed))
                 << (its->feedback ? tr("Score %1 of %2 who said something").arg(scoreText, widgets::count(its->feedback)) : tr("Nobody has said anything of its answers"))
                 << tr("%1 a call, p95 %2").arg(widgets::money(cost), widgets::latency(its->p95Us));
            spoken += tr(", score %1, %2 a call").arg(scoreText, widgets::money(cost));
        }
        row[Qt::ToolTipRole] = tips.join(u'\n');
        row[Qt::AccessibleTextRole] = spoken;
        rows << row;
    }
    setRows(rows);
}

/// What is the same stays: it may be chosen just now.
void VersionList::setRows(const QList<Row> &rows)
{
    if (rows == m_rows)
        return;
    m_rows = rows;
    const std::int64_t before = current();
    const QSignalBlocker quiet(this);
    clear();
    for (const Row &row : rows) {
        auto *item = new QListWidgetItem(this);
        for (auto each = row.begin(); each != row.end(); ++each)
            item->setData(each.key(), each.value());
    }
    choose(before);
}

std::int64_t VersionList::current() const { return currentItem() ? currentItem()->data(Number).toLongLong() : 0; }

void VersionList::choose(std::int64_t number)
{
    const QSignalBlocker quiet(this);
    for (int row = 0; row < count(); ++row) {
        if (item(row)->data(Number).toLongLong() == number) {
            setCurrentRow(row);
            return;
        }
    }
    setCurrentRow(count() > 0 ? 0 : -1);
}

} // namespace ui::prompts
