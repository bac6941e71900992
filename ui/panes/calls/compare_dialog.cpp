// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/compare_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/call_diff.h"
#include "ui/panes/calls/side_page.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/table_view.h"

#include <QStackedWidget>
#include <QStandardItemModel>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::calls {

using bridge::qt;
using widgets::Label;

namespace {

constexpr QSize largest(1180, 560);
constexpr QSize around(96, 250); ///< of the window, that the pages leave: edges, and the dialog's own head and foot

QString headOf(const gateway::CallRecord &record)
{
    QStringList parts {widgets::timeOfDayMillis(record.startedAt), qt(record.model.empty() ? record.askedModel : record.model)};
    if (record.test)
        parts.append(CompareDialog::tr("test"));
    return parts.join(u", "_s);
}

} // namespace

CompareDialog::CompareDialog(const panes::PaneContext &context, const QString &one, const QString &other, QWidget *parent)
    : Dialog(widgets::Icon::Diff, widgets::Role::Accent, tr("Compare two calls"), parent), m_context(context), m_ids {one, other}, m_askers {new QObject(this), new QObject(this)}, m_summary(new Label(Label::Kind::Secondary)),
      m_heads {new Label(Label::Kind::Strong), new Label(Label::Kind::Strong)}, m_tabs(new widgets::TabStrip({tr("Figures"), tr("Request"), tr("Answer")})), m_pages(new QStackedWidget), m_states(new QStackedWidget),
      m_skeleton(new widgets::SkeletonView(24)), m_banner(new widgets::SectionBanner), m_table(new widgets::TableView(widgets::RowHeight::Dense)), m_figures(new QStandardItemModel(this)), m_request(new SidePage(BodyKind::Request)),
      m_answer(new SidePage(BodyKind::Answer))
{
    setObjectName(u"calls.compare"_s);
    setUpPages(parent->window());
    auto *close = addButton(widgets::Button::Kind::Primary, tr("Close"));
    close->setObjectName(u"calls.compare.close"_s);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_tabs, &widgets::TabStrip::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_banner, &widgets::SectionBanner::retried, this, &CompareDialog::ask);
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, &QDialog::reject);
    ask();
}

void CompareDialog::setUpPages(QWidget *window)
{
    m_summary->setObjectName(u"calls.compare.summary"_s);
    m_tabs->setObjectName(u"calls.compare.tabs"_s);
    m_tabs->setMargin(0);
    m_banner->setObjectName(u"calls.compare.banner"_s);
    m_banner->addRetry();
    m_table->setObjectName(u"calls.compare.figures"_s);
    m_table->setAccessibleName(tr("Figures of both calls"));
    m_table->setModel(m_figures);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEdgePadding(8);
    auto *headRow = new QWidget; // over the two texts; figures have columns, and those their own heads
    auto *heads = new QHBoxLayout(headRow);
    heads->setContentsMargins(4, 0, 4, 0);
    headRow->hide();
    connect(m_tabs, &widgets::TabStrip::currentChanged, headRow, [headRow](int tab) { headRow->setVisible(Tab(tab) != Figures); });
    for (std::size_t side = 0; side < m_heads.size(); ++side) {
        m_heads[side]->setObjectName(u"calls.compare.head%1"_s.arg(side + 1));
        m_heads[side]->setTextInteractionFlags(Qt::TextSelectableByMouse);
        heads->addWidget(m_heads[side], 1);
    }
    for (QWidget *page : std::initializer_list<QWidget *> {m_table, m_request, m_answer})
        m_pages->addWidget(page);
    auto *compared = new QWidget;
    auto *column = new QVBoxLayout(compared);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_summary);
    column->addWidget(m_tabs);
    column->addWidget(headRow);
    column->addWidget(m_pages, 1);
    auto *failed = new QWidget;
    auto *failedColumn = new QVBoxLayout(failed);
    failedColumn->setContentsMargins(0, 0, 0, 0);
    failedColumn->addWidget(m_banner);
    failedColumn->addStretch(1);
    for (QWidget *state : std::initializer_list<QWidget *> {m_skeleton, failed, compared})
        m_states->addWidget(state);
    m_states->setFixedSize((window->size() - around).boundedTo(largest).expandedTo({520, 260}));
    body()->addWidget(m_states);
}

void CompareDialog::setTab(Tab tab) { m_tabs->setCurrent(tab); }

void CompareDialog::ask()
{
    m_states->setCurrentIndex(0);
    m_skeleton->begin(tr("Reading the calls"));
    m_details = {};
    const quint64 question = ++m_question;
    for (std::size_t side = 0; side < m_ids.size(); ++side) {
        // One asker a side: of one asker's questions the gateway answers only the newest.
        m_context.gateway->call(bridge::utf8(m_ids[side]), m_askers[side], [this, side, question](gateway::Result<gateway::CallDetail> detail) {
            if (question != m_question)
                return;
            if (!detail) {
                ++m_question;
                m_skeleton->end();
                m_banner->setContent(tr("Cannot read the calls"), qt(detail.error().message));
                m_states->setCurrentIndex(1);
                return;
            }
            m_details[side] = std::move(*detail);
            if (complete())
                showCalls();
        });
    }
}

void CompareDialog::showCalls()
{
    m_skeleton->end();
    if (m_details[1]->record.startedAt < m_details[0]->record.startedAt)
        std::swap(m_details[0], m_details[1]);
    for (std::size_t side = 0; side < m_heads.size(); ++side) {
        m_heads[side]->setText(headOf(m_details[side]->record));
        m_heads[side]->setToolTip(qt(m_details[side]->record.id));
    }
    const bool kept = m_context.gateway->config()->gateway.log.bodies;
    m_request->setCalls(*m_details[0], *m_details[1], kept);
    m_answer->setCalls(*m_details[0], *m_details[1], kept);
    showFigures();
    m_states->setCurrentIndex(2);
}

void CompareDialog::showFigures()
{
    const QList<FigurePair> pairs = figurePairs(m_details[0]->record, m_details[1]->record);
    m_figures->clear();
    m_figures->setHorizontalHeaderLabels({tr("Figure"), m_heads[0]->text(), m_heads[1]->text(), tr("Difference")});
    for (const FigurePair &pair : pairs) {
        const QString difference = !pair.difference.isEmpty() ? pair.difference : pair.differs ? tr("differs") : QString();
        QList<QStandardItem *> row;
        for (const QString &text : {pair.name, pair.left, pair.right, difference}) {
            row.append(new QStandardItem(text));
            row.last()->setEditable(false);
            row.last()->setToolTip(text);
            if (row.size() > 1 && pair.differs)
                row.last()->setData(true, widgets::CellStrong);
            else
                row.last()->setData(int(widgets::Role::Muted), widgets::CellRoleColor);
        }
        m_figures->appendRow(row);
    }
    m_table->setColumnWidths({130, (m_states->width() - 130 - 170) / 2, 0, 170});
    showSummary(int(std::ranges::count_if(pairs, &FigurePair::differs)));
}

void CompareDialog::showSummary(int figures)
{
    const QString told = figures == 0 ? tr("all figures are equal") : figures == 1 ? tr("1 figure differs") : tr("%1 figures differ").arg(figures);
    m_summary->setText(tr("Requests: %1. Answers: %2. Figures: %3.").arg(m_request->outcome(), m_answer->outcome(), told));
}

} // namespace ui::calls
