// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/prompts/test_table.h"

#include <QWidget>

#include <functional>
#include <memory>
#include <set>
#include <string>

class QComboBox;
class QMenu;
class QStackedWidget;

namespace ui::widgets {
class Button;
class EmptyState;
class Label;
class TableView;
}

namespace ui::prompts {

class TestAnswer;
class TestCaseForm;

/// The test sets of a prompt: cases with what their answers must be, run over versions side by side. Sets are edited in the
/// draft and count once it is saved; a run asks what the draft says.
class TestsPage final : public QWidget
{
    Q_OBJECT
public:
    /// @param tools  null: nothing can be run
    TestsPage(gateway::api::PromptTools *tools, bridge::ConfigDraft &draft, QWidget *parent = nullptr);

    /// @param id        of the prompt in the draft; empty: none
    /// @param versions  that can be run, the newest first
    void show(const std::string &id, std::vector<TestTable::Column> versions, bool editable);
    using QWidget::show;
    void setRoutes(const QStringList &names);
    /// The values with which a new case begins, a JSON object.
    void setValues(std::function<std::string()> values) { m_values = std::move(values); }
    void runOrStop();
    [[nodiscard]] bool running() const { return m_run != nullptr; }
    [[nodiscard]] QString typedWrong() const; ///< why the draft cannot be saved; empty: nothing is known

Q_SIGNALS:
    void callWanted(const QString &id);
    void changed(); ///< what is typed, or whether it runs

private:
    using Prompt = gateway::config::Prompt;
    using PromptTestSet = gateway::config::PromptTestSet;

    QWidget *makeHead();
    QWidget *makeTable();
    void connectParts();
    void refresh();
    void refreshSets(const Prompt &prompt);
    void fillVersionMenu();
    void refreshRun();
    void refreshCase();

    void newSet();
    void renameSet();
    void removeSet();
    void newCase();
    void removeCase();
    void askName(const QString &title, const QString &present, const std::function<void(const std::string &)> &done);
    void editSet(const QString &what, const std::function<void(PromptTestSet &)> &change, const QString &merge = {});
    void take(const gateway::Result<std::vector<gateway::api::TestResult>> &results);

    [[nodiscard]] const Prompt *prompt() const;
    [[nodiscard]] const PromptTestSet *set() const;
    [[nodiscard]] std::vector<TestTable::Column> chosenVersions() const;
    [[nodiscard]] std::string key() const; ///< of the shown set's outcomes

    gateway::api::PromptTools *m_tools;
    bridge::ConfigDraft &m_draft;
    std::string m_id;
    std::size_t m_set = 0;
    std::vector<TestTable::Column> m_versions;
    std::map<std::string, std::set<std::int64_t>> m_chosen; ///< versions, by prompt; those without are the usual choice
    std::map<std::string, TestOutcomes> m_outcomes;         ///< by prompt and set
    std::function<std::string()> m_values;
    bool m_editable = false;
    std::unique_ptr<QObject> m_run; ///< the context of the question; it ends with this
    std::string m_runs;             ///< the key of what runs
    std::vector<TestTable::Column> m_asked;
    PromptTestSet m_askedSet;
    std::size_t m_done = 0;
    QStringList m_setNames;         ///< that can be chosen
    int m_columns = 0;              ///< whose widths are set
    QString m_problem;              ///< why the last run came to nothing

    QComboBox *m_sets, *m_route;
    widgets::Button *m_new, *m_more, *m_add, *m_choose, *m_start, *m_first;
    QMenu *m_menu, *m_versionMenu;
    widgets::Label *m_note;
    QStackedWidget *m_pages;
    widgets::EmptyState *m_none, *m_noCase;
    QStackedWidget *m_tables;
    widgets::TableView *m_table;
    TestTable *m_model;
    TestCaseForm *m_form;
    TestAnswer *m_answer;
};

} // namespace ui::prompts
