// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/causes_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/cause_model.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QCheckBox>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QStackedLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;

} // namespace

CausesView::CausesView(gateway::api::CallTools *tools, bridge::ViewContext *view, QWidget *parent) :
    QWidget(parent), m_tools(tools), m_view(view), m_model(new CauseModel(this)), m_table(new widgets::TableView(widgets::RowHeight::TwoLines)), m_text(new widgets::Label(widgets::Label::Kind::Secondary)),
    m_refused(new QCheckBox(tr("With calls that Signalbox refused"))), m_banner(new widgets::SectionBanner), m_area(new QWidget), m_stack(new QStackedLayout(m_area)), m_empty(new widgets::EmptyState({})),
    m_skeleton(new widgets::SkeletonView(40, m_table->viewport()))
{
    setUp();
    connect(m_banner, &widgets::SectionBanner::retried, this, &CausesView::askAgain);
    connect(m_refused, &QCheckBox::toggled, this, &CausesView::askAgain);
    connect(m_table, &QAbstractItemView::clicked, this, &CausesView::open);
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, [this] {
        cancel();
        showAnswer(gateway::fail(gateway::ErrorCode::Cancelled, "The question was cancelled."));
    });
}

void CausesView::setUp()
{
    m_table->setObjectName(u"calls.causes"_s);
    m_table->setAccessibleName(tr("Causes of errors, most calls first"));
    m_table->setModel(m_model);
    m_table->setRowLines(true);
    m_table->setItemDelegateForColumn(CauseModel::Spread, new SpreadDelegate(this));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnWidths({0, 72, 68, 150, 100, 100, 128, 96});
    m_table->installEventFilter(this);
    m_table->viewport()->installEventFilter(this);
    m_text->setObjectName(u"calls.causesText"_s);
    m_refused->setObjectName(u"calls.causesRefused"_s);
    m_banner->setObjectName(u"calls.causesBanner"_s);
    m_banner->addRetry();
    m_banner->hide();
    m_empty->setObjectName(u"calls.causesEmpty"_s);
    m_empty->setPicture(false);
    m_skeleton->setObjectName(u"calls.causesSkeleton"_s);
    m_skeleton->setAutoFillBackground(true);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(16, 6, 16, 6);
    top->addWidget(m_text, 1);
    top->addWidget(m_refused);
    auto *banner = new QVBoxLayout;
    banner->setContentsMargins(16, 0, 16, 0);
    banner->addWidget(m_banner);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addLayout(banner);
    column->addWidget(m_area, 1);
}

void CausesView::ask(const gateway::TimeRange &range, const gateway::CallFilter &filter)
{
    m_range = range;
    m_filter = filter;
    askAgain();
}

void CausesView::askAgain()
{
    gateway::CauseQuery query;
    query.range = m_range;
    query.filter = m_filter;
    query.refused = m_refused->isChecked();
    m_asking = true;
    m_skeleton->setGeometry(m_table->viewport()->rect());
    if (!m_answered)
        m_stack->setCurrentWidget(m_table);
    m_skeleton->begin(tr("Grouping the errors"));
    m_tools->causes(std::move(query), this, [this, generation = ++m_generation](const gateway::Result<gateway::ErrorCauses> &causes) {
        if (generation == m_generation)
            showAnswer(causes);
    });
}

void CausesView::cancel()
{
    ++m_generation;
    m_skeleton->end();
    if (std::exchange(m_asking, false))
        m_tools->cancel(this);
}

void CausesView::showAnswer(const gateway::Result<gateway::ErrorCauses> &causes)
{
    m_asking = false;
    m_skeleton->end();
    m_banner->setVisible(!causes);
    widgets::setDimmed(m_table, !causes && m_model->rowCount() > 0);
    if (!causes) {
        m_banner->setContent(tr("Cannot group the errors"), qt(causes.error().message));
        return;
    }
    m_answered = true;
    // The same causes may have come in another order.
    const gateway::ErrorCause *current = m_model->cause(m_table->currentIndex().row());
    const std::string key = current ? current->key : std::string();
    m_model->setCauses(*causes, m_view->now());
    for (int row = 0; !key.empty() && row < m_model->rowCount(); ++row) {
        if (m_model->cause(row)->key == key)
            m_table->setCurrentIndex(m_model->index(row, 0));
    }
    showState();
}

void CausesView::showState()
{
    const gateway::ErrorCauses &causes = m_model->causes();
    const QString calls = widgets::count(causes.calls);
    QString text = causes.complete ? tr("%1 calls by %2 causes").arg(calls, widgets::count(causes.causes.size()))
                                   : tr("At least %1 calls by %2 causes: looked back to %3").arg(calls, widgets::count(causes.causes.size()), widgets::moment(causes.since, m_view->now()));
    if (causes.others > 0)
        text += tr("; %1 calls by further ones").arg(widgets::count(causes.others));
    m_text->setText(text);
    m_text->setVisible(causes.calls > 0 || !causes.complete);
    m_empty->setSentence(m_filter.empty() ? tr("No call failed in this time.") : tr("No call that matches <code>%1</code> failed in this time.").arg(qt(m_filter.text()).toHtmlEscaped()));
    m_empty->setNote(m_refused->isChecked() ? QString() : tr("Calls that Signalbox refused are not among them."));
    m_stack->setCurrentWidget(causes.causes.empty() && causes.complete ? static_cast<QWidget *>(m_empty) : m_table);
}

void CausesView::open(const QModelIndex &index)
{
    const gateway::ErrorCause *cause = m_model->cause(index.row());
    if (!cause)
        return;
    if (index.column() == CauseModel::Newest && !cause->samples.empty())
        Q_EMIT callWanted(qt(cause->samples.front()));
    else
        Q_EMIT callsWanted(fieldTerm(u"cause"_s, qt(cause->key)), false);
}

void CausesView::step(int by)
{
    const int row = qBound(0, m_table->currentIndex().isValid() ? m_table->currentIndex().row() + by : 0, m_model->rowCount() - 1);
    m_table->setCurrentIndex(m_model->index(row, 0));
}

void CausesView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = keyboard ? m_table->currentIndex() : m_table->indexAt(m_table->viewport()->mapFromGlobal(event->globalPos()));
    const gateway::ErrorCause *cause = m_model->cause(index.row());
    if (!index.isValid() || !cause)
        return;
    auto *menu = new QMenu(this);
    menu->setObjectName(u"calls.causeMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString term = fieldTerm(u"cause"_s, qt(cause->key));
    connect(menu->addAction(widgets::themedIcon(widgets::Icon::Filter), tr("Show its calls\tEnter")), &QAction::triggered, this, [this, term] { Q_EMIT callsWanted(term, false); });
    connect(menu->addAction(widgets::themedIcon(widgets::Icon::Minus), tr("Leave its calls out")), &QAction::triggered, this, [this, term] { Q_EMIT callsWanted(term, true); });
    menu->addSeparator();
    for (const std::string &sample : cause->samples)
        connect(menu->addAction(tr("Look at %1").arg(qt(sample))), &QAction::triggered, this, [this, id = qt(sample)] { Q_EMIT callWanted(id); });
    menu->addSeparator();
    connect(menu->addAction(widgets::themedIcon(widgets::Icon::Copy), tr("Copy the message")), &QAction::triggered, this, [text = qt(cause->message)] { QGuiApplication::clipboard()->setText(text); });
    menu->popup(keyboard ? m_table->viewport()->mapToGlobal(m_table->visualRect(index).bottomLeft()) : event->globalPos());
}

bool CausesView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table->viewport() && event->type() == QEvent::Resize)
        m_skeleton->setGeometry(m_table->viewport()->rect());
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_table->currentIndex().isValid()) {
            open(m_model->index(m_table->currentIndex().row(), CauseModel::Cause));
            return true;
        }
        if (static_cast<QKeyEvent *>(event)->modifiers() == Qt::NoModifier && (key == Qt::Key_J || key == Qt::Key_K)) {
            step(key == Qt::Key_J ? 1 : -1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui::calls
