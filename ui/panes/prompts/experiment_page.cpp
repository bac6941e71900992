// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/experiment_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/prompts/header_note.h"
#include "ui/panes/prompts/results_model.h"
#include "ui/panes/prompts/share_table.h"
#include "ui/widgets/card.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using gateway::config::Config;
using gateway::config::ExperimentShare;
using gateway::config::Prompt;
using gateway::config::PromptVersion;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

namespace {

constexpr int leastHeight = 132;
constexpr std::size_t mostShares = 20;

bool has(const Prompt &prompt, const ExperimentShare &wanted)
{
    return std::ranges::any_of(prompt.experiment, [&](const ExperimentShare &share) { return share.version == wanted.version && share.label == wanted.label; });
}

/// By its label where it has the usual one: it moves along with what is published.
ExperimentShare shareOf(const PromptVersion &version)
{
    if (std::ranges::find(version.labels, gateway::config::usualLabel) != version.labels.end())
        return {.version = 0, .label = std::string(gateway::config::usualLabel)};
    return {.version = version.version, .label = {}};
}

} // namespace

ExperimentPage::ExperimentPage(bridge::ConfigDraft &draft, QWidget *parent)
    : QWidget(parent), m_draft(draft), m_sharesCard(new widgets::Card(tr("Experiment"))), m_resultsCard(new widgets::Card(tr("Results"))), m_range(new widgets::ElidedLabel), m_add(new Button(Icon::Plus, tr("Add version"))),
      m_remove(Button::iconOnly(Icon::Trash, tr("Take the chosen version out (Del)"), nullptr, Button::Kind::Flat)), m_end(new Button(tr("End experiment"))), m_addMenu(new QMenu(this)), m_sharePages(new QStackedWidget), m_resultPages(new QStackedWidget),
      m_none(new widgets::EmptyState(QString())), m_noCalls(new widgets::EmptyState(QString())), m_shares(new widgets::TableView(widgets::RowHeight::Card)), m_results(new widgets::TableView(widgets::RowHeight::Card)), m_shareModel(new ShareTable(this)),
      m_resultModel(new ResultsModel(this)), m_problem(new Label(Label::Kind::Secondary)), m_banner(new widgets::SectionBanner), m_skeleton(new widgets::SkeletonView(32))
{
    setObjectName(u"prompts.experiment"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(makeShares(), 2);
    column->addWidget(makeResults(), 3);
    connectParts();
    refresh();
}

QWidget *ExperimentPage::makeShares()
{
    for (const auto &[part, name] : std::initializer_list<std::pair<QWidget *, QString>> {{m_add, u"add"_s}, {m_remove, u"remove"_s}, {m_end, u"end"_s}, {m_shares, u"shares"_s}, {m_problem, u"problem"_s}, {m_none, u"none"_s}})
        part->setObjectName(u"prompts.experiment."_s + name);
    auto *note = new widgets::ElidedLabel;
    note->setText(tr("shares out callers who name no version"));
    addHeaderNote(*m_sharesCard, note);
    m_add->setTrailing(Icon::Down);
    for (Button *button : {m_add, m_remove, m_end}) {
        button->setSmall(true);
        m_sharesCard->addToHeader(button);
    }
    m_end->setToolTip(tr("Callers who name no version all get the usual one again"));
    m_none->setPicture(false);
    m_first = m_none->setAction(Icon::Split, tr("Begin an experiment"));
    m_first->setObjectName(u"prompts.experiment.begin"_s);
    m_shares->setAccessibleName(tr("Shares of the experiment"));
    m_shares->setModel(m_shareModel);
    m_shares->setColumnWidths({180, 88, 0});
    m_shares->setItemDelegateForColumn(ShareTable::Share, new ShareDelegate(m_shares));
    m_shares->setSelectionMode(QAbstractItemView::SingleSelection);
    m_shares->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_shares->setRowLines(true);
    m_shares->setEdgePadding(12);
    m_problem->setRole(widgets::Role::Err);
    m_problem->setWordWrap(true);
    m_problem->setContentsMargins(12, 4, 12, 8);
    m_sharePages->addWidget(m_shares);
    m_sharePages->addWidget(m_none);
    m_sharesCard->setMinimumHeight(leastHeight);
    m_sharesCard->body()->addWidget(m_sharePages, 1);
    m_sharesCard->body()->addWidget(m_problem);
    return m_sharesCard;
}

QWidget *ExperimentPage::makeResults()
{
    m_results->setObjectName(u"prompts.experiment.results"_s);
    m_results->setAccessibleName(tr("Results by version"));
    m_results->setModel(m_resultModel);
    m_results->setColumnWidths({0, 72, 72, 72, 80, 80, 80, 80, 112});
    m_results->setSelectionMode(QAbstractItemView::SingleSelection);
    m_results->setRowLines(true);
    m_results->setEdgePadding(12);
    m_noCalls->setObjectName(u"prompts.experiment.noCalls"_s);
    m_noCalls->setPicture(false);
    m_banner->setObjectName(u"prompts.experiment.banner"_s);
    m_banner->addRetry();
    m_banner->hide();
    for (QWidget *page : std::initializer_list<QWidget *> {m_results, m_noCalls, m_skeleton})
        m_resultPages->addWidget(page);
    auto *space = new QVBoxLayout;
    space->setContentsMargins(12, 0, 12, 0);
    space->addWidget(m_banner);
    addHeaderNote(*m_resultsCard, m_range);
    m_resultsCard->setMinimumHeight(leastHeight);
    m_resultsCard->body()->addLayout(space);
    m_resultsCard->body()->addWidget(m_resultPages, 1);
    return m_resultsCard;
}

void ExperimentPage::connectParts()
{
    connect(m_first, &QPushButton::clicked, this, &ExperimentPage::begin);
    connect(m_add, &QPushButton::clicked, this, [this] {
        fillAddMenu();
        m_addMenu->popup(m_add->mapToGlobal(QPoint(0, m_add->height() + 2)));
    });
    connect(m_remove, &QPushButton::clicked, this, &ExperimentPage::removeShare);
    connect(m_end, &QPushButton::clicked, this, [this] { edit(tr("end of an experiment"), [](Prompt &its) { its.experiment.clear(); }); });
    connect(m_banner, &widgets::SectionBanner::retried, this, &ExperimentPage::retryWanted);
    connect(m_shareModel, &ShareTable::notUnderstood, this, &ExperimentPage::notUnderstood);
    connect(m_shareModel, &ShareTable::weightEdited, this, [this](int row, double weight) {
        edit(tr("weight of a version"), [row, weight](Prompt &its) {
            if (row < static_cast<int>(its.experiment.size()))
                its.experiment[static_cast<std::size_t>(row)].weight = weight;
        });
    });
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &ExperimentPage::refresh);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &ExperimentPage::refresh);
    new QShortcut(Qt::Key_Delete, m_shares, this, &ExperimentPage::removeShare, Qt::WidgetShortcut);
}

void ExperimentPage::show(const std::string &id, bool editable)
{
    m_id = id;
    m_editable = editable;
    refresh();
}

const Prompt *ExperimentPage::prompt() const
{
    const auto &prompts = m_draft.config().prompts;
    const auto found = m_id.empty() ? prompts.end() : std::ranges::find(prompts, m_id, &Prompt::id);
    return found == prompts.end() ? nullptr : &*found;
}

void ExperimentPage::refresh()
{
    const Prompt *its = prompt();
    if (!its)
        return;
    const bool any = !its->experiment.empty();
    m_shareModel->show(*its, m_editable);
    m_sharePages->setCurrentWidget(any ? static_cast<QWidget *>(m_shares) : m_none);
    if (any && !m_shares->currentIndex().isValid())
        m_shares->setCurrentIndex(m_shareModel->index(0, ShareTable::Weight));
    for (Button *button : {m_add, m_remove, m_end}) {
        button->setVisible(any);
        button->setEnabled(m_editable);
    }
    m_add->setEnabled(m_editable && its->experiment.size() < mostShares);
    const PromptVersion *usual = gateway::config::findVersion(*its, {});
    m_none->setSentence(usual ? tr("No experiment: callers who name no version get v%1.").arg(usual->version) : QString());
    m_none->setNote(its->versions.size() < 2 ? tr("An experiment is among two versions or more; this prompt has one.") : tr("It begins with equal shares for that one and the latest other, and counts once it is saved."));
    m_first->setEnabled(m_editable && its->versions.size() > 1);
    QStringList words;
    const auto problems = panes::problemsBelow(m_draft.problems(), u"prompts[%1].experiment"_s.arg(its - m_draft.config().prompts.data()));
    for (auto each = problems.cbegin(); each != problems.cend(); ++each)
        words << each.value();
    m_problem->setText(words.join(u'\n'));
    m_problem->setVisible(!words.isEmpty());
}

void ExperimentPage::showResults(const std::vector<gateway::PromptFigures> &figures, bool known, const QString &range, const QString &problem)
{
    const Prompt *its = prompt();
    if (!its)
        return;
    m_range->setText(tr("by version, %1; calls that name a version too").arg(range));
    m_resultModel->show(*its, known ? figures : std::vector<gateway::PromptFigures> {});
    m_banner->setVisible(!problem.isEmpty());
    if (!problem.isEmpty())
        m_banner->setContent(tr("Results cannot be read"), problem);
    m_noCalls->setSentence(tr("No call has named this prompt: %1.").arg(range));
    const bool waits = !known && problem.isEmpty();
    if (waits && !m_skeleton->waiting())
        m_skeleton->begin({});
    else if (!waits)
        m_skeleton->end();
    m_resultPages->setVisible(known || waits);
    m_resultPages->setCurrentWidget(waits ? static_cast<QWidget *>(m_skeleton) : m_resultModel->rowCount() == 0 ? static_cast<QWidget *>(m_noCalls) : m_results);
    widgets::setDimmed(m_resultPages, !problem.isEmpty());
}

// --- edits

void ExperimentPage::edit(const QString &what, const std::function<void(Prompt &)> &change)
{
    if (!m_editable)
        return;
    m_draft.edit(what, [id = m_id, &change](Config &config) {
        if (const auto its = std::ranges::find(config.prompts, id, &Prompt::id); its != config.prompts.end())
            change(*its);
    });
}

void ExperimentPage::begin()
{
    const Prompt *its = prompt();
    const PromptVersion *usual = its ? gateway::config::findVersion(*its, {}) : nullptr;
    if (!usual || its->versions.size() < 2)
        return;
    const auto other = std::ranges::find_if(its->versions.rbegin(), its->versions.rend(), [&](const PromptVersion &version) { return version.version != usual->version; });
    edit(tr("experiment"), [one = shareOf(*usual), two = shareOf(*other)](Prompt &prompt) { prompt.experiment = {one, two}; });
    m_shares->setFocus();
}

void ExperimentPage::fillAddMenu()
{
    m_addMenu->clear();
    const Prompt *its = prompt();
    if (!its)
        return;
    const auto add = [&](const ExperimentShare &share) {
        QAction *action = m_addMenu->addAction(ShareTable::nameOf(*its, share), this, [this, share] { addShare(share); });
        action->setEnabled(!has(*its, share));
    };
    for (const PromptVersion &version : its->versions)
        for (const std::string &label : version.labels)
            add({.version = 0, .label = label});
    if (!m_addMenu->isEmpty())
        m_addMenu->addSeparator();
    for (auto version = its->versions.rbegin(); version != its->versions.rend(); ++version)
        add({.version = version->version, .label = {}});
}

void ExperimentPage::addShare(const ExperimentShare &share)
{
    edit(tr("another version in an experiment"), [&share](Prompt &its) { its.experiment.push_back(share); });
}

void ExperimentPage::removeShare()
{
    const int row = m_shares->currentIndex().row();
    edit(tr("version taken out of an experiment"), [row](Prompt &its) {
        if (row >= 0 && row < static_cast<int>(its.experiment.size()))
            its.experiment.erase(its.experiment.begin() + row);
    });
}

} // namespace ui::prompts
