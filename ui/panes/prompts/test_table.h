// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/prompt_tools.h"

#include <QAbstractTableModel>

#include <map>
#include <optional>
#include <vector>

namespace ui::prompts {

/// What came of a case at a version, and of what it came.
struct TestOutcome
{
    gateway::api::TestResult result;
    gateway::config::PromptTestCase asked;
    gateway::config::PromptVersion of;
};
using TestOutcomes = std::map<std::pair<std::int64_t, std::string>, TestOutcome>; ///< by version and case

/// The cases of a test set over the chosen versions, and in the last row what each version came to.
class TestTable final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum class State { NotRun, Running, Passed, Failed, LeftOut, Old };
    struct Column
    {
        gateway::config::PromptVersion version;
        QString title; ///< "v8", "v9, not saved"
    };

    using QAbstractTableModel::QAbstractTableModel;
    void show(const gateway::config::PromptTestSet &set, std::vector<Column> versions);
    void setOutcomes(const TestOutcomes &outcomes, bool running);

    [[nodiscard]] const gateway::config::PromptTestCase *caseAt(int row) const; ///< null: the row of sums, or none
    [[nodiscard]] const TestOutcome *outcomeAt(const QModelIndex &index) const; ///< null: none
    [[nodiscard]] State stateAt(const QModelIndex &index) const;
    [[nodiscard]] QString wordsOf(State state) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Sum
    {
        std::size_t run = 0, passed = 0, priced = 0;
        std::int64_t latencyUs = 0;
        gateway::Money cost;
    };
    [[nodiscard]] bool isSums(int row) const { return row == static_cast<int>(m_set.cases.size()); }
    [[nodiscard]] Sum sumOf(int column) const;
    [[nodiscard]] QString sumText(int column) const;
    [[nodiscard]] QString cellText(const QModelIndex &index) const;
    [[nodiscard]] QString tip(const QModelIndex &index) const;

    gateway::config::PromptTestSet m_set;
    std::vector<Column> m_versions;
    TestOutcomes m_outcomes;
    bool m_running = false;
};

} // namespace ui::prompts
