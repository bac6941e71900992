// SPDX-License-Identifier: GPL-3.0-or-later
// How the parts of the SQL console are laid out and joined; what it does with them is in sql_view.cpp.
#include "ui/panes/costs/sql_edit.h"
#include "ui/panes/costs/sql_results.h"
#include "ui/panes/costs/sql_samples.h"
#include "ui/panes/costs/sql_side.h"
#include "ui/panes/costs/sql_view.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using widgets::Button;
using widgets::Icon;
using widgets::Label;

constexpr int tickMs = 100, draftMs = 800;

} // namespace

SqlView::SqlView(gateway::api::SqlTools &tools, const panes::PaneContext &context, QWidget *parent) :
    QWidget(parent), m_tools(tools), m_context(context), m_saved(context.settings), m_edit(new SqlEdit(tools.schema())), m_side(new SqlSide(tools.schema(), m_saved)), m_results(new SqlResults),
    m_pages(new QStackedWidget), m_skeleton(new widgets::SkeletonView(24)), m_limit(new widgets::Chip({}, widgets::Role::Line)), m_problem(new Label(Label::Kind::Body)), m_note(new Label(Label::Kind::Secondary)),
    m_state(new widgets::StateLabel), m_banner(new widgets::SectionBanner), m_shape(new widgets::SegmentedControl({tr("Table"), tr("Chart")})), m_tick(new QTimer(this)), m_draftPause(new QTimer(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 8);
    column->setSpacing(8);
    m_banner->setObjectName(u"costs.sqlBanner"_s);
    m_banner->addRetry();
    m_banner->hide();
    column->addWidget(m_banner);
    auto *halves = new QSplitter(Qt::Vertical);
    halves->setObjectName(u"costs.sqlHalves"_s);
    halves->setChildrenCollapsible(false);
    halves->setHandleWidth(8);
    column->addWidget(halves, 1);
    setUpEditor(halves);
    setUpResults(halves);
    halves->setStretchFactor(0, 2);
    halves->setStretchFactor(1, 3);
    setUpKeys();
    m_edit->setPlainText(m_saved.draft());
    m_draftPause->stop();
    showPage();
}

void SqlView::setUpEditor(QSplitter *halves)
{
    auto *card = new widgets::Card(tr("SQL"), tr("read-only connection"));
    card->setObjectName(u"costs.sqlCard"_s);
    setUpHeader(card);
    m_edit->setObjectName(u"costs.sqlEdit"_s);
    m_edit->setAccessibleName(tr("Query"));
    m_edit->setPlaceholderText(tr("SELECT …    Ctrl+Space offers what can follow"));
    m_problem->setObjectName(u"costs.sqlProblem"_s);
    m_problem->setRole(widgets::Role::Err);
    m_problem->setWordWrap(true);
    m_problem->setContentsMargins(widgets::GutterEdit::gutterWidth, 2, 12, 8);
    m_problem->hide();
    auto *written = new QWidget;
    auto *column = new QVBoxLayout(written);
    column->setContentsMargins(4, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_edit, 1);
    column->addWidget(m_problem);
    auto *line = new widgets::Panel(widgets::Role::Surface, Qt::LeftEdge);
    auto *inside = new QVBoxLayout(line);
    inside->setContentsMargins(1, 0, 0, 1);
    inside->addWidget(m_side);
    auto *across = new QSplitter(Qt::Horizontal);
    across->setObjectName(u"costs.sqlAcross"_s);
    across->setChildrenCollapsible(false);
    across->setHandleWidth(1);
    across->addWidget(written);
    across->addWidget(line);
    across->setStretchFactor(0, 1);
    across->setSizes({900, 280});
    m_side->setMinimumWidth(200);
    card->body()->addWidget(across, 1);
    card->setMinimumHeight(170);
    halves->addWidget(card);
    connect(m_edit, &SqlEdit::runWanted, this, &SqlView::run);
    connect(m_edit, &QPlainTextEdit::textChanged, this, &SqlView::textChanged);
    connect(m_side, &SqlSide::wordChosen, m_edit, &SqlEdit::insertWord);
    connect(m_side, &SqlSide::queryChosen, this, [this](const QString &text) {
        m_edit->replaceAll(text);
        m_edit->setFocus();
    });
    connect(m_side, &SqlSide::removed, this, [this](const QString &name, const std::function<void()> &undo) { m_context.view->toast(tr("“%1” deleted").arg(name), undo); });
}

void SqlView::setUpHeader(widgets::Card *card)
{
    m_limit->setObjectName(u"costs.sqlLimit"_s);
    m_limit->hide();
    auto *builder = new Button(Icon::Bars, tr("From the builder"));
    builder->setObjectName(u"costs.sqlBuilder"_s);
    builder->setToolTip(tr("What the charts show, as a query"));
    m_save = new Button(Icon::Bookmark, tr("Save"));
    m_save->setObjectName(u"costs.sqlSave"_s);
    m_save->setEnabled(false);
    m_run = new Button(Button::Kind::Primary, Icon::Play, tr("Run"));
    m_run->setObjectName(u"costs.sqlRun"_s);
    m_run->setKeyHint(tr("Ctrl+Enter"));
    for (Button *button : {builder, m_save, m_run})
        button->setSmall(true);
    card->addToHeader(m_limit);
    for (Button *button : {builder, m_save, m_run})
        card->addToHeader(button);
    connect(builder, &QPushButton::clicked, this, &SqlView::builderWanted);
    connect(m_save, &QPushButton::clicked, this, &SqlView::save);
    connect(m_run, &QPushButton::clicked, this, [this] { m_running ? cancel() : run(); });
}

void SqlView::setUpResults(QSplitter *halves)
{
    auto *card = new widgets::Card;
    card->setObjectName(u"costs.sqlResultCard"_s);
    card->setHeaderVisible(false);
    setUpSamples();
    m_pages->addWidget(m_samples);
    m_pages->addWidget(m_results);
    m_pages->addWidget(m_skeleton);
    card->body()->addWidget(m_pages, 1);
    setUpFooter(card->body());
    card->setMinimumHeight(160);
    halves->addWidget(card);
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, &SqlView::cancel);
    connect(m_results, &SqlResults::callWanted, this, [this](const QString &id) { m_context.view->openPane(u"calls"_s, id); });
    connect(m_results, &SqlResults::exported, this, [this](const QString &path, quint64) { m_context.view->toast(tr("%1 written").arg(path)); });
    connect(m_results, &SqlResults::exportFailed, this, [this](const QString &problem) { m_context.view->toast(problem); });
}

void SqlView::setUpSamples()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 14, 16, 12);
    column->setSpacing(4);
    column->addWidget(new Label(Label::Kind::Strong, tr("Five questions to begin with")));
    column->addSpacing(2);
    int number = 0;
    for (const SqlSample &sample : sqlSamples()) {
        auto *button = new Button(Button::Kind::Link, Icon::Play, sample.name);
        button->setObjectName(u"costs.sqlSample%1"_s.arg(++number));
        button->setToolTip(sample.text);
        column->addWidget(button, 0, Qt::AlignLeft);
        connect(button, &QPushButton::clicked, this, [this, text = sample.text] { ask(text); });
    }
    column->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setObjectName(u"costs.sqlSamples"_s);
    scroll->setAccessibleName(tr("Sample queries"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(page);
    m_samples = scroll;
}

void SqlView::setUpFooter(QVBoxLayout *column)
{
    auto *bar = new widgets::Panel(widgets::Role::Surface, Qt::TopEdge);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 4, 8, 4);
    row->setSpacing(10);
    m_state->setObjectName(u"costs.sqlState"_s);
    m_note->setObjectName(u"costs.sqlNote"_s);
    m_shape->setObjectName(u"costs.sqlShape"_s);
    m_shape->setAccessibleName(tr("Result as"));
    m_shape->setSmall(true);
    m_copy = new Button(Icon::Copy, tr("Copy"));
    m_copy->setObjectName(u"costs.sqlCopy"_s);
    m_copy->setToolTip(tr("The chosen cells, or all, with the columns' names"));
    m_export = new Button(Icon::Download, tr("CSV"));
    m_export->setObjectName(u"costs.sqlExport"_s);
    m_export->setAccessibleName(tr("Export the result as CSV"));
    m_pin = new Button(Icon::Overview, tr("Pin to Overview"));
    m_pin->setObjectName(u"costs.sqlPin"_s);
    m_pin->setToolTip(tr("Shows the result on Overview, as it is shown here, and reads it again each minute"));
    m_pin->setVisible(m_context.settings != nullptr);
    for (Button *button : {m_copy, m_export, m_pin})
        button->setSmall(true);
    row->addWidget(m_state);
    row->addWidget(m_note, 1);
    row->addWidget(m_shape);
    row->addWidget(m_copy);
    row->addWidget(m_export);
    row->addWidget(m_pin);
    column->addWidget(bar);
    connect(m_shape, &widgets::SegmentedControl::currentChanged, this, [this](int shape) { m_results->showChart(shape == 1); });
    connect(m_copy, &QPushButton::clicked, this, [this] {
        if (!m_results->table()->selectionModel()->hasSelection())
            m_results->table()->selectAll();
        m_results->copy(true);
    });
    connect(m_export, &QPushButton::clicked, this, &SqlView::exportCsv);
    connect(m_pin, &QPushButton::clicked, this, &SqlView::pin);
}

void SqlView::setUpKeys()
{
    for (const auto key : {Qt::CTRL | Qt::Key_Return, Qt::CTRL | Qt::Key_Enter})
        connect(new QShortcut(QKeySequence(key), this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut), &QShortcut::activated, this, &SqlView::run);
    m_escape = new QShortcut(QKeySequence(Qt::Key_Escape), this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    m_escape->setEnabled(false);
    connect(m_escape, &QShortcut::activated, this, &SqlView::cancel);
    m_tick->setInterval(tickMs);
    connect(m_tick, &QTimer::timeout, this, &SqlView::showElapsed);
    m_draftPause->setSingleShot(true);
    m_draftPause->setInterval(draftMs);
    connect(m_draftPause, &QTimer::timeout, this, [this] { m_saved.setDraft(m_edit->toPlainText()); });
    connect(m_banner, &widgets::SectionBanner::retried, this, &SqlView::run);
}

} // namespace ui::costs
