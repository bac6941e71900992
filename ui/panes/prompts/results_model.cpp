// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/results_model.h"

#include "ui/bridge/text.h"
#include "ui/panes/prompts/version_list.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using gateway::PromptFigures;
using gateway::config::ExperimentShare;
using gateway::config::Prompt;
using gateway::config::PromptVersion;

void ResultsModel::show(const Prompt &prompt, std::vector<PromptFigures> figures)
{
    std::ranges::sort(figures, std::greater {}, &PromptFigures::version);
    const bool other = figures.size() != m_rows.size();
    if (other)
        beginResetModel();
    m_rows = std::move(figures);
    m_names.clear();
    m_shared.clear();
    for (const PromptFigures &row : m_rows) {
        const auto version = std::ranges::find(prompt.versions, row.version, &PromptVersion::version);
        const QString labels = version == prompt.versions.end() ? QString() : bridge::qtList(version->labels).join(u", "_s);
        m_names.push_back(labels.isEmpty() ? tr("v%1").arg(row.version) : tr("v%1, %2").arg(row.version).arg(labels));
        m_shared.push_back(std::ranges::any_of(prompt.experiment, [&](const ExperimentShare &share) {
            const PromptVersion *its = gateway::config::findVersion(prompt, share.label.empty() ? std::to_string(share.version) : share.label);
            return its && its->version == row.version;
        }));
    }
    if (other)
        endResetModel();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

std::int64_t ResultsModel::versionAt(int row) const { return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].version : 0; }
int ResultsModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int ResultsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString ResultsModel::text(const PromptFigures &figures, int column) const
{
    switch (column) {
    case Calls: return widgets::count(figures.calls);
    case Failed: return widgets::share(figures.failed, figures.calls);
    case Score: return figures.value ? widgets::share(scoreOf(figures)) : widgets::unknownText();
    case Said: return widgets::count(figures.feedback);
    case Cost: return widgets::money(costOf(figures));
    case Median: return widgets::latency(figures.p50Us);
    case Slow: return widgets::latency(figures.p95Us);
    case Tokens: {
        const std::uint64_t answered = figures.calls - std::min(figures.calls, figures.refused);
        return answered ? u"%1 / %2"_s.arg(widgets::count(figures.inputTokens / answered), widgets::count(figures.outputTokens / answered)) : widgets::unknownText();
    }
    default: return {};
    }
}

QVariant ResultsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    switch (role) {
    case Qt::DisplayRole: return index.column() == Version ? m_names[row] : text(m_rows[row], index.column());
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ToolTipRole:
        if (index.column() == Cost && m_rows[row].unpriced > 0)
            return tr("Without %1 calls whose cost is not known").arg(widgets::count(m_rows[row].unpriced));
        if (index.column() == Failed && m_rows[row].refused > 0)
            return tr("%1 failed; %2 were refused by the gateway itself").arg(widgets::count(m_rows[row].failed), widgets::count(m_rows[row].refused));
        return index.column() == Version && m_shared[row] ? tr("Has a share of the experiment") : QVariant();
    case widgets::CellStrong: return index.column() == Version;
    case widgets::CellIcon: return index.column() == Version && m_shared[row] ? QVariant(static_cast<int>(widgets::Icon::Split)) : QVariant();
    case widgets::CellIconRole: return static_cast<int>(widgets::Role::Accent);
    default: return {};
    }
}

QVariant ResultsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Version ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Score)
        return tr("What callers say of answers: 0 % is bad, 100 % is good");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Version: return tr("Version");
    case Calls: return tr("Calls");
    case Failed: return tr("Failed");
    case Score: return tr("Score");
    case Said: return tr("Feedback");
    case Cost: return tr("$ a call");
    case Median: return tr("p50");
    case Slow: return tr("p95");
    case Tokens: return tr("Tokens a call");
    default: return {};
    }
}

} // namespace ui::prompts
