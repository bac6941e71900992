// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/import_dialog.h"

#include "gateway/api/prompt_tools.h"
#include "ui/bridge/chat.h"
#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QStandardItemModel>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::config::PromptVersion;
using widgets::Button;
using widgets::Label;

namespace {

constexpr int mostCalls = 200;
constexpr int listHeight = 220, previewHeight = 150, dialogWidth = 680;

} // namespace

ImportDialog::ImportDialog(const panes::PaneContext &context, const PromptBook &book, const QString &callId, QWidget *parent)
    : Dialog(widgets::Icon::Calls, widgets::Role::Accent, callId.isEmpty() ? tr("Create a prompt from a logged call") : tr("Create a prompt from this call"), parent), m_context(context), m_book(book), m_given(!callId.isEmpty()), m_pages(new QStackedWidget),
      m_table(new widgets::TableView(widgets::RowHeight::List)), m_model(new QStandardItemModel(this)), m_skeleton(new widgets::SkeletonView(28)), m_none(new widgets::EmptyState(tr("The log has no chat in this range."))),
      m_banner(new widgets::SectionBanner), m_preview(new QPlainTextEdit), m_name(new QLineEdit), m_problem(new Label(Label::Kind::Secondary))
{
    setObjectName(u"prompts.import"_s);
    makeList();
    if (m_given) {
        setSubtitle(callId);
        m_pages->setParent(this);
        m_pages->hide();
        m_preview->setMinimumWidth(dialogWidth);
    } else {
        body()->addWidget(m_pages);
    }
    m_preview->setObjectName(u"prompts.import.preview"_s);
    m_preview->setAccessibleName(tr("What the prompt will be"));
    m_preview->setReadOnly(true);
    m_preview->setTabChangesFocus(true);
    m_preview->setFont(widgets::monoFont(12));
    m_preview->setFixedHeight(m_given ? previewHeight + listHeight / 2 : previewHeight);
    m_preview->setPlaceholderText(m_given ? tr("Reading the call") : tr("Choose a call to see what it asked."));
    body()->addWidget(m_preview);
    m_name->setObjectName(u"prompts.import.name"_s);
    m_name->setPlaceholderText(u"summarise-ticket"_s);
    auto *grid = new QGridLayout;
    grid->setColumnStretch(1, 1);
    panes::addField(grid, 0, 0, tr("Name"), m_name, 1, widgets::ProblemWords::Elsewhere);
    body()->addLayout(grid);
    m_problem->setObjectName(u"prompts.import.problem"_s);
    m_problem->setWordWrap(true);
    body()->addWidget(m_problem);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_submit = addButton(Button::Kind::Primary, tr("Create"));
    m_submit->setObjectName(u"prompts.import.submit"_s);
    m_submit->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textEdited, this, &ImportDialog::check);
    connect(m_submit, &QPushButton::clicked, this, [this] {
        const std::string name = utf8(m_name->text().trimmed());
        const PromptVersion version = *m_version;
        accept();
        Q_EMIT imported(name, version);
    });
    check();
    if (m_given) {
        read(utf8(callId));
        m_name->setFocus();
    } else {
        askCalls();
    }
}

void ImportDialog::makeList()
{
    m_model->setHorizontalHeaderLabels({tr("Time"), tr("Route"), tr("Model"), tr("Key"), tr("Tokens")});
    m_table->setObjectName(u"prompts.import.calls"_s);
    m_table->setAccessibleName(tr("Calls"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnWidths({96, 140, 0, 140, 96});
    m_banner->setObjectName(u"prompts.import.banner"_s);
    m_banner->addRetry();
    m_none->setPicture(false);
    for (QWidget *page : std::initializer_list<QWidget *> {m_table, m_skeleton, m_none, m_banner})
        m_pages->addWidget(page);
    m_pages->setFixedSize(dialogWidth, listHeight);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &row) { choose(row.row()); });
    connect(m_banner, &widgets::SectionBanner::retried, this, &ImportDialog::askCalls);
}

void ImportDialog::askCalls()
{
    m_pages->setCurrentWidget(m_skeleton);
    m_skeleton->begin(tr("Reading the calls"));
    gateway::api::CallQuery query;
    query.range = m_context.view->timeRange();
    query.limit = mostCalls;
    m_context.gateway->calls(query, this, [this](const gateway::Result<gateway::api::CallPage> &page) {
        m_skeleton->end();
        if (!page) {
            m_banner->setContent(tr("Cannot read the call log"), qt(page.error().message));
            m_pages->setCurrentWidget(m_banner);
            return;
        }
        fill(*page);
    });
}

void ImportDialog::fill(const gateway::api::CallPage &page)
{
    m_ids.clear();
    m_model->removeRows(0, m_model->rowCount());
    for (const auto &row : page.rows) {
        const gateway::CallRecord &record = row.record;
        if (!bridge::asksChat(record.endpoint))
            continue;
        m_ids.push_back(record.id);
        const auto tokens = record.usage.input + record.usage.output;
        const QStringList cells {widgets::timeOfDay(record.startedAt), qt(record.route.empty() ? record.askedModel : record.route), qt(record.model), record.key.empty() ? widgets::unknownText() : qt(record.key), widgets::count(static_cast<std::uint64_t>(tokens))};
        QList<QStandardItem *> items;
        for (const QString &cell : cells) {
            auto *item = new QStandardItem(cell);
            item->setEditable(false);
            items << item;
        }
        items.last()->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_model->appendRow(items);
    }
    m_pages->setCurrentWidget(m_ids.empty() ? static_cast<QWidget *>(m_none) : m_table);
    if (!m_ids.empty())
        m_table->setFocus();
}

void ImportDialog::choose(int row)
{
    m_question.reset();
    m_version.reset();
    m_preview->clear();
    check();
    if (row >= 0 && row < static_cast<int>(m_ids.size()))
        read(m_ids[static_cast<std::size_t>(row)]);
}

void ImportDialog::read(const std::string &callId)
{
    if (!m_context.gateway->promptTools())
        return;
    m_question = std::make_unique<QObject>();
    m_context.gateway->promptTools()->imported(callId, m_question.get(), [this](const gateway::Result<PromptVersion> &version) {
        if (!version) {
            m_preview->setPlainText(tr("No prompt can be made of this call. %1").arg(qt(version.error().message)));
            return;
        }
        m_version = *version;
        showVersion(*version);
        check();
    });
}

void ImportDialog::showVersion(const PromptVersion &version)
{
    QStringList parts;
    for (const auto &message : version.messages)
        parts << qt(message.role) + u":\n"_s + qt(message.content);
    m_preview->setPlainText(parts.join(u"\n\n"_s));
}

void ImportDialog::check()
{
    const QString name = m_name->text().trimmed();
    QString problem = m_book.byName(utf8(name)).empty() ? nameProblem(name) : tr("There is a prompt of that name.");
    widgets::setInvalid(m_name, name.isEmpty() ? QString() : problem);
    m_submit->setEnabled(m_version && problem.isEmpty());
    m_problem->setText(!m_version ? tr("The call's texts are taken as they stand; put variables in where they are to change.") : name.isEmpty() ? tr("Give the prompt a name.") : problem);
}

} // namespace ui::prompts
