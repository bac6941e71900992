// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/audit_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/settings/audit_detail.h"
#include "ui/panes/settings/audit_export.h"
#include "ui/panes/settings/audit_model.h"
#include "ui/panes/settings/audit_words.h"
#include "ui/panes/settings/chain_bar.h"
#include "ui/panes/settings/rollback_dialog.h"
#include "ui/widgets/button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::qt;
using bridge::utf8;
using widgets::Button;
using widgets::Icon;

constexpr int narrow = 900;
constexpr int comboWidth = 180;
constexpr int listHeight = 440, detailHeight = 260;
constexpr int listRow = static_cast<int>(widgets::RowHeight::List);

} // namespace

AuditPage::AuditPage(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : QWidget(parent), m_gateway(gateway), m_view(view), m_model(new AuditModel(gateway, this)), m_chain(new ChainBar(gateway, view)), m_export(new AuditExport(gateway, this)),
      m_exportButton(new Button(Icon::Download, tr("Export…"))), m_who(new QComboBox), m_kind(new QComboBox), m_search(new widgets::SearchField(tr("Find in names and changes"))),
      m_failure(new widgets::SectionBanner), m_lost(new widgets::SectionBanner(widgets::SectionBanner::Kind::Warning)), m_stack(new QStackedWidget),
      m_table(new widgets::TableView(widgets::RowHeight::List)), m_waiting(new widgets::SkeletonView(listRow)), m_empty(new widgets::EmptyState(tr("Nothing was changed yet."))),
      m_noMatch(new widgets::EmptyState(tr("No change matches."))), m_detail(new AuditDetail(gateway))
{
    setObjectName(u"settings.audit"_s);
    auto *split = new QSplitter(Qt::Vertical);
    split->setChildrenCollapsible(false);
    split->addWidget(makeList());
    split->addWidget(m_detail);
    split->setSizes({listHeight, detailHeight});
    split->setStretchFactor(0, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTop());
    column->addWidget(split, 1);
    setFocusProxy(m_table);
    connectModel();
    connect(m_detail, &AuditDetail::goBackWanted, this, &AuditPage::askGoBack);
    connect(m_chain, &ChainBar::brokenAt, m_model, &AuditModel::setBrokenAt);
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &AuditPage::takeNew);
    connect(&m_gateway, &gateway::api::Gateway::keysChanged, this, &AuditPage::takeNew);
    connect(&m_view, &bridge::ViewContext::liveChanged, this, &AuditPage::takeNew);
    connect(&m_view, &bridge::ViewContext::refreshRequested, this, [this] {
        if (m_active)
            ask();
    });
}

QWidget *AuditPage::makeTop()
{
    auto *top = new widgets::Panel(widgets::Role::Surface, Qt::BottomEdge);
    m_exportButton->setObjectName(u"settings.audit.export"_s);
    m_exportButton->setToolTip(tr("What was found, as a CSV file"));
    m_chain->addButton(m_exportButton);
    m_failure->setObjectName(u"settings.audit.failure"_s);
    m_failure->addRetry();
    m_failure->hide();
    m_lost->setObjectName(u"settings.audit.lost"_s);
    connect(m_lost->addAction(Icon::Check, tr("Understood")), &QPushButton::clicked, m_lost, &QWidget::hide);
    m_lost->hide();
    connect(m_failure, &widgets::SectionBanner::retried, this, &AuditPage::ask);
    connect(m_exportButton, &QPushButton::clicked, this, &AuditPage::chooseExport);
    connect(m_export, &AuditExport::finished, this, [this](const QString &path, quint64 entries) {
        m_exportButton->setEnabled(true);
        m_view.toast(tr("%1 changes written to %2").arg(widgets::count(entries), QFileInfo(path).fileName()));
    });
    connect(m_export, &AuditExport::failed, this, [this](const QString &problem) {
        m_exportButton->setEnabled(true);
        m_view.toast(problem);
    });
    auto *column = new QVBoxLayout(top);
    column->setContentsMargins(16, 8, 12, 8);
    column->setSpacing(8);
    column->addWidget(m_chain);
    column->addWidget(m_lost);
    column->addWidget(m_failure);
    column->addWidget(makeFilter());
    return top;
}

QWidget *AuditPage::makeFilter()
{
    m_who->setObjectName(u"settings.audit.who"_s);
    m_who->setAccessibleName(tr("Who"));
    m_who->addItem(tr("Anyone"), QString());
    m_kind->setObjectName(u"settings.audit.kind"_s);
    m_kind->setAccessibleName(tr("What"));
    m_kind->addItem(tr("Everything"), QString());
    for (const auto &[kind, words] : auditKinds())
        m_kind->addItem(words, qt(kind));
    for (QComboBox *box : {m_who, m_kind}) {
        box->setFixedWidth(comboWidth);
        connect(box, &QComboBox::activated, this, &AuditPage::ask);
    }
    m_search->setObjectName(u"settings.audit.search"_s);
    m_search->setAccessibleName(tr("Find in names and changes"));
    m_search->setMaximumWidth(360);
    connect(m_search, &widgets::SearchField::searchChanged, this, &AuditPage::ask);
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_who);
    row->addWidget(m_kind);
    row->addWidget(m_search, 1);
    row->addStretch();
    return bar;
}

QWidget *AuditPage::makeList()
{
    m_table->setObjectName(u"settings.audit.table"_s);
    m_table->setAccessibleName(tr("Who changed what, newest first"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setModel(m_model);
    m_table->setRowLines(true);
    fitColumns();
    m_noMatch->setPicture(false);
    m_noMatch->setAction(Icon::Close, tr("Clear filter"), Button::Kind::Plain);
    connect(m_noMatch, &widgets::EmptyState::actionTriggered, this, &AuditPage::clearFilter);
    connect(m_waiting, &widgets::SkeletonView::cancelled, this, [this] {
        m_model->cancel();
        showFailure(tr("Reading was cancelled."));
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &AuditPage::showChosen);
    for (QWidget *page : std::initializer_list<QWidget *> {m_table, m_waiting, m_empty, m_noMatch})
        m_stack->addWidget(page);
    return m_stack;
}

void AuditPage::fitColumns()
{
    const bool isNarrow = width() < narrow;
    m_table->setColumnWidths(isNarrow ? QList<int> {72, 124, 148, 148, 0, 76} : QList<int> {72, 132, 172, 200, 0, 76});
    m_table->setColumnHidden(AuditModel::Number, isNarrow); // the detail says both
    m_table->setColumnHidden(AuditModel::Revision, isNarrow);
}

void AuditPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitColumns();
}

void AuditPage::connectModel()
{
    connect(m_model, &AuditModel::answered, this, &AuditPage::showList);
    connect(m_model, &AuditModel::failed, this, &AuditPage::showFailure);
    connect(m_model, &AuditModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) { addAuthors(first, last); });
    connect(m_model, &AuditModel::modelReset, this, [this] { addAuthors(0, m_model->rowCount() - 1); });
    connect(m_model, &AuditModel::cameOnTop, this, [this](int rows) {
        QScrollBar *bar = m_table->verticalScrollBar();
        if (bar->value() > 0) // what is looked at stays where it is
            bar->setValue(bar->value() + rows);
        showList();
    });
}

// --- asking

void AuditPage::setActive(bool active)
{
    m_active = active;
    if (!active)
        return;
    if (!m_model->shown())
        ask();
    else
        takeNew();
    if (!m_chain->checked())
        m_chain->check();
    askAuthors();
}

bool AuditPage::narrowed() const { return m_who->currentIndex() > 0 || m_kind->currentIndex() > 0 || !m_search->text().trimmed().isEmpty(); }

void AuditPage::ask()
{
    m_model->setNow(m_view.now());
    m_model->setQuestion({.author = utf8(m_who->currentData().toString()), .kind = utf8(m_kind->currentData().toString()), .words = auditWords(m_search->text(), m_authors)});
    if (m_model->rowCount() == 0) {
        m_waiting->begin(tr("Reading the audit log"));
        m_stack->setCurrentWidget(m_waiting);
    }
}

/// Everybody who made a version; who did something else is added as his entries are read.
void AuditPage::askAuthors()
{
    for (const auto &token : m_gateway.config()->adminTokens)
        addAuthor("admin:" + token.name);
    m_gateway.revisions(this, [this](const gateway::Result<std::vector<gateway::api::Revision>> &revisions) {
        if (!revisions)
            return;
        for (const gateway::api::Revision &revision : *revisions)
            addAuthor(revision.author);
    });
}

void AuditPage::addAuthors(int first, int last)
{
    for (int row = first; row <= last; ++row)
        addAuthor(m_model->entry(row).author);
}

void AuditPage::addAuthor(const std::string &author)
{
    const QString id = qt(author);
    if (id.isEmpty() || m_authors.contains(id))
        return;
    m_authors.insert(id);
    const QString words = whoWords(author);
    int place = 1;
    while (place < m_who->count() && QString::localeAwareCompare(m_who->itemText(place), words) < 0)
        ++place;
    m_who->insertItem(place, words, id);
    m_who->setItemData(place, id, Qt::ToolTipRole);
}

void AuditPage::takeNew()
{
    if (!m_active || !m_view.live())
        return;
    m_model->setNow(m_view.now());
    m_model->askNew();
}

// --- showing

void AuditPage::showList()
{
    m_lastGood = m_view.now();
    m_waiting->end();
    m_failure->hide();
    widgets::setDimmed(m_table, false);
    m_stack->setCurrentWidget(m_model->rowCount() > 0 ? static_cast<QWidget *>(m_table) : narrowed() ? m_noMatch : m_empty);
    if (!m_table->currentIndex().isValid() && m_model->rowCount() > 0)
        m_table->selectRow(0);
    showChosen();
}

void AuditPage::showFailure(const QString &problem)
{
    m_waiting->end();
    m_failure->setContent(tr("The audit log cannot be read"), problem, m_lastGood == gateway::WallTime {} ? QString() : tr("last good %1").arg(widgets::timeOfDay(m_lastGood)));
    m_failure->show();
    m_stack->setCurrentWidget(m_table);
    widgets::setDimmed(m_table, m_model->rowCount() > 0);
}

void AuditPage::showChosen()
{
    const QModelIndex current = m_table->currentIndex();
    if (current.isValid() && current.row() < m_model->rowCount())
        m_detail->setEntry(m_model->entry(current.row()));
    else
        m_detail->clear();
}

void AuditPage::clearFilter()
{
    m_who->setCurrentIndex(0);
    m_kind->setCurrentIndex(0);
    m_search->clear();
    ask();
}

void AuditPage::focusSearch() { m_search->setFocus(Qt::ShortcutFocusReason); }

// --- doing

void AuditPage::askGoBack(quint64 revision)
{
    auto *dialog = new RollbackDialog(revision, m_gateway, m_view, window());
    connect(dialog, &RollbackDialog::wentBack, this, [this](quint64 to, const QStringList &lost) {
        m_lost->setContent(tr("Version %1 is back, but not all of it").arg(to), lost.join(u'\n'));
        m_lost->setVisible(!lost.isEmpty());
    });
    dialog->open();
}

void AuditPage::chooseExport()
{
    widgets::askWhereToSave(this, {tr("Export the changes"), QDir::home().filePath(u"signalbox-changes.csv"_s), tr("Table (*.csv)")}, [this](const QString &path) { exportTo(path); });
}

void AuditPage::exportTo(const QString &path)
{
    m_exportButton->setEnabled(false);
    m_export->start(path, m_model->question());
}

} // namespace ui::settings
