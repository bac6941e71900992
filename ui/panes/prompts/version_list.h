// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/prompt_results.h"

#include <QHash>
#include <QListWidget>

namespace ui::prompts {

/// The versions of a prompt, the newest above: labels, author and date, and for each a bar of what people think of its
/// answers and one of what a call costs, as far as the log knows. The version that is being written stands on top.
class VersionList final : public QListWidget
{
    Q_OBJECT
public:
    enum Role { Number = Qt::UserRole, Labels, Written, Writing, Known, Score, ScoreText, CostShare, CostText };

    explicit VersionList(QWidget *parent = nullptr);

    /// @param next  the number of the version that is being written; 0: none is
    void show(const gateway::config::Prompt &prompt, std::int64_t next, const std::vector<gateway::PromptFigures> &figures, gateway::WallTime now);
    /// The chosen version; 0: the one that is being written, or none.
    [[nodiscard]] std::int64_t current() const;
    void choose(std::int64_t number);

Q_SIGNALS:
    void chosen(std::int64_t number);

private:
    using Row = QHash<int, QVariant>; ///< by role
    void setRows(const QList<Row> &rows);

    QList<Row> m_rows;
};

/// How far feedback is towards "good", of -1 to 1: 0 to 1.
double scoreOf(const gateway::PromptFigures &figures);
/// Nothing: no call whose cost is known.
std::optional<gateway::Money> costOf(const gateway::PromptFigures &figures);

} // namespace ui::prompts
