// SPDX-License-Identifier: GPL-3.0-or-later
// Test sets and experiments of the pane: what has no versions, and is edited in a draft of its own.
#include "ui/bridge/text.h"
#include "ui/panes/draft_footer.h"
#include "ui/panes/prompts/experiment_page.h"
#include "ui/panes/prompts/playground.h"
#include "ui/panes/prompts/prompt_bar.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/panes/prompts/prompts_pane.h"
#include "ui/panes/prompts/tests_page.h"
#include "ui/widgets/tab_strip.h"

#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;

void PromptsPane::connectSetup()
{
    connect(m_modeTabs, &widgets::TabStrip::currentChanged, this, &PromptsPane::showMode);
    connect(m_footer, &panes::DraftFooter::saveWanted, this, &PromptsPane::saveSetup);
    connect(m_tests, &TestsPage::callWanted, this, [this](const QString &id) { view().openPane(u"calls"_s, id); });
    connect(m_tests, &TestsPage::changed, this, [this] { m_footer->setWrong(m_tests->typedWrong()); });
    connect(m_experiment, &ExperimentPage::notUnderstood, this, [this](const QString &why) { view().toast(why); });
    connect(m_experiment, &ExperimentPage::retryWanted, this, &PromptsPane::askFigures);
    connect(&m_setup, &bridge::ConfigDraft::changed, this, &PromptsPane::refreshSetup);
    if (m_playground)
        m_tests->setValues([this] { return m_playground->values(); });
}

PromptsPane::Mode PromptsPane::mode() const { return static_cast<Mode>(m_modeTabs->current()); }
void PromptsPane::setMode(Mode mode) { m_modeTabs->setCurrent(mode); }

void PromptsPane::showMode()
{
    m_modes->setCurrentIndex(mode());
    m_footer->setVisible(mode() != Write);
    refreshBar();
    refreshSetup();
}

void PromptsPane::refreshSetup()
{
    const Prompt *its = prompt();
    const std::string id = its ? its->id : std::string(); // a prompt without a version has none
    const auto &drafts = m_setup.config().prompts;
    const auto draft = id.empty() ? drafts.end() : std::ranges::find(drafts, id, &Prompt::id);
    const std::size_t sets = draft == drafts.end() ? 0 : draft->testSets.size();
    const bool shares = draft != drafts.end() && !draft->experiment.empty();
    m_modeTabs->setTabs({tr("Editor"), sets ? tr("Tests %1").arg(sets) : tr("Tests"), shares ? tr("Experiment, on") : tr("Experiment")});
    m_modeTabs->setEnabled(!id.empty());
    m_modeTabs->setToolTip(its && id.empty() ? tr("Save the first version to test it") : QString());
    if (id.empty() && mode() != Write)
        setMode(Write);
    if (mode() == Tests) {
        std::vector<TestTable::Column> columns;
        if (const PromptVersion *writing = m_book.writing(m_identity); writing && its) {
            const std::int64_t next = m_book.nextNumber(m_identity);
            columns.push_back({*writing, tr("v%1, not saved").arg(next)});
            columns.back().version.version = next;
        }
        for (std::size_t i = its ? its->versions.size() : 0; i > 0; --i)
            columns.push_back({its->versions[i - 1], tr("v%1").arg(its->versions[i - 1].version)});
        std::ranges::stable_sort(columns, std::greater {}, [](const TestTable::Column &column) { return column.version.version; });
        m_tests->show(id, std::move(columns), !locked());
        m_footer->setWrong(m_tests->typedWrong());
    } else if (mode() == Experiment) {
        m_experiment->show(id, !locked());
        m_experiment->showResults(m_figures, m_figuresOf == m_identity, toText(view().range()).toLower(), m_figuresProblem);
    }
}

void PromptsPane::saveSetup()
{
    if (!m_footer->maySave())
        return;
    m_setup.apply(tr("edit tests and experiments of prompts"), [this](const gateway::api::ApplyOutcome &outcome) {
        view().toast(outcome.applied ? tr("Saved in configuration version %1").arg(outcome.revision) : tr("Not saved. %1").arg(firstProblem(outcome.problems)));
        refreshSetup();
    });
}

void PromptsPane::runOrStop()
{
    if (m_pages->currentIndex() != 0 || !version())
        return;
    if (mode() == Tests)
        m_tests->runOrStop();
    else if (mode() == Write && m_playground)
        m_playground->runOrStop();
}

} // namespace ui::prompts
