// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/outline.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

enum OutlineRole { PathRole = Qt::UserRole + 1, IconRole, ProviderRole, SignRole };
enum Sign { NoSign, ProblemSign, OutSign };

class LineDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, 24}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColors &c = colorsOf(option.palette);
        const QRect r = option.rect.adjusted(12, 0, 0, 0);
        const int y = r.center().y();
        painter->save();
        const QString provider = index.data(ProviderRole).toString();
        if (!provider.isEmpty())
            paintProviderMark(painter, QRect(r.left(), y - 8, 16, 16), provider, c);
        else
            paintIcon(painter, Icon(index.data(IconRole).toInt()), QRectF(r.left() + 1, y - 7, 14, 14), c.muted);
        int right = r.right() - 10;
        const int sign = index.data(SignRole).toInt();
        if (sign != NoSign) {
            paintIcon(painter, sign == ProblemSign ? Icon::Error : Icon::CircuitOpen, QRectF(right - 14, y - 7, 14, 14), c.err);
            right -= 20;
        }
        painter->setFont(textFont(12));
        painter->setPen(c.text);
        const QRect text(r.left() + 24, r.top(), right - r.left() - 24, r.height());
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, text.width()));
        painter->restore();
    }
};

/// "else: ", "90 %: "; of a when with one case that says it already, nothing.
QString outlinePrefix(const PlanNode &node, int index)
{
    const auto *when = std::get_if<WhenNode>(&node.node);
    const QString name = when && when->branches.size() == 1 && !isElse(node, index) ? QString() : wayName(node, index);
    return name.isEmpty() ? name : name + u": "_s;
}

} // namespace

Outline::Outline(QWidget *parent) : QTreeView(parent), m_model(new QStandardItemModel(this))
{
    setObjectName(u"routes.outline"_s);
    setAccessibleName(tr("Outline of the route"));
    setModel(m_model);
    setItemDelegate(new LineDelegate(this));
    setHeaderHidden(true);
    setFrameShape(QFrame::NoFrame);
    setRootIsDecorated(false);
    setIndentation(16);
    setItemsExpandable(false);
    setUniformRowHeights(true);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (m_quiet || !current.isValid())
            return;
        const QVariant path = current.data(PathRole);
        Q_EMIT chosen(path.isValid() ? std::optional(path.value<Path>()) : std::nullopt);
    });
    connect(this, &QTreeView::doubleClicked, this, &Outline::inspectorWanted);
}

void Outline::add(QStandardItem *parent, const PlanNode &node, const Path &path, const QString &prefix)
{
    const NodeKind kind = kindOf(node);
    QString text = fullTitleOf(node);
    if (kind == NodeKind::Chain)
        text = path.isEmpty() ? tr("main chain") : tr("chain");
    auto *item = new QStandardItem(prefix + text);
    item->setData(QVariant::fromValue(path), PathRole);
    item->setData(int(iconOf(kind)), IconRole);
    if (const auto *target = std::get_if<TargetNode>(&node.node)) {
        item->setData(bridge::qt(target->provider), ProviderRole);
        item->setData(tr("%1 at %2").arg(item->text(), bridge::qt(target->provider)), Qt::AccessibleTextRole);
    } else if (kind == NodeKind::Route) {
        item->setData(tr("%1, another route").arg(item->text()), Qt::AccessibleTextRole);
    }
    parent->appendRow(item);
    m_items.insert(path, item);
    for (int i = 0; i < childCount(node); ++i)
        if (const PlanNode *child = ui::routes::childAt(node, i))
            add(item, *child, below(path, i), isFork(kind) ? outlinePrefix(node, i) : QString());
}

void Outline::show(const Route *route)
{
    if (route && m_shown && m_shown->name == route->name && m_shown->plan == route->plan)
        return;
    m_quiet = true;
    m_items.clear();
    m_model->clear();
    m_root = nullptr;
    m_shown.reset();
    if (route) {
        m_shown = *route;
        m_root = new QStandardItem(bridge::qt(route->name));
        m_root->setData(int(Icon::Play), IconRole);
        m_model->appendRow(m_root);
        add(m_root, route->plan, {}, {});
        expandAll();
    }
    m_quiet = false;
}

void Outline::setChosen(const std::optional<Path> &path)
{
    QStandardItem *item = path ? m_items.value(*path) : m_root;
    if (!item)
        return;
    m_quiet = true;
    setCurrentIndex(item->index());
    m_quiet = false;
}

void Outline::setSigns(const QSet<Path> &problems, const QSet<Path> &out)
{
    for (auto it = m_items.cbegin(); it != m_items.cend(); ++it) {
        const int sign = problems.contains(it.key()) ? ProblemSign : out.contains(it.key()) ? OutSign : NoSign;
        if (it.value()->data(SignRole).toInt() == sign)
            continue;
        it.value()->setData(sign, SignRole);
        it.value()->setData(sign == ProblemSign ? tr("has a problem") : sign == OutSign ? tr("is not asked now") : QString(), Qt::AccessibleDescriptionRole);
    }
}

void Outline::drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (selectionModel()->isSelected(index))
        painter->fillRect(QRect(0, option.rect.top(), viewport()->width(), option.rect.height()), colorsOf(this).selection);
    QTreeView::drawRow(painter, option, index);
}

void Outline::keyPressEvent(QKeyEvent *event)
{
    const bool alt = event->modifiers() & Qt::AltModifier;
    if (alt && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down))
        Q_EMIT moveWanted(event->key() == Qt::Key_Up ? -1 : 1);
    else if (event->key() == Qt::Key_Delete)
        Q_EMIT removeWanted();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        Q_EMIT inspectorWanted();
    else
        QTreeView::keyPressEvent(event);
}

} // namespace ui::routes
