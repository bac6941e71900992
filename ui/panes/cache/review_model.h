// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/semantic_review.h"

#include <QAbstractTableModel>

namespace ui::cache {

/// Semantic hits to be judged, the newest first. GUI thread.
class ReviewModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Judged, Likeness, Route, Question, At, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setHits(std::vector<gateway::SemanticHit> hits, gateway::WallTime now);
    void replace(const gateway::SemanticHit &hit);   ///< by its row in the list
    [[nodiscard]] const std::vector<gateway::SemanticHit> &hits() const { return m_hits; }
    [[nodiscard]] const gateway::SemanticHit &hit(int row) const { return m_hits[static_cast<std::size_t>(row)]; }
    [[nodiscard]] int rowOf(std::int64_t id) const;  ///< -1: not there
    /// The next one below that nobody judged, else the next above from the top; -1: all are judged.
    [[nodiscard]] int nextOpen(int after) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<gateway::SemanticHit> m_hits;
    gateway::WallTime m_now {};
};

QString verdictName(gateway::Verdict verdict);       ///< "Right", "Wrong", "not judged"

} // namespace ui::cache
