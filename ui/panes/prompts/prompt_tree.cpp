// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/prompt_tree.h"

#include "ui/bridge/text.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QTreeWidgetItemIterator>

using namespace Qt::StringLiterals;

namespace ui::prompts {

namespace {

using bridge::qt;
using widgets::Icon;

constexpr int rowHeight = 28, gap = 8, edge = 12, sign = 16;

class TreeDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, rowHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const widgets::ThemeColors &colors = widgets::colorsOf(option.palette);
        const QRect row = option.rect;
        const auto seen = [&](const QRect &part) { return QStyle::visualRect(option.direction, row, part); };
        const bool isFolder = index.data(PromptTree::Identity).toString().isEmpty();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setLayoutDirection(Qt::LayoutDirectionAuto);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(row, colors.selection);
        const QRect icon(row.left() + 2, row.center().y() - sign / 2 + 1, sign, sign);
        widgets::paintIcon(painter, isFolder ? Icon::Folder : Icon::File, seen(icon), isFolder ? colors.text : colors.muted);
        int right = row.right() - edge;
        const QString latest = index.data(PromptTree::Latest).toString();
        if (index.data(PromptTree::Writing).toBool()) {
            const QString draft = PromptTree::tr("Draft");
            const int width = widgets::chipWidth(draft);
            const QRect chip = seen(QRect(right - width, row.top(), width, row.height()));
            widgets::paintChip(painter, chip.topLeft(), row.center().y(), draft, widgets::Role::Warn, colors);
            right -= width + gap;
        } else if (!latest.isEmpty()) {
            painter->setFont(widgets::textFont(12));
            painter->setPen(colors.muted);
            const int width = painter->fontMetrics().horizontalAdvance(latest);
            painter->drawText(seen(QRect(right - width, row.top(), width, row.height())), Qt::AlignVCenter | Qt::AlignHCenter, latest);
            right -= width + gap;
        }
        if (index.data(PromptTree::Locked).toBool()) {
            widgets::paintIcon(painter, Icon::Lock, seen(QRect(right - 12, row.center().y() - 6, 12, 12)), colors.muted);
            right -= 12 + gap;
        }
        painter->setFont(widgets::textFont(13));
        painter->setPen(colors.text);
        const QRect name(icon.right() + gap, row.top(), right - icon.right() - gap, row.height());
        const auto align = QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter;
        painter->drawText(seen(name), int(align), painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, name.width()));
        if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
            widgets::paintFocusRing(painter, QRectF(row).adjusted(1, 1, -2, -1), colors.accent);
        painter->restore();
    }
};

QString pathOf(const QTreeWidgetItem *item)
{
    QString path = item->text(0);
    for (const QTreeWidgetItem *above = item->parent(); above; above = above->parent())
        path = above->text(0) + u'/' + path;
    return path;
}

} // namespace

PromptTree::PromptTree(QWidget *parent) : QTreeWidget(parent)
{
    setObjectName(u"prompts.tree"_s);
    setAccessibleName(tr("Prompts"));
    setHeaderHidden(true);
    setFrameShape(QFrame::NoFrame);
    setIndentation(18);
    setUniformRowHeights(true);
    setItemDelegate(new TreeDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setExpandsOnDoubleClick(true);
    connect(this, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem *item) {
        const std::string identity = item ? bridge::utf8(item->data(0, Identity).toString()) : std::string();
        if (m_filling || identity.empty() || identity == m_current)
            return;
        m_current = identity;
        Q_EMIT chosen(identity);
    });
    connect(this, &QTreeWidget::itemCollapsed, this, [this](const QTreeWidgetItem *item) { m_closed.insert(pathOf(item)); });
    connect(this, &QTreeWidget::itemExpanded, this, [this](const QTreeWidgetItem *item) { m_closed.remove(pathOf(item)); });
}

QTreeWidgetItem *PromptTree::folder(const QString &path)
{
    QTreeWidgetItem *at = invisibleRootItem();
    for (const QString &step : path.split(u'/', Qt::SkipEmptyParts)) {
        QTreeWidgetItem *next = nullptr;
        for (int i = 0; i < at->childCount() && !next; ++i)
            if (at->child(i)->text(0) == step && at->child(i)->data(0, Identity).toString().isEmpty())
                next = at->child(i);
        if (!next) {
            next = new QTreeWidgetItem(at, {step});
            next->setData(0, Qt::AccessibleTextRole, tr("folder %1").arg(step));
        }
        at = next;
    }
    return at;
}

void PromptTree::show(const PromptBook &book)
{
    m_filling = true;
    {
        const QSignalBlocker quiet(this);
        clear();
        m_count = 0;
        for (const Prompt *prompt : book.prompts()) {
            if (!m_search.isEmpty() && !pathText(*prompt).contains(m_search, Qt::CaseInsensitive))
                continue;
            ++m_count;
            const std::string identity = PromptBook::identityOf(*prompt);
            auto *item = new QTreeWidgetItem(folder(qt(prompt->folder)), {qt(prompt->name)});
            const bool writing = book.writing(identity) != nullptr;
            const QString latest = prompt->versions.empty() ? QString() : tr("v%1").arg(book.nextNumber(identity) - 1);
            const bool locked = prompt->origin == gateway::config::Origin::File;
            item->setData(0, Identity, qt(identity));
            item->setData(0, Latest, latest);
            item->setData(0, Writing, writing);
            item->setData(0, Locked, locked);
            item->setToolTip(0, locked ? tr("%1, of the configuration file").arg(pathText(*prompt)) : pathText(*prompt));
            item->setData(0, Qt::AccessibleTextRole, tr("%1, %2%3").arg(qt(prompt->name), latest.isEmpty() ? tr("no version yet") : latest, writing ? tr(", draft") : QString()));
        }
        for (QTreeWidgetItemIterator at(this, QTreeWidgetItemIterator::HasChildren); *at; ++at)
            (*at)->setExpanded(!m_closed.contains(pathOf(*at)) || !m_search.isEmpty());
        if (QTreeWidgetItem *item = itemOf(m_current))
            setCurrentItem(item);
    }
    m_filling = false;
    viewport()->update();
}

void PromptTree::setSearch(const QString &text) { m_search = text.trimmed(); }

QTreeWidgetItem *PromptTree::itemOf(const std::string &identity) const
{
    for (QTreeWidgetItemIterator at(const_cast<PromptTree *>(this)); *at; ++at)
        if (!identity.empty() && bridge::utf8((*at)->data(0, Identity).toString()) == identity)
            return *at;
    return nullptr;
}

void PromptTree::choose(const std::string &identity)
{
    m_current = identity;
    const QSignalBlocker quiet(this);
    QTreeWidgetItem *item = itemOf(identity);
    setCurrentItem(item);
    if (item)
        scrollToItem(item);
}

} // namespace ui::prompts
