// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "gateway/core/prompt_results.h"

#include <QAbstractTableModel>

#include <vector>

namespace ui::prompts {

/// What came of a prompt's versions: a row a version that was called, the newest first.
class ResultsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Version, Calls, Failed, Score, Said, Cost, Median, Slow, Tokens, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void show(const gateway::config::Prompt &prompt, std::vector<gateway::PromptFigures> figures);
    [[nodiscard]] std::int64_t versionAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const gateway::PromptFigures &figures, int column) const;

    std::vector<gateway::PromptFigures> m_rows;
    std::vector<QString> m_names; ///< "v8 staging"
    std::vector<bool> m_shared;   ///< whether the experiment has it
};

} // namespace ui::prompts
