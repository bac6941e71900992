// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/test_table.h"

#include "ui/bridge/text.h"
#include "ui/panes/prompts/prompt_book.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using gateway::config::PromptTestCase;
using widgets::Icon;
using widgets::Role;

namespace {

std::pair<Icon, Role> signOf(TestTable::State state)
{
    switch (state) {
    case TestTable::State::Running: return {Icon::Clock, Role::Muted};
    case TestTable::State::Passed: return {Icon::Ok, Role::Ok};
    case TestTable::State::Failed: return {Icon::Error, Role::Err};
    case TestTable::State::LeftOut:
    case TestTable::State::Old: return {Icon::Skipped, Role::Muted};
    case TestTable::State::NotRun: break;
    }
    return {Icon::None, Role::Muted};
}

} // namespace

void TestTable::show(const gateway::config::PromptTestSet &set, std::vector<Column> versions)
{
    const bool sameShape = set.cases.size() == m_set.cases.size() && versions.size() == m_versions.size();
    if (!sameShape)
        beginResetModel();
    m_set = set;
    m_versions = std::move(versions);
    if (!sameShape) {
        endResetModel();
    } else if (rowCount() > 0) { // the cell that is chosen stays so
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    }
}

void TestTable::setOutcomes(const TestOutcomes &outcomes, bool running)
{
    m_outcomes = outcomes;
    m_running = running;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const PromptTestCase *TestTable::caseAt(int row) const { return row >= 0 && row < static_cast<int>(m_set.cases.size()) ? &m_set.cases[static_cast<std::size_t>(row)] : nullptr; }

const TestOutcome *TestTable::outcomeAt(const QModelIndex &index) const
{
    const PromptTestCase *test = caseAt(index.row());
    if (!test || index.column() < 1 || index.column() > static_cast<int>(m_versions.size()))
        return nullptr;
    const auto found = m_outcomes.find({m_versions[static_cast<std::size_t>(index.column() - 1)].version.version, test->name});
    return found == m_outcomes.end() ? nullptr : &found->second;
}

TestTable::State TestTable::stateAt(const QModelIndex &index) const
{
    if (m_running)
        return State::Running;
    const TestOutcome *outcome = outcomeAt(index);
    if (!outcome)
        return State::NotRun;
    if (!(outcome->asked == *caseAt(index.row())) || !saySame(outcome->of, m_versions[static_cast<std::size_t>(index.column() - 1)].version))
        return State::Old;
    return !outcome->result.run ? State::LeftOut : outcome->result.passed ? State::Passed : State::Failed;
}

QString TestTable::wordsOf(State state) const
{
    switch (state) {
    case State::NotRun: return tr("not run");
    case State::Running: return tr("runs");
    case State::Passed: return tr("passed");
    case State::Failed: return tr("failed");
    case State::LeftOut: return tr("no time was left for it");
    case State::Old: return tr("changed since it ran");
    }
    return {};
}

int TestTable::rowCount(const QModelIndex &parent) const { return parent.isValid() || m_set.cases.empty() ? 0 : static_cast<int>(m_set.cases.size()) + 1; }
int TestTable::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_versions.size()) + 1; }

TestTable::Sum TestTable::sumOf(int column) const
{
    Sum sum;
    for (int row = 0; row < static_cast<int>(m_set.cases.size()); ++row) {
        const QModelIndex cell = index(row, column);
        const State state = stateAt(cell);
        if (state != State::Passed && state != State::Failed)
            continue;
        const auto &answer = outcomeAt(cell)->result.answer;
        ++sum.run;
        sum.passed += state == State::Passed;
        sum.latencyUs += answer.latencyUs;
        if (answer.cost) {
            ++sum.priced;
            sum.cost += *answer.cost;
        }
    }
    return sum;
}

QString TestTable::sumText(int column) const
{
    const Sum sum = sumOf(column);
    if (sum.run == 0)
        return m_running ? tr("…") : widgets::unknownText();
    const QString passed = tr("%1 of %2").arg(sum.passed).arg(sum.run);
    return u"%1 · %2 · %3"_s.arg(passed, widgets::latency(sum.latencyUs / static_cast<std::int64_t>(sum.run)), sum.priced ? widgets::money(sum.cost) : widgets::unknownText());
}

QString TestTable::cellText(const QModelIndex &index) const
{
    const State state = stateAt(index);
    if (state == State::NotRun)
        return widgets::unknownText();
    if (state == State::Running)
        return tr("runs");
    if (state != State::Passed && state != State::Failed)
        return state == State::Old ? tr("changed since") : tr("no time left");
    const auto &answer = outcomeAt(index)->result.answer;
    if (answer.error || answer.callId.empty())
        return tr("no answer");
    return u"%1 · %2"_s.arg(widgets::latency(answer.latencyUs), widgets::money(answer.cost));
}

QString TestTable::tip(const QModelIndex &index) const
{
    if (isSums(index.row()))
        return index.column() == 0 ? QString() : tr("Passed, mean time of a call, cost of all");
    if (index.column() == 0)
        return qt(caseAt(index.row())->name);
    QStringList lines {wordsOf(stateAt(index))};
    if (const TestOutcome *outcome = outcomeAt(index))
        lines << bridge::qtList(outcome->result.failures);
    return lines.join(u'\n');
}

QVariant TestTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    const bool sums = isSums(index.row()), first = index.column() == 0;
    switch (role) {
    case Qt::DisplayRole:
        if (first)
            return sums ? tr("All") : qt(caseAt(index.row())->name);
        return sums ? sumText(index.column()) : cellText(index);
    case Qt::ToolTipRole: return tip(index);
    case Qt::AccessibleTextRole:
        if (first || sums)
            return data(index, Qt::DisplayRole);
        return tr("%1, %2: %3").arg(qt(caseAt(index.row())->name), headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(), wordsOf(stateAt(index)));
    case widgets::CellStrong: return sums || first;
    case widgets::CellIcon:
        if (!first && !sums && signOf(stateAt(index)).first != Icon::None)
            return static_cast<int>(signOf(stateAt(index)).first);
        return {};
    case widgets::CellIconRole: return static_cast<int>(signOf(stateAt(index)).second);
    case widgets::CellRoleColor: {
        if (first || sums)
            return {};
        const State state = stateAt(index);
        return state == State::Passed || state == State::Failed ? QVariant() : QVariant(static_cast<int>(Role::Muted));
    }
    default: return {};
    }
}

QVariant TestTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Case") : section <= static_cast<int>(m_versions.size()) ? m_versions[static_cast<std::size_t>(section - 1)].title : QString();
}

} // namespace ui::prompts
