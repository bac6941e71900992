// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_side.h"

#include "ui/bridge/text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QListWidget>
#include <QMenu>
#include <QPainter>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using bridge::qt;

constexpr int noteRole = Qt::UserRole + 1;  ///< muted, at the right
constexpr int codeRole = Qt::UserRole + 2;  ///< bool: in the code's letters
constexpr int queryRole = Qt::UserRole + 3; ///< a kept query's text
constexpr int rowHeight = 24;

class SideDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, rowHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const widgets::ThemeColors &c = widgets::colorsOf(option.palette);
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, c.selection);
        const QRect line = option.rect.adjusted(6, 0, -10, 0);
        const auto seen = [&](const QRect &part) { return QStyle::visualRect(option.direction, line, part); };
        const auto align = [&](Qt::Alignment side) { return int(QStyle::visualAlignment(option.direction, side) | Qt::AlignAbsolute | Qt::AlignVCenter); };
        const QString note = index.data(noteRole).toString();
        painter->setFont(widgets::textFont(11));
        painter->setPen(c.muted);
        const int noteWidth = note.isEmpty() ? 0 : painter->fontMetrics().horizontalAdvance(note) + 10;
        painter->drawText(seen(line), align(Qt::AlignRight), note);
        painter->setFont(index.data(codeRole).toBool() ? widgets::monoFont(12) : widgets::textFont(12));
        painter->setPen(c.text);
        const QRect name(line.left(), line.top(), line.width() - noteWidth, line.height());
        painter->drawText(seen(name), align(Qt::AlignLeft), painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, name.width()));
        painter->restore();
    }
};

QString firstLine(const QString &text)
{
    QString line = text.simplified();
    return line.size() > 200 ? line.left(200) : line;
}

} // namespace

SqlSide::SqlSide(const gateway::SqlSchema &schema, SqlSaved &saved, QWidget *parent) :
    QWidget(parent), m_saved(saved), m_tabs(new widgets::TabStrip({tr("Schema"), tr("Saved"), tr("History")})), m_pages(new QStackedWidget), m_schema(new QTreeWidget), m_list(new QListWidget), m_history(new QListWidget)
{
    m_tabs->setObjectName(u"costs.sqlTabs"_s);
    m_tabs->setAccessibleName(tr("Beside the query"));
    m_tabs->setMargin(12);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_tabs);
    column->addWidget(m_pages, 1);
    connect(m_tabs, &widgets::TabStrip::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    const auto ready = [this](QAbstractItemView *view, const QString &name, const QString &spoken) {
        view->setObjectName(name);
        view->setAccessibleName(spoken);
        view->setFrameShape(QFrame::NoFrame);
        view->setItemDelegate(new SideDelegate(view));
        view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        view->installEventFilter(this);
    };
    ready(m_schema, u"costs.sqlSchema"_s, tr("Tables and columns"));
    ready(m_list, u"costs.sqlSaved"_s, tr("Saved queries"));
    ready(m_history, u"costs.sqlHistory"_s, tr("Queries run lately"));
    m_schema->setHeaderHidden(true);
    m_schema->setIndentation(16);
    m_schema->setUniformRowHeights(true);
    m_schema->setExpandsOnDoubleClick(false);
    m_pages->addWidget(m_schema);
    auto *kept = new QWidget;
    auto *inside = new QVBoxLayout(kept);
    inside->setContentsMargins(0, 0, 0, 0);
    auto *nothing = new widgets::Label(widgets::Label::Kind::Note, tr("Nothing is saved yet. Save keeps the query that is being written."));
    nothing->setWordWrap(true);
    nothing->setContentsMargins(14, 10, 14, 10);
    m_nothingSaved = nothing;
    inside->addWidget(nothing);
    inside->addWidget(m_list, 1);
    m_pages->addWidget(kept);
    m_pages->addWidget(m_history);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed);
    connect(m_list, &QListWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        QListWidgetItem *item = m_list->itemAt(at);
        if (!item)
            return;
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        connect(menu->addAction(tr("Rename")), &QAction::triggered, this, [this, item] { m_list->editItem(item); });
        connect(menu->addAction(tr("Delete")), &QAction::triggered, this, [this, item] { remove(m_list->row(item)); });
        menu->popup(m_list->viewport()->mapToGlobal(at));
    });
    connect(m_list, &QListWidget::itemChanged, this, &SqlSide::takeName);
    for (QListWidget *list : {m_list, m_history})
        connect(list, &QListWidget::itemDoubleClicked, this, [this](QListWidgetItem *item) { Q_EMIT queryChosen(item->data(queryRole).toString()); });
    connect(m_schema, &QTreeWidget::itemDoubleClicked, this, [this](QTreeWidgetItem *item) {
        if (item->data(0, codeRole).toBool())
            Q_EMIT wordChosen(item->text(0));
    });
    fillSchema(schema);
    fillSaved();
    refreshHistory();
}

void SqlSide::showTab(Tab tab)
{
    m_tabs->setCurrent(tab);
    m_pages->setCurrentIndex(tab);
}

void SqlSide::fillSchema(const gateway::SqlSchema &schema)
{
    const auto item = [](QTreeWidgetItem *made, const QString &note, const QString &meaning, bool code) {
        made->setData(0, noteRole, note);
        made->setData(0, codeRole, code);
        made->setToolTip(0, meaning);
        made->setData(0, Qt::AccessibleTextRole, QStringList({made->text(0), note, meaning}).join(u", "_s));
        return made;
    };
    for (const gateway::SqlTable &table : schema.tables) {
        auto *top = item(new QTreeWidgetItem(m_schema, {qt(table.name)}), {}, qt(table.meaning), true);
        for (const gateway::SqlColumn &column : table.columns)
            item(new QTreeWidgetItem(top, {qt(column.name)}), qt(column.type), qt(column.meaning), true);
        top->setExpanded(m_schema->topLevelItemCount() == 1);
    }
    auto *functions = item(new QTreeWidgetItem(m_schema, {tr("functions")}), {}, tr("What a query can call, beside SQLite's own"), false);
    for (const gateway::SqlFunction &function : schema.functions) {
        if (!function.usage.empty())
            item(new QTreeWidgetItem(functions, {qt(function.usage)}), {}, qt(function.meaning), true);
    }
    if (functions->childCount() == 0)
        delete functions;
}

void SqlSide::fillSaved()
{
    m_filling = true;
    m_list->clear();
    for (const SavedQuery &query : m_saved.queries()) {
        auto *item = new QListWidgetItem(query.name, m_list);
        item->setFlags(item->flags() | Qt::ItemIsEditable);
        item->setData(queryRole, query.text);
        item->setToolTip(query.text);
    }
    m_filling = false;
    m_nothingSaved->setVisible(m_saved.queries().isEmpty());
    m_list->setVisible(!m_saved.queries().isEmpty());
}

void SqlSide::refreshHistory()
{
    m_history->clear();
    for (const QString &text : m_saved.history()) {
        auto *item = new QListWidgetItem(firstLine(text), m_history);
        item->setData(codeRole, true);
        item->setData(queryRole, text);
        item->setToolTip(text);
    }
}

void SqlSide::add(const QString &text)
{
    QList<SavedQuery> queries = m_saved.queries();
    queries.append({m_saved.freeName(tr("Query")), text});
    m_saved.setQueries(queries);
    fillSaved();
    showTab(Saved);
    QListWidgetItem *last = m_list->item(m_list->count() - 1);
    m_list->setCurrentItem(last);
    m_list->setFocus();
    m_list->editItem(last);
}

void SqlSide::takeName(QListWidgetItem *item)
{
    if (m_filling)
        return;
    QList<SavedQuery> queries = m_saved.queries();
    SavedQuery &query = queries[m_list->row(item)];
    const QString wanted = item->text().trimmed();
    if (!wanted.isEmpty() && wanted != query.name)
        query.name = m_saved.freeName(wanted);
    m_filling = true;
    item->setText(query.name);
    m_filling = false;
    m_saved.setQueries(queries);
}

void SqlSide::remove(int row)
{
    QList<SavedQuery> queries = m_saved.queries();
    if (row < 0 || row >= queries.size())
        return;
    const SavedQuery gone = queries.takeAt(row);
    m_saved.setQueries(queries);
    fillSaved();
    m_list->setCurrentRow(qMin(row, int(queries.size()) - 1));
    Q_EMIT removed(gone.name, [this, row, gone] {
        QList<SavedQuery> again = m_saved.queries();
        again.insert(qMin<qsizetype>(row, again.size()), {m_saved.freeName(gone.name), gone.text});
        m_saved.setQueries(again);
        fillSaved();
    });
}

bool SqlSide::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const bool enter = (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && key->modifiers() == Qt::NoModifier;
    if (watched == m_schema && enter && m_schema->currentItem()) {
        Q_EMIT m_schema->itemDoubleClicked(m_schema->currentItem(), 0);
        return true;
    }
    auto *list = qobject_cast<QListWidget *>(watched);
    if (list && enter && list->currentItem()) {
        Q_EMIT queryChosen(list->currentItem()->data(queryRole).toString());
        return true;
    }
    if (watched == m_list && key->key() == Qt::Key_Delete) {
        remove(m_list->currentRow());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui::costs
