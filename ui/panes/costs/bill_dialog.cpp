// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/bill_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/bill_model.h"
#include "ui/panes/costs/bill_words.h"
#include "ui/panes/costs/cause_bar.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMimeData>
#include <QPointer>
#include <QStackedLayout>
#include <QThreadPool>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::billing::ReconciledRow;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::SectionBanner;

constexpr int leastWidth = 900, mostWidth = 1200, leastHeight = 540; // stands on 1024 by 640

int widthOver(const QWidget *parent)
{
    return parent ? qBound(leastWidth, parent->window()->width() - 80, mostWidth) : mostWidth;
}

/// All texts, or the name of the first file that cannot be read and why.
struct ReadFiles
{
    std::vector<std::string> texts;
    QString problem;
};

ReadFiles readFiles(const QStringList &names)
{
    ReadFiles read;
    for (const QString &name : names) {
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly)) {
            read.problem = BillDialog::tr("%1: %2").arg(name, file.errorString());
            return read;
        }
        // A byte more than is taken, so that what is too large is told as such.
        read.texts.push_back(file.read(qint64(gateway::billing::largestExport) + 1).toStdString());
    }
    return read;
}

QStringList localFiles(const QMimeData *data)
{
    QStringList files;
    for (const QUrl &url : data->urls()) {
        if (url.isLocalFile())
            files << url.toLocalFile();
    }
    return files;
}

} // namespace

BillDialog::BillDialog(gateway::api::CostTools &tools, bridge::ViewContext &view, const std::vector<std::string> &providers, QWidget *parent) :
    Dialog(Icon::Diff, widgets::Role::Accent, tr("A provider's bill beside the log"), parent), m_tools(tools), m_view(view), m_whose(new QComboBox), m_stack(new QStackedLayout), m_banner(new SectionBanner),
    m_sentence(new SectionBanner(SectionBanner::Kind::Info)), m_empty(new widgets::EmptyState(tr("Drop the exports of a provider's usage, costs or both here."))), m_waiting(new widgets::SkeletonView),
    m_causes(new CauseBar), m_rows(new BillModel(this)), m_table(new widgets::TableView), m_why(new Label(Label::Kind::Secondary)), m_all(new QCheckBox(tr("Also days that are the same")))
{
    setObjectName(u"costs.bill"_s);
    setSubtitle(tr("Both by day in UTC and by model. Nothing is changed, and the files are not kept."));
    setAcceptDrops(true);
    setMinimumSize(widthOver(parent), leastHeight);
    m_banner->setObjectName(u"costs.bill.banner"_s);
    m_banner->hide();
    m_empty->setNote(tr("OpenAI: Usage, Export. Anthropic: Usage and Cost, Export. Google: Billing, Reports or Cost table, Download. CSV and JSON of their usage APIs are read too."));
    m_empty->setAction(Icon::Folder, tr("Choose files…"))->setObjectName(u"costs.bill.choose"_s);
    connect(m_empty, &widgets::EmptyState::actionTriggered, this, &BillDialog::chooseFiles);
    connect(m_waiting, &widgets::SkeletonView::cancelled, this, [this] {
        ++m_generation;
        m_stack->setCurrentWidget(m_empty);
    });
    auto *stacked = new QWidget;
    stacked->setLayout(m_stack);
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_waiting);
    m_stack->addWidget(makeResult());
    body()->addWidget(makeWhose(providers));
    body()->addWidget(m_banner);
    body()->addWidget(stacked, 1);
    auto *other = addLeftButton(Button::Kind::Plain, tr("Choose files…"));
    other->setObjectName(u"costs.bill.other"_s);
    connect(other, &QPushButton::clicked, this, &BillDialog::chooseFiles);
    m_save = addLeftButton(Button::Kind::Plain, tr("Save as CSV…"));
    m_save->setObjectName(u"costs.bill.save"_s);
    m_save->setEnabled(false);
    connect(m_save, &QPushButton::clicked, this, &BillDialog::save);
    m_calls = addButton(Button::Kind::Plain, tr("Show the day's calls"));
    m_calls->setObjectName(u"costs.bill.calls"_s);
    m_calls->setEnabled(false);
    connect(m_calls, &QPushButton::clicked, this, [this] { openRow(m_table->currentIndex().row()); });
    auto *done = addButton(Button::Kind::Primary, tr("Close"));
    connect(done, &QPushButton::clicked, this, &QDialog::accept);
}

/// A provider of another kind than the bill's vendor may be its all the same: one behind a proxy, or a compatible one.
QWidget *BillDialog::makeWhose(const std::vector<std::string> &providers)
{
    auto *line = new QWidget;
    auto *row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto *label = new Label(Label::Kind::Secondary, tr("Compared with the calls of"));
    m_whose->setObjectName(u"costs.bill.whose"_s);
    m_whose->setAccessibleName(label->text());
    m_whose->addItem(tr("all providers of the bill's kind"));
    for (const std::string &provider : providers)
        m_whose->addItem(bridge::qt(provider), bridge::qt(provider));
    row->addWidget(label);
    row->addWidget(m_whose);
    row->addStretch(1);
    connect(m_whose, &QComboBox::activated, this, [this] {
        if (!m_files.isEmpty())
            compare(m_files);
    });
    return line;
}

QWidget *BillDialog::makeResult()
{
    auto *result = new QWidget;
    auto *column = new QVBoxLayout(result);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    m_sentence->setObjectName(u"costs.bill.sentence"_s);
    m_causes->setObjectName(u"costs.bill.causes"_s);
    m_table->setObjectName(u"costs.bill.rows"_s);
    m_table->setAccessibleName(tr("Days and models"));
    m_table->setModel(m_rows);
    m_table->setRowLines(true);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_why->setObjectName(u"costs.bill.why"_s);
    m_why->setWordWrap(true);
    m_why->setMinimumHeight(36);
    m_all->setObjectName(u"costs.bill.all"_s);
    column->addWidget(m_sentence);
    column->addWidget(m_causes);
    column->addWidget(m_table, 1);
    column->addWidget(m_why);
    column->addWidget(m_all);
    connect(m_all, &QCheckBox::toggled, m_rows, &BillModel::setAll);
    connect(m_causes, &CauseBar::causeChosen, m_rows, &BillModel::setCause);
    connect(m_rows, &QAbstractItemModel::modelReset, this, [this] { showWhy(-1); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &now) { showWhy(now.row()); });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) { openRow(index.row()); });
    return result;
}

void BillDialog::chooseFiles()
{
    auto *dialog = new QFileDialog(this, tr("A provider's exports"), {}, tr("Exports (*.csv *.tsv *.json *.jsonl *.txt);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &BillDialog::compare);
    dialog->open();
}

void BillDialog::dragEnterEvent(QDragEnterEvent *event)
{
    if (!localFiles(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void BillDialog::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    compare(localFiles(event->mimeData()));
}

void BillDialog::compare(const QStringList &files)
{
    m_files = files;
    m_banner->hide();
    m_save->setEnabled(false);
    m_calls->setEnabled(false);
    m_stack->setCurrentWidget(m_waiting);
    m_waiting->begin(tr("Comparing the bill with the log"));
    QThreadPool::globalInstance()->start([self = QPointer(this), generation = ++m_generation, files] {
        ReadFiles read = readFiles(files);
        QMetaObject::invokeMethod(
            qApp,
            [self, generation, read = std::move(read)]() mutable {
                if (!self || generation != self->m_generation)
                    return;
                if (read.problem.isEmpty())
                    self->ask(std::move(read.texts));
                else
                    self->showError(tr("The file cannot be read"), read.problem);
            },
            Qt::QueuedConnection);
    });
}

void BillDialog::ask(std::vector<std::string> exports)
{
    gateway::api::BillQuery query {.exports = std::move(exports)};
    if (const QString provider = m_whose->currentData().toString(); !provider.isEmpty())
        query.providers = {bridge::utf8(provider)};
    m_tools.reconcile(std::move(query), this, [this, generation = m_generation](const gateway::Result<gateway::billing::Reconciliation> &answer) {
        if (generation != m_generation)
            return;
        if (answer)
            take(*answer);
        else
            refuse(answer.error());
    });
}

void BillDialog::refuse(const gateway::Error &error)
{
    if (error.where == "providers") {
        showError(tr("Whose bill is it?"), tr("No provider in the settings is of this bill's kind. Choose above the one whose calls are on it."));
        m_whose->setFocus();
    } else {
        showError(error.code == gateway::ErrorCode::BadRequest ? tr("That is no bill that can be compared") : tr("The log cannot be read"), bridge::qt(error.message));
    }
}

void BillDialog::take(const gateway::billing::Reconciliation &all)
{
    m_waiting->end();
    m_stack->setCurrentIndex(2);
    QStringList notes;
    for (const std::string &note : all.notes)
        notes << bridge::qt(note);
    const bool same = std::ranges::all_of(all.rows, [](const ReconciledRow &row) { return row.cause == Cause::Same; });
    m_sentence->setKind(same && notes.isEmpty() ? SectionBanner::Kind::Success : SectionBanner::Kind::Info);
    m_sentence->setContent(billSentence(all), notes.join(u' '));
    m_causes->setCauses(all.byCause);
    m_rows->setRows(all.rows);
    showColumns(all);
    m_all->setChecked(same);
    m_save->setEnabled(!all.rows.empty());
    if (m_rows->rowCount() > 0)
        m_table->selectRow(0);
    m_table->setFocus();
}

/// What the bill does not tell has no column: its room is the models'.
void BillDialog::showColumns(const gateway::billing::Reconciliation &all)
{
    const bool tokens = all.billed.input || all.billed.output, costs = all.billed.cost.has_value();
    for (const int column : {BillModel::BilledTokensColumn, BillModel::LoggedTokensColumn})
        m_table->setColumnHidden(column, !tokens);
    for (const int column : {BillModel::BilledColumn, BillModel::LoggedColumn, BillModel::DriftColumn})
        m_table->setColumnHidden(column, !costs);
    m_table->setColumnWidths({100, 0, 88, 88, 88, 176, 176, 144});
}

void BillDialog::showError(const QString &headline, const QString &detail)
{
    m_waiting->end();
    m_stack->setCurrentWidget(m_empty);
    m_banner->setContent(headline, detail);
    m_banner->show();
}

void BillDialog::showWhy(int row)
{
    const ReconciledRow *shown = m_rows->at(row);
    m_why->setText(shown ? bridge::qt(shown->why) : QString());
    m_calls->setEnabled(shown && shown->logged.calls.value_or(0) > 0);
}

void BillDialog::openRow(int row)
{
    const ReconciledRow *shown = m_rows->at(row);
    if (!shown || shown->logged.calls.value_or(0) == 0)
        return;
    const QDate day = dateOf(shown->day);
    const QString model = bridge::qt(shown->model);
    accept();
    Q_EMIT callsWanted(day, model);
}

QByteArray BillDialog::csv() const
{
    return m_rows->csv();
}

void BillDialog::save()
{
    widgets::saveFile(this, widgets::tableOffer(u"bill-and-log"_s), [this] { return csv(); }, [this](const QString &words) { m_view.toast(words); });
}

} // namespace ui::costs
