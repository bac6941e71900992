// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/scope_list.h"

#include "ui/panes/scopes/cap_bar.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using panes::Level;
using panes::ScopeRef;
using widgets::Icon;
using widgets::Role;

constexpr int rowHeight = 36;
constexpr int percentWidth = 48, barWidth = 152, narrowBarWidth = 104, gap = 12;
constexpr int narrowBelow = 400;
constexpr int indent = 18, narrowIndent = 12;

bool isNarrow(const QWidget *widget) { return widget && widget->width() < narrowBelow; }
/// Where lines begin and end; the text itself is laid out by its own letters, so that amounts stay amounts.
int leading(Qt::LayoutDirection direction) { return int((direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter); }
int trailing(Qt::LayoutDirection direction) { return int((direction == Qt::RightToLeft ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignAbsolute | Qt::AlignVCenter); }
constexpr int openAtMost = 300; ///< rows that open by themselves

class RowDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, rowHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const widgets::ThemeColors &colors = widgets::colorsOf(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setLayoutDirection(Qt::LayoutDirectionAuto);
        if (index.data(ScopeTree::IsHeading).toBool()) {
            painter->setFont(widgets::textFont(13, QFont::DemiBold));
            painter->setPen(colors.text);
            painter->drawText(option.rect, leading(option.direction), index.data().toString());
        } else {
            paintScope(painter, option, index, colors);
        }
        if (option.state & QStyle::State_HasFocus)
            {
            const bool mirrored = option.direction == Qt::RightToLeft; // a little wider than the row: it begins with its sign
            widgets::paintFocusRing(painter, QRectF(option.rect).adjusted(mirrored ? 4 : -3, 1, mirrored ? 3 : -4, -1), colors.accent);
        }
        painter->restore();
    }

private:
    static void paintScope(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const widgets::ThemeColors &colors)
    {
        const QRect row = option.rect.adjusted(0, 0, -gap, 0);
        const int bar = isNarrow(option.widget) ? narrowBarWidth : barWidth;
        const auto place = [&](const QRect &at) { return QStyle::visualRect(option.direction, option.rect, at); };
        const QRect percent = place({row.right() - percentWidth + 1, row.top(), percentWidth, row.height()});
        const QRect spend = place({row.right() - percentWidth - bar - 8, row.top(), bar, row.height()});
        const QRect name = place({row.left(), row.top(), row.width() - percentWidth - bar - 20, row.height()});
        paintName(painter, option, index, colors, name);
        paintSpend(painter, option, index, colors, spend);
        paintUsed(painter, option, index, colors, percent);
    }

    static void paintName(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const widgets::ThemeColors &colors, const QRect &where)
    {
        const auto inner = [&](int from, int width) { return QStyle::visualRect(option.direction, where, QRect(where.left() + from, where.top(), width, where.height())); };
        const int team = index.data(ScopeTree::TeamColor).toInt();
        const QRect sign = inner(0, 16);
        if (team >= -1) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(team < 0 ? colors.otherSeries : colors.series[static_cast<std::size_t>(team)]);
            painter->drawRoundedRect(QRectF(sign.center().x() - 4, sign.center().y() - 4, 10, 10), 2, 2);
        } else {
            widgets::paintIcon(painter, static_cast<Icon>(index.data(ScopeTree::KindIcon).toInt()), QRectF(sign.left(), sign.center().y() - 7, 16, 16), colors.muted);
        }
        const bool conflict = !index.data(ScopeTree::Conflicts).toString().isEmpty(), locked = index.data(ScopeTree::Locked).toBool();
        const int signs = (conflict ? 18 : 0) + (locked ? 18 : 0);
        painter->setFont(widgets::textFont(13));
        painter->setPen(colors.text);
        const int room = std::max(0, where.width() - 24 - signs);
        const QString text = painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, room);
        painter->drawText(inner(24, room), leading(option.direction), text);
        int at = 24 + std::min(room, painter->fontMetrics().horizontalAdvance(text)) + 4;
        for (const auto &[shown, icon, role] : {std::tuple {conflict, Icon::Warning, Role::Warn}, {locked, Icon::Lock, Role::Muted}}) {
            if (!shown)
                continue;
            const QRect box = inner(at, 14);
            widgets::paintIcon(painter, icon, QRectF(box.left(), box.center().y() - 6, 14, 14), colors.of(role));
            at += 18;
        }
    }

    static void paintSpend(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const widgets::ThemeColors &colors, const QRect &where)
    {
        const bool bar = index.data(ScopeTree::HasBar).toBool();
        const QString note = index.data(ScopeTree::Note).toString();
        painter->setFont(widgets::textFont(11));
        const QRect upper(where.left(), where.top() + (bar || !note.isEmpty() ? 3 : 0), where.width(), bar || !note.isEmpty() ? 15 : where.height());
        painter->setPen(bar ? colors.text : colors.muted);
        painter->drawText(upper, leading(option.direction), painter->fontMetrics().elidedText(index.data(isNarrow(option.widget) ? ScopeTree::SpentBriefly : ScopeTree::Spent).toString(), Qt::ElideRight, upper.width()));
        if (bar) {
            const auto level = static_cast<Level>(index.data(ScopeTree::LevelRole).toInt());
            const auto marks = index.data(ScopeTree::Marks).value<QList<double>>();
            panes::CapBar drawn {.spent = index.data(ScopeTree::SpentShare).toDouble(), .reserved = index.data(ScopeTree::ReservedShare).toDouble(), .marks = {marks.begin(), marks.end()}, .role = panes::roleOf(level)};
            panes::paintCapBar(painter, QRectF(where.left(), where.top() + (note.isEmpty() ? 22 : 19), where.width(), 4), drawn, colors, option.direction);
        }
        if (note.isEmpty())
            return;
        painter->setFont(widgets::textFont(bar ? 10 : 11, QFont::Medium));
        painter->setPen(colors.muted);
        const QRect lower(where.left(), where.top() + (bar ? 23 : 18), where.width(), 13);
        painter->drawText(lower, leading(option.direction), painter->fontMetrics().elidedText(note, Qt::ElideRight, lower.width()));
    }

    static void paintUsed(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const widgets::ThemeColors &colors, const QRect &where)
    {
        const auto level = static_cast<Level>(index.data(ScopeTree::LevelRole).toInt());
        const QString used = index.data(ScopeTree::Used).toString();
        const Icon icon = used.isEmpty() ? Icon::None : panes::iconOf(level);
        painter->setFont(widgets::textFont(11, level == Level::Fine ? QFont::Normal : QFont::DemiBold));
        painter->setPen(level == Level::Fine ? colors.muted : colors.of(panes::roleOf(level)));
        painter->drawText(where, trailing(option.direction), used.isEmpty() ? u"—"_s : used);
        if (icon != Icon::None) {
            const int width = painter->fontMetrics().horizontalAdvance(used);
            const QRect box = QStyle::visualRect(option.direction, where, QRect(where.right() - width - 15, where.center().y() - 6, 12, 12));
            widgets::paintIcon(painter, icon, QRectF(box), colors.of(panes::roleOf(level)));
        }
    }
};

} // namespace

ScopeList::ScopeList(ScopeTree *tree, QWidget *parent) : QTreeView(parent), m_tree(tree)
{
    setObjectName(u"budgets.tree"_s);
    setAccessibleName(tr("Scopes"));
    setModel(tree);
    setItemDelegate(new RowDelegate(this));
    setHeaderHidden(true);
    setFrameShape(QFrame::NoFrame);
    setIndentation(indent);
    setUniformRowHeights(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    connect(tree, &QAbstractItemModel::modelAboutToBeReset, this, &ScopeList::keepPlace);
    connect(tree, &ScopeTree::rowsRebuilt, this, &ScopeList::restorePlace);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        if (!m_quiet)
            Q_EMIT currentChangedTo();
    });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_quiet)
            Q_EMIT choiceChanged();
    });
    const auto remember = [this](const QModelIndex &index, bool open) {
        const auto scope = m_tree->scope(index);
        if (m_quiet || !scope)
            return;
        if (open)
            m_closed.erase(*scope);
        else
            m_closed.insert(*scope);
    };
    connect(this, &QTreeView::expanded, this, [remember](const QModelIndex &index) { remember(index, true); });
    connect(this, &QTreeView::collapsed, this, [remember](const QModelIndex &index) { remember(index, false); });
    restorePlace();
}

std::optional<ScopeRef> ScopeList::current() const { return m_tree->scope(currentIndex()); }

std::vector<ScopeRef> ScopeList::chosen() const
{
    std::vector<ScopeRef> scopes;
    const auto indexes = selectionModel()->selectedRows();
    for (const QModelIndex &index : indexes) {
        if (const auto scope = m_tree->scope(index))
            scopes.push_back(*scope);
    }
    return scopes;
}

void ScopeList::choose(const ScopeRef &scope)
{
    const QModelIndex index = m_tree->indexOf(scope);
    if (!index.isValid())
        return;
    for (QModelIndex above = index.parent(); above.isValid(); above = above.parent())
        expand(above);
    setCurrentIndex(index);
    scrollTo(index);
}

void ScopeList::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    setIndentation(isNarrow(this) ? narrowIndent : indent);
}

void ScopeList::setSearching(bool searching)
{
    m_searching = searching;
}

void ScopeList::keepPlace()
{
    m_quiet = true;
    m_current = current();
    m_selected = chosen();
    m_scroll = verticalScrollBar()->value();
}

void ScopeList::restorePlace()
{
    m_quiet = true;
    openFew();
    for (const ScopeRef &scope : m_selected) {
        if (const QModelIndex index = m_tree->indexOf(scope); index.isValid())
            selectionModel()->select(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    if (const QModelIndex index = m_current ? m_tree->indexOf(*m_current) : QModelIndex(); index.isValid())
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    verticalScrollBar()->setValue(m_scroll);
    m_quiet = false;
    Q_EMIT currentChangedTo();
    Q_EMIT choiceChanged();
}

/// All is open but what somebody closed; of very many keys only their teams are shown.
void ScopeList::openFew()
{
    const bool few = m_tree->scopeCount() <= openAtMost;
    if (few || m_searching)
        expandToDepth(1);
    else
        expandToDepth(0);
    if (m_searching)
        return;
    for (const ScopeRef &scope : m_closed) {
        if (const QModelIndex index = m_tree->indexOf(scope); index.isValid())
            collapse(index);
    }
}

void ScopeList::drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    const QRect row(0, option.rect.top(), viewport()->width(), option.rect.height());
    if (selectionModel()->isSelected(index))
        painter->fillRect(row, colors.selection);
    else if (index.data(ScopeTree::LevelRole).toInt() == static_cast<int>(Level::UsedUp))
        painter->fillRect(row, colors.errBg);
    if (index.data(ScopeTree::IsHeading).toBool() && index.row() > 0)
        painter->fillRect(QRect(0, option.rect.top(), viewport()->width(), 1), colors.line);
    QTreeView::drawRow(painter, option, index);
}

} // namespace ui::budgets
